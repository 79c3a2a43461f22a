"""What is done in one way only: a form is carried out by its own method, a walk is shown with its trace."""

import ast

from tests.architecture.imports import ROOT, app_of, name, sources, tree


def modules_of(*parts: str):
    """Product modules of these parts of an app (``views``, ``api`` …)."""
    for path in sources():
        if path.relative_to(ROOT / app_of(path)).parts[0].removesuffix(".py") in parts:
            yield path


def importers(paths, names: set[str], module: str = "") -> list[str]:
    """``path: name`` of every import of one of ``names`` (from ``module`` alone, when given)."""
    return [
        f"{name(path)}: {alias.name}"
        for path in paths
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and (not module or node.module == module)
        for alias in node.names
        if alias.name in names
    ]


def test_views_carry_a_form_out_by_its_own_method():
    """``OnceForm.once``, or with photos ``evidence.forms.submit_form``: they put key, scope and content together."""
    views = list(modules_of("views"))
    assert importers(views, {"once"}, "core.idempotency") == []
    assert importers(views, {"submit_once"}) == []


SHOWN = "walks/domain/shown.py"
# Rows of walks, or of what belongs to them, that leave no trace when they are read.
UNTRACED = {
    "walks_visible_to",
    "assigned_to",
    "counted_walks",
    "counted_toward",
    "walks_of_figure",
    "files_visible_to",
}
ABOVE = ("views", "api", "exports", "templatetags", "tables", "filters", "resources", "forms", "tasks")
# Domain functions that read walks without a trace: why nothing of a covert walk is shown by them.
READERS = {
    "walks/domain/shown.py: walks_shown_to": "made to leave a trace",
    "walks/domain/inbox.py: assigned_to": "a condition; those who show its rows make them leave a trace",
    "walks/domain/inbox.py: waiting_walks": "made to leave a trace",
    "walks/domain/lists.py: walks_matching": "made to leave a trace",
    "reports/domain/board/counts.py: _walks": "no covert walk before it is reported",
    "reports/domain/board/counts.py: walks_of_figure": "no covert walk before it is reported",
    "reports/domain/board/board.py: _count_walks": "no covert walk before it is reported",
    "reports/domain/board/minimum.py: walks_toward": "no covert walk before it is reported",
    "reports/domain/board/coverage.py: walks_by_item": "no covert walk before it is reported",
    "reports/domain/board/counts.py: walks_behind": "no covert walk before it is reported",
    "walks/domain/start_options.py: recent_items": "items, in the order in which the person chose them last",
    "issues/domain/queries.py: files_visible_to": "conditions",
    "issues/domain/queries.py: files_shown_to": "made to leave a trace",
    "issues/domain/detail.py: read_detail": "the walk of an issue on the ledger is reported",
    "issues/domain/lookback/queries.py: _bound": "a condition; those who show its rows make them leave a trace",
    "issues/domain/lookback/queries.py: look_backs_on": "made to leave a trace",
    "reports/domain/queries.py: walks": "figures of reported walks",
    "ledgers/domain/walk_matching.py: __init__": "no covert walk before it is reported, and no more than its key",
    "demo/domain/covert.py: seed_covert": "asks whether there is one, shows nothing",
}


def users(paths, names: set[str]) -> set[str]:
    """``path: function`` for every function in which one of ``names`` is used, as a name or behind a module."""
    return {
        f"{name(path)}: {function.name}"
        for path in paths
        for function in ast.walk(tree(path))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if (isinstance(node, ast.Name) and node.id in names) or (isinstance(node, ast.Attribute) and node.attr in names)
    }


def test_what_is_shown_of_walks_comes_from_rows_that_leave_a_trace():
    above = list(modules_of(*ABOVE))
    assert importers(above, UNTRACED) == []
    assert users(above, UNTRACED) == set()


def test_the_domain_reads_walks_without_a_trace_only_where_none_is_shown():
    assert users(modules_of("domain", "rules", "management"), UNTRACED) == set(READERS)


def test_the_rows_without_a_trace_are_named_as_they_are_defined():
    defined = {node.name for path in sources() for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef)}
    assert defined >= UNTRACED


def test_only_the_rows_themselves_write_the_trace():
    """Nobody else says what was shown, so nothing is shown by a way that has to remember it."""
    assert {one.split(":")[0] for one in users(sources(), {"note_shown"})} == {SHOWN}
    assert importers(sources(), {"note_shown"}) == []
