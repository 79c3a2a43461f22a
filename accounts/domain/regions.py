"""Finding an administrative area by its name."""

from accounts.enums import RegionLevel
from accounts.models import Region
from core.exceptions import Refused
from core.near_names import nearest

LEVEL_BY_ENDING = {
    "省": RegionLevel.PROVINCE,
    "市": RegionLevel.CITY,
    "州": RegionLevel.CITY,
    "镇": RegionLevel.TOWN,
    "道": RegionLevel.TOWN,
    "乡": RegionLevel.TOWN,
    "村": RegionLevel.VILLAGE,
}


def find_region(name: str) -> Region | None:
    """The region of that name anywhere in the tree, or None. Raises Refused when two have it."""
    found = list(Region.objects.filter(name=name)[:2])
    if len(found) > 1:
        raise Refused(f"有两个以上区域名为“{name}”，请改用不重复的名称。", rule="region")
    return found[0] if found else None


def require_region(name: str) -> Region:
    """The region of that name. Raises Refused with the nearest names when there is none."""
    found = find_region(name)
    if found is None:
        known = Region.objects.values_list("name", flat=True)
        raise Refused(f"没有名为“{name}”的区域{nearest(name, known)}。", rule="region")
    return found


def level_of(name: str) -> str:
    """The level read from the last character of a region's name, 县 when in doubt."""
    return LEVEL_BY_ENDING.get(name[-1:], RegionLevel.COUNTY)


def find_or_create_region(name: str) -> Region:
    """The region of that name, or a new one at the root, its level read from the last character (县 when in doubt)."""
    if not name:
        raise Refused("请写明区域名称。", rule="region")
    return find_region(name) or Region.objects.create(name=name, level=level_of(name))
