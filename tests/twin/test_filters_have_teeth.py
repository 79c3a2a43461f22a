"""Each filter that hides a covert walk is taken out once: somebody who is not named then reads of it.

That with all of them in place nobody does is ``test_twin_world``.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from unittest.mock import PropertyMock, patch

import pytest
from django.db.models import Q

from campaigns.models import Session
from core import audit
from tests.twin.crawl import differences
from tests.twin.test_twin_world import moment, places, tell
from tests.twin.world import build

__all__ = ["moment", "places"]
pytestmark = pytest.mark.django_db(transaction=True)

RECORD = audit.record


def everything(prefix: str = "") -> Q:
    return Q()


def in_the_open(**entry):
    return RECORD(**{**entry, "sealed": False})


@dataclass(frozen=True)
class Filter:
    """What hides a covert walk, how to take it out, and who would then read of it where."""

    name: str
    remove: Callable[[], list]
    persona: str
    where: str


FILTERS = (
    Filter("rows", lambda: [patch("campaigns.domain.queries.not_sealed", everything)], "liaison", "/walks/"),
    Filter("rows in the API", lambda: [patch("campaigns.domain.queries.not_sealed", everything)], "deputy", "/api/"),
    Filter("home", lambda: [patch("campaigns.domain.queries.not_sealed", everything)], "liaison", "/?q="),
    Filter(
        "notices",
        lambda: [patch("campaigns.domain.notify.Session.is_hidden", PropertyMock(return_value=False))],
        "liaison",
        "/notices/",
    ),
    Filter("audit", lambda: [patch("core.audit.record", in_the_open)], "auditor", "/audit/"),
)


@pytest.mark.parametrize("hidden_by", FILTERS, ids=lambda one: one.name)
def test_without_the_filter_the_twin_worlds_differ(hidden_by, places, moment):
    with ExitStack() as stack:
        for removal in hidden_by.remove():
            stack.enter_context(removal)
        before = tell(hidden_by.persona, build(secret=False), only=hidden_by.where)
        after = tell(hidden_by.persona, build(secret=True), only=hidden_by.where)
    assert differences(before, after)


def test_a_walk_is_hidden_until_it_is_reported():
    assert Session(is_sealed=True).is_hidden
    assert not Session(is_sealed=False).is_hidden
