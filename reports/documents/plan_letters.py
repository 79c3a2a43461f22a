"""备案 of a plan and 报备 of one walk's day as letters in Word (W23 四、六（一）): from what the plan holds."""

import hashlib
import io
from collections.abc import Sequence
from functools import cache
from typing import IO

from django.db.models import F
from django.utils import timezone

from accounts.models import User
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.models import Campaign
from core import audit
from core.docx import fill
from core.docx_layout import WordPaper
from core.exceptions import Refused
from core.pdf import to_pdf
from core.templatetags.ui import cndate
from core.xlsx import filename
from plans.domain.queries import plans_visible_to, rows_of
from plans.domain.rows import item_name, leaders_of
from plans.domain.validation import asks_date, asks_notice, companion_label, mode_label, period_label
from plans.enums import GONE
from plans.models import Plan, PlanRow
from reports.documents.registry import PDF, WORD
from walks.enums import stages_for

FILING, NOTICE = "plan-letter", "notice-letter"
LABELS = {FILING: "备案报告", NOTICE: "报备报告"}
NAMED = ("campaign", "department", "receiver", "rules")
HEADS = ("序号", "体验事项", "体验形式", "体验流程", "体验时间", "体验人及职务", "陪同人员")
WIDTHS_MM = (10, 45, 18, 66, 26, 30, 30)


def write_filing(plan: Plan, ending: str, *, actor: User | None) -> tuple[IO[bytes], str]:
    """(open file at its start, name) of the letter that hands in a plan for 备案; the plan comes with ``NAMED``.

    Side effect: an audit entry. Raises Refused where the campaign files no plans, and for a plan not handed in.
    """
    rules = Rulebook.from_data(plan.rules.data)
    if not rules.planning.filed:
        raise Refused("没有生成备案报告：本活动的计划由单位自存，不须报送备案。", rule="letter.filing")
    if plan.submitted_on is None:
        words = f"没有生成备案报告：计划处于“{plan.get_state_display()}”，还缺：补齐内容并报送。报送后即可生成。"
        raise Refused(words, rule="letter.submitted")
    rows = list(rows_of(plan).select_related("item__department"))
    titles = {leader.user_id: leader.label for leader in leaders_of(plan.department_id)}
    listed = [[number, *_cells(row, plan, rules, titles)] for number, row in enumerate(rows, 1)]
    context = {
        "title": f"关于“一把手”走流程\n{rules.planning.content}备案的报告",
        "addressee": plan.receiver.name,
        "text": _filing_text(plan, rules, rows),
        "unit": plan.department.name,
        "day": cndate(plan.submitted_on),
        "annex": f"{rules.planning.content}明细表",
        "rows": listed,
    }
    return _handed_out(plan, FILING, fill(_filing_template(), context), ending, actor)


def write_notice(row: PlanRow, ending: str, *, actor: User | None) -> tuple[IO[bytes], str]:
    """(open file at its start, name) of the letter that tells the day of one walk; ``row.plan`` comes with ``NAMED``.

    Side effect: an audit entry. Raises Refused where the campaign asks for no 报备, and before it was given.
    """
    plan = row.plan
    rules = Rulebook.from_data(plan.rules.data)
    if not asks_notice(rules):
        raise Refused("没有生成报备报告：本活动不要求体验前报备。", rule="letter.notice")
    if row.noticed_at is None:
        words = "没有生成报备报告：这一行还没有报备，还缺：填写具体时间并报备。报备后即可生成。"
        raise Refused(words, rule="letter.noticed")
    titles = {leader.user_id: leader.label for leader in leaders_of(plan.department_id)}
    cells = dict(zip(HEADS[1:], _cells(row, plan, rules, titles), strict=True)) | {"体验地点或渠道": row.place}
    told = [f"{name}：{value}。" for name, value in cells.items() if value]
    context = {
        "title": "关于报备“一把手”走流程\n体验时间安排的报告",
        "addressee": plan.receiver.name,
        "opening": f"按照{plan.campaign.name}关于体验前报备的要求，现将我单位体验时间安排报告如下：",
        "lines": [f"{number}.{text}" for number, text in enumerate(told, 1)],
        "unit": plan.department.name,
        "day": cndate(timezone.localtime(row.noticed_at).date()),
    }
    return _handed_out(plan, NOTICE, fill(_notice_template(), context), ending, actor)


def plan_for_letter(campaign: Campaign, user: User | None, unit: str, period: str) -> Plan:
    """The plan of a unit and period for the command line, the last one handed in. Refused in words without one."""
    rows = Plan.objects.all() if user is None else plans_visible_to(user)
    rows = rows.filter(campaign=campaign, department__name=unit, period=period).exclude(state__in=GONE)
    plan = rows.select_related(*NAMED).order_by(F("submitted_on").desc(nulls_last=True), "-round").first()
    if plan is None:
        raise Refused(f"单位“{unit}”在本活动没有{period_label(period)}的计划，或不在可见范围内。", rule="letter.plan")
    return plan


def row_for_letter(plan: Plan, item: str) -> PlanRow:
    """The row of an item; Refused in words when the plan has none of that name, or several."""
    rows = [row for row in rows_of(plan).select_related("item__department") if row.item.name == item]
    if len(rows) != 1:
        raise Refused(f"计划中事项“{item}”有{len(rows)}行，须正好一行。", rule="letter.row")
    rows[0].plan = plan
    return rows[0]


def _filing_text(plan: Plan, rules: Rulebook, rows: Sequence[PlanRow]) -> str:
    days = sorted(row.planned_on for row in rows if row.planned_on)
    span = f"，体验时间为{cndate(days[0])}至{cndate(days[-1])}" if days else ""
    span = f"，体验时间为{cndate(days[0])}" if days and days[0] == days[-1] else span
    part = "" if plan.period == "all" else f"{period_label(plan.period)}"
    items = len({row.item_id for row in rows})
    return (
        f"按照{plan.campaign.name}要求，我单位制定了{part}{rules.planning.content}，拟体验事项{items}项、{len(rows)}项次"
        f"{span}，体验事项、体验流程、体验时间等见附件，现予报送备案。"
    )


def _cells(row: PlanRow, plan: Plan, rules: Rulebook, titles: dict[int, str]) -> list[str]:
    """The cells of one row after 序号; 体验流程 are the stages of its form of walk."""
    named = bool(rules.walking.companion_kinds)
    counted = [(kind, number) for kind, number in row.companions.items() if number]
    companions = [f"{companion_label(rules, kind) if named else ''}{number}人" for kind, number in counted]
    reason = f"（委托：{row.get_delegation_reason_display()}）" if row.delegation_reason else ""
    return [
        item_name(row.item, plan.department_id),
        mode_label(rules, row.mode),
        "—".join(stage.label for stage in stages_for(row.mode)),
        cndate(row.planned_on) if row.planned_on and asks_date(rules) else "",
        f"{titles.get(row.walker_id, row.walker.label)}{reason}",
        "、".join(companions) or "无",
    ]


def _handed_out(plan: Plan, key: str, written: bytes, ending: str, actor: User | None) -> tuple[IO[bytes], str]:
    label = LABELS[key]
    if ending not in (WORD, PDF):
        raise Refused(f"{label}只能生成 .docx、.pdf 文件。", rule="paper.ending")
    detail = {"paper": key, "sha256": hashlib.sha256(written).hexdigest()}
    object_key = f"{plan.campaign.code}-{plan.pk}"
    audit.record(actor=actor, action="paper.written", object_type="plan", object_key=object_key, detail=detail)
    file = to_pdf(written, f".{WORD}") if ending == PDF else written
    return io.BytesIO(file), filename(timezone.localdate(), plan.department.name, label, ending)


@cache
def _filing_template() -> bytes:
    paper = WordPaper("体验计划备案报告")
    _head(paper)
    paper.paragraph("{{ text }}")
    paper.paragraph("特此报告。", is_last=True)
    paper.attachments(["{{ annex }}"])
    paper.signature(["{{ unit }}（盖章）", "{{ day }}"])
    paper.attachment("附件", "{{ annex }}", landscape=True)
    cells = [f"{{{{ row[{place}] }}}}" for place in range(len(HEADS))]
    paper.table(HEADS, WIDTHS_MM, cells, "row in rows", may_split=True)
    return paper.content()


@cache
def _notice_template() -> bytes:
    paper = WordPaper("体验时间报备报告")
    _head(paper)
    paper.paragraph("{{ opening }}")
    paper.mark("{%p for text in lines %}")
    paper.paragraph("{{ text }}")
    paper.mark("{%p endfor %}")
    paper.paragraph("特此报告。", is_last=True)
    paper.signature(["{{ unit }}（盖章）", "{{ day }}"])
    return paper.content()


def _head(paper: WordPaper) -> None:
    paper.title("{{ title }}")
    paper.addressee("{{ addressee }}：")
