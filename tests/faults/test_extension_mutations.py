"""Guards of more time (延期): each is removed once, and its proof must fail without it."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from accounts.models import Membership
from core.exceptions import Conflict, NotAllowed, Refused
from issues.domain import lifecycle
from issues.domain.extensions.queries import extensions_visible_to
from issues.models import Extension, Issue
from tests.cast import NOON, issue_in
from tests.faults.fault import Fault, FaultTests, no_triggers, replaced, rewritten
from tests.faults.test_decision_mutations import joins

pytestmark = pytest.mark.django_db
GUARDS, LATER = "issues.domain.guards", date(2022, 7, 29)


def agree(ctx):
    return {}


def act(issue, action, actor, now=NOON, **data):
    return lifecycle.perform(issue=issue, action=action, actor=actor, data=data, now=now)


def asked(cast, issue=None, **data):
    issue = issue or issue_in(cast, "rectifying")
    given = {"extension_to": LATER, "note": "待系统升级"} | data
    return act(issue, "ask_extension", cast.responsible, **given)


def more_time_is_asked_for_before_the_date_has_passed(cast):
    with pytest.raises(Conflict):
        asked(cast, now=NOON + timedelta(days=21))


def one_request_is_open_at_a_time(cast):
    issue = asked(cast)
    with pytest.raises(Conflict):
        asked(cast, issue)


def no_more_time_while_a_distant_date_waits(cast):
    issue = issue_in(cast, "rectifying")
    Issue.objects.filter(pk=issue.pk).update(due_proposed_on=date(2022, 12, 1))
    issue.refresh_from_db()
    with pytest.raises(Conflict):
        asked(cast, issue)


def more_time_ends_within_a_year(cast):
    with pytest.raises(Refused):
        asked(cast, extension_to=NOON.date() + timedelta(days=366))


def the_unit_that_asks_does_not_decide(cast):
    issue = asked(cast)
    joins(cast.lead, issue.responsible_department)
    with pytest.raises(NotAllowed):
        act(issue, "grant_extension", cast.lead)


def the_office_leaves_it_to_the_lead(cast):
    issue = asked(cast)
    with pytest.raises(NotAllowed):
        act(issue, "grant_extension", cast.office)


def who_asked_and_then_moved_to_the_lead_does_not_decide(cast):
    issue = asked(cast)
    Membership.objects.filter(user=cast.responsible).update(department=cast.lead_unit, role="lead")
    cast.responsible.__dict__.pop("_scope", None)
    with pytest.raises(NotAllowed):
        act(issue, "grant_extension", cast.responsible)


def a_distant_date_is_granted_with_words(cast):
    issue = asked(cast, extension_to=NOON.date() + timedelta(days=120))
    with pytest.raises(Refused):
        act(issue, "grant_extension", cast.lead)


def a_request_that_was_answered_never_changes(cast):
    act(asked(cast), "deny_extension", cast.lead, note="时间足够")
    with pytest.raises(DatabaseError), transaction.atomic():
        Extension.objects.update(words="改")


def a_request_is_seen_with_its_issue_alone(cast):
    asked(cast)
    assert not extensions_visible_to(cast.second_liaison).exists()


FAULTS = (
    Fault(more_time_is_asked_for_before_the_date_has_passed, replaced(f"{GUARDS}.not_yet_expired", agree)),
    Fault(
        one_request_is_open_at_a_time, rewritten(f"{GUARDS}.no_open_extension", "ctx.extension is not None", "False")
    ),
    Fault(
        no_more_time_while_a_distant_date_waits,
        rewritten(f"{GUARDS}.no_open_extension", "ctx.issue.due_proposed_on is not None", "False"),
    ),
    Fault(
        more_time_ends_within_a_year,
        rewritten(f"{GUARDS}.extension_date", "asked > due_dates.longest(ctx.today)", "False"),
    ),
    Fault(
        the_unit_that_asks_does_not_decide,
        rewritten(
            f"{GUARDS}.extension_decider",
            "ctx.issue.responsible_department_id in ctx.actor_departments",
            "False",
        ),
    ),
    Fault(
        the_office_leaves_it_to_the_lead,
        rewritten(f"{GUARDS}.extension_decider", "extension.side not in ctx.actors", "False"),
    ),
    Fault(
        who_asked_and_then_moved_to_the_lead_does_not_decide,
        rewritten(f"{GUARDS}.extension_decider", "extension.asked_by_id == ctx.person.pk", "False"),
    ),
    Fault(a_distant_date_is_granted_with_words, replaced(f"{GUARDS}.reason_if_distant", agree)),
    Fault(a_request_that_was_answered_never_changes, no_triggers("issues_extension")),
    Fault(
        a_request_is_seen_with_its_issue_alone,
        replaced("issues.domain.extensions.queries.issues_visible_to", lambda user: Issue.objects.all()),
    ),
)


class TestFaults(FaultTests):
    also = (Conflict, NotAllowed)
