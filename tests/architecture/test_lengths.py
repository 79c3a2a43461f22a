"""Guide lengths: a screen for a view, forty lines for a function, four hundred for a module."""

import ast
from collections import Counter

from tests.architecture.imports import ROOT, app_of, expect_none, functions, place, sources, tree

MODULE, FUNCTION, VIEW, TEST_MODULE = 400, 40, 25, 500


def lines(path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_a_module_stays_readable():
    expect_none([place(path, lines(path)) for path in sources() if lines(path) > MODULE])


def test_a_script_and_a_style_sheet_stay_readable():
    paths = [path for kind in ("js", "css") for path in sorted((ROOT / "static" / kind).rglob(f"*.{kind}"))]
    assert len(paths) > 15, "a rule that reads nothing passes"
    expect_none([place(path, lines(path)) for path in paths if lines(path) > MODULE])


def test_a_test_module_stays_readable():
    expect_none([place(path, lines(path)) for path in sources(tests=True) if lines(path) > TEST_MODULE])


def test_a_function_fits_a_screen():
    long = []
    for path in sources():
        limit = VIEW if "views" in path.relative_to(ROOT / app_of(path)).parts else FUNCTION
        long += [
            place(path, node.lineno, f"{node.name} ({length} lines)")
            for node, length in functions(path)
            if length > limit
        ]
    expect_none(long)


def test_every_public_domain_function_has_a_docstring():
    expect_none(
        [
            place(path, node.lineno, node.name)
            for path in sources()
            if "domain" in path.relative_to(ROOT).parts
            for node in tree(path).body
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node)
        ]
    )


def test_no_app_holds_more_than_a_quarter_of_the_code():
    """The product's Python without tests and migrations, in lines; docs/architecture.md says what each app holds."""
    held = Counter()
    for path in sources():
        held[app_of(path)] += lines(path)
    expect_none([f"{app}: {count} of {held.total()}" for app, count in held.items() if count > held.total() / 4])
