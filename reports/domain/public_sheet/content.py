"""What of a period everybody may read: by unit and item how many problems were found and rectified. No name, phone or
typed text of a person is in it, and nothing of a covert walk: neither its item nor a problem it found, in no sum.

A unit stands here with what it has to show. Which units walked nothing is not said: one that walked covertly only would
be told by it.
"""

from collections import defaultdict

from django.db.models import Count, QuerySet

from core.personal_data import mask
from reports.domain import figures
from reports.domain.figures import FIGURES, ReportQuery, units_bound
from reports.domain.names import CAMPAIGN
from reports.models import Publication

# What keeps covert walks out, and what they found, also after their reporting: M18's heads walk unannounced, and whom
# they visit is no matter of the public.
OPEN = {"walks": {"is_covert": False}, "issues": {"walk__is_covert": False}}
Counted = dict[str, tuple[int, int]]


def public_content(query: ReportQuery) -> dict:
    """What a publication keeps of the period for this: {"campaign", "region", "office", "units"}, each unit {"unit",
    "rows": [{"item", "found", "rectified"}]}, units in the order of the list, items by name; 3 queries."""
    names, campaign = query.names, query.campaign
    units: dict[int, Counted] = defaultdict(dict)
    called: dict[int, str] = {}
    for unit, name, item in _walks(query).values_list("department_id", "department__name", "item_name").distinct():
        called[unit] = names.unit(unit, name)
        units[unit][item] = (0, 0)
    for unit, name, item, found, rectified in _issues(query):
        called[unit] = names.unit(unit, name)
        units[unit][item] = (found, rectified)
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
    rows = [row for unit in kept["units"] for row in unit["rows"]]
    total = {key: sum(row[key] for row in rows) for key in ("found", "rectified")}
    return kept | {
        "period": publication.asked.label,
        "starts_on": data["starts_on"],
        "ends_on": data["ends_on"],
        "as_of": publication.summary.as_of.isoformat(),
        "total": total,
    }


def _walks(query: ReportQuery) -> QuerySet:
    return figures.walks(query).filter(**OPEN["walks"]).order_by()


def _issues(query: ReportQuery) -> QuerySet:
    """(unit, its name, item, found, rectified); rectified as 已销号 of the figures, on the day of judging."""
    rows = figures.issues(query).filter(**OPEN["issues"])
    fields = ("discovering_department_id", "discovering_department__name", "walk__item_name")
    closed = Count("pk", filter=FIGURES["closed"].condition(query))
    return rows.order_by(*fields).values_list(*fields).annotate(found=Count("pk"), rectified=closed)


def _rows(counted: Counted) -> list[dict]:
    return [
        {"item": mask(item), "found": found, "rectified": rectified}
        for item, (found, rectified) in sorted(counted.items())
    ]
