"""A disk without room, as the database tells of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection

from core import storage_state

WRITING = ("INSERT", "UPDATE", "DELETE")


@contextmanager
def full_disk(table: str = "") -> Iterator[None]:
    """Every statement that writes, or that writes to the table, fails as on a full disk."""

    def refuse(execute, sql, params, many, context):
        if sql.startswith(WRITING) and (not table or f'"{table}"' in sql):
            raise OperationalError("database or disk is full")
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(refuse):
            yield
    finally:
        storage_state.forget()
