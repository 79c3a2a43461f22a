"""刊发情况 as a workbook: every release of a period that the person sees, with where it was made known."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from typing import IO

from django.utils import timezone

from campaigns.models import Campaign
from core import audit, xlsx
from core.periods import Period
from reports.enums import PublicMedium
from reports.models import PublicPlace, PublicSheet

WHAT = "向社会公开和刊发情况"
COLUMNS = (
    xlsx.Column("version", "印发版次", 10, kind="int"),
    xlsx.Column("state", "公开情况", 12),
    xlsx.Column("released", "公开日期", 12, kind="date"),
    xlsx.Column("revoked", "撤回日期", 12, kind="date"),
    xlsx.Column("medium", "刊发方式", 10, choices=tuple(PublicMedium.labels)),
    xlsx.Column("name", "刊发载体", 28, align="left"),
    xlsx.Column("day", "刊发日期", 12, kind="date"),
    xlsx.Column("link", "链接或版面", 40, align="left"),
    xlsx.Column("by", "登记人", 14),
)


def places_workbook(
    campaign: Campaign,
    period: Period,
    sheets: Iterable[PublicSheet],
    places: Mapping[int, list[PublicPlace]],
    *,
    actor,
) -> tuple[IO[bytes], str]:
    """(open file at its start, name); a release made known nowhere stands by itself, rows that were struck out are left
    out. Side effect: an audit entry with the number of rows."""
    rows, today = [row for sheet in sheets for row in _rows(sheet, places[sheet.pk])], timezone.localdate()
    spec = xlsx.SheetSpec(
        title=f"{campaign.name}{WHAT}（{period.label}）",
        columns=COLUMNS,
        as_of=today,
        foot=(),
        missing="—",
        sheet_name="刊发情况",
    )
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    xlsx.write_workbook(file, [(spec, rows)])
    file.seek(0)
    detail = {"period": period.code, "rows": len(rows), "as_of": today.isoformat()}
    audit.record(actor=actor, action="public.exported", object_type="campaign", object_key=campaign.code, detail=detail)
    return file, xlsx.filename(today, campaign.region.name, f"{period.label}{WHAT}")


def _rows(sheet: PublicSheet, places: list[PublicPlace]) -> Iterator[tuple]:
    released = timezone.localtime(sheet.released_at).date() if sheet.released_at else None
    revoked = timezone.localtime(sheet.ended_at).date() if sheet.released_at and sheet.ended_at else None
    head = (sheet.publication.version, sheet.get_state_display(), released, revoked)
    in_force = [one for one in places if one.struck_at is None]
    for one in in_force:
        yield (*head, one.get_medium_display(), one.name, one.published_on, one.link, str(one.recorded_by))
    if not in_force:
        yield (*head, None, None, None, None, None)
