"""Several people at the same moment on an enquiry and on a draw: what each of them does counts once, or that person is
told."""

from datetime import date, timedelta

import pytest

from accounts.domain.memberships import grant_membership
from accounts.models import Department, Membership
from core.exceptions import Conflict
from issues.domain.enquiries import lifecycle
from issues.domain.lookback import asking, draws
from issues.models import Enquiry, EnquiryEvent, EnquiryReply, Issue, LookBackDraw, LookBackRequest, LookBackTicket
from tests.cast import NOON, build_cast, issue_in, reported_walk
from tests.race import at_once
from tests.scale import scaled

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


ASKED = ("县公安局", "县司法局", "县行政审批局")
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
    own = EnquiryReply.objects.select_related(*lifecycle.OF_REPLY).get(
        enquiry=enquiry, department__in=Membership.objects.filter(user=actor, role="liaison").values("department")
    )
    return lambda: lifecycle.answer(reply=own, action=action, actor=actor, data={"words": "已排查"}, now=NOON)


def test_units_that_answer_at_once_all_count():
    cast = build_cast()
    for _ in range(ROUNDS):
        enquiry, people = asked_of_three(cast)
        before = Issue.objects.filter(source="similar").count()
        ends = at_once(*(answering(enquiry, "found", who) for who in people))
        assert ends == [None] * 3
        children = EnquiryReply.objects.filter(enquiry=enquiry, state="reply_found").values_list(
            "child__number", flat=True
        )
        assert len(set(children)) == 3
        assert Issue.objects.filter(source="similar").count() == before + 3
        assert Enquiry.objects.get(pk=enquiry.pk).state == "enquiry_answered"
        assert EnquiryEvent.objects.filter(enquiry=enquiry, kind="complete").count() == 1


def test_an_enquiry_that_is_ended_while_units_answer_keeps_the_answers_that_came_first():
    cast = build_cast()
    for _ in range(ROUNDS):
        enquiry, people = asked_of_three(cast)
        before = Issue.objects.filter(source="similar").count()
        ends = at_once(
            *(answering(enquiry, "found", who) for who in people[:2]),
            lambda one=enquiry: lifecycle.end(enquiry=one, actor=cast.office, data={"note": "不再征询"}, now=NOON),
            answering(enquiry, "none", people[2]),
        )
        assert all(end is None or isinstance(end, Conflict) for end in ends), ends
        left = [reply.state for reply in EnquiryReply.objects.filter(enquiry=enquiry)]
        counted = left.count("reply_found") + left.count("reply_none")
        assert counted == [ends[place] for place in (0, 1, 3)].count(None)
        assert left.count("reply_dropped") == (3 - counted if ends[2] is None else 0)
        assert Issue.objects.filter(source="similar").count() == before + left.count("reply_found")
        now = Enquiry.objects.get(pk=enquiry.pk).state
        assert now == ("enquiry_ended" if ends[2] is None else "enquiry_answered")


def asked_of_three(cast):
    """An enquiry to three units, and somebody who answers for each."""
    units = list(Department.objects.filter(region=cast.county, name__in=ASKED))
    people = [cast.second_liaison, cast.liaison, cast.lead]
    for unit, who in zip(units, people, strict=True):
        grant_membership(user=who, department=unit, role="liaison")
        who.__dict__.pop("_scope", None)
    given = {"question": "有无同类问题", "reply_by": date(2022, 6, 15), "actor": cast.office, "now": NOON}
    return lifecycle.send(issue=issue_in(cast, "rectifying"), units=units, **given), people


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
