"""Rule 4: the party bound by a date neither puts it off nor stops its clock, whatever else that party may do."""

from datetime import date

import pytest

from accounts.domain.memberships import grant_membership
from core.exceptions import NotAllowed, Refused
from issues.domain import lifecycle
from issues.models import Issue
from tests.cast import NOON, _person, issue_in, reported_walk

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DUE, LATER, REVIEW = date(2022, 6, 28), date(2022, 9, 1), date(2022, 7, 20)
STOPS = {"defer": {"note": "需要时间", "review_on": REVIEW}, "refer": {"referred_to": "市民政局"}}


def act(issue, action, actor, **data):
    return lifecycle.perform(issue=issue, action=action, actor=actor, data=data, now=NOON)


def of_the_office(cast, state="rectifying"):
    """An issue of which the coordinating office is itself the responsible unit."""
    issue = issue_in(cast, state)
    Issue.objects.filter(pk=issue.pk).update(responsible_department=cast.office_unit)
    return Issue.objects.get(pk=issue.pk)


def offered(user, issue):
    return {row.action for row in lifecycle.available(user, issue)}


def test_a_lead_that_is_responsible_assigns_anew_but_does_not_put_off_the_date(cast):
    own = _person(cast, "lead_liaison", cast.lead_unit, "liaison")
    _, [issue] = reported_walk(cast, proposed=cast.lead_unit)
    act(issue, "assign", cast.office, department=cast.lead_unit, due_on=DUE)
    act(issue, "dispute", own, note="不属本单位职责")
    with pytest.raises(Refused) as refused:
        act(issue, "assign", cast.lead, department=cast.lead_unit, due_on=LATER, note="仍由本单位办理")
    assert list(refused.value.fields) == ["due_on"]
    act(issue, "assign", cast.lead, department=cast.lead_unit)
    assert (issue.state, issue.due_on) == ("assigned", DUE)


def test_the_office_sets_another_units_date_and_the_lead_that_of_a_unit_not_its_own(cast):
    issue = issue_in(cast, "disputed")
    act(issue, "assign", cast.lead, department=cast.unit, due_on=LATER, note="窗口属该单位")
    assert issue.due_on == LATER


@pytest.mark.parametrize("action", STOPS)
def test_the_office_does_not_stop_its_own_clock_the_lead_decides(cast, action):
    issue = of_the_office(cast)
    assert action not in offered(cast.office, issue)
    with pytest.raises(NotAllowed, match="您属于责任单位"):
        act(issue, action, cast.office, **STOPS[action])
    act(issue, action, cast.lead, **STOPS[action])
    assert issue.state in ("deferred", "referred")
    with pytest.raises(NotAllowed, match="您属于责任单位"):
        act(issue, "resume", cast.office)
    act(issue, "resume", cast.lead)
    assert issue.state == "rectifying"


def test_of_another_unit_the_office_decides_and_not_the_lead(cast):
    issue = issue_in(cast, "rectifying")
    assert not {"defer", "refer"} & offered(cast.lead, issue)
    with pytest.raises(NotAllowed, match="由统筹办办理"):
        act(issue, "defer", cast.lead, **STOPS["defer"])
    act(issue, "defer", cast.office, **STOPS["defer"])


def test_somebody_of_the_responsible_unit_who_is_also_of_the_office_is_bound(cast):
    issue = issue_in(cast, "rectifying")
    grant_membership(user=cast.liaison, department=cast.office_unit, role="office")
    cast.liaison.__dict__.pop("_scope", None)
    with pytest.raises(NotAllowed, match="您属于责任单位"):
        act(issue, "defer", cast.liaison, **STOPS["defer"])
