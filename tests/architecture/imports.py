"""What the source says of itself: modules, imports, definitions. Read with ast, nothing is run."""

import ast
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IMPORT_LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
# Lowest first.
APPS = tuple(IMPORT_LINTER["root_packages"])


def sources(*, tests: bool = False) -> list[Path]:
    """Every module of the product (with ``tests``, every test module instead), migrations left out."""
    found = []
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            parts = path.relative_to(ROOT).parts  # the folder the project lies in may have any name
            if "migrations" not in parts and ("tests" in parts) is tests:
                found.append(path)
    if tests:
        found += sorted((ROOT / "tests").rglob("*.py"))
    assert len(found) > 100, "a rule that reads nothing passes"
    return found


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def app_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


def imported_modules(node: ast.AST) -> list[tuple[str, int]]:
    """(dotted name, line) of every import below ``node``."""
    found = []
    for item in ast.walk(node):
        if isinstance(item, ast.Import):
            found += [(alias.name, item.lineno) for alias in item.names]
        elif isinstance(item, ast.ImportFrom) and item.module:
            found.append((item.module, item.lineno))
    return found


def functions(path: Path):
    """Every function and method with its length in lines, decorators and docstring left out."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
            yield node, node.end_lineno - body[0].lineno + 1


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def place(path: Path, line: int, what: str = "") -> str:
    """Where something stands, as an editor opens it: ``campaigns/rules.py:12 what``."""
    return f"{name(path)}:{line} {what}".rstrip()


def expect_none(offenders: list[str]) -> None:
    """Fail with every offender on a line of its own."""
    assert not offenders, "\n" + "\n".join(offenders)
