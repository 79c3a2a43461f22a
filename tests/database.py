"""The test database: migrated once a run, then copied for each test process.

The first process that needs a database migrates it from nothing, by Django's own command; the others wait and copy.
The original lies in the folder of the run (TEST_BASE, or TEST_ORIGINALS of all parts of ``make test``) or in the server
of the run, so that the next run migrates anew.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.contenttypes.management import create_contenttypes
from django.db import connection
from django.db.models.signals import post_migrate

BASE = Path(os.environ["TEST_BASE"])
SHARED = Path(os.environ.get("TEST_ORIGINALS") or BASE)
ORIGINAL = "test_original"


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, django_db_modify_db_settings) -> Iterator[None]:
    """Takes the place of pytest-django's fixture."""
    with django_db_blocker.unblock():
        before = connection.settings_dict["NAME"]
        name = connection.creation._get_test_db_name()
        copy = _sqlite_copy if connection.vendor == "sqlite" else _postgresql_copy
        with one_at_a_time():
            copy(name)
        _use(name)
        # The copy has their rows and a flush leaves them: tests/triggers.py.
        post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
        post_migrate.disconnect(create_contenttypes)
    yield
    with django_db_blocker.unblock():
        connection.creation.destroy_test_db(before, verbosity=0)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Within, no other process of the run makes what all of them copy."""
    with (SHARED / "database.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _use(name: str) -> None:
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()
    settings.DATABASES[connection.alias]["NAME"] = connection.settings_dict["NAME"] = name


def _migrate(name: str, done: Path) -> None:
    """Migrate the database ``name`` from nothing. The mark ``done`` is left once it is whole: what failed is made
    anew."""
    if done.exists():
        return
    own = connection.settings_dict["TEST"].get("NAME")
    connection.settings_dict["TEST"]["NAME"] = name
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    finally:
        connection.settings_dict["TEST"]["NAME"] = own
    done.touch()


def _sqlite_copy(name: str) -> None:
    original = SHARED / f"{ORIGINAL}.sqlite3"
    _migrate(str(original), SHARED / "sqlite.migrated")
    connection.close()  # the last connection folds the write-ahead log into the file
    assert not original.with_name(original.name + "-wal").exists()
    shutil.copy(original, name)


def sqlite_copy(path: Path) -> None:
    """A migrated, empty SQLite database of the product at ``path``, for a process of its own; needs a test database.
    Where the tests run on PostgreSQL it is migrated by the first who asks."""
    original, done = SHARED / f"{ORIGINAL}.sqlite3", SHARED / "sqlite.migrated"
    with one_at_a_time():
        if not done.exists():
            original.unlink(missing_ok=True)
            environment = os.environ | {"TEST_DATABASE_URL": f"sqlite:///{original}"}
            command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
            subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=True)
            done.touch()
    shutil.copy(original, path)


def _postgresql_copy(name: str) -> None:
    home = connection.settings_dict["NAME"]
    _migrate(ORIGINAL, BASE / "postgresql.migrated")
    _use(home)
    quote = connection.ops.quote_name
    with connection.creation._nodb_cursor() as cursor:
        # A session that ends takes a moment, and nobody may look at what is copied.
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [ORIGINAL])
        cursor.execute(f"DROP DATABASE IF EXISTS {quote(name)}")
        cursor.execute(f"CREATE DATABASE {quote(name)} TEMPLATE {quote(ORIGINAL)}")


@contextmanager
def without_triggers(*tables: str) -> Iterator[None]:
    """Within, rows of these tables can be written as no function of the product can: to build what a test needs, or as
    somebody with the database's own rights."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
            yield
            cursor.execute("SET LOCAL session_replication_role = origin")
            return
        marks = ", ".join(["%s"] * len(tables))
        asked = f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({marks})"
        cursor.execute(asked, tables)
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for _, sql in found:
            cursor.execute(sql)
