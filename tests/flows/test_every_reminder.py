"""Every duty with a date over 400 days of a virtual clock: outages, a clock that jumps, and the set that must exist.

What all makers at once have made in the database must equal what docs/rules.md section 4 says, written down here duty
by duty with a calendar of its own; and so must what is still open at the end.
"""

import random
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from unittest.mock import patch

import pytest
from django.db.models import Model

from campaigns.domain.deadlines import refresh
from campaigns.models import Campaign, RosterEntry, RuleVersion
from issues.models import EnquiryReply, Extension, Issue, LookBackRequest, Need, NeedEvent, Slip
from issues.tests.needing import needs_on
from issues.tests.test_enquiries import sent
from issues.tests.test_extensions import asked as more_time_asked
from issues.tests.test_look_back_requests import asked as look_back_asked
from issues.tests.test_look_back_requests import elsewhere
from issues.tests.test_slips import signed
from notifications.models import Notice
from reports.domain.reminding import make_all_reminders
from tests.cast import NOON, TZ, Cast, cast_after, issue_in
from tests.database import without_triggers
from tests.faults.fault import FAILED, rewritten
from tests.scale import SEED, SOAK, scaled
from walks.models import Walk
from walks.tests.test_result_reminders import waiting_walk

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON)]
FIRST, DAYS = date(2022, 6, 8), 400
DAY = timedelta(days=1)
DATED = "notifications.domain.dated"


def days(*spans: tuple[int, int, int, int]) -> set[date]:
    """(year, month, first day, how many)."""
    return {date(year, month, day) + n * DAY for year, month, day, number in spans for n in range(number)}


# 国办发明电〔2021〕11号 and 〔2022〕16号: what rests from June 2022 to August 2023, and the weekends that work.
RESTS = days((2022, 6, 3, 3), (2022, 9, 10, 3), (2022, 10, 1, 7), (2022, 12, 31, 3), (2023, 1, 21, 7), (2023, 4, 5, 1))
RESTS |= days((2023, 4, 29, 5), (2023, 6, 22, 3))
WORKS = days((2022, 10, 8, 2), (2023, 1, 28, 2), (2023, 4, 23, 1), (2023, 5, 6, 1), (2023, 6, 25, 1))


def write(*rows: Model, **facts) -> None:
    """As no function of the product can: days and ends are drawn."""
    for row in rows:
        with without_triggers(row._meta.db_table):
            type(row).objects.filter(pk=row.pk).update(**facts)


def works(day: date) -> bool:
    return day in WORKS or (day.weekday() < 5 and day not in RESTS)


def before(day: date, number: int = 1) -> date:
    """The ``number``-th working day before that day."""
    while number:
        day -= DAY
        number -= works(day)
    return day


def nearest(day: date) -> date:
    return day if works(day) else before(day)


def after(day: date) -> date:
    day += DAY
    while not works(day):
        day += DAY
    return day


def at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), TZ)


@dataclass
class Duty:
    """``steps``: {name: (moment, who is told)}; owed from tick ``since`` to before tick ``until``; ``window``: the days
    of the clock on which it is looked at."""

    name: str
    mark: str
    steps: dict[str, tuple[datetime, set[str]]]
    known: date = date.min
    until: int = 10**6
    window: tuple[date, date] = (date.min, date.max)
    is_closed_by_the_round: bool = True

    def is_owed(self, number: int, now: datetime) -> bool:
        return number < self.until and self.window[0] <= now.astimezone(TZ).date() <= self.window[1]

    def key(self, step: str, person: str) -> tuple[str, ...]:
        return self.name, step, self.mark, person

    def expected(self, ticks: list[datetime]) -> Iterator[tuple[int, tuple[str, ...], bool]]:
        """(tick, key, merged) of everything that must be made: at which tick, and whether merged."""
        steps = [(name, when, who) for name, (when, who) in self.steps.items() if when.date() >= self.known]
        for place, (name, when, who) in enumerate(steps):
            seen = (n for n, now in enumerate(ticks) if now >= when and self.is_owed(n, now))
            first = next(seen, None)
            if first is not None:
                merged = any(later <= ticks[first] for _, later, _ in steps[place + 1 :])
                yield from ((first, self.key(name, person), merged) for person in who)


OFFICE = {"office", "office_second"}
# {unit: (liaisons, principals)} of the cast; the other two have nobody.
PEOPLE: dict[str, tuple[set[str], set[str]]] = {
    "unit": ({"liaison"}, {"principal"}),
    "second_unit": ({"second_liaison"}, set()),
    "law": (set(), set()),
    "lead_unit": (set(), set()),
}


def eve_and_late(unit: str, due: date, *, watch: frozenset[str] = frozenset()) -> dict:
    """The unit before a date and after it: liaisons or the principal, then both; where it has neither the office.
    ``watch``: who is told besides once it is late."""
    liaisons, principals = PEOPLE[unit]
    late = liaisons | principals | watch
    return {"eve": (at(before(due)), liaisons or principals or OFFICE), "late": (at(after(due)), late or OFFICE)}


class World:
    """The cast with one of every duty, its dates drawn; ``duties``: what the notices and the rules ask for."""

    def __init__(self, draw: random.Random, number_of_ticks: int):
        self.draw, self.number_of_ticks = draw, number_of_ticks
        self.cast = cast_after("every duty", _with_every_duty)
        self.units = {name: getattr(self.cast, name).pk for name in ("unit", "second_unit", "lead_unit")}
        law = RosterEntry.objects.exclude(department__in=self.units.values()).get(campaign=self.cast.campaign)
        self.units["law"] = law.department_id
        self.ends: list[tuple[int, Model, dict]] = []
        self.duties = [*self._single(), *self._monthly()]

    def _dates(self) -> tuple[date, date]:
        """A day on which something is due, and one on which that was set."""
        due = FIRST + self.draw.randint(15, DAYS - 20) * DAY
        return due, max(FIRST, due - self.draw.randint(0, 20) * DAY)

    def _ends(self, row: Model, **facts) -> int:
        """At a tick drawn it is done: the row is written so; which tick."""
        number = self.draw.choice([*range(self.number_of_ticks // 3, self.number_of_ticks), 10**6])
        self.ends.append((number, row, facts))
        return number

    def _single(self) -> Iterator[Duty]:
        yield from self._issues()
        for need, unit in zip(Need.objects.order_by("pk"), ("unit", "law"), strict=True):
            due, known = self._dates()
            write(need, reply_by=due, department=self.units[unit])
            write(*NeedEvent.objects.filter(need=need), at=at(known))
            until = self._ends(need, state="need_answered")
            yield Duty(f"need:{need.pk}", f"{due}.v{need.version}", eve_and_late(unit, due), known, until)
        due, known = self._dates()
        slip = Slip.objects.get()
        write(slip, reply_by=due, signed_at=at(known))
        steps = eve_and_late("unit", due, watch=frozenset(OFFICE))
        until = self._ends(slip, state="slip_answered")
        yield Duty(f"slip:{slip.pk}", f"{due}.v{slip.version}", steps, known, until)
        due, known = self._dates()
        reply = EnquiryReply.objects.get()
        write(reply, reply_by=due)
        write(reply.enquiry, sent_at=at(known))
        steps = eve_and_late("second_unit", due, watch=frozenset(OFFICE))
        until = self._ends(reply, state="reply_none")
        yield Duty(f"enquiry:{reply.pk}", f"{due}.v{reply.version}", steps, known, until)
        due, known = self._dates()
        request = LookBackRequest.objects.get()
        write(request, due_on=due, asked_at=at(known))
        yield Duty(
            f"look_back:r{request.pk}", f"{due}.asked", eve_and_late("unit", due, watch=frozenset(OFFICE)), known
        )
        promised = Walk.objects.get(is_waiting=True)
        made = FIRST + self.draw.randint(5, 300) * DAY
        write(promised, walk_date=made, conforms=False, shortfall="缺少环节")
        due = made
        for _ in range(promised.promised_days):
            due = after(due)
        who = {"principal", "liaison"}
        steps = {"due": (at(due), who), "late": (at(after(due)), who)}
        yield Duty(f"result:{promised.pk}", f"{due}", steps, made, self._ends(promised, is_waiting=False))

    def _issues(self) -> Iterator[Duty]:
        own = {"responsible", "liaison"}
        for issue in Issue.objects.filter(state="rectifying").order_by("pk"):
            due, known = self._dates()
            write(issue, due_on=due, due_set_on=known)
            steps = {f"T-{ahead}": (at(nearest(due - ahead * DAY)), own) for ahead in (3, 0)}
            steps["overdue"] = (at(after(due)), own | OFFICE | {"principal", "lead"})
            yield Duty(f"{issue.pk}", f"{due}", steps, known, is_closed_by_the_round=False)
        due, known = self._dates()
        review = Issue.objects.get(state="deferred")
        write(review, review_on=due, clock_stopped_on=known)
        who = OFFICE | {"liaison"}
        steps = {"week": (at(nearest(due - 7 * DAY)), who), "eve": (at(before(due)), who)}
        yield Duty(f"review:{review.pk}", f"{due}", steps, known, self._ends(review, state="referred"))
        due, known = self._dates()
        more = Extension.objects.get()
        write(more, old_due_on=due, asked_at=at(known))
        steps = {"eve": (at(before(due)), {"lead"}), "late": (at(after(due)), OFFICE | {"lead"})}
        until = self._ends(more, state="extension_denied")
        yield Duty(f"extension:{more.pk}", f"{due}", steps, known, until)

    def _monthly(self) -> Iterator[Duty]:
        campaign, issued = self.cast.campaign.pk, FIRST
        months = [date(2022 + n // 12, n % 12 + 1, 1) for n in range(5, 20)]
        for first, following in pairwise(months):
            code, last = f"{first:%Y-%m}", following - DAY
            report, summary, plan = first.replace(day=20), first.replace(day=22), first.replace(day=5)
            asked = (date.min, report + 62 * DAY)
            for unit, pk in self.units.items():
                name = f"pack:{campaign}:{code}:unit:{pk}"
                yield Duty(name, f"{report}", eve_and_late(unit, report), issued, window=asked)
                who = set.union(*PEOPLE[unit]) or OFFICE
                steps = {"week": (at(nearest(last - 7 * DAY)), who), "eve": (at(before(last)), who)}
                yield Duty(f"walk:{campaign}:{code}:unit:{pk}:", f"{last}", steps, first, window=(first, last))
                running = ((first - DAY).replace(day=1), last)
                name = f"plan:{campaign}:{code}:unit:{pk}"
                yield Duty(name, f"{plan}", eve_and_late(unit, plan), issued, window=running)
            lead, office = self.units["lead_unit"], self.cast.office_unit.pk
            steps = {
                "lock": (min(at(after(report)), at(nearest(summary))), {"lead"}),
                "late": (at(after(summary)), {"lead"}),
            }
            yield Duty(f"pack:{campaign}:{code}:lead:{lead}", f"{summary}", steps, issued, window=asked)
            steps = {"missing": (at(nearest(report), 17), OFFICE)}
            yield Duty(f"pack:{campaign}:{code}:office", f"{report}", steps, issued, window=asked)
            steps = {"missing": (at(before(last)), OFFICE)}
            yield Duty(f"walk:{campaign}:{code}:office", f"{last}", steps, first, window=(first, last))
            for receiver, who in ((office, OFFICE), (lead, {"lead"})):
                steps = {"missing": (at(nearest(plan), 17), who)}
                yield Duty(f"plan:{campaign}:{code}:to:{receiver}", f"{plan}", steps, issued, window=running)
            for kind, length in (("publication", 1), ("inspection", 3)):
                if (last.month % length) == 0:
                    yield self._of_the_office(kind, length, last)

    def _of_the_office(self, kind: str, length: int, last: date) -> Duty:
        """What the office owes by its own rhythm, looked at in the period and in the next one, 62 days at most."""
        first = (last.replace(day=1) - (length - 1) * 28 * DAY).replace(day=1)
        end = (last + 92 * DAY if length == 3 else last + DAY).replace(day=1)
        until = min((end + 31 * DAY).replace(day=1) - DAY, last + 62 * DAY) if length == 1 else last + 62 * DAY
        steps = {"week": (at(nearest(last - 7 * DAY)), OFFICE), "eve": (at(before(last)), OFFICE)}
        code, mark, known = f"{last:%Y-%m}", f"{last}.1s0", first
        if kind == "inspection":
            steps = {"ahead": (at(before(last, 10)), OFFICE)}
            code, mark, known = f"{last.year}Q{last.month // 3}", f"{last}", date.min
        steps["late"] = (at(after(last)), OFFICE)
        return Duty(f"{kind}:{self.cast.campaign.pk}:{code}", mark, steps, known, window=(first, until))


def _with_every_duty(cast: Cast) -> None:
    Campaign.objects.filter(pk=cast.campaign.pk).update(state="running")
    with without_triggers("campaigns_ruleversion"):
        for version in RuleVersion.objects.filter(campaign=cast.campaign):
            version.data["oversight"] |= {"inspection_rhythm": "quarterly", "publication_rhythm": "monthly"}
            version.data["planning"] |= {"required": True, "filed": True, "due": {"way": "month_day", "n": 5}}
            version.save(update_fields=["data"])
    # As the daily routine does in time: dates of a year and a half.
    refresh(campaign=cast.campaign, today=FIRST + 200 * DAY)
    needs_on(cast, "希望周六开窗", "希望延时服务")
    more_time_asked(cast)
    signed(issue_in(cast, "rectifying"), cast.office)
    sent(issue_in(cast, "rectifying"), cast.office, [cast.second_unit])
    issue_in(cast, "deferred")
    look_back_asked(cast, elsewhere(cast))
    waiting_walk(cast)


def key_of(row: Notice) -> tuple[str, ...]:
    """(duty, step, date and occasion, person)"""
    return (*row.dedupe_key.removeprefix("reminder:").rsplit(":", 3)[:3], row.recipient.username)


def reminders(after_pk: int = 0) -> list[Notice]:
    rows = Notice.objects.filter(kind__startswith="reminder.", pk__gt=after_pk)
    return list(rows.select_related("recipient").order_by("pk"))


def ticks_of(draw: random.Random, moments: list[datetime], number: int, *, is_plain: bool = False) -> list[datetime]:
    """When the system looked: around moments at which something must be made, between outages of a minute to fourteen
    days; now and then by a clock that is up to two days wrong. ``is_plain``: on those moments, and the clock is
    right."""
    last = at(FIRST + DAYS * DAY)
    beside = (0,) if is_plain else (-1, 0, 1, 240)
    around = [moment + draw.choice(beside) * timedelta(minutes=1) for moment in moments if moment < last]
    chosen = sorted(draw.sample(around, min(number, len(around))))
    up, off_until = [], at(FIRST, 13)
    for now in chosen:
        if now >= off_until:
            up.append(now)
            minutes = draw.choice((0, 0, 0, draw.randint(1, 59), draw.randint(60, 2880), draw.randint(1, 14) * 1440))
            off_until = now + timedelta(minutes=minutes)
    if not is_plain:
        up = [now + timedelta(minutes=draw.randint(-2880, 2880)) * (draw.random() < 0.15) for now in up]
    return [*up, last + 3 * DAY]


def live_through(seed: str, number: int, **options) -> None:
    """At each tick exactly what must be made is made; at the end exactly what is still owed asks for something."""
    draw = random.Random(f"{SEED} {seed}")
    world = World(draw, number // 2)
    moments = sorted({when for duty in world.duties for when, _ in duty.steps.values() if when > NOON})
    ticks = ticks_of(draw, moments * scaled(1, 3), number, **options)
    expected: dict[int, dict[tuple[str, ...], bool]] = {}
    for tick, key, merged in (one for duty in world.duties for one in duty.expected(ticks)):
        expected.setdefault(tick, {})[key] = merged
    last = 0
    for tick, now in enumerate(ticks):
        for _, row, facts in [one for one in world.ends if one[0] == tick]:
            write(row, **facts)
        make_all_reminders(now)
        new = reminders(last)
        assert {key_of(row): row.superseded for row in new} == expected.get(tick, {}), now
        last = max([last, *(row.pk for row in new)])
    by_round = {(one.name, one.mark): one for one in world.duties if one.is_closed_by_the_round}
    still = {key: one.is_owed(len(ticks) - 1, ticks[-1]) for key, one in by_round.items()}
    is_open = {key_of(row): row.closed_at is None for row in reminders()}
    left = {key: value for key, value in is_open.items() if (key[0], key[2]) in still}
    assert left == {key: still[key[0], key[2]] for key in left}


@pytest.mark.parametrize("number", range(scaled(1, 4)))
def test_over_400_days_with_outages_and_a_jumping_clock_exactly_what_must_exist_is_made(db, number):
    live_through(f"days {number}", 900 if SOAK else 20)


FAULTS = {
    "merged": rewritten(f"{DATED}._drafts", "superseded=step is not come[-1]", "superseded=False"),
    "at nine": lambda: [patch(f"{DATED}.MORNING", time(10))],
    "rest days": rewritten(f"{DATED}.morning_after", "calendar.next_workday(due_on + ONE_DAY)", "due_on + ONE_DAY"),
    "closed": rewritten(
        "notifications.domain.reminder_delivery.make_reminders", "close_reminders(done, now=now)", "pass"
    ),
}


# That of rest days shows on few days of a year: many ticks.
@pytest.mark.parametrize("fault", FAULTS if SOAK else ["merged"])
def test_without_a_guard_another_set_is_made(db, fault):
    with ExitStack() as stack:
        for removal in FAULTS[fault]():
            stack.enter_context(removal)
        with pytest.raises(FAILED):
            live_through(f"fault {fault}", 200 if fault == "rest days" else 10, is_plain=True)
