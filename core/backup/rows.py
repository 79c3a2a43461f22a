"""The rows of every table in one canonical form: a line of JSON for each row, the same on every database."""

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connections, models
from django.db.models.query import QuerySet

# Signed-in browsers: nobody stays signed in over a restore, which may bring back an account that was closed since.
LEFT_OUT = {"django_session"}
CHUNK = 2000


@dataclass(frozen=True)
class StoredTable:
    """A table with the fields that are stored: what the database computes itself is left out."""

    name: str
    model: type[models.Model]
    fields: tuple[models.Field, ...]

    @property
    def columns(self) -> list[str]:
        return [str(field.column) for field in self.fields]


def tables() -> list[StoredTable]:
    """Every table of the product and of the libraries that keep rows, by name; columns by name."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if not meta.proxy and meta.managed and meta.db_table not in LEFT_OUT:
            stored = [field for field in meta.local_concrete_fields if not field.generated]
            fields = tuple(sorted(stored, key=lambda field: str(field.column)))
            found.append(StoredTable(meta.db_table, model, fields))
    return sorted(found, key=lambda table: table.name)


def lines(table: StoredTable, alias: str) -> Iterator[bytes]:
    """The rows of ``table`` by primary key, each a JSON list in the order of its columns; a few rows in memory."""
    names = [str(field.attname) for field in table.fields]
    rows: QuerySet = QuerySet(table.model, using=alias).order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=CHUNK):
        values = [_plain(value) for value in row]
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode() + b"\n"


def insert(table: StoredTable, alias: str, batch: Sequence[bytes]) -> None:
    """Write rows that ``lines`` gave. Raises ValueError for a line it cannot have given."""
    connection = connections[alias]
    ready = []
    for line in batch:
        values = json.loads(line)
        if not isinstance(values, list) or len(values) != len(table.fields):
            raise ValueError(f"no row of {table.name}")
        pairs = zip(table.fields, values, strict=True)
        ready.append([field.get_db_prep_save(_value(field, value), connection) for field, value in pairs])
    quote = connection.ops.quote_name
    names = ", ".join(quote(column) for column in table.columns)
    marks = ", ".join(["%s"] * len(table.fields))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {quote(table.name)} ({names}) VALUES ({marks})", ready)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat() if value.tzinfo else value.isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    if isinstance(value, (bytes, memoryview)):
        return base64.b64encode(value).decode()
    return value


def _value(field: models.Field, value: Any) -> Any:
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(field, models.BinaryField):
        return base64.b64decode(value, validate=True)
    return field.to_python(value)


def sequences(alias: str) -> dict[str, int]:
    """{table: the last number it gave}: a number whose row is gone is not given again after a restore."""
    connection, last = connections[alias], {}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
            have = dict(cursor.fetchall())
            return {table.name: have[table.name] for table in tables() if have.get(table.name)}
        for table, sequence in _postgresql_sequences(cursor):
            cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}")
            if number := cursor.fetchone()[0]:
                last[table] = number
    return last


def set_sequences(alias: str, last: dict[str, int]) -> None:
    """Go on counting after these numbers."""
    connection = connections[alias]
    known = {table.name for table in tables()}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, number in last.items():
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [name])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [name, number])
            return
        for table, sequence in _postgresql_sequences(cursor):
            if table in known and table in last:
                cursor.execute("SELECT setval(%s, %s)", [sequence, last[table]])


def _postgresql_sequences(cursor: Any) -> list[tuple[str, str]]:
    found = []
    for table in tables():
        key = table.model._meta.pk
        if isinstance(key, models.AutoField | models.BigAutoField):
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table.name}"', key.column])
            if name := cursor.fetchone()[0]:
                found.append((table.name, name))
    return found
