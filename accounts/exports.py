"""Units and people as workbooks that the imports read again; roles; the audit for 审计员 to take along."""

import csv
import io
import tempfile
from collections.abc import Iterator
from datetime import date
from typing import IO

from django.db.models import QuerySet
from django.forms import Form
from django.utils import timezone

from accounts.audit_words import in_words, key_in_words
from accounts.domain.abolition import units_visible_to
from accounts.domain.imports import PEOPLE_COLUMNS
from accounts.domain.queries import audit_rows, places_in
from accounts.domain.role_requests import request_rows
from accounts.domain.unit_imports import UNIT_COLUMNS
from accounts.domain.unit_moves import unit_change_rows
from accounts.models import Region, User
from accounts.resources import PersonResource, StoredPerson, UnitResource
from accounts.tables import ACTIONS, OBJECTS
from core import audit
from core.export_limit import require_few
from core.list_book import ListBook
from core.models import AuditChain, AuditEntry
from core.personal_data import mask
from core.searching import searched
from core.templatetags.ui import moment
from core.xlsx import Column, SheetSpec, filename, write_workbook
from core.xlsx_cells import is_reread

ROLES = ListBook(
    "角色授予",
    (
        Column("user__name", "姓名", 14),
        Column("user__username", "用户名", 16),
        Column("role_label", "角色", 14),
        Column("department__name", "单位", 24),
        Column("department__region__name", "区域", 14),
        Column("requested_by__name", "申请人", 14),
        Column("requested_at", "申请时间", 18),
        Column("decision_label", "决定", 10),
        Column("decided_by__name", "决定人", 14),
        Column("decided_at", "决定时间", 18),
        Column("reason", "理由", 30, align="left"),
        Column("since", "起始日期", 14),
        Column("until", "截止日期", 14),
    ),
    lambda rows, today: request_rows(rows),
    action="roles.exported",
    way="请先决定一部分后再导出。",
    object_type="user",
    cells={
        "requested_at": lambda row: moment(row["requested_at"]),
        "decided_at": lambda row: moment(row["decided_at"]) if row["decided_at"] else "",
    },
)
UNIT_CHANGES = ListBook(
    "机构变动",
    (
        Column("effective_on", "变动日期", 14),
        Column("kind_label", "变动", 10),
        Column("region__name", "区域", 14),
        Column("from_words", "原单位", 36, align="left"),
        Column("to_words", "现单位", 36, align="left"),
        Column("document", "依据", 30, align="left"),
        Column("made_by__label", "办理人", 14),
        Column("made_at", "办理时间", 18),
    ),
    lambda rows, today: unit_change_rows(rows),
    action="units.changes_exported",
    way="请按变动、日期缩小范围后再导出。",
    object_type="unit",
    cells={"made_at": lambda row: moment(row["made_at"])},
)
BY_REGION = "请按下级区域分别导出。"
FIELDS = ("name", "username", "unit", "title", "roles", "phone")
WIDTHS = {"单位名称": 30, "单位": 30, "角色": 30, "用户名": 16, "单位类型": 14}


def units_workbook(region: Region, *, actor) -> tuple[IO[bytes], str]:
    """(open file at its start, name): every unit of a region, those abolished among them. Side effect: an audit
    entry. Raises Refused for more rows than one person takes out at once.
    """
    units = units_visible_to(actor).filter(region=region).order_by("order", "id")
    require_few(units.count(), what="单位名单", way=BY_REGION)
    data = UnitResource([], "", region_name=region.name, needed_for=lambda unit: []).export(units)
    rows = [[int(row["序号"]), *(row[name] for name in UNIT_COLUMNS[1:])] for row in data.dict]
    return _workbook(f"{region.name}单位名单", UNIT_COLUMNS, rows, region.name, "units.exported", actor)


def people_workbook(region: Region | None, *, actor) -> tuple[IO[bytes], str]:
    """(open file at its start, name): who holds a role in a unit of a region, without one the three administrators.

    Phones are left out, and an import leaves them as they are. Side effect: an audit entry. Raises
    Refused as ``units_workbook``.
    """
    people = [
        StoredPerson(row["username"], row["name"], row["unit"], row["title"], tuple(row["roles"]))
        for row in places_in(actor, region)
    ]
    require_few(len(people), what="人员名单", way=BY_REGION)
    place = region.name if region else ""
    data = PersonResource([], "", region_name=place).export(people, export_fields=FIELDS)
    rows = [[number, *(row[name] for name in PEOPLE_COLUMNS[1:])] for number, row in enumerate(data.dict, start=1)]
    return _workbook(f"{place or '三员'}人员名单", PEOPLE_COLUMNS, rows, place, "people.exported", actor)


def _workbook(title: str, columns, rows: list, place: str, action: str, actor) -> tuple[IO[bytes], str]:
    today = timezone.localdate()
    spec = SheetSpec(
        title=title,
        columns=tuple(Column(name, name, WIDTHS.get(name, 12), "text") for name in columns[1:]),
        as_of=today,
        foot=(),
        own_numbers=True,
    )
    file = io.BytesIO()
    write_workbook(file, [(spec, rows)])
    file.seek(0)
    audit.record(actor=actor, action=action, object_type="region", object_key=place, detail={"rows": len(rows)})
    return file, filename(today, "", title)


# --- the audit -------------------------------------------------------------------------------

AUDIT = "审计记录"
AUDIT_COLUMNS = (
    Column("seq_label", "链内序号", 10),
    Column("at", "时间", 18),
    Column("actor_label", "操作人", 20),
    Column("action_label", "操作", 20),
    Column("object_label", "对象", 12),
    Column("object_key", "对象编号", 24),
    Column("detail", "内容", 60, align="left"),
    Column("ip", "地址", 16),
    Column("mac", "校验值", 34),
)


def audit_lines(entries: QuerySet[AuditEntry]) -> list[dict]:
    """The entries as page and file tell them, one query. Of what concerned a covert walk and was released, no number:
    it would tell how many others there are."""
    return [
        {
            **row,
            "seq_label": "暗访" if row["chain"] == AuditChain.COVERT else row["seq"],
            "action_label": ACTIONS.get(row["action"], row["action"]),
            "object_label": OBJECTS.get(row["object_type"], row["object_type"]),
            "object_key": key_in_words(row["object_key"]),
            "detail_words": in_words(row["detail"]),
        }
        for row in audit_rows(entries)
    ]


def audit_words(form: Form) -> list[str]:
    """The conditions in force, in words, for the head of the file and for its own entry."""
    found = []
    for name, value in form.cleaned_data.items():
        if value:
            shown = dict(getattr(form.fields[name], "choices", ())).get(value, value)
            found.append(f"{form.fields[name].label}：{searched(str(shown))}")
    return found


def write_audit(
    entries: QuerySet[AuditEntry], *, words: list[str], as_text: bool, actor: User, today: date
) -> tuple[IO[bytes], str]:
    """(open file at its start, name) of the entries in their order, numbers of people masked.

    Side effect: an audit entry with the conditions and the number of rows, which is no part of the file. Raises Refused
    for more rows than may be taken at once.
    """
    require_few(entries.count(), what=AUDIT, way="请按日期、操作缩小范围后再导出。")
    rows = [_cells(line) for line in audit_lines(entries)]
    title = f"{AUDIT}（{'；'.join(words)}）" if words else AUDIT
    file = _as_csv(rows) if as_text else _as_workbook(title, rows, today)
    detail = {"conditions": words, "rows": len(rows)}
    audit.record(actor=actor, action="audit.exported", object_type="audit", object_key=AUDIT, detail=detail)
    return file, filename(today, "", AUDIT, "csv" if as_text else "xlsx")


def _cells(line: dict) -> tuple:
    shown = line | {"at": moment(line["at"]), "detail": "；".join(line["detail_words"]), "ip": line["ip"] or ""}
    return tuple(str(shown[column.key]) for column in AUDIT_COLUMNS)


def _as_workbook(title: str, rows: list[tuple], today: date) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    spec = SheetSpec(title=title, columns=AUDIT_COLUMNS, as_of=today, foot=(), own_numbers=False, sheet_name=AUDIT)
    write_workbook(file, [(spec, rows)])
    file.seek(0)
    return file


def _as_csv(rows: list[tuple]) -> IO[bytes]:
    """UTF-8 with the mark by which a spreadsheet knows it; text that would be read as a formula begins with a quote."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(column.header for column in AUDIT_COLUMNS)
    writer.writerows(_safe(row) for row in rows)
    return io.BytesIO(text.getvalue().encode("utf-8-sig"))


def _safe(row: tuple) -> Iterator[str]:
    for cell in row:
        masked = mask(cell)
        yield f"'{masked}" if is_reread(masked) and not masked[:1].isdigit() else masked
