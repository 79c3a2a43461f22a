"""State machines as tables of data. Pure.

A table says which action leads from which states to which state, who may ask for it and what must hold. Buttons, API,
permissions, tests and ``docs/state-machines.md`` derive from it; the writer of the state follows it.
"""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Transition:
    """One row: ``action`` leads from any of ``sources`` to ``target`` when an actor in ``actors`` asks for it and
    every guard agrees. ``target`` None: the record stays in the state it is in.

    ``guards`` are names of functions in the guard module of the machine. ``tone`` is how the button looks: primary,
    secondary, danger or quiet. ``title``, ``lead`` and ``reason_label`` are texts for the page of the action; empty
    when the page needs none. ``keeps_version``: it takes nothing away from what somebody else is writing just now, so
    the record's version stays.
    """

    action: str
    label: str
    sources: tuple[str, ...]
    target: str | None
    actors: tuple[str, ...]
    guards: tuple[str, ...] = ()
    tone: str = "secondary"
    title: str = ""
    lead: str = ""
    reason_label: str = ""
    keeps_version: bool = False

    def target_from(self, state: str) -> str:
        """The state the record is in after the action was taken in ``state``."""
        return state if self.target is None else self.target


@dataclass(frozen=True)
class Table:
    """The rows of one state machine, in the order in which actions are offered. Every action has one row.

    ValueError when two rows have the same action.
    """

    rows: tuple[Transition, ...]

    def __post_init__(self) -> None:
        actions = [row.action for row in self.rows]
        twice = sorted({action for action in actions if actions.count(action) > 1})
        if twice:
            raise ValueError(f"more than one row for {', '.join(twice)}")

    def __iter__(self) -> Iterator[Transition]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def by_action(self) -> dict[str, Transition]:
        """{action: row}, in the order of the table."""
        return {row.action: row for row in self.rows}

    def sources_of(self, *actions: str) -> tuple[str, ...]:
        """The states in which one of the actions may be taken, each once. KeyError for an action without a row."""
        return tuple(dict.fromkeys(state for action in actions for state in self.by_action[action].sources))

    def from_state(self, state: str) -> list[Transition]:
        """The rows open from a state, in the order of the table."""
        return [row for row in self.rows if state in row.sources]

    def open_to(self, actors: Set[str], state: str) -> list[Transition]:
        """The rows open from a state to any of the actors, in the order of the table."""
        return [row for row in self.from_state(state) if actors & set(row.actors)]
