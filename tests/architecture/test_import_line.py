"""The import line of docs/architecture.md, enforced."""

import ast

import pytest

from tests.architecture.imports import APPS, ROOT, app_of, imported_modules, name, sources, tree

# Inside an app, lowest first. A module imports only from its own step or a lower one.
STEPS = (
    ("enums", "validators", "data"),
    ("models",),
    ("scope", "rules"),
    ("domain",),
    ("forms", "filters", "tables", "links", "resources", "exports", "middleware"),
    ("tasks", "views", "api", "management", "templatetags", "urls"),
)
STEP_OF = {part: number for number, parts in enumerate(STEPS) for part in parts}
# A rulebook predicate and a visible-rows query are read by domain functions; scope stands under both.
KERNEL = {"core", "walkthrough"}


def test_the_import_line_names_every_app_of_the_tree():
    packages = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert packages == set(APPS)


@pytest.mark.parametrize("path", sources(), ids=name)
def test_a_module_imports_only_apps_to_its_left(path):
    own = APPS.index(app_of(path))
    wrong = [
        f"{module} (line {line})"
        for module, line in imported_modules(tree(path))
        if module.split(".")[0] in APPS and APPS.index(module.split(".")[0]) > own
    ]
    assert wrong == []


@pytest.mark.parametrize("path", [p for p in sources() if app_of(p) not in KERNEL], ids=name)
def test_a_module_imports_only_lower_steps_of_its_own_app(path):
    app = app_of(path)
    own = STEP_OF.get(path.relative_to(ROOT / app).parts[0].removesuffix(".py"))
    if own is None:
        assert path.name in ("__init__.py", "apps.py") or path.parent != ROOT / app or path.stem in LEAVES
        return
    wrong = []
    for module, line in imported_modules(tree(path)):
        parts = module.split(".")
        if parts[0] == app and len(parts) > 1 and STEP_OF.get(parts[1], -1) > own:
            wrong.append(f"{module} (line {line})")
    assert wrong == []


# Helper modules beside the steps: they import nothing of their app.
LEAVES = {"decoder", "headers"}


@pytest.mark.parametrize("path", sources(), ids=name)
def test_no_function_hides_an_import(path):
    hidden = [
        f"line {node.lineno}"
        for function in ast.walk(tree(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


@pytest.mark.parametrize("path", sources(), ids=name)
def test_no_signal_and_no_generic_foreign_key(path):
    text = path.read_text(encoding="utf-8")
    assert "GenericForeignKey" not in text
    assert "django.dispatch" not in text
    assert "db.models.signals" not in text
