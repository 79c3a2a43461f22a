"""Append-only tables refuse DELETE, also to the flush between tests on SQLite: the triggers are set aside for it.

PostgreSQL flushes by TRUNCATE, which row triggers do not see.
"""

from django.db.backends.sqlite3.base import DatabaseOperations

_sql_flush = DatabaseOperations.sql_flush


def sql_flush(self, style, tables, **options):
    with self.connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'refuse_%'")
        triggers = cursor.fetchall()
    drop = [f"DROP TRIGGER {name}" for name, _ in triggers]
    return [*drop, *_sql_flush(self, style, tables, **options), *(sql for _, sql in triggers)]


DatabaseOperations.sql_flush = sql_flush
