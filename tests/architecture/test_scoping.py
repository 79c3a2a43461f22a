"""Rows are chosen in domain queries: nothing above the domain touches a model manager."""

import ast

from tests.architecture.imports import ROOT, app_of, expect_none, name, place, sources, tree

OUTER = {"views", "api", "forms", "exports", "tasks", "filters", "tables", "templatetags", "resources"}
# Reason beside each: a manager that is no way around the scope.
EXEMPT: dict[str, str] = {}


def outer_modules():
    for path in sources():
        part = path.relative_to(ROOT / app_of(path)).parts[0].removesuffix(".py")
        if part in OUTER:
            yield path


def test_no_model_manager_above_the_domain():
    expect_none(
        [
            place(path, node.lineno, node.attr)
            for path in outer_modules()
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Attribute)
            and node.attr in ("objects", "_default_manager", "_base_manager")
            and name(path) not in EXEMPT
        ]
    )


def test_fields_are_always_listed_by_name():
    wrong = []
    for path in sources():
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Assign):
                continue
            targets = [target.id for target in node.targets if isinstance(target, ast.Name)]
            if "fields" in targets and isinstance(node.value, ast.Constant) and node.value.value == "__all__":
                wrong.append(place(path, node.lineno, "fields"))
            if "exclude" in targets and isinstance(node.value, ast.List | ast.Tuple):
                wrong.append(place(path, node.lineno, "exclude"))
    expect_none(wrong)


def state_writers(fields: set[str]):
    """Modules that pass ``state=`` to update(...) or assign ``.state``."""
    for path in sources():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
                if any(keyword.arg in fields for keyword in node.keywords):
                    yield name(path)
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Attribute) and target.attr in fields:
                        yield name(path)


def test_each_state_field_has_the_one_writer_its_docstring_names():
    writers = set(state_writers({"state"}))
    assert writers == {
        "core/jobs.py",
        "campaigns/domain/states.py",
        "plans/domain/lifecycle.py",
        "campaigns/domain/hotline.py",
        "walks/domain/lifecycle.py",
        "issues/domain/lifecycle.py",
        "issues/domain/imported.py",
        "scoring/domain/lifecycle.py",
        "issues/domain/needs/lifecycle.py",
        "issues/domain/extensions/lifecycle.py",
        "issues/domain/slips/lifecycle.py",
        "issues/domain/enquiries/lifecycle.py",
        "issues/domain/lookback/lifecycle.py",
        "reports/domain/submissions/lifecycle.py",
        "reports/domain/public_sheet/lifecycle.py",
    }


def test_several_records_are_chosen_through_the_one_field_that_bears_any_number():
    """Django's own field asks the database for a number no column holds, and fails (core.forms.RecordsField)."""
    raw = {"ModelMultipleChoiceField", "ModelMultipleChoiceFilter"}
    expect_none(
        [
            place(path, node.lineno)
            for path in sources()
            if name(path) != "core/forms.py"
            for node in ast.walk(tree(path))
            if (isinstance(node, ast.Attribute) and node.attr in raw)
            or (isinstance(node, ast.alias) and node.name in raw)
        ]
    )


# Functions that read memberships of yesterday too: why nobody has a right, a duty or a choice by them.
READ_ENDED_ROLES = {
    "accounts/domain/memberships.py: set_titles": "the caller names the roles",
    "accounts/domain/memberships.py: grant_memberships": "writes the rows",
    "accounts/domain/memberships.py: grant_membership": "writes the rows",
    "accounts/domain/memberships.py: end_memberships": "writes the rows",
    "accounts/domain/memberships.py: set_last_day": "writes the rows",
    "accounts/domain/memberships.py: end_due": "takes the rows of yesterday away",
    "accounts/domain/people.py: make_administrator": "refuses whoever has a row: the database does too",
    "accounts/domain/imports.py: Accounts": "compares a table with the rows it changes",
    "accounts/domain/role_requests.py: token_of_roles": "whether the rows are those that were shown",
    "accounts/domain/labels.py: _posts": "by what post people of one name are told apart",
    "accounts/domain/queries.py: people_matching": "the list of accounts",
    "accounts/domain/queries.py: people_rows": "the list of accounts",
    "accounts/domain/queries.py: memberships_of": "the page of one account, with the last days",
    "ledgers/domain/walkers.py: NamedWalkers": "who walked then, of a walk that was",
    "demo/domain/scenario.py: Cast": "the fictional county",
}


def test_a_role_counts_nowhere_after_its_last_day():
    """Whoever reads memberships asks ``accounts.scope.in_force``, or is named with the reason why not."""
    found = set()
    for path in sources():
        for node in tree(path).body:
            names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
            reads = any(
                isinstance(one, ast.Attribute)
                and one.attr == "objects"
                and isinstance(one.value, ast.Name)
                and one.value.id == "Membership"
                for one in ast.walk(node)
            )
            if reads and "in_force" not in names:
                found.add(f"{name(path)}: {getattr(node, 'name', node.lineno)}")
    assert found == set(READ_ENDED_ROLES)
