"""The office's page about what of a period is public: each release with its address, its pictures and where it was made
known, and the same as a workbook."""

from dataclasses import dataclass

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.xlsx import CONTENT_TYPE
from reports.domain.public_sheet.guards import is_on
from reports.domain.public_sheet.lifecycle import NAMED, available
from reports.domain.public_sheet.places import may_record
from reports.domain.public_sheet.queries import places_of, public_sheets_visible_to
from reports.domain.publishing import last_of
from reports.enums import WAS_PUBLIC, PublicState
from reports.exports.public_sheets import places_workbook
from reports.models import PublicSheet
from reports.rules import may_compile
from reports.views.public import PICTURE
from reports.views.report_query import ParsedQuery, parse_report_query


@dataclass(frozen=True)
class PublicDesk:
    """A period and the releases of it that the person sees, the newest first."""

    parsed: ParsedQuery
    sheets: list[PublicSheet]

    @property
    def place(self) -> dict:
        return {"campaign": self.parsed.query.campaign, "period": self.parsed.query.period}

    def sheet(self, pk) -> PublicSheet:
        """404 for one that this person does not see here."""
        found = next((one for one in self.sheets if one.public_id == pk), None)
        if found is None:
            raise Http404
        return found


def parse_public(request, code: str, period: str) -> PublicDesk:
    """404 but for those who read the whole campaign or receive its reports."""
    parsed = parse_report_query(request, code, period)
    if all(one.kind == "unit" for one in parsed.choices):
        raise Http404
    query = parsed.query
    of_period = {"publication__campaign": query.campaign, "publication__period": query.period.code}
    rows = public_sheets_visible_to(request.user).filter(**of_period).defer("page", "workbook", "publication__rows")
    return PublicDesk(parsed, list(rows.select_related(*NAMED, "publication__summary")))


@require_safe
def public_sheets(request, code, period):
    desk = parse_public(request, code, period)
    campaign, asked = desk.parsed.query.campaign, desk.parsed.query.period
    last, places = last_of(campaign, asked), places_of(desk.sheets)
    mine = may_compile(request.user, campaign)
    records = bool(desk.sheets) and may_record(request.user, desk.sheets[0])
    shown = [_card(request, sheet, places[sheet.pk], last, records) for sheet in desk.sheets]
    taken = any(one.publication_id == last.pk and one.state in _TAKEN for one in desk.sheets) if last else False
    context = desk.place | {"sheets": shown, "last": last, "on": is_on(campaign), "mine": mine}
    context["may_ask"] = mine and last is not None and not taken
    return render(request, "reports/public/sheets.html", context)


@require_safe
def public_export(request, code, period):
    desk = parse_public(request, code, period)
    query, places = desk.parsed.query, places_of(desk.sheets)
    file, name = places_workbook(query.campaign, query.period, desk.sheets, places, actor=request.user)
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


@require_safe
def public_shown(request, code, period, pk, number):
    """A picture of a release for those who see the release here, before it is public too."""
    picture = get_object_or_404(parse_public(request, code, period).sheet(pk).pictures, number=number)
    response = HttpResponse(bytes(picture.content), content_type=PICTURE)
    response["Cache-Control"] = "private, no-store"
    return response


_TAKEN = (PublicState.ASKED, PublicState.RELEASED)


def _card(request, sheet: PublicSheet, places: list, last, records: bool) -> dict:
    was_public = sheet.state in WAS_PUBLIC
    return {
        "sheet": sheet,
        "places": places,
        "steps": available(request.user, sheet),
        "page_url": request.build_absolute_uri(reverse("public_page", args=[sheet.public_id])),
        "file_url": request.build_absolute_uri(reverse("public_file", args=[sheet.public_id])),
        "was_public": was_public,
        "may_record": records and was_public,
        "newer": last if last and last.version != sheet.publication.version else None,
    }
