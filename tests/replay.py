"""What tests build again and again: built once a process by the product's own functions, then written as it was."""

import functools
import inspect
import itertools
import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from accounts.models import Region
from walks.models import Walk

LABELS = ("core", "accounts", "notifications", "catalogue", "campaigns", "walks", "plans", "issues", "ledgers")
LABELS += ("reports",)
READS = ("SELECT", "SAVEPOINT", "RELEASE")


def replayed(name: str, build: Callable):
    """What ``build`` makes, under a name of its own: rows of the product's tables, and an object that can be pickled.

    Built by the product's own functions the first time. Into an empty database of the same day the same rows are then
    written, and from the third time on by the statements that wrote them.
    """
    if Region.objects.exists():
        return build()
    key = (name, timezone.localdate())
    kept = _BUILT.get(key)
    # What was built while the clock of another test went on lies ahead of one that stands still.
    if kept is None or kept.ended > timezone.now():
        made = build()
        _BUILT[key] = Kept(_rows(), pickle.dumps(made), timezone.now())
        return made
    if not kept.statements:
        with connection.execute_wrapper(kept.note):
            _write(kept.rows)
    else:
        _execute(kept.statements)
    _know((*key, kept.serial, _next_keys()))
    return pickle.loads(kept.made)


def from_known_rows(build: Callable) -> Callable:
    """``build(cast, …)`` writes rows and gives an object that can be pickled. Where the database holds ``replayed``
    rows and what such functions wrote after them, and nothing else was written, the same statements are executed again.

    On SQLite alone: a sequence of PostgreSQL goes on after a rollback, so that new rows have other keys. Files and what
    waits for the end of a transaction are not made again: no such function may count on either.
    """
    signature = inspect.signature(build)

    @functools.wraps(build)
    def built(*args, **kwargs):
        known = _known()
        if known is None:
            return build(*args, **kwargs)
        given = signature.bind(*args, **kwargs).arguments
        asked = tuple((name, _told(value)) for name, value in given.items() if name != "cast")
        key = (*known, build.__module__, build.__name__, asked, timezone.localdate())
        kept = _ADDED.get(key)
        if kept is None or kept.ended > timezone.now():
            note = Noted()
            with connection.execute_wrapper(note):
                made = build(*args, **kwargs)
            if not note.rolled_back:
                _ADDED[key] = kept = Kept([], pickle.dumps(made), timezone.now(), note.statements)
                _know((*key, kept.serial))
            return made
        _execute(kept.statements)
        _know((*key, kept.serial))
        return pickle.loads(kept.made)

    return built


def forget_known_rows() -> None:
    """From here on everything is built by the product's functions, which may have been changed: tests/faults."""
    _KNOWN.clear()


def _told(value: object) -> object:
    if isinstance(value, dict):
        return tuple((name, _told(one)) for name, one in value.items())
    return (value._meta.label, value.pk) if isinstance(value, Model) else repr(value)


# The rows the database holds: their key, and where its connection stood when they had been written.
_KNOWN: dict[str, tuple] = {}


def _know(key: tuple) -> None:
    if connection.vendor == "sqlite" and connection.in_atomic_block:
        _KNOWN["rows"] = (key, _position())


def _next_keys() -> tuple:
    """From where the keys of new rows go on. A flush, after a test with transactions of its own, takes rows alone."""
    if connection.vendor != "sqlite":
        return ()
    with connection.cursor() as cursor:
        return tuple(cursor.execute("SELECT name, seq FROM sqlite_sequence ORDER BY name").fetchall())


def _known() -> tuple | None:
    """The key of what the database holds; None where something else was written since, or rolled back."""
    if "rows" not in _KNOWN or not connection.in_atomic_block:
        return None
    key, position = _KNOWN["rows"]
    return key if position == _position() else None


def _position() -> tuple:
    return (connection.connection.total_changes, tuple(connection.savepoint_ids))


def _execute(statements: list[tuple]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for sql, params, many in statements:
            (cursor.executemany if many else cursor.execute)(sql, params)


@dataclass
class Noted:
    """The statements that wrote, in order."""

    statements: list[tuple] = field(default_factory=list)
    rolled_back: bool = False

    def __call__(self, execute, sql, params, many, context):
        if sql.startswith("ROLLBACK"):
            self.rolled_back = True
        elif not sql.startswith(READS):
            self.statements.append((sql, params, many))
        return execute(sql, params, many, context)


@dataclass
class Kept:
    """What was built on one day: its rows, the object, when it was done, and the statements that write the rows."""

    rows: list[list]
    made: bytes
    ended: datetime
    statements: list[tuple] = field(default_factory=list)
    # What was built again is not what it was, and what was written after the first one does not continue it.
    serial: int = field(default_factory=itertools.count().__next__)

    def note(self, execute, sql, params, many, context):
        if sql.startswith(("INSERT", "SELECT setval")):  # not what begins and ends a transaction
            self.statements.append((sql, params, many))
        return execute(sql, params, many, context)


_BUILT: dict[tuple[str, date], Kept] = {}
_ADDED: dict[tuple, Kept] = {}


def _write(rows: list[list]) -> None:
    # Walks last: what hangs on a signed walk comes in no more once its row stands there.
    with transaction.atomic():
        for found in sorted(rows, key=lambda found: type(found[0]) is Walk):
            type(found[0])._base_manager.bulk_create(found)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [type(found[0]) for found in rows]):
                cursor.execute(statement)


def _rows() -> list[list]:
    """Every row of the product's own tables, a list for each table that has any."""
    models = [model for label in LABELS for model in apps.get_app_config(label).get_models(include_auto_created=True)]
    return [found for model in models if (found := list(model._base_manager.all()))]
