"""The scores of a period: facts read once for every unit, from which ``sheet`` computes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from accounts.models import User
from campaigns.domain.owed import may_follow
from campaigns.domain.rulebook.rubric import Scoring
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.models import Campaign, RuleVersion
from campaigns.rules import may_compare_units
from core.periods import Period
from scoring.domain import duty_facts, issue_facts
from scoring.domain.asked import Found, ScoreQuery, asked_of
from scoring.domain.sheet import Record, UnitScore, from_data, score_unit
from scoring.enums import ScoreState
from scoring.models import ScoreNote, ScoreObjection, ScoreSheet

READERS = (
    duty_facts.plans_late,
    duty_facts.walks_owed,
    duty_facts.reports_late,
    duty_facts.walks_short,
    duty_facts.walks_returned,
    issue_facts.rectified_late,
    issue_facts.earlier_rounds_late,
    issue_facts.replies_late,
    issue_facts.sent_back,
)


@dataclass(frozen=True)
class Scores:
    """``units`` in the fixed order of the roster; ``frozen`` when they are read from a settled sheet."""

    campaign: Campaign
    period: Period
    as_of: date
    rules: RuleVersion
    scoring: Scoring
    units: list[UnitScore]
    frozen: ScoreSheet | None = None

    def unit(self, pk: int) -> UnitScore | None:
        return next((unit for unit in self.units if unit.id == pk), None)


def is_on(asked: ScoreQuery) -> bool:
    """Whether the period is scored at all."""
    return asked.rules.scoring.on


def facts_of(asked: ScoreQuery) -> dict[tuple[int, str], list[Record]]:
    """{(unit, rule): records} of the period, of every unit; a fixed number of queries."""
    found: Found = defaultdict(list)
    for read in READERS:
        read(asked, found)
    return dict(found)


def scores_of(asked: ScoreQuery) -> Scores:
    """The scores as they stand: what the records take off, notes agreed to, what objections gave back."""
    scoring, facts = asked.rules.scoring, facts_of(asked)
    rows = {"campaign": asked.campaign, "period": asked.period.code, "state": ScoreState.AGREED}
    noted: dict[tuple[int, str], list[tuple[str, int]]] = defaultdict(list)
    for unit, point, text, amount in ScoreNote.objects.filter(**rows).values_list(
        "department_id", "point", "text", "amount"
    ):
        noted[unit, point].append((text, amount))
    restored: dict[tuple[int, str], int] = defaultdict(int)
    for unit, point, amount in ScoreObjection.objects.filter(**rows).values_list("department_id", "point", "amount"):
        restored[unit, point] += amount
    units = [score_unit(one.id, one.name, scoring, facts, noted=noted, restored=restored) for one in asked.units]
    return Scores(asked.campaign, asked.period, asked.as_of, asked.version, scoring, units)


def frozen_scores(sheet: ScoreSheet, period: Period) -> Scores:
    """The scores of a period as they were settled, nothing counted anew and no query; ``sheet`` with its ``rules`` and
    its campaign."""
    scoring = Rulebook.from_data(sheet.rules.data).scoring
    units = from_data(sheet.data["units"])
    return Scores(sheet.campaign, period, sheet.as_of, sheet.rules, scoring, units, sheet)


def units_seen_now(user: User, asked: ScoreQuery) -> set[int]:
    """Whose scores the person reads: every unit's for offices and supervisors of the region, for a lead those whose
    activities it receives, for a unit its own (docs/trust.md)."""
    owed = asked.owed
    if may_compare_units(user, asked.campaign):
        return {unit.id for unit in owed.units}
    return {unit.id for unit in owed.units if may_follow(user, unit, asked.rules, owed.routes, owed.hotline)}


def narrowed(scores: Scores, units: Iterable[int]) -> list[UnitScore]:
    """The lines of those units, in their order."""
    kept = set(units)
    return [unit for unit in scores.units if unit.id in kept]


def asked_on(campaign: Campaign, period: Period, as_of: date) -> ScoreQuery | None:
    """What is scored, or None when the rubric of that period is off."""
    asked = asked_of(campaign, period, as_of)
    return asked if is_on(asked) else None
