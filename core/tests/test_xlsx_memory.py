"""A workbook's memory does not follow its rows."""

import subprocess
import sys
import tracemalloc
from pathlib import Path

from core.xlsx import Column, SheetSpec, write_workbook

SPEC = SheetSpec(
    title="台账", columns=(Column("a", "编号", kind="code"), Column("b", "问题"), Column("c", "数", kind="int"))
)
ROOT = Path(__file__).resolve().parents[2]
PROCESS = """
import resource, sys
from core.xlsx import Column, SheetSpec, write_workbook
spec = SheetSpec(title="t", columns=tuple(Column(f"c{n}", f"列{n}") for n in range(20)))
row = tuple(f"内容{n}" for n in range(20))
write_workbook(sys.argv[2], [(spec, (row for _ in range(int(sys.argv[1]))))])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak(path, rows: int) -> int:
    """Bytes at the highest point while ``rows`` rows of text that is new each time are written."""
    tracemalloc.start()
    try:
        write_workbook(path, [(SPEC, ((f"QH-{n}", f"第{n}件问题，两行\n第二行", n) for n in range(rows)))])
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def peak_of_a_process(path, rows: int) -> int:
    """KiB of a process that writes so many rows of twenty cells."""
    argv = [sys.executable, "-c", PROCESS, str(rows), str(path)]
    run = subprocess.run(argv, capture_output=True, text=True, check=True, cwd=ROOT)
    return int(run.stdout)


def test_ten_times_the_rows_take_no_more_memory(tmp_path):
    peak(tmp_path / "warm.xlsx", 100)
    few, many = peak(tmp_path / "few.xlsx", 600), peak(tmp_path / "many.xlsx", 6000)
    assert many - few < 200_000, (few, many)


def test_memory_does_not_grow_with_the_rows(tmp_path):
    few, many = (peak_of_a_process(tmp_path / "x.xlsx", rows) for rows in (1_000, 10_000))
    assert many - few < 8 * 1024, (few, many)
