"""Which objections and manual points wait for an answer, and which of them one person may give."""

from dataclasses import dataclass

from accounts.models import User
from accounts.scope import scope_of
from campaigns.models import Campaign
from core.periods import Period
from scoring.domain.audience import MATTERS
from scoring.domain.lifecycle import may_answer
from scoring.enums import ScoreState
from scoring.models import ScoreNote, ScoreObjection

LABELS = {"objection": "申诉", "note": "人工评定"}
WAITS = {"objection": "申诉待答复", "note": "人工评定待复核"}


@dataclass(frozen=True)
class WaitingMatter:
    """An open objection or note (``kind``); ``mine``: the person who asked may answer it."""

    kind: str
    matter: ScoreObjection | ScoreNote
    mine: bool

    @property
    def label(self) -> str:
        return LABELS[self.kind]

    @property
    def waits(self) -> str:
        return WAITS[self.kind]


def waiting_in(user: User, campaign: Campaign, period: Period) -> list[WaitingMatter]:
    """Everything of the period that waits, unit after unit; two queries."""
    return _open(user, campaign=campaign, period=period.code)


def waiting_matters(user: User) -> list[WaitingMatter]:
    """What the person may answer in any campaign, period after period; two queries, none for who is no office."""
    regions = scope_of(user).act_regions
    found = _open(user, campaign__region_id__in=regions) if regions else []
    return [one for one in found if one.mine]


def _open(user: User, **which: object) -> list[WaitingMatter]:
    found = []
    for kind, model in MATTERS.items():
        rows = model.objects.filter(state=ScoreState.OPEN, **which).select_related("department", "campaign")
        found += [WaitingMatter(kind, one, may_answer(user, one)) for one in rows]
    return sorted(found, key=_place)


def _place(one: WaitingMatter) -> tuple:
    matter = one.matter
    unit = (matter.department.order, matter.department_id)
    return (matter.campaign_id, matter.period, *unit, one.kind == "note", matter.pk)
