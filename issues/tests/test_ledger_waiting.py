"""等我办: an issue waits for a person when, and only when, that person has the next move."""

import pytest

from campaigns.models import RuleVersion
from core.exceptions import NotAllowed
from issues.domain.ledger import in_view, waiting_for
from issues.domain.lifecycle import available, perform
from issues.domain.queries import issues_visible_to
from issues.models import Issue
from tests.cast import NOON, build_cast, issue_in, reported_walk
from tests.database import without_triggers
from tests.replay import replayed

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


def build():
    cast = build_cast()
    issues = {state: issue_in(cast, state) for state in STATES}
    _, [issues["to_assign"]] = reported_walk(cast, proposed=cast.second_unit)
    return cast, issues


@pytest.fixture
def county(db, clock):
    return replayed("an issue for everybody", build)


@pytest.fixture
def cast(county):
    return county[0]


@pytest.fixture
def ledger(county):
    return county[1]


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


def test_where_the_office_alone_strikes_off_the_lead_neither_waits_nor_may(cast, ledger):
    version = cast.campaign.rule_versions.get()
    data = {**version.data, "rectification": {**version.data["rectification"], "strike_off": "office"}}
    with without_triggers("campaigns_ruleversion"):
        RuleVersion.objects.filter(pk=version.pk).update(data=data)
    closing = Issue.objects.get(pk=ledger["closing"].pk)
    for persona, is_theirs in (("lead", False), ("office", True)):
        user = cast.people[persona]
        assert waiting_for(user, issues_visible_to(user)).filter(pk=closing.pk).exists() is is_theirs
        offered = {row.action for row in available(user, closing)}
        assert offered & {"approve_closing", "return_closing"} == (
            {"approve_closing", "return_closing"} if is_theirs else set()
        )
    for action in ("approve_closing", "return_closing"):
        with pytest.raises(NotAllowed, match="由统筹办销号"):
            perform(issue=closing, action=action, actor=cast.lead, data={"note": "已核实"}, now=NOON)
