"""The packs of both published months: who sent in time, who late, zero reports, a return, what the leads have sent on
and the office has received."""

from datetime import date, datetime, time, timedelta
from functools import partial

from django.utils import timezone

from accounts.models import Department
from campaigns.models import Campaign
from core.exceptions import Refused
from core.periods import Period
from demo.domain.material import Dates
from demo.domain.publications import PUBLISHER, published_periods
from demo.domain.scenario import Cast
from reports.domain.submissions import lifecycle
from reports.models import Submission

ZERO = "本期主要负责同志外出学习，已安排下期补走"
RETURN = "问题分类与清单不一致，请核对后重新报送"
# Days after the end of the period, which is the day by which units send, and the time of day.
SENT_AT, LATE_AT, RETURNED_AT = (0, time(16, 0)), (1, time(9, 30)), (1, time(14, 0))
LOCKED_AT, SENT_ON_AT, RECEIVED_AT = (2, time(10, 0)), (2, time(11, 0)), (2, time(15, 0))
# So many of what was sent on the office has still to receive.
NOT_RECEIVED = 2


def seed_submissions(campaign: Campaign, cast: Cast, dates: Dates) -> None:
    """Both months, as far as their days have come."""
    for period in published_periods(campaign, dates):
        _seed(campaign, cast, period, dates.today)


def _seed(campaign: Campaign, cast: Cast, period: Period, today: date) -> None:
    """Every unit that has people sends; the last one late. What the lead received first it returns, the rest it locks,
    and sends on all but the last; the office receives all but two of these."""
    at = partial(_moment, period, today)
    sent: list[Submission] = []
    units = _units_with_people(campaign, cast)
    for number, unit in enumerate(units):
        if moment := at(LATE_AT if number == len(units) - 1 else SENT_AT):
            sent += _send(campaign, unit, cast, period, moment)
    by_lead = [one for one in sent if one.checker_id != campaign.office_id]
    if by_lead and (moment := at(RETURNED_AT)):
        _step(by_lead[0], "return", cast, moment, note=RETURN)
    if not (moment := at(LOCKED_AT)):
        return
    for one in by_lead[1:]:
        _step(one, "lock", cast, moment)
    for one in by_lead[1:-1]:
        _step(one, "send_on", cast, at(SENT_ON_AT))
    office = cast.by_username[PUBLISHER]
    for one in by_lead[1 : -1 - NOT_RECEIVED]:
        lifecycle.perform(submission=one, action="receive", actor=office, now=at(RECEIVED_AT))


def _step(submission: Submission, action: str, cast: Cast, now: datetime | None, note: str = "") -> None:
    lead = cast.person(submission.checker, "lead")
    lifecycle.perform(submission=submission, action=action, actor=lead, note=note, now=now)


def _send(campaign: Campaign, unit: Department, cast: Cast, period: Period, at: datetime) -> list[Submission]:
    """The unit's material, or a zero report where it walked nothing; a unit that did walk and reported nothing yet
    sends neither."""
    send = partial(
        lifecycle.send, campaign=campaign, period=period, unit_id=unit.pk, actor=cast.person(unit, "liaison"), now=at
    )
    try:
        return send()
    except Refused:
        pass
    try:
        return send(zero=True, note=ZERO)
    except Refused:
        return []


def _units_with_people(campaign: Campaign, cast: Cast) -> list[Department]:
    """Units of the list that have a liaison, in the fixed order."""
    rows = Department.objects.filter(roster_entries__campaign=campaign).order_by("roster_entries__order", "pk")
    return [unit for unit in rows if (unit.name, "liaison") in cast.people and (unit.name, "lead") not in cast.people]


def _moment(period: Period, today: date, when: tuple[int, time]) -> datetime | None:
    """So many days after the end of the period; None when that day is still to come."""
    days, clock = when
    day = period.ends_on + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, clock)) if day <= today else None
