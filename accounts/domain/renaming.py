"""更名: a unit gets another name from a day on. Its records stay its own; papers that are frozen keep the name they
have. The only writer of ``Department.name`` beside the import of units, which never changes one, and of ``UnitName``.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cached_property
from uuid import uuid4

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.domain.abolition import DOCUMENT_LIMIT, done_already, key_of
from accounts.domain.labels import refresh_labels
from accounts.domain.units import unit_key
from accounts.enums import UnitChangeKind
from accounts.models import Department, UnitChange, UnitName, User
from accounts.rules import may_keep_units
from core import audit
from core.content_token import content_token, require_unchanged
from core.exceptions import NotAllowed, Refused
from core.text import normalize_text, search_text

RENAMED = "unit.renamed"
NAME_LIMIT = 80


def token_of_name(unit: Department) -> str:
    """By what a form knows whether the unit got another name, or ended, meanwhile."""
    return content_token([unit.name, unit.is_active])


@transaction.atomic
def rename(
    *, unit: Department, name: str, on: date, document: str, actor: User, seen: str, now: datetime | None = None
) -> UnitChange:
    """The unit is called ``name`` from ``on``, by ``document``.

    Side effects in order: the unit; what its people are called; the change, with the old name; an audit entry. Raises
    NotAllowed for anybody but 系统管理员; Refused for a day to come or one before the last change of the name, and for
    a name that is not new in the region; StaleVersion when somebody else renamed it since ``seen``; IllegalTransition
    when it is abolished.
    """
    if not may_keep_units(actor):
        raise NotAllowed("单位更名由系统管理员办理，您没有此项权限。", rule="permission")
    now = now or timezone.now()
    held = Department.objects.select_for_update(of=("self",)).select_related("region").get(pk=unit.pk)
    if not held.is_active:
        raise done_already(held)
    require_unchanged(what=f"{held.name}的名称", seen=seen, now=token_of_name(held), act="更名")
    _require_day(held, on, timezone.localtime(now).date())
    require_new_name(held.region_id, name, but=held)
    old = held.name
    Department.objects.filter(pk=held.pk).update(name=name)
    unit.name = held.name = name
    refresh_labels(User.objects.filter(memberships__department=held).values_list("name", flat=True))
    change = UnitChange.objects.create(
        public_id=uuid4(), kind=UnitChangeKind.RENAMED, region=held.region, before=[old], after=[name],
        effective_on=on, document=document[:DOCUMENT_LIMIT], made_by=actor, made_at=now,
    )  # fmt: skip
    change.units.add(held)
    UnitName.objects.create(
        department=held, name=old, next_name=name, until=on, change=change, search_text=search_text(old, name)
    )
    detail = {"from": old, "to": name, "on": str(on), "document": document, "change": str(change.public_id)}
    audit.record(actor=actor, action=RENAMED, object_type="unit", object_key=key_of(held), detail=detail)
    return change


def require_new_name(region_id: int, name: str, *, but: Department | None = None, field: str = "name") -> None:
    """Raise Refused where a unit of the region, abolished ones too, is called so or was before."""
    key, others = unit_key(name), Department.objects.filter(region_id=region_id)
    if not key or len(name) > NAME_LIMIT:
        raise Refused(f"单位名称应为 1 至 {NAME_LIMIT} 个字，没有办理。", fields={field: "请填写单位名称"})
    if but is not None and name == but.name:
        raise Refused("名称没有变动，没有办理。", fields={field: f"现在就叫{name}"})
    for unit in others.exclude(pk=but.pk) if but else others:
        if unit_key(unit.name) == key:
            said = f"本区域已有{unit.name}{'' if unit.is_active else '（已撤销）'}"
            raise Refused(f"{said}，没有办理。", fields={field: said})
    for one in UnitName.objects.filter(department__in=others).exclude(department=but).select_related("department"):
        if unit_key(one.name) == key:
            said = f"{one.name}是{one.department.name}的原名称"
            raise Refused(f"{said}，没有办理。", fields={field: said})


class UnitNames:
    """What these units were called on days that have passed; one query when it is first asked."""

    def __init__(self, units: Iterable[Department]):
        self.ids = {unit.pk for unit in units}

    @cached_property
    def _earlier(self) -> dict[int, list[tuple[date, str]]]:
        found: dict[int, list[tuple[date, str]]] = {}
        rows = UnitName.objects.filter(department__in=self.ids).order_by("department_id", "until", "id")
        for unit, until, name in rows.values_list("department_id", "until", "name"):
            found.setdefault(unit, []).append((until, name))
        return found

    def on(self, unit: Department, day: date) -> str:
        """The name of the unit on that day."""
        return next((name for until, name in self._earlier.get(unit.pk, ()) if day < until), unit.name)


def name_on(unit: Department, day: date) -> str:
    """What the unit was called on that day."""
    return UnitNames([unit]).on(unit, day)


def ever_named(word: str, path: str) -> Q:
    """Rows whose unit was renamed and had, or has, a name with this normalized word: what is stored with the old
    name is found by the new one, and the other way round. ``path``: to the unit. No query of its own."""
    named = UnitName.objects.filter(search_text__contains=normalize_text(word))
    return Q(**{f"{path}__in": named.values("department_id")})


def _require_day(unit: Department, on: date, today: date) -> None:
    if on > today:
        raise Refused("更名日期还没有到，没有办理。", fields={"on": f"不能晚于今天（{today}），请到当日再办理"})
    last = UnitName.objects.filter(department=unit).order_by("-until").values_list("until", flat=True).first()
    if last and on <= last:
        raise Refused("更名日期有误，没有办理。", fields={"on": f"上一次更名自 {last} 起，应晚于那一天"})
