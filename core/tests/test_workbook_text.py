"""Text in a workbook stays text: no formula, no link, nothing lost, whatever somebody typed."""

import io

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.xlsx import Column, SheetSpec, write_workbook
from tests.scale import scaled

BODIES = ("1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://x","点")', "SUM(A1:A9)", 'DDE("a";"b")', "@A1", "-2+3", "")
PREFIXES = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t=", "\n=", "|", "%", "'=", " =")
PAYLOADS = [prefix + body for prefix in PREFIXES for body in BODIES]
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)
SPEC = SheetSpec(title="台账", columns=(Column("a", "存在问题", 30), Column("b", "编号", 12, "code")))


def reread(rows, spec=SPEC):
    out = io.BytesIO()
    write_workbook(out, [(spec, rows)])
    sheet = openpyxl.load_workbook(out).active
    head = next(row[0].row for row in sheet.iter_rows() if row[0].value == "序号")
    return sheet, [list(row[1:]) for row in sheet.iter_rows(min_row=head + 1, max_row=head + len(rows))]


def test_there_are_more_than_a_hundred_payloads():
    assert len(set(PAYLOADS)) > 100


def test_no_payload_becomes_a_formula_or_changes():
    sheet, cells = reread([(payload, payload) for payload in PAYLOADS])
    assert [row[0].value for row in cells] == PAYLOADS
    assert [row[1].value for row in cells] == PAYLOADS
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    assert not any(cell.hyperlink for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("payload", ["=1+1", "+1", "-1", "@x"])
def test_a_cell_that_would_turn_into_a_formula_when_edited_is_quoted(payload):
    _, cells = reread([(payload, payload)])
    assert all(cell.quotePrefix for cell in cells[0])


@settings(max_examples=scaled(40, 1000))
@given(st.lists(TEXTS, min_size=1, max_size=8))
def test_any_text_comes_back_as_it_was(texts):
    kept = [text for text in texts if text.isprintable()]
    _, cells = reread([(text, "x") for text in kept] or [("x", "x")])
    assert [row[0].value for row in cells] == (kept or ["x"])


@pytest.mark.parametrize("bad", ["a\x00b", "a\x0bb", "a\ud800b", "a\uffffb"])
def test_a_character_a_workbook_cannot_hold_is_shown_as_replaced(bad):
    _, cells = reread([(bad, "x")])
    assert cells[0][0].value == "a\ufffdb"


def test_too_long_a_text_is_cut_visibly():
    _, cells = reread([("办" * 40_000, "x")])
    value = cells[0][0].value
    assert len(value) <= 32_767
    assert value.endswith("…（内容过长，已截断）")
