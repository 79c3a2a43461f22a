"""The packs of June 2022: who sent in time, who late, a zero report, a return, and what the lead has sent on."""

from datetime import datetime
from functools import partial

from django.utils import timezone

from accounts.models import Department
from campaigns.models import Campaign
from core.exceptions import Refused
from demo.domain.scenario import Cast
from reports.domain.compile import period_in
from reports.domain.submissions import lifecycle
from reports.models import Submission

PERIOD = "2022-06"
ZERO = "本期主要负责同志外出学习，已安排下期补走"
RETURN = "问题分类与清单不一致，请核对后重新报送"
SENT_AT, LATE_AT = datetime(2022, 6, 20, 16, 0), datetime(2022, 6, 21, 9, 30)
RETURNED_AT, LOCKED_AT = datetime(2022, 6, 21, 14, 0), datetime(2022, 6, 22, 10, 0)
SENT_ON_AT = datetime(2022, 6, 22, 16, 0)


def seed_submissions(campaign: Campaign, cast: Cast) -> None:
    """Every unit that has people sends; the last one late. What the lead received first it returns, the rest it locks,
    and sends on all but the last."""
    sent: list[Submission] = []
    units = _units_with_people(campaign, cast)
    for number, unit in enumerate(units):
        sent += _send(campaign, unit, cast, _local(LATE_AT if number == len(units) - 1 else SENT_AT))
    by_lead = [one for one in sent if one.checker_id != campaign.office_id]
    for number, one in enumerate(by_lead):
        lead = cast.person(one.checker, "lead")
        if number == 0:
            lifecycle.perform(submission=one, action="return", actor=lead, note=RETURN, now=_local(RETURNED_AT))
            continue
        lifecycle.perform(submission=one, action="lock", actor=lead, now=_local(LOCKED_AT))
        if number < len(by_lead) - 1:
            lifecycle.perform(submission=one, action="send_on", actor=lead, now=_local(SENT_ON_AT))


def _send(campaign: Campaign, unit: Department, cast: Cast, at: datetime) -> list[Submission]:
    """The unit's material, or a zero report where it walked nothing; a unit that did walk and reported nothing yet
    sends neither."""
    send = partial(
        lifecycle.send,
        campaign=campaign,
        period=period_in(campaign, PERIOD),
        unit_id=unit.pk,
        actor=cast.person(unit, "liaison"),
        now=at,
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


def _local(moment: datetime) -> datetime:
    return timezone.make_aware(moment)
