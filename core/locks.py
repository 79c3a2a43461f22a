"""Locks that stand for more than the rows that exist."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


def lock_until_commit(number: int) -> None:
    """Take the lock of that number until the transaction ends; who asks for it meanwhile waits.

    SQLite has one writer at a time, a transaction that writes begins as such (BEGIN IMMEDIATE): nothing more is needed.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


@contextmanager
def without_waiting() -> Iterator[None]:
    """Within, a write that another process holds up fails at once (OperationalError) instead of waiting for it; for
    what may be left out. Not inside a transaction: PostgreSQL's would be lost with it."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '50ms'")
            yield
        return
    seconds = connection.settings_dict["OPTIONS"].get("timeout", 5)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
