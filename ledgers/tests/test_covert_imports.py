"""Two worlds that differ by a covert walk alone: the same table says the same in both, to everybody."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from issues.domain import intake
from ledgers.domain.imports import import_ledger, import_walks
from ledgers.tests.tables import ledger, row
from ledgers.tests.test_import_walks import WALK, register
from tests.cast import NOON, covert_walk
from walks.domain import lifecycle

FOUND = "窗口无人值守"


def told(cast, paths, actor) -> list:
    """What an import of each table would say, and in how many statements."""
    found = []
    for act, path in zip((import_ledger, import_walks), paths, strict=True):
        with CaptureQueriesContext(connection) as captured:
            done = act(campaign=cast.campaign, path=path, actor=actor, dry_run=True)
        found.append((done.as_dict(), len(captured)))
    return found


@pytest.mark.parametrize("persona", ["office", "principal", "liaison", None])
def test_a_covert_walk_and_what_was_found_on_it_change_nothing(cast, tmp_path, persona):
    actor = cast.people[persona] if persona else None
    (tmp_path / "甲").mkdir()
    paths = ledger(tmp_path / "甲", row(存在问题=FOUND), row(存在问题="排队")), register(tmp_path, WALK)
    told(cast, paths, actor)  # the person's scope is read once
    before = told(cast, paths, actor)
    walk = lifecycle.perform(walk=covert_walk(cast, day=8), action="begin", actor=cast.principal, now=NOON)
    intake.capture(walk=walk, actor=cast.principal, description=FOUND, stage="consult", now=NOON)
    assert walk.is_hidden
    assert told(cast, paths, actor) == before
    assert before[0][0]["created"] == 2
    assert before[1][0]["created"] == 1
