"""The lines of a preview: what an import would do with each record, in words."""

from collections.abc import Sequence

from accounts.domain.queries import unit_names
from catalogue.models import ServiceItem
from issues.domain.imported import as_told
from issues.domain.incoming.queries import incoming_of
from ledgers.domain.matching import UNCHANGED, UPDATED, PlannedRow
from ledgers.domain.notes import joined
from ledgers.domain.shown import ShownIssues, differences, ids_in
from ledgers.domain.walk_matching import PlannedWalk
from walks.enums import Capacity

# What the line of a walk says of each problem found on it.
OF_PROBLEM = ("存在问题", "状态", "责任单位", "配合单位", "整改措施", "整改时限")


def ledger_lines(planned: Sequence[PlannedRow]) -> tuple[list[dict], list[str]]:
    """(lines, what stands behind each unseen): see ``core.resources.Preview``. Six queries at most."""
    changed = [row.known.pk for row in planned if row.known and row.outcome == UPDATED]
    stored, incoming = as_told(changed), incoming_of(changed)
    units, items = ids_in(stored.values())
    shown = ShownIssues(
        unit_names(units),
        dict(ServiceItem.objects.filter(pk__in=items).values_list("pk", "name")) if items else {},
    )
    lines, marks = [], []
    for row in planned:
        cells: list[list[str]] = []
        if row.line.issue and row.outcome != UNCHANGED:
            before = {}
            if row.known:
                kept = incoming.get(row.known.pk, {}) if row.line.issue.told else {}
                before = shown.stored(stored[row.known.pk] | kept)
            cells = differences(before, shown.told(row.line.issue))
        number = row.known.number if row.known else row.line.original_number
        name = joined([number, row.line.description[:60]], " ")
        lines.append({"number": row.line.row.number, "outcome": row.outcome, "name": name, "cells": cells})
        marks.append(f"{row.known.pk}:{row.known.version}:{row.why}" if row.known else "")
    return lines, marks


def walk_lines(planned: Sequence[PlannedWalk]) -> tuple[list[dict], list[str]]:
    """The same of walks; no query."""
    lines, marks = [], []
    shown = ShownIssues({}, {})
    for row in planned:
        cells: list[list[str]] = []
        walk = row.line.walk
        if walk and row.outcome != UNCHANGED:
            people = [f"{user.name}（{Capacity(as_what).label}）" for user, as_what in walk.people]
            cells = [["体验日期", "", walk.day.isoformat()], ["单位", "", walk.department.name]]
            cells += [["体验人", "", "、".join(people)]]
            for number, problem in enumerate(row.line.problems, start=1):
                told = shown.told(problem)
                parts = [told[label] for label in OF_PROBLEM]
                cells.append([f"问题{number}", "", joined(parts, "，")])
        name = row.line.item.name if row.line.item else ""
        lines.append({"number": row.line.number, "outcome": row.outcome, "name": name, "cells": cells})
        marks.append(f"{row.known}:{row.why}")
    return lines, marks
