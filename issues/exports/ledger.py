"""The ledger as a workbook in the annex layout: exactly the rows that the page's filter selects, in its order.

A hidden column 版本 at the right end (``row_mark``) lets the edited file come back; the printed ledger stays as the
annex has it.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from django.http import QueryDict

from accounts.scope import scope_of
from core import audit, jobs, xlsx
from core.export_limit import DIRECT_ROWS as DIRECT_ROWS
from core.listing import CHUNK, Order, ids_in_order
from core.models import Job
from core.personal_data import mask
from issues.columns import workbook_columns
from issues.domain import export_release, ledger
from issues.exports.row_mark import HEADER, RowMark, digest_of
from issues.tables import Selection, select

JOB_KIND = export_release.KIND
WHAT = "问题整改台账"
_KINDS = {"date": "date", "due": "date", "code": "code"}
# The columns that may be changed in the file, by key; the unmasked ledger has the number under its own key.
EDITABLE = ("phone", "doing", "note")
_MARK = xlsx.Column("version", HEADER, 26, "code", hidden=True)


def _sheet_columns(*, unmasked: bool) -> tuple[xlsx.Column, ...]:
    shown = tuple(
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
    return (*shown, _MARK)


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
    keys = [column.key for column in spec.columns]
    rows = _marked(ledger.ledger_rows(ids, order, today, keys), keys, unmasked=spec.unmasked)
    return xlsx.write_workbook(target, [(spec, _watched(rows, on_row) if on_row else rows)])


def _marked(rows: Iterator[tuple], keys: Sequence[str], *, unmasked: bool) -> Iterator[tuple]:
    """The rows with the mark of each in the place of its version, the last one."""
    places = [keys.index(key if key in keys else "contact_phone") for key in EDITABLE]
    at = keys.index("number")
    for *cells, version in rows:
        texts = [str(cells[place] or "") for place in places]
        digest = digest_of(texts if unmasked else map(mask, texts))
        yield (*cells, str(RowMark(cells[at], version, digest)))


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
