"""Hostile tables (tests/data/hostile): they harm the child alone, and are refused in words."""

import resource
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from core.exceptions import Refused
from core.tabular import Shape, read_table, sheets

CASES = sorted((settings.BASE_DIR / "tests" / "data" / "hostile").glob("*.xlsx"))
SHAPE = Shape(("序号", "责任单位", "工单数"))


def resident_bytes() -> int:
    fields = Path("/proc/self/statm").read_text().split()
    return int(fields[1]) * resource.getpagesize()


def refusal(path, shape=SHAPE) -> Refused:
    with pytest.raises(Refused) as refused:
        read_table(path, shape)
    return refused.value


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_small_file_that_would_take_gigabytes_costs_the_parent_nothing(path):
    before, began = resident_bytes(), time.monotonic()
    if path.stem == "si2m":  # a million texts that no cell shows: read, for the child keeps within its limits
        assert read_table(path, SHAPE) == []
    else:
        assert "可以接受的文件" in refusal(path).message
    assert time.monotonic() - began < 30
    assert resident_bytes() - before < 20 * 1024**2


def test_a_cell_far_away_is_named_with_its_place():
    assert "有 1048576 行 16384 列，超过上限" in refusal(CASES[1]).message


def written(tmp_path, name: str, data: bytes):
    path = tmp_path / name
    path.write_bytes(data)
    return path


def test_a_damaged_zip_is_told_in_words(tmp_path):
    good = (settings.BASE_DIR / "tests" / "data" / "tables" / "B09_repeated_header.xlsx").read_bytes()
    start = good.index(b"xl/worksheets/sheet1.xml") + 40
    for number, data in enumerate(
        [good[:-200], good[: len(good) // 2], good[:start] + b"\xff" * 60 + good[start + 60 :]]
    ):
        assert "已损坏" in refusal(written(tmp_path, f"{number}.xlsx", data)).message


def test_more_text_than_the_parent_keeps_is_refused(tmp_path, monkeypatch):
    path = written(tmp_path, "多.csv", ("序号,责任单位\n" + "1,县民政局\n" * 200).encode())
    monkeypatch.setattr(sheets, "MAX_CELLS", 300)
    assert "内容过多" in refusal(path).message
    monkeypatch.setattr(sheets, "MAX_CELLS", 500)
    monkeypatch.setattr(sheets, "LIMITS", replace(sheets.LIMITS, output_bytes=5000))
    assert "内容过多" in refusal(path).message
    monkeypatch.setattr(sheets, "MAX_CELL", 3)
    assert "有一格超过" in refusal(path).message


def test_too_much_time_or_memory_is_told_in_words(tmp_path, monkeypatch):
    path = written(tmp_path, "表.csv", "序号,责任单位\n1,县民政局\n".encode())
    with monkeypatch.context() as patched:
        patched.setattr(sheets, "LIMITS", replace(sheets.LIMITS, wall_seconds=0.001))
        assert "用时过长" in refusal(path).message
    big = tmp_path / "大.xlsx"
    with zipfile.ZipFile(big, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", "<a>" + "<b/>" * 3_000_000 + "</a>")
        package.writestr("xl/_rels/workbook.xml.rels", "<a/>")
    # Time enough on a busy machine: here the memory is what runs out.
    limits = replace(sheets.LIMITS, memory_bytes=100 * 1024**2, wall_seconds=120)
    monkeypatch.setattr(sheets, "LIMITS", limits)
    assert "展开后过大" in refusal(big).message


def test_no_file_is_opened_inside_a_transaction(db, tmp_path):
    path = written(tmp_path, "表.csv", "序号,责任单位\n1,县民政局\n".encode())
    with transaction.atomic(), pytest.raises(RuntimeError, match="inside a transaction"):
        read_table(path, SHAPE)
