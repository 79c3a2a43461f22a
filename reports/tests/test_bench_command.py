"""The benchmark runs from end to end on a small ledger and speaks in ratios."""

import io
import re

import pytest
from django.core.management import CommandError, call_command

from tests.database import sqlite_copy


def test_a_small_run_compares_pages_and_workbooks_and_shows_growth(db, tmp_path):
    out = io.StringIO()
    # Its tables stand already: that an empty database is migrated is not what is tried here.
    sqlite_copy(tmp_path / "ledger.sqlite3")
    address = f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    call_command("bench", rows=[100, 110], peer_rows=100, rounds=1, tries=1, database_url=address, stdout=out)
    said = out.getvalue()
    assert "== 100 issues ==" in said
    assert "== 110 issues ==" in said
    queries = [int(found) for found in re.findall(r"x[\d.]+ \((\d+)\)", said)]
    assert len(queries) == 36
    assert 0 < max(queries) <= 13
    assert said.count("workbook of 100 rows, django-import-export against ours") == 2
    assert "growth from 100 to 110 issues (rows x1.1)" in said
    assert said.count("plan, overdue:") == 2
    assert " ms" not in said


@pytest.mark.parametrize("wrong", [{"rows": [10]}, {"rows": [200], "peer_rows": 0}, {"rows": [200], "tries": 0}])
def test_sizes_that_measure_nothing_are_refused(wrong):
    with pytest.raises(CommandError):
        call_command("bench", **wrong)
