"""Who has the next move is told of it: notices, 等我办 and guards follow one rule."""

from itertools import product

import pytest

from issues.domain import deciders, lifecycle
from issues.domain.ledger import waiting_for
from issues.domain.queries import issues_visible_to
from issues.enums import Actor
from issues.models import Issue
from notifications.models import Notice
from tests.cast import NOON, issue_in
from tests.database import without_triggers

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DECIDES = {"request_closing": "approve_closing", "fix_on_spot": "approve_closing", "dispute": "assign"}


def told(issue, kind):
    return set(Notice.objects.filter(kind=f"issue.{kind}").values_list("recipient__username", flat=True))


def office_alone(cast):
    version = cast.campaign.rule_versions.get()
    data = {**version.data, "rectification": {**version.data["rectification"], "strike_off": "office"}}
    with without_triggers("campaigns_ruleversion"):
        type(version).objects.filter(pk=version.pk).update(data=data)


def everybody_told_may_act(cast, issue, action) -> None:
    for name in told(issue, action):
        user = cast.people[name]
        assert waiting_for(user, issues_visible_to(user)).filter(pk=issue.pk).exists()
        assert DECIDES[action] in {row.action for row in lifecycle.available(user, issue)}


def test_a_second_dispute_tells_the_office(cast):
    issue = issue_in(cast, "disputed")
    assert told(issue, "dispute") == {"lead"}
    everybody_told_may_act(cast, issue, "dispute")
    act = lifecycle.perform
    act(issue=issue, action="assign", actor=cast.lead, data={"department": cast.second_unit}, now=NOON)
    Notice.objects.all().delete()
    act(issue=issue, action="dispute", actor=cast.second_liaison, data={"note": "不属本单位职责"}, now=NOON)
    assert told(issue, "dispute") == {"office", "office_second"}
    everybody_told_may_act(cast, issue, "dispute")


@pytest.mark.parametrize(
    ("state", "action", "data"),
    [
        ("rectifying", "request_closing", {"result": "好"}),
        ("registered", "fix_on_spot", {"measures": "改", "done_on": NOON.date(), "result": "好"}),
    ],
)
def test_where_the_office_strikes_off_the_office_is_told(cast, state, action, data):
    issue = issue_in(cast, state)
    office_alone(cast)
    issue = Issue.objects.get(pk=issue.pk)
    lifecycle.perform(issue=issue, action=action, actor=cast.liaison, data=data, now=NOON)
    assert told(issue, action) == {"office", "office_second"}
    everybody_told_may_act(cast, issue, action)


def test_the_conditions_say_of_rows_what_the_functions_say_of_one(cast):
    issue = issue_in(cast, "closing")
    for alone in (False, True):
        if alone:
            office_alone(cast)
        for disputes, unit in product((0, 1, 2, 3), (cast.lead_unit, cast.unit)):
            Issue.objects.filter(pk=issue.pk).update(disputes=disputes, responsible_department=unit)
            holds = {
                name: Issue.objects.filter(condition, pk=issue.pk).exists()
                for name, condition in {
                    "dispute": deciders.LEAD_DECIDES_DISPUTE,
                    "strike_off": deciders.LEAD_STRIKES_OFF & ~deciders.LEAD_IS_RESPONSIBLE,
                    "due": ~deciders.LEAD_IS_RESPONSIBLE,
                }.items()
            }
            ids = {"lead_id": cast.lead_unit.pk, "responsible_id": unit.pk}
            rule = "office" if alone else "lead"
            said = {
                "dispute": deciders.dispute_decided_by(disputes),
                "strike_off": deciders.struck_off_by(strike_off=rule, **ids),
                "due": deciders.due_dates.confirmed_by(**ids),
            }
            assert holds == {name: side == Actor.LEAD for name, side in said.items()}
