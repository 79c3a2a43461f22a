"""/healthz and /readyz as a monitor sees them, without signing in."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from core import health, heartbeat, restarts
from core.backup import status
from core.backup.making import Backup
from core.backup.manifest import Contents

pytestmark = pytest.mark.both_databases

PARTS = {
    "database",
    "broker",
    "worker",
    "beat",
    "calendar_year",
    "disk",
    "last_backup",
    "audit_anchor",
    "signatures",
    "restarts",
}


def ready(client):
    answer = client.get(reverse("readyz"))
    assert answer["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    return answer.status_code, answer.json()


def test_healthz_answers_everybody_without_asking_the_database(client):
    # No database fixture: a query would fail this test.
    answer = client.get(reverse("healthz"))
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert client.head(reverse("healthz")).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["healthz", "readyz"])
def test_health_is_read_only(client, name):
    assert client.post(reverse(name)).status_code == 405


@pytest.mark.django_db
def test_readyz_names_every_part_and_is_200_without_worker_and_beat(client, broker):
    broker.flushall()
    status, report = ready(client)
    assert status == 200
    assert report.keys() == PARTS
    assert {name: report[name] for name in ("database", "broker", "worker", "beat")} == {
        "database": "ok",
        "broker": "ok",
        "worker": "missing",
        "beat": "missing",
    }


@pytest.mark.django_db
def test_tables_of_another_version_are_not_ready(client, broker, monkeypatch):
    monkeypatch.setitem(health._known, "tables", False)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE plans_planevent RENAME TO campaigns_planevent")
    status, report = ready(client)
    assert (status, report["database"]) == (503, "other version")


@pytest.mark.django_db
def test_a_sign_of_life_counts_for_the_one_who_gave_it_and_for_three_minutes(client, broker):
    broker.flushall()
    heartbeat.sign("beat")
    assert (ready(client)[1]["beat"], ready(client)[1]["worker"]) == ("ok", "missing")
    assert 0 <= heartbeat.age(broker, "beat") < 5
    (key,) = broker.keys("walkthrough:sign-of-life:*")
    assert 170 < broker.ttl(key) <= 180


@pytest.mark.django_db
def test_without_a_broker_readyz_is_503_and_gives_no_address(client, settings, tmp_path):
    settings.VALKEY_SOCKET = tmp_path / "nobody.sock"
    status, report = ready(client)
    assert status == 503
    assert (report["database"], report["broker"], report["worker"], report["beat"]) == ("ok", *["missing"] * 3)
    assert "nobody.sock" not in str(report)


@pytest.mark.django_db
@pytest.mark.parametrize(("year", "expected"), [(2022, "ok"), (2090, "missing")])
def test_readyz_says_whether_this_years_calendar_is_known(client, year, expected):
    with time_machine.travel(datetime(year, 6, 1, tzinfo=UTC), tick=False):
        assert ready(client)[1]["calendar_year"] == expected


@pytest.mark.django_db
def test_a_disk_below_the_limit_is_shown_with_its_free_share(client, monkeypatch):
    monkeypatch.setattr(health, "MIN_FREE_SHARE", 0.0)
    assert ready(client)[1]["disk"] == "ok"
    monkeypatch.setattr(health, "MIN_FREE_SHARE", 1.1)
    assert ready(client)[1]["disk"].endswith("% free")


@pytest.mark.django_db
def test_last_backup_is_the_last_good_one_with_its_age_and_what_failed_since(client, settings, tmp_path):
    settings.BACKUP_DIR = tmp_path
    made = Backup(tmp_path / "good.tar", 4, Contents(files={"count": 0}))
    with time_machine.travel(datetime(2022, 6, 20, 1, tzinfo=UTC), tick=False) as clock:
        assert ready(client)[1]["last_backup"] == "missing"
        (tmp_path / "good.tar").write_bytes(b"good")
        status.note_good(made, timezone.now())
        clock.shift(49 * 3600)
        assert ready(client)[1]["last_backup"] == "2022-06-20T09:00:00+08:00"
        clock.shift(2 * 3600)
        status.note_failed("磁盘已满", timezone.now())
        assert ready(client)[1]["last_backup"] == (
            "2022-06-20T09:00:00+08:00；距今 2 天；2022-06-22T12:00:00+08:00 未写成"
        )
        (tmp_path / "good.tar").write_bytes(b"cut")
        assert ready(client)[1]["last_backup"].startswith("missing；")


@pytest.mark.django_db
def test_processes_that_end_again_and_again_are_named_for_ten_minutes(client, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    (tmp_path / "run").mkdir()
    (tmp_path / "backups").mkdir()
    assert ready(client)[1]["restarts"] == "ok"
    with time_machine.travel(datetime(2022, 6, 1, 1, tzinfo=UTC), tick=False) as clock:
        for name in ("网站进程", "网站进程", "后台任务", "网站进程"):
            restarts.note(name)
        assert ready(client)[1]["restarts"] == "网站进程 3 次"
        clock.shift(601)
        assert ready(client)[1]["restarts"] == "ok"
