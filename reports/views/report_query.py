"""What a request for a period asks for: campaign, period, scope and day of judging, read from the address."""

from dataclasses import dataclass, field, replace
from datetime import date

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.scope import departments_visible_to
from campaigns.domain.queries import campaigns_visible_to
from campaigns.enums import ActivityKind
from core.exceptions import Refused
from core.periods import OUT_OF_RANGE, in_range
from reports.domain.compile import period_in
from reports.domain.figures import ReportQuery
from reports.domain.queries import ReportScope, report_scopes
from reports.domain.summary import UNCLASSIFIED
from reports.domain.unit_pack import by_unit
from reports.links import Links


@dataclass(frozen=True)
class ParsedQuery:
    """The question, the scopes to choose from, and notes on what in the address was not understood."""

    query: ReportQuery
    choices: list[ReportScope]
    notes: list[str] = field(default_factory=list)

    @property
    def links(self) -> Links:
        return Links(self.query)

    @property
    def place(self) -> dict:
        """What every page of a period shows in its head."""
        return {"query": self.query, "campaign": self.query.campaign, "period": self.query.period, "links": self.links}


def parse_report_query(request, code: str, period: str) -> ParsedQuery:
    """404 for a campaign the person does not see or reads no figures of; Refused in words for a period that cannot be
    asked of the campaign."""
    campaign = get_object_or_404(campaigns_visible_to(request.user).select_related("region", "office"), code=code)
    choices = report_scopes(request.user, [campaign])[campaign.pk]
    if not choices:
        raise Http404
    try:
        asked_period = period_in(campaign, period)
    except ValueError as error:
        raise Refused(str(error), rule="report.period") from error
    report_scope = next((one for one in choices if one.kind == request.GET.get("scope")), choices[0])
    as_of, notes = asked_day(request.GET.get("as_of", ""))
    return ParsedQuery(ReportQuery(campaign, asked_period, as_of, report_scope), choices, notes)


def of_one_unit(request, parsed: ParsedQuery) -> ReportQuery:
    """The question for a paper that a unit writes: of the unit the address names, where the person has several."""
    query = parsed.query
    if query.report_scope.kind != "unit" or not request.GET.get("unit"):
        return query
    own = {str(pk): one for pk, one in by_unit(query).items()}
    if request.GET["unit"] not in own:
        raise Http404
    return own[request.GET["unit"]]


def narrow(request, query: ReportQuery) -> tuple[ReportQuery, list[str]]:
    """The question narrowed to the unit, class and kind of activity that the address names, and their names; 404 for an
    unseen unit and for a kind that is none."""
    names = []
    if unit := request.GET.get("unit"):
        if not (unit.isascii() and unit.isdigit() and len(unit) < 18):
            raise Http404
        department = get_object_or_404(departments_visible_to(request.user), pk=unit)
        query, names = replace(query, unit_id=department.pk), [department.name]
    if category := request.GET.get("category"):
        query = replace(query, category="" if category == UNCLASSIFIED else category)
        names.append(category)
    if activity := request.GET.get("activity"):
        if activity not in ActivityKind:
            raise Http404
        query = replace(query, activity=activity)
        names.append(ActivityKind(activity).label)
    return query, names


def asked_day(text: str) -> tuple[date, list[str]]:
    """The day of judging an address names, today without one; a note when it cannot be read."""
    today = timezone.localdate()
    if not text:
        return today, []
    try:
        day = date.fromisoformat(text)
        if not in_range(day):
            raise ValueError(OUT_OF_RANGE)
        return day, []
    except ValueError:
        return today, [f"统计日“{text[:20]}”无法识别，已按今天（{today}）统计。日期应形如 2022-06-22。"]
