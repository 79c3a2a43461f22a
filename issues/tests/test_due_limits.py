"""整改时限: free up to 90 calendar days, confirmed up to 365, refused beyond; what is proposed does not count yet."""

from datetime import date, timedelta

import pytest

from accounts.domain.memberships import grant_membership
from core.exceptions import Conflict, NotAllowed, Refused
from issues.domain import lifecycle
from issues.domain.inbox import DUE_AWAITS, waiting_issues
from issues.models import Issue
from notifications.models import Notice
from tests.cast import NOON, issue_in, reported_walk

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


def plan(cast, issue, days: int, **data):
    given = {"responsible_name": "张三", "measures": "改系统", "due_on": TODAY + timedelta(days=days), **data}
    return lifecycle.perform(issue=issue, action="plan", actor=cast.liaison, data=given, now=NOON)


def act(issue, action, actor, **data):
    return lifecycle.perform(issue=issue, action=action, actor=actor, data=data, now=NOON)


def decide(issue, action, actor, now):
    return lifecycle.perform(issue=issue, action=action, actor=actor, data={"note": "须改省级系统"}, now=now)


def on_day(days: int):
    return NOON + timedelta(days=days)


def groups(user):
    return {task: group["total"] for task, group in waiting_issues(user, today=TODAY).items()}


@pytest.mark.parametrize(("days", "in_force", "awaits"), [(90, 90, False), (91, 90, True), (365, 90, True)])
def test_a_date_of_up_to_90_days_counts_at_once_a_later_one_when_it_is_confirmed(cast, days, in_force, awaits):
    issue = plan(cast, issue_in(cast, "planning"), days)
    assert (issue.due_on, issue.state) == (TODAY + timedelta(days=in_force), "rectifying")
    assert issue.due_proposed_on == (TODAY + timedelta(days=days) if awaits else None)
    assert (groups(cast.lead).get(DUE_AWAITS, 0), groups(cast.office).get(DUE_AWAITS, 0)) == (int(awaits), 0)


@pytest.mark.parametrize("day", [TODAY + timedelta(days=366), date(2099, 12, 31)])
def test_a_date_beyond_a_year_is_refused_wherever_one_is_set(cast, day):
    _, [registered] = reported_walk(cast, proposed=cast.second_unit)
    closed, planning, referred = (issue_in(cast, state) for state in ("closed", "planning", "referred"))
    Issue.objects.filter(pk=referred.pk).update(due_on=None, first_due_on=None)
    referred.refresh_from_db()
    for issue, action, actor, data in (
        (planning, "plan", cast.liaison, {"responsible_name": "张三", "measures": "改"}),
        (registered, "assign", cast.lead, {"department": cast.second_unit, "note": "须改系统"}),
        (closed, "look_back_fail", cast.office, {"note": "又出现"}),
        (referred, "resume", cast.office, {}),
    ):
        with pytest.raises(Refused) as refused:
            act(issue, action, actor, due_on=day, **data)
        assert refused.value.fields == {"due_on": "整改时限最长 365 天（至 2023-06-08），请改填"}


def test_the_lead_confirms_with_a_reason_and_the_first_date_stays(client, cast):
    issue = plan(cast, issue_in(cast, "planning"), 200)
    assert Notice.objects.filter(kind="issue.due_proposed", recipient=cast.lead).count() == 1
    url = f"/issues/{issue.number}/"
    client.force_login(cast.lead)
    assert "待牵头单位确认；确认前按 2022-09-06 计" in client.get(url).text
    assert client.get("/issues/?tab=mine&due_awaits=1").context["page"].total == 1
    form = client.get(f"{url}confirm_due/")
    assert "提出整改时限 2022-12-25，超过 90 天" in form.text
    sent = {"idempotency_key": form.context["form"]["idempotency_key"].value(), "version": issue.version}
    assert client.post(f"{url}confirm_due/", sent | {"note": ""}).status_code == 400
    assert client.post(f"{url}confirm_due/", sent | {"note": "须改省级系统"}).status_code == 302
    issue = Issue.objects.get(pk=issue.pk)
    assert (issue.due_on, issue.first_due_on, issue.due_proposed_on) == (date(2022, 12, 25), date(2022, 9, 6), None)
    assert groups(cast.lead).get(DUE_AWAITS) is None
    with pytest.raises(Conflict):
        act(issue, "confirm_due", cast.lead, note="再次")


def test_confirming_takes_no_lateness_away(client, cast, clock):
    late, in_time = (plan(cast, issue_in(cast, "planning"), 200) for _ in range(2))
    clock.move_to(on_day(90))
    assert "confirm_due" in [row.action for row in lifecycle.available(cast.lead, late)]
    decide(in_time, "confirm_due", cast.lead, on_day(90))
    assert in_time.due_on == date(2022, 12, 25)
    clock.move_to(on_day(91))
    with pytest.raises(Conflict, match="2022-09-06 已过"):
        decide(late, "confirm_due", cast.lead, on_day(91))
    assert "confirm_due" not in [row.action for row in lifecycle.available(cast.lead, late)]
    client.force_login(cast.lead)
    for page in ("", "refuse_due/"):
        assert "2022-09-06 已过，不能再确认" in client.get(f"/issues/{late.number}/{page}").text
    decide(late, "refuse_due", cast.lead, on_day(91))
    assert (late.due_on, late.due_proposed_on) == (date(2022, 9, 6), None)


def test_what_is_refused_leaves_the_free_date(cast):
    issue = plan(cast, issue_in(cast, "planning"), 200)
    act(issue, "refuse_due", cast.lead, note="不需要这么久")
    assert (issue.due_on, issue.due_proposed_on) == (date(2022, 9, 6), None)


def test_the_office_confirms_where_the_lead_is_itself_responsible(cast):
    issue = plan(cast, issue_in(cast, "planning"), 200)
    for actor in (cast.office, cast.liaison, cast.supervisor):
        with pytest.raises(NotAllowed):
            act(issue, "confirm_due", actor, note="同意")
    Issue.objects.filter(pk=issue.pk).update(responsible_department=cast.lead_unit)
    issue = Issue.objects.get(pk=issue.pk)
    with pytest.raises(NotAllowed):
        act(issue, "confirm_due", cast.lead, note="同意")
    assert (groups(cast.lead).get(DUE_AWAITS), groups(cast.office).get(DUE_AWAITS)) == (None, 1)
    act(issue, "confirm_due", cast.office, note="同意")
    assert issue.due_on == TODAY + timedelta(days=200)


def test_who_proposed_it_does_not_confirm_it_in_another_part(cast):
    issue = plan(cast, issue_in(cast, "planning"), 200)
    grant_membership(user=cast.liaison, department=cast.lead_unit, role="lead")
    cast.liaison.__dict__.pop("_scope", None)
    with pytest.raises(NotAllowed):
        act(issue, "confirm_due", cast.liaison, note="同意")
    assert DUE_AWAITS not in groups(cast.liaison)


def test_the_lead_that_sets_a_distant_date_gives_its_reason_and_the_office_waits_for_the_lead(cast):
    found = [reported_walk(cast, proposed=cast.second_unit)[1][0] for _ in range(2)]
    data = {"department": cast.second_unit, "due_on": TODAY + timedelta(days=120)}
    with pytest.raises(Refused) as refused:
        act(found[0], "assign", cast.lead, **data)
    assert list(refused.value.fields) == ["note"]
    by_lead = act(found[0], "assign", cast.lead, **data, note="须改省级系统")
    by_office = act(found[1], "assign", cast.office, **data)
    assert [one.due_on for one in (by_lead, by_office)] == [TODAY + timedelta(days=120), TODAY + timedelta(days=90)]
    assert groups(cast.lead)[DUE_AWAITS] == 1
