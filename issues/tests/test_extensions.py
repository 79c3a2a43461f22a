"""延期: asked before expiry, decided by somebody else, the first date stays; a request hides no lateness."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.domain.memberships import grant_membership
from accounts.models import Membership
from campaigns.tests.setup_page import fields_of
from core.exceptions import Conflict, IllegalTransition, NotAllowed, Refused, StaleVersion
from core.workdays import WorkCalendar
from issues.domain import due_dates, lifecycle
from issues.domain.extensions import lifecycle as extensions
from issues.domain.extensions.queries import to_decide_q
from issues.domain.extensions.reminders import make_extension_reminders
from issues.domain.inbox import EXTENSION_AWAITS, waiting_issues
from issues.models import Extension, Issue
from notifications.models import Notice
from tests.cast import NOON, issue_in
from tests.database import without_triggers

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DUE, LATER, REASON = date(2022, 6, 28), date(2022, 7, 29), "须待省级系统升级"
CALENDAR = WorkCalendar({}, frozenset({2022}))


def act(issue, action, actor, now=NOON, **data):
    return lifecycle.perform(issue=issue, action=action, actor=actor, data=data, now=now)


def asked(cast, issue=None, to: date = LATER, now=NOON):
    issue = issue or issue_in(cast, "rectifying")
    return act(issue, "ask_extension", cast.responsible, now, extension_to=to, note=REASON)


def on(day: date):
    return NOON + (day - NOON.date())


def offered(user, issue) -> set[str]:
    return {row.action for row in lifecycle.available(user, issue)} & {
        "ask_extension", "grant_extension", "deny_extension", "withdraw_extension"
    }  # fmt: skip


def waits_for(user, issue) -> bool:
    """Whether the list counts the request under 待我答复; it must say what the actions offer."""
    user.__dict__.pop("_scope", None)
    listed = Extension.objects.filter(to_decide_q(user), issue=issue).exists()
    assert listed == ("grant_extension" in offered(user, issue))
    return listed


def test_more_time_is_granted_by_the_lead_and_the_first_date_stays(cast):
    issue = asked(cast)
    assert (issue.due_on, Extension.objects.get().old_due_on) == (DUE, DUE)
    assert Notice.objects.filter(kind="issue.ask_extension", recipient=cast.lead).count() == 1
    act(issue, "grant_extension", cast.lead)
    one = Extension.objects.get()
    assert (issue.due_on, issue.first_due_on, one.state, one.granted_due_on) == (LATER, DUE, "granted", LATER)
    assert Notice.objects.filter(kind="issue.grant_extension", recipient=cast.responsible).count() == 1
    event = issue.events.last()
    assert (event.data["due_before"], event.data["due_on"]) == (str(DUE), str(LATER))


@pytest.mark.parametrize(
    ("to", "words"),
    [(DUE, "晚于现行时限"), (NOON.date() + timedelta(days=366), "最长 365 天"), (None, "延至的日期")],
)
def test_a_date_lies_after_the_one_in_force_and_within_a_year(cast, to, words):
    with pytest.raises(Refused, match=words):
        asked(cast, to=to)


def test_beyond_90_days_granting_needs_words_counted_from_the_day_it_was_asked(cast):
    free, distant = NOON.date() + timedelta(days=90), NOON.date() + timedelta(days=91)
    act(asked(cast, to=free), "grant_extension", cast.lead, on(DUE))
    issue = asked(cast, to=distant)
    with pytest.raises(Refused, match="超过 90 天"):
        act(issue, "grant_extension", cast.lead, on(DUE))
    assert act(issue, "grant_extension", cast.lead, on(DUE), note="省级系统年底升级").due_on == distant


def test_it_is_asked_to_the_end_of_the_day_and_not_after(cast):
    assert Extension.objects.filter(issue=asked(cast, now=on(DUE))).exists()
    late = issue_in(cast, "rectifying")
    with pytest.raises(Conflict, match="已过，问题已经逾期"):
        asked(cast, late, now=on(DUE + timedelta(days=1)))
    with pytest.raises(Conflict, match="还没有整改时限"):
        asked(cast, issue_in(cast, "planning"))


def test_one_request_at_a_time_and_another_after_a_refusal(cast):
    issue = asked(cast)
    with pytest.raises(Conflict, match="待答复"):
        asked(cast, issue)
    with pytest.raises(Refused, match="原因"):
        act(issue, "deny_extension", cast.lead)
    act(issue, "deny_extension", cast.lead, note="已有足够时间")
    assert (issue.due_on, Extension.objects.get().state) == (DUE, "denied")
    act(asked(cast, issue), "withdraw_extension", cast.liaison)
    assert list(Extension.objects.order_by("id").values_list("state", flat=True)) == ["denied", "withdrawn"]
    with pytest.raises(Conflict, match="没有待答复"):
        act(issue, "grant_extension", cast.lead)


def test_the_lead_decides_and_the_office_where_the_lead_is_the_one_that_asks(cast):
    issue = asked(cast)
    assert (offered(cast.lead, issue), offered(cast.office, issue)) == ({"grant_extension", "deny_extension"}, set())
    assert (offered(cast.liaison, issue), offered(cast.supervisor, issue)) == ({"withdraw_extension"}, set())
    with pytest.raises(NotAllowed, match="由牵头单位答复"):
        act(issue, "grant_extension", cast.office)
    own = issue_in(cast, "rectifying")
    Issue.objects.filter(pk=own.pk).update(responsible_department=cast.lead_unit)
    grant_membership(user=cast.second_liaison, department=cast.lead_unit, role="liaison")
    own = Issue.objects.select_related("campaign", "walk").get(pk=own.pk)
    act(own, "ask_extension", cast.second_liaison, extension_to=LATER, note=REASON)
    assert (offered(cast.lead, own), offered(cast.office, own)) == (set(), {"grant_extension", "deny_extension"})
    assert (waits_for(cast.lead, issue), waits_for(cast.office, issue)) == (True, False)
    assert (waits_for(cast.lead, own), waits_for(cast.office, own)) == (False, True)


def test_nobody_decides_for_the_unit_that_asks_nor_on_the_own_request(cast):
    issue = asked(cast)
    grant_membership(user=cast.lead, department=cast.unit, role="deputy")
    cast.lead.__dict__.pop("_scope", None)
    assert not waits_for(cast.lead, issue)
    with pytest.raises(NotAllowed, match="您属于责任单位"):
        act(issue, "grant_extension", cast.lead)
    # Who works for the lead as well asks the office.
    act(issue, "withdraw_extension", cast.liaison)
    grant_membership(user=cast.liaison, department=cast.lead_unit, role="lead")
    cast.liaison.__dict__.pop("_scope", None)
    act(issue, "ask_extension", cast.liaison, extension_to=LATER, note=REASON)
    assert Extension.objects.latest("id").side == "office"
    with pytest.raises(NotAllowed, match="由统筹办答复"):
        act(issue, "grant_extension", cast.liaison)
    grant_membership(user=cast.second_liaison, department=cast.lead_unit, role="lead")
    assert not waits_for(cast.second_liaison, issue), "the office decides, not the rest of the lead"
    own = asked(cast)
    Membership.objects.filter(user=cast.responsible).update(department=cast.lead_unit, role="lead")
    assert not waits_for(cast.responsible, own), "who asked and works for the lead since"


def test_an_office_that_is_itself_the_lead_decides(cast):
    issue = issue_in(cast, "rectifying")
    Issue.objects.filter(pk=issue.pk).update(lead_department=cast.office_unit)
    issue = asked(cast, Issue.objects.select_related("campaign", "walk").get(pk=issue.pk))
    assert "grant_extension" in offered(cast.office, issue)


def test_a_request_hides_no_lateness_and_a_decision_after_expiry_still_counts(client, cast, clock):
    issue = asked(cast)
    clock.move_to(on(date(2022, 6, 30)))
    client.force_login(cast.lead)
    page = client.get(reverse("issue", args=[issue.number])).text
    assert "逾期 2 个工作日" in page
    assert "逾期的照常显示逾期" in page
    act(issue, "grant_extension", cast.lead, on(date(2022, 6, 30)))
    page = client.get(reverse("issue", args=[issue.number])).text
    assert "逾期 2 个工作日" not in page
    assert "整改时限的变化" in page
    assert f"{DUE} → {LATER}" in page


def test_a_distant_date_that_waits_for_confirmation_comes_first(cast):
    issue = issue_in(cast, "rectifying")
    Issue.objects.filter(pk=issue.pk).update(due_proposed_on=date(2022, 12, 1))
    issue.refresh_from_db()
    assert "ask_extension" not in offered(cast.responsible, issue)
    with pytest.raises(Conflict, match="正待确认"):
        asked(cast, issue)


def test_a_request_lapses_when_the_issue_is_struck_off(cast):
    issue = asked(cast)
    act(issue, "request_closing", cast.responsible, result="已更新")
    act(issue, "approve_closing", cast.lead)
    one = Extension.objects.get()
    assert (one.state, one.decided_by, one.words) == ("withdrawn", None, "问题已销号")
    joined = asked(cast)
    act(joined, "merge", cast.office, target=issue_in(cast, "rectifying").number, note="同一件")
    assert Extension.objects.get(issue=joined).words == "问题已并案"


def test_a_pause_while_it_waits_moves_the_date_that_is_granted(cast):
    issue = asked(cast)
    act(issue, "defer", cast.office, note="待上级", review_on=date(2022, 7, 20))
    act(issue, "resume", cast.office, now=on(date(2022, 6, 15)))
    act(issue, "grant_extension", cast.lead, on(date(2022, 6, 16)))
    assert (issue.due_on, issue.first_due_on) == (date(2022, 8, 5), DUE)


days = st.dates(date(2022, 1, 1), date(2023, 12, 31))


@given(old=days, more=st.integers(1, 300), pauses=st.lists(st.integers(0, 60), max_size=3), before=st.integers(0, 3))
def test_pauses_before_and_after_the_decision_come_to_the_same_date(old, more, pauses, before):
    wanted, add = old + timedelta(days=more), CALENDAR.add_workdays
    due = old
    for length in pauses[:before]:
        due = add(due, length)
    due = due_dates.extended_to(asked=wanted, old=old, due_on=due, calendar=CALENDAR)
    for length in pauses[before:]:
        due = add(due, length)
    assert due == add(wanted, sum(pauses))


def test_what_was_asked_and_what_was_answered_never_change(cast):
    act(asked(cast), "deny_extension", cast.lead, note="否")
    asked(cast)
    denied = Extension.objects.get(state="denied")
    with pytest.raises(IllegalTransition, match=f"已由{cast.lead}于"):
        extensions.end(denied, "withdraw", actor=cast.responsible, now=NOON)
    for change in ({"asked_due_on": DUE}, {"reason": "改"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Extension.objects.filter(state="asked").update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Extension.objects.filter(state="denied").update(words="改")
    with pytest.raises(DatabaseError), transaction.atomic():
        Extension.objects.all().delete()


def test_two_people_decide_and_the_second_is_told_and_keeps_the_words(client, cast):
    issue = asked(cast)
    url = reverse("issue_act", args=[issue.number, "deny_extension"])
    grant_membership(user=cast.second_liaison, department=cast.lead_unit, role="lead")
    client.force_login(cast.second_liaison)
    typed = fields_of(client.get(url).context["form"]) | {"note": "时间足够"}
    seen = Issue.objects.select_related("campaign", "walk").get(pk=issue.pk)
    act(issue, "grant_extension", cast.lead, note="系统七月升级")
    late = client.post(url, typed)
    assert (late.status_code, f"已由{cast.lead}于" in late.text, "时间足够" in late.text) == (409, True, True)
    assert Extension.objects.get().words == "系统七月升级"
    with pytest.raises(StaleVersion):
        lifecycle.perform(
            issue=seen,
            action="deny_extension",
            actor=cast.second_liaison,
            data={"note": "否"},
            version=seen.version - 1,
        )


def test_it_waits_for_who_decides_and_shows_for_who_asked(client, cast):
    issue = asked(cast)
    today = NOON.date()
    assert EXTENSION_AWAITS not in waiting_issues(cast.office, today=today)
    assert waiting_issues(cast.lead, today=today)[EXTENSION_AWAITS]["total"] == 1
    own = waiting_issues(cast.responsible, today=today)["rectifying"]["rows"]
    assert [(row["number"], row["asks_more"]) for row in own] == [(issue.number, True)]
    client.force_login(cast.lead)
    [group] = [one for one in client.get("/").context["groups"] if one["title"] == "延期申请待答复"]
    assert client.get(group["url"]).context["page"].total == group["total"] == 1
    client.force_login(cast.responsible)
    assert "延期申请待答复" in client.get("/").text
    page = client.get(reverse("issue_act", args=[issue_in(cast, "rectifying").number, "ask_extension"])).text
    assert f"答复以前仍按 {DUE} 计，申请不掩盖逾期；首次时限始终显示。" in page


def test_reminders_reach_who_decides_then_the_office_and_end_with_the_answer(cast):
    issue = asked(cast)
    assert make_extension_reminders(on(date(2022, 6, 24)))["new"] == 0
    make_extension_reminders(on(date(2022, 6, 27)))
    assert list(Notice.objects.filter(kind="reminder.extension.eve").values_list("recipient__username", flat=True)) == [
        "lead"
    ]
    assert make_extension_reminders(on(date(2022, 6, 29)))["new"] == 3
    assert make_extension_reminders(on(date(2022, 6, 29)))["new"] == 0
    act(issue, "grant_extension", cast.lead, on(date(2022, 6, 29)))
    make_extension_reminders(on(date(2022, 6, 29)))
    assert not Notice.objects.filter(kind__startswith="reminder.extension", closed_at=None).exists()
    other = asked(cast)
    with without_triggers("issues_extension"):
        Extension.objects.filter(issue=other).update(side="office")
    make_extension_reminders(on(date(2022, 6, 27)))
    told = Notice.objects.filter(kind="reminder.extension.eve", text__contains=other.number)
    assert sorted(told.values_list("recipient__username", flat=True)) == ["office", "office_second"]


def test_the_list_filters_counts_and_exports_what_it_shows(client, cast):
    act(asked(cast), "deny_extension", cast.lead, note="时间足够")
    open_one = asked(cast)
    client.force_login(cast.lead)
    page = client.get("/extensions/?tab=mine")
    assert [row["issue__number"] for row in page.context["page"].rows] == [open_one.number]
    facts = Extension.objects.filter(state="denied").values(
        "round", "side", "old_due_on", "asked_due_on", "asked_by_id"
    )
    other = {
        "issue": issue_in(cast, "rectifying"),
        "department": cast.second_unit,
        "asked_at": NOON,
        "state": "withdrawn",
    }
    Extension.objects.create(**facts.get(), **other)
    assert client.get(f"/extensions/?tab=all&department={cast.second_unit.pk}").context["page"].total == 1
    answer = client.get(f"/extensions/export/?tab=all&campaign={cast.campaign.code}")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    texts = [cell.value for row in sheet.iter_rows() for cell in row]
    assert (texts.count("待答复"), texts.count("时间足够"), texts.count(REASON)) == (1, 1, 2)
    client.force_login(cast.second_liaison)
    assert client.get("/extensions/?tab=all").context["page"].total == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_whatever_it_holds(client, cast, rows, django_assert_num_queries):
    for _ in range(rows):
        asked(cast)
    client.force_login(cast.lead)
    client.get("/extensions/")
    with django_assert_num_queries(9):
        assert client.get("/extensions/").status_code == 200


def test_the_api_asks_for_more_time(client, cast):
    issue = issue_in(cast, "rectifying")
    client.force_login(cast.responsible)
    answer = client.post(
        f"/api/v1/issues/{issue.number}/actions/ask_extension/",
        {"extension_to": str(LATER), "note": REASON},
        content_type="application/json",
        headers={"Idempotency-Key": "k" * 20, "If-Match": f'"{issue.version}"'},
    )
    assert (answer.status_code, Extension.objects.count()) == (200, 1)
