"""What a campaign will make due in the coming year, who owes it and to whom: before issuing from the drafted rules,
afterwards from the dates as they were shown."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from accounts.models import Department
from campaigns.domain.deadlines import outcome
from campaigns.domain.receivers import Rows, history_of, of_kinds
from campaigns.domain.rulebook.duties import lists_of
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.domain.rulebook.wording import WEEKDAYS
from campaigns.domain.setup import roster_state
from campaigns.enums import ActivityKind, DeadlineKind, UnitList
from campaigns.models import Campaign, Deadline, Receiver
from core.periods import parse_period

if TYPE_CHECKING:
    from campaigns.domain.setup import ListedEntry

AHEAD = timedelta(days=366)
NOBODY = "—"


@dataclass(frozen=True)
class Share:
    """Part of an activity with one way of reporting: which units take part and who receives, the leading one first.

    ``by_list``: units come and go by the month's list (处投诉). It holds from ``since`` (None: from the start) until
    the day before ``until`` (None: it still does), when others receive.
    """

    activity: str
    kinds: tuple[str, ...]
    units: tuple[str, ...]
    by_list: bool
    receivers: tuple[str, ...]
    then: str
    since: date | None = None
    until: date | None = None

    def holds(self, day: date) -> bool:
        return (self.since or day) <= day and (self.until is None or day < self.until)

    def as_dict(self) -> dict:
        """The form of ``preview_campaign --campaign --json``; ``then``: to whom the leading receiver hands on."""
        names = {"activity": self.activity, "kinds": list(self.kinds), "units": list(self.units)}
        days = {name: str(day) for name, day in (("since", self.since), ("until", self.until)) if day}
        return names | {"by_list": self.by_list, "receivers": list(self.receivers), "then": self.then} | days

    @property
    def kind_labels(self) -> str:
        return "、".join(ActivityKind(kind).label for kind in self.kinds)


@dataclass(frozen=True)
class DutyLine:
    """One due date as the page shows it. ``pk`` and ``proposed_on`` only once it is stored."""

    kind: str
    label: str
    code: str
    due_on: date
    is_provisional: bool
    who: str
    to: str
    pk: int | None = None
    first_due_on: date | None = None
    proposed_on: date | None = None

    @property
    def period(self) -> str:
        return "全程" if self.code == "all" else parse_period(self.code).label

    @property
    def weekday(self) -> str:
        return f"星期{WEEKDAYS[self.due_on.weekday()]}"

    def as_dict(self) -> dict:
        """The form of ``preview_campaign --campaign --json``: that of a template's due dates, and the parties."""
        due = {"period": self.code, "kind": str(self.kind), "due_on": self.due_on.isoformat()}
        return due | {"provisional": self.is_provisional, "who": self.who, "to": self.to}


def takes_part(entry: "ListedEntry", lists: tuple[str, ...]) -> bool:
    """True when a unit is on one of an activity's lists (L22 一（二）, W23 三); the hotline's changes every month."""
    flags = {name: getattr(entry.department, name) for name in ("kind", "is_approval", "is_enforcement", "is_utility")}
    return bool(lists_of(**flags, leads_bundle=entry.leads_bundle) & set(lists))


def shares(campaign: Campaign, rules: Rulebook) -> list[Share]:
    """Who takes part in what and reports to whom, activity by activity, once for each time others receive; two
    queries."""
    history, entries = history_of(campaign), roster_state(campaign).values()
    active = [entry for entry in entries if not entry.left_on and entry.department.is_active]
    found: list[Share] = []
    for since, until in zip([None, *history.turns], [*history.turns, None], strict=True):
        routes = of_kinds(history.on(since or date.min), rules)
        for share in _shares(campaign, rules, active, routes):
            place = _before(found, share, since)
            if place is None:
                found.append(replace(share, since=since, until=until))
            else:
                found[place] = replace(found[place], until=until)
    return found


def _before(found: list[Share], share: Share, since: date | None) -> int | None:
    """Where the same share stands that holds until ``since``."""
    alike = (place for place, one in enumerate(found) if since and replace(one, since=None, until=None) == share)
    return next((place for place in alike if found[place].until == since), None)


def _shares(campaign: Campaign, rules: Rulebook, active: "list[ListedEntry]", routes: Rows) -> Iterator[Share]:
    """The shares under one set of receivers."""
    for activity in rules.activities:
        units: list[Department | None] = [entry.department for entry in active if takes_part(entry, activity.units)]
        parts: dict[tuple, tuple[dict, dict]] = {}
        for kind in activity.kinds:
            for unit in units or [None]:
                receivers = _received(routes, kind, unit.kind if unit else "")
                kinds, names = parts.setdefault(_names(receivers, campaign), ({}, {}))
                kinds[kind] = None
                if unit:
                    names[unit.name] = None
        by_list = UnitList.HOTLINE in activity.units
        for (receivers, then), (kinds, names) in parts.items():
            yield Share(activity.name, tuple(kinds), tuple(names), by_list, receivers, then)


def upcoming(campaign: Campaign, found: list[Share], *, today: date, whole: bool) -> list[DutyLine]:
    """Due dates as issuing the drafted rules today would leave them."""
    first, last = (date.min, date.max) if whole else (today, _horizon(today, campaign.starts_on))
    return [
        DutyLine(
            one.kind,
            DeadlineKind(one.kind).label,
            one.period.code,
            one.due_on,
            one.is_provisional,
            *_parties(one.kind, found, min(one.due_on, one.period.ends_on)),
        )
        for one in outcome(campaign=campaign, today=today)
        if first <= one.due_on <= last
    ]


@dataclass(frozen=True)
class PeriodChange:
    """A due date that issuing an amendment moves (``was`` and ``now``), makes (``was`` None) or ends (``now`` None)."""

    line: DutyLine
    was: date | None
    now: date | None


def changes(campaign: Campaign, found: list[Share], *, today: date) -> list[PeriodChange]:
    """What issuing the drafted rules today changes of the due dates as they were shown, in the order of time; as many
    queries as ``upcoming`` and one."""
    old = {(line.kind, line.code): line for line in published(campaign, found, today=today, whole=True)}
    new = {(line.kind, line.code): line for line in upcoming(campaign, found, today=today, whole=True)}
    moved = []
    for key in {**old, **new}:
        was, now = old.get(key), new.get(key)
        line = now or was
        shown, wanted = was.due_on if was else None, now.due_on if now else None
        if line and shown != wanted:
            moved.append(PeriodChange(line, shown, wanted))
    return sorted(moved, key=lambda one: (one.line.due_on, one.line.label))


def published(campaign: Campaign, found: list[Share], *, today: date, whole: bool) -> list[DutyLine]:
    """Due dates as they were shown, of the coming twelve months, or all of them (``whole``); one query."""
    rows = Deadline.objects.filter(campaign=campaign).order_by("due_on", "id")
    if not whole:
        rows = rows.filter(due_on__range=(today, _horizon(today, campaign.starts_on)))
    return [
        DutyLine(
            row.kind,
            row.get_kind_display(),
            row.period,
            row.due_on,
            row.is_provisional,
            *_parties(row.kind, found, min(row.due_on, row.ends_on)),
            pk=row.pk,
            first_due_on=row.first_due_on,
            proposed_on=row.proposed_on,
        )
        for row in rows
    ]


def deadline_of(campaign: Campaign, pk: int) -> QuerySet[Deadline]:
    """The stored due date of that campaign, as rows to fetch from."""
    return Deadline.objects.filter(campaign=campaign, pk=pk)


def proposed_earlier(campaign: Campaign) -> int:
    """How many due dates wait for the office because the calendar gave an earlier one."""
    return Deadline.objects.filter(campaign=campaign, proposed_on__isnull=False).count()


def _horizon(today: date, starts_on: date) -> date:
    return max(today, starts_on) + AHEAD


def _received(routes: Rows, kind: str, unit_kind: str) -> list[Receiver]:
    return routes.get((kind, unit_kind)) or routes.get((kind, "")) or []


def _names(receivers: list[Receiver], campaign: Campaign) -> tuple[tuple[str, ...], str]:
    names = tuple(row.department.name for row in receivers)
    then = receivers[0].then.name if receivers and receivers[0].then else campaign.office.name
    # The office that receives itself hands on to nobody.
    return names, "" if names[:1] == (then,) else then


def _parties(kind: str, found: list[Share], day: date) -> tuple[str, str]:
    """Who owes a due date and to whom on that day, in words."""
    found = [share for share in found if share.holds(day)]
    units = {name for share in found for name in share.units}
    receivers = "、".join(dict.fromkeys(name for share in found for name in share.receivers)) or NOBODY
    if kind == DeadlineKind.SUMMARY:
        leads = dict.fromkeys(share.receivers[0] for share in found if share.receivers)
        return "、".join(leads) or NOBODY, "、".join(
            dict.fromkeys(share.then for share in found if share.then)
        ) or NOBODY
    owed = f"{len(units)} 个单位"
    if any(share.by_list for share in found):
        owed += "及当月跟单处理单位"
    return owed, NOBODY if kind == DeadlineKind.WALK else receivers
