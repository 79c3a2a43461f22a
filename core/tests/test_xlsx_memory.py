"""A workbook's memory does not follow its rows."""

import tracemalloc

from core.xlsx import Column, SheetSpec, write_workbook

SPEC = SheetSpec(
    title="台账", columns=(Column("a", "编号", kind="code"), Column("b", "问题"), Column("c", "数", kind="int"))
)


def peak(path, rows: int) -> int:
    """Bytes at the highest point while ``rows`` rows of text that is new each time are written."""
    tracemalloc.start()
    try:
        write_workbook(path, [(SPEC, ((f"QH-{n}", f"第{n}件问题，两行\n第二行", n) for n in range(rows)))])
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_ten_times_the_rows_take_no_more_memory(tmp_path):
    peak(tmp_path / "warm.xlsx", 100)
    few, many = peak(tmp_path / "few.xlsx", 1500), peak(tmp_path / "many.xlsx", 15000)
    assert many - few < 200_000, (few, many)
