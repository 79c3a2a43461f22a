"""A person's own password: asking for it again before a grave step, changing it, and not going back to an old one."""

from axes.utils import reset
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.http import HttpRequest

from accounts.models import OldPassword, User
from core import audit

# The password in use and those before it that may not be chosen again, together.
BARRED = 5
# What axes leaves on a request whose password was wrong: how often in a row.
COUNTED = "axes_failures_since_start"
NO_ACCOUNT = "（没有此账号）"
NOBODY = "未登录"
WRONG = "密码不正确，没有办理。已填写的内容已保留，请重新输入登录密码；连续输错 5 次将锁定 10 分钟。"


def is_right(request: HttpRequest, password: str) -> bool:
    """Whether this is the password of the person who sent the request.

    Counted with the failed sign-ins of the same account and address: after the fifth the answer becomes the page that
    says the account is locked, whatever was typed. A right one takes the count back.
    """
    user = request.user
    right = authenticate(request=request, username=user.get_username(), password=password)
    if right is None or right.pk != user.pk:
        note_failure(request, user.get_username())
        return False
    reset(ip=request.META.get("REMOTE_ADDR"), username=user.get_username())
    return True


def note_failure(request: HttpRequest, username: str) -> None:
    """Leave an audit entry of a wrong password, and of the one by which the account is locked.

    Attempts while it is locked leave none, so that nobody fills the audit by going on. What
    was typed for an account that does not exist is not kept: it may be a password in the wrong place.
    """
    count = getattr(request, COUNTED, None)
    if count is None or count > settings.AXES_FAILURE_LIMIT:
        return
    known = User.objects.filter(username=username.replace("\x00", "")).first()
    action = "user.locked_out" if count >= settings.AXES_FAILURE_LIMIT else "user.sign_in_failed"
    key, detail = known.username if known else NO_ACCOUNT, {"failures": count}
    actor = request.user if request.user.is_authenticated else None
    audit.record(actor=actor, action=action, object_type="user", object_key=key, detail=detail, label=NOBODY)


def was_used(user: User, password: str) -> bool:
    """Whether it is the present password or one of the four before it."""
    old = OldPassword.objects.filter(user=user).order_by("-pk")[: BARRED - 1]
    return any(check_password(password, stored) for stored in (user.password, *(one.password for one in old)))


@transaction.atomic
def change(*, user: User, password: str) -> None:
    """The person chose this password: other sessions end, tokens work again. Side effects in order: the old password
    among those barred, the oldest dropped; the account; an audit entry."""
    OldPassword.objects.create(user=user, password=user.password)
    kept = OldPassword.objects.filter(user=user).order_by("-pk").values_list("pk", flat=True)[: BARRED - 1]
    OldPassword.objects.filter(user=user).exclude(pk__in=list(kept)).delete()
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    audit.record(actor=user, action="user.password_changed", object_type="user", object_key=user.username)
