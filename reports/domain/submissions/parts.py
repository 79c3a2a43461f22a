"""Who owes what to whom in a period: the parts in which a unit hands in its pack.

Every figure comes from the rules in force and from due dates as they were shown; nothing here names a notice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from campaigns.domain.deadlines import dates_to_come
from campaigns.domain.duty_facts import due_dates_of, hotline_of, roster_of
from campaigns.domain.owed import owed_in
from campaigns.domain.receivers import history_of
from campaigns.domain.rulebook.due_dates import DueDate
from campaigns.domain.rulebook.duties import Duty, Routes, Unit, duties
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.enums import ActivityKind, DeadlineKind, DueWay
from campaigns.models import Campaign
from core.periods import Period
from reports.models import Submission

# (leading receiver, those who receive beside it) → kinds of activity.
Split = dict[tuple[int, tuple[int, ...]], list[str]]


@dataclass(frozen=True)
class Part:
    """What one unit hands in to one receiver. ``activity_kinds`` None: everything the unit did; else those kinds.

    ``checker``: the unit that checks and locks; ``also``: units that receive beside the leading ``receiver``.
    """

    unit: Unit
    period: Period
    receiver: int
    also: tuple[int, ...]
    checker: int
    activity_kinds: tuple[str, ...] | None
    due_on: date
    is_provisional: bool

    @property
    def kinds_label(self) -> str:
        """走流程、坐窗口, or "" when it holds every kind."""
        return kinds_label(self.activity_kinds)


def kinds_label(kinds: Iterable[str] | None) -> str:
    """The kinds of activity in words; "" when every kind is meant."""
    return "、".join(ActivityKind(kind).label for kind in kinds or ())


def has_lead_hop(rules: Rulebook) -> bool:
    """Whether a receiving lead checks, locks and sends on: where the rules give the lead a date for its summary (L22
    四（二）: by the 22nd). F16, M18 and W23 give none: the office locks itself."""
    return rules.reporting.summary_due.way != DueWay.NONE


def parts_of(
    campaign: Campaign, rules: Rulebook, period: Period, *, today: date, unit_id: int | None = None
) -> list[Part]:
    """The parts owed for one reporting period, the units in their fixed order; four queries, one when none is due. A
    period so far ahead that its date is not kept yet has the one the rules give now; two queries more.

    Empty for a period of another rhythm than the campaign's own, and where the rules set no date. ``unit_id``: of one
    unit only.
    """
    wanted = _of_period(due_dates_of(campaign), period)
    wanted = wanted or _of_period(dates_to_come(campaign, period, today=today), period)
    if not wanted:
        return []
    history = history_of(campaign)
    units = [unit for unit in roster_of(campaign) if unit_id in (None, unit.id)]
    by_id = {unit.id: unit for unit in units}
    found = duties(rules, units, wanted, today=today, routes=history.ids, hotline=hotline_of(campaign))
    parts: list[Part] = []
    for duty in found:
        routes = history.ids(min(duty.due_on, duty.period.ends_on))
        parts += _parts(duty, by_id[duty.unit_id], routes, rules, campaign.office_id)
    return parts


def _of_period(dates: Iterable[DueDate], period: Period) -> list[DueDate]:
    return [one for one in dates if (one.kind, one.period.code) == (DeadlineKind.REPORT, period.code)]


def _parts(duty: Duty, unit: Unit, routes: Routes, rules: Rulebook, office: int) -> list[Part]:
    split = _split(duty.activity_kinds, unit, routes, office)
    if len(split) > 1:
        _add_others(split, rules.activity_kinds, unit, routes, office)
    hop = has_lead_hop(rules)
    return [
        Part(
            unit=unit,
            period=duty.period,
            receiver=receiver,
            also=also,
            # A lead does not check what it hands in itself.
            checker=receiver if hop and receiver != unit.id else office,
            activity_kinds=tuple(kinds) if len(split) > 1 else None,
            due_on=duty.due_on,
            is_provisional=duty.is_provisional,
        )
        for (receiver, also), kinds in split.items()
    ]


def _split(kinds: Iterable[str], unit: Unit, routes: Routes, office: int) -> Split:
    """Kinds by who receives them; two paths with the same leading receiver are one part."""
    found: Split = {}
    leading: dict[int, tuple[int, tuple[int, ...]]] = {}
    for kind in kinds:
        receiver, *also = routes.get((kind, unit.kind)) or routes.get((kind, "")) or (office,)
        key = leading.setdefault(receiver, (receiver, tuple(also)))
        found.setdefault(key, []).append(kind)
    return found


def _add_others(split: Split, kinds: Iterable[str], unit: Unit, routes: Routes, office: int) -> None:
    """Kinds that are not owed of the unit and may be walked all the same: to their receiver where it gets a part, else
    with the first part, so that every walk is in exactly one."""
    owed = {kind for held in split.values() for kind in held}
    first = next(iter(split.values()))
    for (receiver, _), held in _split([kind for kind in kinds if kind not in owed], unit, routes, office).items():
        into = next((kept for key, kept in split.items() if key[0] == receiver), first)
        into.extend(held)


def owing_units(campaign: Campaign, rules: Rulebook, period: Period, *, today: date) -> frozenset[int]:
    """The units that owe a report of the period; where no report has a date, those that owe a walk in it. A unit on
    none of the lists owes nothing, nor does anybody in a period whose report is not asked for (``is_reported``); four
    queries."""
    owed = owed_in(campaign, rules, period, today=today)
    kind = DeadlineKind.REPORT if owed.shown(DeadlineKind.REPORT) else DeadlineKind.WALK
    return frozenset(owed.by_unit(kind))


def unsent_units(campaign: Campaign, rules: Rulebook, period: Period, *, until: date) -> dict[int, str]:
    """{unit: its name} of those that owed a pack by a day before ``until`` and had sent none by its end, in the fixed
    order; five queries."""
    owed = parts_of(campaign, rules, period, today=until)
    rows = Submission.objects.filter(campaign=campaign, period=period.code, first_sent_at__date__lte=until)
    sent = set(rows.values_list("department_id", flat=True)) if owed else set()
    return {part.unit.id: part.unit.name for part in owed if part.due_on < until and part.unit.id not in sent}
