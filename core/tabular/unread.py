"""A table whose columns a person has to name first, kept as JSON until that is done. Pure."""

from core.tabular import NoValue, Row, as_text
from core.tabular.cells import LONGEST_NUMBER
from core.tabular.own import OwnTable


def as_json(table: OwnTable) -> tuple[dict, list[dict]]:
    """(what stands around the rows, the rows); ``from_json`` gives the table again."""
    around = {
        "columns": list(table.columns), "title": list(table.title), "mark": table.mark,
        "repeated": list(table.repeated), "notes": table.notes,
    }  # fmt: skip
    rows = [
        {"number": row.number, "cells": {column: _cell(value) for column, value in row.cells.items()}}
        for row in table.rows
    ]
    return around, rows


def from_json(file: str, around: dict, rows: list[dict]) -> OwnTable:
    """The table again; values are texts."""
    columns = tuple(around["columns"])
    read = [_row(row, columns) for row in rows]
    return OwnTable(
        file, columns, read, tuple(around["title"]), around["mark"], tuple(around["repeated"]), around["notes"]
    )  # fmt: skip


def _cell(value: object) -> object:
    if isinstance(value, NoValue):
        return [value.shown, value.message]
    if isinstance(value, float) and abs(value) >= LONGEST_NUMBER:
        return f"{value:e}"  # so that what has lost its digits still says so
    return as_text(value)


def _row(row: dict, columns: tuple[str, ...]) -> Row:
    # In the order of the table: PostgreSQL keeps no order of an object's keys.
    kept = [(column, row["cells"][column]) for column in columns if column in row["cells"]]
    cells = {column: NoValue(*value) if isinstance(value, list) else value or None for column, value in kept}
    return Row(row["number"], cells)
