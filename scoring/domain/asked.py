"""What is scored: a period of a campaign by the rubric that holds on its last day, judged on one day."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.db.models import Q
from django.utils import timezone

from campaigns.domain.owed import Owed, narrowed_to, owed_in
from campaigns.domain.rulebook.due_dates import periods
from campaigns.domain.rulebook.duties import Unit
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.domain.versions import rules_for, versions_in_force
from campaigns.models import Campaign, RuleVersion
from core.calendar import work_calendar
from core.periods import ONE_DAY, Period
from core.workdays import WorkCalendar, late_days
from scoring.domain.sheet import Record
from walks.domain.as_of import end_of

Found = defaultdict[tuple[int, str], list[Record]]


@dataclass(frozen=True)
class ScoreQuery:
    """``owed``: what the units owe in the period; ``version`` and ``rules``: the rubric's. ``scored``: the reporting
    periods begun by ``as_of`` whose own rubric is on; in the whole campaign these alone count."""

    campaign: Campaign
    period: Period
    as_of: date
    version: RuleVersion
    rules: Rulebook
    owed: Owed
    rubrics: "Rubrics"
    scored: list[Period]

    @cached_property
    def spans(self) -> list[tuple[date, date]]:
        """The days that count, both ends included, in order; the first and the last reporting period of the whole
        campaign take what lies outside its window."""
        if self.period.kind != "whole":
            return [(self.period.starts_on, self.period.ends_on)]
        begun = begun_by(self.rules, self.as_of)
        found: list[tuple[date, date]] = []
        for one in self.scored:
            first = date.min if one == begun[0] else one.starts_on
            last = date.max if one == begun[-1] else one.ends_on
            joins = found and found[-1][1] + ONE_DAY == first
            found = [*found[:-1], (found[-1][0], last)] if joins else [*found, (first, last)]
        return found

    @property
    def first_day(self) -> date:
        """The first day that counts."""
        return min((first for first, _ in self.spans), default=date.max)

    @property
    def past_day(self) -> date | None:
        """The day of judging when it has passed; None: everything as it stands."""
        return self.as_of if self.as_of < timezone.localdate() else None

    @cached_property
    def calendar(self) -> WorkCalendar:
        return work_calendar()

    @property
    def units(self) -> list[Unit]:
        """The units that are scored: bound on the last day of the period, in the fixed order of the roster."""
        last = min(self.period.ends_on, self.rules.ends_on)
        return [unit for unit in self.owed.units if unit.is_bound(last, self.as_of)]

    @property
    def settles_after(self) -> date:
        """The last day on which something of the period is due: no score is final before it has passed."""
        return max([self.period.ends_on, *(one.due_on for one in self.owed.wanted)])

    def not_yet(self, today: date) -> str:
        """From which day objections, manual points and settling are open, in words; "" once they are."""
        if self.settles_after < today:
            return ""
        due = f"{self.period.label}到 {self.settles_after} 二十四时才全部到期"
        return f"{due}，{self.settles_after + ONE_DAY} 起可以提出申诉、人工评定和确定评分。"

    def holds(self, due_on: date) -> bool:
        """Whether what is due that day counts."""
        return any(first <= due_on <= last for first, last in self.spans)

    def days(self, field: str) -> Q:
        """Rows whose day counts."""
        found = Q(pk__in=[])
        for first, last in self.spans:
            found |= Q(**{f"{field}__range": (first, last)})
        return found

    def moments(self, field: str) -> Q:
        """Rows whose moment counts, and is not after the day of judging."""
        found = Q(pk__in=[])
        for first, last in self.spans:
            since = {} if first == date.min else {f"{field}__gte": days_before(first, 0)}
            found |= Q(**since, **{f"{field}__lt": end_of(min(last, self.as_of))})
        return found

    def late(self, due_on: date, day: date) -> int:
        """工作日 by which ``day`` is late, at least 1; for a day that is late."""
        return max(1, late_days(due_on, day, self.calendar) or 0)


@dataclass(frozen=True)
class Rubrics:
    """The issued versions of a campaign's rules, each with the day from which it holds, the oldest first."""

    held: list[tuple[date, RuleVersion, Rulebook]]

    def of(self, period: Period, as_of: date) -> tuple[RuleVersion, Rulebook]:
        """The version by which the period is judged, as ``rules_for`` says it, seen from the day of judging."""
        day = min(period.ends_on, as_of)
        return [(version, rules) for since, version, rules in self.held if since <= day][-1]

    def scored(self, rules: Rulebook, as_of: date) -> list[Period]:
        """The reporting periods begun by that day whose rubric is on, the oldest first."""
        return [one for one in begun_by(rules, as_of) if self.is_on(one, as_of)]

    def is_on(self, period: Period, as_of: date) -> bool:
        return self.of(period, as_of)[1].scoring.on


def asked_of(campaign: Campaign, period: Period, as_of: date) -> ScoreQuery:
    """What is scored, by the rubric of the period; six queries."""
    rubrics = rubrics_of(campaign, period, as_of)
    version, rules = rubrics.of(period, as_of)
    scored = rubrics.scored(rules, as_of)
    owed = owed_in(campaign, rules, period, today=as_of)
    owed = narrowed_to(owed, scored) if period.kind == "whole" else owed
    return ScoreQuery(campaign, period, as_of, version, rules, owed, rubrics, scored)


def rubrics_of(campaign: Campaign, period: Period, as_of: date) -> Rubrics:
    """The rubrics of a campaign; that of the draft where none was ever issued. One query, else two."""
    held = [(since, version, rules) for version, rules, since, _ in versions_in_force(campaign)]
    return Rubrics(held or [(date.min, *rules_for(campaign.pk, period, as_of))])


def begun_by(rules: Rulebook, day: date) -> list[Period]:
    """The reporting periods begun by a day, the oldest first; the first one before that."""
    return list(periods(rules, rules.period_of, max(day, rules.starts_on)))


def day_of(moment: datetime) -> date:
    """The local day of a moment."""
    return timezone.localtime(moment).date()


def days_before(day: date, number: int) -> datetime:
    """The first moment of the day ``number`` calendar days before."""
    return timezone.make_aware(datetime.combine(day - timedelta(days=number), time.min))
