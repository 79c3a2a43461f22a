"""What a unit's part of a period says: its figures and the rows they count, and how they differ later."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from campaigns.models import Campaign
from core import audit
from core.calendar import work_calendar
from core.periods import Period
from reports.domain.counted_rows import Rows, differences, snapshot
from reports.domain.figures import FIGURES, ReportQuery, reported_walks
from reports.domain.queries import ReportScope
from reports.domain.tally import table_of
from reports.models import Submission
from walks.domain.covert import not_hidden
from walks.enums import WalkState
from walks.models import Walk

SHOWN = (
    *("sessions", "short", "person_times", "principal_person_times", "items"),
    *("issues_found", "fixed_on_spot", "on_ledger", "closed", "measures", "needs"),
)


@dataclass(frozen=True)
class SentContent:
    """``figures``: {key: number} of ``SHOWN``; ``rows``: walks and issues counted (``reports.domain.counted_rows``);
    ``papers``: {paper: SHA-256} of those the unit hands in, where the rules ask for any."""

    figures: dict[str, int]
    rows: Rows
    papers: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> dict:
        return {"figures": self.figures, "rows": self.rows} | ({"papers": self.papers} if self.papers else {})

    @property
    def digest(self) -> str:
        """SHA-256 over the canonical JSON of figures, rows and the digests of papers."""
        return audit.digest(self.data)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was walked that goes to this receiver: neither a walk that counts nor one that is 未达标,
        and no issue."""
        return not (self.figures["sessions"] or self.figures["short"] or self.figures["issues_found"])


def content_of(
    campaign: Campaign, period: Period, unit_id: int, activities: Iterable[str] | None, as_of: date
) -> SentContent:
    """What the part says on that day: the figures of the summary, of one unit and these kinds; ten queries at most."""
    query = query_of_unit(campaign, period, unit_id, "", as_of, activities)
    total = table_of(query).total.values
    return SentContent({key: int(total[key] or 0) for key in SHOWN}, snapshot(query))


def query_of_unit(
    campaign: Campaign, period: Period, unit_id: int, name: str, as_of: date, activities: Iterable[str] | None = None
) -> ReportQuery:
    """The question whose figures and papers a unit sends, of these kinds of activity (None: all). It sees reported
    walks only, whoever asks. ``name``: what the unit's papers call it."""
    scope = ReportScope("unit", name, None, frozenset({unit_id}))
    kinds = None if activities is None else tuple(activities)
    return ReportQuery(campaign, period, as_of, scope, activities=kinds)


def changes_of(submission: Submission, period: Period, today: date) -> list[str]:
    """In words how figures and rows stand on ``today`` beside what was sent; nothing before it was sent."""
    if not submission.data:
        return []
    sent = submission.data
    now = content_of(submission.campaign, period, submission.department_id, submission.activity_kinds, today)
    words = [
        f"{FIGURES[key].label} {sent['figures'][key]} → {number}"
        for key, number in now.figures.items()
        if sent["figures"].get(key) != number
    ]
    return words + [one.words for one in differences(sent["rows"], now.rows)]


def walks_done(campaign: Campaign, period: Period, unit_id: int) -> QuerySet[Walk]:
    """Walks that a zero report would deny: reported ones of the period, and open ones everybody of the unit knows of.

    A covert walk that was not reported is none of them, whoever asks: a refusal would tell of it (docs/trust.md B2).
    """
    rows = Walk.objects.filter(campaign=campaign, department_id=unit_id).filter(not_hidden())
    rows = rows.exclude(state__in=(WalkState.PLANNED, WalkState.CANCELLED))
    if period.kind != "whole":
        rows = rows.filter(walk_date__range=(period.starts_on, period.ends_on))
    return rows.order_by("walk_date", "id")


def has_reported(campaign: Campaign, period: Period, unit_id: int, today: date) -> bool:
    """Whether a walk of the unit was reported in the period, 未达标 or not."""
    return reported_walks(query_of_unit(campaign, period, unit_id, "", today)).exists()


def zero_from(period: Period, due_on: date) -> date:
    """The day from which a zero report is taken: the last working day of the period, or of the days by which it is due
    where they end first. Until then something may still be walked."""
    last = work_calendar().previous_workday(min(period.ends_on, due_on))
    return max(period.starts_on, last)


def walk_words(walks: Iterable[Walk]) -> list[str]:
    """《事项》2022-06-08（已报送） of each."""
    return [f"《{walk.item_name}》{walk.walk_date}（{walk.get_state_display()}）" for walk in walks]
