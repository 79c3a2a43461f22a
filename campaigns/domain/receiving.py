"""Who receives, as pages tell it: path by path, today and from the days to come on which others do."""

from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from campaigns.domain.receivers import history_of, of_kinds, path_label
from campaigns.domain.rulebook import Rulebook
from campaigns.models import Campaign, Receiver


@dataclass(frozen=True)
class Held:
    """Who receives on a path from a day on (None: already), by name, the leading one first, and to whom that goes on
    (empty: to nobody). Without names a path of one kind of unit follows the general one."""

    since: date | None
    names: tuple[str, ...]
    then: str


@dataclass(frozen=True)
class Line:
    """A path as pages tell it: who receives today, and who from each day to come on which others do."""

    label: str
    general: str
    now: Held
    coming: tuple[Held, ...]


def lines_of(campaign: Campaign, rules: Rulebook, today: date) -> dict[tuple[str, str], Line]:
    """{(activity kind, unit kind or ""): its line}, in the order of the activities; one query."""
    history, kinds = history_of(campaign), rules.activity_kinds
    days = [today, *(turn for turn in history.turns if turn > today)]
    routes = [of_kinds(history.on(day), rules) for day in days]
    keys = sorted({key for found in routes for key in found}, key=lambda key: (kinds.index(key[0]), key[1]))
    found = {}
    for key in keys:
        held = [_held(campaign, day, rows.get(key, [])) for day, rows in zip(days, routes, strict=True)]
        coming = [new for old, new in pairwise(held) if (old.names, old.then) != (new.names, new.then)]
        general = path_label(key[0], "") if key[1] else ""
        found[key] = Line(path_label(*key), general, replace(held[0], since=None), tuple(coming))
    return found


def _held(campaign: Campaign, day: date, rows: list[Receiver]) -> Held:
    names = tuple(row.department.name for row in rows)
    then = (rows[0].then or campaign.office).name if rows else ""
    return Held(day, names, "" if then in names else then)
