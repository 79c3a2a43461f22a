"""Who hears of a walk, and that the one who acted does not."""

import pytest

from issues.domain import intake
from notifications.models import Notice
from tests.cast import NOON, open_walk, reported_walk
from walks.domain import lifecycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=f"walk.{kind}").values_list("recipient__username", flat=True))


def test_each_step_tells_the_next_hand(cast):
    walk, _ = reported_walk(cast)
    assert told("recorded") == {"principal"}
    assert told("signed") == {"liaison"}
    assert told("reported") == {"lead"}
    lifecycle.perform(walk=walk, action="send_back", actor=cast.lead, data={"reason": "缺照片"}, now=NOON)
    assert told("returned") == {"liaison"}


def test_a_leads_own_walk_is_announced_to_the_office(cast):
    walk = open_walk(cast)
    type(walk).objects.filter(pk=walk.pk).update(receiver=cast.unit, zero_explained="顺畅")
    walk.refresh_from_db()
    intake.record_walk(walk=walk, actor=cast.liaison, now=NOON)
    intake.sign_walk(walk=walk, actor=cast.principal, now=NOON)
    intake.report_walk(walk=walk, actor=cast.liaison, now=NOON)
    assert told("reported") == {"office", "office_second"}


def test_nobody_is_told_of_what_he_did_himself(cast):
    walk = open_walk(cast)
    lifecycle.write_facts(walk=walk, actor=walk.walker, facts={"zero_explained": "顺畅"})
    walk.refresh_from_db()
    intake.record_walk(walk=walk, actor=cast.principal, now=NOON)
    assert told("recorded") == set()
