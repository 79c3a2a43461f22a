"""F13 考核评分表: 汇总表, and a sheet for each unit with the reasons of every deduction (docs/domain.md F13)."""

import io
from typing import IO

from accounts.models import User
from campaigns.domain.rulebook.rubric import TENTHS, points
from core import audit
from core.xlsx import Column, SheetSpec, filename, write_workbook
from scoring.domain.audience import SeenLine, seen_lines
from scoring.domain.scores import Scores
from scoring.domain.sheet import UnitScore

LINES = (
    Column("head", "考核指标", 18, align="left"),
    Column("point", "考核内容", 20, align="left"),
    Column("maximum", "分值", 8, kind="number", total="sum"),
    Column("rule", "评分标准", 40, align="left"),
    Column("own", "自评分", 8),
    Column("score", "考核得分", 9, kind="number", total="sum"),
    Column("reason", "扣分原因", 44, align="left"),
    Column("proof", "佐证", 20, align="left"),
)
WHAT = "考核评分表"


def scores_workbook(scores: Scores, units: list[UnitScore], *, actor: User, whose: str) -> tuple[IO[bytes], str]:
    """(open file at its start, name) of the units given; 汇总表 only where there are several. Side effect: an audit
    entry."""
    file = io.BytesIO()
    seen = seen_lines(actor, scores.campaign, units)
    sheets = [(_unit_spec(scores, unit), [_unit_row(one) for one in seen[unit.id]]) for unit in units]
    if len(units) > 1:
        sheets.insert(0, (_table_spec(scores, whose), [_table_row(scores, unit) for unit in units]))
    write_workbook(file, sheets)
    file.seek(0)
    version = scores.frozen.version if scores.frozen else 0
    detail = {"period": scores.period.code, "version": version, "rows": len(units)}
    code = scores.campaign.code
    audit.record(actor=actor, action="score.exported", object_type="campaign", object_key=code, detail=detail)
    part = units[0].name if len(units) == 1 else ""
    return file, filename(scores.as_of, scores.campaign.region.name, f"{scores.period.label}{part}{WHAT}")


def _table_spec(scores: Scores, whose: str) -> SheetSpec:
    heads = [Column(f"head{n}", f"{head}（{weight}分）", 24, kind="number") for n, (head, weight) in _heads(scores)]
    columns = (Column("unit", "单位", 28, align="left"), *heads, Column("total", "得分", 10, kind="number"))
    return _spec(scores, "汇总表", columns, f"制表单位：{whose}", "")


def _unit_spec(scores: Scores, unit: UnitScore) -> SheetSpec:
    return _spec(scores, unit.name, LINES, f"单位：{unit.name}", f"得分：{points(unit.total)}")


def _spec(scores: Scores, name: str, columns: tuple[Column, ...], left: str, right: str) -> SheetSpec:
    state = f"第 {scores.frozen.version} 版，校验码 {scores.frozen.digest[:8]}" if scores.frozen else "测算，尚未确定"
    return SheetSpec(
        title=f"{scores.campaign.name}{WHAT}（{scores.period.label}）",
        columns=columns,
        left_note=left,
        right_note="    ".join(filter(None, (right, state))),
        as_of=scores.as_of,
        foot=("制表人：", "复核人：", "日期：", "单位主要负责人（签字）："),
        sheet_name=name,
    )


def _table_row(scores: Scores, unit: UnitScore) -> tuple:
    heads = (unit.of_head(head) / TENTHS for head in scores.scoring.weights)
    return (unit.name, *heads, unit.total / TENTHS)


def _unit_row(seen: SeenLine) -> tuple:
    line = seen.line
    reasons = [record.words for record in seen.records]
    reasons += [f"另有 {seen.unseen} 条由其他单位接收"] if seen.unseen else []
    reasons += [f"申诉采纳，加回 {points(line.given_back)} 分"] if line.given_back else []
    proofs = dict.fromkeys(record.ref for record in seen.records if record.kind == "issue")
    return (
        line.point.head,
        line.point.name,
        line.point.maximum / TENTHS,
        line.point.words,
        None,
        line.score / TENTHS,
        "\n".join(reasons),
        "\n".join(proofs),
    )


def _heads(scores: Scores) -> enumerate:
    return enumerate(scores.scoring.weights.items())
