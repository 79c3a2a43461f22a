"""The ledger as a workbook in the annex layout: exactly the rows that the page's filter selects, in its order."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import IO

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from accounts.scope import scope_of
from core import audit, jobs, xlsx
from core.export_limit import DIRECT_ROWS as DIRECT_ROWS
from core.export_limit import require_few
from core.listing import CHUNK, Order, ids_in_order
from core.models import Job
from core.templatetags.ui import moment
from issues.columns import workbook_columns
from issues.domain import export_release, ledger
from issues.domain.chasing import chase_rows
from issues.domain.extensions.queries import extension_rows
from issues.domain.inspections.queries import inspection_rows
from issues.domain.needs.queries import need_rows
from issues.domain.slips.queries import proposal_rows, slip_rows
from issues.tables import Selection, select

JOB_KIND = export_release.KIND
WHAT = "问题整改台账"
_KINDS = {"date": "date", "due": "date", "code": "code"}


def _sheet_columns(*, unmasked: bool) -> tuple[xlsx.Column, ...]:
    return tuple(
        xlsx.Column(
            column.paths[0] if unmasked and column.key == "phone" else column.key,
            column.label,
            column.width,
            _KINDS.get(column.kind, "text"),
            "left" if column.kind in ("title", "lines") else "center",
            column.choices or None,
        )
        for column in workbook_columns()
    )


def sheet(*, place: str, unit: str, today: date, words: Sequence[str] = (), unmasked: bool = False) -> xlsx.SheetSpec:
    """The annex's head and foot; ``words`` say which part of the ledger this is. ``unmasked``: with every number."""
    part = f"（{'；'.join(words)}）" if words else ""
    day = f"{today.year}年{today.month}月{today.day}日"
    return xlsx.SheetSpec(
        title=f"{place}“一把手走流程”{WHAT}{part}",
        columns=_sheet_columns(unmasked=unmasked),
        unmasked=unmasked,
        left_note=f"填报单位（盖章）：{unit}",
        right_note=f"填报日期：{day}",
        as_of=today,
        sheet_name=WHAT,
    )


def write(target, spec: xlsx.SheetSpec, ids: Sequence[int], order: Order, today: date, on_row=None) -> int:
    """Write these issues to ``target`` (path or binary file); returns the rows. ``on_row`` is called for each."""
    rows = ledger.ledger_rows(ids, order, today, [column.key for column in spec.columns])
    return xlsx.write_workbook(target, [(spec, _watched(rows, on_row) if on_row else rows)])


def _watched(rows: Iterator[tuple], on_row: Callable[[int], None]) -> Iterator[tuple]:
    for number, row in enumerate(rows, start=1):
        on_row(number)
        yield row


def file_name(place: str, today: date, *, is_part: bool) -> str:
    """Two names, so that a part that was filtered is never taken for the whole ledger."""
    return xlsx.filename(today, place, f"{WHAT}（筛选）" if is_part else WHAT)


def place_of(user) -> str:
    """The region that heads the person's workbook."""
    return ledger.home_region(user)


def export_selection(target, selection: Selection, user, today: date, on_row=None, *, unmasked: bool = False) -> int:
    """Write what was selected and leave an audit entry. Returns the rows. ``unmasked`` only after a release.

    Side effects in order: the workbook; one entry ``ledger.exported`` with the conditions and the number of rows.
    """
    ids = ids_in_order(selection.queryset, selection.order)
    spec = sheet(
        place=place_of(user), unit=scope_of(user).label, today=today, words=selection.words(), unmasked=unmasked
    )
    rows = write(target, spec, ids, selection.order, today, on_row)
    audit.record(
        actor=user,
        action="ledger.exported",
        object_type="ledger",
        object_key=selection.view,
        detail={"conditions": selection.words(), "rows": rows, **({"unmasked": True} if unmasked else {})},
    )
    return rows


class Cancelled(Exception):
    """Its owner stopped the job."""


def run_job(job: Job, today: date) -> None:
    """Write the workbook a queued job asks for, in its owner's scope as it is now; publishes it whole or not at all."""
    if scope_of(job.owner).fingerprint != job.rights:
        jobs.fail(job, message="您的角色已有变动，没有生成文件。请重新导出。")
        return
    selection = select(job.owner, QueryDict(job.params["query"]), today)
    total = selection.queryset.order_by().count()
    if not jobs.advance(job, progress=0, total=total):
        return

    def on_row(number: int) -> None:
        if number % CHUNK == 0 and not jobs.advance(job, progress=min(number, total)):
            raise Cancelled

    def write_to(out) -> int:
        return export_selection(out, selection, job.owner, today, on_row, unmasked=job.params.get("unmasked", False))

    try:
        path, sha = jobs.write_file(job, write_to)
    except Cancelled:
        return
    except Exception:
        jobs.fail(job, message="导出未完成，没有生成文件。请稍后重试；如再次失败请联系系统管理员。")
        raise
    name = file_name(place_of(job.owner), today, is_part=bool(selection.words()))
    jobs.finish(job, file=(name, path, sha), message=f"共 {total} 条。")


NEEDS_SHEET = (
    xlsx.Column("subject", "需求主体", 12),
    xlsx.Column("content", "需求内容", 48, align="left"),
    xlsx.Column("found_by", "收集单位", 18),
    xlsx.Column("item", "体验事项", 22, align="left"),
    xlsx.Column("day", "体验日期", 12, kind="date"),
    xlsx.Column("unit", "涉及单位", 18),
    xlsx.Column("reply_by", "拟回应时间", 12, kind="date"),
    xlsx.Column("reply", "回应情况", 44, align="left"),
    xlsx.Column("replied_on", "回应日期", 12, kind="date"),
    xlsx.Column("late", "逾期", 18),
)


def needs_workbook(needs: QuerySet, *, what: str, actor, today: date) -> tuple[IO[bytes], str]:
    """(open file at its start, name) of the needs selected on the page, in its order. Side effect: an audit entry.

    Raises Refused for more rows than may be taken at once."""
    require_few(needs.count(), what="需求清单", way="请按活动、单位缩小范围后再导出。")
    rows = [
        (
            row["subject_label"], row["content"], row["walk__department_name"], row["walk__item_name"],
            row["walk__walk_date"], row["department__name"], row["reply_by"], row["reply"], row["replied_on"],
            row["late"],
        )
        for row in need_rows(needs, today=today)
    ]  # fmt: skip
    spec = xlsx.SheetSpec(title=f"需求清单（{what}）", columns=NEEDS_SHEET, as_of=today, sheet_name="需求清单")
    file = _file_of(spec, rows)
    detail = {"rows": len(rows), "conditions": what}
    audit.record(actor=actor, action="need.exported", object_type="need", object_key=what, detail=detail)
    return file, xlsx.filename(today, place_of(actor), "需求清单")


EXTENSIONS_SHEET = (
    xlsx.Column("number", "问题编号", 14, kind="code"),
    xlsx.Column("description", "存在问题", 40, align="left"),
    xlsx.Column("unit", "责任单位", 18),
    xlsx.Column("first", "首次时限", 12, kind="date"),
    xlsx.Column("old", "申请时的时限", 12, kind="date"),
    xlsx.Column("asked", "申请延至", 12, kind="date"),
    xlsx.Column("reason", "延期理由", 34, align="left"),
    xlsx.Column("asker", "申请人", 14),
    xlsx.Column("asked_on", "申请日期", 12, kind="date"),
    xlsx.Column("side", "答复方", 10),
    xlsx.Column("state", "答复", 10),
    xlsx.Column("granted", "同意延至", 12, kind="date"),
    xlsx.Column("words", "答复意见", 30, align="left"),
    xlsx.Column("decider", "答复人", 14),
    xlsx.Column("decided_on", "答复日期", 12, kind="date"),
)


def extensions_workbook(rows: QuerySet, *, what: str, actor, today: date) -> tuple[IO[bytes], str]:
    """(open file at its start, name) of the requests for more time selected on the page, in its order. Side effect: an
    audit entry. Raises Refused for more rows than may be taken at once."""
    require_few(rows.count(), what="延期申请", way="请按活动、单位缩小范围后再导出。")
    found = [
        (
            row["issue__number"], row["issue__description"], row["department__name"], row["issue__first_due_on"],
            row["old_due_on"], row["asked_due_on"], row["reason"], row["asked_by__label"], row["asked_on"],
            row["side_label"], row["state_label"], row["granted_due_on"], row["words"], row["decided_by__label"] or "",
            row["decided_on"],
        )
        for row in extension_rows(rows)
    ]  # fmt: skip
    title = f"延期申请（{what}）"
    spec = xlsx.SheetSpec(title=title, columns=EXTENSIONS_SHEET, as_of=today, sheet_name="延期申请")
    file = _file_of(spec, found)
    detail = {"rows": len(found), "conditions": what}
    audit.record(actor=actor, action="extension.exported", object_type="ledger", object_key=what, detail=detail)
    return file, xlsx.filename(today, place_of(actor), "延期申请")


CHASES_SHEET = (
    xlsx.Column("number", "问题编号", 14, kind="code"),
    xlsx.Column("description", "存在问题", 40, align="left"),
    xlsx.Column("unit", "责任单位", 18),
    xlsx.Column("times", "第几次", 8, kind="int"),
    xlsx.Column("person", "催办对象", 14),
    xlsx.Column("by", "催办人", 14),
    xlsx.Column("at", "催办时间", 18),
    xlsx.Column("words", "催办要求", 34, align="left"),
    xlsx.Column("read", "打开消息的时间", 18),
)


def chases_workbook(rows: QuerySet, *, what: str, actor, today: date) -> tuple[IO[bytes], str]:
    """(open file at its start, name) of the chases selected on the page, in its order. Side effect: an audit entry.
    Raises Refused for more rows than may be taken at once."""
    require_few(rows.count(), what="催办记录", way="请按活动、单位缩小范围后再导出。")
    found = [
        (
            row["issue__number"], row["issue__description"], row["department__name"], row["number"],
            row["person__label"], row["chased_by__label"], moment(row["chased_at"]), row["words"],
            moment(row["notice__read_at"]) if row["notice__read_at"] else "未读",
        )
        for row in chase_rows(rows)
    ]  # fmt: skip
    spec = xlsx.SheetSpec(title=f"催办记录（{what}）", columns=CHASES_SHEET, as_of=today, sheet_name="催办记录")
    file = _file_of(spec, found)
    detail = {"rows": len(found), "conditions": what}
    audit.record(actor=actor, action="chase.exported", object_type="ledger", object_key=what, detail=detail)
    return file, xlsx.filename(today, place_of(actor), "催办记录")


SLIPS_SHEET = (
    xlsx.Column("number", "督办编号", 18),
    xlsx.Column("colour", "颜色", 8),
    xlsx.Column("signed_on", "签发日期", 12, kind="date"),
    xlsx.Column("issue", "问题编号", 14, kind="code"),
    xlsx.Column("description", "督办事项", 40, align="left"),
    xlsx.Column("unit", "承办单位", 18),
    xlsx.Column("late", "签发时逾期工作日", 10, kind="int"),
    xlsx.Column("demand", "督办要求", 34, align="left"),
    xlsx.Column("reply_by", "反馈期限", 12, kind="date"),
    xlsx.Column("reply", "办理情况", 40, align="left"),
    xlsx.Column("late_reason", "未按期原因", 24, align="left"),
    xlsx.Column("replied_on", "反馈日期", 12, kind="date"),
    xlsx.Column("overdue", "反馈逾期", 18),
    xlsx.Column("opinion", "核验意见", 24, align="left"),
    xlsx.Column("ended_on", "办结日期", 12, kind="date"),
    xlsx.Column("state", "状态", 10),
)


def slips_workbook(rows: QuerySet, *, what: str, actor, today: date) -> tuple[IO[bytes], str]:
    """(open file at its start, name) of the 督办单 selected on the page, in its order. Side effect: an audit entry.
    Raises Refused for more rows than may be taken at once."""
    require_few(rows.count(), what="督办单", way="请按活动、单位缩小范围后再导出。")
    found = [
        (
            row["number"], row["colour_label"], timezone.localtime(row["signed_at"]).date(), row["issue__number"],
            row["issue__description"], row["department__name"], row["late_workdays"], row["demand"], row["reply_by"],
            row["reply"], row["late_reason"], row["replied_on"], row["late"], row["opinion"], row["ended_on"],
            row["state_label"],
        )
        for row in slip_rows(rows, today=today)
    ]  # fmt: skip
    spec = xlsx.SheetSpec(title=f"督办单（{what}）", columns=SLIPS_SHEET, as_of=today, sheet_name="督办单")
    file = _file_of(spec, found)
    detail = {"rows": len(found), "conditions": what}
    audit.record(actor=actor, action="slip.exported", object_type="ledger", object_key=what, detail=detail)
    return file, xlsx.filename(today, place_of(actor), "督办单")


PROPOSALS_SHEET = (
    xlsx.Column("number", "问题编号", 14, kind="code"),
    xlsx.Column("description", "存在问题", 44, align="left"),
    xlsx.Column("unit", "责任单位", 18),
    xlsx.Column("due_on", "整改时限", 12, kind="date"),
    xlsx.Column("late", "逾期", 18),
    xlsx.Column("colour", "应发颜色", 10),
    xlsx.Column("last", "已签发", 10),
)


def proposals_workbook(issues: QuerySet, *, actor, today: date) -> tuple[IO[bytes], str]:
    """(open file at its start, name) of the issues that call for a 督办单, in the order of the page. Side effect: an
    audit entry. Raises Refused for more rows than may be taken at once."""
    require_few(issues.count(), what="待签发督办单", way="请先签发一部分后再导出。")
    found = [
        (
            row["issue"].number, row["issue"].description, row["issue"].responsible_department.name,
            row["issue"].due_on, row["late"], row["due"].label, row["last"] or "尚未督办",
        )
        for row in proposal_rows(issues, today=today)
    ]  # fmt: skip
    spec = xlsx.SheetSpec(title="待签发督办单", columns=PROPOSALS_SHEET, as_of=today, sheet_name="待签发督办单")
    file = _file_of(spec, found)
    detail = {"rows": len(found), "conditions": "待签发"}
    audit.record(actor=actor, action="slip.exported", object_type="ledger", object_key="proposals", detail=detail)
    return file, xlsx.filename(today, place_of(actor), "待签发督办单")


INSPECTIONS_SHEET = (
    xlsx.Column("day", "督查日期", 12, kind="date"),
    xlsx.Column("campaign", "活动", 28, align="left"),
    xlsx.Column("inspectors", "督查人员", 20),
    xlsx.Column("units", "被督查单位", 34, align="left"),
    xlsx.Column("summary", "督查情况", 50, align="left"),
    xlsx.Column("found", "发现问题（件）", 10, kind="int"),
    xlsx.Column("by", "记录人", 14),
    xlsx.Column("struck", "作废", 24, align="left"),
)


def inspections_workbook(rows: QuerySet, *, actor, today: date) -> tuple[IO[bytes], str]:
    """(open file at its start, name) of the inspections selected on the page, in its order. Side effect: an audit
    entry. Raises Refused for more rows than may be taken at once."""
    require_few(rows.count(), what="督查记录", way="请按活动缩小范围后再导出。")
    found = [
        (
            row["inspected_on"], row["campaign__name"], row["inspectors"], row["units"], row["summary"], row["found"],
            row["made_by__label"], f"已作废：{row['struck_reason']}" if row["struck_at"] else "",
        )
        for row in inspection_rows(rows)
    ]  # fmt: skip
    spec = xlsx.SheetSpec(title="督查记录", columns=INSPECTIONS_SHEET, as_of=today, sheet_name="督查记录")
    file = _file_of(spec, found)
    audit.record(
        actor=actor, action="inspection.exported", object_type="ledger", object_key="all", detail={"rows": len(found)}
    )
    return file, xlsx.filename(today, place_of(actor), "督查记录")


def _file_of(spec: xlsx.SheetSpec, rows: Sequence[tuple]) -> IO[bytes]:
    """A workbook of one sheet as an open file at its start; the response closes it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115
    xlsx.write_workbook(file, [(spec, rows)])
    file.seek(0)
    return file
