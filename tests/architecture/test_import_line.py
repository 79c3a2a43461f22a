"""The import line of docs/architecture.md, enforced."""

import ast

from tests.architecture.imports import (
    APPS,
    IMPORT_LINTER,
    ROOT,
    app_of,
    expect_none,
    imported_modules,
    name,
    place,
    sources,
    tree,
)

# Inside an app, lowest first. A module imports only from its own step or a lower one.
STEPS = (
    ("enums", "validators", "data"),
    ("models",),
    ("scope", "rules", "columns"),
    ("domain",),
    ("forms", "filters", "tables", "audit_words", "links", "resources", "exports", "middleware", "authentication"),
    ("tasks", "views", "api", "management", "templatetags", "urls"),
)
STEP_OF = {part: number for number, parts in enumerate(STEPS) for part in parts}
# A rulebook predicate and a visible-rows query are read by domain functions; scope stands under both.
KERNEL = {"core", "walkthrough"}
# Helper modules beside the steps: they import nothing of their app.
LEAVES = {"__init__", "apps", "decoder", "headers", "looks"}


def test_the_import_line_names_every_app_of_the_tree():
    packages = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert packages == set(APPS)


def test_the_layers_of_import_linter_are_the_same_line():
    [layers] = [contract["layers"] for contract in IMPORT_LINTER["contracts"] if contract["type"] == "layers"]
    assert tuple(reversed(layers)) == APPS


def test_a_module_imports_only_apps_to_its_left():
    expect_none(
        [
            place(path, line, module)
            for path in sources()
            for module, line in imported_modules(tree(path))
            if module.split(".")[0] in APPS and APPS.index(module.split(".")[0]) > APPS.index(app_of(path))
        ]
    )


def test_every_module_of_an_app_stands_on_a_step():
    expect_none(
        [
            name(path)
            for path in sources()
            if app_of(path) not in KERNEL and step_of(path) is None and path.parent == ROOT / app_of(path)
            if path.stem not in LEAVES
        ]
    )


def test_a_module_imports_only_lower_steps_of_its_own_app():
    wrong = []
    for path in sources():
        own = step_of(path)
        if app_of(path) in KERNEL or own is None:
            continue
        for module, line in imported_modules(tree(path)):
            parts = module.split(".")
            if parts[0] == app_of(path) and len(parts) > 1 and STEP_OF.get(parts[1], -1) > own:
                wrong.append(place(path, line, module))
    expect_none(wrong)


def step_of(path) -> int | None:
    return STEP_OF.get(path.relative_to(ROOT / app_of(path)).parts[0].removesuffix(".py"))


def test_no_function_hides_an_import():
    expect_none(
        [
            place(path, node.lineno)
            for path in sources()
            for function in ast.walk(tree(path))
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
            for node in ast.walk(function)
            if isinstance(node, ast.Import | ast.ImportFrom)
        ]
    )


def test_no_signal_and_no_generic_foreign_key():
    expect_none(
        [
            place(path, number, word)
            for path in sources()
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
            for word in ("GenericForeignKey", "django.dispatch", "db.models.signals")
            if word in line
        ]
    )
