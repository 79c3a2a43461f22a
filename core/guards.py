"""When the guards of a state machine are asked. Each guard says it where it is defined, by one of two marks.

``before_offer``: it looks at the person and the record as they stand, and nothing that could be entered would help. It
is asked before the step is offered, so that nobody is shown a button that can only be refused, and again at the step.
``at_step``: it looks at what was entered or at content still being written, or its refusal says what to do instead. It
is asked when the step is taken.

A guard without a mark stops every page of its machine, so that none is forgotten.
"""

from collections.abc import Callable, Iterable, Set
from types import ModuleType
from typing import Any, TypeVar

from core.exceptions import DomainError, IllegalTransition, NotAllowed
from core.transitions import Table, Transition

Guard = TypeVar("Guard", bound=Callable[..., Any])

# (module, name) → whether it is asked before the step is offered.
_MARKS: dict[tuple[str, str], bool] = {}


def before_offer(guard: Guard) -> Guard:
    """Mark a guard: no input could help."""
    _MARKS[guard.__module__, guard.__name__] = True
    return guard


def at_step(guard: Guard) -> Guard:
    """Mark a guard: asked when the step is taken."""
    _MARKS[guard.__module__, guard.__name__] = False
    return guard


def asked_before(module: ModuleType, row: Transition) -> list[str]:
    """The names of the row's guards that are asked before the step is offered. LookupError for one without a mark."""
    marks = {name: _mark_of(module, name) for name in row.guards}
    unmarked = [name for name, mark in marks.items() if mark is None]
    if unmarked:
        raise LookupError(f"{module.__name__} does not mark {', '.join(unmarked)}")
    return [name for name, mark in marks.items() if mark]


def _mark_of(module: ModuleType, name: str) -> bool | None:
    """The mark of a guard that the module defines or takes from another; None without one."""
    own = _MARKS.get((module.__name__, name))
    guard = getattr(module, name, None)
    return own if own is not None or guard is None else _MARKS.get((guard.__module__, name))


def require_guards(module: ModuleType, row: Transition, ctx: object) -> None:
    """Ask every guard of the row in its order; raises what the first one raises."""
    for name in row.guards:
        getattr(module, name)(ctx)


def require_open_guards(module: ModuleType, row: Transition, ctx: object) -> None:
    """Ask the guards that need no input; raises what they raise."""
    for name in asked_before(module, row):
        getattr(module, name)(ctx)


def may_be_offered(module: ModuleType, row: Transition, ctx: object) -> bool:
    """Whether none of the guards that need no input refuses."""
    try:
        require_open_guards(module, row, ctx)
    except DomainError:
        return False
    return True


def offered(
    module: ModuleType, rows: Iterable[Transition], context: Callable[[Transition], object]
) -> list[Transition]:
    """Those of the rows that may be offered; ``context`` makes what the guards of a row look at."""
    return [row for row in rows if may_be_offered(module, row, context(row))]


def require_row(table: Table, action: str, actors: Set[str], *, rule: str) -> Transition:
    """The row of ``action``. Raises IllegalTransition (``rule``) for an action without a row, NotAllowed (403) when
    none of ``actors`` may take it."""
    row = table.by_action.get(action)
    if row is None:
        raise IllegalTransition(f"没有名为“{action}”的操作。", rule=rule)
    if not actors & set(row.actors):
        raise NotAllowed("您没有办理此事的权限。", rule="permission")
    return row
