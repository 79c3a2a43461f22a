"""Who is told of the answer to an objection or a manual point. In the transaction of the step; the key keeps one."""

from datetime import datetime

from django.urls import reverse

from accounts.domain.memberships import people_with_role
from accounts.enums import Role
from accounts.models import User
from accounts.scope import rights_to_open
from campaigns.domain.rulebook.rubric import points
from core.text import quoted
from notifications.domain.notices import Draft, ensure
from plans.domain.validation import period_label
from scoring.enums import ScoreActor, ScoreState
from scoring.models import ScoreNote, ScoreObjection
from scoring.rules import score_parts


def answered(*, matter: ScoreObjection | ScoreNote, actor: User, now: datetime) -> int:
    """Make the notices of an answer; returns how many are new (条). The actor is not told, and nobody of what was
    taken back.

    An objection: liaisons and principal of the unit. A manual point: the person of the office who noted it.
    """
    if matter.state == ScoreState.TAKEN_BACK:
        return 0
    unit, campaign = matter.department_id, matter.campaign
    if isinstance(matter, ScoreObjection):
        kind, part = "objection", ScoreActor.UNIT
        people = people_with_role(department_ids=[unit], roles=[Role.LIAISON, Role.PRINCIPAL]).get(unit, [])
    else:
        kind, part, people = "note", ScoreActor.OFFICE, [matter.made_by_id]
    others = (pk for pk in people if pk != actor.pk)
    told = rights_to_open(others, lambda scope: part in score_parts(scope, campaign, unit))
    key, link = f"score:{kind}:{matter.pk}:{matter.state}", reverse("score_sheet", args=_place(matter))
    kind, text = f"score.{kind}_{matter.state}", _text(matter)
    drafts = [Draft(pk, kind=kind, key=key, text=text, right=right, link=link) for pk, right in told.items()]
    return ensure(drafts, now=now)


def _place(matter: ScoreObjection | ScoreNote) -> tuple[str, str, int]:
    return matter.campaign.code, matter.period, matter.department_id


def _text(matter: ScoreObjection | ScoreNote) -> str:
    what = f"申诉“{matter.point}”"
    gives = f"，加回 {points(matter.amount)} 分" if matter.state == ScoreState.AGREED else ""
    if isinstance(matter, ScoreNote):
        what, gives = f"人工评定“{matter.point}”（{matter.department.name}）", ""
    words = f"{period_label(matter.period)}评分：{what}{matter.get_state_display()}{gives}。{matter.answer}"
    return quoted(matter.campaign.name) + words
