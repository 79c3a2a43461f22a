"""What the second database may answer differently is asked there too (tests/plugin.py)."""

import ast

from tests.architecture.imports import expect_none, name, sources, tree

# Words of a test that tries a constraint, a lock, a race or raw SQL.
WORDS = {"IntegrityError", "DatabaseError", "threading", "cursor", "start_worker", "select_for_update"}
# What marks a test, or a row of a table of faults (tests/faults/conftest.py).
MARKS = {"both_databases", "no_triggers"}
# Reason beside each.
EXEMPT = {
    "tests/architecture/test_replay.py": "only on SQLite are statements executed again",
    "tests/faults/test_lock_mutations.py": "asks for whose rows an act waits, the same on every database",
    "tests/faults/test_rights_mutations.py": "proves that the refusal comes before the database",
    "core/tests/test_command_line.py": "starts processes on a file of its own",
    "tests/runtime/test_supervisor.py": "starts processes on a file of its own",
    "tests/runtime/test_disk_full.py": "its disk is full for this process, not for a server",
    "evidence/tests/test_accept_photo_refuses.py": "its threads wait for the decoder, not for the database",
}


def words(path) -> set[str]:
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Name | ast.arg):
            found.add(node.id if isinstance(node, ast.Name) else node.arg)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.alias):
            found.add(node.name)
    return found


def test_what_may_differ_on_the_second_database_is_marked():
    expect_none(
        [
            f"{name(path)}: {', '.join(sorted(WORDS & words(path)))}"
            for path in sources(tests=True)
            if path.name.startswith("test_") and name(path) not in EXEMPT
            if WORDS & words(path) and not MARKS & words(path)
        ]
    )


def test_every_exemption_is_needed():
    assert set(EXEMPT) <= {name(path) for path in sources(tests=True) if WORDS & words(path)}
