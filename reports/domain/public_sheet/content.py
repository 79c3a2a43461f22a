"""What of a period everybody may read: by unit and item how many problems were found and rectified, what the guide
promises, and the effects with both numbers. No name, phone or typed text of a person is in it, and nothing of a covert
walk: neither its item nor a problem it found, in no sum.

A unit stands here with what it has to show. Which units walked nothing is not said: one that walked covertly only would
be told by it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Max, QuerySet

from core.personal_data import mask
from reports.documents.material import effect_words
from reports.domain import figures
from reports.domain.figures import FIGURES, ReportQuery, units_bound
from reports.domain.names import CAMPAIGN
from reports.models import Publication
from walks.domain.frozen import PROMISED

# What keeps covert walks out, and what they found, also after their reporting: M18's heads walk unannounced, and whom
# they visit is no matter of the public.
OPEN = {
    "walks": {"is_covert": False},
    "issues": {"walk__is_covert": False},
    "measures": {"issue__walk__is_covert": False},
}
# Figure of the guide → how it is said.
GUIDE = {"days": "承诺时限{}个工作日", "documents": "材料{}份", "steps": "环节{}个", "trips": "跑动{}次"}


@dataclass
class Shown:
    """What is shown of one item of a unit. ``guide``: what its guide promises, {figure: number}, as the last walk
    found it; ``effects``: [kind of reduction, before, after] of problems that were struck off."""

    found: int = 0
    rectified: int = 0
    guide: dict[str, int] = field(default_factory=dict)
    effects: list[list] = field(default_factory=list)


def public_content(query: ReportQuery) -> dict:
    """What a publication keeps of the period for this: {"campaign", "region", "office", "units"}, each unit {"unit",
    "rows": [{"item", "found", "rectified", "guide", "effects"}]}, units in the order of the list, items by name; 4
    queries."""
    names, campaign = query.names, query.campaign
    units: dict[int, dict[str, Shown]] = defaultdict(lambda: defaultdict(Shown))
    called: dict[int, str] = {}
    for unit, name, item, *promised in _walked(query):
        called[unit] = names.unit(unit, name)
        numbers = zip(GUIDE, promised, strict=True)
        units[unit][item].guide = {figure: number for figure, number in numbers if number is not None}
    for unit, name, item, found, rectified in _issues(query):
        called[unit] = names.unit(unit, name)
        units[unit][item].found, units[unit][item].rectified = found, rectified
    for unit, item, *effect in _effects(query):
        units[unit][item].effects.append(effect)
    listed = [unit.id for unit in units_bound(query)]
    order = [unit for unit in listed if unit in units] + sorted(units.keys() - set(listed))
    return {
        "campaign": mask(names.of(CAMPAIGN, campaign.pk, campaign.name)),
        "region": mask(campaign.region.name),
        "office": mask(names.unit(campaign.office_id, campaign.office.name)),
        "units": [{"unit": mask(called[unit]), "rows": _rows(units[unit])} for unit in dict.fromkeys(order)],
    }


def sheet_content(publication: Publication) -> dict:
    """What the public sheet of a published version says: its ``public`` with period, days and sums, all of it frozen;
    {} when there is nothing to show."""
    kept, data = publication.public, publication.summary.data
    if not kept.get("units"):
        return {}
    units = [unit | {"rows": [row | in_words(row) for row in unit["rows"]]} for unit in kept["units"]]
    rows = [row for unit in units for row in unit["rows"]]
    total = {key: sum(row[key] for row in rows) for key in ("found", "rectified")}
    return kept | {
        "units": units,
        "period": publication.asked.label,
        "starts_on": data["starts_on"],
        "ends_on": data["ends_on"],
        "as_of": publication.summary.as_of.isoformat(),
        "total": total,
    }


def in_words(row: dict) -> dict[str, str]:
    """``guide`` and ``effects`` of a row as the page and the workbook say them; "" where there is nothing."""
    guide = "，".join(words.format(row["guide"][figure]) for figure, words in GUIDE.items() if figure in row["guide"])
    effects = (effect_words(*effect) for effect in row["effects"])
    return {"guide": guide, "effects": "；".join(dict.fromkeys(effects))}


def open_walks(query: ReportQuery) -> QuerySet:
    """The walks counted in the period that the public may know of."""
    return figures.walks(query).filter(**OPEN["walks"]).order_by()


def open_issues(query: ReportQuery) -> QuerySet:
    """The problems counted in the period that the public may know of."""
    return figures.issues(query).filter(**OPEN["issues"])


def _walked(query: ReportQuery) -> QuerySet:
    """(unit, its name, item, what its guide promised), the last walk of an item last."""
    fields = ("department_id", "department__name", "item_name", *PROMISED)
    rows = open_walks(query).values(*fields).annotate(last=Max("started_at"))
    return rows.order_by("last", *fields).values_list(*fields)


def _issues(query: ReportQuery) -> QuerySet:
    """(unit, its name, item, found, rectified); rectified as 已销号 of the figures, on the day of judging."""
    fields = ("discovering_department_id", "discovering_department__name", "walk__item_name")
    closed = Count("pk", filter=FIGURES["closed"].condition(query))
    rows = open_issues(query).order_by(*fields)
    return rows.values_list(*fields).annotate(found=Count("pk"), rectified=closed)


def _effects(query: ReportQuery) -> QuerySet:
    """(unit, item, kind, before, after) of what the figures count as effects, in the order of the problems."""
    rows = figures.measures(query).filter(figures.claims(query), **OPEN["measures"])
    fields = ("issue__discovering_department_id", "issue__walk__item_name", "reduction", "before", "after")
    return rows.order_by("issue__number", "order", "id").values_list(*fields)


def _rows(shown: dict[str, Shown]) -> Iterable[dict]:
    return [
        {
            "item": mask(item),
            "found": one.found,
            "rectified": one.rectified,
            "guide": one.guide,
            "effects": one.effects,
        }
        for item, one in sorted(shown.items())
    ]
