"""Messages that leave the system: which a person sees, as rows of a page or a workbook, and how many wait."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from accounts.models import User
from accounts.rules import may_watch_system
from notifications.enums import ChannelKind, DeliveryKind, DeliveryState
from notifications.models import Delivery

LATEST = 5
ROW = (
    "public_id", "channel__kind", "kind", "state", "count", "people", "attempts", "made_at", "sent_at", "next_at",
    "error", "recipient__label",
)  # fmt: skip


def deliveries_visible_to(user: User) -> QuerySet[Delivery]:
    """All for 系统管理员, none for anybody else: they hold who is reached and how often, and no business."""
    return Delivery.objects.all() if may_watch_system(user) else Delivery.objects.none()


def delivery_views(user: User, today: date) -> dict[str, Q]:
    """{tab: which of them}."""
    return {state.value: Q(state=state) for state in DeliveryState} | {"all": Q()}


def delivery_rows(rows: QuerySet[Delivery]) -> list[dict[str, Any]]:
    """The rows of a page or a workbook, with the words of their choices; one query."""
    return [
        dict(row)
        | {
            "channel": ChannelKind(row["channel__kind"]).label,
            "kind_label": DeliveryKind(row["kind"]).label,
            "state_label": DeliveryState(row["state"]).label,
            "to": row["recipient__label"] or ("测试地址" if row["channel__kind"] == ChannelKind.EMAIL else "群"),
        }
        for row in rows.values(*ROW)
    ]


def latest_deliveries(user: User, kind: str) -> list[dict[str, Any]]:
    """The last five messages by one channel; one query."""
    rows = deliveries_visible_to(user).filter(channel__kind=kind).order_by("-made_at", "-id")
    return delivery_rows(rows[:LATEST])


@dataclass(frozen=True, slots=True)
class SendingState:
    """How many messages wait (条) and since when the oldest was made; of them, how many failed before and are tried
    again; how many were given up."""

    waiting: int
    oldest: datetime | None
    failed: int
    dead: int


def sending_state() -> SendingState:
    """One query."""
    waits = Q(state=DeliveryState.WAITING)
    failed = waits & Q(attempts__gt=0)
    found = Delivery.objects.aggregate(
        waiting=Count("pk", filter=waits),
        oldest=Min("made_at", filter=waits),
        failed=Count("pk", filter=failed),
        dead=Count("pk", filter=Q(state=DeliveryState.DEAD)),
    )
    return SendingState(**found)
