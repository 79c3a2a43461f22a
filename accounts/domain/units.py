"""Finding a unit by the name people write in a table."""

from datetime import date
from functools import cached_property

from django.db.models import Q

from accounts.models import Department, Region, UnitName
from core.exceptions import Refused
from core.near_names import NEAREST, alike, nearest
from core.text import normalize_text


def unit_key(name: str) -> str:
    """The form in which names of units are compared: regardless of width, brackets and spaces (``县 公安局``)."""
    return normalize_text(name).replace(" ", "")


def in_charge(unit: Department) -> Department:
    """Who is in charge of what stands in the unit's name: the unit itself, or its successor."""
    return unit.succeeded_by or unit


class UnitFinder:
    """Looks among the units of one region, or of all when none is given; one query.

    A name that stands in several regions is refused with the advice to say which (``--region``). With
    ``create_missing`` a unit nobody knows is made at the end of the region's list, kept in ``made``; one whose name is
    like that of an existing one only with ``make_alike``, else it is refused with ``alike_advice``. ``active_on``:
    units abolished after that day are found as well, where none in use fits the name. A name that a unit in use had
    before finds it as well; ``notes`` says so of each.
    """

    def __init__(
        self,
        region: Region | None = None,
        *,
        create_missing: bool = False,
        make_alike: bool = False,
        alike_advice: str = "确是另一个单位的，请先用 import_units --new-units 建立",
        active_on: date | None = None,
    ):
        self.create_missing, self.make_alike, self.alike_advice = create_missing, make_alike, alike_advice
        self.made: list[Department] = []
        self.notes: list[str] = []
        stands = Q(is_active=True) | (Q(abolished_on__gt=active_on) if active_on else Q())
        rows = Department.objects.filter(stands).select_related("region").order_by("region_id", "order", "id")
        self.units = [(unit_key(unit.name), unit) for unit in (rows.filter(region=region) if region else rows)]
        # Those made in the course of one import stand beside each other by the will of its file.
        self.existing = [unit for _, unit in self.units]
        self.region = region

    def exactly(self, name: str) -> Department:
        """The unit of that name, regardless of width, spaces and kind of brackets. Raises Refused in words."""
        wanted = unit_key(name)
        return self._one(name, [unit for known, unit in self.units if known == wanted])

    def owning(self, name: str, aliases: dict[str, str]) -> Department:
        """The unit of that name, else the one whose name contains it, else its alias. Raises Refused in words.

        ``aliases``: a field of work → part of the name of the unit that has taken it over (药监 → 市场监管局).
        """
        wanted, short = unit_key(name), aliases.get(normalize_text(name))
        for found in (
            [unit for known, unit in self.units if known == wanted],
            [unit for known, unit in self.units if wanted in known],
            [unit for known, unit in self.units if short and unit_key(short) in known],
        ):
            if found:
                return self._one(name, found)
        return self._one(name, [])

    def _one(self, name: str, fitting: list[Department]) -> Department:
        found = [unit for unit in fitting if unit.is_active] or fitting or self._renamed(name)
        if not found:
            self._refuse_abolished(name)
        if not found and self.create_missing:
            return self._create(name)
        if not found:
            near = nearest(name, (unit.name for _, unit in self.units))
            raise Refused(f"{self.region or ''}没有这个单位{near}", rule="unit.unknown")
        if len({unit.name for unit in found}) > 1:
            advice = "请写全称" if self.region else "请写全称，或用 --region 指明区域"
            names = "、".join(unit.name for unit in found[:5])
            raise Refused(f"有多个单位符合：{names}；{advice}", rule="unit.ambiguous")
        if len(found) > 1:
            places = "、".join(unit.region.name for unit in found[:5])
            raise Refused(f"多个区域有同名单位（{places}），请用 --region 指明区域", rule="unit.ambiguous")
        return found[0]

    def _renamed(self, name: str) -> list[Department]:
        """The units in use that had this name before; those read once, when a name is not found."""
        wanted = unit_key(name)
        by_id = {unit.pk: unit for _, unit in self.units if unit.is_active}
        found = {}
        for one in self._earlier_names:
            if unit_key(one.name) == wanted and one.department_id in by_id:
                unit = found[one.department_id] = by_id[one.department_id]
                said = f"“{one.name}”已自 {one.until} 起更名为“{unit.name}”，按{unit.name}读入。"
                self.notes += [said] if said not in self.notes else []
        return list(found.values())

    @cached_property
    def _earlier_names(self) -> list[UnitName]:
        rows = UnitName.objects.order_by("department_id", "until", "id")
        return list(rows.filter(department__region=self.region) if self.region else rows)

    def _refuse_abolished(self, name: str) -> None:
        gone = Department.objects.filter(name=name, is_active=False).select_related("succeeded_by")
        unit = (gone.filter(region=self.region) if self.region else gone).order_by("id").first()
        if unit:
            since = f"已于 {unit.abolished_on} 撤销" if unit.abolished_on else "已撤销"
            successor = f"，由{unit.succeeded_by.name}承接，请改用现在的单位名称" if unit.succeeded_by else ""
            raise Refused(f"{unit.name}{since}{successor}", rule="unit.abolished")

    def _create(self, name: str) -> Department:
        if self.region is None:
            raise Refused("没有这个单位；要新建它，请用 --region 指明区域", rule="unit.unknown")
        near = [unit.name for unit in self.existing if not self.make_alike and alike(name, unit.name)][:NEAREST]
        if near:
            raise Refused(
                f"没有这个单位，名称与{'、'.join(near)}相近：是同一单位的，请改用现有名称；{self.alike_advice}",
                rule="unit.alike",
            )
        last = max((unit.order for _, unit in self.units), default=0)
        made = Department.objects.create(region=self.region, name=name, order=last + 1)
        self.units.append((unit_key(name), made))
        self.made.append(made)
        return made
