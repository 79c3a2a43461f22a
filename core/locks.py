"""Locks that stand for more than the rows that exist."""

from django.db import connection


def lock_until_commit(number: int) -> None:
    """Take the lock of that number until the transaction ends; who asks for it meanwhile waits.

    SQLite has one writer at a time, a transaction that writes begins as such (BEGIN IMMEDIATE): nothing more is needed.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
