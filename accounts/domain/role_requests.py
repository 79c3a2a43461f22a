"""Roles that wait for 安全管理员: 系统管理员 makes accounts and asks, 安全管理员 decides (三员分立).

The only writer of ``RoleRequest``.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.domain.memberships import grant_memberships
from accounts.domain.people import make_administrator
from accounts.enums import Decision
from accounts.models import Department, Membership, RoleRequest, User
from accounts.rules import may_decide_roles
from core import audit
from core.conflicts import taken_already
from core.content_token import content_token, require_unchanged
from core.exceptions import IllegalTransition, NotAllowed, Refused

REASON_LIMIT = 200
DECISIONS = {Decision.GRANTED: "role.granted", Decision.REFUSED: "role.refused"}
DECIDED = ("decision", "reason", "decided_by", "decided_at", "since", "until", "given_at")


@dataclass(frozen=True)
class Term:
    """The days for which a role holds: the first and the last, None for today and for no end."""

    since: date | None = None
    until: date | None = None

    def require_sound(self, today: date) -> None:
        """Raise Refused where the last day lies before the first, or has passed."""
        if self.until and self.until < max(today, self.since or today):
            raise Refused("截止日期有误，没有办理。", fields={"until": "截止日期不能早于起始日期，也不能早于今天"})


def requests_visible_to(user: User) -> QuerySet:
    """Every request for the security administrator who decides; for anybody else none."""
    return RoleRequest.objects.all() if may_decide_roles(user) else RoleRequest.objects.none()


def open_requests(usernames: Sequence[str]) -> list[RoleRequest]:
    """Requests of these accounts that were not granted (waiting or refused), or whose first day is still to come; one
    query."""
    found = RoleRequest.objects.filter(user__username__in=usernames)
    found = found.exclude(decision=Decision.GRANTED, given_at__isnull=False)
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


def awaited_by(user: User) -> list[str]:
    """Which roles of this person wait to be granted, in words; one query."""
    waiting = RoleRequest.objects.filter(user=user, decision=Decision.WAITING).select_related("department")
    return [f"{one.department.name if one.department else ''}{one.get_role_display()}" for one in waiting]


def request_rows(requests: QuerySet) -> list[dict]:
    """The rows of a page, one query."""
    rows = requests.values(
        "id", "user__name", "user__username", "user__is_active", "department__name", "department__region__name",
        "role", "title", "requested_by__name", "requested_at", "decision", "decided_by__name", "decided_at", "reason",
        "since", "until", "given_at",
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
def decide(*, ids: Collection[int], decision: str, reason: str, actor: User, term: Term = Term()) -> int:
    """Grant or refuse requests with a reason; how many. All or nothing; those granted already are left out.

    A refused one may be granted later, a granted one is no longer open. ``term``: for which days; a role whose first
    day is still to come is given by ``give_due`` on that day. Side effects in order: memberships, or the account's
    kind; the rows; audit entries. Raises NotAllowed for anybody but 安全管理员, Refused without a reason, for unsound
    days, for the own account, or when a rule forbids one of the roles, IllegalTransition, saying by whom and when,
    where all were decided before.
    """
    _require_decider(actor, reason)
    term.require_sound(timezone.localdate())
    left = [Decision.GRANTED] if decision == Decision.GRANTED else [Decision.GRANTED, Decision.REFUSED]
    open_ones = RoleRequest.objects.select_for_update(of=("self",)).filter(pk__in=ids).exclude(decision__in=left)
    requests = list(open_ones.select_related("user", "department__region").order_by("pk"))
    if not requests:
        raise decided_already(ids)
    if decision == Decision.GRANTED:
        _settle_term(requests, actor, term)
    for one in requests:
        one.decision, one.reason = decision, reason[:REASON_LIMIT]
        one.decided_by, one.decided_at = actor, timezone.now()
    RoleRequest.objects.bulk_update(requests, DECIDED, batch_size=500)
    _note(requests, actor, DECISIONS[Decision(decision)], reason=reason)
    return len(requests)


def token_of_roles(user: User) -> str:
    """Of the roles the account holds and those granted to come, with their titles and days."""
    held = Membership.objects.filter(user=user).order_by("pk").values_list("pk", "title", "since", "until")
    coming = to_come(user).values_list("pk", "title", "since", "until")
    return content_token([list(map(list, held)), list(map(list, coming))])


@transaction.atomic
def grant(
    *,
    user: User,
    department: Department,
    role: str,
    title: str,
    reason: str,
    actor: User,
    term: Term = Term(),
    seen: str | None = None,
) -> None:
    """Grant a role that nobody asked for: the request and the decision in one step, so that every grant is in one list.

    An open request for the same role is decided instead. Side effects and errors as ``decide``; StaleVersion where
    ``token_of_roles`` is no longer ``seen``, because a role that is held takes the title and the days said now.
    """
    _require_decider(actor, reason)
    if seen is not None:
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        require_unchanged(what=f"{user.label}的角色", seen=seen, now=token_of_roles(user), act="授予")
    wanted = RoleRequest.objects.filter(user=user, department=department, role=role)
    open_one = wanted.exclude(decision=Decision.GRANTED).first()
    one = open_one or RoleRequest.objects.create(user=user, department=department, role=role, title=title)
    if title and one.title != title:
        RoleRequest.objects.filter(pk=one.pk).update(title=title)
    decide(ids=[one.pk], decision=Decision.GRANTED, reason=reason, actor=actor, term=term)


def give_due(today: date) -> int:
    """Give the granted roles whose first day has come; how many. Each by itself: one that a rule forbids by now is
    refused, with the rule as its reason, and keeps no other from its person. Safe to run twice."""
    due = RoleRequest.objects.filter(decision=Decision.GRANTED, given_at=None, since__lte=today)
    return sum(_give_one(pk) for pk in list(due.order_by("pk").values_list("pk", flat=True)))


def to_come(user: User) -> QuerySet[RoleRequest]:
    """Roles granted to the account whose first day is still to come; scope is the caller's."""
    coming = RoleRequest.objects.filter(user=user, decision=Decision.GRANTED, given_at=None)
    return coming.select_related("department").order_by("since", "pk")


@transaction.atomic
def _give_one(pk: int) -> bool:
    rows = RoleRequest.objects.select_for_update(of=("self",)).filter(pk=pk, given_at=None, decision=Decision.GRANTED)
    one = rows.select_related("user", "department__region", "decided_by").first()
    if one is None:
        return False
    try:
        with transaction.atomic():
            _grant([one], one.decided_by)
    except Refused as refused:
        one.decision, one.reason = Decision.REFUSED, f"到起始日期时不能授予：{refused.message}"[:REASON_LIMIT]
        one.save(update_fields=["decision", "reason"])
        _note([one], None, DECISIONS[Decision.REFUSED], reason=one.reason)
        return False
    one.given_at = timezone.now()
    one.save(update_fields=["given_at"])
    return True


def last_decision(ids: Collection[int]) -> tuple[User | None, datetime | None]:
    """(who, when) of the last decision about any of these requests; (None, None) where there was none."""
    rows = RoleRequest.objects.filter(pk__in=ids).exclude(decision=Decision.WAITING).select_related("decided_by")
    last = rows.order_by("-decided_at", "-pk").first()
    return (last.decided_by, last.decided_at) if last else (None, None)


def decided_already(ids: Collection[int]) -> IllegalTransition:
    """None of these requests waits any more: who decided last, and when."""
    return taken_already("所选角色已经办理", *last_decision(ids), rule="roles.decided")


def _require_decider(actor: User, reason: str) -> None:
    if not may_decide_roles(actor):
        raise NotAllowed("角色由安全管理员授予，您没有此项权限。", rule="permission")
    if not reason:
        raise Refused("没有写明理由，未办理。", fields={"reason": "请写明理由"})


def _settle_term(requests: Sequence[RoleRequest], actor: User, term: Term) -> None:
    """The days of the roles that are granted, and those that begin today."""
    if any(one.user_id == actor.pk for one in requests):
        raise Refused("不能给自己授予角色，没有办理任何一项。", rule="roles.own")
    if term.until and any(one.department_id is None for one in requests):
        raise Refused("三员账号不设截止日期，没有办理任何一项。", fields={"until": "三员账号不设截止日期"})
    today = timezone.localdate()
    for one in requests:
        one.since, one.until = term.since or today, term.until
    if term.since is None or term.since <= today:
        _grant(requests, actor)
        for one in requests:
            one.given_at = timezone.now()


def _grant(requests: Sequence[RoleRequest], actor: User | None) -> None:
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
            days = {"since": one.since, "until": one.until}
            wanted.append(Membership(user=one.user, department=one.department, role=one.role, title=one.title, **days))
    grant_memberships(wanted=wanted, actor=actor)


def _note(requests: Sequence[RoleRequest], actor: User | None, action: str, **detail: str) -> None:
    labels = dict(RoleRequest.ROLES)
    details = [{"role": labels[one.role], "unit": _place(one), **_days(one), **detail} for one in requests]
    keys = [one.user.username for one in requests]
    audit.record_each(actor=actor, action=action, object_type="user", keys=keys, details=details)


def _days(one: RoleRequest) -> dict[str, str]:
    """What was said about days: a first one to come, a last one."""
    later = one.since if one.since and one.since > timezone.localdate() else None
    return {name: day.isoformat() for name, day in (("since", later), ("until", one.until)) if day}


def _place(one: RoleRequest) -> str:
    return f"{one.department.region.name}/{one.department.name}" if one.department else ""
