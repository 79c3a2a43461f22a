"""Rows of a plan from the table F1 (体验计划) that offices keep. Nothing is stored here: the page shows them first."""

import re
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from accounts.enums import Role
from accounts.models import Department
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.enums import CompanionKind, DelegationReason, WalkMode
from core.exceptions import Refused
from core.tabular import NO, CellError, Row, Shape, as_text, read_day, read_table
from core.text import normalize_text
from plans.domain.rows import ItemFinder, PlanLeader, RowDraft
from plans.domain.validation import asks_date, companion_kinds, companion_label, mode_label
from walks.domain import delegation
from walks.enums import ROLE_OF_KIND

COLUMNS = (
    "序号",
    "单位",
    "体验事项",
    "事项类别",
    "是否须本人体验",
    "体验人及职务",
    "是否委托及理由",
    "体验形式",
    "角色",
    "线上/线下",
    "体验地点或渠道",
    "计划时间",
    "陪同人员",
    "拟关注问题",
    "备注",
)
# Which part of a row a column fills; the others say what the product knows by itself.
PART_OF = {
    "体验事项": "item",
    "体验人及职务": "walker",
    "是否委托及理由": "delegation_reason",
    "体验形式": "mode",
    "角色": "activity_kind",
    "体验地点或渠道": "place",
    "计划时间": "planned_on",
    "陪同人员": "companions",
    "拟关注问题": "questions",
    "备注": "remark",
}
OTHER_NAMES = {
    "填报单位": "单位",
    "事项名称": "体验事项",
    "体验人": "体验人及职务",
    "是否委托": "是否委托及理由",
    "线上线下": "线上/线下",
    "地点或渠道": "体验地点或渠道",
    "体验时间": "计划时间",
    "计划日期": "计划时间",
}
SHAPE = Shape(COLUMNS, required=("体验事项", "体验人及职务", "体验形式"), aliases=OTHER_NAMES)
COVERT_LEAVES_OUT = ("计划时间", "陪同人员")
IN_PERSON = "是否须本人体验"
ONLINE, COUNTER = "线上", "线下"
# What a row holds beside its number and unit: without any of it the row is a blank one of the template.
FILLED = tuple(name for name in COLUMNS if name not in ("序号", "单位"))
_SIGNATURES = re.compile(r"(填报人|审核人|单位主要负责人|联系电话|填报日期)")


@dataclass(frozen=True)
class Reading:
    """What a file says: ``rows`` when all of it could be read, else every fault by row and column.

    ``notes``: sentences on what was read otherwise than the file may have meant.
    """

    rows: list[RowDraft]
    errors: list[CellError]
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Desk:
    """What the cells are read against: rules, the plan's unit, its leaders and items.

    ``window``: the first and last day of the campaign.
    """

    rules: Rulebook
    department: Department
    leaders: list[PlanLeader]
    items: ItemFinder
    window: tuple[date, date]


def read_plan(path: Path, desk: Desk) -> Reading:
    """Read a table in the layout of F1. All faults at once; what is wrong with the file as a whole has no row."""
    try:
        table = read_table(path, SHAPE)
    except Refused as error:
        return Reading([], [CellError(None, "", "", error.message)])
    notes = list(table.notes)
    rows = [row for row in table if _is_filled(row)]
    drafts = [_draft(row, desk, notes) for row in rows]
    errors = [error for row in rows for error in row.errors]
    if not rows:
        errors.append(CellError(None, "", "", f"{path.name} 中没有填写任何一行计划。"))
    return Reading([] if errors else drafts, errors, notes)


def columns_of(rules: Rulebook) -> tuple[str, ...]:
    """The columns of F1 in their order; where every walk is covert without day and companions."""
    return tuple(name for name in COLUMNS if asks_date(rules) or name not in COVERT_LEAVES_OUT)


def mode_words(rules: Rulebook) -> dict[str, str]:
    """{normalized word: WalkMode}: how people name the forms of walk of these rules."""
    labels = {mode: mode_label(rules, mode) for mode in rules.walking.modes}
    words = {normalize_text(WalkMode(mode).label): mode for mode in labels} | {
        normalize_text(label): mode for mode, label in labels.items()
    }
    # 代理办 and 帮代办 are one form under two names.
    return words | {
        normalize_text(name): WalkMode.ON_BEHALF for name in ("代理办", "帮代办") if WalkMode.ON_BEHALF in labels
    }


def kind_words(rules: Rulebook) -> dict[str, str]:
    """{word: ActivityKind}: by the walker's role in F1."""
    return {role.label: kind for kind, role in ROLE_OF_KIND.items() if kind in rules.activity_kinds}


def _is_filled(row: Row) -> bool:
    words = [as_text(row.cells.get(name)) for name in FILLED]
    return any(words) and not _SIGNATURES.match(as_text(row.cells.get("序号")))


def _draft(row: Row, desk: Desk, notes: list[str]) -> RowDraft:
    _check_unit(row, desk)
    walker = _walker(row, desk.leaders)
    _check_in_person(row, desk.rules, walker)
    draft = RowDraft(
        item_id=_item(row, desk),
        mode=_mode(row, desk.rules),
        walker_id=walker.user_id if walker else 0,
        activity_kind=_kind(row, desk.rules),
        delegation_reason=_kept_reason(row, desk.rules, walker, notes),
        place=row.text("体验地点或渠道", limit=120),
        questions=row.text("拟关注问题", limit=500),
        remark=row.text("备注", limit=200),
    )
    if asks_date(desk.rules):
        return replace(draft, planned_on=_day(row, desk), companions=_companions(row, desk.rules))
    for column in COVERT_LEAVES_OUT:
        if normalize_text(as_text(row.cells.get(column))) not in NO:
            row.refuse(column, "本活动一律暗访，计划里不写日期、不安排陪同人员，请清空")
    return draft


def _check_unit(row: Row, desk: Desk) -> None:
    named, own = normalize_text(row.text("单位")), normalize_text(desk.department.name)
    if named and named not in own and own not in named:
        row.refuse("单位", f"这是{desk.department.name}的计划，不能填写其他单位")


def _item(row: Row, desk: Desk) -> int:
    name = row.text("体验事项", required=True)
    if not name:
        return 0
    try:
        return desk.items.find(name).pk
    except Refused as error:
        row.refuse("体验事项", error.message)
        return 0


def _walker(row: Row, leaders: list[PlanLeader]) -> PlanLeader | None:
    written = normalize_text(row.text("体验人及职务", required=True))
    if not written:
        return None
    found = [leader for leader in leaders if normalize_text(leader.name) in written]
    if len(found) > 1:
        # 张三 also stands in 张三丰: the longest name that fits is meant.
        longest = max(len(leader.name) for leader in found)
        found = [leader for leader in found if len(leader.name) == longest]
    if len(found) > 1:
        found = [leader for leader in found if leader.title and normalize_text(leader.title) in written]
    if len(found) == 1:
        return found[0]
    offered = "、".join(leader.label for leader in leaders) or "（尚未登记）"
    row.refuse("体验人及职务", f"不是本单位负责同志。可填：{offered}")
    return None


def _check_in_person(row: Row, rules: Rulebook, walker: PlanLeader | None) -> None:
    """The file itself says that the principal has to walk: then no deputy can stand beside it (M18 一1)."""
    if row.yes(IN_PERSON) and walker and walker.role != Role.PRINCIPAL:
        cite = rules.cites.get("walking.in_person")
        clause = f"通知规定：{cite}。" if cite else ""
        row.refuse(IN_PERSON, f"填了“是”，须由主要负责同志本人体验，不得委托{walker.name}。{clause}")


def _mode(row: Row, rules: Rulebook) -> str:
    written, where = normalize_text(row.text("体验形式", required=True)), normalize_text(row.text("线上/线下"))
    mode = mode_words(rules).get(written, "")
    if written and not mode:
        row.refuse("体验形式", f"应为：{'、'.join(mode_label(rules, one) for one in rules.walking.modes)}")
    if where not in ("", ONLINE, COUNTER):
        row.refuse("线上/线下", "应填“线上”或“线下”")
    if where == COUNTER and mode == WalkMode.ONLINE:
        row.refuse("线上/线下", f"与体验形式“{mode_label(rules, mode)}”不一致")
    return mode


def _kind(row: Row, rules: Rulebook) -> str:
    return row.choice("角色", {kind: word for word, kind in kind_words(rules).items()}) or rules.activity_kinds[0]


def _kept_reason(row: Row, rules: Rulebook, walker: PlanLeader | None, notes: list[str]) -> str:
    reason = _reason(row, rules)
    kept = delegation.kept_reason(walker.role, reason) if walker else reason
    if kept != reason:
        notes.append(f"第 {row.number} 行由主要负责同志本人体验，没有读入委托理由“{DelegationReason(reason).label}”。")
    return kept


def _reason(row: Row, rules: Rulebook) -> str:
    written = normalize_text(row.text("是否委托及理由"))
    if written in NO:
        return ""
    offered = {reason: DelegationReason(reason).label for reason in rules.walking.delegation_reasons}
    for reason, label in offered.items():
        if normalize_text(label) in written:
            return reason
    if written in ("是", "委托") and len(offered) == 1:
        return next(iter(offered))
    row.refuse("是否委托及理由", f"应填“否”或委托理由：{'、'.join(offered.values())}" if offered else "本活动不得委托")
    return ""


def _day(row: Row, desk: Desk) -> date | None:
    try:
        return read_day(row.cells.get("计划时间"), desk.window)
    except ValueError as error:
        row.refuse("计划时间", str(error))
        return None


def _companions(row: Row, rules: Rulebook) -> dict[str, int]:
    """人 by kind: “2”, or “政务服务业务人员1人、信息化工作人员1人”."""
    written = normalize_text(row.text("陪同人员")).removesuffix("人")
    if written in NO - {"0"} or written == "0":
        return {}
    kinds = companion_kinds(rules) or (CompanionKind.OTHER,)
    if written.isdecimal():
        return _shared_out(min(int(written[:4]), 999), kinds, rules)
    found = {}
    for kind in kinds:
        match = re.search(re.escape(normalize_text(companion_label(rules, kind))) + r"\D{0,3}(\d{1,3})?", written)
        if match:
            found[kind] = int(match.group(1) or 1)
    if not found:
        offered = "、".join(companion_label(rules, kind) for kind in kinds)
        row.refuse("陪同人员", f"应填人数，或按类别写明，如“{offered}1人”")
    return found


def _shared_out(total: int, kinds: tuple[str, ...], rules: Rulebook) -> dict[str, int]:
    """A bare number filled into the kinds in their order; what is left over stays with the first and is refused there
    by the rules."""
    found, left = {}, total
    for kind in kinds:
        found[kind] = min(left, rules.walking.companion_kinds.get(kind, left))
        left -= found[kind]
    found[kinds[0]] += left
    return {kind: number for kind, number in found.items() if number}
