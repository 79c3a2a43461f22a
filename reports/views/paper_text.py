"""The office edits the text of a paper."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.exceptions import NotAllowed
from core.forms import refusals
from reports.documents.drafts import TEXT_PAPERS
from reports.documents.material import period_material
from reports.domain.paper_texts import open_text, save_text
from reports.domain.publishing import question
from reports.forms.papers import PaperTextForm
from reports.rules import may_compile
from reports.views.report_query import parse_report_query


@require_http_methods(["GET", "HEAD", "POST"])
def paper_text(request, code, period, kind):
    asked = parse_report_query(request, code, period).query
    if kind not in TEXT_PAPERS:
        raise Http404
    if not may_compile(request.user, asked.campaign):
        raise NotAllowed("材料文字由本活动的统筹办修改。", rule="paper_text.office")
    material = period_material(question(asked.campaign, asked.period))
    text = open_text(material, kind)
    form = PaperTextForm(request.POST if request.method == "POST" else None, text=text)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            given = {"texts": form.texts, "restored": form.restored, "seen": form.cleaned_data["version"]}
            scope = f"paper_text:{asked.campaign.pk}:{period}:{kind}"
            form.once(
                request.user, scope, lambda: save_text(material=material, paper=kind, actor=request.user, **given)
            )
            messages.success(request, "文字已保存，其中的字段按最新数字填写。")
            return redirect("paper_text", code, period, kind)
    place = {"campaign": asked.campaign, "period": asked.period, "as_of": material.query.as_of}
    context = {"form": form, "kind": kind, "text": text, "fields": text.fields.items(), **place}
    return render(request, "reports/summary/paper_text.html", context, status=form.status)
