"""期满清除: what an archived campaign keeps, until when, and that nothing of it is left (docs/trust.md B8)."""

import uuid
from datetime import date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from campaigns.domain.versions import rules_of
from core import audit
from core.exceptions import NotAllowed, Refused
from core.models import AuditEntry
from evidence.domain.names import stored_names
from home.domain.retention import erase_expired, kept_campaigns, years_after
from home.tests.ended import JULY, archived, june_campaign
from issues.domain.incoming import records
from issues.domain.incoming.reporter import Reporter
from issues.domain.signature_check import broken_signatures
from issues.models import Incoming, Issue
from reports.domain.figures import ReportQuery
from reports.domain.queries import SYSTEM
from reports.domain.tally import table_of
from tests.cast import PASSWORD, TZ, cast_after, reported_walk, stored_file
from walks.domain import lifecycle as walk_lifecycle
from walks.models import StepPerson, Walk

pytestmark = [pytest.mark.django_db, pytest.mark.clock(JULY)]
TELLER, ANSWER = "金丝雀乙", "已上门答复金丝雀"
LATER = datetime(2025, 7, 28, 9, 0, tzinfo=TZ)


def kept_world(cast) -> None:
    """June's campaign with a person on a walk, a reporter, a photo; all issues but one have ended."""
    june_campaign(cast)
    reported_walk(cast, with_components=True)
    told = Reporter(name=TELLER, phone="13800002222", reply=ANSWER, satisfaction="good")
    for number in ("GD-1", "GD-2"):
        records.enter(
            campaign=cast.campaign, source="hotline", description="须跑两次", found_on=date(2022, 6, 9),
            actor=cast.office, source_number=number, told=told, now=JULY,
        )  # fmt: skip
    ended = Issue.objects.exclude(source_number="GD-2").filter(campaign=cast.campaign)
    ended.update(state="closed", closed_on=date(2022, 7, 1))


@pytest.fixture
def world(db, clock):
    cast = cast_after("kept world", kept_world)
    archived(cast)
    return cast


def tables_with(words: str) -> set[str]:
    """The tables that hold the words anywhere in a row."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            if any(words in str(value) for row in cursor.fetchall() for value in row):
                found.add(table)
    return found


def figures(cast) -> dict:
    period = rules_of(cast.campaign.pk)[1].period_of(date(2022, 6, 9))
    return table_of(ReportQuery(cast.campaign, period, JULY.date(), SYSTEM)).total.values


def test_what_is_kept_is_told_in_counts_and_days(world):
    [one] = kept_campaigns(JULY)
    assert (one.code, one.archived_on, one.due) == ("QHJUNE", JULY.date(), ())
    # Three callbacks and a meeting; the reporter of the issue that is still open is not counted yet.
    assert [kept.words for kept in one.classes] == ["被回访、参加人员 4 条", "来件反映人 1 件", "照片原件 0 个"]
    assert {kept.erased_from for kept in one.classes} == {date(2025, 7, 28)}
    assert years_after(date(2024, 2, 29), 1) == date(2025, 3, 1)


@pytest.mark.both_databases
def test_nothing_is_left_after_its_time_and_figures_and_proofs_stand(world, clock):
    assert tables_with("群众0") == {"walks_stepperson"}
    assert tables_with(TELLER) == {"issues_incoming"}
    with pytest.raises(Refused, match="没有保存期满的内容"):
        erase_expired(actor=world.secadmin, reason="保存期满", now=LATER - timedelta(days=1))
    clock.move_to(LATER)
    before = figures(world)
    assert erase_expired(actor=world.secadmin, reason="保存期满") == {"people": 4, "reporters": 1, "originals": 0}
    assert tables_with("群众0") == set()
    assert Incoming.objects.filter(name=TELLER).values_list("issue__source_number", flat=True).get() == "GD-2"
    assert figures(world) == before
    assert broken_signatures() == []
    assert audit.verify().ok
    entry = AuditEntry.objects.get(action="retention.erased")
    assert entry.detail == {"reason": "保存期满", "被回访、参加人员": 4, "来件反映人": 1}
    # What waited for its issue goes once that has ended.
    issue = Issue.objects.get(source_number="GD-2")
    Issue.objects.filter(pk=issue.pk).update(state="closed", closed_on=date(2025, 7, 1))
    assert erase_expired(actor=world.secadmin, reason="保存期满")["reporters"] == 1
    assert tables_with(TELLER) == tables_with(ANSWER) == set()


def test_a_covert_walk_that_was_never_reported_is_erased_with_the_rest_and_told_in_no_count(db, clock):
    cast = cast_after("kept world", kept_world)
    walk = Walk.objects.get(campaign=cast.campaign, reported_at=None)
    StepPerson.objects.create(step=walk.steps.first(), name="暗访群众", phone="138****0000", salt="salt")
    Walk.objects.filter(pk=walk.pk).update(is_covert=True)
    archived(cast)
    [one] = kept_campaigns(LATER)
    assert [kept.count for kept in one.classes] == [4, 1, 0]
    assert erase_expired(actor=cast.secadmin, reason="保存期满", now=LATER)["people"] == 4
    assert not StepPerson.objects.filter(name="暗访群众").exists()
    assert AuditEntry.objects.get(action="retention.erased").detail["被回访、参加人员"] == 4


def test_originals_go_and_what_is_shown_stays(cast_with_photo, clock, django_capture_on_commit_callbacks):
    cast, file, paths = cast_with_photo
    clock.move_to(LATER)
    with django_capture_on_commit_callbacks(execute=True):
        assert erase_expired(actor=cast.secadmin, reason="保存期满")["originals"] == 1
    assert [path.exists() for path in paths] == [False, True, True]
    file.refresh_from_db()
    assert file.source_erased_at == LATER
    listed = [name for names in stored_names("default") for name in names]
    assert (file.source_name in listed, file.served_name in listed) == (False, True)


@pytest.fixture
def cast_with_photo(db, clock, settings):
    cast = cast_after("june campaign", june_campaign)
    walk = Walk.objects.get(campaign=cast.campaign, state="in_progress")
    file = stored_file(cast.principal)
    walk_lifecycle.add_step(walk=walk, actor=cast.principal, stage="consult", note="拍照", files=[file])
    names = (file.source_name, file.served_name, file.thumb_name)
    paths = [settings.MEDIA_ROOT / name for name in names]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    Issue.objects.filter(campaign=cast.campaign).update(state="closed", closed_on=date(2022, 7, 1))
    archived(cast)
    return cast, file, paths


def test_only_the_security_administrator_erases(world, client, clock):
    clock.move_to(LATER)
    for actor in (world.office, world.sysadmin, world.auditor):
        with pytest.raises(NotAllowed):
            erase_expired(actor=actor, reason="保存期满")
        client.force_login(actor)
        assert client.get(reverse("retention")).status_code == 404
    client.force_login(world.secadmin)
    shown = client.get(reverse("retention"))
    assert "被回访、参加人员 4 条、来件反映人 1 件" in shown.content.decode()
    assert "群众0" not in shown.content.decode()
    sent = {"idempotency_key": str(uuid.uuid4()), "reason": "保存期满", "password": PASSWORD}
    assert client.post(reverse("retention"), sent | {"named": "x"}).status_code == 400
    assert StepPerson.objects.filter(erased_at=None).count() == 4
    done = client.post(reverse("retention"), sent | {"named": shown.context["form"].token}, follow=True)
    assert "已清除：被回访、参加人员 4 条、来件反映人 1 件。" in done.content.decode()


def test_the_command(world, clock, capsys):
    call_command("erase_expired", dry_run=True)
    clock.move_to(LATER)
    call_command("erase_expired", dry_run=True)
    with pytest.raises(CommandError, match="由安全管理员办理"):
        call_command("erase_expired", reason="保存期满", username="office")
    with pytest.raises(CommandError, match="请写明清除的原因"):
        call_command("erase_expired", reason=" ", username="secadmin")
    call_command("erase_expired", reason="保存期满", username="secadmin")
    assert capsys.readouterr().out.splitlines() == [
        "没有保存期满的内容。",
        "青禾县六月走流程：被回访、参加人员 4 条、来件反映人 1 件",
        "已清除：被回访、参加人员 4 条、来件反映人 1 件。",
    ]
