"""A person's password: asking for it again before an important step, changing it, not going back to an old one; and
one-time passwords, shown once to whoever hands them out."""

from datetime import timedelta

from axes.utils import reset
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, check_password, make_password
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.domain.tokens import end_all
from accounts.enums import AccountKind
from accounts.models import OldPassword, User
from accounts.rules import may_keep_people
from core import audit
from core.content_token import content_token, require_unchanged
from core.exceptions import Refused

# The password in use and those before it that may not be chosen again, together.
BARRED = 5
# Making one takes a tenth of a second on purpose.
AT_ONCE = 100
ONE_TIME_LASTS = timedelta(days=7)
# Without signs that are taken for others when read aloud or typed from paper: l, I, 1, o, O, 0.
SIGNS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
EXPIRED = "一次性密码已过期，不能登录。请联系系统管理员重置密码。"
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
    """The person chose this password: other sessions and every token end. Side effects in order: the old password among
    those barred, the oldest dropped; the account; its tokens; an audit entry."""
    OldPassword.objects.create(user=user, password=user.password)
    kept = OldPassword.objects.filter(user=user).order_by("-pk").values_list("pk", flat=True)[: BARRED - 1]
    OldPassword.objects.filter(user=user).exclude(pk__in=list(kept)).delete()
    user.set_password(password)
    user.must_change_password, user.password_expires_at = False, None
    user.save(update_fields=["password", "must_change_password", "password_expires_at"])
    end_all([user.pk], now=timezone.now())
    audit.record(actor=user, action="user.password_changed", object_type="user", object_key=user.username)


def one_time() -> str:
    """A random password that meets the rules: four classes of signs, some 85 bits."""
    return "-".join(get_random_string(5, SIGNS) for _ in range(3)) + "-Z9a"


def is_expired(user: User) -> bool:
    """Whether the account still has a one-time password whose time is over."""
    return user.password_expires_at is not None and user.password_expires_at < timezone.now()


def token_of_password(user: User) -> str:
    """The same until the account is given another password or is disabled; of the password itself it tells nothing."""
    return content_token([user.pk, user.session_generation])


@transaction.atomic
def reset_to_one_time(*, user: User, actor: User, reason: str, seen: str | None = None) -> str:
    """Give the account a one-time password and return it: it is shown once and stored nowhere in the clear.

    The person must choose another at the first sign-in, within ONE_TIME_LASTS. A lock of the account stays, 安全管理员
    takes it away. Side effects in order: the account, whose sessions end; its tokens; an audit entry. Raises Refused
    for the own account and for one of the three administrators: who hands out their password could sign in as them;
    StaleVersion where ``token_of_password`` is no longer ``seen``: the one shown to somebody else would be void.
    """
    if user.pk == actor.pk:
        raise Refused("自己的密码请在“修改密码”页修改，没有重置。", rule="user.own")
    if user.kind != AccountKind.STAFF:
        raise Refused(
            "三员的密码不在页面上重置：重置的人将能以其身份登录。请在服务器上执行 create_admin --reset 用户名。",
            rule="three_admins",
        )
    if seen is not None:
        now = token_of_password(User.objects.select_for_update().get(pk=user.pk))
        require_unchanged(what="该账号的密码", seen=seen, now=now, act="重置")
    password = store_one_time(user)
    detail = {"reason": reason}
    audit.record(actor=actor, action="user.password_reset", object_type="user", object_key=user.username, detail=detail)
    return password


def without_password(user: User) -> QuerySet[User]:
    """Business accounts in use that never had a password, imported on a page, as 系统管理员 sees them; else none."""
    found = User.objects.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX, is_active=True, kind=AccountKind.STAFF)
    return (found if may_keep_people(user) else found.none()).order_by("username")


@transaction.atomic
def give_first_passwords(*, actor: User) -> list[tuple[User, str]]:
    """One-time passwords for accounts without one, AT_ONCE at most; shown once and stored nowhere in the clear.

    Side effects in order, for each: as ``store_one_time``; an audit entry. Raises Refused where every account has one.
    """
    wanted = list(without_password(actor).select_for_update()[:AT_ONCE])
    if not wanted:
        raise Refused("没有缺少密码的账号，没有办理。", rule="passwords.none")
    made = [(user, store_one_time(user)) for user in wanted]
    keys, details = [user.username for user in wanted], [{"reason": "发放初始密码"} for _ in wanted]
    audit.record_each(actor=actor, action="user.password_reset", object_type="user", keys=keys, details=details)
    return made


def store_one_time(user: User) -> str:
    """Write a one-time password to a stored account and return it; the audit entry is the caller's. Side effects in
    order: the old password among those barred; the account, whose sessions end; its tokens."""
    password = one_time()
    OldPassword.objects.create(user=user, password=user.password)
    User.objects.filter(pk=user.pk).update(
        password=make_password(password),
        must_change_password=True,
        password_expires_at=timezone.now() + ONE_TIME_LASTS,
        session_generation=F("session_generation") + 1,
    )
    end_all([user.pk], now=timezone.now())
    return password
