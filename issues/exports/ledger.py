"""The ledger as a workbook in the annex layout: exactly the rows that the page's filter selects, in its order.

A hidden column 版本 at the right end (``row_mark``) lets the edited file come back; the printed ledger stays as the
annex has it.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.http import QueryDict

from accounts.models import User
from accounts.scope import home_region, scope_of
from core import audit, jobs, xlsx
from core.export_limit import DIRECT_ROWS as DIRECT_ROWS
from core.listing import CHUNK, Order, ids_in_order, read_order
from core.models import Job
from core.personal_data import mask
from core.templatetags.ui import moment
from issues.columns import columns_named, page_columns, workbook_columns
from issues.domain import export_release, ledger
from issues.enums import IssueState
from issues.exports.row_mark import HEADER, RowMark, digest_of
from issues.tables import Selection, select

JOB_KIND = export_release.KIND
WHAT = "问题整改台账"
_KINDS = {"date": "date", "due": "date", "code": "code"}
# The columns that may be changed in the file, by key; the unmasked ledger has the number under its own key.
EDITABLE = ("phone", "doing", "note", "measures_doing")
# Beside the annex, to be filled in on the screen.
BESIDE = "measures_doing"
_MARK = xlsx.Column("version", HEADER, 26, "code", hidden=True)


# How a value that the page shows by its look is written.
_CELLS: dict[str, Callable[[Any], object]] = {"state": lambda state: IssueState(state).label, "updated_at": moment}


def _sheet_columns(*, unmasked: bool, keys: Sequence[str] = ()) -> tuple[xlsx.Column, ...]:
    """Those of the annex with the mark of the row, or the columns named, in the order of the page."""
    shown = tuple(
        xlsx.Column(
            column.paths[0] if unmasked and column.key == "phone" else column.key,
            column.label,
            column.width,
            _KINDS.get(column.kind, "text"),
            "left" if column.kind in ("title", "lines") else "center",
            column.choices or None,
            on_paper=bool(keys) or column.key != BESIDE,
        )
        for column in (columns_named(keys) if keys else (*workbook_columns(), *columns_named([BESIDE])))
    )
    return shown if keys else (*shown, _MARK)


def sheet(
    *, place: str, unit: str, today: date, words: Sequence[str] = (), unmasked: bool = False, keys: Sequence[str] = ()
) -> xlsx.SheetSpec:
    """The annex's head and foot; ``words`` say which part of the ledger this is. ``unmasked``: with every number.
    ``keys``: of the columns, where they are not the annex's."""
    part = f"（{'；'.join(words)}）" if words else ""
    day = f"{today.year}年{today.month}月{today.day}日"
    return xlsx.SheetSpec(
        title=f"{place}“一把手走流程”{WHAT}{part}",
        columns=_sheet_columns(unmasked=unmasked, keys=keys),
        unmasked=unmasked,
        left_note=f"填报单位（盖章）：{unit}",
        right_note=f"填报日期：{day}",
        as_of=today,
        sheet_name=WHAT,
    )


def write(target, spec: xlsx.SheetSpec, ids: Sequence[int], order: Order, today: date, on_row=None) -> int:
    """Write these issues to ``target`` (path or binary file); returns the rows. ``on_row`` is called for each."""
    keys = [column.key for column in spec.columns]
    rows = _worded(ledger.ledger_rows(ids, order, today, keys), keys)
    if _MARK in spec.columns:
        rows = _marked(rows, keys, unmasked=spec.unmasked)
    return xlsx.write_workbook(target, [(spec, _watched(rows, on_row) if on_row else rows)])


def _worded(rows: Iterator[tuple], keys: Sequence[str]) -> Iterator[tuple]:
    """The rows with the words of what the page shows by its look."""
    looks = [_CELLS.get(key) for key in keys]
    if not any(looks):
        return rows
    return (tuple(look(value) if look else value for look, value in zip(looks, row, strict=True)) for row in rows)


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


def write_campaign(target, found: ledger.CampaignLedger, *, code: str, actor: User | None, today: date) -> int:
    """Write what ``ledger.campaign_ledger`` found into the binary file ``target``, newest numbers first; returns the
    rows (件). ``actor`` None: the whole ledger, for the system. Side effect: an audit entry."""
    order, _ = read_order("", page_columns(), "number")
    rows = write(
        target,
        sheet(place=found.place, unit=found.unit, today=today),
        ids_in_order(found.queryset, order),
        order,
        today,
    )
    detail = {"campaign": code, "as": actor.username if actor else "", "rows": rows}
    audit.record(actor=actor, action="ledger.exported", object_type="campaign", object_key=code, detail=detail)
    return rows


def file_name(place: str, today: date, *, is_part: bool, own_columns: bool = False) -> str:
    """Names of their own, so that a part that was filtered, or some of the columns, is never taken for the whole."""
    words = "、".join(word for word, holds in (("筛选", is_part), ("自选列", own_columns)) if holds)
    return xlsx.filename(today, place, f"{WHAT}（{words}）" if words else WHAT)


def place_of(user) -> str:
    """The region that heads the person's workbook."""
    return home_region(user)


def export_selection(
    target, selection: Selection, user, today: date, on_row=None, *, unmasked: bool = False, keys: Sequence[str] = ()
) -> int:
    """Write what was selected and leave an audit entry. Returns the rows. ``unmasked`` only after a release; ``keys``:
    of the columns, where they are not the annex's.

    Side effects in order: the workbook; one entry ``ledger.exported`` with the conditions and the number of rows.
    """
    rows = write_selection(target, selection, user, today, on_row, unmasked=unmasked, keys=keys)
    note_exported(selection, user, rows, unmasked=unmasked)
    return rows


def write_selection(
    target, selection: Selection, user, today: date, on_row=None, *, unmasked: bool = False, keys: Sequence[str] = ()
) -> int:
    """Write what was selected; returns the rows."""
    ids = ids_in_order(selection.queryset, selection.order)
    head = {"place": place_of(user), "unit": scope_of(user).label, "words": selection.words()}
    spec = sheet(**head, today=today, unmasked=unmasked, keys=keys)
    return write(target, spec, ids, selection.order, today, on_row)


def note_exported(selection: Selection, user, rows: int, *, unmasked: bool) -> None:
    """The audit entry of what was written."""
    audit.record(
        actor=user,
        action="ledger.exported",
        object_type="ledger",
        object_key=selection.label,
        detail={"conditions": selection.words(), "rows": rows, **({"unmasked": True} if unmasked else {})},
    )


class Cancelled(Exception):
    """Its owner stopped the job."""


def run_job(job: Job, today: date) -> None:
    """Write the workbook a queued job asks for, in its owner's scope as it is now; publishes it whole or not at all.

    The audit entry and the end of the job are kept both or neither: a worker that dies in between leaves no entry of a
    file that nobody got.
    """
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

    keys, unmasked, written = job.params.get("columns", []), job.params.get("unmasked", False), list[int]()

    def write_to(out) -> None:
        written.append(write_selection(out, selection, job.owner, today, on_row, unmasked=unmasked, keys=keys))

    try:
        path, sha = jobs.write_file(job, write_to)
    except Cancelled:
        return
    except Exception:
        jobs.fail(job, message="导出未完成，没有生成文件。请稍后重试；如再次失败请联系系统管理员。")
        raise
    name = file_name(place_of(job.owner), today, is_part=bool(selection.words()), own_columns=bool(keys))
    with transaction.atomic():
        note_exported(selection, job.owner, sum(written), unmasked=unmasked)
        if not jobs.finish(job, file=(name, path, sha), message=f"共 {total} 条。"):
            transaction.set_rollback(True)
