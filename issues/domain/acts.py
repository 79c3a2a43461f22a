"""Everything a person may do to an issue, the side notes included, under one call: for pages and API alike."""

from dataclasses import dataclass

from core.exceptions import IllegalTransition, NotAllowed
from issues.domain import lifecycle
from issues.domain.transitions import BY_ACTION
from issues.enums import Actor
from issues.models import Issue
from issues.rules import parts_of


@dataclass(frozen=True)
class Act:
    """One thing on offer. ``tone`` is how its button looks: primary, secondary, danger or quiet."""

    action: str
    label: str
    tone: str = "quiet"


NOTE_PROGRESS = Act("note_progress", "填写进展")
ADD_MEASURES = Act("add_measures", "补充措施")
PROPOSE_DISMISSAL = Act("propose_dismissal", "提请不予采纳")
NOTES = {act.action: act for act in (NOTE_PROGRESS, ADD_MEASURES, PROPOSE_DISMISSAL)}
_NOTE_RULES = {
    "note_progress": (Actor.RESPONSIBLE, lifecycle.PROGRESS_STATES),
    "add_measures": (Actor.RESPONSIBLE, lifecycle.MEASURE_STATES),
    "propose_dismissal": (Actor.OFFICE, BY_ACTION["dismiss"].sources),
}


def label_of(action: str) -> str:
    """The action in words; KeyError for one that is neither in the table nor in ``NOTES``."""
    return NOTES[action].label if action in NOTES else BY_ACTION[action].label


def offered(user, issue: Issue) -> list[Act]:
    """What this person could do now: the table's actions in its order, then the notes that change no state."""
    acts = [Act(row.action, row.label, row.tone) for row in lifecycle.available(user, issue)]
    parts = parts_of(user, issue)
    for action, (part, states) in _NOTE_RULES.items():
        proposed = action == "propose_dismissal" and issue.dismissal_proposed_by_id is not None
        if part in parts and issue.state in states and not proposed:
            acts.append(NOTES[action])
    return acts


def ensure_open(*, issue: Issue, action: str, actor) -> Act:
    """The act when this person may do it now; raises IllegalTransition or NotAllowed as ``carry_out`` would."""
    if action not in _NOTE_RULES:
        row = lifecycle.ensure_open(issue=issue, action=action, actor=actor)
        return Act(row.action, row.label, row.tone)
    part, states = _NOTE_RULES[action]
    if part not in parts_of(actor, issue):
        raise NotAllowed(f"“{NOTES[action].label}”由{part.label}办理，您没有此项权限。", rule=f"issue.{action}")
    if issue.state not in states:
        raise IllegalTransition(
            f"问题处于“{issue.get_state_display()}”，不能“{NOTES[action].label}”。", rule=f"issue.{action}"
        )
    return NOTES[action]


def carry_out(*, issue: Issue, action: str, actor, data: dict, version: int | None, now=None) -> Issue:
    """Do it. Side effects and errors: those of ``lifecycle.perform`` or of the note of that name there."""
    if action == "note_progress":
        text = data.get("note") or ""
        return lifecycle.note_progress(issue=issue, actor=actor, text=text, version=version, now=now)
    if action == "add_measures":
        text = data.get("measures") or ""
        return lifecycle.add_measures(issue=issue, actor=actor, text=text, version=version, now=now)
    if action == "propose_dismissal":
        reason = data.get("note") or ""
        return lifecycle.propose_dismissal(issue=issue, actor=actor, reason=reason, version=version, now=now)
    return lifecycle.perform(issue=issue, action=action, actor=actor, data=data, version=version, now=now)
