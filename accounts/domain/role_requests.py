"""Roles that wait for 安全管理员: 系统管理员 makes accounts and asks, 安全管理员 decides (三员分立).

The only writer of ``RoleRequest``.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.domain.people import grant_memberships, make_administrator
from accounts.enums import Decision
from accounts.models import Membership, RoleRequest, User
from accounts.rules import may_decide_roles
from core import audit
from core.conflicts import taken_already
from core.exceptions import IllegalTransition, NotAllowed, Refused

REASON_LIMIT = 200
DECISIONS = {Decision.GRANTED: "role.granted", Decision.REFUSED: "role.refused"}


def requests_visible_to(user: User) -> QuerySet:
    """Every request for the security administrator who decides; for anybody else none."""
    return RoleRequest.objects.all() if may_decide_roles(user) else RoleRequest.objects.none()


def open_requests(usernames: Sequence[str]) -> list[RoleRequest]:
    """Requests of these accounts that were not granted (waiting or refused); one query."""
    found = RoleRequest.objects.filter(user__username__in=usernames).exclude(decision=Decision.GRANTED)
    return list(found.select_related("user", "department__region"))


def newest_waiting(user: User) -> int:
    """Id of the newest request that waits; 0 when there is none. One made later is not part of 全部."""
    waiting = requests_visible_to(user).filter(decision=Decision.WAITING)
    return waiting.order_by("-id").values_list("id", flat=True).first() or 0


def waiting_up_to(user: User, newest: int) -> list[int]:
    """Ids of the requests that wait, up to that one."""
    waiting = requests_visible_to(user).filter(decision=Decision.WAITING, pk__lte=newest)
    return list(waiting.values_list("id", flat=True))


def waiting_count(user: User) -> int:
    """How many roles wait for this person's decision."""
    return requests_visible_to(user).filter(decision=Decision.WAITING).count()


def request_rows(requests: QuerySet) -> list[dict]:
    """The rows of a page, one query."""
    rows = requests.values(
        "id", "user__name", "user__username", "user__is_active", "department__name", "department__region__name",
        "role", "title", "requested_by__name", "requested_at", "decision", "decided_by__name", "decided_at", "reason",
    )  # fmt: skip
    labels = dict(RoleRequest.ROLES)
    return [
        row | {"role_label": labels[row["role"]], "decision_label": Decision(row["decision"]).label} for row in rows
    ]


@transaction.atomic
def ask(*, requests: Sequence[RoleRequest], actor: User | None) -> None:
    """Store new requests. Side effects in order: the rows; an audit entry for each."""
    RoleRequest.objects.bulk_create(requests, batch_size=500)
    _note(requests, actor, "role.requested")


@transaction.atomic
def retitle(*, requests: Sequence[RoleRequest]) -> None:
    """Store the titles of requests that are not granted."""
    RoleRequest.objects.bulk_update(requests, ["title"], batch_size=500)


@transaction.atomic
def decide(*, ids: Collection[int], decision: str, reason: str, actor: User) -> int:
    """Grant or refuse requests with a reason; how many. All or nothing; those granted already are left out.

    A refused one may be granted later, a granted one is no longer open. Side effects in order: memberships, or the
    account's kind; the rows; audit entries. Raises NotAllowed for anybody but 安全管理员, Refused without a reason or
    when a rule forbids one of the roles, IllegalTransition, saying by whom and when, where all were decided before.
    """
    if not may_decide_roles(actor):
        raise NotAllowed("角色由安全管理员授予，您没有此项权限。", rule="permission")
    if not reason:
        raise Refused("没有写明理由，未办理。", fields={"reason": "请写明理由"})
    left = [Decision.GRANTED] if decision == Decision.GRANTED else [Decision.GRANTED, Decision.REFUSED]
    open_ones = RoleRequest.objects.select_for_update(of=("self",)).filter(pk__in=ids).exclude(decision__in=left)
    requests = list(open_ones.select_related("user", "department__region").order_by("pk"))
    if not requests:
        raise decided_already(ids)
    if decision == Decision.GRANTED:
        _grant(requests, actor)
    for one in requests:
        one.decision, one.reason = decision, reason[:REASON_LIMIT]
        one.decided_by, one.decided_at = actor, timezone.now()
    RoleRequest.objects.bulk_update(requests, ["decision", "reason", "decided_by", "decided_at"], batch_size=500)
    _note(requests, actor, DECISIONS[Decision(decision)], reason=reason)
    return len(requests)


def last_decision(ids: Collection[int]) -> tuple[User | None, datetime | None]:
    """(who, when) of the last decision about any of these requests; (None, None) where there was none."""
    rows = RoleRequest.objects.filter(pk__in=ids).exclude(decision=Decision.WAITING).select_related("decided_by")
    last = rows.order_by("-decided_at", "-pk").first()
    return (last.decided_by, last.decided_at) if last else (None, None)


def decided_already(ids: Collection[int]) -> IllegalTransition:
    """None of these requests waits any more: who decided last, and when."""
    return taken_already("所选角色已经办理", *last_decision(ids), rule="roles.decided")


def _grant(requests: Sequence[RoleRequest], actor: User) -> None:
    wanted = []
    for one in requests:
        if one.department is None:
            make_administrator(user=one.user, kind=one.role, actor=actor)
        elif not one.department.is_active:
            raise Refused(
                f"{one.department.name}已撤销，{one.user.name}的角色不能授予，可不予授予。没有办理任何一项。",
                rule="unit.abolished",
            )
        else:
            wanted.append(Membership(user=one.user, department=one.department, role=one.role, title=one.title))
    grant_memberships(wanted=wanted, actor=actor)


def _note(requests: Sequence[RoleRequest], actor: User | None, action: str, **detail: str) -> None:
    labels = dict(RoleRequest.ROLES)
    details = [{"role": labels[one.role], "unit": _place(one), **detail} for one in requests]
    keys = [one.user.username for one in requests]
    audit.record_each(actor=actor, action=action, object_type="user", keys=keys, details=details)


def _place(one: RoleRequest) -> str:
    return f"{one.department.region.name}/{one.department.name}" if one.department else ""
