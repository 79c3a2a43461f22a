"""The query planner's statistics: without them SQLite chooses the wrong index on a large ledger."""

from django.db import connection

ROWS_LOOKED_AT = 1000


def refresh_statistics() -> None:
    """Bring SQLite's statistics up to date; PostgreSQL does this itself. At most a thousand rows of each index are
    read, so it is fast on any ledger. Called before a start and nightly.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit = {ROWS_LOOKED_AT}")
        cursor.execute("ANALYZE")
