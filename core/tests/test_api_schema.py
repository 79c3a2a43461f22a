"""The description of the API speaks Chinese and describes what is answered."""

import pytest
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from core.api_schema import is_chinese


@pytest.fixture(scope="module")
def schema() -> dict:
    found = SchemaGenerator().get_schema(request=None, public=True)
    validate_schema(found)
    return found


def operations(schema: dict):
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def test_every_operation_has_a_chinese_name_of_its_own_and_an_area(schema):
    names = {where: one.get("summary", "") for where, one in operations(schema) if "/schema/" not in where}
    assert [where for where, name in names.items() if not is_chinese(name)] == []
    assert len(set(names.values())) == len(names)
    assert [where for where, one in operations(schema) if where in names and one["tags"] == ["api"]] == []


def test_every_value_is_told_in_chinese(schema):
    untold = [
        f"{name}.{field}"
        for name, one in schema["components"]["schemas"].items()
        for field, told in one.get("properties", {}).items()
        if not is_chinese(f"{told.get('title', '')}{told.get('description', '')}")
    ]
    untold += [
        f"{where}: {one['name']}"
        for where, operation in operations(schema)
        for one in operation.get("parameters", ())
        if not is_chinese(one.get("description", ""))
    ]
    assert untold == []
