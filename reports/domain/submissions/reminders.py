"""Which reminders of packs must exist: pure, from the lines of a period; ``reminder_delivery`` reads and stores.

- the unit: on the working day before its pack is due, and on the first working day on which it is late
- the lead that checks (L22 四（二）): when it can lock, and once its own date has passed
- the coordinating office: on the evening of the day packs are due, who has not sent, by name in fixed order

Who is told of a unit: its liaisons, where there are none its principal, once it is late both; where the unit has
neither, and where nobody works for a lead, the office. Each reads what is to be done by the reader.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from campaigns.models import Campaign
from core.periods import Period
from core.templatetags.ui import moment
from core.text import quoted
from core.workdays import WorkCalendar
from notifications.domain.dated import (
    DatedDuty,
    ReminderMessage,
    ReminderStep,
    evening_of,
    morning_after,
    morning_before,
    morning_of,
)
from reports.domain.submissions.lines import NOT_SENT, RETURNED, SubmissionLine
from reports.enums import SubmissionState

# {department: {user id: the right of that role there}}
Rights = Mapping[int, Mapping[int, str]]
DUTY = "pack:"
SENDING, RETURNING = ("send", "send_zero"), ("return", "send_back")


@dataclass(frozen=True)
class People:
    """Who holds which part, each with the right by which the person may open what the reminder links to."""

    liaisons: Rights
    principals: Rights
    leads: Rights
    offices: Rights


@dataclass(frozen=True)
class DuePeriod:
    """A period whose packs fall due on ``due_on``; ``summary_on``: by when a lead sends its part on, None where no lead
    does or none is set. ``known_since``: when the rules of the period were issued. ``settled``: the lines whose lead
    has sent on, and those the office has locked. ``events``: (submission, step) of all of them in the order of
    time."""

    campaign: Campaign
    period: Period
    due_on: date
    summary_on: date | None
    known_since: date
    lines: tuple[SubmissionLine, ...]
    settled: frozenset[SubmissionLine] = frozenset()
    events: tuple[tuple[int, str], ...] = ()

    @property
    def title(self) -> str:
        return f"{quoted(self.campaign.name)}{self.period.label}材料"

    @property
    def link(self) -> str:
        return reverse("submissions", args=[self.campaign.code, self.period.code])


def duty_prefix(campaign_id: int, period: str) -> str:
    """What the names of all duties about the packs of a period begin with."""
    return f"{DUTY}{campaign_id}:{period}:"


def prefix_of(duty: str) -> str:
    """The ``duty_prefix`` with which the name of a duty begins."""
    return f"{':'.join(duty.split(':')[:3])}:"


def unit_duty(campaign_id: int, period: str, unit_id: int) -> str:
    """The name of a unit's duty to send its pack of a period."""
    return f"{duty_prefix(campaign_id, period)}unit:{unit_id}"


def open_duties_of(due: DuePeriod, people: People, calendar: WorkCalendar, now: datetime) -> list[DatedDuty]:
    """What is still to be done about the packs of a period, the units in their order, then leads and office."""
    return [
        *_of_units(due, people, calendar),
        *_of_leads(due, people, calendar),
        *_of_office(due, people, calendar, now),
    ]


def _of_units(due: DuePeriod, people: People, calendar: WorkCalendar) -> Iterator[DatedDuty]:
    asked = {line.unit_id: line for line in due.lines if line.status in NOT_SENT}
    for unit, line in asked.items():
        name = unit_duty(due.campaign.pk, due.period.code, unit)
        steps = tuple(_unit_steps(due, line, people, calendar))
        # A returned pack keeps its version until it is sent again.
        occasion = f"{line.submission.pk}v{line.submission.version}" if line.submission else ""
        yield DatedDuty(name, "pack", line.due_on, due.known_since, steps, occasion)


def _unit_steps(due: DuePeriod, line: SubmissionLine, people: People, calendar: WorkCalendar) -> Iterator[ReminderStep]:
    own, head = dict(people.liaisons.get(line.unit_id, {})), dict(people.principals.get(line.unit_id, {}))
    returned = line.status == RETURNED
    ask = "已被退回，请修改后重新报送" if returned else "请报送；没有开展体验的，办理零报告"
    words = f"应于 {line.due_on} 二十四时前报送"
    messages = _messages_to_unit(due, line, people, own or head, words, ask)
    yield ReminderStep("eve", morning_before(line.due_on, calendar), messages)
    if not returned:
        # Late is judged by the first sending: what was returned is not late.
        words += f"，{line.late or '已逾期'}"
        messages = _messages_to_unit(due, line, people, head | own, words, ask)
        yield ReminderStep("late", morning_after(line.due_on, calendar), messages)


def _messages_to_unit(
    due: DuePeriod, line: SubmissionLine, people: People, own: Mapping[int, str], words: str, ask: str
) -> tuple[ReminderMessage, ...]:
    if own:
        link = reverse("submission_send", args=[due.campaign.code, due.period.code, line.unit_id])
        return (ReminderMessage(own, f"{due.title}{words}，{ask}", link),)
    text = f"{line.unit}没有联络员和主要负责同志，{due.title}{words}，请与该单位联系"
    return (ReminderMessage(people.offices.get(due.campaign.office_id, {}), text, due.link),)


def _of_leads(due: DuePeriod, people: People, calendar: WorkCalendar) -> Iterator[DatedDuty]:
    leads: dict[int, list[SubmissionLine]] = {}
    for line in due.lines:
        if line.checker_id != due.campaign.office_id:
            leads.setdefault(line.checker_id, []).append(line)
    for lead, lines in leads.items():
        if waiting := [line for line in lines if line not in due.settled]:
            name = f"{duty_prefix(due.campaign.pk, due.period.code)}lead:{lead}"
            steps = tuple(_lead_steps(due, waiting, people, calendar)) if due.summary_on else ()
            occasion = _occasion(lines, due.events, ("send_on",), ("send_back",))
            yield DatedDuty(name, "packs", due.summary_on or due.due_on, due.known_since, steps, occasion)


def _occasion(
    lines: Iterable[SubmissionLine], events: Iterable[tuple[int, str]], done: Collection[str], back: Collection[str]
) -> str:
    """How often something came back once all of these lines were done, "" for never; what comes back while others are
    still waited for belongs to the duty that people were reminded of already."""
    rows = {line.submission.pk if line.submission else None for line in lines}
    waiting, times = set(rows), 0
    for row, step in events:
        if row in rows and step in done:
            waiting.discard(row)
        elif row in rows and step in back:
            times += not waiting
            waiting.add(row)
    return str(times or "")


def _lead_steps(
    due: DuePeriod, lines: list[SubmissionLine], people: People, calendar: WorkCalendar
) -> Iterator[ReminderStep]:
    """``lines``: those of one lead, which are not all sent on."""
    last = due.summary_on or due.due_on
    # Between two rest days nobody locks: then on the last working day before the lead's own date.
    begin = min(morning_after(due.due_on, calendar), morning_of(last, calendar))
    own, office = people.leads.get(lines[0].checker_id, {}), people.offices.get(due.campaign.office_id, {})
    whose = "" if own else f"{lines[0].checker}没有牵头经办人员，请与该单位联系。"
    for step, at, words in (
        ("lock", begin, f"请审核锁定，于 {last} 二十四时前汇总上报统筹办"),
        ("late", morning_after(last, calendar), f"应于 {last} 二十四时前汇总上报统筹办，已逾期，请尽快上报"),
    ):
        text = f"{whose}{due.title}{words}。{_with_lead(lines)}"
        yield ReminderStep(step, at, (ReminderMessage(own or office, text, due.link),))


def _with_lead(lines: Iterable[SubmissionLine]) -> str:
    """待审核 2 件、待上报 1 件，2 个单位未报：县公安局、县司法局. It stands last: a notice that is too long is cut."""
    lines = list(lines)
    states = [line.submission.state for line in lines if line.submission]
    counted = ((states.count(SubmissionState.SENT), "待审核"), (states.count(SubmissionState.LOCKED), "待上报"))
    words = ["、".join(f"{label} {number} 件" for number, label in counted if number), _missing(lines)]
    return "，".join(filter(None, words))


def _missing(lines: Iterable[SubmissionLine]) -> str:
    """1 个单位未报：县公安局；1 个单位退回待重报：县民政局. Names in fixed order, each once."""
    found: dict[str, dict[str, None]] = {"未报": {}, "退回待重报": {}}
    for line in lines:
        if line.status in NOT_SENT:
            found["退回待重报" if line.status == RETURNED else "未报"][line.unit] = None
    return "；".join(f"{len(units)} 个单位{label}：{'、'.join(units)}" for label, units in found.items() if units)


def _of_office(due: DuePeriod, people: People, calendar: WorkCalendar, now: datetime) -> Iterator[DatedDuty]:
    if missing := _missing(due.lines):
        text = f"{due.title}应于 {due.due_on} 二十四时前报送，截至 {moment(now)}，{missing}"
        message = ReminderMessage(people.offices.get(due.campaign.office_id, {}), text, due.link)
        step = ReminderStep("missing", evening_of(due.due_on, calendar), (message,))
        name = f"{duty_prefix(due.campaign.pk, due.period.code)}office"
        occasion = _occasion(due.lines, due.events, SENDING, RETURNING)
        yield DatedDuty(name, "packs", due.due_on, due.known_since, (step,), occasion)
