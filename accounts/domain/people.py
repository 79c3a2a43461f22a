"""Who works where: the writers of accounts and memberships, and the look-ups other apps need."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from accounts.enums import AccountKind, Role
from accounts.models import Department, Membership, User
from core import audit
from core.exceptions import Refused


@transaction.atomic
def create_user(
    *,
    username: str,
    name: str,
    password: str,
    phone: str = "",
    kind: str = AccountKind.STAFF,
    actor: User | None = None,
) -> User:
    """Make an account that must change its password at the first sign-in, and leave an audit entry.

    ``password`` is the stored form (``make_password``).
    """
    user = User.objects.create(
        username=username, name=name, password=password, phone=phone, kind=kind, must_change_password=True
    )
    audit.record(
        actor=actor, action="user.created", object_type="user", object_key=username, detail={"kind": user.kind}
    )
    return user


@transaction.atomic
def grant_membership(
    *, user: User, department: Department, role: str, title: str = "", actor: User | None = None
) -> Membership:
    """Give ``user`` a role in ``department`` (kept when it exists) and leave an audit entry.

    Raises Refused for one of the three administrators: 三员 hold no business role.
    """
    if user.kind != AccountKind.STAFF:
        raise Refused(f"{user} 是{user.get_kind_display()}，不得兼任业务角色。", rule="three_admins")
    membership, created = Membership.objects.get_or_create(
        user=user, department=department, role=role, defaults={"title": title}
    )
    if not created and title and membership.title != title:
        membership.title = title
        membership.save(update_fields=["title"])
    if created:
        detail = {"user": user.pk, "department": department.pk, "role": role}
        audit.record(
            actor=actor, action="membership.granted", object_type="user", object_key=user.username, detail=detail
        )
    return membership


@transaction.atomic
def disable_user(*, user: User, actor: User) -> None:
    """Disable the account and leave an audit entry; open sessions end at their next request."""
    User.objects.filter(pk=user.pk).update(is_active=False)
    audit.record(actor=actor, action="user.disabled", object_type="user", object_key=user.username)


def people_with_role(*, department_ids: Iterable[int], roles: Iterable[str]) -> dict[int, list[int]]:
    """{department id: [user id]} of active people holding one of ``roles`` there; one query for the whole batch."""
    rows = Membership.objects.filter(
        department_id__in=list(department_ids), role__in=list(roles), user__is_active=True
    ).values_list("department_id", "user_id")
    found: dict[int, list[int]] = {}
    for department_id, user_id in rows.order_by("department_id", "user_id").distinct():
        found.setdefault(department_id, []).append(user_id)
    return found


def administrators(kind: str) -> list[int]:
    """Ids of the active accounts of one of the three administrators."""
    return list(User.objects.filter(kind=kind, is_active=True).order_by("pk").values_list("pk", flat=True))


def members_of(department_id: int) -> QuerySet[User]:
    """Active people of one department, each once, for choosing a responsible person."""
    return User.objects.filter(memberships__department_id=department_id, is_active=True).distinct().order_by("name")


def capacity_in(*, user_id: int, department_id: int) -> str:
    """``principal``, ``deputy`` or "" : in which capacity the person leads that department."""
    roles = set(Membership.objects.filter(user_id=user_id, department_id=department_id).values_list("role", flat=True))
    return next((role for role in (Role.PRINCIPAL, Role.DEPUTY) if role in roles), "")


@transaction.atomic
def password_changed(*, user: User) -> None:
    """Note that the person chose a password of their own; leaves an audit entry."""
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    audit.record(actor=user, action="user.password_changed", object_type="user", object_key=user.username)


def signed_in(*, user: User, ip: str | None) -> None:
    """Leave an audit entry of a successful sign-in; failed ones are counted by axes."""
    audit.record(actor=user, action="user.signed_in", object_type="user", object_key=user.username, ip=ip)
