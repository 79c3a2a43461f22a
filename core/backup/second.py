"""Further connections to the database, beside the one of the settings."""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

SNAPSHOT = "backup_snapshot"


@contextmanager
def opened(alias: str, change: Callable[[dict[str, Any]], None]) -> Iterator[BaseDatabaseWrapper]:
    """A connection named ``alias``, for ``using``; ``change`` edits a copy of the settings of the default one.

    Only the calling thread sees it; closed at the end.
    """
    own = copy.deepcopy(connections[DEFAULT_DB_ALIAS].settings_dict)
    own.setdefault("OPTIONS", {}).pop("pool", None)
    change(own)
    # The class of the default connection, which knows no name of its own.
    made = type(connections[DEFAULT_DB_ALIAS])(own, alias)
    connections[alias] = made
    try:
        yield made
    finally:
        made.close()
        del connections[alias]


@contextmanager
def snapshot() -> Iterator[str]:
    """The name of a connection whose reads all see the database of one moment, while others write.

    SQLite: a deferred transaction over the write-ahead log, which holds up no writer. PostgreSQL: REPEATABLE READ.
    The moment is fixed when this is entered.
    """
    with opened(SNAPSHOT, _for_reading) as made, transaction.atomic(using=SNAPSHOT), made.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        yield SNAPSHOT


def _for_reading(own: dict[str, Any]) -> None:
    if connection.vendor == "sqlite":
        own["OPTIONS"]["transaction_mode"] = "DEFERRED"
        own["OPTIONS"]["init_command"] = "PRAGMA query_only=ON;"
        return
    extra = "-c default_transaction_isolation=repeatable\\ read -c default_transaction_read_only=on"
    own["OPTIONS"]["options"] = f"{own['OPTIONS'].get('options', '')} {extra}".strip()
