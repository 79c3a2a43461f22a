"""Mutation tests of what leaves the system: as ``test_rights_mutations``."""

from datetime import timedelta

import pytest
from django.db.models import Q

from core.exceptions import NotAllowed
from notifications.domain import channels, digests, queries, sending
from notifications.domain.channels import ChannelSettings
from notifications.domain.notices import Draft, ensure
from notifications.enums import DeliveryKind, Reach
from notifications.models import Channel, Delivery
from notifications.tests.delivering import MORNING, write_to
from tests.cast import NOON
from tests.faults.fault import Fault, FaultTests, replaced, rewritten
from walks.domain import notices as walk_notices
from walks.models import Walk

pytestmark = pytest.mark.django_db
SENDING, DIGESTS = "notifications.domain.sending", "notifications.domain.digests"


def mailed(cast) -> Channel:
    write_to(cast.liaison)
    facts = {"is_on": True, "sealed": "", "set_by": cast.sysadmin, "set_at": NOON - timedelta(days=1)}
    return Channel.objects.create(kind="email", **facts)


def told(cast, reach: str) -> None:
    ensure([Draft(cast.liaison.pk, "k", reach, "一", "", reach=reach)], now=NOON)


def what_concerns_a_covert_walk_is_counted_nowhere(cast):
    mailed(cast)
    told(cast, Reach.INSIDE)
    assert digests.make_deliveries(MORNING) == 0


def a_notice_of_a_hidden_walk_stays_inside(cast):
    assert walk_notices._reach("returned", Walk(is_covert=True)) == Reach.INSIDE


def nobody_is_disturbed_at_night(cast):
    mailed(cast)
    told(cast, Reach.DIGEST)
    assert digests.make_deliveries(MORNING.replace(hour=22)) == 0


def nothing_leaves_by_a_channel_that_is_off(cast):
    mailed(cast)
    Channel.objects.update(is_on=False)
    told(cast, Reach.DIGEST)
    assert digests.make_deliveries(MORNING) == 0


def two_processes_do_not_send_one_message(cast):
    channel = mailed(cast)
    facts = {"channel": channel, "kind": DeliveryKind.DIGEST, "count": 1, "made_at": NOON, "next_at": NOON}
    Delivery.objects.create(key="a", recipient=cast.liaison, leased_until=MORNING + timedelta(minutes=1), **facts)
    assert sending.deliver(MORNING) == {"sent": 0, "failed": 0}


def only_the_administrator_sets_up(cast):
    asked = {"settings": ChannelSettings(), "is_on": True, "seen": channels.token_of_channel(None), "now": NOON}
    with pytest.raises(NotAllowed):
        channels.set_up(kind="email", actor=cast.office, **asked)


def nobody_else_reads_who_is_reached(cast):
    channel = mailed(cast)
    facts = {"channel": channel, "kind": DeliveryKind.DIGEST, "count": 1, "made_at": NOON, "next_at": NOON}
    Delivery.objects.create(key="a", recipient=cast.liaison, **facts)
    assert not queries.deliveries_visible_to(cast.office).exists()


FAULTS = [
    Fault(
        what_concerns_a_covert_walk_is_counted_nowhere,
        rewritten(f"{DIGESTS}._open_notices", "rows.exclude(reach=Reach.INSIDE)", "rows"),
    ),
    Fault(a_notice_of_a_hidden_walk_stays_inside, rewritten("walks.domain.notices._reach", "walk.is_hidden", "False")),
    Fault(
        nobody_is_disturbed_at_night,
        rewritten(f"{DIGESTS}.make_deliveries", " or not is_working_time(now, work_calendar())", ""),
    ),
    Fault(
        nothing_leaves_by_a_channel_that_is_off,
        rewritten("notifications.domain.channels.open_channels", "filter(is_on=True)", "all()"),
    ),
    Fault(two_processes_do_not_send_one_message, replaced(f"{SENDING}._is_free", lambda now: Q())),
    Fault(
        only_the_administrator_sets_up, rewritten("notifications.domain.channels.set_up", "    require_keeper(actor)\n")
    ),
    Fault(
        nobody_else_reads_who_is_reached,
        rewritten("notifications.domain.queries.deliveries_visible_to", "may_watch_system(user)", "True"),
    ),
]


class TestDeliveryFaults(FaultTests):
    """Of the table above."""
