"""Frames in one chunk: calls that reach over the end of one do not ask the system for memory at every turn."""

import resource

from core.call_stack import with_room

TURNS = 400


def turns() -> int:
    return sum(nothing(1, 2, 3, 4, 5, 6, 7, 8) for _ in range(TURNS))


def nothing(a, b, c, d, e, f, g, h):  # eight values wide, so that some depth has it at the end of a chunk
    return below(a, b, c, d, e, f, g, h)


def below(a, b, c, d, e, f, g, h):
    return 0


def faults(depth: int) -> int:
    """The most pages the system had to give (minor faults) during the turns at any depth down to this one."""
    if depth == 0:
        return 0
    before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
    turns()
    here = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before
    return max(here, faults(depth - 1))


def test_no_depth_asks_for_memory_at_every_turn():
    assert with_room(faults, 200) < TURNS / 4


def test_arguments_and_answer_go_through():
    assert with_room(dict, [("a", 1)], b=2) == {"a": 1, "b": 2}
