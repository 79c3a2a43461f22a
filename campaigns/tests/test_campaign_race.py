"""Two people of the office press at the same moment: one act is kept, the other person is told or changes nothing."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from unittest.mock import patch

import pytest

from campaigns.domain import must_walk
from campaigns.domain.lifecycle import amend
from campaigns.models import PoolItem, RuleVersion
from core.exceptions import IllegalTransition
from tests.cast import NOON, build_cast
from tests.race import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases, pytest.mark.clock(NOON)]


@contextmanager
def met(manager, name: str) -> Iterator[None]:
    """Whoever is about to write waits a moment for the other one, who gets as far only without a lock."""
    barrier, write = threading.Barrier(2), getattr(manager, name)

    def wait(*args, **kwargs):
        with suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=0.3)
        return write(*args, **kwargs)

    with patch.object(manager, name, wait):
        yield


def test_of_two_at_once_one_adjusts_the_rules_and_one_lists_the_item():
    cast, today = build_cast(), NOON.date()
    actors, about = (cast.office, cast.office_second), {"campaign": cast.campaign, "today": today}
    drafts = [lambda one=one: amend(effective_on=today, reason="补正", actor=one, **about) for one in actors]
    with met(RuleVersion.objects, "create"):
        [told] = [end for end in at_once(*drafts) if isinstance(end, Exception)]
    assert isinstance(told, IllegalTransition), repr(told)
    item = {"items": [cast.item], "provenance": "leader", "note": ""}
    adds = [lambda one=one: must_walk.add(actor=one, **item, **about) for one in actors]
    with met(PoolItem.objects, "bulk_create"):
        assert (at_once(*adds), PoolItem.objects.count()) == ([None, None], 1)
