"""Accounts locked after five wrong passwords: which are, and taking the lock away."""

from datetime import datetime

from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.rules import may_decide_roles
from core import audit
from core.exceptions import NotAllowed, Refused


def locked_until(user: User) -> datetime | None:
    """Until when the account is locked from at least one address; None while it is from nowhere. One query."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    attempts = AccessAttempt.objects.filter(
        username=user.username, failures_since_start__gte=settings.AXES_FAILURE_LIMIT, attempt_time__gt=since
    )
    last = attempts.order_by("-attempt_time").values_list("attempt_time", flat=True).first()
    return last and last + settings.AXES_COOLOFF_TIME


@transaction.atomic
def unlock(*, user: User, actor: User, reason: str) -> None:
    """Take the lock away at every address. Side effects in order: the counted failures; an audit entry.

    Raises NotAllowed for anybody but 安全管理员, Refused for the own account and for one that is not locked.
    """
    if not may_decide_roles(actor):
        raise NotAllowed("锁定由安全管理员解除，您没有此项权限。", rule="permission")
    if user.pk == actor.pk:
        raise Refused("不能解除自己账号的锁定，没有办理。", rule="user.own")
    if locked_until(user) is None:
        raise Refused("该账号没有被锁定，或锁定已到时解除，没有办理。", rule="user.unlocked")
    reset(username=user.username)
    detail = {"reason": reason}
    audit.record(actor=actor, action="user.unlocked", object_type="user", object_key=user.username, detail=detail)
