"""The channels by which messages leave the system: set up, switched on and off by 系统管理员; where a person wants
mail.

All are off until set up. Their settings hold passwords and addresses of robots: encrypted where they are kept, never
shown again, never in the audit.
"""

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet

from accounts.models import User
from accounts.rules import may_watch_system
from core import audit
from core.content_token import content_token, require_unchanged
from core.exceptions import NotAllowed
from core.sealed import Unreadable, seal, unseal
from notifications.enums import ChannelKind, DeliveryState
from notifications.models import Channel, MailAddress

SECURITY = {"none": "不加密", "starttls": "STARTTLS", "ssl": "SSL/TLS"}


@dataclass(frozen=True)
class ChannelSettings:
    """``site``: the address people open, which each message names. Mail: server, port, security, account, sender.
    Robots: ``webhook``, the address their group gave."""

    site: str = ""
    host: str = ""
    port: int = 25
    security: str = "none"
    account: str = ""
    password: str = ""
    sender: str = ""
    webhook: str = ""


def channel_rows(user: User) -> list[dict]:
    """Every kind in fixed order: {"kind", "label", "channel"}, the last with ``waiting``, ``dead`` (条) and
    ``last_sent``, None where it was not set up; one query. Empty for anybody but 系统管理员."""
    if not may_watch_system(user):
        return []
    found = Channel.objects.annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state=DeliveryState.WAITING)),
        dead=Count("deliveries", filter=Q(deliveries__state=DeliveryState.DEAD)),
        last_sent=Max("deliveries__sent_at"),
    )
    by_kind = {one.kind: one for one in found}
    return [{"kind": kind.value, "label": kind.label, "channel": by_kind.get(kind.value)} for kind in ChannelKind]


def channel_of(kind: str) -> Channel | None:
    """How that channel was set up; None when nobody has."""
    return Channel.objects.filter(kind=kind).first()


def settings_of(channel: Channel | None) -> ChannelSettings:
    """Its settings. Raises Unreadable where SECRET_KEY was changed since."""
    if channel is None:
        return ChannelSettings()
    kept, known = json.loads(unseal(channel.sealed)), {one.name for one in fields(ChannelSettings)}
    return ChannelSettings(**{name: value for name, value in kept.items() if name in known})


def token_of_channel(channel: Channel | None) -> str:
    """Of what the page of a channel was opened on."""
    return content_token([channel.kind, channel.version] if channel else [])


def is_readable(channel: Channel | None) -> bool:
    """False where SECRET_KEY was changed since the settings were entered."""
    try:
        settings_of(channel)
    except Unreadable:
        return False
    return True


@transaction.atomic
def set_up(*, kind: str, settings: ChannelSettings, is_on: bool, seen: str, actor: User, now: datetime) -> Channel:
    """Keep the settings of one channel and whether it is used. Side effects in order: the row; an audit entry without
    any secret. Raises NotAllowed for anybody but 系统管理员, StaleVersion when somebody changed it since ``seen``."""
    require_keeper(actor)
    stored = Channel.objects.select_for_update().filter(kind=kind).first()
    require_unchanged(what="该渠道", seen=seen, now=token_of_channel(stored))
    values = {"is_on": is_on, "sealed": seal(json.dumps(asdict(settings))), "set_by": actor, "set_at": now}
    if stored is None:
        stored = Channel.objects.create(kind=kind, **values)
    else:
        Channel.objects.filter(pk=stored.pk).update(version=stored.version + 1, **values)
        stored.refresh_from_db()
    detail = {"is_on": is_on, "site": settings.site, "host": settings.host}
    audit.record(
        actor=actor, action="channel.set", object_type="channel", object_key=ChannelKind(kind).label, detail=detail
    )
    return stored


def require_keeper(actor: User) -> None:
    """Raise NotAllowed for anybody but 系统管理员."""
    if not may_watch_system(actor):
        raise NotAllowed("对外通知由系统管理员设置，您没有此项权限。", rule="permission")


def open_channels() -> dict[str, Channel]:
    """{kind: channel} of those in use; one query."""
    return {one.kind: one for one in Channel.objects.filter(is_on=True)}


def address_of(user: User) -> MailAddress | None:
    """Where the person wants mail."""
    return MailAddress.objects.filter(user=user).first()


def addresses() -> QuerySet[MailAddress]:
    """Of everybody who wants mail and whose account is in use."""
    return MailAddress.objects.filter(user__is_active=True)


def token_of_address(stored: MailAddress | None) -> str:
    """Of what the page of a person's address was opened on."""
    return content_token([stored.address] if stored else [])


@transaction.atomic
def set_address(*, user: User, address: str, seen: str, now: datetime) -> None:
    """Where the person wants mail from now on; "" for no mail. Side effects: the row; an audit entry without the
    address. Raises StaleVersion when it was changed in another window since ``seen``."""
    stored = MailAddress.objects.select_for_update().filter(user=user).first()
    require_unchanged(what="接收邮件的邮箱", seen=seen, now=token_of_address(stored))
    if address:
        MailAddress.objects.update_or_create(user=user, defaults={"address": address, "set_at": now})
    else:
        MailAddress.objects.filter(user=user).delete()
    detail = {"is_set": bool(address)}
    audit.record(actor=user, action="mail.set", object_type="user", object_key=user.username, detail=detail)
