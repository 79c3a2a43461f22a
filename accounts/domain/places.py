"""Regions as 系统管理员 keeps them: the tree, regions added, one renamed or moved below another."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet

from accounts.domain.place_tree import PlacePath, make_places
from accounts.enums import RegionLevel
from accounts.models import Region, User
from accounts.rules import may_keep_units
from core import audit
from core.content_token import content_token, require_unchanged
from core.exceptions import NotAllowed, Refused


def places_visible_to(user: User) -> QuerySet[Region]:
    """Every region for 系统管理员, for anybody else none."""
    return Region.objects.all() if may_keep_units(user) else Region.objects.none()


def place_rows(user: User) -> list[dict]:
    """{"id", "name", "level_label", "depth"} in the order of the tree; one query."""
    rows = Region.objects.with_tree_fields() if may_keep_units(user) else []
    return [
        {"id": one.pk, "name": one.name, "level_label": one.get_level_display(), "depth": one.tree_depth}
        for one in rows
    ]


def token_of_place(region: Region) -> str:
    """Of what the page of a region shows."""
    return content_token([region.name, region.level, region.parent_id])


@transaction.atomic
def add_places(*, paths: Sequence[PlacePath], actor: User) -> int:
    """Make the regions of these paths that do not exist; how many. Side effects in order: the regions; an audit entry.
    Raises NotAllowed for anybody but 系统管理员."""
    _require_keeper(actor)
    before = Region.objects.count()
    found = make_places(paths)
    made = Region.objects.count() - before
    detail = {"created": made, "scope": "、".join(found)}
    audit.record(actor=actor, action="places.added", object_type="region", object_key=paths[0][0], detail=detail)
    return made


@transaction.atomic
def change_place(*, region: Region, name: str, level: str, parent: Region | None, seen: str, actor: User) -> None:
    """Rename a region or put it below another; what people see from above follows with their next request.

    Side effects in order: the region; an audit entry with what it was. Raises NotAllowed for anybody but 系统管理员,
    StaleVersion when somebody changed it since ``seen``, Refused for a parent below it and for a sibling's name.
    """
    _require_keeper(actor)
    # All of them: two moves at once must not make a ring.
    parents = dict(Region.objects.select_for_update().order_by("pk").values_list("pk", "parent_id"))
    stored = Region.objects.get(pk=region.pk)
    require_unchanged(what="该区域", seen=seen, now=token_of_place(stored))
    above: int | None = parent.pk if parent else None
    while above is not None:
        if above == stored.pk:
            raise Refused("上级不能是它自己或它的下级，没有保存。", fields={"parent": "不能是它自己或它的下级"})
        above = parents.get(above)
    if Region.objects.filter(parent=parent, name=name).exclude(pk=stored.pk).exists():
        raise Refused("同一上级之下已有这个名称，没有保存。", fields={"name": "同一上级之下已有这个名称"})
    was = f"{stored.parent or '无上级'}/{stored.name}"
    stored.name, stored.level, stored.parent = name, level, parent
    stored.save(update_fields=["name", "level", "parent"])
    detail = {"before": was, "after": f"{parent or '无上级'}/{name}", "level": RegionLevel(level).label}
    audit.record(actor=actor, action="place.changed", object_type="region", object_key=name, detail=detail)


def _require_keeper(actor: User) -> None:
    if not may_keep_units(actor):
        raise NotAllowed("区域由系统管理员调整，您没有此项权限。", rule="permission")
