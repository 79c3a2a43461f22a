"""What is a list on a screen can be taken out as a file: every view that pages its rows has an export, and says so."""

import ast
import inspect
import re

from django.urls import URLPattern, URLResolver, get_resolver

from tests.architecture.imports import ROOT

# What turns rows into pages: the function of core, the ledger's own, and the page of a list with tabs.
PAGED = {"paginate", "page_of", "page"}
# Lists whose workbook has a route of another name.
EXPORTED_BY = {
    "people": "people_export",
    "units": "units_export",
    "report": "report_f9",
}


def routes(patterns) -> dict:
    """{route: view} of the pages; those of the API answer as data anyway."""
    found = {}
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found |= routes(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and pattern.name and not pattern.name.startswith("api-"):
            found[pattern.name] = inspect.unwrap(pattern.callback)
    return found


def called_in(function: ast.FunctionDef) -> set[str]:
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return {one.id for one in calls if isinstance(one, ast.Name)} | {
        one.attr for one in calls if isinstance(one, ast.Attribute)
    }


def paging(view) -> bool:
    """Whether the view, or a function of its module that it calls, turns rows into pages."""
    tree = ast.parse(inspect.getsource(inspect.getmodule(view)))
    functions = {node.name: called_in(node) for node in tree.body if isinstance(node, ast.FunctionDef)}
    reached, waiting = set(), [view.__name__]
    while waiting:
        name = waiting.pop()
        if name in functions and name not in reached:
            reached.add(name)
            waiting += functions[name]
    return any(functions[name] & PAGED for name in reached)


def test_every_list_has_an_export_and_its_page_leads_to_it():
    known = {name: view for name, view in routes(get_resolver().url_patterns).items() if _is_ours(view)}
    lists = {name for name, view in known.items() if not name.endswith("_export") and paging(view)}
    assert len(lists) > 15, "a rule that reads nothing passes"
    exports = {EXPORTED_BY.get(name, f"{name}_export") for name in lists}
    assert exports - set(known) == set()
    places = [*(ROOT / "templates").rglob("*.html"), *ROOT.glob("*/views/*.py"), ROOT / "reports" / "links.py"]
    code = "".join(path.read_text(encoding="utf-8") for path in places)
    words = set(re.findall(r"[\"'][a-z0-9_]+[\"']", code))
    # A list with tabs names its route once; the address of its workbook is made from it.
    named = {name for name in exports if f'route="{name.removesuffix("_export")}"' in code}
    assert {name for name in exports - named if not {f"'{name}'", f'"{name}"'} & words} == set()


def _is_ours(view) -> bool:
    module = inspect.getmodule(view)
    return inspect.isfunction(view) and module is not None and str(ROOT) in str(getattr(module, "__file__", ""))
