"""The first rows of each of several groups, with how many there are, in one query."""

from collections.abc import Sequence

from django.db.models import Case, Count, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber


def first_of_each(
    rows: QuerySet, groups: dict[str, Q], *, order_by: Sequence, fields: Sequence[str], per_group: int
) -> dict[str, dict]:
    """{group: {"total", "rows"}}: the first ``per_group`` rows by ``order_by`` of every group that has any.

    A row belongs to the first group whose condition it meets; every row of ``rows`` meets one.
    """
    named = Case(*[When(condition, then=Value(name)) for name, condition in groups.items()], default=Value(""))
    ranked = (
        rows.annotate(hand=named)
        .annotate(
            nth=Window(RowNumber(), partition_by="hand", order_by=order_by),
            total=Window(Count("pk"), partition_by="hand"),
        )
        .filter(nth__lte=per_group)
        .order_by("hand", "nth")
    )
    found: dict[str, dict] = {}
    for row in ranked.values("hand", "total", *fields):
        found.setdefault(row["hand"], {"total": row["total"], "rows": []})["rows"].append(row)
    return found
