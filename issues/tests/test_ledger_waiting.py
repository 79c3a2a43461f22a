"""待我办: an issue waits for a person when, and only when, that person has the next move."""

import pytest

from issues.domain.ledger import in_view, waiting_for
from issues.domain.lifecycle import available
from issues.domain.queries import issues_visible_to
from issues.models import Issue
from tests.cast import NOON, issue_in, reported_walk

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
STATES = ("registered", "assigned", "disputed", "planning", "rectifying", "deferred", "referred", "closing", "closed")
EXPECTED = {
    "principal": {"registered", "planning", "rectifying"},
    "liaison": {"registered", "planning", "rectifying"},
    "responsible": {"planning", "rectifying"},
    "second_liaison": {"assigned"},
    "lead": {"to_assign", "disputed", "closing"},
    "office": {"to_assign", "disputed", "closing"},
    "office_city": set(),
    "supervisor": set(),
    "namesake": set(),
    "office_other_county": set(),
    "sysadmin": set(),
}


@pytest.fixture
def ledger(cast):
    issues = {state: issue_in(cast, state) for state in STATES}
    _, [issues["to_assign"]] = reported_walk(cast, proposed=cast.second_unit)
    return issues


def test_each_person_finds_exactly_their_own_moves_and_may_make_them(cast, ledger, subtests):
    for persona, expected in EXPECTED.items():
        with subtests.test(persona):
            user = cast.people[persona]
            waiting = list(waiting_for(user, issues_visible_to(user)))
            assert {issue.pk for issue in waiting} == {ledger[name].pk for name in expected}
            assert all(available(user, issue) for issue in waiting)
            assert set(in_view(issues_visible_to(user), "mine", user, NOON.date())) == set(waiting)


def test_a_lead_that_is_itself_responsible_leaves_the_closing_to_the_office(cast, ledger):
    Issue.objects.filter(pk=ledger["closing"].pk).update(responsible_department=cast.lead_unit)
    assert ledger["closing"] not in waiting_for(cast.lead, issues_visible_to(cast.lead))
    assert ledger["closing"] in waiting_for(cast.office, issues_visible_to(cast.office))


def test_a_second_dispute_waits_for_the_office_alone(cast, ledger):
    Issue.objects.filter(pk=ledger["disputed"].pk).update(disputes=2)
    assert ledger["disputed"] not in waiting_for(cast.lead, issues_visible_to(cast.lead))
    assert ledger["disputed"] in waiting_for(cast.office, issues_visible_to(cast.office))
