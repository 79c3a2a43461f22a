"""What a plan must say before it is handed in. Pure: rows and rules in, faults out.

The plan names 事项、流程、时间 (W23 六（一）); where every walk is covert no date and no companion is asked for
(M18 三2): that plan is made by the walker alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from campaigns.domain.rulebook.due_dates import last_walking_day, periods
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.enums import CompanionKind, CovertRule, NoticeRule, Rhythm, WalkMode
from core.periods import Period, parse_period
from plans.models import PlanRow
from walks.domain import delegation
from walks.enums import Capacity

WHOLE = "all"
NAMES_SHOWN = 30


@dataclass(frozen=True)
class Fault:
    """One missing part: ``row`` counted from 1 (None: the plan as a whole), ``field`` of that row."""

    row: int | None
    field: str
    message: str

    def __str__(self) -> str:
        return self.message if self.row is None else f"第 {self.row} 行：{self.message}"


def asks_date(rules: Rulebook) -> bool:
    """False where every walk is covert: the day is the walker's alone."""
    return rules.planning.covert != CovertRule.REQUIRED


def asks_notice(rules: Rulebook) -> bool:
    """True where each walk is 报备 beforehand (W23 四)."""
    return rules.planning.notice == NoticeRule.BEFORE


def companion_kinds(rules: Rulebook) -> tuple[str, ...]:
    """Which CompanionKinds a row asks for: those the notice names, one for all where it names none, none at all."""
    if not asks_date(rules) or rules.walking.companions == 0:
        return ()
    return tuple(rules.walking.companion_kinds) or (CompanionKind.OTHER,)


def companion_label(rules: Rulebook, kind: str) -> str:
    """The notice's kind of companion; where it names none simply 陪同人员."""
    return CompanionKind(kind).label if rules.walking.companion_kinds else "陪同人员"


def mode_label(rules: Rulebook, mode: str) -> str:
    """The form of walk in the notice's own word (帮代办)."""
    return rules.walking.mode_names.get(mode) or WalkMode(mode).label


def plan_period(rules: Rulebook, code: str) -> Period:
    """The walking period of a plan: ``all`` for a one-off campaign. ValueError in words for a code that is none."""
    return rules.whole if code == WHOLE else parse_period(code)


def receiving_day(rules: Rulebook, code: str, today: date) -> date:
    """The day whose receivers get the plan of a period: today, kept inside that period."""
    period = plan_period(rules, code)
    return min(max(today, period.starts_on), period.ends_on)


def period_label(code: str) -> str:
    """全程, 2022年6月, 2016年第4季度."""
    return "全程" if code == WHOLE else parse_period(code).label


def periods_to_plan(rules: Rulebook, today: date) -> list[Period]:
    """The periods a plan may be begun for: the one that runs (or comes first) and the next within the window."""
    if rules.cadence.rhythm == Rhythm.ONCE:
        return [rules.whole]
    day = min(max(today, rules.starts_on), rules.ends_on)
    return [one for one in periods(rules, rules.walk_period_of) if one.ends_on >= day][:2]


def window_of(rules: Rulebook, code: str) -> tuple[date, date]:
    """First and last day a planned walk may name."""
    period = plan_period(rules, code)
    return max(period.starts_on, rules.starts_on), min(period.ends_on, rules.ends_on, last_walking_day(rules))


def row_faults(row: PlanRow, rules: Rulebook, *, capacity: str, window: tuple[date, date]) -> dict[str, str]:
    """{field: message} for everything one row lacks or the rules forbid; ``capacity`` of its walker in the unit."""
    faults = {}
    if not row.item.is_active:
        faults["item"] = f"事项“{row.item.name}”已停用，请换一个事项"
    if row.mode not in rules.walking.modes:
        offered = "、".join(mode_label(rules, mode) for mode in rules.walking.modes)
        faults["mode"] = f"本活动的体验形式为：{offered}"
    if row.activity_kind not in rules.activity_kinds:
        faults["activity_kind"] = "本活动没有这种活动类型"
    if capacity not in (Capacity.PRINCIPAL, Capacity.DEPUTY):
        faults["walker"] = "体验人须是本单位主要负责同志或分管负责同志"
    else:
        wrong = delegation.delegation_fault(rules, capacity=capacity, item=row.item, reason=row.delegation_reason)
        faults |= wrong
    if message := _date_fault(row.planned_on, rules, window):
        faults["planned_on"] = message
    if message := delegation.companions_fault(rules, companions=row.companions, is_covert=not asks_date(rules)):
        faults["companions"] = message
    return faults


def plan_faults(
    rows: Sequence,
    rules: Rulebook,
    *,
    capacities: Mapping[int, str],
    window: tuple[date, date],
    to_cover: Iterable = (),
) -> list[Fault]:
    """Every missing part of a plan, row by row, then what must be covered and stands in no row (W23 六（一）).

    A row whose walk has begun (``is_begun``) is neither corrected nor judged any more.
    """
    if not rows:
        return [Fault(None, "rows", "计划还没有内容，请至少填写一行。"), *_uncovered(rows, rules, to_cover)]
    found = [
        Fault(number, field, message)
        for number, row in enumerate(rows, start=1)
        if not row.is_begun
        for field, message in row_faults(row, rules, capacity=capacities.get(row.walker_id, ""), window=window).items()
    ]
    return [*found, *_uncovered(rows, rules, to_cover)]


def _date_fault(day: date | None, rules: Rulebook, window: tuple[date, date]) -> str:
    if not asks_date(rules):
        return "暗访不在计划里写日期，请清空" if day else ""
    if day is None:
        return "请填写计划时间"
    first, last = window
    return "" if first <= day <= last else f"计划时间须在 {first} 至 {last} 之间"


def _uncovered(rows: Sequence, rules: Rulebook, to_cover: Iterable) -> list[Fault]:
    planned = {row.item_id for row in rows}
    missing = [item.name for item in to_cover if item.pk not in planned]
    if not missing:
        return []
    shown = "、".join(missing[:NAMES_SHOWN]) + ("等" if len(missing) > NAMES_SHOWN else "")
    cite = rules.cites.get("planning.covers_all")
    clause = f"通知规定：{cite}。" if cite else ""
    return [Fault(None, "coverage", f"还有 {len(missing)} 项应体验的事项没有列入计划：{shown}。{clause}")]
