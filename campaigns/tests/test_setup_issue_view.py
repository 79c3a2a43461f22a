"""Due dates before issuing, 印发, and amending what was issued."""

from datetime import date, timedelta

import pytest
import time_machine

from accounts.models import Department
from campaigns.models import Campaign, Deadline, RuleVersion
from campaigns.tests.setup_page import DRAFT, TODAY, drafted, fields_of, press
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.clock(TODAY)]
QH = "/campaigns/QH2022/"


@pytest.fixture
def office(client, cast):
    client.force_login(cast.office)
    client.campaign = drafted(cast)
    return client


def shown(answer) -> list[tuple]:
    return [(line.kind, str(line.due_on), line.who, line.to) for line in answer.context["lines"]]


# --- preview --------------------------------------------------------------------------------


def test_the_preview_says_what_falls_due_on_whom_and_to_whom(office):
    answer = office.get(f"{DRAFT}preview/")
    assert shown(answer)[:3] == [
        ("report", "2022-07-20", "4 个单位及当月跟单处理单位", "县行政审批局、县司法局"),
        ("summary", "2022-07-22", "县行政审批局、县司法局", "县营商办"),
        ("walk", "2022-07-31", "4 个单位及当月跟单处理单位", "—"),
    ]
    assert "2022-07-20 星期三" in answer.text
    assert Deadline.objects.filter(campaign=office.campaign).count() == 0


def test_the_preview_names_the_units_of_each_activity(office, cast):
    Department.objects.filter(pk=cast.unit.pk).update(is_enforcement=True)
    found = office.get(f"{DRAFT}preview/").context["shares"]
    assert [(share.activity, len(share.units), share.by_list, share.receivers) for share in found] == [
        ("走流程、坐窗口", 4, False, ("县行政审批局",)),
        ("跟执法", 1, False, ("县司法局",)),
        ("处投诉", 0, True, ("县行政审批局",)),
    ]


def test_an_activity_none_of_the_units_takes_part_in_is_pointed_out(office):
    assert "名单上没有这类单位" in office.get(f"{DRAFT}preview/").text


def test_a_date_in_a_year_not_announced_is_provisional_and_explained(office):
    press(office, f"{DRAFT}head/", start="2090-01-01", end="2090-12-31")
    press(office, f"{DRAFT}rules/reporting/", due="next_workdays", due_n_next_workdays="5", summary_due="none")
    answer = office.get(f"{DRAFT}preview/")
    assert {line.is_provisional for line in answer.context["lines"] if line.kind == "report"} == {True}
    assert "国务院办公厅尚未公布放假安排" in answer.text


def test_a_preview_stands_under_contradictory_rules_too(office):
    press(office, f"{DRAFT}rules/cadence/", rhythm="quarterly", due="date", due_on="2022-09-30")
    press(office, f"{DRAFT}rules/reporting/", rhythm="once")
    assert office.get(f"{DRAFT}preview/").status_code == 200


def test_an_issued_campaign_shows_the_dates_as_they_stand(client, cast):
    client.force_login(cast.office)
    answer = client.get(f"{QH}preview/")
    assert shown(answer)[0][:2] == ("report", "2022-06-20")
    assert max(line.due_on for line in answer.context["lines"]) <= date(2023, 6, 9)
    first = Deadline.objects.filter(campaign=cast.campaign).order_by("due_on").first()
    Deadline.objects.filter(pk=first.pk).update(due_on=date(2022, 6, 1))
    assert first.pk not in [line.pk for line in client.get(f"{QH}preview/").context["lines"]]
    assert first.pk in [line.pk for line in client.get(f"{QH}preview/?all=1").context["lines"]]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_preview_costs_the_same_for_one_date_and_three(client, cast, rows, django_assert_num_queries):
    keep = list(cast.campaign.deadlines.values_list("pk", flat=True)[:rows])
    cast.campaign.deadlines.exclude(pk__in=keep).delete()
    client.force_login(cast.office)
    client.get(f"{QH}preview/")
    with django_assert_num_queries(10):
        assert len(client.get(f"{QH}preview/").context["lines"]) == rows


# --- an earlier date waits for the office -----------------------------------------------------


@pytest.fixture
def proposed(cast):
    row = cast.campaign.deadlines.filter(kind="report").first()
    Deadline.objects.filter(pk=row.pk).update(proposed_on=row.due_on - timedelta(days=2))
    return Deadline.objects.get(pk=row.pk)


def dates(row):
    """The dates as the page sends them."""
    return {"due_on": str(row.due_on), "proposed_on": str(row.proposed_on)}


@pytest.mark.parametrize(
    ("answer", "due_on", "kept_on"),
    [("approve", date(2022, 6, 18), None), ("keep", date(2022, 6, 20), date(2022, 6, 18))],
)
def test_the_office_approves_an_earlier_date_or_keeps_the_shown_one(client, cast, proposed, answer, due_on, kept_on):
    client.force_login(cast.office)
    assert "有 1 项期限应当提前，等您批准" in client.get(f"{QH}setup/").text
    page = client.get(f"{QH}preview/")
    assert "应提前到 2022-06-18" in page.text
    key = page.context["form"]["idempotency_key"].value()
    sent = client.post(f"{QH}deadlines/{proposed.pk}/", dates(proposed) | {"answer": answer, "idempotency_key": key})
    assert sent.status_code == 302
    proposed.refresh_from_db()
    assert (proposed.due_on, proposed.proposed_on, proposed.kept_on) == (due_on, None, kept_on)
    assert proposed.first_due_on == date(2022, 6, 20)


def test_a_date_answered_meanwhile_is_a_conflict(client, cast, proposed):
    client.force_login(cast.office)
    Deadline.objects.filter(pk=proposed.pk).update(proposed_on=None)
    sent = client.post(f"{QH}deadlines/{proposed.pk}/", dates(proposed) | {"answer": "approve", "idempotency_key": "k"})
    assert sent.status_code == 409


def test_another_campaigns_date_does_not_exist_here(office, proposed):
    sent = office.post(
        f"{DRAFT}deadlines/{proposed.pk}/", dates(proposed) | {"answer": "approve", "idempotency_key": "k"}
    )
    assert sent.status_code == 404


# --- issue ----------------------------------------------------------------------------------


def test_the_page_before_issuing_shows_what_will_freeze(office):
    answer = office.get(f"{DRAFT}issue/")
    assert "下列规则冻结，不能直接修改" in answer.text
    assert "每月 20 日前（含当日）" in answer.text
    assert [line.kind for line in answer.context["lines"][:2]] == ["report", "summary"]
    assert Campaign.objects.get(code="CG").issued_at is None


@pytest.mark.both_databases
def test_issuing_freezes_the_rules_and_makes_the_dates(office, cast):
    answer = press(office, f"{DRAFT}issue/")
    assert answer.redirect_chain == [(DRAFT, 302)]
    assert "已印发" in answer.text
    campaign = Campaign.objects.get(code="CG")
    assert (campaign.state, campaign.issued_at) == ("issued", TODAY)
    assert campaign.deadlines.filter(kind="report").count() == 6
    assert AuditEntry.objects.filter(action="campaign.issued", object_key="CG").exists()
    assert office.get(f"{DRAFT}rules/cadence/").status_code == 409
    office.force_login(cast.principal)
    assert office.get(DRAFT).status_code == 200


@pytest.mark.both_databases
def test_twice_pressed_issues_once(office):
    sent = fields_of(office.get(f"{DRAFT}issue/").context["form"])
    answers = [office.post(f"{DRAFT}issue/", sent).status_code for _ in range(2)]
    assert answers == [302, 302]
    assert AuditEntry.objects.filter(action="campaign.issued", object_key="CG").count() == 1


def test_a_second_press_from_another_page_is_a_conflict(office):
    press(office, f"{DRAFT}issue/")
    assert office.post(f"{DRAFT}issue/", {"idempotency_key": "other"}).status_code == 409


def test_a_contradiction_stops_issuing_and_is_named(office):
    press(office, f"{DRAFT}rules/cadence/", rhythm="quarterly")
    assert "确认印发" not in office.get(f"{DRAFT}issue/").text
    answer = office.post(f"{DRAFT}issue/", {"idempotency_key": "k"})
    assert answer.status_code == 400
    assert "每季度体验一次的活动不能设每月截止日（20 日）" in answer.text
    assert Campaign.objects.get(code="CG").issued_at is None


# --- amend ----------------------------------------------------------------------------------


@pytest.fixture
def amending(client, cast):
    client.force_login(cast.office)
    press(client, f"{QH}amend/", effective_on="2022-07-01", reason="汇总时间不够")
    return client


def test_an_amendment_is_edited_while_the_old_rules_hold(amending, cast):
    press(amending, f"{QH}rules/reporting/", summary_due="month_day", summary_due_n_month_day="25")
    page = amending.get(f"{QH}rules/")
    assert "规则正在调整，印发以前仍按现行规则。" in page.text
    assert "每月 22 日前（含当日）" in page.text
    amending.force_login(cast.principal)
    assert "正在调整" not in amending.get(f"{QH}rules/").text


def test_an_issued_amendment_holds_from_its_day_and_the_history_says_who_when_and_why(amending, cast):
    press(amending, f"{QH}rules/reporting/", summary_due="month_day", summary_due_n_month_day="25")
    press(amending, f"{QH}issue/")
    before = amending.get(f"{QH}rules/")
    assert "每月 22 日前（含当日）" in before.text
    assert "已印发新一版规则，尚未到生效日期" in before.text
    assert [(row["number"], row["holds"]) for row in before.context["history"]] == [(2, False), (1, True)]
    with time_machine.travel(TODAY + timedelta(days=30), tick=False):
        amending.force_login(cast.principal)
        after = amending.get(f"{QH}rules/")
    assert "每月 25 日前（含当日）" in after.text
    for words in ("第 2 版", "2022-07-01", "汇总时间不够", cast.office.name):
        assert words in after.text
    dates = cast.campaign.deadlines.filter(kind="summary").order_by("due_on").values_list("due_on", flat=True)
    assert list(dates[:2]) == [date(2022, 6, 22), date(2022, 7, 25)]


def test_an_amendment_issued_after_its_day_holds_from_today(amending, cast):
    with time_machine.travel(TODAY + timedelta(days=40), tick=False):
        amending.force_login(cast.office)
        press(amending, f"{QH}issue/")
    assert RuleVersion.objects.get(campaign=cast.campaign, number=2).effective_on == date(2022, 7, 18)


def test_an_amendment_somebody_has_worked_on_meanwhile_is_not_given_up(amending, cast):
    sent = fields_of(amending.get(f"{QH}setup/").context["form"])
    press(amending, f"{QH}rules/coverage/", minimum="5")
    answer = amending.post(f"{QH}discard/", sent)
    assert (answer.status_code, "未放弃" in answer.text) == (409, True)
    assert cast.campaign.rule_versions.count() == 2


def test_an_amendment_given_up_leaves_no_trace_but_in_the_audit(amending, cast):
    press(amending, f"{QH}rules/coverage/", minimum="5")
    sent = fields_of(amending.get(f"{QH}setup/").context["form"])
    assert amending.post(f"{QH}discard/", sent).status_code == 302
    assert cast.campaign.rule_versions.count() == 1
    assert AuditEntry.objects.filter(action="campaign.amendment_discarded").exists()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"reason": ""}, "请写明调整原因。"),
        ({"reason": "　"}, "请写明调整原因。"),
        ({"effective_on": "2022-06-07", "reason": "改"}, "请选择今天或以后的日期"),
    ],
)
def test_an_amendment_needs_a_reason_and_a_day_to_come(client, cast, given, words):
    client.force_login(cast.office)
    answer = press(client, f"{QH}amend/", **given)
    assert answer.status_code == 400
    assert words in answer.text
    assert cast.campaign.rule_versions.count() == 1


def test_one_amendment_at_a_time(amending):
    answer = amending.post(f"{QH}amend/", {"effective_on": "2022-07-01", "reason": "又改", "idempotency_key": "k"})
    assert answer.status_code == 409


def test_a_draft_is_not_amended(office):
    assert office.get(f"{DRAFT}amend/").status_code == 409


@pytest.mark.parametrize("path", ["setup/", "roster/", "receivers/", "amend/"])
@pytest.mark.parametrize("persona", ["principal", "lead", "supervisor", "office_city"])
def test_whoever_else_sees_an_issued_campaign_may_not_set_it_up(client, cast, persona, path):
    client.force_login(getattr(cast, persona))
    assert client.get(QH).status_code == 200
    assert "设置" not in client.get(QH).text
    assert client.get(f"{QH}{path}").status_code == 403
