"""Send what waits: one process has a message by its lease, what fails is tried again later and later, then given up and
shown to 系统管理员. The one writer of ``Delivery.state``."""

import logging
from datetime import datetime, timedelta
from time import monotonic
from uuid import uuid4

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from core import audit
from core.calendar import work_calendar
from core.conflicts import taken_already
from core.exceptions import Refused
from core.sealed import Unreadable
from notifications.domain import transports
from notifications.domain.channels import channel_of, require_keeper, settings_of
from notifications.domain.digests import KEPT, is_working_time
from notifications.domain.transports import Unsent
from notifications.enums import ChannelKind, DeliveryKind, DeliveryState
from notifications.models import Delivery

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=3)
# A round goes on until nothing is due or so much time has passed: the next one begins a minute after it did.
SECONDS_A_ROUND = 45
# After each failure; after the last the message is given up.
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360))
AT_ONCE = 50
SUBJECT = "“一把手走流程”系统：{count} 条消息待处理"


def deliver(now: datetime) -> dict[str, int]:
    """Send what is due; {"sent", "failed"}: how many messages. Outside working hours tests alone are sent. Safe in two
    places at once: who does not get the lease passes on."""
    done, started = {"sent": 0, "failed": 0}, monotonic()
    waiting = Delivery.objects.filter(_is_due(now), _is_free(now), state=DeliveryState.WAITING)
    if not is_working_time(now, work_calendar()):
        waiting = waiting.filter(kind=DeliveryKind.TEST)
    while batch := list(waiting.order_by("next_at", "id").values_list("pk", flat=True)[:AT_ONCE]):
        for pk in batch:
            if monotonic() - started > SECONDS_A_ROUND:
                return done
            if _lease(pk, now):
                delivery = Delivery.objects.select_related("channel", "recipient").get(pk=pk)
                done["sent" if _send(delivery, now) else "failed"] += 1
    return done


def _is_due(now: datetime) -> Q:
    """Also what was put off for longer than is ever done: the clock that did it ran ahead."""
    return Q(next_at__lte=now) | Q(next_at__gt=now + BACK_OFF[-1])


def _is_free(now: datetime) -> Q:
    return Q(leased_until=None) | Q(leased_until__lt=now) | Q(leased_until__gt=now + LEASE)


def _lease(pk: int, now: datetime) -> bool:
    mine = Delivery.objects.filter(_is_free(now), pk=pk, state=DeliveryState.WAITING)
    return mine.update(leased_until=now + LEASE) == 1


def _send(delivery: Delivery, now: datetime) -> bool:
    try:
        _transport(delivery)
    except Unsent as unsent:
        _failed(delivery, str(unsent), now)
        return False
    except Exception:
        # One message keeps no other from leaving, whatever is wrong with it.
        logger.exception("delivery %s", delivery.public_id)
        _failed(delivery, "无法发送，请核对渠道设置和收件地址", now)
        return False
    facts = {"state": DeliveryState.SENT, "sent_at": now, "leased_until": None, "error": ""}
    Delivery.objects.filter(pk=delivery.pk).update(attempts=delivery.attempts + 1, **facts)
    return True


def _transport(delivery: Delivery) -> None:
    """Hand the message over. Raises Unsent."""
    channel = delivery.channel
    if not channel.is_on and delivery.kind != DeliveryKind.TEST:
        raise Unsent("渠道已停用")
    try:
        settings = settings_of(channel)
    except Unreadable as error:
        raise Unsent("系统密钥已更换，请重新填写渠道设置") from error
    if channel.kind != ChannelKind.EMAIL:
        transports.send_to_group(settings, kind=channel.kind, text=_text(delivery, settings.site))
        return
    to = delivery.mail_to or _mail_of(delivery.recipient)
    subject = SUBJECT.format(count=delivery.count) if delivery.kind != DeliveryKind.TEST else "测试邮件"
    body = _text(delivery, settings.site)
    transports.send_mail(settings, to=to, subject=subject, body=body, message_id=delivery.public_id)


def _mail_of(user: User | None) -> str:
    address = getattr(user, "mail_address", None)
    if user is None or not user.is_active or address is None:
        raise Unsent("收件人没有登记邮箱，或者账号已停用")
    return address.address


def _text(delivery: Delivery, site: str) -> str:
    """How many wait and where to read them; no name, no number of an issue, no words of a notice."""
    if delivery.kind == DeliveryKind.TEST:
        return f"这是“一把手走流程”系统的测试消息，收到即说明渠道可用。\n{site}"
    who = "您" if delivery.recipient_id else f"{delivery.people} 人共"
    at_once = "，请尽快处理" if delivery.kind == DeliveryKind.AT_ONCE else ""
    return f"{who}有 {delivery.count} 条消息待处理{at_once}，请登录查看：\n{site}"


def _failed(delivery: Delivery, why: str, now: datetime) -> None:
    """Try again later; after the last attempt, and of a test at once, given up."""
    attempts = delivery.attempts + 1
    given_up = attempts > len(BACK_OFF) or delivery.kind == DeliveryKind.TEST
    facts: dict[str, object] = {"attempts": attempts, "error": why[:200], "leased_until": None}
    facts |= {"state": DeliveryState.DEAD} if given_up else {"next_at": now + BACK_OFF[attempts - 1]}
    Delivery.objects.filter(pk=delivery.pk).update(**facts)


@transaction.atomic
def ask_test(*, kind: str, mail_to: str, actor: User, now: datetime) -> Delivery:
    """A message that tries the channel, made now and sent by the next round. Raises NotAllowed for anybody but
    系统管理员, Refused where the channel was not set up."""
    require_keeper(actor)
    channel = channel_of(kind)
    if channel is None:
        raise Refused("渠道还没有设置，没有发送。请先保存设置。", rule="channel.unset")
    facts = {"count": 0, "mail_to": mail_to, "made_at": now, "next_at": now}
    made = Delivery.objects.create(channel=channel, kind=DeliveryKind.TEST, key=f"test:{uuid4()}", **facts)
    audit.record(actor=actor, action="channel.tested", object_type="channel", object_key=ChannelKind(kind).label)
    return made


@transaction.atomic
def try_again(*, delivery: Delivery, actor: User, now: datetime) -> None:
    """Send once more what was given up. Raises NotAllowed for anybody but 系统管理员, IllegalTransition where it
    waits or was sent meanwhile."""
    require_keeper(actor)
    held = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if held.state != DeliveryState.DEAD:
        raise taken_already("这条消息已经重新发送", None, None, rule="delivery.state")
    facts = {"state": DeliveryState.WAITING, "attempts": 0, "next_at": now, "error": ""}
    Delivery.objects.filter(pk=held.pk).update(**facts)
    audit.record(actor=actor, action="delivery.again", object_type="delivery", object_key=held.public_id)


def purge_deliveries(now: datetime) -> int:
    """Delete what was sent or given up more than 90 days ago; how many (条)."""
    old = Delivery.objects.filter(made_at__lt=now - KEPT).exclude(state=DeliveryState.WAITING)
    return old.delete()[0]
