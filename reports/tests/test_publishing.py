"""A published period is frozen with its rows and papers; what comes later is a change after it, or a new version."""

import io
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.domain.memberships import grant_membership
from accounts.enums import DepartmentKind, Role
from accounts.models import Department
from catalogue.models import ServiceItem
from core.exceptions import NotAllowed, Refused
from core.idempotency import new_key
from core.models import AuditEntry
from issues.domain import lifecycle
from issues.models import Issue
from reports.documents import material
from reports.documents.drafts import TEXT_PAPERS
from reports.documents.registry import read_once
from reports.domain.comparison import compare, frozen_side, present_side
from reports.domain.compile import compile_period, period_in
from reports.domain.figures import ReportQuery
from reports.domain.present import published_versions
from reports.domain.publishing import frozen_of, is_intact, publish
from reports.domain.queries import SYSTEM
from reports.domain.submissions.lines import open_parts
from reports.models import Publication, PublishedFile
from reports.tests.world import AS_OF
from tests.cast import TZ, reported_walk
from tests.replay import from_known_rows

NOW = datetime(2022, 6, 25, 10, 0, tzinfo=TZ)


@pytest.fixture
def june(world):
    return period_in(world.cast.campaign, "2022-06")


@from_known_rows
def published(cast, *, period, now, **given) -> Publication:
    token = open_parts(cast.campaign, period, today=now.date()).token
    return publish(campaign=cast.campaign, period=period, now=now, confirmed=token, **given)


@pytest.fixture
def press(world, june):
    def publish_june(**options) -> Publication:
        given = {"period": june, "actor": world.cast.office, "now": NOW, "as_of": AS_OF} | options
        return published(world.cast, **given)

    return publish_june


def correct(world) -> None:
    """A class set right after the publication: it changes what June says."""
    Issue.objects.filter(pk=world.issues["overdue"].pk).update(category="业务办理")


@pytest.mark.both_databases
def test_figures_rows_and_papers_are_kept_together(world, press):
    first = press()
    assert (first.version, first.summary.state, first.reason) == (1, "published", "")
    assert first.summary.data["issues_found"] == len(first.rows["issues"]) == 9
    assert len(first.rows["walks"]) == first.summary.data["sessions"]
    assert [file.paper for file in first.files.all()] == [
        "month-report",
        "bulletin",
        "criticism",
        "three-lists",
        "rectification-list",
    ]
    assert is_intact(first)
    assert AuditEntry.objects.get(action="summary.published").detail["digest"] == first.digest


def test_the_material_of_each_kind_is_read_once_for_all_papers_of_that_kind():
    read = []
    papers = [
        replace(TEXT_PAPERS["bulletin"], material=lambda query, kind=kind: read.append(kind) or kind) for kind in "ab"
    ]
    reader = read_once(None)
    assert [reader(paper) for paper in (*papers, *papers)] == ["a", "b", "a", "b"]
    assert read == ["a", "b"]


def test_publishing_reads_the_material_of_each_kind_once(world, june, monkeypatch):
    """工作总结 and 通报 speak of the same, 通报批评 of that and of what units owe."""
    read = []
    real = material.charges_of
    monkeypatch.setattr(material, "charges_of", lambda *given: read.append(given) or real(*given))
    frozen_of(ReportQuery(world.cast.campaign, june, AS_OF, SYSTEM))
    assert len(read) == 2


def test_a_published_period_offers_a_correction_and_no_compiling(world, press, sign_in):
    press()
    correct(world)
    client, compiling = sign_in("office"), reverse("report_compile", args=["QH2022", "2022-06"])
    for page in (reverse("report", args=["QH2022", "2022-06"]), "/reports/?campaign=QH2022"):
        html = client.get(page).content.decode()
        assert compiling not in html
        assert "重新汇总" not in html
        assert reverse("report_publish", args=["QH2022", "2022-06"]) in html
        assert "更正印发" in html


@pytest.mark.both_databases
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
    assert published_versions(world.cast.campaign) == {"2022-06": 2}
    first.refresh_from_db()
    assert is_intact(first)


def test_what_happens_later_is_listed_as_a_change_and_not_counted_in(world, press, june):
    first = press()
    late = world.issues["due_later"]
    later = datetime(2022, 7, 4, 10, 0, tzinfo=TZ)
    lifecycle.perform(
        issue=late, action="request_closing", actor=world.cast.responsible, data={"result": "已办"}, now=later
    )
    found = compare(frozen_side(first), present_side(first, date(2022, 7, 5)))
    changes = [one.words for one in found.rows]
    assert f"问题 {late.number}：状态 整改中 → 待验收" in changes
    assert press(as_of=None, now=later) == first


def papers(publication: Publication) -> dict[str, bytes]:
    return {file.paper: bytes(file.content) for file in publication.files.all()}


def test_a_period_nobody_touched_stays_equal_when_units_and_items_are_renamed_and_issues_assigned(world, press, june):
    first = press()
    assigned = world.issues["second"]
    later = datetime(2022, 7, 4, 10, 0, tzinfo=TZ)
    due = date(2022, 8, 1)
    data = {"department": world.cast.unit, "due_on": due}
    lifecycle.perform(issue=assigned, action="assign", actor=world.cast.office, data=data, now=later)
    for model in (Department, ServiceItem):
        for row in model.objects.all():
            model.objects.filter(pk=row.pk).update(name=f"改后{row.pk}")
    assert press(as_of=None, now=later) == first
    assert not [one for one in compare(frozen_side(first), present_side(first, AS_OF)).rows if "改后" in one.words]
    july = press(period=june.next(), now=datetime(2022, 7, 25, 10, 0, tzinfo=TZ), as_of=date(2022, 7, 22))
    assert [line for line in july.changed_earlier if "改后" in line] == []
    assert july.changed_earlier
    correct(world)
    second = press(as_of=None, now=later, reason="分类更正")
    assert second.names == first.names
    assert papers(second)["month-report"] != papers(first)["month-report"]
    assert "改后" not in str(second.rows) + str(second.summary.data)


@pytest.mark.both_databases
def test_the_next_period_tells_what_changed_in_the_earlier_ones_once(world, press, june):
    press()
    late = world.issues["due_later"]
    closed = datetime(2022, 7, 4, 10, 0, tzinfo=TZ)
    lifecycle.perform(
        issue=late, action="request_closing", actor=world.cast.responsible, data={"result": "已办"}, now=closed
    )
    line = f"问题 {late.number}：状态 整改中 → 待验收"
    july, august = june.next(), june.next().next()
    in_july = datetime(2022, 7, 25, 10, 0, tzinfo=TZ)
    told = press(period=july, now=in_july, as_of=date(2022, 7, 22))
    assert line in told.changed_earlier
    assert is_intact(told)
    assert press(period=july, now=in_july, as_of=None) == told
    in_august = datetime(2022, 8, 25, 10, 0, tzinfo=TZ)
    assert line not in press(period=august, now=in_august, as_of=date(2022, 8, 22)).changed_earlier
    # An earlier period of another kind, or a later one, is none of the periods before.
    assert press(now=in_august, as_of=None).changed_earlier == []


def test_two_versions_stand_side_by_side_from_what_was_frozen(world, press, sign_in):
    first = press()
    correct(world)
    second = press(as_of=None, reason="分类更正")
    Issue.objects.filter(pk=world.issues["overdue"].pk).update(category="其他")
    found = compare(frozen_side(first), frozen_side(second))
    assert {one.step for one in found.figures} == {"持平"}
    assert found.papers == ["month-report", "bulletin", "three-lists", "rectification-list"]
    assert compare(frozen_side(first), frozen_side(first)).papers == []
    assert [one.words for one in found.rows] == [f"问题 {world.issues['overdue'].number}：分类 政务服务 → 业务办理"]
    reader = sign_in("supervisor")
    page = reader.get(reverse("published_compare", args=["QH2022", "2022-06", 1]), {"with": "2022-06.2"})
    assert found.rows[0].words in page.content.decode()
    assert page.context["papers"] == ["工作总结", "通报", "三张清单", "问题整改清单"]
    export = reverse("published_compare_export", args=["QH2022", "2022-06", 1])
    book = load_workbook(io.BytesIO(b"".join(reader.get(export, {"with": "2022-06.2"}).streaming_content)))
    assert found.rows[0].words in [cell.value for row in book["记录"].iter_rows() for cell in row]
    assert reader.get(export, {"with": "2022-06.7"}).status_code == 404


@pytest.mark.clock(datetime(2022, 6, 20, 23, 0, tzinfo=TZ))
def test_the_page_of_a_period_that_has_not_ended_says_so_and_has_nothing_to_press(world, sign_in):
    text = sign_in("office").get(reverse("report_publish", args=["QH2022", "2022-06"])).text
    assert "2022年6月到 2022-06-20 二十四时才结束，还不能印发" in text
    assert "确认印发" not in text


def test_the_page_judges_by_the_day_the_papers_will_say(world, press, sign_in):
    press()
    page = sign_in("office").get(reverse("report_publish", args=["QH2022", "2022-06"]))
    assert page.context["as_of"] == AS_OF
    assert page.context["open"].late == (("县民政局", 1),)


def test_a_correction_judged_on_a_later_day_counts_what_was_done_since(world, press):
    """Without a day the version is judged as the one before, and nothing of it has changed."""
    first, later = press(), datetime(2022, 7, 4, 10, 0, tzinfo=TZ)
    done = {"issue": world.issues["due_later"], "now": later}
    lifecycle.perform(action="request_closing", actor=world.cast.responsible, data={"result": "已办"}, **done)
    lifecycle.perform(action="approve_closing", actor=world.cast.office, data={}, **done)
    address = reverse("report_publish", args=["QH2022", "2022-06"])
    with time_machine.travel(later + timedelta(hours=1), tick=False):
        client = browser_of(world.cast.office)
        page = client.get(address)
        assert 'href="?as_of=2022-07-04"' in page.text
        assert "没有另成一版" in client.post(address, sent_of(page, reason="补录"), follow=True).text
        address += "?as_of=2022-07-04"
        page = client.get(address)
        assert (page.context["as_of"], "按 2022-07-04 的情况更正" in page.text) == (later.date(), True)
        assert client.post(address, sent_of(page, reason="补录")).status_code == 302
    second = Publication.objects.get(version=2)
    assert (second.summary.as_of, second.reason) == (later.date(), "补录")
    assert second.summary.data["closed"] == first.summary.data["closed"] + 1


def test_only_the_office_publishes_and_only_a_period_that_has_ended(world, press):
    for persona in ("lead", "principal", "supervisor", "office_city"):
        with pytest.raises(NotAllowed):
            press(actor=world.cast.people[persona])
    with pytest.raises(Refused, match="才结束"):
        press(as_of=date(2022, 6, 20))
    with pytest.raises(Refused, match="还没有到"):
        press(as_of=date(2022, 6, 26))
    assert not Publication.objects.exists()


def test_where_one_of_two_offices_is_named_the_other_one_reads_and_does_not_publish(world, press, sign_in):
    cast = world.cast
    second = Department.objects.create(region=cast.county, name="县政府督查办", kind=DepartmentKind.OFFICE, order=1)
    grant_membership(user=cast.supervisor, department=second, role=Role.OFFICE)
    cast.campaign.publisher = second
    cast.campaign.save(update_fields=["publisher"])
    with pytest.raises(NotAllowed, match="本活动各期由县政府督查办印发"):
        press()
    page = sign_in("office").get(reverse("report_publish", args=["QH2022", "2022-06"])).text
    assert "本活动各期由县政府督查办印发，您可以查看但不能印发。" in page
    assert "确认印发" not in page
    assert press(actor=cast.supervisor).version == 1
    second.is_active = False
    second.save(update_fields=["is_active"])
    correct(world)
    assert press(reason="县政府督查办已撤销").version == 2


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
@pytest.mark.both_databases
def test_the_database_refuses_a_write_on_what_is_published(press, statement):
    press()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_office_publishes_on_the_page_and_readers_open_the_files(world, sign_in):
    client = sign_in("office")
    address = reverse("report_publish", args=["QH2022", "2022-06"])
    pressed = sent_of(client.get(address))
    answer = client.post(address, {name: text for name, text in pressed.items() if name != "confirmed"})
    assert answer.status_code == 400
    assert "材料未报齐 4 个单位：县公安局、县民政局、县司法局、县行政审批局" in answer.content.decode()
    answer = client.post(address, pressed)
    assert answer.status_code == 302, answer.context["form"].errors
    page = client.get(answer["Location"])
    assert page.status_code == 200
    row = Publication.objects.get()
    reader = sign_in("supervisor")
    for file in PublishedFile.objects.filter(publication=row):
        sent = reader.get(reverse("published_file", args=["QH2022", "2022-06", 1, file.paper]))
        assert b"".join(sent.streaming_content) == bytes(file.content)
    assert sign_in("liaison").get(answer["Location"]).status_code == 404


def sent_of(page, **given) -> dict:
    form = page.context["form"]
    confirmed = {"named": page.context["parts"].token, "confirmed": "on"}
    return {"idempotency_key": new_key(), "version": form["version"].value(), "reason": ""} | confirmed | given


def browser_of(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.both_databases
def test_the_second_of_two_who_publish_is_told_by_whom_it_was_published(world, press):
    press()
    correct(world)
    address = reverse("report_publish", args=["QH2022", "2022-06"])
    first, second = browser_of(world.cast.office), browser_of(world.cast.office_second)
    one, two = first.get(address), second.get(address)
    assert first.post(address, sent_of(one, reason="分类更正")).status_code == 302
    Issue.objects.filter(pk=world.issues["overdue"].pk).update(category="执法")
    answer = second.post(address, sent_of(two, reason="我也更正"))
    assert (answer.status_code, answer.context["form"]["reason"].value()) == (409, "我也更正")
    for words in ("第 2 版", str(world.cast.office), "分类更正"):
        assert words in answer.text
    assert Publication.objects.count() == 2
    assert second.post(address, sent_of(answer, reason="我也更正")).status_code == 302
    assert Publication.objects.get(version=3).reason == "我也更正"


def test_what_is_the_same_as_published_is_said_to_be_no_new_version(world, sign_in, press):
    press()
    client = sign_in("office_second")
    address = reverse("report_publish", args=["QH2022", "2022-06"])
    page = client.get(address)
    assert f"第 1 版已由{world.cast.office}于" in page.text
    answer = client.post(address, sent_of(page), follow=True)
    assert (Publication.objects.count(), "没有另成一版" in answer.text) == (1, True)
    assert "已印发第 1 版。" not in answer.text


def test_a_publication_that_does_not_say_what_was_seen_is_not_made(world, sign_in):
    address = reverse("report_publish", args=["QH2022", "2022-06"])
    answer = sign_in("office").post(address, {"idempotency_key": new_key(), "reason": ""})
    assert (answer.status_code, "请重新打开本页" in answer.text, Publication.objects.count()) == (400, True, 0)


def test_the_command_prints_version_and_digest_and_the_same_again(world, capsys):
    options = {"campaign": "QH2022", "period": "2022-06", "as_of": str(AS_OF)}
    call_command("publish", **options)
    said, named = capsys.readouterr()
    assert "材料未报齐 4 个单位：县公安局、县民政局、县司法局、县行政审批局" in named
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
    with django_assert_num_queries(8):
        assert client.get(reverse("published", args=["QH2022", "2022-06", 1])).status_code == 200
