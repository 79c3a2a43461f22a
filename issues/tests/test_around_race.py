"""Two people at the same moment on an enquiry and on a draw: one counts, the other person is told."""

from datetime import date, timedelta

import pytest

from accounts.domain.people import grant_membership
from core.exceptions import Conflict
from issues.domain.enquiries import lifecycle
from issues.domain.lookback import draws
from issues.models import Enquiry, EnquiryReply, Issue, LookBackDraw, LookBackTicket
from tests.cast import NOON, build_cast, issue_in, reported_walk
from tests.race import at_once

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def test_two_answers_of_one_unit_and_two_draws_at_once_count_once():
    cast = build_cast()
    issue, due = issue_in(cast, "rectifying"), date(2022, 6, 15)
    lifecycle.send(
        issue=issue, units=[cast.second_unit], question="有无同类问题", reply_by=due, actor=cast.office, now=NOON
    )  # fmt: skip
    grant_membership(user=cast.liaison, department=cast.second_unit, role="liaison")
    cast.liaison.__dict__.pop("_scope", None)

    def answer(action, actor):
        own = EnquiryReply.objects.select_related(*lifecycle.OF_REPLY).get()
        return lambda: lifecycle.answer(reply=own, action=action, actor=actor, data={"words": "已排查"}, now=NOON)

    ends = at_once(answer("found", cast.liaison), answer("none", cast.second_liaison))
    assert sum(isinstance(end, Conflict) for end in ends) == 1, ends
    state = EnquiryReply.objects.get().state
    assert Issue.objects.filter(source="similar").count() == (state == "reply_found")
    assert Enquiry.objects.get().state == "enquiry_answered"
    _, [closed] = reported_walk(cast)
    Issue.objects.filter(pk=closed.pk).update(state="closed", closed_on=NOON.date())
    given = {"campaign": cast.campaign, "now": NOON + timedelta(days=31)}
    ends = at_once(
        lambda: draws.draw(actor=cast.office, **given),
        lambda: draws.draw(actor=cast.office_second, **given),
    )
    assert sum(isinstance(end, Conflict) for end in ends) == 1, ends
    assert (LookBackDraw.objects.count(), LookBackTicket.objects.count()) == (1, 1)
