"""Who receives plans and reports of each kind of activity, from which kind of unit, to whom that goes on, since when.

A row holds from ``since`` until the day before ``until``. What falls to a period goes to whoever receives on its last
day, or on the day it is due where that comes first; a walk to whoever receives on the day it begins.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.enums import DepartmentKind
from accounts.models import Department, User
from accounts.scope import Scope
from campaigns.domain.rulebook.rulebook import ANY, Rulebook
from campaigns.domain.states import require_before_end
from campaigns.enums import ActivityKind
from campaigns.models import Campaign, Receiver
from core import audit
from core.content_token import content_token, require_unchanged
from core.exceptions import Refused

# (activity kind, unit kind or "" for any) → its receivers, the leading one first.
Rows = Mapping[tuple[str, str], list[Receiver]]


def received_by(scope: Scope) -> Q:
    """Walks or plans that are for this person to receive: for the lead those of other units; for the office of the
    campaign those of the lead itself, and those that come to the office directly."""
    own = Q(receiver_id=F("department_id"))
    by_office = Q(campaign__region_id__in=scope.act_regions) & (own | Q(receiver_id__in=scope.offices))
    return (Q(receiver_id__in=scope.leads) & ~own) | by_office


def find_receivers(*, campaign: Campaign, rules: Rulebook) -> list[Receiver]:
    """Receivers of every activity kind by the routes of the rules, found by name; the office where no unit fits."""
    units = list(Department.objects.filter(region=campaign.region, is_active=True).order_by("order", "id"))
    found = []
    for kind in rules.activity_kinds:
        for unit_kind in sorted({route.unit for route in rules.routes if route.activity in (kind, ANY)}):
            route = rules.route_of(kind, unit_kind)
            if route is None:
                continue
            named = [_named(units, name) or campaign.office for name in route.to]
            then = _named(units, route.then) if route.then else None
            then = None if then == campaign.office else then
            for order, unit in enumerate(dict.fromkeys(named)):
                found.append(
                    Receiver(
                        campaign=campaign,
                        activity_kind=kind,
                        unit_kind="" if unit_kind == ANY else unit_kind,
                        department=unit,
                        then=then,
                        order=order,
                    )
                )
    return found


def receiver_choices(campaign: Campaign) -> QuerySet[Department]:
    """Units that may receive, in roster order: every active one of the region, the office among them."""
    return Department.objects.filter(region=campaign.region, is_active=True).order_by("order", "id")


@dataclass(frozen=True)
class Path:
    """Who receives, the first of them leading, and to whom that goes on (None: the coordinating office)."""

    units: tuple[Department, ...]
    then: Department | None = None


@dataclass(frozen=True)
class ReceiverChange:
    """From which day other units receive, and why (both asked for once the campaign is issued)."""

    since: date | None = None
    reason: str = ""


@transaction.atomic
def set_receivers(
    *,
    campaign: Campaign,
    paths: dict[tuple[str, str], Path],
    actor: User,
    seen: str,
    change: ReceiverChange = ReceiverChange(),
    today: date | None = None,
) -> int:
    """Name who receives each activity kind from units of one kind ("": any); returns how many paths changed.

    A draft is simply rewritten. In an issued campaign the new receivers hold from ``change.since``; those of the days
    before stay on record, and walks begun before keep their receiver. The same units from another day, or for another
    reason, correct a change that is still to come. A path for one kind of unit that names nobody ends: those units
    follow the general one. Side effects: receiver rows; an audit entry for each path that changed. Raises Refused,
    naming the kind, where a general path names nobody, a unit is abolished, or a receiver would hand on to itself; and
    without a reason or for a day that has passed or comes after the campaign. ``seen``: ``token_of_receivers`` when the
    form was opened; Refused without it, StaleVersion when others were named since. Nothing is changed then.
    """
    today = today or timezone.localdate()
    require_before_end(Campaign.objects.select_for_update().get(pk=campaign.pk))
    require_unchanged(what="接收单位", seen=seen, now=token_of_receivers(campaign))
    fault = next(filter(None, (path_fault(key, path) for key, path in paths.items())), "")
    if fault:
        raise Refused(fault, fields={"receivers": fault})
    last = as_stored(campaign)
    moved = {key: path for key, path in paths.items() if _changes(path, last.get(key, []), change, today)}
    if moved and campaign.issued_at:
        _require_change(campaign, change, today)
    for (kind, unit_kind), path in moved.items():
        if is_same(path, last.get((kind, unit_kind), [])):
            _take_back(last[(kind, unit_kind)])
        _replace_rows(campaign, kind, unit_kind, path, change if campaign.issued_at else ReceiverChange())
        detail = {"kind": path_label(kind, unit_kind), "to": [unit.name for unit in path.units]}
        detail |= {"since": str(change.since), "reason": change.reason} if campaign.issued_at else {}
        _note(campaign, actor, "campaign.receivers_changed", detail)
    return len(moved)


def token_of_receivers(campaign: Campaign) -> str:
    """By what a form knows whether somebody else named others meanwhile; one query."""
    names = ("activity_kind", "unit_kind", "order", "department_id", "then_id", "since", "reason")
    return content_token(
        list(Receiver.objects.filter(campaign=campaign, until=None).order_by(*names).values_list(*names))
    )


def path_fault(key: tuple[str, str], path: Path) -> str:
    """Why a path cannot be, in words that name the activity kind; "" when it can."""
    label = path_label(*key)
    if not path.units and not key[1]:
        return f"“{label}”没有接收单位，未作改动。请选择“{label}”的接收单位。"
    gone = [unit.name for unit in (*path.units, path.then) if unit and not unit.is_active]
    if gone:
        return f"“{label}”的接收单位{gone[0]}已撤销，请改选。"
    if path.then in path.units:
        return f"“{label}”由{path.then.name}接收，汇总后不能再报给它自己，请改选。"
    return ""


def path_label(kind: str, unit_kind: str) -> str:
    """走流程, or 走流程（镇街）for one kind of unit."""
    label = ActivityKind(kind).label
    return f"{label}（{DepartmentKind(unit_kind).label}）" if unit_kind else label


def is_same(path: Path, rows: list[Receiver]) -> bool:
    """True when the rows name just these units in this order, and the same next hop."""
    wanted = [(unit.pk, path.then and path.then.pk) for unit in path.units]
    return wanted == [(row.department_id, row.then_id) for row in rows]


def coming_on(rows: list[Receiver], today: date) -> date | None:
    """The day from which the receivers named last will receive; None when they do already."""
    return next((row.since for row in rows if row.since and row.since > today), None)


def _changes(path: Path, rows: list[Receiver], change: ReceiverChange, today: date) -> bool:
    if not is_same(path, rows):
        return True
    day = coming_on(rows, today)
    return bool(day) and (change.since != day or change.reason.strip() not in ("", rows[0].reason))


def _require_change(campaign: Campaign, change: ReceiverChange, today: date) -> None:
    if change.since is None or change.since < today:
        words = "请填写自何日起由新的单位接收，不能早于今天：已经过去的日子由原单位接收。"
        raise Refused(words, fields={"since": words})
    if change.since > campaign.ends_on:
        words = f"{change.since} 晚于活动结束日期 {campaign.ends_on}，那时已没有可接收的。请填写活动结束以前的日期。"
        raise Refused(words, fields={"since": words})
    if not change.reason.strip():
        raise Refused("请写明调整接收单位的原因。", fields={"reason": "请写明原因"})


def _take_back(rows: list[Receiver]) -> None:
    """A change to come is undone: whoever would have ended with it goes on receiving."""
    path = {name: getattr(rows[0], name) for name in ("campaign_id", "activity_kind", "unit_kind")}
    Receiver.objects.filter(pk__in=[row.pk for row in rows]).delete()
    Receiver.objects.filter(until=rows[0].since, **path).update(until=None)


def _replace_rows(campaign: Campaign, kind: str, unit_kind: str, path: Path, change: ReceiverChange) -> None:
    """Rows of before that never hold any more go; those that hold end the day before ``change.since``."""
    rows = campaign.receivers.filter(activity_kind=kind, unit_kind=unit_kind)
    if change.since is None:
        rows.delete()
    else:
        rows.filter(since__gte=change.since).delete()
        rows.filter(not_over(change.since)).update(until=change.since)
    facts = {"campaign": campaign, "activity_kind": kind, "unit_kind": unit_kind, "then": path.then}
    facts |= {"since": change.since, "reason": change.reason.strip()}
    Receiver.objects.bulk_create(
        [Receiver(department=unit, order=order, **facts) for order, unit in enumerate(path.units)]
    )


def fill_in(*, campaign: Campaign, rules: Rulebook) -> int:
    """Put units imported meanwhile where the office stood in for them; returns how many rows changed."""
    fresh = {
        (one.activity_kind, one.unit_kind, one.order): one for one in find_receivers(campaign=campaign, rules=rules)
    }
    moved = 0
    for receiver in campaign.receivers.filter(department=campaign.office, since=None, until=None):
        better = fresh.get((receiver.activity_kind, receiver.unit_kind, receiver.order))
        if better and better.department_id != campaign.office_id:
            Receiver.objects.filter(pk=receiver.pk).update(department=better.department, then=better.then)
            moved += 1
    return moved


def in_force(day: date, prefix: str = "") -> Q:
    """Rows that hold on a day. ``prefix``: path to the receiver, with ``__``."""
    begun = Q(**{f"{prefix}since": None}) | Q(**{f"{prefix}since__lte": day})
    return begun & not_over(day, prefix)


def not_over(day: date, prefix: str = "") -> Q:
    """Rows that hold on that day or on a later one."""
    return Q(**{f"{prefix}until": None}) | Q(**{f"{prefix}until__gt": day})


def receivers_of_unit(campaign_id: int, kind: str, department_id: int, day: date | None = None) -> list[int]:
    """Ids of the units that receive this activity of that unit on ``day`` (default: today), the leading one first; by
    the most particular route."""
    unit_kind = Department.objects.values_list("kind", flat=True).get(pk=department_id)
    rows = Receiver.objects.filter(campaign_id=campaign_id, activity_kind=kind, unit_kind__in=["", unit_kind])
    rows = rows.filter(in_force(day or timezone.localdate()))
    found = list(rows.order_by("-unit_kind", "order", "id").values_list("unit_kind", "department_id"))
    return [department for route, department in found if route == found[0][0]]


@dataclass(frozen=True)
class Routes:
    """Every receiver the campaign has had, to be asked who receives on a day; read by ``history_of``."""

    rows: tuple[Receiver, ...]
    known: dict[frozenset[int], Rows] = field(default_factory=dict, compare=False)

    def on(self, day: date) -> Rows:
        """Who receives on that day; the same mapping as long as nothing changes."""
        held = [row for row in self.rows if (row.since or day) <= day and (row.until is None or row.until > day)]
        return self.known.setdefault(frozenset(row.pk for row in held), by_path(held))

    def ids(self, day: date) -> dict[tuple[str, str], tuple[int, ...]]:
        """The same as ids of units."""
        return {key: tuple(row.department_id for row in rows) for key, rows in self.on(day).items()}

    def receiving(self, kind: str, unit_kind: str, day: date) -> tuple[Department, ...]:
        """Who receives this activity of units of that kind on that day, the leading one first, by the most particular
        route; nobody where none is named."""
        rows = self.on(day)
        return tuple(row.department for row in rows.get((kind, unit_kind)) or rows.get((kind, "")) or ())

    def during(self, first: date, last: date) -> list[dict[tuple[str, str], tuple[int, ...]]]:
        """Who receives from ``first`` to ``last``, once for each day from which others do."""
        return [self.ids(day) for day in (first, *(turn for turn in self.turns if first < turn <= last))]

    @property
    def turns(self) -> list[date]:
        """The days from which others receive."""
        return sorted({day for row in self.rows for day in (row.since, row.until) if day})


def history_of(campaign: Campaign) -> Routes:
    """Who receives now, did before and will; one query."""
    return histories_of([campaign.pk])[campaign.pk]


def histories_of(campaign_ids: Iterable[int]) -> dict[int, Routes]:
    """``history_of`` for each of these campaigns; one query for all."""
    found: dict[int, list[Receiver]] = {campaign: [] for campaign in campaign_ids}
    rows = Receiver.objects.filter(campaign_id__in=list(found)).select_related("department", "then")
    for row in rows.order_by("unit_kind", "order", "id"):
        found[row.campaign_id].append(row)
    return {campaign: Routes(tuple(rows)) for campaign, rows in found.items()}


def by_path(rows: Iterable[Receiver]) -> dict[tuple[str, str], list[Receiver]]:
    """{(activity kind, unit kind or ""): rows}."""
    found = defaultdict(list)
    for row in rows:
        found[(row.activity_kind, row.unit_kind)].append(row)
    return dict(found)


def as_stored(campaign: Campaign) -> dict[tuple[str, str], list[Receiver]]:
    """The receivers that were named last, whether they hold already or from a day to come; one query."""
    return by_path(row for row in history_of(campaign).rows if row.until is None)


def earlier_receivers(campaign: Campaign) -> list[Receiver]:
    """Those who receive no more, or only until a day that is set; the latest first."""
    return [row for row in reversed(history_of(campaign).rows) if row.until]


def of_kinds(rows: Rows, rules: Rulebook) -> dict[tuple[str, str], list[Receiver]]:
    """The paths of the kinds of the rules, in their order; a kind without a receiver has an empty list under ""."""
    kept: dict[tuple[str, str], list[Receiver]] = {}
    for kind in dict.fromkeys(rules.activity_kinds):
        kept |= {key: found for key, found in rows.items() if key[0] == kind} or {(kind, ""): []}
    return kept


def routes_of(campaign: Campaign, rules: Rulebook) -> dict[tuple[str, str], list[Receiver]]:
    """{(activity kind, unit kind or ""): its receivers, the leading one first} as they were named last."""
    return of_kinds(as_stored(campaign), rules)


def _named(units: list[Department], part: str) -> Department | None:
    return next((unit for unit in units if part in unit.name), None)


def _note(campaign: Campaign, actor: User, action: str, detail: dict) -> None:
    audit.record(actor=actor, action=action, object_type="campaign", object_key=campaign.code, detail=detail)


@dataclass(frozen=True)
class Held:
    """Who receives on a path from a day on (None: already), by name, the leading one first, and to whom that goes on
    (empty: to nobody). Without names a path of one kind of unit follows the general one."""

    since: date | None
    names: tuple[str, ...]
    then: str


@dataclass(frozen=True)
class ReceiverPath:
    """A path as pages tell it: who receives today, and who from each day to come on which others do."""

    label: str
    general: str
    now: Held
    coming: tuple[Held, ...]


def lines_of(campaign: Campaign, rules: Rulebook, today: date) -> dict[tuple[str, str], ReceiverPath]:
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
        found[key] = ReceiverPath(path_label(*key), general, replace(held[0], since=None), tuple(coming))
    return found


def _held(campaign: Campaign, day: date, rows: list[Receiver]) -> Held:
    names = tuple(row.department.name for row in rows)
    then = (rows[0].then or campaign.office).name if rows else ""
    return Held(day, names, "" if then in names else then)
