"""How the rows behind a figure are listed: which columns, in which order, linked to which page."""

from dataclasses import dataclass

from django.db.models import Choices, QuerySet
from django.urls import reverse

from campaigns.enums import ActivityKind, WalkMode
from core.listing import Order
from issues.enums import IssueState, ReductionKind, Track
from issues.models import NeedSubject
from walks.enums import Capacity, WalkState


@dataclass(frozen=True)
class Cell:
    """One column: ``path`` in the row, how it looks (see the ``data_table`` tag), and labels for a choice field."""

    key: str
    label: str
    path: str
    kind: str = "text"
    labels: dict | None = None

    @property
    def column(self) -> dict:
        return {"key": self.key, "label": self.label, "kind": self.kind, "css": ""}


@dataclass(frozen=True)
class RowList:
    """The list of one source. ``link``: (column that is linked, route, path of the route's argument)."""

    cells: tuple[Cell, ...]
    order: Order
    link: tuple[str, str, str] | None = None

    @property
    def columns(self) -> list[dict]:
        return [cell.column for cell in self.cells]

    def read(self, rows: QuerySet) -> list[dict]:
        """One dict a row: the columns' values, the link, and what the order needs to find the next page."""
        paths = {cell.path for cell in self.cells} | set(self.order.fields) | ({self.link[2]} if self.link else set())
        return [self._row(values) for values in rows.values(*paths)]

    def _row(self, values: dict) -> dict:
        row = {name: values[name] if isinstance(values[name], int) else str(values[name]) for name in self.order.fields}
        row |= {cell.key: self._value(cell, values[cell.path]) for cell in self.cells}
        if self.link:
            key, route, path = self.link
            row[f"{key}_url"] = reverse(route, args=[values[path]])
        return row

    @staticmethod
    def _value(cell: Cell, value: object) -> object:
        if cell.labels is None or not value:
            return value
        return (value, cell.labels[value]) if cell.kind == "badge" else cell.labels[value]


def _labels(choices: type[Choices]) -> dict:
    return dict(choices.choices)


def _walk_cells(prefix: str = "") -> tuple[Cell, ...]:
    return (
        Cell("day", "体验日期", f"{prefix}walk_date", "date"),
        Cell("unit_name", "单位", f"{prefix}department_name"),
        Cell("item", "体验事项", f"{prefix}item_name", "title"),
    )


OLDEST_FIRST = Order("id", ("id",))
_WALKS = (
    *_walk_cells(),
    Cell("walker", "体验人", "walker_name"),
    Cell("capacity", "身份", "walker_capacity", labels=_labels(Capacity)),
    Cell("activity", "活动类型", "activity_kind", labels=_labels(ActivityKind)),
    Cell("mode", "体验形式", "mode", labels=_labels(WalkMode)),
    Cell("state", "状态", "state", "badge", _labels(WalkState)),
)
_BY_DAY = Order("day", ("walk_date", "id"), descending=True)
LISTS: dict[str, RowList] = {
    "walks": RowList(_WALKS, _BY_DAY, ("item", "walk", "id")),
    "short_walks": RowList(
        (*_WALKS, Cell("lacked", "未达标情况", "shortfall", "title")), _BY_DAY, ("item", "walk", "id")
    ),
    "participants": RowList(
        (
            *_walk_cells("walk__"),
            Cell("person", "参与人", "user__label"),
            Cell("capacity", "身份", "capacity", labels=_labels(Capacity)),
        ),
        OLDEST_FIRST,
        ("item", "walk", "walk_id"),
    ),
    "people": RowList((Cell("person", "参与人", "name", "title"), Cell("times", "人次", "times", "num")), OLDEST_FIRST),
    "items": RowList(
        (
            Cell("item", "体验事项", "name", "title"),
            Cell("unit_name", "主管部门", "department__name"),
            Cell("times", "体验次数", "times", "num"),
        ),
        OLDEST_FIRST,
    ),
    "issues": RowList(
        (
            Cell("code", "问题编号", "number"),
            Cell("found", "发现日期", "found_on", "date"),
            Cell("unit_name", "发现单位", "discovering_department__name"),
            Cell("problem", "存在问题", "description", "title"),
            Cell("class", "分类", "category"),
            Cell("owner", "责任单位", "as_of_owner"),
            Cell("track_label", "整改类型", "as_of_track", labels=_labels(Track)),
            Cell("due", "整改时限", "as_of_due_on", "date"),
            Cell("state", "状态", "as_of_state", "badge", _labels(IssueState)),
        ),
        Order("found", ("found_on", "id"), descending=True),
        ("code", "issue", "number"),
    ),
    "measures": RowList(
        (
            Cell("code", "问题编号", "issue__number"),
            Cell("unit_name", "发现单位", "issue__discovering_department__name"),
            Cell("measure", "整改措施", "text", "title"),
            Cell("reduction_label", "压减类型", "reduction", labels=_labels(ReductionKind)),
            Cell("before", "压减前", "before", "num"),
            Cell("after", "压减后", "after", "num"),
        ),
        OLDEST_FIRST,
        ("code", "issue", "issue__number"),
    ),
    "needs": RowList(
        (
            *_walk_cells("walk__"),
            Cell("who", "需求主体", "subject", labels=_labels(NeedSubject)),
            Cell("need", "需求内容", "content"),
            Cell("answering", "涉及单位", "as_of_unit"),
            Cell("reply_by", "拟回应时间", "as_of_reply_by", "date"),
            Cell("replied_on", "回应日期", "as_of_replied_on", "date"),
            Cell("reply", "回应情况", "as_of_reply"),
        ),
        OLDEST_FIRST,
        ("item", "walk", "walk_id"),
    ),
    "units": RowList((Cell("unit_name", "单位", "department__name", "title"),), Order("order", ("order", "id"))),
}
