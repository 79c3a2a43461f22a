"""Rows of a ledger that would be new and may be a problem that stands on the ledger already, for the preview. Only what
the person sees is compared."""

from collections.abc import Sequence

from accounts.models import User
from campaigns.models import Campaign
from issues.domain.duplicates import ComparedProblem, known_problems
from ledgers.domain.matching import CREATED, PlannedRow

# Rows that are named; of more the number is told.
NAMED = 50


def likely_words(planned: Sequence[PlannedRow], campaign: Campaign, actor: User | None) -> list[str]:
    """One sentence for each such row; one query, none where nothing is new."""
    new = [(row, one) for row in planned if row.outcome == CREATED and (one := _compared(row, campaign))]
    if not new:
        return []
    known, words = known_problems(actor, campaign), []
    for row, one in new:
        if found := known.like(one):
            numbers = "、".join(f"{like.number}（{like.description[:30]}，{like.state_label}）" for like in found)
            words.append(
                f"第 {row.line.row.number} 行与台账上的 {numbers}相近；是同一问题的，请从表中删去，或导入后并案。"
            )
    more = [f"另有 {len(words) - NAMED} 行与台账上的问题相近。"] if len(words) > NAMED else []
    return words[:NAMED] + more


def _compared(row: PlannedRow, campaign: Campaign) -> ComparedProblem | None:
    """What of a row is compared; None for one with a fault, or of an item that the table itself makes."""
    issue = row.line.issue
    if issue is None:
        return None
    item, unit = issue.facts.get("item"), row.line.unit
    if item is not None and item.pk is None:
        return None
    return ComparedProblem(
        campaign.pk,
        item.pk if item else None,
        unit.pk if unit else None,
        issue.facts.get("category", ""),
        issue.facts["description"],
    )
