"""Reporting periods and their codes: ``2022-06``, ``2016Q4``, ``2022-W23``. Pure.

With a cut-off day of 20 (L22: materials by the 20th) the month 2022-06 collects walks of 2022-05-21 … 2022-06-20;
without one it is the calendar month. Quarters and ISO weeks know no cut-off.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

Kind = Literal["month", "quarter", "week", "whole"]

ONE_DAY = timedelta(days=1)
# Days a campaign may have: the period after its last one must still have a code (below).
FIRST_YEAR, LAST_YEAR = 2000, 2098
OUT_OF_RANGE = f"日期应在 {FIRST_YEAR} 年至 {LAST_YEAR} 年之间。"
_CODE = re.compile(
    r"(?P<year>(?:19|20)[0-9]{2})(?:-(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4])|-W(?P<week>0[1-9]|[1-4][0-9]|5[0-3]))"
)


@dataclass(frozen=True)
class Period:
    """A range of days, both ends included. ``cutoff_day`` is kept so that the neighbours follow the same rule."""

    code: str
    kind: Kind
    starts_on: date
    ends_on: date
    cutoff_day: int | None = None

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on

    @property
    def label(self) -> str:
        if self.kind == "whole":
            return f"{_chinese(self.starts_on)}—{_chinese(self.ends_on)}"
        year = self.code[:4]
        if self.kind == "month":
            return f"{year}年{int(self.code[5:])}月"
        return f"{year}年第{self.code[5:]}季度" if self.kind == "quarter" else f"{year}年第{int(self.code[6:])}周"

    @property
    def short_label(self) -> str:
        """The label without its year."""
        return "全程" if self.kind == "whole" else self.label.partition("年")[2]

    def next(self) -> "Period":
        """The period that begins the day after; ValueError for a whole campaign."""
        return period_of(self.ends_on + ONE_DAY, kind=self.kind, cutoff_day=self.cutoff_day)

    def previous(self) -> "Period":
        """The period that ends the day before; ValueError for a whole campaign."""
        return period_of(self.starts_on - ONE_DAY, kind=self.kind, cutoff_day=self.cutoff_day)


def short_labels(periods: Sequence[Period]) -> list[str]:
    """第23周, 第24周: without their years where these are the same."""
    is_one_year = len({one.code[:4] for one in periods}) == 1
    return [one.short_label if is_one_year else one.label for one in periods]


def parse_period(code: str, cutoff_day: int | None = None) -> Period:
    """The period of a code. ValueError with a Chinese message when it is none or the day cannot be a cut-off (1–28)."""
    match = _CODE.fullmatch(code)
    if match is None:
        raise ValueError(_bad_code(code))
    year = int(match["year"])
    if match["month"]:
        return _month(year, int(match["month"]), cutoff_day)
    if match["quarter"]:
        return _quarter(year, int(match["quarter"]))
    try:
        return _week(year, int(match["week"]))
    except ValueError as exc:
        raise ValueError(f"周期“{code}”不存在：{year}年没有第{int(match['week'])}周。") from exc


def period_of(day: date, kind: Kind = "month", cutoff_day: int | None = None) -> Period:
    """The period of that kind that contains ``day``; ValueError for another kind."""
    if not 1900 <= day.year <= 2099:
        raise ValueError(f"日期 {day.isoformat()} 超出可用范围（1900—2099 年）。")
    if kind == "month":
        past_cutoff = cutoff_day is not None and day.day > cutoff_day
        first = (day.replace(day=1) + timedelta(days=31)).replace(day=1) if past_cutoff else day
        return _month(first.year, first.month, cutoff_day)
    if kind == "quarter":
        return _quarter(day.year, (day.month + 2) // 3)
    if kind == "week":
        year, week, _ = day.isocalendar()
        return _week(year, week)
    if kind == "whole":
        raise ValueError("全程没有上一期或下一期。")
    raise ValueError(f"周期类型“{kind}”无法识别。")


def in_range(day: date) -> bool:
    """Whether a campaign may begin, end or change on that day."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def whole_period(starts_on: date, ends_on: date) -> Period:
    """A whole campaign as one period, code ``all``. ValueError when it ends before it starts."""
    if ends_on < starts_on:
        raise ValueError("结束日期不能早于开始日期。")
    return Period("all", "whole", starts_on, ends_on)


def label_of(code: str) -> str:
    """The label of a code whose days nobody needs; 全程 for a whole campaign."""
    return "全程" if code == "all" else parse_period(code).label


def period_with_days(code: str, starts_on: date, ends_on: date) -> Period:
    """The period of a code with the days it had when it was written down, whatever the cut-off is now."""
    if code == "all":
        return whole_period(starts_on, ends_on)
    return replace(parse_period(code), starts_on=starts_on, ends_on=ends_on)


def _month(year: int, month: int, cutoff_day: int | None) -> Period:
    code = f"{year}-{month:02d}"
    if cutoff_day is None:
        return Period(code, "month", date(year, month, 1), date(year, month, monthrange(year, month)[1]))
    if not 1 <= cutoff_day <= 28:
        raise ValueError("截止日应为 1—28 之间的整数。")
    before = date(year, month, 1) - ONE_DAY
    return Period(code, "month", before.replace(day=cutoff_day) + ONE_DAY, date(year, month, cutoff_day), cutoff_day)


def _quarter(year: int, quarter: int) -> Period:
    last_month = quarter * 3
    ends_on = date(year, last_month, monthrange(year, last_month)[1])
    return Period(f"{year}Q{quarter}", "quarter", date(year, last_month - 2, 1), ends_on)


def _week(year: int, week: int) -> Period:
    monday = date.fromisocalendar(year, week, 1)
    return Period(f"{year}-W{week:02d}", "week", monday, monday + timedelta(days=6))


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _bad_code(code: str) -> str:
    return f"周期“{code[:20]}”无法识别：月应写作 2022-06，季度应写作 2016Q4，周应写作 2022-W23。"
