"""三色督办单: proposed by the rule, signed and numbered by the office, answered by the unit, checked by the office."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.domain.memberships import end_memberships, grant_membership
from campaigns.tests.setup_page import fields_of
from core.exceptions import Conflict, NotAllowed, Refused, StaleVersion
from core.idempotency import new_key
from core.models import AuditEntry
from core.workdays import WorkCalendar
from issues.domain import lifecycle as issue_lifecycle
from issues.domain.inspections import records
from issues.domain.slips import lifecycle
from issues.domain.slips.queries import proposals_for, waiting_slips
from issues.domain.slips.reminders import make_slip_reminders
from issues.domain.slips.rule import colour_due, cut_offs, late_by
from issues.models import Issue, Slip, SlipEvent
from notifications.models import Notice
from tests.cast import NOON, PASSWORD, issue_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
BLUE, YELLOW, RED = 1, 2, 3
# Due on Tuesday 28 June: late by 1, 5 and 10 工作日 on these days.
LATE = {BLUE: date(2022, 6, 29), YELLOW: date(2022, 7, 5), RED: date(2022, 7, 12)}
CALENDAR = WorkCalendar({date(2022, 10, 8): True, date(2022, 10, 3): False}, frozenset({2022}))


def on(day: date):
    return NOON + (day - NOON.date())


def signed(issue, actor, colour=BLUE, now=None, **data):
    now = now or on(LATE[colour])
    return lifecycle.sign(issue=issue, colour=colour, actor=actor, now=now, **{"demand": "请限期办结", **data})


def act(slip, action, actor, now=None, **data):
    slip = Slip.objects.select_related(*lifecycle.NAMED).get(pk=slip.pk)
    return lifecycle.perform(slip=slip, action=action, actor=actor, data=data, now=now or on(LATE[BLUE]))


def proposed(user, day: date) -> dict[str, int]:
    return {issue.number: issue.colour_due for issue in proposals_for(user, day)}


def test_the_rule_proposes_by_working_days_overdue_until_that_colour_is_signed(cast):
    issue = issue_in(cast, "rectifying")
    assert proposed(cast.office, date(2022, 6, 28)) == {}
    for colour, day in LATE.items():
        assert proposed(cast.office, day - timedelta(days=1)).get(issue.number, 0) < colour
        assert proposed(cast.office, day) == {issue.number: colour}
        assert lifecycle.status_of(issue, day).proposed == colour
        signed(issue, cast.office, colour)
        assert proposed(cast.office, day) == {}
    Issue.objects.filter(pk=issue.pk).update(round=2)
    assert lifecycle.status_of(Issue.objects.get(pk=issue.pk), LATE[RED]).proposed == RED, "a round of its own"
    for persona, seen in (("lead", {}), ("office_city", {}), ("office", {issue.number: RED})):
        assert proposed(cast.people[persona], LATE[RED]) == seen
    grant_membership(user=cast.office, department=cast.unit, role="deputy")
    cast.office.__dict__.pop("_scope", None)
    assert proposed(cast.office, LATE[RED]) == {}, "of the own unit"


def test_an_issue_without_a_walk_is_proposed_by_the_rules_under_which_it_was_found(cast):
    inspection = records.record(
        campaign=cast.campaign, day=NOON.date(), inspectors="甲", units=[cast.unit], summary="好", actor=cast.office,
        now=NOON,
    )  # fmt: skip
    found = {"inspection": inspection, "unit": cast.unit, "description": "台账未更新", "actor": cast.office}
    issue = records.add_finding(**found, now=NOON)
    data = {"department": cast.unit, "due_on": date(2022, 6, 28)}
    issue_lifecycle.perform(issue=issue, action="assign", actor=cast.office, data=data, now=NOON)
    assert proposed(cast.office, LATE[YELLOW]) == {issue.number: YELLOW}
    assert lifecycle.status_of(issue, LATE[YELLOW]).proposed == YELLOW


days = st.dates(date(2022, 1, 1), date(2022, 12, 31))


@given(due=days, today=days, first=st.integers(1, 5), second=st.integers(6, 12), third=st.integers(13, 30))
def test_the_condition_on_dates_says_what_the_rule_says(due, today, first, second, third):
    thresholds = (first, second, third)
    by_date = sum(due <= last for last in cut_offs(today, thresholds, CALENDAR))
    assert by_date == colour_due(late_by(due, today, CALENDAR), thresholds)


def test_it_is_numbered_by_campaign_and_year_and_told_to_the_unit(cast):
    first, second = issue_in(cast, "rectifying"), issue_in(cast, "rectifying")
    assert (signed(first, cast.office).number, signed(second, cast.office_second).number) == (
        "督办〔2022〕1号",
        "督办〔2022〕2号",
    )
    later = issue_in(cast, "rectifying")
    assert signed(later, cast.office, RED, on(date(2023, 1, 9)), jump_reason="久拖").number == "督办〔2023〕1号"
    slip = Slip.objects.get(issue=first)
    assert (slip.late_workdays, slip.reply_by, slip.department) == (1, date(2022, 7, 6), cast.unit)
    told = Notice.objects.filter(kind="slip.sign", link=reverse("slip", args=[slip.public_id]))
    assert sorted(told.values_list("recipient__username", flat=True)) == ["liaison", "principal", "responsible"]


def test_a_colour_passed_over_or_ahead_of_the_rule_needs_a_reason(cast):
    issue = issue_in(cast, "rectifying")
    with pytest.raises(Refused, match="越过了前面的颜色"):
        signed(issue, cast.office, RED)
    with pytest.raises(Refused, match="还没有达到"):
        signed(issue, cast.office, YELLOW, on(LATE[BLUE]))
    with pytest.raises(Refused, match="督办要求"):
        signed(issue, cast.office, demand=" ")
    with pytest.raises(Refused, match="请选择督办单的颜色"):
        signed(issue, cast.office, 4, on(LATE[RED]))
    assert signed(issue, cast.office, RED, jump_reason="群众反映强烈").jump_reason == "群众反映强烈"
    with pytest.raises(Conflict, match=f"只能签发更高的颜色），由{cast.office}于 2022-07-12 12:00"):
        signed(issue, cast.office_second, BLUE)


def test_the_office_signs_and_nobody_of_the_responsible_unit(cast):
    issue = issue_in(cast, "rectifying")
    for persona in ("lead", "liaison", "supervisor", "office_city"):
        with pytest.raises(NotAllowed):
            signed(issue, cast.people[persona])
    nobodys = issue_in(cast, "rectifying")
    nobodys.responsible_department = None
    for idle in (issue_in(cast, "closed"), nobodys):
        with pytest.raises(Conflict, match="不能签发"):
            signed(idle, cast.office)


def test_the_unit_answers_the_office_returns_and_accepts(cast):
    slip = signed(issue_in(cast, "rectifying"), cast.office)
    with pytest.raises(Refused, match="办理情况"):
        act(slip, "answer", cast.liaison)
    act(slip, "answer", cast.responsible, reply="已完成一半")
    grant_membership(user=cast.office_second, department=cast.unit, role="deputy")
    waits = [len(waiting_slips(cast.people[one], LATE[BLUE])[1]) for one in ("office", "office_second", "office_city")]
    assert waits == [1, 0, 0], "whose own unit answered checks it as little as the office of another level"
    end_memberships(memberships=[*cast.office_second.memberships.filter(role="deputy")], actor=cast.secadmin, reason="")
    cast.office_second.__dict__.pop("_scope", None)
    with pytest.raises(NotAllowed):
        act(slip, "accept", cast.liaison)
    with pytest.raises(Refused, match="退回原因"):
        act(slip, "return", cast.office)
    act(slip, "return", cast.office_second, note="没有时间表")
    with pytest.raises(Refused, match="未按期原因"):
        act(slip, "answer", cast.liaison, on(date(2022, 7, 7)), reply="7月15日前办结")
    late = act(slip, "answer", cast.liaison, on(date(2022, 7, 7)), reply="7月15日前办结", late_reason="等待设备")
    assert (late.state, late.replied_on, late.late_reason) == ("slip_answered", date(2022, 7, 7), "等待设备")
    done = act(slip, "accept", cast.office, on(date(2022, 7, 8)), note="认可")
    assert (done.state, done.opinion, done.ended_on) == ("slip_accepted", "认可", date(2022, 7, 8))


def test_a_higher_colour_supersedes_and_striking_off_settles(cast):
    issue = issue_in(cast, "rectifying")
    other = signed(issue_in(cast, "rectifying"), cast.office)
    blue, yellow = signed(issue, cast.office), signed(issue, cast.office, YELLOW)
    assert (Slip.objects.get(pk=blue.pk).state, Slip.objects.get(pk=yellow.pk).state) == (
        "slip_superseded",
        "slip_issued",
    )
    for action, actor, data in (
        ("request_closing", cast.responsible, {"result": "已更新"}),
        ("approve_closing", cast.lead, {}),
    ):
        issue_lifecycle.perform(issue=issue, action=action, actor=actor, data=data, now=on(LATE[YELLOW]))
    yellow.refresh_from_db()
    assert (yellow.state, yellow.opinion, yellow.changed_by) == ("slip_accepted", "问题已销号", None)
    other.refresh_from_db()
    assert other.state == "slip_issued", "of another issue"
    merge = {"target": issue_in(cast, "rectifying").number, "note": "同一件"}
    issue_lifecycle.perform(issue=other.issue, action="merge", actor=cast.office, data=merge, now=on(LATE[YELLOW]))
    other.refresh_from_db()
    assert (other.state, other.opinion) == ("slip_accepted", "问题已并案")


def test_an_answer_that_is_late_is_chased_and_the_office_told(cast):
    slip = signed(issue_in(cast, "rectifying"), cast.office)
    make_slip_reminders(on(date(2022, 7, 5)))
    eve = Notice.objects.filter(kind="reminder.slip.eve").values_list("recipient__username", flat=True)
    assert list(eve) == ["liaison"]
    make_slip_reminders(on(date(2022, 7, 7)))
    late = Notice.objects.filter(kind="reminder.slip.late").values_list("recipient__username", flat=True)
    assert sorted(late) == ["liaison", "office", "office_second", "principal"]
    act(slip, "answer", cast.liaison, on(date(2022, 7, 7)), reply="已办", late_reason="迟")
    assert make_slip_reminders(on(date(2022, 7, 7)))["slips"] == 0
    assert not Notice.objects.filter(kind__startswith="reminder.slip", closed_at=None).exists()
    type(cast.liaison).objects.filter(pk=cast.liaison.pk).update(is_active=False)
    signed(issue_in(cast, "rectifying"), cast.office)
    make_slip_reminders(on(date(2022, 7, 5)))
    told = Notice.objects.filter(kind="reminder.slip.eve").values_list("recipient__username", flat=True)
    assert set(told) == {"liaison", "principal"}, "without a liaison the principal"


def test_what_was_signed_never_changes(cast):
    slip = signed(issue_in(cast, "rectifying"), cast.office)
    changes = (
        {"demand": "改"},
        {"reply_by": date(2022, 9, 1)},
        {"colour": RED},
        {"late_workdays": 0},
        {"number": "1号"},
    )
    for change in (*changes, {"due_on": None}, {"jump_reason": "改"}, {"signed_at": NOON}, {"round": 2}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Slip.objects.filter(pk=slip.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        SlipEvent.objects.update(note="改")
    with pytest.raises(DatabaseError), transaction.atomic():
        SlipEvent.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Slip.objects.all().delete()


def test_two_people_check_an_answer_and_the_second_is_told(client, cast, clock):
    slip = signed(issue_in(cast, "rectifying"), cast.office)
    act(slip, "answer", cast.liaison, reply="已办")
    clock.move_to(on(LATE[BLUE]))
    client.force_login(cast.office_second)
    url = reverse("slip_act", args=[slip.public_id, "return"])
    typed = fields_of(client.get(url).context["form"]) | {"note": "没有时间表"}
    seen = Slip.objects.get(pk=slip.pk).version
    act(slip, "return", cast.office, note="缺照片")
    act(slip, "answer", cast.liaison, reply="补充")
    late = client.post(url, typed)
    said = f"已由{cast.liaison}于"
    assert (late.status_code, "没有时间表" in late.text, said in late.text) == (409, True, True)
    assert list(SlipEvent.objects.filter(kind="return").values_list("note", flat=True)) == ["缺照片"]
    stale = Slip.objects.select_related(*lifecycle.NAMED).get(pk=slip.pk)
    with pytest.raises(StaleVersion):
        lifecycle.perform(slip=stale, action="accept", actor=cast.office, version=seen, now=on(LATE[BLUE]))


def test_it_is_signed_and_answered_on_the_pages(client, cast, clock):
    issue = issue_in(cast, "rectifying")
    clock.move_to(on(LATE[BLUE]))
    client.force_login(cast.office)
    [group] = [one for one in client.get("/").context["groups"] if one["title"] == "督办单待签发"]
    assert client.get(group["url"]).context["page"].total == group["total"] == 1
    answer = client.get(reverse("slip_proposals_export"))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert issue.number in [cell.value for row in sheet.iter_rows() for cell in row]
    url = reverse("slip_sign", args=[issue.number])
    form = client.get(url)
    assert "按规则应发蓝色督办单" in form.text
    assert "本次签发黄色、红色的必须填写。" in form.text
    typed = fields_of(form.context["form"]) | {"password": PASSWORD}
    assert client.post(url, typed | {"password": "x"}).status_code == 400
    stale = client.post(url, typed | {"version": issue.version - 1})
    assert (stale.status_code, f"该问题已由{cast.liaison}于" in stale.text) == (409, True)
    answer = client.post(url, fields_of(client.get(url).context["form"]) | {"password": PASSWORD})
    slip = Slip.objects.get()
    assert answer["Location"] == reverse("slip", args=[slip.public_id])
    # The second of two people who opened the page is told who signed and when, and reads what was typed.
    client.force_login(cast.office_second)
    again = typed | {"idempotency_key": new_key(), "demand": "三日内书面说明", "colour": "1"}
    late = client.post(url, again)
    said = f"本轮已签发蓝色督办单（只能签发更高的颜色），由{cast.office}于 2022-06-29"
    assert (late.status_code, said in late.text, "三日内书面说明" in late.text) == (409, True, True)
    client.force_login(cast.office)
    client.post(url, fields_of(form.context["form"]) | {"password": PASSWORD})
    assert Slip.objects.count() == 1
    assert f"{slip.number} 签发" in client.get(reverse("issue", args=[issue.number])).text
    client.force_login(cast.liaison)
    [group] = [one for one in client.get("/").context["groups"] if one["title"] == "督办单待反馈"]
    page = group["rows"][0]["url"]
    sent = fields_of(client.get(page).context["form"]) | {"reply": "已办结"}
    assert client.post(page, sent).status_code == 302
    client.force_login(cast.responsible)
    late = client.post(page, sent | {"idempotency_key": new_key(), "reply": "昨天已经换好"})
    assert (late.status_code, f"已由{cast.liaison}于" in late.text, "昨天已经换好" in late.text) == (409, True, True)
    assert Slip.objects.get().reply == "已办结"
    client.force_login(cast.liaison)
    assert client.get("/slips/?tab=mine").context["page"].total == 0
    entries = AuditEntry.objects.filter(action__startswith="slip.").order_by("id")
    assert list(entries.values_list("action", flat=True)) == ["slip.exported", "slip.signed", "slip.answer"]
    client.force_login(cast.supervisor)
    assert client.get("/slips/proposals/").status_code == 403
    assert client.get(reverse("slip_proposals_export")).status_code == 403


def test_the_list_filters_counts_and_exports_what_it_shows(client, cast):
    slip = signed(issue_in(cast, "rectifying"), cast.office)
    client.force_login(cast.office)
    address = f"tab=issued&campaign={cast.campaign.code}&department={cast.unit.pk}&colour=1"
    assert client.get(f"/slips/?{address}").context["page"].total == 1
    assert client.get("/slips/?colour=3").context["page"].total == 0
    assert client.get("/slips/?tab=late").context["page"].total == 0
    answer = client.get(f"/slips/export/?{address}")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    texts = [cell.value for row in sheet.iter_rows() for cell in row]
    assert (texts.count(slip.number), texts.count("请限期办结")) == (1, 1)
    others = b"".join(client.get("/slips/export/?tab=answered").streaming_content)
    assert slip.number not in {cell.value for row in openpyxl.load_workbook(io.BytesIO(others)).active for cell in row}
    # Who found a problem sees the slip; the unit that received it answers.
    signed(issue_in(cast, "assigned"), cast.office)
    assert [len(waiting_slips(one, LATE[BLUE])[0]) for one in (cast.liaison, cast.second_liaison)] == [1, 1]
    client.force_login(cast.liaison)
    assert [client.get(f"/slips/?tab={tab}").context["page"].total for tab in ("mine", "all")] == [1, 2]
    client.force_login(cast.namesake)
    assert client.get("/slips/").context["page"].total == 0


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("url", "queries"), [("/slips/", 11), ("/slips/proposals/", 10)])
def test_a_list_costs_the_same_whatever_it_holds(client, cast, clock, rows, url, queries, django_assert_num_queries):
    for _ in range(rows):
        signed(issue_in(cast, "rectifying"), cast.office)
    clock.move_to(on(LATE[YELLOW]))
    client.force_login(cast.office)
    client.get(url)
    with django_assert_num_queries(queries):
        assert client.get(url).status_code == 200
