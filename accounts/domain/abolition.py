"""Which units there are, and their abolition: the only writer of ``Department.is_active`` and ``succeeded_by``. Nothing
of a unit is ever removed.

Whether a campaign still needs a unit: ``campaigns.domain.abolition``.
"""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from accounts.domain.labels import refresh_labels
from accounts.domain.unit_moves import VERBS
from accounts.enums import UnitChangeKind
from accounts.models import Department, UnitChange, UnitName, User
from accounts.rules import may_keep_units
from core import audit
from core.conflicts import taken_already
from core.exceptions import IllegalTransition, Refused

DOCUMENT_LIMIT = 200
ABOLISHED, RESTORED = "unit.abolished", "unit.restored"


def units_visible_to(user: User) -> QuerySet:
    """Every unit of every region for the system administrator who keeps them; for anybody else none."""
    return Department.objects.all() if may_keep_units(user) else Department.objects.none()


def units_matching(user: User, *, text: str = "", is_active: bool | None = None) -> QuerySet:
    """Units the person sees; ``text`` looks in the names of unit and region, and in the earlier ones."""
    rows = units_visible_to(user)
    if text:
        before = UnitName.objects.filter(name__contains=text).values("department_id")
        rows = rows.filter(Q(name__contains=text) | Q(region__name__contains=text) | Q(pk__in=before))
    return rows if is_active is None else rows.filter(is_active=is_active)


def unit_rows(units: QuerySet) -> list[dict]:
    """The rows of a page, one query."""
    fields = ("id", "region_id", "region__name", "order", "name", "kind", "is_approval", "is_enforcement", "is_utility")
    last = UnitName.objects.filter(department=OuterRef("pk")).order_by("-until", "-id").values("name")[:1]
    rows = units.annotate(former=Subquery(last)).values(*fields, "is_active", "abolished_on", "abolished_by", "former")
    return list(rows.annotate(successor=F("succeeded_by__name")))


@transaction.atomic
def abolish(*, unit: Department, on: date, document: str, actor: User | None, today: date) -> None:
    """撤销: from ``on`` the unit no longer exists, by ``document``. Its records stay, it owes nothing new, its people
    no longer see business records.

    Side effects in order: the unit; what its people are called; an audit entry. Raises Refused for a future day,
    IllegalTransition when the unit is abolished already.
    """
    if on > today:
        raise Refused("撤销日期还没有到，未撤销。", fields={"on": f"不能晚于今天（{today}），请到当日再办理"})
    changed = Department.objects.filter(pk=unit.pk, is_active=True).update(
        is_active=False, abolished_on=on, abolished_by=document[:DOCUMENT_LIMIT]
    )
    if not changed:
        raise done_already(unit)
    _refresh_people(unit)
    _note(unit, actor, ABOLISHED, {"on": str(on), "document": document})


@transaction.atomic
def end_into(*, units: Sequence[Department], successor: Department, on: date, document: str) -> None:
    """The units no longer exist from ``on``, by ``document``; ``successor`` succeeds them and every unit that they
    succeeded. Side effects: the units; what their people are called. The caller notes it. Raises
    IllegalTransition when one is abolished already."""
    for unit in units:
        rows = Department.objects.filter(pk=unit.pk, is_active=True)
        ended = {"is_active": False, "abolished_on": on, "abolished_by": document[:DOCUMENT_LIMIT]}
        if not rows.update(succeeded_by=successor, **ended):
            raise done_already(unit)
        Department.objects.filter(succeeded_by=unit).update(succeeded_by=successor)
        _refresh_people(unit)


@transaction.atomic
def restore(*, unit: Department, reason: str, actor: User | None) -> None:
    """恢复 a unit abolished by mistake. It is not put back on rosters it has left meanwhile.

    Side effects in order: the unit; what its people are called; an audit entry. Raises IllegalTransition when the unit
    is in use, Refused when it has a successor.
    """
    now = Department.objects.select_related("succeeded_by").select_for_update(of=("self",)).get(pk=unit.pk)
    if now.succeeded_by:
        raise Refused(f"{now.name}已由{now.succeeded_by.name}承接，不能恢复，没有办理。", rule="unit.succeeded")
    changed = Department.objects.filter(pk=unit.pk, is_active=False).update(
        is_active=True, abolished_on=None, abolished_by=""
    )
    if not changed:
        raise done_already(unit)
    _refresh_people(unit)
    _note(unit, actor, RESTORED, {"reason": reason})


def done_already(unit: Department) -> IllegalTransition:
    """The unit is already what it was to become: by whom and when, where that is on record."""
    now = Department.objects.select_related("region").get(pk=unit.pk)
    if now.succeeded_by_id and not now.is_active:
        ending = (UnitChangeKind.MERGED, UnitChangeKind.SPLIT)
        made = UnitChange.objects.filter(units=now, kind__in=ending).select_related("made_by").latest("made_at", "pk")
        words = f"{now.name}已{VERBS[UnitChangeKind(made.kind)]}{'、'.join(made.after)}"
        return taken_already(words, made.made_by, made.made_at, rule="unit.abolished")
    what, rule, action = "已经撤销", "unit.abolished", ABOLISHED
    if now.is_active:
        what, rule, action = "在用", "unit.active", RESTORED
    who, at = audit.last_done(action, object_type="unit", object_key=key_of(now))
    return taken_already(f"{now.name}{what}", who, at, rule=rule)


def _refresh_people(unit: Department) -> None:
    """A post in a unit that is gone tells nobody apart."""
    refresh_labels(User.objects.filter(memberships__department=unit).values_list("name", flat=True))


def _note(unit: Department, actor: User | None, action: str, detail: dict) -> None:
    audit.record(actor=actor, action=action, object_type="unit", object_key=key_of(unit), detail=detail)


def key_of(unit: Department) -> str:
    """By what the audit names a unit."""
    return f"{unit.region.name}/{unit.name}"
