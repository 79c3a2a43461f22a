"""The rules of a campaign as data. Pure: no ORM, no clock.

A rulebook is read from a template (one per notice), fitted to the campaign's own window, edited by the office while the
campaign is a draft, and frozen in a ``RuleVersion`` when it is issued. What contradicts itself is found by
``campaigns.domain.rulebook.consistency``; what falls due when is computed by ``campaigns.domain.rulebook.due_dates``.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from campaigns.domain.rulebook.due_rule import Due
from campaigns.domain.rulebook.rectifying import Oversight, Rectification
from campaigns.domain.rulebook.rubric import ScorePoint, Scoring
from campaigns.enums import CoverageBasis, CovertRule, DueWay, NoticeRule, Rhythm, Shift, UnitList
from core.periods import Kind, Period, parse_period, period_of, whole_period

TEMPLATES = Path(__file__).resolve().parents[2] / "templates_data"
PERIOD_KINDS: dict[str, Kind] = {Rhythm.WEEKLY: "week", Rhythm.MONTHLY: "month", Rhythm.QUARTERLY: "quarter"}
ANY = "*"
Made = TypeVar("Made")


@dataclass(frozen=True)
class Window:
    """The days of the campaign, both included; in a template those of the notice itself (ISO dates)."""

    starts_on: str
    ends_on: str


@dataclass(frozen=True)
class Cadence:
    """How often walks are owed. ``minimum`` 次 a period by each unit's principal; ``due`` the last day of a period.

    ``in_principle``: the notice says 原则上. ``triggers``: walks beside the rhythm, shown as hints.
    ``complaint_counts``: a 处投诉 fulfils the minimum.
    """

    rhythm: str
    minimum: int = 1
    due: Due = Due(DueWay.PERIOD_END)
    triggers: tuple[str, ...] = ()
    complaint_counts: bool = True
    in_principle: bool = False


@dataclass(frozen=True)
class Planning:
    """``required`` of each unit; ``content``: what the notice calls it; ``filed``: it goes to the office (备案), else
    the unit keeps it. ``due`` by when; ``covers_all``: every item or bundle to be covered stands in it."""

    required: bool = False
    content: str = "体验计划"
    filed: bool = True
    due: Due = Due()
    covers_all: bool = False
    notice: str = NoticeRule.FREE
    covert: str = CovertRule.ALLOWED


@dataclass(frozen=True)
class Walking:
    """Forms of a walk, and who may take part.

    ``mode_names`` gives a mode the notice's own word (帮代办); ``ways``: forms the notice names that are none of the
    modes (F16: 内部体验、一线体验). ``companions`` 人 at most (None: not limited), by
    CompanionKind in ``companion_kinds`` (empty: any). ``delegation_reasons`` empty: no deputy walks.
    ``in_person``: flags of an item that refuse a deputy.
    """

    modes: tuple[str, ...]
    mode_names: dict[str, str] = field(default_factory=dict)
    ways: str = ""
    companions: int | None = None
    companion_kinds: dict[str, int] = field(default_factory=dict)
    delegation_reasons: tuple[str, ...] = ()
    in_person: tuple[str, ...] = ()


@dataclass(frozen=True)
class RequiredComponent:
    """One required component of an activity: ``least`` to ``most`` of ``unit`` (次, 项, 个). Components of one ``link``
    are one 环节 of the notice (L22: 走流程 and 坐窗口 together are 参与一次审批服务). ``elements``: what the notice
    wants to be looked at, in its words."""

    code: str
    link: int
    least: int = 1
    most: int | None = None
    unit: str = "次"
    elements: tuple[str, ...] = ()


@dataclass(frozen=True)
class Activity:
    """An activity of the notice: its kinds, who takes part (UnitList), and its parts with how many 环节 (``links``)
    it must have at least."""

    name: str
    kinds: tuple[str, ...]
    units: tuple[str, ...] = (UnitList.ALL,)
    links: int = 0
    components: tuple[RequiredComponent, ...] = ()

    @property
    def cite(self) -> str:
        """The key under which the components are cited."""
        return f"activities.{self.name}"

    @property
    def head(self) -> "Activity":
        """Everything but the components, which are cited by themselves."""
        return replace(self, components=())

    @classmethod
    def from_data(cls, data: dict) -> "Activity":
        components = [_group(RequiredComponent, component) for component in data.get("components", ())]
        return _group(cls, data | {"components": components})


@dataclass(frozen=True)
class CoverageRules:
    """What must be walked: each of ``basis`` at least ``minimum`` 次 within the campaign."""

    basis: str = CoverageBasis.NONE
    minimum: int = 1


@dataclass(frozen=True)
class Reporting:
    """What units hand in, how often, by when; ``summary_due`` is the lead's, of what ``summary`` names. ``cutoff_day``
    ends a monthly period.

    ``content`` names it (专项报告…); ``evidence`` the kinds of material it carries, without which no walk is recorded
    when ``evidence_required`` (off: no forced photo, docs/rules.md rule 11); ``signature`` and ``stamp`` whether the
    principal signs and the unit stamps; ``shift`` what a due date on a rest day does; ``keep_people_years`` and
    ``keep_originals_years`` how long after the campaign was archived names of citizens, and photos as they were
    uploaded, are kept.
    """

    rhythm: str
    due: Due = Due()
    summary_due: Due = Due()
    summary: str = ""
    cutoff_day: int | None = None
    shift: str = Shift.KEEP
    content: str = ""
    evidence: tuple[str, ...] = ()
    evidence_required: bool = False
    signature: bool = True
    stamp: bool = False
    keep_people_years: int = 3
    keep_originals_years: int = 3


@dataclass(frozen=True)
class Route:
    """Who receives: for an activity kind and a unit kind (``*``: any), parts of the names of the receiving units, the
    first of which leads; ``then``: to whom the receiver hands on (empty: the coordinating office)."""

    activity: str
    unit: str
    to: tuple[str, ...]
    then: str = ""


GROUPS: dict[str, type] = {
    "cadence": Cadence,
    "planning": Planning,
    "walking": Walking,
    "coverage": CoverageRules,
    "reporting": Reporting,
    "rectification": Rectification,
    "oversight": Oversight,
    "scoring": Scoring,
}


IN_ORDER = (("rectification", "classes"), ("scoring", "weights"), ("walking", "companion_kinds"))


@dataclass(frozen=True)
class Rulebook:
    """What one notice demands, group by group. ``cites``: "group.field" → where the notice says so, empty once the
    office has changed it; a rule without an entry is a setting of ours (docs/rules.md section 4)."""

    title: str
    notice: str
    office: str
    window: Window
    cadence: Cadence
    planning: Planning
    walking: Walking
    activities: tuple[Activity, ...]
    coverage: CoverageRules
    reporting: Reporting
    routes: tuple[Route, ...]
    rectification: Rectification
    oversight: Oversight
    scoring: Scoring
    cites: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_data(cls, data: dict) -> "Rulebook":
        """The rulebook of its canonical JSON form; TypeError or KeyError when it is none."""
        groups = {name: _group(kind, data[name]) for name, kind in GROUPS.items()}
        activities = tuple(Activity.from_data(one) for one in data["activities"])
        routes = tuple(_group(Route, route) for route in data["routes"])
        head = {name: data[name] for name in ("title", "notice", "office")}
        window = Window(**data["window"])
        return cls(
            **head, **groups, window=window, activities=activities, routes=routes, cites=dict(data.get("cites", {}))
        )

    def as_data(self) -> dict:
        """Canonical JSON form; ``Rulebook.from_data`` gives the same rulebook back.

        What the notice puts in an order is a list of pairs: PostgreSQL keeps no order of keys.
        """
        data = json.loads(json.dumps(asdict(self)))
        for group, name in IN_ORDER:
            data[group][name] = [list(pair) for pair in data[group][name].items()]
        return data

    @property
    def starts_on(self) -> date:
        return date.fromisoformat(self.window.starts_on)

    @property
    def ends_on(self) -> date:
        return date.fromisoformat(self.window.ends_on)

    @property
    def activity_kinds(self) -> tuple[str, ...]:
        return tuple(kind for activity in self.activities for kind in activity.kinds)

    def activity_of(self, kind: str) -> Activity | None:
        """The activity of the notice that a kind belongs to."""
        return next((activity for activity in self.activities if kind in activity.kinds), None)

    def component_of(self, kind: str, code: str) -> RequiredComponent | None:
        """A required component of the activity a kind belongs to."""
        activity = self.activity_of(kind)
        return (
            next((component for component in activity.components if component.code == code), None) if activity else None
        )

    def route_of(self, kind: str, unit_kind: str) -> Route | None:
        """The most particular route for an activity of a unit: kind and unit, kind alone, unit alone, any."""
        for activity, unit in ((kind, unit_kind), (kind, ANY), (ANY, unit_kind), (ANY, ANY)):
            for route in self.routes:
                if (route.activity, route.unit) == (activity, unit):
                    return route
        return None

    def period_of(self, day: date) -> Period:
        """The reporting period a walk of that day belongs to (docs/rules.md section 4: (M−1)-21 … M-20 for L22)."""
        if self.reporting.rhythm == Rhythm.ONCE:
            return self.whole
        return period_of(day, kind=PERIOD_KINDS[self.reporting.rhythm], cutoff_day=self._cutoff())

    def period(self, code: str) -> Period:
        """The period a code asks for, of whatever rhythm (a month of a weekly campaign, a quarter, ``all``): the one
        place that turns a code into days. Months keep the cut-off. ValueError in words when the code names no period
        or none of its days lies in the campaign."""
        if code == self.whole.code:
            return self.whole
        period = parse_period(code, cutoff_day=self._cutoff())
        if period.ends_on < self.starts_on or period.starts_on > self.ends_on:
            raise ValueError(f"{period.label}不在活动时间（{self.starts_on} 至 {self.ends_on}）内，请改选。")
        return period

    def is_own(self, period: Period) -> bool:
        """Whether units report by periods of this kind; True for ``all`` in every campaign: all its periods at once."""
        return period == self.whole or period.kind == PERIOD_KINDS.get(self.reporting.rhythm)

    def is_handed_in(self, period: Period) -> bool:
        """Whether each unit hands in for just this period: not for the whole of a campaign that reports by periods."""
        return self.is_own(period) and (period.kind != "whole" or self.reporting.rhythm == Rhythm.ONCE)

    def walk_period_of(self, day: date) -> Period:
        """The period in which the minimum of walks is counted: calendar months whatever the reporting cut-off."""
        return self.whole if self.cadence.rhythm == Rhythm.ONCE else period_of(day, PERIOD_KINDS[self.cadence.rhythm])

    @property
    def whole(self) -> Period:
        return whole_period(self.starts_on, self.ends_on)

    def fitted(self, start: date, end: date) -> "Rulebook":
        """The same rules for another window.

        Fixed dates of the notice stand when its last walking day lies in the window. Otherwise the plan keeps its
        distance from the start, walks end with the window, and reports keep their distance from the last walking day.
        A date that moved is no longer the notice's.
        """
        fitted = replace(self, window=Window(start.isoformat(), end.isoformat()))
        last = self.cadence.due.day
        if last is None or start <= last <= end:
            return fitted
        ahead, behind = (start - self.starts_on).days, (end - last).days
        for group, name, days in (
            ("cadence", "due", behind),
            ("planning", "due", ahead),
            ("reporting", "due", behind),
            ("reporting", "summary_due", behind),
        ):
            fitted = changed(fitted, group, {name: getattr(getattr(self, group), name).moved(days)})
        return fitted

    def _cutoff(self) -> int | None:
        return self.reporting.cutoff_day if self.reporting.rhythm == Rhythm.MONTHLY else None


def _group(kind: Callable[..., Made], data: dict) -> Made:
    """A group from JSON: lists become tuples, due dates their own type."""
    values: dict[str, object] = {}
    for name, value in data.items():
        if name == "due" or name.endswith("_due"):
            value = Due(**value)
        elif name in {field_name for _, field_name in IN_ORDER}:
            value = dict(value)
        elif name == "points":
            value = [ScorePoint(**point) for point in value]
        values[name] = _tupled(value)
    return kind(**values)


def _tupled(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def changed(rules: Rulebook, group: str, values: dict) -> Rulebook:
    """The rulebook with one group's fields replaced; a rule that no longer reads as the notice is cited as ``""``.

    The group "activities" has the one field of its name.
    """
    old = getattr(rules, group)
    if group == "activities":
        new = tuple(values["activities"])
        moved = {one.cite for one in new if one not in old}
        moved |= set() if [one.head for one in new] == [one.head for one in old] else {"activities"}
        return replace(rules, activities=new, cites=rules.cites | dict.fromkeys(moved, ""))
    new = replace(old, **values)
    moved = {f"{group}.{one.name}" for one in fields(old) if getattr(old, one.name) != getattr(new, one.name)}
    return replace(rules, **{group: new}, cites=rules.cites | dict.fromkeys(moved, ""))


def template_names() -> list[str]:
    """Names of the templates that stand ready, the oldest notice first."""
    found = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in TEMPLATES.glob("*.json")}
    return sorted(found, key=lambda name: found[name]["window"]["starts_on"])


def load_template(name: str) -> Rulebook:
    """The rulebook of a notice; ValueError in words when there is no such template."""
    path = TEMPLATES / f"{Path(name).name}.json"
    if not path.is_file():
        raise ValueError(f"没有名为“{name}”的活动模板。可用的模板：{'、'.join(template_names())}。")
    return Rulebook.from_data(json.loads(path.read_text(encoding="utf-8")))
