"""What is scored: a period of a campaign by the rubric that holds on its last day, judged on one day."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.db.models import Q
from django.utils import timezone

from campaigns.domain.rulebook.duties import Unit
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.domain.versions import rules_for
from campaigns.models import Campaign, RuleVersion
from core.calendar import work_calendar
from core.periods import Period
from core.workdays import WorkCalendar, late_days
from reports.domain.board.owed import Owed, owed_in
from reports.domain.scoring.sheet import Record
from walks.domain.as_of import end_of

Found = defaultdict[tuple[int, str], list[Record]]


@dataclass(frozen=True)
class Asked:
    """``owed``: what the units owe in the period; ``version`` and ``rules``: the rubric's."""

    campaign: Campaign
    period: Period
    as_of: date
    version: RuleVersion
    rules: Rulebook
    owed: Owed

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

    def holds(self, due_on: date) -> bool:
        """Whether what is due that day belongs to the period; in the whole campaign everything does."""
        return self.period.kind == "whole" or due_on in self.period

    def days(self, field: str) -> Q:
        """Rows whose day lies in the period."""
        if self.period.kind == "whole":
            return Q()
        return Q(**{f"{field}__range": (self.period.starts_on, self.period.ends_on)})

    def moments(self, field: str) -> Q:
        """Rows whose moment lies in the period, and not after the day of judging."""
        judged = Q(**{f"{field}__lt": end_of(self.as_of)})
        if self.period.kind == "whole":
            return judged
        first = timezone.make_aware(datetime.combine(self.period.starts_on, time.min))
        return judged & Q(**{f"{field}__gte": first, f"{field}__lt": end_of(self.period.ends_on)})

    def late(self, due_on: date, day: date) -> int:
        """工作日 by which ``day`` is late, at least 1; for a day that is late."""
        return max(1, late_days(due_on, day, self.calendar) or 0)


def asked_of(campaign: Campaign, period: Period, as_of: date) -> Asked:
    """Six queries. The rubric is that of ``rules_for``, seen from the day of judging."""
    version, rules = rules_for(campaign.pk, period, as_of)
    return Asked(campaign, period, as_of, version, rules, owed_in(campaign, rules, period, today=as_of))


def day_of(moment: datetime) -> date:
    """The local day of a moment."""
    return timezone.localtime(moment).date()


def days_before(day: date, number: int) -> datetime:
    """The first moment of the day ``number`` calendar days before."""
    return timezone.make_aware(datetime.combine(day - timedelta(days=number), time.min))
