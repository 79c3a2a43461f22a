"""Locks of acts that read before they write: each is removed once, and its proof must fail without it.

What two people at once come to is played on PostgreSQL (``*_race.py``). Here is asked for whose rows an
act waits, which is the same on every database.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from django.db.models import Model, QuerySet

from accounts.models import User
from campaigns.domain import deadlines, lifecycle, must_walk, roster
from campaigns.domain.versions import rules_of
from campaigns.models import Campaign
from core.imports import ImportResult
from issues.domain.enquiries import chasing
from issues.domain.inspections import records
from issues.domain.slips import lifecycle as slips
from issues.models import Enquiry, Inspection, Issue
from ledgers.domain import undo
from ledgers.models import ImportBatch
from ledgers.tests.tables import row
from tests.cast import NOON, issue_in
from tests.faults.fault import Fault, FaultTests, replaced, rewritten
from tests.faults.test_enquiry_mutations import answer, sent
from tests.faults.test_import_mutations import brought_in
from tests.faults.test_incoming_mutations import entered
from tests.faults.test_inspection_mutations import found, recorded
from tests.faults.test_return_mutations import brought_back
from tests.tokens import key_for
from walks.models import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON)]
TODAY = NOON.date()
OF_CAMPAIGN = "    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)\n"
OF_INSPECTION = 'Inspection.objects.select_for_update(of=("self",)).get'


@contextmanager
def waited_for() -> Iterator[set[type[Model]]]:
    """The models of which rows are locked within."""
    held: set[type[Model]] = set()
    lock = QuerySet.select_for_update

    def noted(rows, *args, **kwargs):
        held.add(rows.model)
        return lock(rows, *args, **kwargs)

    with patch.object(QuerySet, "select_for_update", noted):
        yield held


def of_two_tokens_made_at_once_the_second_is_counted_after_the_first(cast):
    with waited_for() as held:
        key_for(cast.liaison)
    assert User in held


def who_signs_a_slip_waits_for_who_signs_one_too(cast):
    issue = issue_in(cast, "rectifying")
    with waited_for() as held:
        slips.sign(issue=issue, colour=1, demand="请办", jump_reason="提前督办", actor=cast.office, now=NOON)
    assert Issue in held


def a_finding_waits_for_who_strikes_the_record_out(cast):
    made = recorded(cast)
    with waited_for() as held:
        found(cast, made)
    assert Inspection in held


def who_strikes_a_record_out_waits_for_a_finding(cast):
    made = recorded(cast)
    with waited_for() as held:
        records.strike(inspection=made, reason="误", actor=cast.office, now=NOON)
    assert Inspection in held


def who_lists_an_item_waits_for_who_lists_it_too(cast):
    given = {"campaign": cast.campaign, "actor": cast.office, "today": TODAY}
    with waited_for() as held:
        must_walk.add(items=[cast.item], provenance="leader", note="", **given)
    assert Campaign in held


def a_sheet_of_items_waits_for_who_lists_one(cast):
    with waited_for() as held:
        must_walk._write([], ImportResult("清单.xlsx"), cast.campaign, cast.office)
    assert Campaign in held


def dates_are_worked_out_by_one_at_a_time(cast):
    with waited_for() as held:
        deadlines.refresh(campaign=cast.campaign, today=TODAY)
    assert Campaign in held


def a_roster_is_extended_by_one_at_a_time(cast):
    with waited_for() as held:
        roster.extend(campaign=cast.campaign, rules=rules_of(cast.campaign.pk)[1])
    assert Campaign in held


def rules_are_adjusted_by_one_at_a_time(cast):
    with waited_for() as held:
        lifecycle.amend(campaign=cast.campaign, effective_on=TODAY, reason="补正", actor=cast.office, today=TODAY)
    assert Campaign in held


def an_undo_waits_for_who_works_on_what_was_brought_in(cast):
    batch = ImportBatch.objects.get(pk=brought_in(cast, row()).batch)
    with waited_for() as held:
        undo.undo_batch(batch=batch, actor=cast.office, now=NOON)
    assert held >= {Issue, Walk}


def an_undo_waits_for_another_of_the_same_batch(cast):
    batch = ImportBatch.objects.get(pk=brought_in(cast, row()).batch)
    with waited_for() as held:
        undo.undo_batch(batch=batch, actor=cast.office, now=NOON)
    assert ImportBatch in held


def a_case_waits_for_who_enters_it_too(cast):
    with waited_for() as held:
        entered(cast, source_number="GD-1")
    assert Campaign in held


def who_answers_an_enquiry_waits_for_who_ends_it(cast):
    sent(cast)
    with waited_for() as held:
        answer(cast)
    assert Enquiry in held


def who_chases_units_waits_for_who_ends_the_enquiry(cast):
    made = sent(cast)
    with waited_for() as held:
        chasing.chase(enquiry=made, replies=made.replies.all(), words="", again=False, actor=cast.office, now=NOON)
    assert Enquiry in held


def a_returned_ledger_waits_for_an_import(cast):
    issue_in(cast, "rectifying")
    with patch("core.staging.lock_until_commit") as lock:
        brought_back(cast, cast.office, 备注="第一批")
    assert lock.called


def an_import_waits_for_another(cast):
    with patch("core.staging.lock_until_commit") as lock:
        brought_in(cast, row())
    assert lock.called


def an_undo_waits_for_an_import(cast):
    batch = ImportBatch.objects.get(pk=brought_in(cast, row()).batch)
    with patch("core.staging.lock_until_commit") as lock:
        undo.undo_batch(batch=batch, actor=cast.office, now=NOON)
    assert lock.called


FAULTS = (
    Fault(
        of_two_tokens_made_at_once_the_second_is_counted_after_the_first,
        rewritten("tests.tokens.make_token", "    User.objects.select_for_update().get(pk=user.pk)\n"),
    ),
    Fault(
        who_signs_a_slip_waits_for_who_signs_one_too,
        rewritten(
            "issues.domain.slips.lifecycle.sign",
            "Issue.objects.select_for_update(no_key=True).get",
            "Issue.objects.get",
        ),
    ),
    Fault(
        a_finding_waits_for_who_strikes_the_record_out,
        rewritten("issues.domain.inspections.records.add_finding", OF_INSPECTION, "Inspection.objects.get"),
    ),
    Fault(
        who_strikes_a_record_out_waits_for_a_finding,
        rewritten("issues.domain.inspections.records.strike", OF_INSPECTION, "Inspection.objects.get"),
    ),
    Fault(
        who_lists_an_item_waits_for_who_lists_it_too,
        rewritten("campaigns.domain.must_walk.add", "    _lock(campaign)\n"),
    ),
    Fault(
        a_sheet_of_items_waits_for_who_lists_one,
        rewritten("campaigns.domain.must_walk._write", "    _lock(campaign)\n"),
    ),
    Fault(dates_are_worked_out_by_one_at_a_time, rewritten("campaigns.domain.deadlines.refresh", OF_CAMPAIGN)),
    Fault(
        a_roster_is_extended_by_one_at_a_time,
        rewritten("campaigns.domain.roster.extend", ".select_for_update(no_key=True)"),
    ),
    Fault(rules_are_adjusted_by_one_at_a_time, rewritten("campaigns.domain.lifecycle.amend", OF_CAMPAIGN)),
    Fault(
        an_undo_waits_for_who_works_on_what_was_brought_in,
        replaced("ledgers.domain.undo._lock", lambda batch: None),
    ),
    Fault(
        an_undo_waits_for_another_of_the_same_batch,
        rewritten("ledgers.domain.undo.undo_batch", ".select_for_update(no_key=True)"),
    ),
    Fault(
        a_case_waits_for_who_enters_it_too,
        rewritten("issues.domain.incoming.records.enter", "    hold_writable(campaign.pk)\n"),
    ),
    Fault(
        who_answers_an_enquiry_waits_for_who_ends_it,
        replaced("issues.domain.enquiries.lifecycle.hold", lambda enquiry: None),
    ),
    Fault(
        who_chases_units_waits_for_who_ends_the_enquiry,
        replaced("issues.domain.enquiries.chasing.hold", lambda enquiry: None),
    ),
    Fault(a_returned_ledger_waits_for_an_import, replaced("ledgers.domain.returned.work.one_at_a_time", lambda: None)),
    Fault(an_import_waits_for_another, replaced("ledgers.domain.imports.one_at_a_time", lambda: None)),
    Fault(an_undo_waits_for_an_import, replaced("ledgers.domain.undo.one_at_a_time", lambda: None)),
)


class TestLocks(FaultTests):
    pass
