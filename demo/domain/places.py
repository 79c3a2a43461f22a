"""Regions, units, people and items of the demonstration, read by the same imports an office uses."""

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.db import transaction

from accounts.domain.imports import PEOPLE, import_people
from accounts.domain.unit_imports import UNITS, import_units
from accounts.enums import RegionLevel
from accounts.models import Region, User
from catalogue.domain.imports import ITEMS, import_items
from core.exceptions import Refused
from core.imports import ImportResult
from core.tabular import read_table
from demo.domain.material import CITY, COUNTY, FOLDER, ITEMS_OF_THE_NOTICES, NEIGHBOUR, PASSWORD

UNIT_FILES = (("units-yunling.csv", CITY), ("units-qinghe.csv", COUNTY), ("units-baishi.csv", NEIGHBOUR))
PEOPLE_FILES = (
    ("people-yunling.csv", CITY),
    ("people-qinghe.csv", COUNTY),
    ("people-baishi.csv", NEIGHBOUR),
    ("people-admins.csv", ""),
)
ITEM_FILES = (
    (ITEMS_OF_THE_NOTICES, COUNTY),
    (FOLDER / "items-qinghe.csv", COUNTY),
    (FOLDER / "items-baishi.csv", NEIGHBOUR),
)


def make_places() -> None:
    """Make the places and people that are not there yet, all or nothing.

    Side effects in order: the regions, their units, the people (all with the demonstration's password), the items.
    Raises Refused with the first fault when a name is already taken by somebody else.
    """
    units = [(read_table(FOLDER / name, UNITS), region) for name, region in UNIT_FILES]
    people = [(read_table(FOLDER / name, PEOPLE), region) for name, region in PEOPLE_FILES]
    items = [(read_table(path, ITEMS), region) for path, region in ITEM_FILES]
    with transaction.atomic():
        city, _ = Region.objects.get_or_create(name=CITY, parent=None, defaults={"level": RegionLevel.CITY})
        for order, name in enumerate((COUNTY, NEIGHBOUR), start=1):
            defaults = {"level": RegionLevel.COUNTY, "order": order}
            Region.objects.get_or_create(name=name, parent=city, defaults=defaults)
        for table, region in units:
            _require(import_units(path=table, region_name=region))
        for table, region in people:
            _require(import_people(path=table, region_name=region))
        for table, region in items:
            _require(import_items(path=table, region_name=region))
        _publish_password([row.text("用户名") for table, _ in people for row in table])


def _publish_password(usernames: list[str]) -> None:
    # One hash for all: the password is published anyway, and hashing ninety times would take seconds.
    fresh = User.objects.filter(username__in=usernames, password__startswith=UNUSABLE_PASSWORD_PREFIX)
    fresh.update(password=make_password(PASSWORD), must_change_password=False)


def _require(result: ImportResult) -> None:
    if result.errors:
        raise Refused(f"演示数据未装入：{result.file}，{result.errors[0]}。", rule="demo")
