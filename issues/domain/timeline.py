"""The history of an issue for people: every event with what it changed, for its page and its 销号档案."""

from collections.abc import Sequence

from issues.domain.detail import EVENT_LABELS
from issues.domain.slips.transitions import TABLE as SLIP_TABLE
from issues.enums import IssueState
from issues.models import IssueEvent, SlipEvent

EVENT_FACTS = {
    "found_on": "发现日期",
    "extension_to": "申请延至",
    "due_proposed_on": "待确认的时限",
    "review_on": "复核日期",
    "people": "催办对象",
    "done_on": "完成日期",
    "re_walk": "回头看体验",
    "reuse_reason": "佐证重复，仍予销号的理由",
    "source": "依据",
    "category": "分类",
    "marks": "标记",
    "depth": "问题层次",
}
# What an action changed is told as old → new: {key in the event's data: label}; the old value stands under key_before.
CHANGES = {"department": "责任单位", "category": "分类"}
BY_PAUSE = ("resume", "resume_planning")
OF_CLOSING = ("approve_closing", "return_closing", "look_back_pass", "look_back_fail", "merge", "dismiss")
NOTE_LOOKS = {
    "note_progress": ("neutral", "chat-left-text"),
    "add_measures": ("neutral", "list-check"),
    "amend": ("neutral", "pencil-square"),
    "note_reply": ("neutral", "reply"),
    "propose_dismissal": ("warn", "slash-circle"),
    "confirm_due": ("neutral", "calendar-check"),
    "refuse_due": ("warn", "calendar-x"),
    "chase": ("warn", "megaphone"),
    "note_help": ("neutral", "people"),
    "track_measures": ("neutral", "list-check"),
    "reclassify": ("neutral", "tag"),
    "set_marks": ("neutral", "flag"),
    "note_cause": ("neutral", "search"),
    "mark_practice": ("neutral", "hand-thumbs-up"),
    "unmark_practice": ("neutral", "hand-thumbs-down"),
    "ask_extension": ("neutral", "hourglass-split"),
    "grant_extension": ("neutral", "calendar-check"),
    "deny_extension": ("warn", "calendar-x"),
    "withdraw_extension": ("neutral", "x-circle"),
}


def date_facts(data: dict) -> list[str]:
    """The date an action set, with the one before it."""
    if not data.get("due_on"):
        return []
    return [f"整改时限：{' → '.join(day for day in (data.get('due_before'), data['due_on']) if day)}"]


def changed_facts(event: IssueEvent) -> list[str]:
    """Old → new of date, unit, class and, of what ends or opens a closing, of the state."""
    data = event.data
    told = [
        f"{label}：{' → '.join(str(one) for one in (data.get(f'{key}_before'), data[key]) if one)}"
        for key, label in CHANGES.items()
        if data.get(key)
    ]
    if event.kind in OF_CLOSING and event.from_state:
        told.append(f"状态：{IssueState(event.from_state).label} → {IssueState(event.to_state).label}")
    if event.kind == "look_back_fail":
        told.append(f"轮次：{event.round - 1} → {event.round}")
    dates = date_facts(data)
    if event.kind in BY_PAUSE and data.get("due_before"):
        dates = [f"{words}（停止计时期间的工作日顺加）" for words in dates]
    return dates + told


def merged_timeline(detail: dict) -> list[dict]:
    """The history of the issue and of its 督办单, newest first."""
    found = [*timeline(detail["events"]), *(_slip_entry(event) for event in reversed(detail["slip_events"]))]
    return sorted(found, key=lambda entry: entry["at"], reverse=True)


def _slip_entry(event: SlipEvent) -> dict:
    row = SLIP_TABLE.by_action.get(event.kind)
    title = f"{event.slip.number} {row.label if row else '签发'}"
    actor = event.actor.label if event.actor else "系统"
    return {
        "at": event.at, "title": title, "actor": actor, "note": event.note, "state": "", "tone": "warn",
        "icon": "flag-fill",
    }  # fmt: skip


def timeline(events: Sequence[IssueEvent]) -> list[dict]:
    """The history for people, newest first."""
    shown = []
    for event in reversed(events):
        tone, icon = NOTE_LOOKS.get(event.kind, ("", ""))
        facts = [f"{label}：{event.data[key]}" for key, label in EVENT_FACTS.items() if event.data.get(key)]
        facts += ["批量办理"] if event.change_id else []
        facts = changed_facts(event) + facts
        shown.append(
            {
                "at": event.at,
                "title": EVENT_LABELS.get(event.kind, event.kind),
                "actor": event.actor.label if event.actor else "系统",
                "note": "\n".join(part for part in (event.note, "，".join(facts)) if part),
                "state": event.to_state,
                "tone": tone,
                "icon": icon,
            }
        )
    return shown
