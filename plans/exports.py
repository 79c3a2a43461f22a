"""A plan as a workbook in the layout F1, and the empty table to fill in; both can be read in again."""

import tempfile
from collections.abc import Iterable
from datetime import date
from typing import IO

from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.enums import DelegationReason, WalkMode
from core import audit, xlsx
from core.list_book import ListBook
from plans.domain.queries import list_rows
from plans.domain.row_import import COUNTER, ONLINE, columns_of
from plans.domain.rows import PlanLeader, item_name
from plans.domain.validation import companion_label, mode_label, period_label
from plans.models import Plan, PlanRow
from walks.enums import ROLE_OF_KIND

WHAT = "体验计划"
BLANK_ROWS = 20
WIDTHS = {"体验事项": 26, "体验人及职务": 18, "是否委托及理由": 14, "体验地点或渠道": 22, "拟关注问题": 30, "单位": 16}


PLANS = ListBook(
    "体验计划清单",
    (
        xlsx.Column("department__name", "单位", 20),
        xlsx.Column("campaign__name", "活动", 30, align="left"),
        xlsx.Column("period_label", "期间", 14),
        xlsx.Column("round", "稿次", 6, kind="int"),
        xlsx.Column("total", "行数", 6, kind="int"),
        xlsx.Column("receiver__name", "接收单位", 18),
        xlsx.Column("due_on", "应报日期", 12, kind="date"),
        xlsx.Column("submitted_on", "报送日期", 12, kind="date"),
        xlsx.Column("filed_on", "备案日期", 12, kind="date"),
        xlsx.Column("late", "逾期", 18),
        xlsx.Column("state_label", "状态", 10),
    ),
    lambda rows, today: list_rows(rows, today=today),
    action="plans.exported",
    object_type="plan",
)
MISSING = ListBook(
    "未报计划的单位",
    (
        xlsx.Column("department", "单位", 20),
        xlsx.Column("campaign", "活动", 30, align="left"),
        xlsx.Column("period_label", "期间", 14),
        xlsx.Column("due_on", "应报日期", 12, kind="date"),
        xlsx.Column("late", "逾期", 18),
    ),
    lambda rows, today: rows,
    action="plans.exported",
    object_type="plan",
)


def plan_workbook(
    plan: Plan, rules: Rulebook, rows: Iterable[PlanRow], leaders: list[PlanLeader], *, actor, today: date
):
    """(file, name) of the plan; leaves an audit entry."""
    labels = {leader.user_id: leader.label for leader in leaders}
    found = list(rows)
    file = _write(plan, rules, [_cells(row, plan, rules, labels) for row in found], leaders, today)
    key = f"{plan.campaign.code}-{plan.pk}"
    audit.record(actor=actor, action="plan.exported", object_type="plan", object_key=key, detail={"rows": len(found)})
    return file, _name(plan, today)


def template_workbook(
    plan: Plan, rules: Rulebook, to_cover: list, items: list, leaders: list[PlanLeader], *, today: date
):
    """(file, name) of the table to fill in: one row for each item that must stand in the plan, then blank ones."""
    rows = [{"单位": plan.department.name, "体验事项": item.name, **_of_item(item)} for item in to_cover]
    rows += [{"单位": plan.department.name} for _ in range(BLANK_ROWS)]
    file = _write(plan, rules, rows, leaders, today, items)
    return file, xlsx.filename(today, plan.department.name, f"{WHAT}（填报模板）")


def _write(plan: Plan, rules: Rulebook, rows: list[dict], leaders, today: date, items=()) -> IO[bytes]:
    columns = _columns(rules, leaders, items)
    names = [column.header for column in columns]
    spec = xlsx.SheetSpec(
        title=f"{plan.department.name}“一把手走流程”{WHAT}（{_part(plan)}）",
        columns=columns,
        left_note=f"填报单位（盖章）：{plan.department.name}",
        right_note=f"填报日期：{today.year}年{today.month}月{today.day}日",
        sheet_name=WHAT,
    )
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    xlsx.write_workbook(file, [(spec, [tuple(row.get(name) for name in names) for row in rows])])
    file.seek(0)
    return file


def _columns(rules: Rulebook, leaders: list[PlanLeader], items) -> tuple[xlsx.Column, ...]:
    choices = {
        "体验事项": tuple(item.name for item in items),
        "是否须本人体验": ("是", "否"),
        "体验人及职务": tuple(leader.label for leader in leaders),
        "是否委托及理由": ("否", *(DelegationReason(one).label for one in rules.walking.delegation_reasons)),
        "体验形式": tuple(mode_label(rules, mode) for mode in rules.walking.modes),
        "角色": tuple(ROLE_OF_KIND[kind].label for kind in dict.fromkeys(rules.activity_kinds)),
        "线上/线下": (ONLINE, COUNTER),
    }
    kinds = {"计划时间": "date"}
    return tuple(
        xlsx.Column(name, name, WIDTHS.get(name, 12), kinds.get(name, "text"), choices=choices.get(name) or None)
        for name in columns_of(rules)[1:]
    )


def _cells(row: PlanRow, plan: Plan, rules: Rulebook, labels: dict[int, str]) -> dict:
    reason = DelegationReason(row.delegation_reason).label if row.delegation_reason else "否"
    with_whom = "、".join(f"{companion_label(rules, kind)}{number}人" for kind, number in row.companions.items())
    return {
        "单位": plan.department.name,
        "体验事项": item_name(row.item, plan.department_id),
        **_of_item(row.item),
        "体验人及职务": labels.get(row.walker_id, row.walker.label),
        "是否委托及理由": reason,
        "体验形式": mode_label(rules, row.mode),
        "角色": ROLE_OF_KIND[row.activity_kind].label,
        "线上/线下": ONLINE if row.mode == WalkMode.ONLINE else COUNTER,
        "体验地点或渠道": row.place,
        "计划时间": row.planned_on,
        "陪同人员": with_whom or "无",
        "拟关注问题": row.questions,
        "备注": row.remark,
    }


def _of_item(item) -> dict:
    return {"事项类别": item.get_kind_display(), "是否须本人体验": "是" if item.must_walk_in_person else "否"}


def _part(plan: Plan) -> str:
    return plan.campaign.name if plan.period == "all" else f"{plan.campaign.name} {period_label(plan.period)}"


def _name(plan: Plan, today: date) -> str:
    return xlsx.filename(today, plan.department.name, WHAT)
