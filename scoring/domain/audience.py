"""Which objections, notes and records of a score a person may see."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast

from accounts.models import User
from campaigns.domain.queries import campaigns_visible_to
from campaigns.models import Campaign
from campaigns.rules import may_compare_units
from core.periods import Period
from issues.domain.queries import issues_visible_to
from plans.domain.queries import plans_visible_to
from reports.domain.submissions.queries import submissions_visible_to
from scoring.domain.sheet import Record, ScoreLine, UnitScore
from scoring.models import ScoreNote, ScoreObjection
from walks.domain.queries import walks_visible_to

MATTERS: dict[str, type[ScoreObjection] | type[ScoreNote]] = {"objection": ScoreObjection, "note": ScoreNote}


@dataclass(frozen=True)
class SeenLine:
    """A line as one person sees it: its records, and how many more belong to what another unit received."""

    line: ScoreLine
    records: list[Record]
    unseen: int


def matters_of(campaign: Campaign, period: Period, kind: str, units: Iterable[int]) -> QuerySet:
    """The objections or notes of the period about these units, the latest first, with who made and answered them."""
    rows = MATTERS[kind].objects.filter(campaign=campaign, period=period.code, department_id__in=list(units))
    return rows.select_related("department", "made_by", "answered_by", "campaign").order_by("-id")


def seen_lines(user: User, campaign: Campaign, units: Iterable[UnitScore]) -> dict[int, list[SeenLine]]:
    """{unit: its lines with the records the person may open}; one query at most, however many units.

    Who reads the whole campaign sees every record. A lead sees those it received, a unit its own; what is left is
    told as a number, because the score is the same for whoever reads it."""
    units = list(units)
    if may_compare_units(user, campaign):
        return {unit.id: [SeenLine(line, list(line.records), 0) for line in unit.lines] for unit in units}
    open_ = _visible(user, [record for unit in units for line in unit.lines for record in line.records])
    return {unit.id: [_seen(line, open_) for line in unit.lines] for unit in units}


def _seen(line: ScoreLine, open_: set[tuple[str, str]]) -> SeenLine:
    records = [one for one in line.records if one.kind not in _FIELDS or (one.kind, one.ref) in open_]
    return SeenLine(line, records, len(line.records) - len(records))


_FIELDS = {
    "issue": ("number", issues_visible_to),
    "walk": ("pk", walks_visible_to),
    "plan": ("pk", plans_visible_to),
    "submission": ("public_id", submissions_visible_to),
}


def _visible(user: User, records: list[Record]) -> set[tuple[str, str]]:
    """(kind, ref) of the records the person may open."""
    asked = []
    for kind, (field, visible_to) in _FIELDS.items():
        if refs := {record.ref for record in records if record.kind == kind}:
            rows = visible_to(user).filter(**{f"{field}__in": refs}).order_by()
            asked.append(rows.annotate(of=Value(kind), ref=Cast(field, CharField())).values_list("of", "ref"))
    found = asked[0].union(*asked[1:]) if asked else ()
    # SQLite keeps the id of a walk without hyphens.
    open_ = {(kind, ref.replace("-", "")) for kind, ref in found}
    return {(one.kind, one.ref) for one in records if (one.kind, one.ref.replace("-", "")) in open_}


def campaigns_scored_for(user: User) -> QuerySet[Campaign]:
    """The campaigns of which a person may ask for scores."""
    return campaigns_visible_to(user).select_related("region", "office")
