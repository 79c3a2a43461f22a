"""A connection to SQLite that stays open, so that a full disk leaves the pages readable."""

import logging

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

logger = logging.getLogger(__name__)


def hold_open() -> BaseDatabaseWrapper | None:
    """A connection that nobody uses, open as long as it is referred to; None for PostgreSQL, and when there is
    no database to open.

    The last connection that closes removes SQLite's shared memory file, and the next one cannot make it anew on a full
    disk: then nothing can be read. Opened in each web process after it has forked, because SQLite forbids to carry an
    open database into a child.
    """
    connection = connections.create_connection(DEFAULT_DB_ALIAS)
    if connection.vendor != "sqlite":
        return None
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        logger.error("database not held open: %s", error)
        return None
    return connection
