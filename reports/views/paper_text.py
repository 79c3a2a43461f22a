"""The text of a paper is edited: by the office, or of a unit's own paper by the unit."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.forms import is_repeat, refusals
from reports.documents.drafts import TEXT_PAPERS
from reports.documents.registry import PAPERS, offered
from reports.domain.figures import ReportQuery
from reports.domain.paper_texts import open_text, require_author, save_text
from reports.domain.publishing import question
from reports.forms.papers import PaperTextForm
from reports.views.report_query import of_one_unit, parse_report_query


@require_http_methods(["GET", "HEAD", "POST"])
def paper_text(request, code, period, kind):
    query = _asked(request, code, period, kind)
    if is_repeat(request):
        return redirect(request.get_full_path())
    material = TEXT_PAPERS[kind].material(query)
    text = open_text(material, kind)
    form = PaperTextForm(request.POST if request.method == "POST" else None, text=text)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            given = {"texts": form.texts, "restored": form.restored, "seen": form.cleaned_data["version"]}
            scope = f"paper_text:{query.campaign.pk}:{period}:{kind}:{query.report_scope.label}"
            form.once(
                request.user, scope, lambda: save_text(material=material, paper=kind, actor=request.user, **given)
            )
            messages.success(request, "文字已保存，其中的字段按最新数字填写。")
            return redirect(request.get_full_path())
    place = {"campaign": query.campaign, "period": query.period, "as_of": material.query.as_of}
    context = {
        "form": form,
        "kind": kind,
        "text": text,
        "fields": text.fields.items(),
        "author": material.author,
        "is_units": TEXT_PAPERS[kind].is_units,
    } | place
    return render(request, "reports/summary/paper_text.html", context, status=form.status)


def _asked(request, code: str, period: str, kind: str) -> ReportQuery:
    """What the text is about: the unit's part as it would be sent today, or the period as its publication would. 404
    for a paper that the rules do not ask for, 403 for who does not write it."""
    asked = of_one_unit(request, parse_report_query(request, code, period))
    if kind not in TEXT_PAPERS:
        raise Http404
    require_author(asked, kind, request.user)
    query = asked if TEXT_PAPERS[kind].is_units else question(asked.campaign, asked.period)
    if PAPERS[kind] not in offered(query):
        raise Http404
    return query
