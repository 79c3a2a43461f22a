"""One period: its figures, units and classes; the workbook F9; and asking for it to be compiled."""

from django.http import FileResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from campaigns.domain.versions import rules_of
from core.pdf import is_available
from core.xlsx import CONTENT_TYPE
from reports import tables, tasks
from reports.documents.drafts import TEXT_PAPERS
from reports.documents.registry import offered
from reports.domain import compile as compiling
from reports.domain.compiled_view import compiled_view
from reports.domain.figures import NOT_AS_OF, ReportQuery
from reports.domain.queries import publications_visible_to
from reports.domain.tally import table_of
from reports.exports.statistics import statistics
from reports.links import Links
from reports.rules import may_compile
from reports.views import report_query


@require_safe
def report(request, code, period):
    parsed = report_query.parse_report_query(request, code, period)
    query, links = parsed.query, parsed.links
    table = table_of(query)
    compiled = compiled_view(request.user, query, table)
    context = (
        parsed.place
        | _by_the_rules(parsed)
        | tables.page(table, links)
        | {
            "title": f"{query.period.label}汇总",
            "compiled": compiled,
            "not_as_of": NOT_AS_OF,
            "compile_label": "重新汇总" if compiled.summary else "汇总本期",
            "may_compile": may_compile(request.user, query.campaign),
            "texts": TEXT_PAPERS,
            "notes": parsed.notes,
            "published": _published(request.user, query),
            "papers": _papers(query, links),
            "choices": [
                {"label": one.title, "url": links.report(scope=one.kind), "active": one is query.report_scope}
                for one in parsed.choices
            ],
        }
    )
    return render(request, "reports/summary/report.html", context)


def _by_the_rules(parsed: report_query.ParsedQuery) -> dict:
    """Which pages beside this one the campaign's present rules give: what units hand in, what is public."""
    _, rules = rules_of(parsed.query.campaign.pk)
    reads_units = any(one.kind != "unit" for one in parsed.choices)
    return {
        "is_own": rules.is_own(parsed.query.period),
        "is_public": rules.oversight.public_sheet and reads_units,
    }


def _papers(query: ReportQuery, links: Links) -> list[dict]:
    """The papers with their addresses; ``pdf`` "" where this machine makes none."""
    pdf = is_available()
    return [
        {"paper": one, "url": links.paper(one.key), "pdf": links.paper_pdf(one.key) if pdf else ""}
        for one in offered(query)
    ]


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
