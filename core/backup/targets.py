"""A new database beside the present one, to be filled and then put in its place."""

import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from core.backup import rows
from core.backup.second import opened
from core.exceptions import Refused

RESTORED, ALONE = "restored", "restore_alone"
ASKED_TIMES = 20
SCHEMA = "walkthrough_restore"


class RestoreTarget(ABC):
    """``alias``: the connection to the new database while ``new`` is open."""

    alias = RESTORED

    @contextmanager
    def new(self) -> Iterator[None]:
        """The new database with all tables, empty, without the triggers that refuse rows; gone at the end unless
        ``put_in_place`` was called."""
        self._clear()
        try:
            with opened(self.alias, self._change) as made:
                self._begin(made)
                executor = MigrationExecutor(made)
                executor.migrate(executor.loader.graph.leaf_nodes())
                self._triggers_off(made)
                self._empty(made)
                yield
        finally:
            self._clear()

    @contextmanager
    def loading(self) -> Iterator[None]:
        """Rows are written in here; at the end triggers stand again and every reference was found to lead somewhere.

        Raises IntegrityError otherwise.
        """
        with transaction.atomic(using=self.alias):
            yield
            connections[self.alias].check_constraints()
            self._triggers_on(connections[self.alias])

    @abstractmethod
    def put_in_place(self, stamp: str) -> str:
        """Move the present tables aside under a name with ``stamp`` and the new ones to their place; where the old
        ones are, in words, or "" when there were none."""

    @abstractmethod
    def folder(self) -> Path | None:
        """The folder whose disk the new database takes; None when that is another machine's."""

    @abstractmethod
    def require_alone(self) -> None:
        """Raises Refused when another program uses the database."""

    @abstractmethod
    def _clear(self) -> None: ...
    @abstractmethod
    def _change(self, own: dict[str, Any]) -> None: ...
    @abstractmethod
    def _begin(self, made: BaseDatabaseWrapper) -> None: ...
    @abstractmethod
    def _triggers_off(self, made: BaseDatabaseWrapper) -> None: ...
    @abstractmethod
    def _triggers_on(self, made: BaseDatabaseWrapper) -> None: ...

    def _empty(self, made: BaseDatabaseWrapper) -> None:
        """Migrations may have written rows of their own."""
        quote = made.ops.quote_name
        with transaction.atomic(using=self.alias), made.cursor() as cursor:
            for table in rows.tables():
                cursor.execute(f"DELETE FROM {quote(table.name)}")


class SqliteTarget(RestoreTarget):
    """The path of the database file with ``.restore`` appended."""

    def __init__(self) -> None:
        self._path = Path(connection.settings_dict["NAME"])
        self._part = self._path.with_name(self._path.name + ".restore")
        self._triggers: list[str] = []

    def folder(self) -> Path | None:
        return self._path.parent

    def require_alone(self) -> None:
        """The lock of VAR_DIR says it (``walkthrough.embedded.sole_owner``)."""

    def put_in_place(self, stamp: str) -> str:
        connections[self.alias].close()
        # The last connection that closes folds the write-ahead log into the file.
        connections[DEFAULT_DB_ALIAS].close()
        aside = self._path.with_name(f"{self._path.name}.before-restore-{stamp}")
        had = self._path.exists()
        for ending in ("", "-wal", "-shm"):
            old = self._path.with_name(self._path.name + ending)
            if old.exists():
                old.rename(aside.with_name(aside.name + ending))
        self._part.rename(self._path)
        return str(aside) if had else ""

    def _clear(self) -> None:
        for ending in ("", "-wal", "-shm", "-journal"):
            self._part.with_name(self._part.name + ending).unlink(missing_ok=True)

    def _change(self, own: dict[str, Any]) -> None:
        own["NAME"] = str(self._part)
        own["OPTIONS"]["init_command"] = "PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF;"

    def _begin(self, made: BaseDatabaseWrapper) -> None:
        made.ensure_connection()
        self._part.chmod(0o600)

    def _triggers_off(self, made: BaseDatabaseWrapper) -> None:
        with made.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            found = cursor.fetchall()
            for name, _ in found:
                cursor.execute(f"DROP TRIGGER {made.ops.quote_name(name)}")
        self._triggers = [sql for _, sql in found]

    def _triggers_on(self, made: BaseDatabaseWrapper) -> None:
        with made.cursor() as cursor:
            for sql in self._triggers:
                cursor.execute(sql)


class PostgresqlTarget(RestoreTarget):
    """A schema of its own, whose tables move to that of the present ones."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            self._live = cursor.fetchone()[0] or "public"

    def folder(self) -> Path | None:
        return None

    def require_alone(self) -> None:
        # The pool of this process holds connections too.
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]  # of PostgreSQL alone
        others = 0
        with opened(ALONE, lambda own: None) as alone, alone.cursor() as cursor:
            # What was closed takes a moment to end.
            for _ in range(ASKED_TIMES):
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND usename = current_user AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
                )
                if not (others := cursor.fetchone()[0]):
                    return
                time.sleep(0.1)
        raise Refused(
            f"还有 {others} 个程序连接着这个数据库，没有恢复，没有改动任何数据。请先停止各台主机上的服务，再恢复。"
        )

    def put_in_place(self, stamp: str) -> str:
        made, aside = connections[self.alias], f"before_restore_{stamp.replace('-', '_')}"
        quote = made.ops.quote_name
        with transaction.atomic(using=self.alias), made.cursor() as cursor:
            had = _things(cursor, self._live)
            if had:
                cursor.execute(f"CREATE SCHEMA {quote(aside)}")
            for thing in had:
                cursor.execute(f"ALTER {thing.format(quote(self._live))} SET SCHEMA {quote(aside)}")
            for thing in _things(cursor, SCHEMA):
                cursor.execute(f"ALTER {thing.format(quote(SCHEMA))} SET SCHEMA {quote(self._live)}")
        return f"数据库中的 {aside} 模式" if had else ""

    def _clear(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")

    def _change(self, own: dict[str, Any]) -> None:
        before = own["OPTIONS"].get("options", "")
        own["OPTIONS"]["options"] = f"{before} -c search_path={SCHEMA}".strip()

    def _begin(self, made: BaseDatabaseWrapper) -> None:
        with made.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {SCHEMA}")

    def _triggers_off(self, made: BaseDatabaseWrapper) -> None:
        self._each(made, "DISABLE TRIGGER USER")

    def _triggers_on(self, made: BaseDatabaseWrapper) -> None:
        self._each(made, "ENABLE TRIGGER USER")

    def _each(self, made: BaseDatabaseWrapper, change: str) -> None:
        with made.cursor() as cursor:
            for table in rows.tables():
                cursor.execute(f"ALTER TABLE {made.ops.quote_name(table.name)} {change}")


def _things(cursor: Any, schema: str) -> list[str]:
    """What ALTER names of each table and function of a schema, with a place for the schema: ``TABLE {}."name"``.

    Sequences, indexes and triggers go with their table. What belongs to an extension stays.
    """
    cursor.execute(
        "SELECT 'TABLE {}.' || quote_ident(c.relname) FROM pg_class c WHERE c.relkind IN ('r', 'p')"
        " AND c.relnamespace = to_regnamespace(%s) AND NOT EXISTS"
        " (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') ORDER BY 1",
        [schema],
    )
    found = [row[0] for row in cursor.fetchall()]
    cursor.execute(
        "SELECT 'FUNCTION {}.' || quote_ident(p.proname) || '(' || pg_get_function_identity_arguments(p.oid) || ')'"
        " FROM pg_proc p WHERE p.prokind = 'f' AND p.pronamespace = to_regnamespace(%s) AND NOT EXISTS"
        " (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') ORDER BY 1",
        [schema],
    )
    return found + [row[0] for row in cursor.fetchall()]


def target() -> RestoreTarget:
    """Of the database the settings name."""
    return SqliteTarget() if connection.vendor == "sqlite" else PostgresqlTarget()
