"""Database triggers for migrations: they refuse changes by raw SQL too, on SQLite and PostgreSQL alike."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

from core.conflicts import ARCHIVED


class Refuse(Operation):
    """A step of a migration: each given event (UPDATE, DELETE, INSERT) on ``table`` fails with ``message``.

    ``when``: an SQL condition over the OLD row (NEW for INSERT); without it the event always fails.
    ``changed`` writes one that is true when a column changes.
    """

    reduces_to_sql = True

    prefix = "refuse"

    def __init__(self, table: str, *events: str, message: str, when: str = ""):
        self.table, self.events, self.message, self.when = table, events, message, when

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass

    def database_forwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any) -> None:
        for event in self.events:
            name = f"{self.prefix}_{self.table}_{event.lower()}"
            _create(schema_editor, name, self.table, event, self.message, self.condition(event))

    def database_backwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any) -> None:
        for event in self.events:
            name = f"{self.prefix}_{self.table}_{event.lower()}"
            suffix = f" ON {self.table}" if schema_editor.connection.vendor == "postgresql" else ""
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{suffix}")

    def describe(self) -> str:
        return f"Refuse {', '.join(self.events)} on {self.table}"

    def condition(self, event: str) -> str:
        """The SQL condition for one event; "" for always."""
        return self.when


class RefuseArchived(Refuse):
    """A step of a migration: no row of ``table`` comes, changes or goes once its campaign is archived.

    ``path``: the SQL of the campaign's id, with ``{row}`` for OLD or NEW. ``unless``: an SQL condition, with ``{row}``
    too, of what may happen all the same.
    """

    prefix = "refuse_archived"

    def __init__(
        self,
        table: str,
        *events: str,
        path: str = "{row}.campaign_id",
        unless: str = "",
    ):
        super().__init__(table, *(events or ("INSERT", "UPDATE", "DELETE")), message=ARCHIVED)
        self.path, self.unless = path, unless

    def condition(self, event: str) -> str:
        row = "NEW" if event == "INSERT" else "OLD"
        held = f"(SELECT state FROM campaigns_campaign WHERE id = {self.path.format(row=row)}) = 'archived'"
        return f"{held} AND NOT ({self.unless.format(row=row)})" if self.unless else held


def changed(*columns: str) -> str:
    """A condition for UPDATE: one of the columns becomes another value, null included."""
    return "(" + " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns) + ")"


def _create(
    schema_editor: BaseDatabaseSchemaEditor, name: str, table: str, event: str, message: str, when: str
) -> None:
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
