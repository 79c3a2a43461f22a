"""The settled versions of a period, and the one row that settling and everything added to a score take first."""

from datetime import date

from campaigns.models import Campaign
from core.exceptions import Refused, StaleVersion
from core.periods import Period
from core.templatetags.ui import moment
from scoring.domain.asked import Asked
from scoring.models import ScoreSheet


def sheets_of(campaign: Campaign, period: Period) -> list[ScoreSheet]:
    """The settled versions of a period, the last one first; one query."""
    rows = ScoreSheet.objects.filter(campaign=campaign, period=period.code).order_by("-version")
    return list(rows.select_related("rules", "frozen_by"))


def take(campaign_id: int) -> None:
    """Wait for whoever settles or adds to the scores of this campaign, to the end of the transaction.

    Without it an objection made between the check and the write of the sheet stays open on a settled one.
    """
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign_id)


def require_due(asked: Asked, today: date) -> None:
    """Raise Refused before everything of the period has fallen due: until then every score still moves by itself."""
    if words := asked.not_yet(today):
        raise Refused(words, rule="score.period_open")


def require_seen(period: Period, last: ScoreSheet | None, seen: int | None, undone: str) -> None:
    """Raise StaleVersion, naming who and when, when a version was settled since ``seen``, the last one when the page
    was opened (0 for none; None: not asked). ``undone``: what was not done and what to do, in words."""
    if seen is None or last is None or last.version == seen:
        return
    words = f"{period.label}评分第 {last.version} 版已由{last.frozen_by}于 {moment(last.frozen_at)} 确定"
    raise StaleVersion(f"{words}，{undone}", rule="score.stale")
