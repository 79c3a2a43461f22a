"""What a campaign will make due in the coming year, who owes it and to whom: before issuing from the drafted rules,
afterwards from the dates as they were shown."""

from dataclasses import dataclass
from datetime import date, timedelta

from accounts.enums import DepartmentKind
from accounts.models import Department
from campaigns.domain.deadlines import outcome
from campaigns.domain.receivers import routes_of
from campaigns.domain.rulebook import Rulebook
from campaigns.domain.setup import roster_state
from campaigns.domain.wording import WEEKDAYS
from campaigns.enums import ActivityKind, DeadlineKind, UnitList
from campaigns.models import Campaign, Deadline, Receiver
from core.periods import parse_period

AHEAD = timedelta(days=366)
NOBODY = "—"


@dataclass(frozen=True)
class Share:
    """Part of an activity with one way of reporting: which units take part and who receives, the leading one first.

    ``by_list``: units come and go by the month's list (处投诉).
    """

    activity: str
    kinds: tuple[str, ...]
    units: tuple[str, ...]
    by_list: bool
    receivers: tuple[str, ...]
    then: str

    def as_dict(self) -> dict:
        """The form of ``preview_campaign --campaign --json``; ``then``: to whom the leading receiver hands on."""
        names = {"activity": self.activity, "kinds": list(self.kinds), "units": list(self.units)}
        return names | {"by_list": self.by_list, "receivers": list(self.receivers), "then": self.then}

    @property
    def kind_labels(self) -> str:
        return "、".join(ActivityKind(kind).label for kind in self.kinds)


@dataclass(frozen=True)
class Line:
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


def takes_part(unit: Department, lists: tuple[str, ...]) -> bool:
    """True when a unit is on one of an activity's lists (L22 一（二）); the hotline's list changes every month."""
    on = {
        UnitList.ALL: True,
        UnitList.APPROVAL: unit.is_approval,
        UnitList.ENFORCEMENT: unit.is_enforcement,
        UnitList.UTILITY: unit.is_utility or unit.kind == DepartmentKind.UTILITY,
        UnitList.TOWN: unit.kind == DepartmentKind.TOWN,
    }
    return any(on.get(one, False) for one in lists)


def shares(campaign: Campaign, rules: Rulebook) -> list[Share]:
    """Who takes part in what and reports to whom, activity by activity; two queries."""
    routes = routes_of(campaign, rules)
    standing = [entry for entry in roster_state(campaign).values() if not entry.left_on]
    active = [entry.department for entry in standing if entry.department.is_active]
    found = []
    for activity in rules.activities:
        units = [unit for unit in active if takes_part(unit, activity.units)]
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
            found.append(Share(activity.name, tuple(kinds), tuple(names), by_list, receivers, then))
    return found


def upcoming(campaign: Campaign, found: list[Share], *, today: date, whole: bool) -> list[Line]:
    """Due dates as issuing the drafted rules today would leave them."""
    first, last = (date.min, date.max) if whole else (today, _horizon(today, campaign.starts_on))
    return [
        Line(
            one.kind,
            DeadlineKind(one.kind).label,
            one.period.code,
            one.due_on,
            one.is_provisional,
            *_parties(one.kind, found),
        )
        for one in outcome(campaign=campaign, today=today)
        if first <= one.due_on <= last
    ]


def published(campaign: Campaign, found: list[Share], *, today: date, whole: bool) -> list[Line]:
    """Due dates as they were shown, of the coming twelve months, or all of them (``whole``); one query."""
    rows = Deadline.objects.filter(campaign=campaign).order_by("due_on", "id")
    if not whole:
        rows = rows.filter(due_on__range=(today, _horizon(today, campaign.starts_on)))
    return [
        Line(
            row.kind,
            row.get_kind_display(),
            row.period,
            row.due_on,
            row.is_provisional,
            *_parties(row.kind, found),
            pk=row.pk,
            first_due_on=row.first_due_on,
            proposed_on=row.proposed_on,
        )
        for row in rows
    ]


def deadline_of(campaign: Campaign, pk: int):
    """The stored due date of that campaign, as rows to fetch from."""
    return Deadline.objects.filter(campaign=campaign, pk=pk)


def proposed_earlier(campaign: Campaign) -> int:
    """How many due dates wait for the office because the calendar gave an earlier one."""
    return Deadline.objects.filter(campaign=campaign, proposed_on__isnull=False).count()


def _horizon(today: date, starts_on: date) -> date:
    return max(today, starts_on) + AHEAD


def _received(routes: dict[tuple[str, str], list[Receiver]], kind: str, unit_kind: str) -> list[Receiver]:
    return routes.get((kind, unit_kind)) or routes.get((kind, "")) or []


def _names(receivers: list[Receiver], campaign: Campaign) -> tuple[tuple[str, ...], str]:
    names = tuple(row.department.name for row in receivers)
    then = receivers[0].then.name if receivers and receivers[0].then else campaign.office.name
    # The office that receives itself hands on to nobody.
    return names, "" if names[:1] == (then,) else then


def _parties(kind: str, found: list[Share]) -> tuple[str, str]:
    """Who owes a due date and to whom, in words."""
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
