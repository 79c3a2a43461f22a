"""A published period is frozen with its rows and papers; what comes later is a change after it, or a new version."""

from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from core.exceptions import NotAllowed, Refused
from core.idempotency import new_key
from core.models import AuditEntry
from issues.domain import lifecycle
from issues.models import Issue
from reports.domain.compile import compile_period, period_in
from reports.domain.publishing import changes_since, is_intact, publish
from reports.domain.submissions.lines import open_parts
from reports.models import Publication, PublishedFile
from reports.tests.world import AS_OF
from tests.cast import TZ, reported_walk

pytestmark = pytest.mark.both_databases
NOW = datetime(2022, 6, 25, 10, 0, tzinfo=TZ)


@pytest.fixture
def june(world):
    return period_in(world.cast.campaign, "2022-06")


@pytest.fixture
def press(world, june):
    def publish_june(**options) -> Publication:
        given = {"actor": world.cast.office, "now": NOW, "as_of": AS_OF} | options
        token = open_parts(world.cast.campaign, june, today=given["now"].date()).token
        return publish(campaign=world.cast.campaign, period=june, **{"confirmed": token} | given)

    return publish_june


def correct(world) -> None:
    """A class set right after the publication: it changes what June says."""
    Issue.objects.filter(pk=world.issues["overdue"].pk).update(category="业务办理")


def test_figures_rows_and_papers_are_kept_together(world, press):
    first = press()
    assert (first.version, first.summary.state, first.reason) == (1, "published", "")
    assert first.summary.data["issues_found"] == len(first.rows["issues"]) == 9
    assert len(first.rows["walks"]) == first.summary.data["sessions"]
    assert [file.paper for file in first.files.all()] == ["month-report", "three-lists", "rectification-list"]
    assert is_intact(first)
    assert AuditEntry.objects.get(action="summary.published").detail["digest"] == first.digest


def test_a_second_press_without_a_change_gives_the_same_version_on_any_later_day(world, press):
    first = press()
    again = press(now=NOW + timedelta(days=40), as_of=None)
    assert again == first
    assert Publication.objects.count() == 1


def test_a_correction_needs_a_reason_and_leaves_the_first_version_as_it_was(world, press):
    first = press()
    correct(world)
    with pytest.raises(Refused, match="写明原因"):
        press(as_of=None)
    second = press(as_of=None, reason="分类更正")
    assert (second.version, second.reason, second.summary.as_of) == (2, "分类更正", AS_OF)
    assert second.digest != first.digest
    first.refresh_from_db()
    assert is_intact(first)


def test_what_happens_later_is_listed_as_a_change_and_not_counted_in(world, press, june):
    first = press()
    late = world.issues["due_later"]
    later = datetime(2022, 7, 4, 10, 0, tzinfo=TZ)
    lifecycle.perform(
        issue=late, action="request_closing", actor=world.cast.responsible, data={"result": "已办"}, now=later
    )
    changes = [one.words for one in changes_since(first, june, date(2022, 7, 5))]
    assert f"问题 {late.number}：状态 整改中 → 待验收" in changes
    assert press(as_of=None, now=later) == first


def test_only_the_office_publishes_and_only_a_period_that_has_ended(world, press):
    for persona in ("lead", "principal", "supervisor", "office_city"):
        with pytest.raises(NotAllowed):
            press(actor=world.cast.people[persona])
    with pytest.raises(Refused, match="才结束"):
        press(as_of=date(2022, 6, 20))
    with pytest.raises(Refused, match="还没有到"):
        press(as_of=date(2022, 6, 26))
    assert not Publication.objects.exists()


def test_after_publishing_nothing_compiles_over_it(world, press, june):
    press()
    with pytest.raises(Refused, match="已印发"):
        compile_period(campaign=world.cast.campaign, period=june, actor=world.cast.office, now=NOW)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reports_publication SET digest = 'x'",
        "DELETE FROM reports_publishedfile",
        "UPDATE reports_publishedfile SET name = 'x'",
        "UPDATE reports_summary SET as_of = '2022-01-01'",
    ],
)
def test_the_database_refuses_a_write_on_what_is_published(press, statement):
    press()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_office_publishes_on_the_page_and_readers_open_the_files(world, sign_in):
    client = sign_in("office")
    address = reverse("report_publish", args=["QH2022", "2022-06"])
    page = client.get(address)
    assert page.status_code == 200
    pressed = {"idempotency_key": new_key(), "reason": "", "named": page.context["parts"].token}
    answer = client.post(address, pressed)
    assert answer.status_code == 400
    assert "未报送 4 个单位：县公安局、县民政局、县司法局、县行政审批局" in answer.content.decode()
    answer = client.post(address, pressed | {"confirmed": "on"})
    assert answer.status_code == 302, answer.context["form"].errors
    page = client.get(answer["Location"])
    assert page.status_code == 200
    assert "印发后没有变动" in page.content.decode()
    row = Publication.objects.get()
    reader = sign_in("supervisor")
    for file in PublishedFile.objects.filter(publication=row):
        sent = reader.get(reverse("published_file", args=["QH2022", "2022-06", 1, file.paper]))
        assert b"".join(sent.streaming_content) == bytes(file.content)
    assert sign_in("liaison").get(answer["Location"]).status_code == 404


def test_the_command_prints_version_and_digest_and_the_same_again(world, capsys):
    options = {"campaign": "QH2022", "period": "2022-06", "as_of": str(AS_OF)}
    call_command("publish", **options)
    said, named = capsys.readouterr()
    assert "未报送 4 个单位：县公安局、县民政局、县司法局、县行政审批局" in named
    assert Publication.objects.get().open_units == named.splitlines()
    assert said == f"QH2022 2022-06 第 1 版\n校验码 {Publication.objects.get().digest}\n"
    call_command("publish", **options)
    assert capsys.readouterr().out == said


@pytest.mark.parametrize("later", [1, 3])
def test_the_page_costs_the_same_whatever_changed_since(world, press, sign_in, later, django_assert_num_queries):
    press()
    for day in range(later):
        reported_walk(world.cast, now=datetime(2022, 6, 10 + day, 9, 0, tzinfo=TZ))
    client = sign_in("supervisor")
    client.get("/")
    with django_assert_num_queries(11):
        assert client.get(reverse("published", args=["QH2022", "2022-06", 1])).status_code == 200
