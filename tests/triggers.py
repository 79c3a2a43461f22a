"""The flush between tests that write for good.

Append-only tables refuse DELETE, also to the flush on SQLite: the triggers are set aside for it. PostgreSQL flushes by
TRUNCATE, which row triggers do not see. The rows Django makes of the models stay, on both: they are the same in every
test, and to make them anew takes longer than the flush (tests/database.py).
"""

from django.db.backends.postgresql.operations import DatabaseOperations as PostgreSQL
from django.db.backends.sqlite3.base import DatabaseOperations as SQLite

KEPT = {"django_content_type", "auth_permission"}
_sqlite_flush, _postgresql_flush = SQLite.sql_flush, PostgreSQL.sql_flush


def _without_kept(tables) -> list[str]:
    return [table for table in tables if table not in KEPT]


def sqlite_flush(self, style, tables, **options):
    with self.connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'refuse_%'")
        triggers = cursor.fetchall()
    drop = [f"DROP TRIGGER {name}" for name, _ in triggers]
    return [*drop, *_sqlite_flush(self, style, _without_kept(tables), **options), *(sql for _, sql in triggers)]


def postgresql_flush(self, style, tables, **options):
    return _postgresql_flush(self, style, _without_kept(tables), **options)


SQLite.sql_flush, PostgreSQL.sql_flush = sqlite_flush, postgresql_flush
