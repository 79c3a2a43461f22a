"""What the first page of a campaign tells: which period is at hand, what falls due in it, who is missing."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from accounts.models import User
from campaigns.domain.duty_facts import due_dates_of
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.enums import DeadlineKind
from campaigns.models import Campaign
from core.periods import Period
from reports.domain.board.board import Board, BoardLine, board_of
from reports.domain.submissions.inbox import waiting_in
from reports.domain.submissions.lines import NOT_SENT, SubmissionLine, lines_of
from reports.models import Publication

WALK, REPORT, SUMMARY, PUBLISH = "walk", "report", "summary", "publish"
# (what, label, who does it) in the order in which they follow one another.
STEPS = (
    (WALK, "开展体验", "各单位"),
    (REPORT, "报送材料", "各单位"),
    (SUMMARY, "牵头汇总上报", "牵头单位"),
    (PUBLISH, "汇总印发", "统筹办"),
)


@dataclass(frozen=True)
class NextDate:
    """What comes next in a period. ``due_on``: None where no notice sets a day (印发)."""

    kind: str
    label: str
    who: str
    due_on: date | None
    is_provisional: bool
    is_past: bool


@dataclass(frozen=True)
class Present:
    """``silent``: units that owe something and reported no walk; ``lines``: what each unit has sent of its pack;
    ``tasks``: {what is to be done: ids of the submissions} for the person who asked. Units stand in their fixed
    order."""

    period: Period
    dates: list[NextDate]
    silent: list[BoardLine]
    lines: list[SubmissionLine]
    tasks: dict[str, set[int]]
    has_ended: bool

    def missing(self, status: str) -> list[SubmissionLine]:
        """The parts of that status."""
        return [line for line in self.lines if line.status == status]

    @property
    def with_lead(self) -> list[SubmissionLine]:
        """The parts that a lead has neither returned nor sent on."""
        return [line for line in self.lines if line.is_with_lead]

    def named(self, lines: Collection[SubmissionLine]) -> list[str]:
        """The units of these lines, each once; with the kinds of activity where other parts of it are not among
        them."""
        found: dict[str, list[SubmissionLine]] = {}
        for line in lines:
            found.setdefault(line.unit, []).append(line)
        parts = Counter(line.unit for line in self.lines)
        return [
            unit if len(own) == parts[unit] else f"{unit}（{'、'.join(line.kinds for line in own)}）"
            for unit, own in found.items()
        ]

    def unsent_of(self, units: Collection[int]) -> dict[int, str]:
        """{id: name} of those of the units that still have something to send."""
        return {line.unit_id: line.unit for line in self.lines if line.unit_id in units and line.status in NOT_SENT}


def published_versions(campaign: Campaign) -> dict[str, int]:
    """{period: its last published version}, whoever asks: which period is worked on is the same for everybody. One
    query."""
    rows = Publication.objects.filter(campaign=campaign).order_by("version")
    return dict(rows.values_list("period", "version"))


def period_at_hand(
    campaign: Campaign, rules: Rulebook, published: Collection[str], *, today: date
) -> tuple[Period, list[Period]]:
    """(the period that is worked on, the two it is one of); one query at most.

    That is the period which holds today, the campaign's first or last one outside its days; the one before as long as
    something of it falls due and it is not published: on the 21st the leads of L22 still sum up the month that ended on
    the 20th.
    """
    period = rules.period_of(min(max(today, campaign.starts_on), campaign.ends_on))
    if period.kind == "whole" or period.starts_on <= rules.starts_on:
        return period, [period]
    before = period.previous()
    kinds = (DeadlineKind.REPORT, DeadlineKind.SUMMARY)
    ends = [one.due_on for one in due_dates_of(campaign) if one.period.code == before.code and one.kind in kinds]
    is_open = before.code not in published and today <= max(ends, default=date.min)
    return (before if is_open else period), [period, before]


def present_of(user: User, campaign: Campaign, rules: Rulebook, period: Period, *, today: date) -> Present:
    """What stands in one period in the person's scope; a fixed number of queries."""
    board = board_of(user, campaign, rules, period=period, today=today)
    has_begun = today >= campaign.starts_on
    return Present(
        period=period,
        dates=_dates(board, today),
        silent=board.silent if has_begun else [],
        lines=lines_of(user, campaign, period, today=today) if has_begun else [],
        tasks=waiting_in(user, campaign, period),
        has_ended=today > period.ends_on,
    )


def _dates(board: Board, today: date) -> list[NextDate]:
    found = {WALK: board.walk_due, REPORT: board.report_due, SUMMARY: board.summary_due, PUBLISH: None}
    dates = [
        NextDate(kind, label, who, due and due[0], bool(due and due[1]), bool(due and due[0] < today))
        for kind, label, who in STEPS
        if (due := found[kind]) or kind == PUBLISH
    ]
    return sorted(dates, key=lambda one: one.due_on or date.max)
