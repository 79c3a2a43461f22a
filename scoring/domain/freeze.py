"""确定评分: the scores of a period, frozen. The only writer of ``ScoreSheet``.

A settled version never changes; a correction is the next one, with a reason, judged on the day of the first.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from campaigns.domain.owed import receivers_of
from campaigns.models import Campaign
from core import audit
from core.exceptions import NotAllowed, Refused
from core.periods import Period
from reports.rules import may_compile
from scoring.domain.asked import ScoreQuery
from scoring.domain.scores import Scores, asked_on, scores_of
from scoring.domain.settled import require_due, require_seen, sheets_of, take
from scoring.domain.sheet import as_data
from scoring.domain.shown import require_as_shown
from scoring.enums import ScoreState
from scoring.models import ScoreNote, ScoreObjection, ScoreSheet

STALE = "本次没有确定。请先核对这一版；仍须更正的，写明原因后再次确定。"


def waiting(asked: ScoreQuery) -> list[str]:
    """What must be answered before the scores are settled, each in words; two queries."""
    found = []
    for model, words in ((ScoreObjection, "申诉待答复"), (ScoreNote, "人工评定待复核")):
        rows = model.objects.filter(campaign=asked.campaign, period=asked.period.code, state=ScoreState.OPEN)
        names = rows.order_by("department__order", "department_id").values_list("department__name", flat=True)
        found += [f"{name}：{words}" for name in dict.fromkeys(names)]
    return found


def changed_since(scores: Scores, sheet: ScoreSheet) -> bool:
    """Whether the scores as they stand, judged on the same day, differ from the settled ones."""
    return audit.digest(_data(scores)) != sheet.digest


@transaction.atomic
def freeze(
    *,
    campaign: Campaign,
    period: Period,
    actor: User,
    reason: str = "",
    now: datetime | None = None,
    seen: int | None = None,
    shown: str | None = None,
) -> ScoreSheet:
    """Settle the scores of a period as its next version, or return the last one when nothing has changed.

    ``seen``: the last version when the page was opened, 0 for none; ``shown``: the scores it showed (``shown_of``).
    Side effects: the sheet; an audit entry. Raises NotAllowed for anybody but the office of the campaign's own level;
    StaleVersion, naming who and when, when a version was settled since ``seen``, and naming the units when the scores
    are no longer those of ``shown``; Refused while scoring is off, before everything of the period has fallen due,
    while something waits for an answer, and for a second version without a reason.
    """
    if not may_compile(actor, campaign):
        raise NotAllowed("确定评分由本活动的统筹办办理。", rule="score.office")
    now = now or timezone.now()
    take(campaign.pk)
    today = timezone.localtime(now).date()
    last = next(iter(sheets_of(campaign, period)), None)
    require_seen(period, last, seen, STALE)
    asked = asked_on(campaign, period, last.as_of if last else today)
    if asked is None:
        raise Refused("本期没有启用评分。", rule="score.off")
    _require_ready(asked, today)
    scores = scores_of(asked)
    require_as_shown(scores.units, shown)
    data = _data(scores)
    if last is not None and last.digest == audit.digest(data):
        return last
    if last is not None and not reason.strip():
        words = f"{period.label}评分已确定第 {last.version} 版，内容有变动。再次确定是更正，请写明原因。"
        raise Refused(words, rule="score.reason", fields={"reason": "请写明更正原因。"})
    return _keep(asked, data, last, actor=actor, reason=reason.strip(), now=now)


def _keep(
    asked: ScoreQuery, data: dict, last: ScoreSheet | None, *, actor: User, reason: str, now: datetime
) -> ScoreSheet:
    code, digest = asked.campaign.code, audit.digest(data)
    sheet = ScoreSheet.objects.create(
        campaign=asked.campaign,
        period=asked.period.code,
        version=last.version + 1 if last else 1,
        rules=asked.version,
        data=data,
        receivers=_receivers(asked),
        as_of=asked.as_of,
        digest=digest,
        reason=reason if last else "",
        frozen_at=now,
        frozen_by=actor,
    )
    detail = {"period": sheet.period, "version": sheet.version, "digest": digest}
    audit.record(actor=actor, action="score.settled", object_type="campaign", object_key=code, detail=detail)
    return sheet


def _receivers(asked: ScoreQuery) -> dict[int, list[int]]:
    """Who received from each unit in the period, as ``ScoreSheet.receivers`` keeps it."""
    owed = asked.owed
    return {unit.id: sorted(receivers_of(unit, asked.rules, owed.routes, owed.hotline)) for unit in owed.units}


def is_intact(sheet: ScoreSheet) -> bool:
    """Whether what is stored is what was settled."""
    return audit.digest(sheet.data) == sheet.digest


def _require_ready(asked: ScoreQuery, today: date) -> None:
    require_due(asked, today)
    if left := waiting(asked):
        raise Refused(f"还有 {len(left)} 项没有办结，评分没有确定：{'；'.join(left)}。", rule="score.waiting")


def _data(scores: Scores) -> dict:
    return {"rules": scores.rules.number, "as_of": scores.as_of.isoformat(), "units": as_data(scores.units)}
