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
    found = first_of_parts(rows, groups, apart=(), order_by=order_by, fields=fields, per_group=per_group)
    return {name: group for (name,), group in found.items()}


def first_of_parts(
    rows: QuerySet, groups: dict[str, Q], *, apart: Sequence[str], order_by: Sequence, fields: Sequence[str],
    per_group: int,
) -> dict[tuple, dict]:  # fmt: skip
    """{(group, value of each field of ``apart``): {"total", "rows"}}: as ``first_of_each``, the rows of one group kept
    apart by these fields; the groups in their order, within each by these values."""
    named = in_groups(groups)
    parts = ["in_group", *apart]
    ranked = (
        rows.annotate(in_group=named)
        .annotate(
            nth=Window(RowNumber(), partition_by=parts, order_by=order_by),
            total=Window(Count("pk"), partition_by=parts),
        )
        .filter(nth__lte=per_group)
        .order_by(*parts, "nth")
    )
    found: dict[tuple, dict] = {}
    for row in ranked.values("total", *dict.fromkeys([*parts, *fields])):
        found.setdefault(tuple(row[name] for name in parts), {"total": row["total"], "rows": []})["rows"].append(row)
    order = {name: place for place, name in enumerate(groups)}
    return dict(sorted(found.items(), key=lambda one: order[one[0][0]]))


def in_groups(groups: dict[str, Q]) -> Case:
    """The name of the first group whose condition a row meets; "" for none."""
    return Case(*[When(condition, then=Value(name)) for name, condition in groups.items()], default=Value(""))
