"""Who holds which role in which unit: the one writer of memberships, and the look-ups other apps need."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet, prefetch_related_objects
from django.utils import timezone

from accounts.domain.labels import refresh_labels
from accounts.enums import AccountKind, Role
from accounts.models import Department, Membership, User
from accounts.scope import in_force, right_of
from core import audit
from core.conflicts import taken_already
from core.exceptions import Conflict, Refused
from core.templatetags.ui import moment

ENDED = "membership.ended"
# Of a membership: its department, and a predecessor of it.
PLACES = ("department_id", "department__predecessors")


@transaction.atomic
def grant_memberships(*, wanted: Sequence[Membership], actor: User | None) -> None:
    """Give many roles at once, as ``grant_membership`` gives one; one role of one person stands in ``wanted`` once."""
    for one in wanted:
        _require_staff(one.user)
    people = Membership.objects.filter(user__in={one.user_id for one in wanted})
    have = {(row.user_id, row.department_id, row.role): row for row in people}
    new, changed = [], []
    for one in wanted:
        held = have.get((one.user_id, one.department_id, one.role))
        if held is None:
            new.append(one)
        elif _take_over(held, one):
            changed.append(held)
    Membership.objects.bulk_create(new, batch_size=500)
    Membership.objects.bulk_update(changed, ["title", "until"], batch_size=500)
    refresh_labels(one.user.name for one in (*new, *changed))
    keys, details = [one.user.username for one in new], _granted(new)
    audit.record_each(actor=actor, action="membership.granted", object_type="user", keys=keys, details=details)


@transaction.atomic
def grant_membership(
    *, user: User, department: Department, role: str, title: str = "", actor: User | None = None
) -> Membership:
    """Give ``user`` a role in ``department`` (kept when it exists) and leave an audit entry.

    Raises Refused for one of the three administrators: 三员 hold no business role.
    """
    _require_staff(user)
    membership, created = Membership.objects.get_or_create(
        user=user, department=department, role=role, defaults={"title": title}
    )
    if not created and title and membership.title != title:
        membership.title = title
        membership.save(update_fields=["title"])
        refresh_labels([user.name])
    if created:
        refresh_labels([user.name])
        [detail] = _granted([membership])
        audit.record(
            actor=actor, action="membership.granted", object_type="user", object_key=user.username, detail=detail
        )
    return membership


def _take_over(held: Membership, wanted: Membership) -> bool:
    """What is granted anew of a role that is held: its title, and its last day where days were said; True for a
    change."""
    title = wanted.title or held.title
    until = wanted.until if wanted.since else held.until
    changed = (title, until) != (held.title, held.until)
    held.title, held.until = title, until
    return changed


def _require_staff(user: User) -> None:
    if user.kind != AccountKind.STAFF:
        raise Refused(f"{user} 是{user.get_kind_display()}，不得兼任业务角色。", rule="three_admins")


def _granted(memberships: Sequence[Membership]) -> list[dict]:
    """What the audit says of each: where, as what, from and until which day; one query."""
    rows = Department.objects.filter(pk__in={one.department_id for one in memberships}).order_by()
    places = {pk: f"{region}/{name}" for pk, region, name in rows.values_list("pk", "region__name", "name")}
    return [{"unit": places[one.department_id], "role": one.role} | _days(one) for one in memberships]


def _days(one: Membership) -> dict[str, str]:
    days = {"since": one.since, "until": one.until}
    return {name: day.isoformat() for name, day in days.items() if day}


def set_titles(memberships: Sequence[Membership]) -> None:
    """Store the posts (职务) of roles that are held; the caller refreshes labels and notes it."""
    Membership.objects.bulk_update(memberships, ["title"], batch_size=500)


@transaction.atomic
def end_memberships(*, memberships: Sequence[Membership], actor: User | None, reason: str = "") -> None:
    """Take roles: from the next request on nothing of them is left, no page, file, notice or job. What the person did
    stays on record; duties go to the unit's liaisons. Side effects in order: the memberships; labels; audit entries."""
    keys = [one.user.username for one in memberships]
    details = [one | {"reason": reason} for one in _granted(memberships)]
    Membership.objects.filter(pk__in=[one.pk for one in memberships]).delete()
    refresh_labels(one.user.name for one in memberships)
    audit.record_each(actor=actor, action=ENDED, object_type="user", keys=keys, details=details)


@transaction.atomic
def set_last_day(*, memberships: Sequence[Membership], until: date, actor: User, reason: str) -> None:
    """Roles end with that day, today at the earliest; what is left then, as ``end_memberships`` says. Side effects in
    order: the memberships; audit entries. Raises Refused for a day that has passed."""
    if until < timezone.localdate():
        raise Refused("截止日期已过，没有办理。", fields={"until": "请填写今天或以后的日期；立即取消的不必填写"})
    Membership.objects.filter(pk__in=[one.pk for one in memberships]).update(until=until)
    keys = [one.user.username for one in memberships]
    details = [one | {"until": until.isoformat(), "reason": reason} for one in _granted(memberships)]
    audit.record_each(actor=actor, action="membership.end_set", object_type="user", keys=keys, details=details)


def end_due(today: date) -> int:
    """Take away the roles whose last day has passed; how many. They give no right since that day (``scope.in_force``);
    this keeps the record. Safe to run twice."""
    with transaction.atomic():
        over = list(Membership.objects.select_for_update().filter(until__lt=today).order_by("pk"))
        prefetch_related_objects(over, "user")
        if over:
            end_memberships(memberships=over, actor=None, reason="任期届满")
    return len(over)


def last_end(user: User) -> str:
    """Who took a role of the account last, and when, in words with a comma before them; "" where nobody did."""
    who, at = audit.last_done(ENDED, object_type="user", object_key=user.username)
    return f"，最近一次由{who or '系统'}于 {moment(at)} 取消" if at else ""


def without_roles(user: User) -> Conflict:
    """No role is left to be taken: by whom the last one was, and when."""
    who, at = audit.last_done(ENDED, object_type="user", object_key=user.username)
    return taken_already(f"{user.label}的角色已经取消", who, at, rule="person.roles")


def people_with_role(*, department_ids: Iterable[int], roles: Iterable[str]) -> dict[int, list[int]]:
    """{department id: [user id]} of active people holding one of ``roles`` there, of an abolished one in its
    successor too; one query for the whole batch."""
    wanted = set(department_ids)
    rows = Membership.objects.filter(in_force(), held_for(wanted), role__in=list(roles), user__is_active=True)
    found: dict[int, dict[int, None]] = {}
    for unit, over, user_id in rows.order_by("department_id", "user_id").values_list(*PLACES, "user_id"):
        for place in sorted({unit, over} & wanted):
            found.setdefault(place, {})[user_id] = None
    return {place: sorted(people) for place, people in found.items()}


def rights_with_role(*, department_ids: Iterable[int], roles: Iterable[str]) -> dict[int, dict[int, str]]:
    """{department id: {user id: the right of that role}} of active people holding one of ``roles`` there, departments
    in use only, of an abolished one in its successor; one query. For notices about what everybody in
    that role may open."""
    wanted = set(department_ids)
    rows = Membership.objects.filter(
        in_force(), held_for(wanted), role__in=list(roles), user__is_active=True, department__is_active=True
    ).order_by("department_id", "user_id", "id")
    found: dict[int, dict[int, str]] = {}
    for unit, over, *held in rows.values_list(*PLACES, "user_id", "role", "department__region_id"):
        user_id, role, region = held
        for place in sorted({unit, over} & wanted):
            found.setdefault(place, {}).setdefault(user_id, right_of(role, place, region))
    return found


def held_for(department_ids: Collection[int]) -> Q:
    """Memberships in these departments, or in a successor of one of them."""
    return Q(department_id__in=list(department_ids)) | Q(department__predecessors__in=list(department_ids))


def members_of(department_id: int) -> QuerySet[User]:
    """Active people of one department, each once, for choosing a responsible person."""
    held = Membership.objects.filter(in_force(), department_id=department_id)
    return User.objects.filter(pk__in=held.values("user_id"), is_active=True).order_by("name")


def titles_in(department_id: int) -> dict[int, str]:
    """{user id: 职务, else the role in words} of the department's active people; one query."""
    held = Membership.objects.filter(in_force(), department_id=department_id, user__is_active=True)
    rows = held.order_by("-id")
    return {row.user_id: row.title or row.get_role_display() for row in rows}


def capacity_in(*, user_id: int, department_id: int) -> str:
    """``principal``, ``deputy`` or "" : in which capacity the person leads that department."""
    held = Membership.objects.filter(in_force(), user_id=user_id, department_id=department_id)
    roles = set(held.values_list("role", flat=True))
    return next((role for role in (Role.PRINCIPAL, Role.DEPUTY) if role in roles), "")
