"""A tree of regions written as lines: one region a line, those above it before it (云岭市 > 青禾县 > 城关镇)."""

import re
from collections.abc import Sequence

from django.db import transaction

from accounts.domain.regions import level_of
from accounts.models import Region
from core.exceptions import Refused

ARROWS = re.compile(r"\s*(?:>|＞|→|/|／)\s*")
NAME_LIMIT = 60
PlacePath = tuple[str, ...]


def read_places(text: str) -> list[PlacePath]:
    """The paths of the lines, empty ones left out. Raises Refused, naming each line that is wrong: a name too long, or
    one that stands twice in a path or below two regions."""
    paths = [tuple(ARROWS.split(line.strip())) for line in text.splitlines() if line.strip()]
    wrong: list[str] = []
    above: dict[str, PlacePath] = {}
    for number, path in enumerate(paths, 1):
        if any(not name or len(name) > NAME_LIMIT for name in path) or len(set(path)) < len(path):
            wrong.append(f"第 {number} 行写法有误")
        for depth, name in enumerate(path):
            if above.setdefault(name, path[:depth]) != path[:depth]:
                wrong.append(f"第 {number} 行的“{name}”在前面写在另一个上级之下")
    if wrong or not paths:
        said = "；".join(wrong) or "请至少写一个区域"
        raise Refused(f"区域有误，没有办理：{said}。", fields={"places": said})
    return paths


@transaction.atomic
def make_places(paths: Sequence[PlacePath]) -> dict[str, Region]:
    """{name: region} of every name in the paths; those that exist are kept where they are. Side effect: the regions."""
    found: dict[str, Region] = {}
    for path in paths:
        parent = None
        for name in path:
            if name not in found:
                given = {"level": level_of(name), "order": len(found)}
                found[name], _ = Region.objects.get_or_create(parent=parent, name=name, defaults=given)
            parent = found[name]
    return found
