"""The rows that a period's figures count, as plain values: what is frozen, and what is compared with it later. No name,
phone or text of a person is in it."""

from collections.abc import Iterator
from dataclasses import dataclass

from campaigns.enums import ActivityKind
from issues.enums import IssueState
from reports.domain import figures
from reports.domain.figures import ReportQuery
from walks.enums import Capacity

Rows = dict[str, dict[str, dict[str, str]]]
KINDS = {"walks": "体验", "issues": "问题"}
COUNTERS = {"walks": "次", "issues": "个"}
LABELS = {
    "unit": "单位",
    "day": "日期",
    "item": "事项",
    "activity": "活动类型",
    "capacity": "身份",
    "state": "状态",
    "category": "分类",
    "due": "整改时限",
}


@dataclass(frozen=True)
class RowChange:
    """One row that differs: ``field`` "" when the row is on one side only, then ``then`` or ``now`` is what it is."""

    kind: str
    key: str
    field: str
    then: str
    now: str

    @property
    def words(self) -> str:
        name = f"{KINDS[self.kind]} {self.key}" if self.kind == "issues" else f"{KINDS[self.kind]}（{self.key}）"
        if not self.field:
            return f"{name}：{'新增' if self.now else '不再计入'}（{self.now or self.then}）"
        return f"{name}：{LABELS[self.field]} {self.then or '—'} → {self.now or '—'}"


def snapshot(query: ReportQuery) -> Rows:
    """{"walks": {id: values}, "issues": {number: values}} that ``sessions`` and ``issues_found`` count; 2 queries."""
    return {"walks": dict(_walks(query)), "issues": dict(_issues(query))}


def differences(then: Rows, now: Rows) -> list[RowChange]:
    """What differs between two snapshots, in the order of the keys; a row on one side only is one change."""
    found = []
    for kind in KINDS:
        old, new = then.get(kind, {}), now.get(kind, {})
        for key in sorted({*old, *new}):
            if key not in old or key not in new:
                before, after = old.get(key, {}), new.get(key, {})
                found.append(RowChange(kind, _shown(kind, key, before or after), "", _words(before), _words(after)))
                continue
            found += [
                RowChange(kind, _shown(kind, key, new[key]), field, old[key].get(field, ""), value)
                for field, value in new[key].items()
                if old[key].get(field, "") != value
            ]
    return found


def in_both(one: Rows, other: Rows) -> tuple[Rows, Rows]:
    """Of two snapshots the rows that both count."""
    shared = {kind: one.get(kind, {}).keys() & other.get(kind, {}).keys() for kind in KINDS}
    left, right = (
        {kind: {key: side[kind][key] for key in keys} for kind, keys in shared.items() if keys} for side in (one, other)
    )
    return left, right


def _walks(query: ReportQuery) -> Iterator[tuple[str, dict[str, str]]]:
    fields = ("pk", "department_name", "walk_date", "item_name", "activity_kind", "walker_capacity")
    for pk, unit, day, item, activity, capacity in figures.walks(query).order_by("pk").values_list(*fields):
        yield (
            str(pk),
            {
                "unit": unit,
                "day": day.isoformat(),
                "item": item,
                "activity": ActivityKind(activity).label,
                "capacity": Capacity(capacity).label,
            },
        )


def _issues(query: ReportQuery) -> Iterator[tuple[str, dict[str, str]]]:
    fields = ("number", "discovering_department_id", "discovering_department__name", "found_on", "category")
    rows = figures.issues(query).order_by("number").values_list(*fields, "as_of_state", "as_of_due_on")
    for number, unit, name, day, category, state, due in rows:
        yield (
            number,
            {
                "unit": query.names.unit(unit, name),
                "day": day.isoformat(),
                "category": category,
                "state": IssueState(state).label,
                "due": due.isoformat() if due else "",
            },
        )


def _shown(kind: str, key: str, values: dict[str, str]) -> str:
    return key if kind == "issues" else f"{values.get('unit', '')} {values.get('day', '')}"


def _words(values: dict[str, str]) -> str:
    return "，".join(value for value in values.values() if value)
