"""Access to what leaves the system: rows of the policy, and the objects they ask for."""

from django.utils import timezone

from accounts.enums import AccountKind
from accounts.models import User
from notifications.enums import ChannelKind, DeliveryKind, DeliveryState
from notifications.models import Channel, Delivery
from tests.access.policy import Access, Row, give, page

KEPT, KEPT_BARE, DONE = (Access(give(status, "sysadmin")) for status in (200, 400, 302))
# A channel is no county's: both relations alike.
AGAIN = Access(*(give(302, "sysadmin"),) * 2)
EMAIL = {"kind": "email"}

ROWS: dict[str, Row] = {
    "channels": Row(get=KEPT),
    "channel": Row(extra=EMAIL, get=KEPT, post=KEPT_BARE),
    "channel_test": Row(extra=EMAIL, post=DONE),
    "deliveries": Row(get=KEPT),
    "deliveries_export": Row(get=KEPT),
    "delivery_again": Row("delivery", post=AGAIN),
    "mail_address": Row(get=page().get, post=Access(rest=400)),
}
ABSENT: dict[str, dict] = {"delivery": {"pk": "00000000-0000-4000-8000-000000000000"}}


def objects(cast) -> dict[str, dict]:
    now = timezone.now()
    keeper = cast.people.get("sysadmin") or User.objects.filter(kind=AccountKind.SYSADMIN).first()
    channel, _ = Channel.objects.get_or_create(
        kind=ChannelKind.EMAIL, defaults={"sealed": "", "set_by": keeper, "set_at": now}
    )
    made = Delivery.objects.create(
        channel=channel, kind=DeliveryKind.DIGEST, state=DeliveryState.DEAD, key=f"digest:{cast.office.pk}", count=1,
        recipient=cast.office, made_at=now, next_at=now,
    )  # fmt: skip
    return {"delivery": {"pk": made.public_id}}
