"""Guards of 来件: each is removed once, and its proof must fail without it."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import DatabaseError, transaction

from core.exceptions import Conflict, DomainError, NotAllowed, Refused
from issues.domain import lifecycle
from issues.domain.effects import EFFECTS
from issues.domain.incoming import queries, records
from issues.domain.incoming.reporter import Reporter
from issues.models import Incoming, Issue
from tests.cast import NOON, Cast, issue_in
from tests.faults.fault import Fault, FaultTests, no_triggers, replaced, rewritten

pytestmark = pytest.mark.django_db
RECORDS = "issues.domain.incoming.records"


def entered(cast: Cast, actor=None, **data):
    given = {"source": "hotline", "description": "跑两次", "found_on": NOON.date(), "told": Reporter(name="甲某")}
    return records.enter(campaign=cast.campaign, actor=actor or cast.office, now=NOON, **(given | data))


def office_and_leads_alone_enter(cast):
    with pytest.raises(NotAllowed):
        entered(cast, cast.liaison)


def a_walk_is_not_entered_by_hand(cast):
    with pytest.raises(Refused):
        entered(cast, source="walk")


def no_day_to_come_is_entered(cast):
    with pytest.raises(Refused):
        entered(cast, found_on=NOON.date() + timedelta(days=9))


def no_unit_of_another_region_is_named(cast):
    with pytest.raises(Refused):
        entered(cast, unit=cast.namesake_unit)


def a_case_is_entered_once(cast):
    entered(cast, source_number="GD-1")
    with pytest.raises(Refused):
        entered(cast, source_number="GD-1")


def a_case_unseen_gives_no_hint(cast):
    entered(cast, source_number="GD-1")
    assert entered(cast, cast.lead, source_number="GD-1").number


def the_number_is_masked_before_it_is_kept(cast):
    entered(cast, told=Reporter(phone="13800001111"))
    assert Incoming.objects.get().phone == "138****1111"


def the_unit_is_not_told_who_reported_it(cast):
    issue = entered(cast)
    lifecycle.perform(issue=issue, action="assign", actor=cast.office, data={"department": cast.lead_unit}, now=NOON)
    Issue.objects.filter(pk=issue.pk).update(lead_department=cast.lead_unit)
    assert not queries.reads_reporter(cast.lead, Issue.objects.select_related("campaign").get(pk=issue.pk))


def the_history_does_not_tell_the_answer(cast):
    issue = entered(cast)
    lifecycle.perform(issue=issue, action="note_reply", actor=cast.office, data={"reply": "已告知甲某"}, now=NOON)
    assert "甲某" not in issue.events.last().note


def what_a_walk_found_is_not_answered(cast):
    issue, data = issue_in(cast, "planning"), {"reply": "好"}
    with pytest.raises(Conflict):
        lifecycle.perform(issue=issue, action="note_reply", actor=cast.office, data=data, now=NOON)


def an_empty_answer_is_refused(cast):
    with pytest.raises(Refused):
        lifecycle.perform(issue=entered(cast), action="note_reply", actor=cast.office, data={}, now=NOON)


def what_was_erased_stays_erased(cast):
    records.erase(issue=entered(cast), actor=cast.office, reason="本人申请")
    with pytest.raises(DatabaseError), transaction.atomic():
        Incoming.objects.update(name="甲某")


def an_amendment_changes_something(cast):
    with pytest.raises(Refused):
        lifecycle.perform(issue=entered(cast), action="amend", actor=cast.office, data={"remark": ""}, now=NOON)


def told_in_full(ctx):
    ctx.extra["told"] = ctx.data["reply"]
    return {}


FAULTS = [
    Fault(office_and_leads_alone_enter, replaced(f"{RECORDS}.require_desk", lambda user, campaign: campaign.office)),
    Fault(a_walk_is_not_entered_by_hand, rewritten(f"{RECORDS}._missing", "source not in BY_HAND", "False")),
    Fault(
        no_day_to_come_is_entered, rewritten(f"{RECORDS}._missing", "min(today, campaign.ends_on)", "campaign.ends_on")
    ),
    Fault(
        no_unit_of_another_region_is_named,
        rewritten(f"{RECORDS}.enter", " or unit.region_id != campaign.region_id", ""),
    ),
    Fault(a_case_is_entered_once, replaced(f"{RECORDS}._came_already", lambda *_: {})),
    Fault(
        a_case_unseen_gives_no_hint,
        rewritten(f"{RECORDS}._came_already", "issues_visible_to(actor)", "Issue.objects"),
    ),
    Fault(
        the_number_is_masked_before_it_is_kept,
        replaced("issues.domain.incoming.reporter.mask_phone", lambda text: text),
    ),
    Fault(
        the_unit_is_not_told_who_reported_it,
        rewritten(
            "issues.domain.incoming.queries.reads_reporter",
            "issue.responsible_department_id in scope.workplaces",
            "False",
        ),
    ),
    Fault(
        the_history_does_not_tell_the_answer,
        lambda: [patch.dict(EFFECTS, {"note_reply": told_in_full})],
    ),
    Fault(what_a_walk_found_is_not_answered, replaced("issues.domain.guards.came_in", lambda ctx: {})),
    Fault(an_empty_answer_is_refused, replaced("issues.domain.guards.answered", lambda ctx: {})),
    Fault(what_was_erased_stays_erased, no_triggers("issues_incoming")),
    Fault(an_amendment_changes_something, replaced("issues.domain.guards.something_amended", lambda ctx: {})),
]


class TestGuardsOfIncoming(FaultTests):
    also = (DomainError, DatabaseError)
