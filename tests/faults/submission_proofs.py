"""What is promised of submissions and needs, as small proofs. Each takes the cast and fails when it does not hold."""

from datetime import date, datetime

import pytest
from django.db import DatabaseError, transaction

from core.exceptions import DomainError, NotAllowed, Refused
from issues.domain.needs import lifecycle as need_lifecycle
from issues.tests.needing import needs_on
from reports.domain.compile import period_in
from reports.domain.publishing import publish
from reports.domain.submissions import lifecycle
from reports.models import Submission
from reports.tests.submitting import on, sent, step
from tests.cast import TZ, Cast, covert_walk, open_walk, reported_walk
from walks.models import Walk


def what_was_sent_cannot_be_changed(cast: Cast):
    [one] = _sent(cast)
    with pytest.raises(DatabaseError), transaction.atomic():
        Submission.objects.filter(pk=one.pk).update(data={})


def the_day_of_the_first_sending_stays(cast: Cast):
    [one] = _sent(cast)
    step(one, "return", cast.lead, note="缺照片")
    with pytest.raises(DatabaseError), transaction.atomic():
        Submission.objects.filter(pk=one.pk).update(first_sent_at=on(1))


def a_unit_does_not_lock_what_it_sent(cast: Cast):
    [one] = _sent(cast)
    with pytest.raises(NotAllowed):
        step(one, "lock", cast.liaison)


def a_step_on_an_older_submission_is_refused(cast: Cast):
    [one] = _sent(cast)
    stale = Submission.objects.select_related("campaign", "department").get(pk=one.pk)
    step(one, "return", cast.lead, note="缺照片")
    sent(cast, now=on(21))
    stale.state = "sent"
    with pytest.raises(DomainError):
        lifecycle.perform(submission=stale, action="lock", actor=cast.lead, now=on(22))


def a_zero_report_does_not_deny_a_walk(cast: Cast):
    open_walk(cast)
    with pytest.raises(Refused):
        sent(cast, zero=True, note="本期未安排")


def a_zero_report_waits_for_the_last_working_day(cast: Cast):
    with pytest.raises(Refused, match="零报告自 2022-06-20 起办理"):
        sent(cast, zero=True, note="本期未安排", now=on(17))


def a_covert_walk_is_told_by_no_refusal(cast: Cast):
    walk = covert_walk(cast, day=8)
    Walk.objects.filter(pk=walk.pk).update(state="in_progress")
    try:
        [one] = sent(cast, zero=True, note="本期未安排")
    except Refused as error:
        pytest.fail(error.message)
    assert one.content == "zero"


def nothing_is_published_over_open_units_unseen(cast: Cast):
    now = datetime(2022, 6, 22, 9, 0, tzinfo=TZ)
    with pytest.raises(Refused, match="材料未报齐 4 个单位"):
        publish(campaign=cast.campaign, period=period_in(cast.campaign, "2022-06"), actor=cast.office, now=now)


def who_answers_a_need_moves_no_date(cast: Cast):
    [need] = needs_on(cast, "希望周六开窗")
    with pytest.raises(NotAllowed):
        need_lifecycle.perform(
            need=need,
            action="assign",
            actor=cast.liaison,
            data={"department": cast.unit, "reply_by": date(2022, 12, 1)},
            now=on(9),
        )


def _sent(cast: Cast) -> list[Submission]:
    reported_walk(cast)
    return sent(cast)
