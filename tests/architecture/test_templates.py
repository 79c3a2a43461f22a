"""Templates: a page extends another, a partial has a leading underscore, each stands in the folder of its app."""

import ast
import re

from tests.architecture.imports import APPS, ROOT, app_of, expect_none, place, sources, tree

FOLDER = ROOT / "templates"
TEMPLATES = sorted(FOLDER.rglob("*.html"))
# Neither pages nor partials: the root of all pages, and what replaces Django's own form templates under Django's names.
NO_PARTIAL = ("base.html", "django/")
# Folders that are no app's: what all of them include, the pages of errors, Django's forms.
SHARED = ("partials", "errors", "django")


def name(path) -> str:
    return path.relative_to(FOLDER).as_posix()


def text(path) -> str:
    return path.read_text(encoding="utf-8")


def level(template: str) -> int:
    """The place of the template's app in the import line; -1 for what all apps may use."""
    folder, _, rest = template.partition("/")
    return APPS.index(folder) if rest and folder not in SHARED else -1


def test_there_are_templates_to_look_at():
    assert len(TEMPLATES) > 100


def test_a_partial_is_named_as_one_and_a_page_is_not():
    offenders = []
    for path in TEMPLATES:
        is_page = "{% extends" in text(path)
        is_named_partial = path.name.startswith("_") or name(path).startswith("partials/")
        if is_page == is_named_partial and not (name(path).startswith(NO_PARTIAL) and not is_page):
            offenders.append(name(path))
    expect_none(offenders)


def test_a_style_sheet_is_linked_in_the_block_for_it():
    links = re.compile(r"{% block styles %}.*?{% endblock %}", re.DOTALL)
    expect_none([name(path) for path in TEMPLATES if path.name != "base.html" and "<link" in links.sub("", text(path))])


def test_a_template_uses_only_those_of_its_own_app_and_of_the_apps_below():
    expect_none(
        [
            f"{name(path)} uses {used}"
            for path in TEMPLATES
            for used in re.findall(r'{% (?:include|extends) "([^"]+)"', text(path))
            if level(used) > level(name(path))
        ]
    )


def test_a_view_renders_the_templates_of_its_own_app():
    expect_none(
        [
            place(path, node.lineno, node.value)
            for path in sources()
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Constant)
            and re.fullmatch(r"[a-z_/]+\.html", str(node.value))
            and level(node.value) >= 0
            and node.value.partition("/")[0] != app_of(path)
        ]
    )
