"""A whole batch is taken back within 24 hours, but for what somebody has worked on since."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import DatabaseError, transaction

from core.exceptions import Conflict, Refused
from core.models import AuditEntry
from issues.domain import lifecycle
from issues.domain.detail import date_chain
from issues.domain.reminder_delivery import make_due_reminders
from issues.domain.slips import lifecycle as slips
from issues.enums import SlipColour
from issues.models import Issue, IssueEvent, Measure
from ledgers.domain.imports import import_ledger
from ledgers.domain.undo import may_still_be_undone, undo_batch
from ledgers.models import ImportBatch, ImportedRow
from ledgers.tests.tables import ledger, row
from notifications.domain.notices import notices_visible_to, unread
from tests.cast import AUTUMN, NOON

PLANNED = {"责任人": "丙某", "整改措施": "更换叫号机", "整改时限": "2022-06-30"}

pytestmark = pytest.mark.both_databases


@pytest.fixture
def batch(cast, tmp_path):
    path = ledger(tmp_path, row(问题编号="1", **PLANNED), row(问题编号="2", 回头看情况="未通过", **PLANNED))
    done = import_ledger(campaign=cast.campaign, path=path)
    return ImportBatch.objects.get(pk=done.batch)


def test_the_numbers_are_burned_and_the_log_stays(cast, batch, tmp_path):
    done = undo_batch(batch=batch, actor=cast.office)
    assert (done.removed, done.restored, done.kept) == (2, 0, [])
    assert (Issue.objects.count(), Measure.objects.count(), IssueEvent.objects.count()) == (0, 0, 0)
    batch.refresh_from_db()
    assert (batch.undone_by, batch.counts["created"]) == (cast.office, 2)
    assert list(ImportedRow.objects.values_list("name", "issue")) == [("QH2022-00001", None), ("QH2022-00002", None)]
    assert AuditEntry.objects.filter(action="ledger.import_undone").count() == 1
    import_ledger(campaign=cast.campaign, path=ledger(tmp_path, row(问题编号="1", **PLANNED)))
    assert Issue.objects.get().number == "QH2022-00003"


def test_what_was_worked_on_stays_and_is_named(cast, batch):
    first = Issue.objects.get(original_number="1")
    lifecycle.perform(issue=first, action="note_progress", actor=cast.liaison, data={"note": "已在采购"})
    done = undo_batch(batch=batch, actor=None)
    assert (done.removed, done.kept) == (1, ["QH2022-00001"])
    assert list(Issue.objects.all()) == [first]
    assert first.events.count() == 2


def test_what_was_chased_stays_and_what_stood_before_becomes_what_it_was(cast, batch, tmp_path):
    path = ledger(tmp_path, row(问题编号="1", **PLANNED | {"责任人": "丁某"}))
    later = ImportBatch.objects.get(pk=import_ledger(campaign=cast.campaign, path=path).batch)
    first = Issue.objects.get(original_number="1")
    lifecycle.perform(issue=first, action="chase", actor=cast.office, data={"note": "请报进展"})
    undone = undo_batch(batch=later, actor=cast.office)
    assert (undone.restored, undone.kept) == (1, [])
    assert [one["action"] for one in date_chain(first.events.order_by("at", "id"))] == ["导入"]
    assert undo_batch(batch=batch, actor=cast.office).kept == ["QH2022-00001"]
    assert list(Issue.objects.values_list("responsible_name", flat=True)) == ["丙某"]


def test_what_was_changed_becomes_what_it_was(cast, batch, tmp_path):
    path = ledger(
        tmp_path, row(问题编号="1", **PLANNED | {"整改措施": "换人", "责任人": "丁某", "责任单位": "县公安局"})
    )
    done = import_ledger(campaign=cast.campaign, path=path)
    assert done.updated == 1
    with patch("ledgers.domain.undo.restore_imported", return_value=None), pytest.raises(Conflict, match="正在办理"):
        undo_batch(batch=ImportBatch.objects.get(pk=done.batch), actor=cast.office)
    undone = undo_batch(batch=ImportBatch.objects.get(pk=done.batch), actor=cast.office)
    assert (undone.removed, undone.restored) == (0, 1)
    issue = Issue.objects.get(original_number="1")
    assert (issue.responsible_name, issue.responsible_department, issue.version) == ("丙某", cast.unit, 3)
    assert list(issue.measures.values_list("text", flat=True)) == ["更换叫号机"]
    assert undo_batch(batch=batch, actor=cast.office).removed == 2


@pytest.mark.clock(AUTUMN)
def test_a_slip_or_a_joined_issue_keeps_what_was_brought_in(cast, tmp_path):
    path = ledger(tmp_path, row(问题编号="1", **PLANNED), row(问题编号="2"), row(问题编号="3"))
    batch = ImportBatch.objects.get(pk=import_ledger(campaign=cast.campaign, path=path, now=AUTUMN).batch)
    late, target, other = Issue.objects.order_by("number")
    slips.sign(issue=late, colour=SlipColour.RED, demand="限期整改", jump_reason="久拖", actor=cast.office)
    data = {"target": target.number, "note": "同一件"}
    lifecycle.perform(issue=other, action="merge", actor=cast.office, data=data)
    assert undo_batch(batch=batch, actor=cast.office, now=AUTUMN).kept == [late.number, target.number, other.number]
    again = import_ledger(
        campaign=cast.campaign, path=ledger(tmp_path, row(问题编号="1", **PLANNED | {"责任人": "丁"}))
    )
    assert (again.updated, again.unchanged) == (0, 1)


def test_reminders_of_what_is_gone_are_closed(cast, batch):
    make_due_reminders(NOON + timedelta(days=25))
    assert unread(notices_visible_to(cast.liaison)).exists()
    undo_batch(batch=batch, actor=cast.office)
    assert not unread(notices_visible_to(cast.liaison)).exists()


def test_a_batch_is_taken_back_once_and_within_a_day(cast, batch):
    with pytest.raises(Refused, match="超过 24 小时"):
        undo_batch(batch=batch, actor=cast.office, now=NOON + timedelta(hours=24, seconds=1))
    undo_batch(batch=batch, actor=cast.office, now=NOON + timedelta(hours=24))
    with pytest.raises(Conflict, match=f"这一批已经撤销，由{cast.office}于 2022-06-09 12:00"):
        undo_batch(batch=batch, actor=cast.office_second)
    assert not may_still_be_undone(ImportBatch.objects.get(), NOON)
    for rows, change in ((ImportBatch.objects, {"kept": ["1"]}), (ImportedRow.objects, {"name": "改"})):
        with pytest.raises(DatabaseError, match="the log of imports is kept"), transaction.atomic():
            rows.update(**change)


@pytest.mark.parametrize("model", [ImportBatch, ImportedRow])
def test_the_log_cannot_be_deleted(batch, model):
    with pytest.raises(DatabaseError, match="the log of imports is kept"), transaction.atomic():
        model.objects.all()._raw_delete("default")


def test_the_history_of_an_issue_that_was_worked_on_cannot_be_deleted(cast, batch):
    first = Issue.objects.get(original_number="1")
    lifecycle.perform(issue=first, action="note_progress", actor=cast.liaison, data={"note": "已在采购"})
    for row_of in IssueEvent.objects.filter(issue=first):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            IssueEvent.objects.filter(pk=row_of.pk)._raw_delete("default")
    second = Issue.objects.get(original_number="2")
    lifecycle.perform(issue=second, action="note_progress", actor=cast.liaison, data={"note": "已在采购"})
    with pytest.raises(DatabaseError, match="a round that ended"), transaction.atomic():
        second.rounds.all()._raw_delete("default")
