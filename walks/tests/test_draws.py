"""随机抽取: the computation, what it refuses, and that a draw stands."""

import hashlib
from collections import Counter

import pytest
import time_machine
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from campaigns.models import RosterEntry
from catalogue.models import ItemKind, ServiceItem
from core.exceptions import IllegalTransition, NotAllowed, Refused
from core.models import AuditEntry
from tests.cast import NOON, build_cast
from walks.domain import draws
from walks.domain.draws import draw, make_draw
from walks.models import Draw

pytestmark = pytest.mark.both_databases

POOLS = st.sets(st.integers(1, 10**9), min_size=3, max_size=40)
SEEDS = st.text("0123456789abcdef", min_size=32, max_size=32)


@given(seed=SEEDS, pool=POOLS)
def test_the_same_seed_gives_the_same_items_however_the_pool_is_stored(seed, pool):
    forwards, backwards = sorted(pool), sorted(pool, reverse=True)
    assert draw(seed, forwards, 3) == draw(seed, backwards, 3) == draw(seed, [*forwards, *backwards], 3)


@given(seed=SEEDS, pool=POOLS, n=st.integers(0, 3))
def test_as_many_items_as_asked_for_all_of_the_pool_none_twice(seed, pool, n):
    found = draw(seed, pool, n)
    assert len(found) == len(set(found)) == n
    assert set(found) <= pool


@given(seed=SEEDS, pool=POOLS)
def test_two_items_are_the_first_two_of_three(seed, pool):
    assert draw(seed, pool, 2) == draw(seed, pool, 3)[:2]


def test_the_documented_steps_done_by_hand_give_the_result():
    seed, pool = "00ff", [11, 2, 305]
    by_hand = sorted(pool, key=lambda item: hashlib.sha256(b"00ff:%d" % item).hexdigest())
    assert draw(seed, pool, 2) == by_hand[:2]
    assert draws.digest_of("00ff", 2) == hashlib.sha256(b"00ff:2").hexdigest()


def test_every_item_has_the_same_chance():
    pool, rounds, n = range(1, 11), 20_000, 3
    counts = Counter(item for number in range(rounds) for item in draw(f"{number:032x}", pool, n))
    expected = rounds * n / len(pool)
    # Without replacement each count is binomial: 5 standard deviations let a fair draw pass.
    bound = 5 * (rounds * 0.3 * 0.7) ** 0.5
    assert all(abs(counts[item] - expected) < bound for item in pool), counts


def test_more_items_than_the_pool_holds_is_an_error():
    with pytest.raises(ValueError, match="cannot draw 3 of 2"):
        draw("aa", [1, 2], 3)


@pytest.fixture
def cast(db):
    with time_machine.travel(NOON, tick=False):
        cast = build_cast()
        for number in range(4):
            ServiceItem.objects.create(department=cast.unit, name=f"民政事项{number}")
        yield cast


def make(cast, **options):
    wanted = {"campaign": cast.campaign, "department": cast.unit, "n": 2, "actor": cast.liaison, "now": NOON}
    return make_draw(**(wanted | options))


def test_seed_pool_and_result_are_recorded_and_give_the_result_again(cast):
    ServiceItem.objects.create(department=cast.unit, name="停用事项", is_active=False)
    ServiceItem.objects.create(department=cast.unit, name="执法检查", kind=ItemKind.ENFORCEMENT)
    record = make(cast, n=3)
    assert (record.month, record.number, len(record.seed), len(record.drawn)) == ("2022-06", 1, 32, 3)
    own = ServiceItem.objects.filter(department=cast.unit, is_active=True).exclude(kind=ItemKind.ENFORCEMENT)
    assert record.pool == sorted(own.values_list("pk", flat=True))
    assert draw(record.seed, record.pool, 3) == record.drawn
    assert draws.is_reproduced(record)
    entry = AuditEntry.objects.get(action="draw.made")
    names = [ServiceItem.objects.get(pk=item).name for item in record.drawn]
    assert (entry.detail["seed"], entry.detail["drawn"]) == (record.seed, names)


def test_a_result_that_was_tampered_with_is_found_out(cast):
    record = make(cast)
    left = [item for item in record.pool if item not in record.drawn]
    assert not draws.is_reproduced(Draw(seed=record.seed, pool=record.pool, drawn=[record.drawn[0], left[0]]))
    assert not draws.is_reproduced(Draw(seed=record.seed, pool=record.pool, drawn=record.drawn[::-1]))
    assert not draws.is_reproduced(Draw(seed=record.seed, pool=[], drawn=record.drawn))


def test_a_second_draw_needs_a_reason_and_leaves_the_first(cast):
    first = make(cast)
    with pytest.raises(Refused, match="本月已抽取 1 次。再次抽取须写明原因"):
        make(cast)
    second = make(cast, reason="抽中事项本月无办件")
    assert (second.number, second.reason) == (2, "抽中事项本月无办件")
    assert list(Draw.objects.order_by("number")) == [first, second]
    july = make(cast, now=NOON.replace(month=7))
    assert (july.month, july.number, july.reason) == ("2022-07", 1, "")


@pytest.mark.django_db(transaction=True)
def test_the_database_itself_keeps_a_draw(cast):
    record = make(cast)
    for write in (lambda: Draw.objects.update(drawn=[]), lambda: Draw.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()
    record.refresh_from_db()
    assert draws.is_reproduced(record)


@pytest.mark.parametrize("n", [1, 4])
def test_how_many_items_is_what_the_rules_allow(cast, n):
    with pytest.raises(Refused, match="应抽取 2 至 3 项（该单位共 5 项）"):
        make(cast, n=n)


def test_a_unit_with_too_few_items_is_told_so(cast):
    ServiceItem.objects.create(department=cast.second_unit, name="身份证补领")
    with pytest.raises(Refused, match="县公安局只有 1 项在用的政务服务事项，少于规定的 2 项"):
        make(cast, department=cast.second_unit, actor=cast.office)
    ServiceItem.objects.create(department=cast.second_unit, name="新生儿落户")
    with pytest.raises(Refused, match="应抽取 2 至 2 项"):
        make(cast, department=cast.second_unit, actor=cast.office, n=3)
    assert len(make(cast, department=cast.second_unit, actor=cast.office).drawn) == 2


@pytest.mark.parametrize("persona", ["principal", "deputy", "liaison", "office"])
def test_the_unit_itself_and_the_office_draw(cast, persona):
    assert make(cast, actor=cast.people[persona]).drawn_by == cast.people[persona]


@pytest.mark.parametrize(
    "persona", ["responsible", "second_liaison", "lead", "supervisor", "office_city", "namesake", "sysadmin"]
)
def test_nobody_else_draws(cast, persona):
    with pytest.raises(NotAllowed):
        make(cast, actor=cast.people[persona])
    assert not Draw.objects.exists()


def test_neither_a_unit_off_the_roster_nor_a_day_outside_the_campaign(cast):
    with pytest.raises(IllegalTransition, match="今天不在活动时间内"):
        make(cast, now=NOON.replace(month=5, day=1))
    RosterEntry.objects.filter(department=cast.unit).update(left_on=NOON.date())
    with pytest.raises(NotAllowed):
        make(cast)


def test_a_campaign_without_this_part_draws_nothing(cast):
    version = cast.campaign.rule_versions.get()
    activities = [one | {"components": []} for one in version.data["activities"]]
    cast.campaign.rule_versions.create(
        number=2, data=version.data | {"activities": activities}, effective_on=NOON.date(), issued_at=NOON
    )
    with pytest.raises(Refused, match="没有“业务检查”"):
        make(cast)
