"""Guards of what a visited unit reads of walks at its windows: each is removed once, and its proof must fail without
it."""

import pytest

from catalogue.models import ServiceItem
from issues.domain import hosted
from tests.cast import covert_walk, open_walk, reported_walk
from tests.faults.fault import Fault, FaultTests, rewritten

pytestmark = pytest.mark.django_db
ROWS = "issues.domain.hosted.hosted_walks_visible_to"


def abroad(cast) -> None:
    cast.item = ServiceItem.objects.create(department=cast.second_unit, name="居住证办理")


def no_walk_is_told_of_before_it_is_reported(cast):
    abroad(cast)
    covert_walk(cast)
    open_walk(cast)
    assert not hosted.hosted_walks_visible_to(cast.second_liaison).exists()


def no_other_unit_is_told_of_it(cast):
    abroad(cast)
    reported_walk(cast)
    assert not hosted.hosted_walks_visible_to(cast.namesake).exists()


def the_own_walks_are_none_of_others(cast):
    reported_walk(cast)
    assert not hosted.hosted_walks_visible_to(cast.liaison).exists()


FAULTS = (
    Fault(no_walk_is_told_of_before_it_is_reported, rewritten(ROWS, ", reported_at__isnull=False")),
    Fault(no_other_unit_is_told_of_it, rewritten(ROWS, "item__department_id__in=units, ")),
    Fault(the_own_walks_are_none_of_others, rewritten(ROWS, '.exclude(department_id=F("item__department_id"))')),
)


class TestHosted(FaultTests):
    pass
