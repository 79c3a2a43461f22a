"""Guide lengths: a screen for a view, forty lines for a function, four hundred for a module."""

import ast

import pytest

from tests.architecture.imports import ROOT, app_of, functions, name, sources, tree

MODULE, FUNCTION, VIEW, TEST_MODULE = 400, 40, 25, 500


@pytest.mark.parametrize("path", sources(), ids=name)
def test_a_module_stays_readable(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MODULE


@pytest.mark.parametrize("path", sources(tests=True), ids=name)
def test_a_test_module_stays_readable(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= TEST_MODULE


@pytest.mark.parametrize("path", sources(), ids=name)
def test_a_function_fits_a_screen(path):
    limit = VIEW if "views" in path.relative_to(ROOT / app_of(path)).parts else FUNCTION
    long = [f"{node.name} ({length})" for node, length in functions(path) if length > limit]
    assert long == []


@pytest.mark.parametrize("path", [p for p in sources() if "domain" in p.parts], ids=name)
def test_every_public_domain_function_has_a_docstring(path):
    bare = [
        node.name
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert bare == []
