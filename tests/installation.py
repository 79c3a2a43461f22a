"""An installation of its own inside a test process: a migrated, empty database, a data folder, an audit.

What a backup reads must be committed, and a restore puts another database in the place of the present one: neither can
happen in the transaction of a test.
"""

import copy
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings as django_settings
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.test import override_settings

from tests.database import ORIGINAL, sqlite_copy


class Installation:
    """``folder`` is its VAR_DIR. On PostgreSQL its database is dropped by ``remove``."""

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir()
        self.name = str(folder / "db.sqlite3")
        if connection.vendor == "sqlite":
            sqlite_copy(Path(self.name))
        else:
            self.name = f"own_{uuid.uuid4().hex[:12]}"
            with connection.creation._nodb_cursor() as cursor:
                cursor.execute(f"CREATE DATABASE {self.name} TEMPLATE {ORIGINAL}")

    def remove(self) -> None:
        if connection.vendor == "postgresql":
            with connection.creation._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE {self.name} WITH (FORCE)")

    @contextmanager
    def used(self) -> Iterator["Installation"]:
        """Within, this process works in this installation."""
        paths = {
            "VAR_DIR": self.folder,
            "MEDIA_ROOT": self.folder / "files",
            "AUDIT_ANCHORS": self.folder / "audit" / "anchors.jsonl",
            "BACKUP_DIR": self.folder / "backups",
        }
        with override_settings(**paths), self.connected():
            yield self

    @contextmanager
    def connected(self) -> Iterator[None]:
        """Within, this thread's database is that of this installation."""
        before = connections[DEFAULT_DB_ALIAS]
        own = copy.deepcopy(django_settings.DATABASES[DEFAULT_DB_ALIAS])
        own["NAME"] = self.name
        own["OPTIONS"].pop("pool", None)
        made = connections[DEFAULT_DB_ALIAS] = type(before)(own, DEFAULT_DB_ALIAS)
        try:
            yield
        finally:
            made.close()
            connections[DEFAULT_DB_ALIAS] = before
