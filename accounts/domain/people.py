"""The writer of accounts, and who they are."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.domain.labels import refresh_labels
from accounts.domain.tokens import end_all
from accounts.enums import AccountKind
from accounts.models import Membership, User
from core import audit
from core.conflicts import taken_already
from core.exceptions import Conflict, Refused

DISABLED, ENABLED = "user.disabled", "user.enabled"


@transaction.atomic
def create_users(*, users: Sequence[User], actor: User | None) -> None:
    """Make accounts that must change their password at the first sign-in. Side effects in order: the accounts, which
    have ids afterwards; an audit entry for each.

    ``password`` of a user is the stored form (``make_password``).
    """
    for user in users:
        user.must_change_password = True
        user.label = user.name
    User.objects.bulk_create(users, batch_size=500)
    refresh_labels(user.name for user in users)
    keys, details = [user.username for user in users], [{"kind": user.kind} for user in users]
    audit.record_each(actor=actor, action="user.created", object_type="user", keys=keys, details=details)


@transaction.atomic
def make_administrator(*, user: User, kind: str, actor: User | None) -> None:
    """Make a business account without roles one of the three administrators, and leave an audit entry.

    Raises Refused when the account holds a role or is an administrator of another kind: 三员 are kept apart.
    """
    if user.kind == kind:
        return
    label = AccountKind(kind).label
    if user.kind != AccountKind.STAFF or Membership.objects.filter(user=user).exists():
        raise Refused(f"{user}已有其他角色，不得兼任{label}。没有办理任何一项。", rule="three_admins")
    user.kind = kind
    user.save(update_fields=["kind"])
    detail = {"kind": label}
    audit.record(actor=actor, action="user.kind_set", object_type="user", object_key=user.username, detail=detail)


@transaction.atomic
def disable_user(*, user: User, actor: User, reason: str = "") -> None:
    """Disable the account. Side effects in order: the account, whose sessions end and stay ended when it is enabled
    again; its tokens; an audit entry. Raises Refused for the own account, and for the last in use of one of the three
    administrators."""
    if user.pk == actor.pk:
        raise Refused("不能停用自己的账号，没有办理。", rule="user.own")
    if user.kind != AccountKind.STAFF and _administrators_held(user.kind) == [user.pk]:
        raise Refused(
            f"这是唯一在用的{user.get_kind_display()}，停用后无人接替，没有办理。请先增加一名{user.get_kind_display()}。",
            rule="user.last",
        )
    User.objects.filter(pk=user.pk).update(is_active=False, session_generation=F("session_generation") + 1)
    end_all([user.pk], now=timezone.now())
    _note(user, actor, DISABLED, reason)


def _administrators_held(kind: str) -> list[int]:
    """``administrators``; whoever disables another of them at the same moment waits, and then counts one less."""
    rows = User.objects.select_for_update().filter(kind=kind, is_active=True)
    return list(rows.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def enable_user(*, user: User, actor: User, reason: str = "") -> None:
    """The account may sign in again, with nothing it had open before. Leaves an audit entry."""
    User.objects.filter(pk=user.pk).update(is_active=True)
    _note(user, actor, ENABLED, reason)


def switched_already(user: User) -> Conflict:
    """The account is already what it was to become: by whom and when."""
    action, state = (ENABLED, "启用") if user.is_active else (DISABLED, "停用")
    who, at = audit.last_done(action, object_type="user", object_key=user.username)
    return taken_already(f"{user.label}的账号已经{state}", who, at, rule="person.state")


def _note(user: User, actor: User, action: str, reason: str) -> None:
    audit.record(actor=actor, action=action, object_type="user", object_key=user.username, detail={"reason": reason})


def administrators(kind: str) -> list[int]:
    """Ids of the active accounts of one of the three administrators."""
    return list(User.objects.filter(kind=kind, is_active=True).order_by("pk").values_list("pk", flat=True))


def labels_of(user_ids: Iterable[int]) -> list[str]:
    """What these people are called, in the order in which their accounts were made; one query."""
    return list(User.objects.filter(pk__in=list(user_ids)).order_by("pk").values_list("label", flat=True))


def signed_in(*, user: User) -> None:
    """Leave an audit entry of a successful sign-in."""
    audit.record(actor=user, action="user.signed_in", object_type="user", object_key=user.username)
