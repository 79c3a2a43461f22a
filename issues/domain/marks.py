"""What is said of an issue beside its course: another class, marks, its cause, a good practice. Each effect returns the
columns to write. The effects stand in ``issues.domain.effects.EFFECTS``."""

from collections.abc import Callable

from issues.columns import marks_in_words
from issues.domain.context import IssueContext
from issues.enums import MARKS
from issues.models import Issue


def marks_of(issue: Issue) -> dict[str, bool]:
    """{mark: whether the issue has it}."""
    return {name: getattr(issue, name) for name in MARKS}


def reclassify(ctx: IssueContext) -> dict[str, object]:
    """The class of the campaign's own scheme."""
    return {"category": ctx.data["category"]}


def set_marks(ctx: IssueContext) -> dict[str, object]:
    """The marks as they are ticked."""
    return {name: bool(ctx.data.get(name)) for name in MARKS}


def note_cause(ctx: IssueContext) -> dict[str, object]:
    """Why the problem arose, and how far that reaches."""
    return {"root_cause": ctx.data["cause"].strip()[:500], "cause_depth": ctx.data["cause_depth"]}


def mark_practice(ctx: IssueContext) -> dict[str, object]:
    """What others can learn from how it was rectified; the day is that of the first mark."""
    return {"good_practice": ctx.data["note"].strip()[:1000], "practice_on": ctx.issue.practice_on or ctx.today}


def unmark_practice(ctx: IssueContext) -> dict[str, object]:
    """It is none; the history keeps what was written."""
    return {"good_practice": "", "practice_on": None}


MARK_EFFECTS: dict[str, Callable[[IssueContext], dict[str, object]]] = {
    "reclassify": reclassify,
    "set_marks": set_marks,
    "note_cause": note_cause,
    "mark_practice": mark_practice,
    "unmark_practice": unmark_practice,
}


def mark_facts(issue: Issue, before: dict[str, str]) -> dict[str, str]:
    """What the event of one of these actions tells: old and new. ``before``: of ``told_before``."""
    told = told_before(issue)
    return {name: f"{before[name] or '无'} → {told[name] or '无'}" for name in told if told[name] != before[name]}


def told_before(issue: Issue) -> dict[str, str]:
    """What these actions change, in words."""
    return {
        "category": issue.category,
        "marks": marks_in_words(marks_of(issue)),
        "depth": issue.get_cause_depth_display(),
    }
