"""Guards of bringing in an office's own tables: each is removed once, and its proof must fail without it."""

import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from core.exceptions import Conflict, Refused
from issues.domain import lifecycle
from issues.domain.slips import lifecycle as slips
from issues.enums import SlipColour
from issues.models import Issue, IssueEvent
from ledgers.domain.imports import import_ledger, import_walks
from ledgers.domain.queries import batches_visible_to, campaigns_to_import
from ledgers.domain.undo import undo_batch
from ledgers.models import ImportBatch, ImportedRow
from ledgers.tests.tables import ledger, row
from ledgers.tests.test_import_walks import WALK, register
from tests.cast import NOON, Cast, covert_walk, issue_in
from tests.faults.fault import Fault, FaultTests, no_triggers, replaced, rewritten

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON)]
PLANNED = {"责任人": "丙某", "整改措施": "更换叫号机", "整改时限": "2022-06-30"}


def brought_in(cast: Cast, *rows: dict, **options):
    with tempfile.TemporaryDirectory() as folder:
        return import_ledger(campaign=cast.campaign, path=ledger(Path(folder), *rows), **options)


def worked_on(cast: Cast) -> tuple[Issue, ImportBatch]:
    """An issue that was brought in and on which the unit has noted its progress, with its batch."""
    done = brought_in(cast, row(问题编号="1", **PLANNED))
    issue = Issue.objects.get(original_number="1")
    lifecycle.perform(issue=issue, action="note_progress", actor=cast.liaison, data={"note": "在采购"})
    return issue, ImportBatch.objects.get(pk=done.batch)


def what_was_worked_on_is_not_changed_by_an_import(cast):
    issue, _ = worked_on(cast)
    brought_in(cast, row(问题编号="1", **PLANNED | {"责任人": "丁某"}))
    issue.refresh_from_db()
    assert issue.responsible_name == "丙某"


def what_no_import_made_is_not_changed_by_one(cast):
    issue = issue_in(cast, "planning")
    brought_in(cast, row(存在问题=issue.description, **PLANNED))
    issue.refresh_from_db()
    assert issue.responsible_name == ""


def what_was_exported_changes_nothing_when_it_comes_back(cast):
    brought_in(cast, row(问题编号="1", 联系电话="13800001111"))
    issue = Issue.objects.get()
    brought_in(cast, row(问题编号=issue.number, 联系电话="138****1111"))
    issue.refresh_from_db()
    assert issue.contact_phone == "13800001111"


def what_was_worked_on_stays_when_its_batch_is_taken_back(cast):
    """One that the batch changed; what it made is known by its events (``acted_on``)."""
    brought_in(cast, row(问题编号="1", **PLANNED))
    done = brought_in(cast, row(问题编号="1", **PLANNED | {"责任人": "丁某"}))
    issue = Issue.objects.get()
    lifecycle.perform(issue=issue, action="note_progress", actor=cast.liaison, data={"note": "在采购"})
    undo_batch(batch=ImportBatch.objects.get(pk=done.batch), actor=cast.office)
    issue.refresh_from_db()
    assert issue.responsible_name == "丁某"


def what_was_chased_stays_when_its_batch_is_taken_back(cast):
    done = brought_in(cast, row(**PLANNED))
    lifecycle.perform(issue=Issue.objects.get(), action="chase", actor=cast.office, data={"note": ""})
    undo_batch(batch=ImportBatch.objects.get(pk=done.batch), actor=cast.office)
    assert Issue.objects.exists()


def what_has_a_slip_is_not_changed_by_an_import(cast):
    brought_in(cast, row(问题编号="1", **PLANNED))
    issue = Issue.objects.select_related("campaign").get()
    slips.sign(issue=issue, colour=SlipColour.BLUE, demand="限期整改", jump_reason="群众反映强烈", actor=cast.office)
    brought_in(cast, row(问题编号="1", **PLANNED | {"责任人": "丁某"}))
    issue.refresh_from_db()
    assert issue.responsible_name == "丙某"


def a_batch_is_not_taken_back_after_a_day(cast):
    done = brought_in(cast, row())
    with pytest.raises(Refused):
        undo_batch(batch=ImportBatch.objects.get(pk=done.batch), actor=cast.office, now=NOON + timedelta(hours=25))


def the_history_of_what_was_worked_on_stays(cast):
    issue, _ = worked_on(cast)
    with pytest.raises(DatabaseError), transaction.atomic():
        IssueEvent.objects.filter(issue=issue, kind="import")._raw_delete("default")


def the_log_of_imports_stays(cast):
    brought_in(cast, row())
    with pytest.raises(DatabaseError), transaction.atomic():
        ImportedRow.objects.all()._raw_delete("default")


def a_covert_walk_is_not_found_by_an_import(cast):
    covert_walk(cast, day=8)
    with tempfile.TemporaryDirectory() as folder:
        done = import_walks(campaign=cast.campaign, path=register(Path(folder), WALK), actor=cast.principal)
    assert done.created == 1


def an_issue_unseen_is_not_found_by_an_import(cast):
    issue = issue_in(cast, "planning")
    done = brought_in(cast, row(存在问题=issue.description), actor=cast.office_other_county)
    assert (done.created, done.notes) == (1, [])


def tables_are_brought_in_by_the_office_of_the_campaign_alone(cast):
    brought_in(cast, row())
    for person in (cast.supervisor, cast.lead, cast.liaison, cast.office_city, cast.office_other_county):
        assert cast.campaign not in campaigns_to_import(person)
        assert not batches_visible_to(person).exists()


def past_dates_alone_are_struck_off(cast):
    done = brought_in(cast, row(**PLANNED, 完成日期="2022-06-09", 是否销号="是"))
    assert [fault.column for fault in done.errors] == ["完成日期"]


FAULTS = [
    Fault(
        what_was_worked_on_is_not_changed_by_an_import,
        replaced("ledgers.domain.matching.KnownIssue.is_untouched", True),
    ),
    Fault(
        what_no_import_made_is_not_changed_by_one,
        rewritten("ledgers.domain.matching._judge", "known.imported is None", "False"),
    ),
    Fault(
        what_was_exported_changes_nothing_when_it_comes_back,
        rewritten(
            "ledgers.domain.matching._judge",
            "name_key(row.line.original_number) == name_key(known.number)",
            "False",
        ),
    ),
    Fault(
        what_was_worked_on_stays_when_its_batch_is_taken_back,
        rewritten("ledgers.domain.undo._is_worked_on", "row.issue.version != row.version", "False"),
    ),
    Fault(
        what_was_chased_stays_when_its_batch_is_taken_back,
        replaced("ledgers.domain.undo.acted_on", lambda issues: set()),
    ),
    Fault(
        what_has_a_slip_is_not_changed_by_an_import,
        replaced("ledgers.domain.matching.held_by_more", lambda issues: set()),
    ),
    Fault(a_batch_is_not_taken_back_after_a_day, replaced("ledgers.domain.undo.WITHIN", timedelta(days=9))),
    Fault(the_history_of_what_was_worked_on_stays, no_triggers("issues_issueevent")),
    Fault(the_log_of_imports_stays, no_triggers("ledgers_importedrow")),
    Fault(
        a_covert_walk_is_not_found_by_an_import,
        rewritten("ledgers.domain.walk_matching.KnownWalks.__init__", ".filter(not_hidden())"),
    ),
    Fault(
        an_issue_unseen_is_not_found_by_an_import,
        rewritten("ledgers.domain.matching._seen", "issues_seen_by(actor)", "issues_seen_by(None)"),
    ),
    Fault(
        tables_are_brought_in_by_the_office_of_the_campaign_alone,
        rewritten("ledgers.domain.queries.campaigns_to_import", "act_regions", "read_regions"),
    ),
    Fault(past_dates_alone_are_struck_off, replaced("ledgers.domain.reading.contradictions", lambda said: [])),
]


class TestGuardsOfImports(FaultTests):
    """What a guard let by may be met by the database instead."""

    also = (DatabaseError, TypeError, Conflict)
