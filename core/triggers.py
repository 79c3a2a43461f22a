"""Database triggers for migrations: they refuse changes by raw SQL too, on SQLite and PostgreSQL alike."""

from collections.abc import Callable

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

Step = Callable[[StateApps, BaseDatabaseSchemaEditor], None]


def refuse(table: str, *events: str, message: str, when: str = "") -> tuple[Step, Step]:
    """(forward, backward) for RunPython: each given event (UPDATE, DELETE, INSERT) on ``table`` fails with ``message``.

    ``when``: an SQL condition over the OLD row (NEW for INSERT); without it the event always fails.
    """

    def forward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for event in events:
            _create(schema_editor, table, event, message, when)

    def backward(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for event in events:
            name = f"refuse_{table}_{event.lower()}"
            suffix = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{suffix}")

    return forward, backward


def _create(schema_editor: BaseDatabaseSchemaEditor, table: str, event: str, message: str, when: str) -> None:
    name = f"refuse_{table}_{event.lower()}"
    if schema_editor.connection.vendor == "sqlite":
        guard = f"WHEN {when} " if when else ""
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} {guard}BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        return
    # In the body, not as WHEN: PostgreSQL allows no subquery there.
    kept = "OLD" if event == "DELETE" else "NEW"
    body = f"IF {when or 'TRUE'} THEN RAISE EXCEPTION '{message}'; END IF; RETURN {kept};"
    schema_editor.execute(
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN {body} END $$ LANGUAGE plpgsql"
    )
    schema_editor.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
