"""One period: its figures, units and classes; the workbook F9; and asking for it to be compiled."""

from django.http import FileResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from campaigns.domain.versions import rules_of
from core.pdf import is_available
from core.xlsx import CONTENT_TYPE
from reports import tables, tasks
from reports.documents.registry import Paper, asked
from reports.domain import compile as compiling
from reports.domain.by_activity import activity_lines
from reports.domain.compiled_view import compiled_view
from reports.domain.figures import NOT_AS_OF, ReportQuery
from reports.domain.public_sheet.queries import public_sheets_visible_to
from reports.domain.queries import publications_visible_to
from reports.domain.unit_pack import by_unit
from reports.domain.zero_reports import table_with_zero
from reports.exports.statistics import statistics
from reports.links import Links
from reports.rules import may_compile
from reports.views import report_query


@require_safe
def report(request, code, period):
    parsed = report_query.parse_report_query(request, code, period)
    query, links = parsed.query, parsed.links
    table = table_with_zero(query)
    compiled = compiled_view(request.user, query, table)
    context = (
        parsed.place
        | _by_the_rules(request.user, parsed)
        | tables.page(table, links)
        | tables.activities(activity_lines(query), links)
        | _papers(query, links)
        | {
            "title": f"{query.period.label}汇总",
            "compiled": compiled,
            "not_as_of": NOT_AS_OF,
            "compile_label": "重新汇总" if compiled.summary else "汇总本期",
            "may_compile": may_compile(request.user, query.campaign),
            "notes": parsed.notes,
            "published": _published(request.user, query),
            "choices": [
                {"label": one.title, "url": links.report(scope=one.kind), "active": one is query.report_scope}
                for one in parsed.choices
            ],
        }
    )
    return render(request, "reports/summary/report.html", context)


def _by_the_rules(user, parsed: report_query.ParsedQuery) -> dict:
    """Which pages beside this one the campaign's present rules give: what units hand in, what is public."""
    query, kinds = parsed.query, {one.kind for one in parsed.choices}
    _, rules = rules_of(query.campaign.pk)
    is_public = rules.oversight.public_sheet and kinds != {"unit"}
    # The office finds what went out before on the published page, which a lead does not see.
    if "lead" in kinds and not is_public:
        sheets = public_sheets_visible_to(user)
        is_public = sheets.filter(publication__campaign=query.campaign, publication__period=query.period.code).exists()
    return {"is_own": rules.is_own(query.period), "is_public": is_public}


def _papers(query: ReportQuery, links: Links) -> dict:
    """The papers that can be written here with their addresses, and those whose text or template the office changes;
    ``has_pdf``: whether this machine makes any."""
    found = asked(query)
    shared = [_addressed(one, links) for one in found if one.fits(query.report_scope) and not one.is_units]
    return {
        "papers": shared + _unit_papers(query, links, found),
        "has_pdf": is_available(),
        "texts": [one for one in found if one.text and not one.is_units],
        "templates": found,
    }


def _unit_papers(query: ReportQuery, links: Links, found: list[Paper]) -> list[dict]:
    """The papers that the person's units hand in, each with its text; named by unit where there are several."""
    scope, own = query.report_scope, [one for one in found if one.is_units]
    if scope.kind != "unit" or not own:
        return []
    several = len(scope.departments) > 1
    units = {pk: one.report_scope.label for pk, one in by_unit(query).items()} if several else {None: ""}
    return [
        _addressed(paper, links, unit) | {"unit": name, "text_url": links.paper_text(paper.key, unit=unit)}
        for unit, name in units.items()
        for paper in own
    ]


def _addressed(paper: Paper, links: Links, unit: int | None = None) -> dict:
    return {
        "paper": paper,
        "url": links.paper(paper.key, unit=unit),
        "pdf": links.paper_pdf(paper.key, unit=unit),
    }


def _published(user, query: ReportQuery):
    rows = publications_visible_to(user).filter(campaign=query.campaign, period=query.period.code)
    return rows.defer("rows")


@require_safe
def report_f9(request, code, period):
    query = report_query.parse_report_query(request, code, period).query
    file, name = statistics(query, actor=request.user)
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


@require_POST
def report_compile(request, code, period):
    query = report_query.parse_report_query(request, code, period).query
    job = compiling.request(
        campaign=query.campaign, period=query.period, actor=request.user, send=tasks.compile_summary.delay
    )
    return redirect("job", pk=job.pk)
