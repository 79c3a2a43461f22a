"""Campaigns and their periods with the state each is in."""

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.domain.versions import rulebooks
from campaigns.models import Campaign
from core.periods import Period, period_of
from reports.domain.queries import ReportScope, reported_campaigns, summaries_visible_to
from reports.models import Summary, SummaryState
from reports.rules import may_compile

RECENT = 6


@dataclass(frozen=True)
class PeriodRow:
    """One period; ``summary`` is what was compiled last, None while it is being collected or is not for this reader."""

    period: Period
    summary: Summary | None

    @property
    def is_published(self) -> bool:
        return self.summary is not None and self.summary.state == SummaryState.PUBLISHED


@dataclass(frozen=True)
class CampaignPeriods:
    """A campaign with its periods, newest first; ``more`` when older ones are left out. ``example``: the code of a
    period that may be asked for beside those in the list."""

    campaign: Campaign
    report_scope: ReportScope
    rows: list[PeriodRow]
    more: bool
    may_compile: bool
    example: str

    @property
    def sees_all(self) -> bool:
        return self.report_scope.kind == "all"


def overview(user: User, *, today: date, whole: str = "") -> list[CampaignPeriods]:
    """Every campaign the person reads figures of; the one with code ``whole`` with all of its periods."""
    found = reported_campaigns(user)
    ids = [campaign.pk for campaign, _ in found]
    books = rulebooks(ids)
    kept = summaries_visible_to(user).filter(campaign_id__in=ids).order_by("version")
    summaries = {(one.campaign_id, one.period): one for one in kept.select_related("compiled_by")}
    result = []
    for campaign, report_scopes in found:
        periods = periods_so_far(campaign, books[campaign.pk], today)
        shown = periods if campaign.code == whole else periods[:RECENT]
        rows = [PeriodRow(period, summaries.get((campaign.pk, period.code))) for period in shown]
        more = len(shown) < len(periods)
        result.append(
            CampaignPeriods(
                campaign, report_scopes[0], rows, more, may_compile(user, campaign), _example(periods[0])
            )
        )  # fmt: skip
    return result


def _example(newest: Period) -> str:
    """A quarter for months, a month for everything else, in which the newest period begins."""
    return period_of(newest.starts_on, kind="quarter" if newest.kind == "month" else "month").code


def periods_so_far(campaign: Campaign, rules: Rulebook, today: date) -> list[Period]:
    """From the period that holds today, or the campaign's last one, back to its first."""
    first = rules.period_of(campaign.starts_on)
    period = rules.period_of(max(campaign.starts_on, min(today, campaign.ends_on)))
    periods = [period]
    while period.starts_on > first.starts_on:
        period = period.previous()
        periods.append(period)
    return periods
