"""Who of the unit sees to a measure, by when, and how far it is. Effect and guard of the action ``track_measures``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core.guards import at_step
from issues.domain.context import IssueContext
from issues.domain.queries import measures_of
from issues.models import Issue, Measure


@dataclass(frozen=True)
class MeasureNote:
    """What is entered of one measure."""

    owner: str
    due_on: date | None
    progress: str


def current_measures(issue: Issue) -> list[Measure]:
    """The measures that are worked on: of the latest round that has any, in order; one query."""
    found = list(measures_of(issue))
    return [measure for measure in found if measure.round == found[0].round]


def note_of(measure: Measure) -> MeasureNote:
    """What stands of a measure."""
    return MeasureNote(measure.owner, measure.due_on, measure.progress)


def changed_notes(issue: Issue, notes: Mapping[int, MeasureNote]) -> list[tuple[Measure, MeasureNote]]:
    """The measures of the issue of which something else is entered than stands."""
    return [
        (one, notes[one.pk]) for one in current_measures(issue) if one.pk in notes and notes[one.pk] != note_of(one)
    ]


@at_step
def measures_noted(ctx: IssueContext) -> dict[str, str]:
    """track_measures: something is entered anew; no measure ends after the issue is due."""
    notes = ctx.data.get("notes") or {}
    missing = {
        f"due_on_{pk}": f"不能晚于整改时限 {ctx.issue.due_on}"
        for pk, note in notes.items()
        if note.due_on and ctx.issue.due_on and note.due_on > ctx.issue.due_on
    }
    if not missing and not changed_notes(ctx.issue, notes):
        return {"notes": "各条措施的内容没有变化"}
    return missing


def track_measures(ctx: IssueContext) -> dict[str, object]:
    """Owner, date and progress of the measures; the day of a progress is that on which its words changed."""
    for measure, note in changed_notes(ctx.issue, ctx.data["notes"]):
        if note.progress != measure.progress:
            measure.progress_on = ctx.today if note.progress else None
        measure.owner, measure.due_on, measure.progress = note.owner[:60], note.due_on, note.progress[:500]
        measure.save(update_fields=["owner", "due_on", "progress", "progress_on"])
    return {"progressed_on": ctx.today}
