"""A process that is killed in the middle of its work, by SIGKILL, at a place that is named or drawn."""

import os
import signal
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import wraps
from pkgutil import resolve_name
from unittest.mock import patch

from django.db import connection, connections

DONE, RAISED = 0, 7


@dataclass(frozen=True)
class Point:
    """Before or after the ``time``-th call of a function, named by its dotted path."""

    target: str
    when: str
    time: int = 1

    def __str__(self) -> str:
        return f"{self.when} {self.target.rpartition('.')[2]} {self.time}"

    def set_up(self, stack: ExitStack) -> None:
        real, calls = resolve_name(self.target), iter(range(1, 10**6))

        @wraps(real)
        def watched(*args, **kwargs):
            is_it = next(calls) == self.time
            if is_it and self.when == "before":
                die()
            answer = real(*args, **kwargs)
            if is_it:
                die()
            return answer

        stack.enter_context(patch(self.target, watched))


@dataclass(frozen=True)
class Statement:
    """Before the ``number``-th thing asked of the database, commits included, or after it where ``is_after``."""

    number: int
    is_after: bool

    def __str__(self) -> str:
        return f"{'after' if self.is_after else 'before'} statement {self.number}"

    def set_up(self, stack: ExitStack) -> None:
        watch(stack, self._at)

    def _at(self, number: int, is_after: bool) -> None:
        if (number, is_after) == (self.number, self.is_after):
            die()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def watch(stack: ExitStack, at: Callable[[int, bool], None]) -> None:
    """Call ``at`` before and after each statement and commit of this process, with its number from 1 on."""
    numbers = iter(range(1, 10**6))

    def told(act, *args):
        number = next(numbers)
        at(number, False)
        answer = act(*args)
        at(number, True)
        return answer

    stack.enter_context(connection.execute_wrapper(lambda execute, *args: told(execute, *args)))
    commit = connection._commit
    stack.enter_context(patch.object(connection, "_commit", lambda: told(commit)))


def killed(act: Callable[[], object], at: Point | Statement) -> bool:
    """Whether a process of its own that did ``act`` died ``at``; False: it came to the end, or never there."""
    return _in_child(act, at.set_up) == -signal.SIGKILL


def statements_of(act: Callable[[], object]) -> int:
    """How many things ``act`` asks of the database; it is done by a process of its own."""
    read, write = os.pipe()
    numbers: list[int] = []

    def counted() -> None:
        act()
        os.write(write, str(numbers[-1]).encode())

    assert _in_child(counted, lambda stack: watch(stack, lambda number, _: numbers.append(number))) == DONE
    os.close(write)
    with os.fdopen(read) as answer:
        return int(answer.read())


def _in_child(act: Callable[[], object], set_up: Callable[[ExitStack], None]) -> int:
    """The end of a forked process: 0, or minus the signal that killed it. What ``act`` raises fails the test.

    No connection is open while it is forked: each of the two processes has its own.
    """
    connections.close_all()
    if connection.vendor == "postgresql":
        connection.close_pool()
    child = os.fork()
    if child == 0:
        status = RAISED
        try:
            with ExitStack() as stack:
                set_up(stack)
                act()
            status = DONE
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert ended in (DONE, -signal.SIGKILL), f"the process ended with {ended}"
    return ended
