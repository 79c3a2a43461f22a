"""来件 from a file: the reference, who reported it, what was answered; known again by the reference."""

import pytest

from core.tabular.cells import LOST_DIGITS
from issues.domain.incoming import records
from issues.domain.incoming.reporter import Reporter
from issues.models import Incoming, Issue
from ledgers.domain.imports import import_ledger
from ledgers.domain.undo import undo_batch
from ledgers.domain.words import read_grade
from ledgers.models import ImportBatch, ImportedRow
from ledgers.tests.tables import HEAD, ledger, row
from tests.cast import NOON

TOLD = {"反映人": "甲某", "来电号码": "13800001111", "回复": "已告知本周办结", "满意情况": "比较满意"}
CASE = {"来源": "12345", "工单编号": "GD-01"} | TOLD


def cases(folder, *rows: dict):
    return ledger(folder, *(row(**cells) for cells in rows), head=(*HEAD, "工单编号", *TOLD))


def brought_in(cast, path):
    done = import_ledger(campaign=cast.campaign, path=path)
    assert [str(error) for error in done.errors] == []
    return done


@pytest.mark.both_databases
def test_what_came_with_a_case_stands_where_it_can_be_erased(cast, tmp_path):
    brought_in(cast, cases(tmp_path, CASE))
    issue = Issue.objects.get()
    assert (issue.get_source_display(), issue.source_number, issue.remark) == ("12345热线", "GD-01", "")
    held = Incoming.objects.get()
    assert (held.name, held.phone, held.reply, held.satisfaction) == ("甲某", "138****1111", "已告知本周办结", "good")
    assert ImportedRow.objects.get().other_columns == {}
    assert "甲某" not in issue.search_text
    records.erase(issue=issue, actor=cast.office, reason="本人申请")
    changed = brought_in(cast, cases(tmp_path, CASE | {"责任人": "丙某"}))
    assert (changed.updated, Incoming.objects.get().name) == (1, "")


def test_a_second_import_changes_nothing_and_another_answer_takes_the_place(cast, tmp_path):
    brought_in(cast, cases(tmp_path, CASE))
    assert brought_in(cast, cases(tmp_path, CASE)).unchanged == 1
    assert brought_in(cast, cases(tmp_path, CASE | {"回复": "已办结"})).updated == 1
    assert Incoming.objects.get().reply == "已办结"


def test_what_was_entered_by_hand_is_known_by_its_reference(cast, tmp_path):
    records.enter(
        campaign=cast.campaign, source="hotline", source_number="GD-01", description="跑两次", found_on=NOON.date(),
        told=Reporter(), actor=cast.office, now=NOON,
    )  # fmt: skip
    done = brought_in(cast, cases(tmp_path, CASE))
    assert (done.created, done.unchanged, Issue.objects.count()) == (0, 1, 1)
    assert any("是系统中的问题 QH2022-00001，不由导入改动" in note for note in done.notes)
    assert brought_in(cast, cases(tmp_path, CASE | {"来源": "媒体"})).created == 1


def test_two_problems_of_one_case_are_two_issues_and_stay_so(cast, tmp_path):
    path = cases(tmp_path, CASE, CASE | {"存在问题": "指南过期"})
    assert brought_in(cast, path).created == 2
    assert brought_in(cast, path).unchanged == 2


def test_undoing_takes_back_what_came_with_it(cast, tmp_path):
    done = brought_in(cast, cases(tmp_path, CASE))
    undo_batch(batch=ImportBatch.objects.get(pk=done.batch), actor=cast.office)
    assert (Issue.objects.count(), Incoming.objects.count()) == (0, 0)


def test_a_word_that_is_no_grade_and_a_reference_without_its_digits_are_faults(cast, tmp_path):
    done = import_ledger(
        campaign=cast.campaign, path=cases(tmp_path, CASE | {"满意情况": "尚可", "工单编号": "1.2E+16"})
    )
    assert {fault.column: fault.message for fault in done.errors} == {
        "满意情况": "应为：非常满意、满意、基本满意、不满意、非常不满意",
        "工单编号": LOST_DIGITS,
    }


@pytest.mark.parametrize(
    ("word", "grade"),
    [
        ("非常满意", "very_good"),
        ("满 意", "good"),
        ("一般", "fair"),
        ("否", "bad"),
        ("未回访", ""),
        ("", ""),
        ("尚可", None),
    ],
)
def test_a_grade_is_read_as_offices_write_it(word, grade):
    assert read_grade(word) == grade
