"""谁已报、谁逾期、谁零报告、谁未报: one line for each part of a period, the units in their fixed order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.domain.queries import unit_names
from accounts.models import User
from accounts.scope import Scope, scope_of
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.domain.versions import rules_for
from campaigns.models import Campaign
from core.calendar import work_calendar
from core.content_token import content_token
from core.periods import Period
from core.workdays import WorkCalendar, late_words
from reports.domain.submissions.parts import Part, has_lead_hop, kinds_label, parts_of
from reports.domain.submissions.queries import submissions_visible_to
from reports.enums import SubmissionContent, SubmissionState
from reports.models import Submission

if TYPE_CHECKING:
    from typing import TypedDict

    from django_stubs_ext import WithAnnotations

    class Seen(TypedDict):
        is_seen: bool

    SentRow = WithAnnotations[Submission, Seen]

# Where a part stands, in the words of the list; the first are those to be asked about.
OVERDUE, WAITING, RETURNED, LATE, ZERO, ON_TIME = "overdue", "waiting", "returned", "late", "zero", "on_time"
STATUSES = {
    OVERDUE: "逾期未报",
    WAITING: "未报",
    RETURNED: "退回待重报",
    LATE: "逾期报送",
    ZERO: "零报告",
    ON_TIME: "按期报送",
}


# With the unit: it sent nothing, or was asked to send again.
NOT_SENT = (OVERDUE, WAITING, RETURNED)


@dataclass(frozen=True)
class SubmissionLine:
    """One part as the list shows it. ``submission`` None: nothing was sent. ``late``: in words how late it was sent, or
    is by today. ``status``: a key of ``STATUSES``; a zero report that came late stands as one, with ``late``."""

    unit_id: int
    unit: str
    receiver: str
    checker: str
    checker_id: int
    kinds: str
    due_on: date
    is_provisional: bool
    submission: Submission | None
    status: str
    late: str

    @property
    def status_label(self) -> str:
        return STATUSES[self.status]

    @property
    def is_with_lead(self) -> bool:
        """Sent to a lead that has neither returned it nor sent it on."""
        row = self.submission
        if row is None or self.checker_id == row.campaign.office_id:
            return False
        return row.state in (SubmissionState.SENT, SubmissionState.LOCKED)

    @property
    def sent_on(self) -> date | None:
        """The local day of the first sending."""
        first = self.submission and self.submission.first_sent_at
        return timezone.localtime(first).date() if first else None

    @property
    def state_label(self) -> str:
        return self.submission.get_state_display() if self.submission else SubmissionState.TO_SEND.label

    @property
    def content_label(self) -> str:
        return self.submission.get_content_display() if self.submission else ""


def lines_of(user: User | None, campaign: Campaign, period: Period, *, today: date) -> list[SubmissionLine]:
    """The parts of a period that the person may follow, in the fixed order of the list of units; nine queries.

    For a unit its own, for a receiving lead those that come to it, for office and supervisors all. ``user`` None: the
    system, all. A unit that has sent stands with what it sent and to whom, not with what it would owe by now; one that
    owes nothing any more stands at the end.
    """
    scope = None if user is None else scope_of(user)
    _, rules = rules_for(campaign.pk, period, today)
    parts = parts_of(campaign, rules, period, today=today)
    sent = _sent_by_unit(user, campaign, period)
    owed = [part for part in parts if part.unit.id not in sent and _follows(scope, campaign, part)]
    named = {pk for part in owed for pk in (part.receiver, part.checker)}
    names = unit_names(named)
    calendar = work_calendar()
    by_unit = {unit: [line_of(row, today, calendar) for row in rows if row.is_seen] for unit, rows in sent.items()}
    for part in owed:
        by_unit.setdefault(part.unit.id, []).append(_of_part(part, names, today, calendar))
    order = dict.fromkeys([*(part.unit.id for part in parts), *by_unit])
    return [line for unit in order for line in by_unit.get(unit, [])]


def counts_of(lines: Iterable[SubmissionLine]) -> dict[str, int]:
    """{status: how many parts}, every status named."""
    counts = dict.fromkeys(STATUSES, 0)
    for line in lines:
        counts[line.status] += 1
    return counts


@dataclass(frozen=True)
class OpenParts:
    """What is not settled when a period is published, by name in fixed order: units that sent nothing or were asked to
    send again, and {lead: units} whose part a lead has not locked or not sent on."""

    units: tuple[str, ...]
    leads: tuple[tuple[str, tuple[str, ...]], ...]

    def __bool__(self) -> bool:
        return bool(self.units or self.leads)

    @property
    def token(self) -> str:
        """By what the publisher confirms exactly these names."""
        return content_token(self.words)

    @property
    def words(self) -> list[str]:
        """One sentence for the units, one for each lead or the office."""
        named = [f"材料未报齐 {len(self.units)} 个单位：{'、'.join(self.units)}"] if self.units else []
        return named + [f"{lead}未锁定或未上报：{'、'.join(units)}" for lead, units in self.leads]


def open_parts(campaign: Campaign, period: Period, *, today: date) -> OpenParts:
    """What the publication of this period names and has confirmed; nothing for a period of another rhythm."""
    _, rules = rules_for(campaign.pk, period, today)
    units: dict[str, None] = {}
    leads: dict[str, dict[str, None]] = {}
    for line in lines_of(None, campaign, period, today=today):
        if line.status in NOT_SENT:
            units[line.unit] = None
        elif not is_settled(line, rules, campaign):
            leads.setdefault(line.checker, {})[line.unit] = None
    return OpenParts(tuple(units), tuple((lead, tuple(found)) for lead, found in leads.items()))


def is_settled(line: SubmissionLine, rules: Rulebook, campaign: Campaign) -> bool:
    """Sent on by the lead; where the office checks, locked."""
    state = line.submission.state if line.submission else ""
    if has_lead_hop(rules) and line.checker_id != campaign.office_id:
        return state in (SubmissionState.SENT_ON, SubmissionState.RECEIVED)
    return state in (SubmissionState.LOCKED, SubmissionState.SENT_ON, SubmissionState.RECEIVED)


def _follows(scope: Scope | None, campaign: Campaign, part: Part) -> bool:
    if scope is None or campaign.region_id in scope.read_regions or part.unit.id in scope.units:
        return True
    return bool(scope.leads & {part.receiver, *part.also})


def _sent_by_unit(user: User | None, campaign: Campaign, period: Period) -> "dict[int, list[SentRow]]":
    """{unit: what it has sent for the period}, whoever sees it; ``is_seen``: whether the person does. One query."""
    seen = Submission.objects.all() if user is None else submissions_visible_to(user)
    rows = Submission.objects.filter(campaign=campaign, period=period.code).exclude(state=SubmissionState.TO_SEND)
    rows = rows.annotate(is_seen=Exists(seen.filter(pk=OuterRef("pk"))))
    rows = rows.select_related("campaign", "department", "receiver", "checker").order_by("department__order", "id")
    found: dict[int, list[SentRow]] = {}
    for row in rows.defer("data"):
        found.setdefault(row.department_id, []).append(row)
    return found


def _of_part(part: Part, names: dict[int, str], today: date, calendar: WorkCalendar) -> SubmissionLine:
    status, late = _status(None, part.due_on, today, calendar)
    return SubmissionLine(
        unit_id=part.unit.id,
        unit=part.unit.name,
        receiver=names[part.receiver],
        checker=names[part.checker],
        checker_id=part.checker,
        kinds=part.kinds_label,
        due_on=part.due_on,
        is_provisional=part.is_provisional,
        submission=None,
        status=status,
        late=late,
    )


def line_of(row: Submission, today: date, calendar: WorkCalendar) -> SubmissionLine:
    """The line of what was sent, for a row read with its units."""
    status, late = _status(row, row.due_on, today, calendar)
    return SubmissionLine(
        unit_id=row.department_id,
        unit=row.department.name,
        receiver=row.receiver.name,
        checker=row.checker.name,
        checker_id=row.checker_id,
        kinds=kinds_label(row.activity_kinds),
        due_on=row.due_on,
        # A date by which something was sent is moved no more.
        is_provisional=False,
        submission=row,
        status=status,
        late=late,
    )


def _status(row: Submission | None, due_on: date, today: date, calendar: WorkCalendar) -> tuple[str, str]:
    """(status, lateness in words). A date runs to 24:00: on the evening of the day nobody is late yet, and who sends
    at 23:59 was in time."""
    if row is None or row.first_sent_at is None:
        late = late_words(due_on, today, calendar)
        return (OVERDUE if late else WAITING), late
    late = late_words(due_on, timezone.localtime(row.first_sent_at).date(), calendar)
    if row.state == SubmissionState.RETURNED:
        return RETURNED, late
    if row.content == SubmissionContent.ZERO:
        return ZERO, late
    return (LATE if late else ON_TIME), late
