"""What an import would write of an issue, in the words of the preview."""

from collections.abc import Iterable, Mapping
from datetime import date

from accounts.models import Department
from catalogue.models import ServiceItem
from issues.domain.imported import ImportedIssue
from issues.enums import IssueSource, IssueState, Satisfaction, Track

LABELS = {
    "state": "状态", "original_number": "原编号", "found_on": "发现日期", "source": "来源", "source_number": "来源编号",
    "item": "体验事项",
    "description": "存在问题", "category": "分类", "discovering_department": "发现单位", "lead_department": "牵头单位",
    "responsible_department": "责任单位", "cooperating": "配合单位", "responsible_name": "责任人",
    "contact_phone": "联系电话", "measures": "整改措施", "track": "整改类型", "due_on": "整改时限",
    "progress": "整改进展", "closed_on": "完成日期", "closer_name": "验收人", "look_back_note": "回头看情况",
    "remark": "备注", "name": "反映人", "phone": "反映人电话", "reply": "答复", "satisfaction": "满意度",
}  # fmt: skip
CODES = {
    "state": dict(IssueState.choices), "source": dict(IssueSource.choices), "track": dict(Track.choices),
    "satisfaction": dict(Satisfaction.choices),
}  # fmt: skip


class ShownIssues:
    """Values in words. ``units`` and ``items``: names by id, of everything the issues refer to."""

    def __init__(self, units: Mapping[int, str], items: Mapping[int, str]):
        self.units, self.items = units, items

    def told(self, issue: ImportedIssue) -> dict[str, str]:
        """{label: text} of what a table tells."""
        facts = dict(issue.facts) | (issue.told.stored() if issue.told else {})
        units = "、".join(unit.name for unit in issue.cooperating)
        return _words(facts | {"measures": "\n".join(issue.measures), "cooperating": units})

    def stored(self, kept: Mapping) -> dict[str, str]:
        """The same of an issue as it stands (``issues.domain.imported.as_told``)."""
        named = {name: self.units.get(kept[f"{name}_id"], "") for name in LABELS if name.endswith("_department")}
        named |= {"item": self.items.get(kept["item_id"], "")}
        units = "、".join(self.units.get(pk, "") for pk in kept["cooperating"])
        return _words({**kept, **named, "measures": "\n".join(kept["measures"]), "cooperating": units})


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[list[str]]:
    """[[column, before, after]] of what differs."""
    pairs = [(label, before.get(label, ""), after.get(label, "")) for label in LABELS.values()]
    return [[label, old, new] for label, old, new in pairs if old != new]


def _words(facts: Mapping) -> dict[str, str]:
    return {label: _word(name, facts.get(name)) for name, label in LABELS.items()}


def _word(name: str, value: object) -> str:
    if isinstance(value, Department | ServiceItem):
        return value.name
    if isinstance(value, date):
        return value.isoformat()
    return CODES[name].get(str(value), "") if name in CODES else str(value or "")


def ids_in(kept: Iterable[Mapping]) -> tuple[set[int], set[int]]:
    """(units, items) that stored issues refer to."""
    units, items = set(), set()
    for one in kept:
        units |= {one[f"{name}_id"] for name in LABELS if name.endswith("_department")} | set(one["cooperating"])
        items.add(one["item_id"])
    return units - {None}, items - {None}
