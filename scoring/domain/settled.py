"""The settled versions of a period, and the one row that settling and everything added to a score take first."""

from datetime import date

from django.db.models import Exists, OuterRef

from accounts.models import User
from accounts.scope import scope_of
from campaigns.domain.queries import campaigns_visible_to
from campaigns.domain.states import hold_writable
from campaigns.models import Campaign
from campaigns.rules import may_compare_units
from core.exceptions import OWN, Refused, StaleVersion
from core.periods import Period
from core.templatetags.ui import moment
from scoring.domain.asked import ScoreQuery
from scoring.enums import ScoreState
from scoring.models import ScoreNote, ScoreObjection, ScoreSheet


def sheets_of(campaign: Campaign, period: Period) -> list[ScoreSheet]:
    """The settled versions of a period, the last one first; one query."""
    rows = ScoreSheet.objects.filter(campaign=campaign, period=period.code).order_by("-version")
    return list(rows.select_related("rules", "frozen_by"))


def sheets_shown_to(user: User, code: str, period: str) -> list[ScoreSheet]:
    """The settled versions of a period, the last one first, with their campaign, when the person sees the campaign; one
    query. Each tells ``has_open``, whether something waits for an answer, and ``has_new``, whether an objection or a
    point was agreed to since it was settled."""
    rows = ScoreSheet.objects.filter(campaign__in=campaigns_visible_to(user), campaign__code=code, period=period)
    of_period = {"campaign": OuterRef("campaign_id"), "period": OuterRef("period")}
    of_each = [model.objects.filter(**of_period) for model in (ScoreObjection, ScoreNote)]
    has_open, has_new = (
        Exists(of_each[0].filter(**which)) | Exists(of_each[1].filter(**which))
        for which in (
            {"state": ScoreState.OPEN},
            {"state": ScoreState.AGREED, "answered_at__gt": OuterRef("frozen_at")},
        )
    )
    rows = rows.annotate(has_open=has_open, has_new=has_new).order_by("-version")
    return list(rows.select_related("rules", "frozen_by", "campaign__region", "campaign__office"))


def units_seen_in(user: User, sheet: ScoreSheet) -> set[int]:
    """Whose scores of a settled version the person reads, as ``scores.units_seen_now`` said when it was settled; no
    query."""
    settled, scope = {unit["id"] for unit in sheet.data["units"]}, scope_of(user)
    if may_compare_units(user, sheet.campaign):
        return settled
    received = {int(unit) for unit, by in sheet.receivers.items() if not set(by).isdisjoint(scope.leads)}
    return settled & (scope.units | received)


def take(campaign_id: int) -> None:
    """Wait for whoever settles or adds to the scores of this campaign, to the end of the transaction.

    Without it an objection made between the check and the write of the sheet stays open on a settled one.
    """
    hold_writable(campaign_id)


def require_due(asked: ScoreQuery, today: date) -> None:
    """Raise Refused before everything of the period has fallen due: until then every score still moves by itself."""
    if words := asked.not_yet(today):
        raise Refused(words, rule="score.period_open")


def require_seen(period: Period, last: ScoreSheet | None, seen: int | None, undone: str) -> None:
    """Raise StaleVersion, naming who and when, when a version was settled since ``seen``, the last one when the page
    was opened (0 for none; None: not asked). ``undone``: what was not done and what to do, in words."""
    if seen is None or last is None or last.version == seen:
        return

    def said(who: object) -> str:
        return f"{period.label}评分第 {last.version} 版已由{who}于 {moment(last.frozen_at)} 确定，{undone}"

    raise StaleVersion(said(last.frozen_by), rule="score.stale", by=last.frozen_by, own=said(OWN), named=True)
