"""工作联络表 (F14; 吉首一): who of each unit is in charge and whom to call, as a workbook in the annex layout."""

import io
from collections.abc import Iterable, Iterator
from typing import IO

from django.utils import timezone

from accounts.domain.queries import contacts_of
from accounts.enums import Role
from accounts.models import User
from accounts.scope import scope_of
from campaigns.domain.rulebook.duties import Unit
from campaigns.models import Campaign
from core import audit
from core.export_limit import require_few
from core.templatetags.ui import cndate
from core.text import mask_phone
from core.xlsx import Column, SheetSpec, filename, write_workbook

KEY, LABEL, ENDING = "contacts", "工作联络表", "xlsx"
COLUMNS = (
    Column("unit", "单位", width=26, align="left"),
    Column("deputies", "分管领导", width=16),
    Column("liaison", "联络员", width=14),
    Column("title", "职务", width=18),
    Column("office_phone", "办公电话", width=18, kind="code"),
    Column("mobile", "手机", width=18, kind="code"),
    Column("note", "备注", width=16, align="left"),
)


def contacts_workbook(
    campaign: Campaign, units: list[Unit], *, actor: User | None, unmasked: bool = False
) -> tuple[IO[bytes], str]:
    """(open file at its start, name): a row for each liaison, one for a unit without any. ``units``: those of
    ``campaigns.domain.contacts.units_to_call``. Phones are masked unless ``unmasked``. Side effect: an audit entry.
    Raises Refused for more rows than one person takes out at once."""
    rows = list(_rows(units, unmasked=unmasked))
    require_few(len(rows), what=LABEL, way="请按单位分别导出。")
    today = timezone.localdate()
    spec = SheetSpec(
        title=f"{campaign.name}{LABEL}",
        columns=COLUMNS,
        left_note=f"填报单位（盖章）：{(scope_of(actor).label if actor else '') or campaign.office.name}",
        right_note=f"填报日期：{cndate(today)}",
        missing="—",
        sheet_name=LABEL,
        unmasked=unmasked,
    )
    file = io.BytesIO()  # a county's units: a few hundred at most
    write_workbook(file, [(spec, rows)])
    file.seek(0)
    detail = {"rows": len(rows)} | ({"unmasked": True} if unmasked else {})
    audit.record(
        actor=actor, action="contacts.exported", object_type="campaign", object_key=campaign.code, detail=detail
    )
    return file, filename(today, campaign.region.name, LABEL)


def _rows(units: Iterable[Unit], *, unmasked: bool) -> Iterator[tuple]:
    people = contacts_of(unit.id for unit in units)
    for unit in units:
        held = people.get(unit.id, [])
        deputies = "、".join(one["name"] for one in held if one["role"] == Role.DEPUTY) or None
        liaisons = [one for one in held if one["role"] == Role.LIAISON]
        for one in liaisons:
            phone = one["phone"] if unmasked else mask_phone(one["phone"])
            office, mobile = (None, phone) if is_mobile(one["phone"]) else (phone or None, None)
            yield (unit.name, deputies, one["name"], one["title"] or None, office, mobile, "")
        if not liaisons:
            yield (unit.name, deputies, None, None, None, None, "未登记联络员")


def is_mobile(phone: str) -> bool:
    """Whether a number of an account is a mobile phone; any other one stands under 办公电话."""
    digits = "".join(char for char in phone if char.isdigit()).removeprefix("86")
    return len(digits) == 11 and digits.startswith("1")
