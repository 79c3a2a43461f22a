"""Rows written straight into a table, thousands at once: a model instance for each would cost most of the time."""

import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from itertools import repeat
from types import NoneType
from typing import Any

from django.db import connection
from django.db.models import CharField, Field, ForeignKey, IntegerField, Model, TextField

CHUNK = 1000
# What the database is given as it stands.
_PLAIN = (CharField, TextField, IntegerField)
_OF_THE_DATABASE = {str, int, NoneType}
# Kinds of values that are equal only to what is written alike, and of which a column has few.
_COME_AGAIN = {date, datetime, NoneType}


@contextmanager
def uncollected() -> Iterator[None]:
    """While thousands of rows are read or made: they are no garbage, and searching them for some takes a fifth of the
    time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def many_rows() -> Iterator[None]:
    """Around a transaction that makes thousands of rows."""
    with uncollected(), _journals_in_memory():
        yield


@contextmanager
def _journals_in_memory() -> Iterator[None]:
    """For each row SQLite notes what it would take back: of a table with many indexes so much that it makes a file for
    every row."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA temp_store = MEMORY")
        try:
            yield
        finally:
            cursor.execute("PRAGMA temp_store = DEFAULT")


def insert_rows(
    model: type[Model], rows: Iterable[Mapping[str, Any]], *, columns: Collection[str], common: Mapping[str, Any]
) -> None:
    """Write the rows ({column: value}, each with all ``columns``). Every other column has the value in ``common``, else
    the default of its field. Columns are named as on an instance (``issue_id``); the key is the database's, generated
    columns follow. Nothing is validated, no signal is sent, ``auto_now`` does not fill in: say it in ``common``.
    """
    fields = {one.attname: one for one in model._meta.concrete_fields if not (one.primary_key or one.generated)}
    unknown = (set(columns) | set(common)) - set(fields)
    if unknown:
        raise ValueError(f"{model.__name__} has no column {', '.join(sorted(unknown))}")
    varying = [name for name in fields if name in columns]
    fixed = [name for name in fields if name not in columns]
    values = [_to_database(fields[name])(common.get(name, fields[name].get_default())) for name in fixed]
    prepared = [(name, _to_database(fields[name])) for name in varying]
    sql = _statement(model, [fields[name] for name in (*varying, *fixed)])
    with connection.cursor() as cursor:
        for chunk in _chunks(rows):
            told = [_column([row[name] for row in chunk], put) for name, put in prepared]
            cursor.executemany(sql, list(zip(*told, *(repeat(value, len(chunk)) for value in values), strict=True)))


def _column(values: list[Any], put: Callable[[Any], Any]) -> list[Any]:
    """The values of one column as the database takes them; it has few values where days and people stand in it."""
    kinds = set(map(type, values))
    if put is _as_it_is and kinds <= _OF_THE_DATABASE:
        return values
    if kinds <= _COME_AGAIN:
        known = {value: put(value) for value in set(values)}
        return [known[value] for value in values]
    return list(map(put, values))


def _statement(model: type[Model], fields: Sequence[Field]) -> str:
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in fields)
    return f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({', '.join(['%s'] * len(fields))})"


def _to_database(field: Field) -> Callable[[Any], Any]:
    target = field.target_field if isinstance(field, ForeignKey) else field
    # An auto field is an integer too.
    if isinstance(target, _PLAIN):
        return _as_it_is
    return partial(field.get_db_prep_save, connection=connection)


def _as_it_is(value: Any) -> Any:
    # A member of an enumeration is its value.
    return str(value) if isinstance(value, str) and type(value) is not str else value


def _chunks(rows: Iterable[Mapping[str, Any]]) -> Iterable[list[Mapping[str, Any]]]:
    chunk: list[Mapping[str, Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
