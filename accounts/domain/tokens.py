"""Keys of programs: made for one purpose with a scope and a last day, shown once, ended by their owner.

They end with the account and with its password. What asks for the password on the pages no token does (docs/rules.md,
section 4).
"""

import hashlib
import secrets
from contextlib import suppress
from datetime import date, datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.models import Case, Q, QuerySet, When
from django.utils import timezone

from accounts.enums import TokenScope
from accounts.models import ApiToken, User
from core import audit
from core.conflicts import taken_already
from core.exceptions import Refused
from core.locks import without_waiting

LONGEST = timedelta(days=366)
# In force, of one person.
MOST = 10
UNUSED_FOR = timedelta(hours=1)


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """The person's own tokens, ended ones included, the newest first."""
    return ApiToken.objects.filter(user=user)


def in_force(today: date) -> Q:
    """Tokens that work on that day."""
    return Q(ended_at=None, expires_on__gte=today)


def token_rows(user: User, today: date) -> QuerySet[ApiToken]:
    """``tokens_of`` for the page, each with ``works``: whether its key opens anything on that day."""
    return tokens_of(user).annotate(works=Case(When(in_force(today), then=True), default=False))


@transaction.atomic
def make_token(*, user: User, purpose: str, scope: str, expires_on: date, now: datetime) -> tuple[ApiToken, str]:
    """(the token, its key). The key is kept nowhere. Side effect: an audit entry without it. Raises Refused for a last
    day that has passed or lies more than a year ahead, and beyond ten tokens in force."""
    today = timezone.localtime(now).date()
    if not today <= expires_on <= today + LONGEST:
        words = f"有效期应在 {today} 至 {today + LONGEST} 之间"
        raise Refused(f"{words}，没有建立。", fields={"expires_on": words})
    # One after the other: two windows make no eleventh.
    User.objects.select_for_update().get(pk=user.pk)
    if tokens_of(user).filter(in_force(today)).count() >= MOST:
        raise Refused(f"在用的令牌已有 {MOST} 个，没有建立。请先停用不再使用的。", rule="token.most")
    key = secrets.token_urlsafe(32)
    made = ApiToken.objects.create(
        user=user, purpose=purpose, scope=scope, digest=digest_of(key), expires_on=expires_on, made_at=now
    )
    detail = {"purpose": purpose, "scope": TokenScope(scope).label, "until": expires_on.isoformat()}
    audit.record(actor=user, action="token.made", object_type="user", object_key=user.username, detail=detail)
    return made, key


@transaction.atomic
def end_token(*, token: ApiToken, user: User, now: datetime) -> None:
    """From now on the key opens nothing. Side effect: an audit entry. Raises IllegalTransition where it was ended."""
    held = tokens_of(user).select_for_update().get(pk=token.pk)
    if held.ended_at:
        raise taken_already(f"令牌“{held.purpose}”已经停用", user, held.ended_at, rule="token.ended")
    ApiToken.objects.filter(pk=held.pk).update(ended_at=now)
    detail = {"purpose": held.purpose}
    audit.record(actor=user, action="token.ended", object_type="user", object_key=user.username, detail=detail)


def end_all(user_ids: list[int], *, now: datetime) -> None:
    """With the account or its password every key ends; the audit entry is the caller's."""
    ApiToken.objects.filter(user__in=user_ids, ended_at=None).update(ended_at=now)


def digest_of(key: str) -> str:
    """What is stored of a key: it is random and long, so that no salt is needed."""
    return hashlib.sha256(key.encode()).hexdigest()


def token_of(key: str, *, now: datetime) -> ApiToken | None:
    """The token of that key with its owner, in force or not; None where there is none. Side effect: when it was used
    last, at most once an hour."""
    found = ApiToken.objects.select_related("user").filter(digest=digest_of(key)).first()
    if found and found.ended_at is None and (found.last_used_at is None or now - found.last_used_at > UNUSED_FOR):
        # Reading waits for no writer, and goes on where nothing can be written.
        with suppress(DatabaseError), without_waiting():
            ApiToken.objects.filter(pk=found.pk).update(last_used_at=now)
    return found


def why_not(token: ApiToken | None, now: datetime) -> str:
    """Why a key opens nothing, in words; "" where it does."""
    if token is None:
        return "令牌不正确。请在“接口令牌”页查看，或者重新建立。"
    if token.ended_at or not token.user.is_active:
        return f"令牌“{token.purpose}”已经停用。"
    if token.expires_on < timezone.localtime(now).date():
        return f"令牌“{token.purpose}”的有效期到 {token.expires_on} 为止，已经到期。请重新建立。"
    if token.user.must_change_password:
        return "请先登录网页修改密码，修改以前令牌不能使用。"
    return ""
