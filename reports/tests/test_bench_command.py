"""The benchmark runs from end to end on a small ledger and speaks in ratios."""

import io
import re

import pytest
from django.core.management import CommandError, call_command

from tests.database import sqlite_copy
from tests.scale import scaled

# In `make soak` two of them, which show growth.
SIZES = [100, 110][: scaled(1, 2)]


def test_a_small_run_compares_pages_and_workbooks_and_shows_growth(db, tmp_path):
    out = io.StringIO()
    # Its tables stand already: that an empty database is migrated is not what is tried here.
    sqlite_copy(tmp_path / "ledger.sqlite3")
    address = f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    call_command("bench", rows=SIZES, peer_rows=100, rounds=1, tries=1, database_url=address, stdout=out)
    said = out.getvalue()
    assert [f"== {size} issues ==" in said for size in SIZES] == [True] * len(SIZES)
    queries = [int(found) for found in re.findall(r"x[\d.]+ \((\d+)\)", said)]
    assert len(queries) == 18 * len(SIZES)
    assert 0 < max(queries) <= 13
    assert said.count("workbook of 100 rows, django-import-export against ours") == len(SIZES)
    assert ("growth from 100 to 110 issues (rows x1.1)" in said) is (len(SIZES) == 2)
    assert said.count("in 7 queries") == said.count("in 8 queries") == len(SIZES)
    assert said.count("plan, overdue:") == len(SIZES)
    assert " ms" not in said


@pytest.mark.parametrize("wrong", [{"rows": [10]}, {"rows": [200], "peer_rows": 0}, {"rows": [200], "tries": 0}])
def test_sizes_that_measure_nothing_are_refused(wrong):
    with pytest.raises(CommandError):
        call_command("bench", **wrong)
