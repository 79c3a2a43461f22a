"""Two people at the same moment on an enquiry and on a draw: one counts, the other person is told."""

from datetime import date, timedelta

import pytest

from accounts.domain.memberships import grant_membership
from core.exceptions import Conflict
from issues.domain.enquiries import lifecycle
from issues.domain.lookback import asking, draws
from issues.models import Enquiry, EnquiryReply, Issue, LookBackDraw, LookBackRequest, LookBackTicket
from tests.cast import NOON, build_cast, issue_in, reported_walk
from tests.race import at_once
from tests.scale import scaled

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


ROUNDS, PAIRS = scaled(2, 20), scaled(1, 8)


def test_answers_of_one_unit_at_once_count_once():
    cast = build_cast()
    grant_membership(user=cast.liaison, department=cast.second_unit, role="liaison")
    cast.liaison.__dict__.pop("_scope", None)
    found = 0
    for _ in range(ROUNDS):
        issue, due = issue_in(cast, "rectifying"), date(2022, 6, 15)
        units, asked = (
            [cast.second_unit],
            {"question": "有无同类问题", "reply_by": due, "actor": cast.office, "now": NOON},
        )
        enquiry = lifecycle.send(issue=issue, units=units, **asked)
        hands = (("found", cast.liaison), ("none", cast.second_liaison)) * PAIRS
        ends = at_once(*(answering(enquiry, *hand) for hand in hands))
        assert sum(isinstance(end, Conflict) for end in ends) == 2 * PAIRS - 1, ends
        reply = EnquiryReply.objects.get(enquiry=enquiry)
        found += reply.state == "reply_found"
        assert Issue.objects.filter(source="similar").count() == found
        assert Enquiry.objects.get(pk=enquiry.pk).state == "enquiry_answered"


def answering(enquiry, action, actor):
    own = EnquiryReply.objects.select_related(*lifecycle.OF_REPLY).get(enquiry=enquiry)
    return lambda: lifecycle.answer(reply=own, action=action, actor=actor, data={"words": "已排查"}, now=NOON)


def test_two_draws_at_once_count_once():
    cast = build_cast()
    _, [closed] = reported_walk(cast)
    Issue.objects.filter(pk=closed.pk).update(state="closed", closed_on=NOON.date())
    given = {"campaign": cast.campaign, "now": NOON + timedelta(days=31)}
    ends = at_once(
        lambda: draws.draw(actor=cast.office, **given),
        lambda: draws.draw(actor=cast.office_second, **given),
    )
    assert sum(isinstance(end, Conflict) for end in ends) == 1, ends
    assert (LookBackDraw.objects.count(), LookBackTicket.objects.count()) == (1, 1)


def test_two_units_asked_at_once_are_asked_once():
    cast = build_cast()
    _, [closed] = reported_walk(cast, proposed=cast.second_unit)
    given = {"state": "closed", "closed_on": NOON.date(), "responsible_department": cast.second_unit}
    Issue.objects.filter(pk=closed.pk).update(**given)
    closed.refresh_from_db()
    asked = {"issue": closed, "due_on": date(2022, 6, 30), "note": "", "now": NOON}
    ends = at_once(
        lambda: asking.ask(actor=cast.office, department=cast.unit, **asked),
        lambda: asking.ask(actor=cast.office_second, department=cast.lead_unit, **asked),
    )
    assert sum(isinstance(end, Conflict) for end in ends) == 1, ends
    assert LookBackRequest.objects.count() == 1
