"""Database triggers for migrations: walls that hold even against raw SQL, on SQLite and PostgreSQL alike."""


def refuse(table: str, *events: str, message: str):
    """(forward, backward) for RunPython: every given event (UPDATE, DELETE) on ``table`` fails with ``message``."""

    def forward(apps, schema_editor):
        for event in events:
            _create(schema_editor, table, event, message)

    def backward(apps, schema_editor):
        for event in events:
            name = f"refuse_{table}_{event.lower()}"
            suffix = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{suffix}")

    return forward, backward


def _create(schema_editor, table: str, event: str, message: str) -> None:
    name = f"refuse_{table}_{event.lower()}"
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        return
    schema_editor.execute(
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ "
        f"BEGIN RAISE EXCEPTION '{message}'; END $$ LANGUAGE plpgsql"
    )
    schema_editor.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
