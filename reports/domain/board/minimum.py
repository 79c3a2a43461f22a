"""How many walks units have made towards the minimum they owe: one count for the board and for what reminds of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count

from accounts.models import User
from campaigns.domain.owed import Owed
from campaigns.domain.rulebook.duties import Duty
from campaigns.models import Campaign
from reports.domain.board.counts import counted_toward, fulfils

# (activity kind, day, 次).
Walked = tuple[str, date, int]


@dataclass(frozen=True)
class WalksToward:
    """{unit: its walks that count towards what is owed}. A walk fulfils the minimum of the period it was made in and of
    no other."""

    owed: Owed
    walked: Mapping[int, Sequence[Walked]]

    def done(self, duty: Duty) -> int:
        """Walks (次) that fulfil the duty, of the unit and of its predecessors (``Owed.fulfilled_by``)."""
        return sum(_fulfilling(duty, self.walked.get(unit, ())) for unit in self.owed.fulfilled_by(duty.unit_id))

    def own(self, unit_id: int, duties: Iterable[Duty]) -> int:
        """Walks (次) of the unit itself that fulfil one of these duties, each counted once."""
        duties = list(duties)
        return sum(one[-1] for one in self.walked.get(unit_id, ()) if any(_fulfilling(duty, [one]) for duty in duties))


def walks_toward(user: User | None, campaign: Campaign, owed: Owed) -> WalksToward:
    """As the person sees them; None: all walks that are not hidden. One query."""
    doing = [replace(duty, unit_id=unit) for duty in owed.duties for unit in owed.fulfilled_by(duty.unit_id)]
    rows = counted_toward(user, campaign, doing).order_by()
    walked: dict[int, list[Walked]] = defaultdict(list)
    for unit, *one in rows.values_list("department_id", "activity_kind", "walk_date").annotate(total=Count("pk")):
        walked[unit].append(tuple(one))
    return WalksToward(owed, walked)


def _fulfilling(duty: Duty, walked: Iterable[Walked]) -> int:
    return sum(total for kind, day, total in walked if fulfils(duty, activity_kind=kind, walk_date=day))
