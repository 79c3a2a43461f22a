"""A row that may be a problem of the ledger already is named in the preview, of what the person sees only."""

import pytest

from ledgers.domain.imports import import_ledger
from ledgers.tests.tables import ledger, row
from tests.cast import NOON, issue_in

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON, tick=True)]
TOLD = {"体验事项": "结婚登记", "分类": "业务办理"}


def notes(cast, tmp_path, actor, *rows) -> list[str]:
    done = import_ledger(campaign=cast.campaign, path=ledger(tmp_path, *rows), actor=actor, dry_run=True)
    assert [str(error) for error in done.errors] == []
    return [note for note in done.notes if "相近" in note]


def test_a_row_like_an_issue_is_named_with_its_number_and_one_of_another_item_is_not(cast, tmp_path):
    issue = issue_in(cast, "rectifying")
    rows = (
        row(**TOLD, 存在问题="窗口没有一次性告知材料"),
        row(**TOLD, 存在问题="停车位不足"),
        row(存在问题="窗口未一次告知"),
    )
    [note] = notes(cast, tmp_path, cast.office, *rows)
    assert note.startswith(f"第 2 行与台账上的 {issue.number}（窗口未一次性告知1，整改中）相近")


def test_a_row_like_an_issue_the_person_does_not_see_is_not_named(cast, tmp_path):
    issue_in(cast, "rectifying")
    rows = (row(**TOLD, 存在问题="窗口没有一次性告知材料"),)
    assert notes(cast, tmp_path, cast.office_other_county, *rows) == []
    assert len(notes(cast, tmp_path, cast.office, *rows)) == 1
