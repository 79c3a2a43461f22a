"""What somebody of the office said of a table's columns, kept for the next table; ``core.tabular.fitting`` decides."""

from collections.abc import Mapping
from datetime import datetime

from accounts.models import Department, User
from campaigns.enums import TableKind
from campaigns.models import HeadMapping
from core.idempotency import body_digest
from core.tabular import word_key
from core.tabular.own import OwnTable


def head_of(columns: list[str] | tuple[str, ...]) -> str:
    """Equal for two tables with the same names of columns in the same order."""
    return body_digest({"columns": [word_key(column) for column in columns]})


def remembered(office: Department, kind: TableKind, table: OwnTable) -> dict[str, str]:
    """What somebody of that office said of a table with these columns; empty when nobody did."""
    rows = HeadMapping.objects.filter(office=office, kind=kind, head=head_of(table.columns))
    return rows.values_list("mapping", flat=True).first() or {}


def remember(
    *, office: Department, kind: TableKind, columns: list[str], mapping: Mapping[str, str], actor: User, now: datetime
) -> None:
    """Keep what was said, in place of what was said of the same columns before."""
    HeadMapping.objects.update_or_create(
        office=office,
        kind=kind,
        head=head_of(columns),
        defaults={"mapping": dict(mapping), "said_by": actor, "said_at": now},
    )
