"""Guards of a unit that is asked to look back: each is removed once, and its proof must fail without it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from accounts.models import User
from core.exceptions import Conflict, DomainError, NotAllowed, Refused
from issues.domain.lookback import asking, queries, reminders
from issues.models import Issue, LookBack, LookBackRequest
from notifications.models import Notice
from tests.cast import NOON, covert_walk
from tests.database import without_triggers
from tests.faults.fault import Fault, FaultTests, replaced, rewritten
from tests.faults.test_look_back_mutations import struck_off

THEN = NOON + timedelta(days=31)
pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.clock(THEN)]
ASKING = "issues.domain.lookback.asking"


def asked(cast, issue=None, **data) -> LookBackRequest:
    given = {"department": cast.unit, "due_on": THEN.date(), "note": "", "actor": cast.office, "now": THEN} | data
    made = asking.ask(issue=issue or struck_off(cast), **given)
    return LookBackRequest.objects.select_related(*asking.NAMED).get(pk=made.pk)


def the_office_alone_asks(cast):
    with pytest.raises(NotAllowed):
        asked(cast, actor=cast.lead)


def the_responsible_unit_is_not_asked(cast):
    with pytest.raises(Refused):
        asked(cast, department=cast.second_unit)


def a_day_beyond_the_free_ones_is_refused(cast):
    with pytest.raises(Refused):
        asked(cast, due_on=THEN.date() + timedelta(days=200))


def one_unit_is_asked_at_a_time(cast):
    issue = struck_off(cast)
    asked(cast, issue)
    with pytest.raises(Conflict):
        asked(cast, issue, department=cast.lead_unit)


def what_is_not_struck_off_is_not_asked_about(cast):
    with pytest.raises(Conflict):
        asked(cast, struck_off(cast, state="verified"))


def the_responsible_unit_reads_no_request(cast):
    asked(cast)
    assert asking.requests_visible_to(cast.liaison).exists()
    assert not asking.requests_visible_to(cast.second_liaison).exists()


def another_county_reads_no_request(cast):
    asked(cast)
    assert not asking.requests_visible_to(cast.office_other_county).exists()


def nobody_but_the_unit_is_told(cast):
    asked(cast)
    told = set(Notice.objects.filter(kind="look_back.asked").values_list("recipient__username", flat=True))
    assert told == {"principal", "liaison"}


def a_request_is_taken_back_with_a_reason(cast):
    with pytest.raises(Refused):
        asking.withdraw(request=asked(cast), reason=" ", actor=cast.office, now=THEN)


def the_office_alone_takes_back(cast):
    with pytest.raises(NotAllowed):
        asking.withdraw(request=asked(cast), reason="不再需要", actor=cast.liaison, now=THEN)


def what_was_done_is_not_taken_back(cast):
    request = asked(cast)
    Issue.objects.update(state="verified")
    with pytest.raises(Conflict):
        asking.withdraw(request=request, reason="不再需要", actor=cast.office, now=THEN)


def only_the_unit_that_was_asked_binds_what_it_does_not_see(cast):
    issue = struck_off(cast)
    with without_triggers("issues_issue"):
        Issue.objects.filter(pk=issue.pk).update(discovering_department=cast.lead_unit, reported_by=cast.lead)
    asked(cast, issue, department=cast.lead_unit)
    assert not queries.issues_to_bind(covert_walk(cast), cast.principal).exists()


def a_covert_walk_keeps_no_reminder_away(cast):
    issue = struck_off(cast, track="on_spot")
    LookBack.objects.create(issue=issue, walk=covert_walk(cast), round=1, bound_by=cast.principal, bound_at=THEN)
    assert reminders.make_look_back_reminders(THEN)["new"] == 2


def what_a_unit_was_asked_reminds_nobody_else(cast):
    asked(cast, struck_off(cast, track="on_spot"), due_on=THEN.date() + timedelta(days=20))
    assert reminders.make_look_back_reminders(THEN)["new"] == 0


def everybody(*, department_ids, roles):
    return {department_ids[0]: dict.fromkeys(User.objects.filter(is_active=True).values_list("pk", flat=True), "")}


VISIBLE = f"{ASKING}.requests_visible_to"
QUERIES = "issues.domain.lookback.queries"
FAULTS = (
    Fault(the_office_alone_asks, replaced(f"{ASKING}.require_office", lambda user, campaign: None)),
    Fault(
        the_responsible_unit_is_not_asked,
        rewritten(f"{ASKING}.units_to_ask", "pk != issue.responsible_department_id", "True"),
    ),
    Fault(a_day_beyond_the_free_ones_is_refused, rewritten(f"{ASKING}.ask", "not today <= due_on <= last", "False")),
    Fault(
        one_unit_is_asked_at_a_time,
        rewritten(f"{ASKING}.require_askable", "open_requests().filter(issue=issue)", "open_requests().none()"),
    ),
    Fault(
        what_is_not_struck_off_is_not_asked_about,
        rewritten(f"{ASKING}.require_askable", "issue.state != IssueState.CLOSED", "False"),
    ),
    Fault(the_responsible_unit_reads_no_request, rewritten(VISIBLE, "Q(department_id__in=scope.units)", "Q(pk__gt=0)")),
    Fault(
        another_county_reads_no_request,
        rewritten(VISIBLE, "Q(campaign__region_id__in=scope.read_regions)", "Q(pk__gt=0)"),
    ),
    Fault(nobody_but_the_unit_is_told, replaced("issues.domain.lookback.notices.rights_with_role", everybody)),
    Fault(a_request_is_taken_back_with_a_reason, rewritten(f"{ASKING}.withdraw", "not reason.strip()", "False")),
    Fault(the_office_alone_takes_back, replaced(f"{ASKING}.require_office", lambda user, campaign: None)),
    Fault(what_was_done_is_not_taken_back, replaced(f"{ASKING}.require_open", lambda request: None)),
    Fault(
        only_the_unit_that_was_asked_binds_what_it_does_not_see,
        lambda: [
            *rewritten(f"{QUERIES}.issues_to_bind", ", department_id=walk.department_id", "")(),
            *replaced(f"{QUERIES}.requests_visible_to", lambda user: LookBackRequest.objects.all())(),
        ],
    ),
    Fault(
        a_covert_walk_keeps_no_reminder_away,
        rewritten("issues.domain.lookback.reminders._due", 'not_hidden("walk__"), ', ""),
    ),
    Fault(
        what_a_unit_was_asked_reminds_nobody_else,
        rewritten(
            "issues.domain.lookback.reminders._due",
            "open_requests().filter(issue",
            "open_requests().none().filter(issue",
        ),
    ),
)


class TestGuardsOfRequests(FaultTests):
    also = (DomainError, IntegrityError)
