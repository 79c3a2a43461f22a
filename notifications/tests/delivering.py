"""What tests of messages that leave the system share: a notice, an address, a channel, the morning after."""

from datetime import datetime, timedelta

from notifications.domain import channels
from notifications.domain.channels import ChannelSettings
from notifications.domain.notices import Draft, ensure
from notifications.enums import Reach
from notifications.models import Channel
from tests.cast import NOON, TZ

SITE = "http://10.1.2.3/"
MORNING = datetime(2022, 6, 9, 9, 5, tzinfo=TZ)  # a Thursday


def told(user, key: str, *, reach: str = Reach.DIGEST, now: datetime = NOON) -> None:
    ensure([Draft(user.pk, "k", key, "县民政局 QH2022-00001 张三", "", reach=reach)], now=now)


def write_to(user) -> None:
    seen = channels.token_of_address(channels.address_of(user))
    channels.set_address(user=user, address=f"{user.username}@example.gov.cn", seen=seen, now=NOON)


def set_up(cast, kind: str, **settings) -> Channel:
    stored = channels.channel_of(kind)
    return channels.set_up(
        kind=kind,
        settings=ChannelSettings(site=SITE, **settings),
        is_on=True,
        seen=channels.token_of_channel(stored),
        actor=cast.sysadmin,
        now=NOON - timedelta(days=1),
    )
