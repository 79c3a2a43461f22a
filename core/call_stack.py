"""Room for deep calls. CPython keeps the frames of calls in chunks of 16 KB; a loop whose calls reach over the end of a
chunk asks the system for the next one and gives it back at every turn, some 10 µs each time."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
# In words of eight bytes: half of a chunk of one megabyte, the other half is for the calls.
HALF = 66_000


def with_room(call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """``call(*args, **kwargs)`` in a chunk of its own, wide enough for every call below: pages of the web and commands
    begin here."""
    return call(*args, **kwargs)


# A frame that says it needs so much gets it from one chunk. What nobody writes to costs no memory.
with_room.__code__ = with_room.__code__.replace(co_stacksize=HALF)
