"""The lists beside the ledger as workbooks: the rows selected on the page, in its order."""

from datetime import date
from typing import IO

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.scope import home_region
from core import xlsx
from core.list_book import ListBook, write_book
from core.templatetags.ui import moment
from issues.domain import export_release
from issues.domain.chases.queries import chase_rows
from issues.domain.enquiries.queries import reply_rows
from issues.domain.extensions.queries import extension_rows
from issues.domain.hosted import hosted_rows
from issues.domain.inspections.queries import inspection_rows
from issues.domain.lookback.queries import look_back_rows, request_rows
from issues.domain.needs.queries import need_rows
from issues.domain.practices import practice_rows
from issues.domain.slips.queries import proposal_rows, slip_rows


def write_list(book: ListBook, rows: QuerySet, *, actor: User, today: date, what: str = "") -> tuple[IO[bytes], str]:
    """``core.list_book.write_book`` for a list of this app."""
    return write_book(book, rows, actor=actor, today=today, place=home_region(actor), what=what)


NEEDS = ListBook(
    "需求清单",
    (
        xlsx.Column("subject_label", "需求主体", 12),
        xlsx.Column("content", "需求内容", 48, align="left"),
        xlsx.Column("walk__department_name", "收集单位", 18),
        xlsx.Column("walk__item_name", "体验事项", 22, align="left"),
        xlsx.Column("walk__walk_date", "体验日期", 12, kind="date"),
        xlsx.Column("department__name", "涉及单位", 18),
        xlsx.Column("reply_by", "拟回应时间", 12, kind="date"),
        xlsx.Column("reply", "回应情况", 44, align="left"),
        xlsx.Column("replied_on", "回应日期", 12, kind="date"),
        xlsx.Column("late", "逾期", 18),
    ),
    lambda rows, today: need_rows(rows, today=today),
    action="need.exported",
    object_type="need",
)
EXTENSIONS = ListBook(
    "延期申请",
    (
        xlsx.Column("issue__number", "问题编号", 14, kind="code"),
        xlsx.Column("issue__description", "存在问题", 40, align="left"),
        xlsx.Column("department__name", "责任单位", 18),
        xlsx.Column("issue__first_due_on", "首次时限", 12, kind="date"),
        xlsx.Column("old_due_on", "申请时的时限", 12, kind="date"),
        xlsx.Column("asked_due_on", "申请延至", 12, kind="date"),
        xlsx.Column("reason", "延期理由", 34, align="left"),
        xlsx.Column("asked_by__label", "申请人", 14),
        xlsx.Column("asked_on", "申请日期", 12, kind="date"),
        xlsx.Column("side_label", "答复方", 10),
        xlsx.Column("state_label", "答复", 10),
        xlsx.Column("granted_due_on", "同意延至", 12, kind="date"),
        xlsx.Column("words", "答复意见", 30, align="left"),
        xlsx.Column("decided_by__label", "答复人", 14),
        xlsx.Column("decided_on", "答复日期", 12, kind="date"),
    ),
    lambda rows, today: extension_rows(rows),
    action="extension.exported",
)
CHASES = ListBook(
    "催办记录",
    (
        xlsx.Column("issue__number", "问题编号", 14, kind="code"),
        xlsx.Column("issue__description", "存在问题", 40, align="left"),
        xlsx.Column("department__name", "责任单位", 18),
        xlsx.Column("what", "催办事项", 10),
        xlsx.Column("number", "第几次", 8, kind="int"),
        xlsx.Column("person__label", "催办对象", 14),
        xlsx.Column("chased_by__label", "催办人", 14),
        xlsx.Column("chased_at", "催办时间", 18),
        xlsx.Column("words", "催办要求", 34, align="left"),
        xlsx.Column("read_at", "打开消息的时间", 18),
    ),
    lambda rows, today: chase_rows(rows),
    action="chase.exported",
    cells={
        "what": lambda row: "举一反三" if row["reply__public_id"] else "整改",
        "chased_at": lambda row: moment(row["chased_at"]),
        "read_at": lambda row: moment(row["notice__read_at"]) if row["notice__read_at"] else "未读",
    },
)
SLIPS = ListBook(
    "督办单",
    (
        xlsx.Column("number", "督办编号", 18),
        xlsx.Column("colour_label", "颜色", 8),
        xlsx.Column("signed_on", "签发日期", 12, kind="date"),
        xlsx.Column("issue__number", "问题编号", 14, kind="code"),
        xlsx.Column("issue__description", "督办事项", 40, align="left"),
        xlsx.Column("department__name", "承办单位", 18),
        xlsx.Column("late_workdays", "签发时逾期工作日", 10, kind="int"),
        xlsx.Column("demand", "督办要求", 34, align="left"),
        xlsx.Column("reply_by", "反馈期限", 12, kind="date"),
        xlsx.Column("reply", "办理情况", 40, align="left"),
        xlsx.Column("late_reason", "未按期原因", 24, align="left"),
        xlsx.Column("replied_on", "反馈日期", 12, kind="date"),
        xlsx.Column("late", "反馈逾期", 18),
        xlsx.Column("opinion", "核验意见", 24, align="left"),
        xlsx.Column("ended_on", "办结日期", 12, kind="date"),
        xlsx.Column("state_label", "状态", 10),
    ),
    lambda rows, today: slip_rows(rows, today=today),
    action="slip.exported",
    cells={"signed_on": lambda row: timezone.localtime(row["signed_at"]).date()},
)
PROPOSALS = ListBook(
    "待签发督办单",
    (
        xlsx.Column("number", "问题编号", 14, kind="code"),
        xlsx.Column("description", "存在问题", 44, align="left"),
        xlsx.Column("unit", "责任单位", 18),
        xlsx.Column("due_on", "整改时限", 12, kind="date"),
        xlsx.Column("late", "逾期", 18),
        xlsx.Column("colour", "应发颜色", 10),
        xlsx.Column("last", "已签发", 10),
    ),
    lambda rows, today: proposal_rows(rows, today=today),
    action="slip.exported",
    way="请先签发一部分后再导出。",
    cells={
        "number": lambda row: row["issue"].number,
        "description": lambda row: row["issue"].description,
        "unit": lambda row: row["issue"].responsible_department.name,
        "due_on": lambda row: row["issue"].due_on,
        "colour": lambda row: row["due"].label,
        "last": lambda row: row["last"] or "尚未督办",
    },
)
HOSTED = ListBook(
    "来本单位的体验",
    (
        xlsx.Column("walk_date", "体验日期", 12, kind="date"),
        xlsx.Column("department_name", "体验单位", 20),
        xlsx.Column("walker_name", "体验人", 14),
        xlsx.Column("item_name", "体验事项", 34, align="left"),
        xlsx.Column("mode_label", "体验形式", 12),
        xlsx.Column("handed", "交本单位的问题（件）", 14, kind="int", total="sum"),
        xlsx.Column("state_label", "状态", 12),
    ),
    lambda rows, today: hosted_rows(rows),
    action="walks.exported",
    object_type="walk",
)
PRACTICES = ListBook(
    "好做法",
    (
        xlsx.Column("number", "问题编号", 14, kind="code"),
        xlsx.Column("responsible_department__name", "单位", 18),
        xlsx.Column("item__name", "体验事项", 20, align="left"),
        xlsx.Column("description", "存在问题", 36, align="left"),
        xlsx.Column("category", "分类", 12),
        xlsx.Column("good_practice", "做法", 54, align="left"),
        xlsx.Column("result", "整改结果", 36, align="left"),
        xlsx.Column("practice_on", "标记日期", 12, kind="date"),
    ),
    lambda rows, today: practice_rows(rows),
    action="practice.exported",
)
INSPECTIONS = ListBook(
    "督查记录",
    (
        xlsx.Column("inspected_on", "督查日期", 12, kind="date"),
        xlsx.Column("campaign__name", "活动", 28, align="left"),
        xlsx.Column("inspectors", "督查人员", 20),
        xlsx.Column("units", "被督查单位", 34, align="left"),
        xlsx.Column("summary", "督查情况", 50, align="left"),
        xlsx.Column("found", "发现问题（件）", 10, kind="int"),
        xlsx.Column("made_by__label", "记录人", 14),
        xlsx.Column("struck", "作废", 24, align="left"),
    ),
    lambda rows, today: inspection_rows(rows),
    action="inspection.exported",
    way="请按活动缩小范围后再导出。",
    cells={"struck": lambda row: f"已作废：{row['struck_reason']}" if row["struck_at"] else ""},
)
ENQUIRIES = ListBook(
    "举一反三",
    (
        xlsx.Column("number", "问题编号", 14, kind="code"),
        xlsx.Column("enquiry__question", "征询内容", 44, align="left"),
        xlsx.Column("department__name", "被征询单位", 18),
        xlsx.Column("sent_on", "发起日期", 12, kind="date"),
        xlsx.Column("reply_by", "答复期限", 12, kind="date"),
        xlsx.Column("state_label", "答复", 10),
        xlsx.Column("words", "答复说明", 44, align="left"),
        xlsx.Column("child", "登记的问题", 14, kind="code"),
        xlsx.Column("answered_on", "答复日期", 12, kind="date"),
        xlsx.Column("answered_by__label", "答复人", 14),
        xlsx.Column("late", "逾期", 18),
        xlsx.Column("chases", "催办次数", 8, kind="int"),
    ),
    lambda rows, today: reply_rows(rows, today=today),
    action="enquiry.exported",
    cells={"sent_on": lambda row: timezone.localtime(row["enquiry__sent_at"]).date()},
)
RELEASES = ListBook(
    "导出待放行",
    (
        xlsx.Column("label", "申请导出", 24),
        xlsx.Column("rows", "件数", 8, kind="int"),
        xlsx.Column("owner", "申请人", 14),
        xlsx.Column("asked_at", "申请时间", 18),
        xlsx.Column("reason", "用途", 44, align="left"),
        xlsx.Column("numbers", "号码", 14),
    ),
    lambda rows, today: export_release.release_rows(rows),
    action="release.exported",
    cells={"asked_at": lambda row: moment(row["asked_at"])},
)
REQUESTS = ListBook(
    "安排的回头看",
    (
        xlsx.Column("issue__number", "问题编号", 14, kind="code"),
        xlsx.Column("issue__description", "存在问题", 44, align="left"),
        xlsx.Column("issue__item__name", "体验事项", 22, align="left"),
        xlsx.Column("department__name", "回头看单位", 18),
        xlsx.Column("note", "回头看要求", 34, align="left"),
        xlsx.Column("asked_by__label", "安排人", 14),
        xlsx.Column("asked_on", "安排日期", 12, kind="date"),
        xlsx.Column("due_on", "回头看期限", 12, kind="date"),
        xlsx.Column("late", "逾期", 18),
        xlsx.Column("state_label", "状态", 10),
    ),
    lambda rows, today: request_rows(rows, today=today),
    action="look_back.requests_exported",
    object_type="look_back",
    way="请按活动、单位缩小范围后再导出。",
)
LOOK_BACKS = ListBook(
    "回头看",
    (
        xlsx.Column("number", "问题编号", 14, kind="code"),
        xlsx.Column("description", "存在问题", 44, align="left"),
        xlsx.Column("responsible_department__name", "责任单位", 18),
        xlsx.Column("item__name", "体验事项", 22, align="left"),
        xlsx.Column("stage_label", "环节", 10),
        xlsx.Column("closed_on", "销号日期", 12, kind="date"),
        xlsx.Column("closer", "验收人", 14),
        xlsx.Column("why", "为何回头看", 16),
        xlsx.Column("asked_unit", "安排单位", 18),
        xlsx.Column("asked_by_day", "回头看期限", 12, kind="date"),
        xlsx.Column("arranged_on", "体验日期", 12, kind="date"),
        xlsx.Column("arranged_by", "体验人", 16),
        xlsx.Column("look_back_note", "回头看情况", 40, align="left"),
        xlsx.Column("state_label", "状态", 10),
    ),
    lambda rows, today: look_back_rows(rows),
    action="look_back.exported",
    way="请按活动、责任单位缩小范围后再导出。",
)
