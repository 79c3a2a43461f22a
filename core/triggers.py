"""Database triggers for migrations: they refuse changes by raw SQL too, on SQLite and PostgreSQL alike."""

from collections.abc import Callable

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

Step = Callable[[StateApps, BaseDatabaseSchemaEditor], None]


def refuse(table: str, *events: str, message: str, when: str = "") -> tuple[Step, Step]:
    """(forward, backward) for RunPython: each given event (UPDATE, DELETE, INSERT) on ``table`` fails with ``message``.

    ``when``: an SQL condition over the OLD row (NEW for INSERT); without it the event always fails.
    ``changed`` writes one that is true when a column changes.
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


def changed(*columns: str) -> str:
    """A condition for UPDATE: one of the columns becomes another value, null included."""
    return "(" + " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns) + ")"


def _create(schema_editor: BaseDatabaseSchemaEditor, table: str, event: str, message: str, when: str) -> None:
    name = f"refuse_{table}_{event.lower()}"
    if schema_editor.connection.vendor == "sqlite":
        # The same in older SQLite, whose IS compares null too.
        guard = f"WHEN {when.replace(' IS DISTINCT FROM ', ' IS NOT ')} " if when else ""
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
