"""A class name stands for one thing in the whole product."""

import ast
from collections import defaultdict

from tests.architecture.imports import expect_none, place, sources, tree

# Names that Django prescribes.
PRESCRIBED = {"Meta", "Command", "Migration"}


def test_no_class_name_is_defined_twice():
    places = defaultdict(list)
    for path in sources():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef) and node.name not in PRESCRIBED:
                places[node.name].append(place(path, node.lineno))
    assert len(places) > 300, "a rule that reads nothing passes"
    twice = {name: found for name, found in places.items() if len(found) > 1}
    expect_none([f"{name}: {', '.join(found)}" for name, found in sorted(twice.items())])
