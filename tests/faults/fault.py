"""A guard taken out once: with it its proof holds, without it the proof must fail."""

import inspect
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pkgutil import resolve_name
from textwrap import dedent
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings

from tests.cast import build_cast
from tests.replay import forget_known_rows

FAILED = (AssertionError, pytest.fail.Exception)


@dataclass(frozen=True)
class Fault:
    """``proof`` takes a cast; ``remove`` gives the context managers that take the guard out."""

    proof: Callable
    remove: Callable[[], list]

    def __str__(self):
        return self.proof.__name__

    @property
    def is_of_database(self) -> bool:
        """Whether it is the database that keeps the promise; only then it is tried on both."""
        return getattr(self.remove, "is_of_database", False)

    def holds(self) -> None:
        self.proof(build_cast())

    def fails_without_guard(self, *also: type[Exception]) -> None:
        """``also``: what the proof raises where something else than its own assertion meets what the guard let by."""
        cast = build_cast()
        forget_known_rows()
        with ExitStack() as stack:
            for removal in self.remove():
                stack.enter_context(removal)
            with pytest.raises((*FAILED, *also)):
                self.proof(cast)


class FaultTests:
    """The two tests of a table: a module derives a class from this one and names its rows ``FAULTS``
    (``tests/faults/conftest.py``). ``also``: as ``Fault.fails_without_guard`` takes it."""

    also: tuple[type[Exception], ...] = ()

    def test_the_promise_holds(self, fault):
        fault.holds()

    def test_the_proof_fails_without_its_guard(self, fault):
        fault.fails_without_guard(*self.also)


def replaced(target: str, new) -> Callable[[], list]:
    return lambda: [patch(target, new)]


def rewritten(target: str, guard: str, instead: str = "") -> Callable[[], list]:
    """``target`` as it reads where ``guard``, a piece of its source that stands there once, is ``instead``."""

    def patches() -> list:
        real = inspect.unwrap(resolve_name(target))
        source = dedent(inspect.getsource(real))
        assert source.count(guard) == 1, f"{target} no longer reads {guard!r}: name the guard anew"
        made: dict = {}
        exec(compile(source.replace(guard, instead), target, "exec"), real.__globals__, made)
        return [patch(target, made[real.__name__])]

    return patches


def without(middleware: str) -> Callable[[], list]:
    kept = [name for name in settings.MIDDLEWARE if name != middleware]
    return lambda: [override_settings(MIDDLEWARE=kept)]


def no_triggers(table: str) -> Callable[[], list]:
    """The triggers of a table that refuse a change."""

    def remove() -> list:
        return [NoTriggers(table)]

    remove.is_of_database = True  # type: ignore[attr-defined]
    return remove


class NoTriggers:
    """Drops the refusing triggers of a table; the test's transaction brings them back."""

    def __init__(self, table: str):
        self.table = table

    def __enter__(self):
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [self.table])
                names = [name for (name,) in cursor.fetchall()]
                assert names, "no trigger, nothing to take out"
                for name in names:
                    cursor.execute(f"DROP TRIGGER {name}")
            else:
                # Deferred foreign keys of rows just written must be settled before ALTER TABLE.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute(f"ALTER TABLE {self.table} DISABLE TRIGGER USER")

    def __exit__(self, *error):
        return False
