"""The office's own templates of the papers: upload, preview, use, and back to the product's own layout."""

import hashlib
import io

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.exceptions import NotAllowed
from core.forms import refusals
from core.office_forms import fill_form
from core.pdf import is_available
from core.uploads import table_name
from reports import tasks
from reports.documents.registry import CONTENT_TYPES, PAPERS, Paper, offered, preview_of
from reports.domain import own_templates, paper_pdf_job
from reports.domain.figures import ReportQuery
from reports.domain.publishing import shown_with
from reports.forms.papers import TemplateForm, TemplateUseForm
from reports.models import OwnTemplate
from reports.rules import may_compile
from reports.views.report_query import parse_report_query


@require_http_methods(["GET", "HEAD", "POST"])
def own_template(request, code, period, kind):
    query, paper = _asked(request, code, period, kind)
    form = TemplateForm(*((request.POST, request.FILES) if request.method == "POST" else ()), paper=paper)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            version, is_new = _upload(request, form, query, paper)
            same = f"文件与第 {version} 版相同，没有另存新版。"
            messages.success(request, "模板已保存，尚未启用。请下载填写结果核对后再启用。" if is_new else same)
            return redirect("own_template_version", code, period, kind, version)
    used = own_templates.template_in_use(query.campaign, kind)
    return _page(request, query, paper, form, TemplateUseForm(token=own_templates.token_of(used)), used)


@require_http_methods(["GET", "HEAD", "POST"])
def own_template_version(request, code, period, kind, version):
    query, paper = _asked(request, code, period, kind)
    template = get_object_or_404(own_templates.templates_of(query.campaign, kind), version=version)
    used = own_templates.template_in_use(query.campaign, kind)
    form = TemplateUseForm(request.POST if request.method == "POST" else None, token=own_templates.token_of(used))
    if request.method == "POST" and form.is_valid():
        given = {"template": template, "seen": form.seen_token, "actor": request.user}
        with refusals(form):
            is_new, _ = form.once(request.user, f"own_template:{template.pk}", lambda: int(own_templates.use(**given)))
            done = f"{paper.label}以后按第 {version} 版自备模板生成。"
            messages.success(request, done if int(is_new) else f"第 {version} 版已在使用，未作改动。")
            return redirect("own_template", code, period, kind)
    context = _place(query, paper) | {"form": form, "template": template, "used": used, "has_pdf": is_available()}
    return render(request, "reports/summary/own_template_version.html", context, status=form.status)


@require_safe
def own_template_preview(request, code, period, kind, version):
    query, paper = _asked(request, code, period, kind)
    template = get_object_or_404(own_templates.templates_of(query.campaign, kind), version=version)
    filled = own_templates.fill(template, paper.native, paper.values(query)).content
    file, name = preview_of(query, paper, filled, paper.native)
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPES[paper.native])


@require_POST
def own_template_pdf(request, code, period, kind, version):
    query, paper = _asked(request, code, period, kind)
    get_object_or_404(own_templates.templates_of(query.campaign, kind), version=version)
    given = {"query": query, "paper": paper, "actor": request.user, "version": version}
    job = paper_pdf_job.request(**given, send=tasks.write_paper_pdf.delay)
    return redirect("job", pk=job.pk)


@require_safe
def own_template_sample(request, code, period, kind):
    query, paper = _asked(request, code, period, kind)
    return FileResponse(
        io.BytesIO(paper.sample(query)),
        as_attachment=True,
        filename=f"{paper.label}模板.{paper.native}",
        content_type=CONTENT_TYPES[paper.native],
    )


@require_POST
def own_template_drop(request, code, period, kind):
    query, paper = _asked(request, code, period, kind)
    used = own_templates.template_in_use(query.campaign, kind)
    form = TemplateUseForm(request.POST, token=own_templates.token_of(used))
    if form.is_valid():
        given = {"campaign": query.campaign, "paper": kind, "seen": form.seen_token, "actor": request.user}
        scope = f"own_template_drop:{query.campaign.pk}:{kind}"
        with refusals(form):
            is_new, _ = form.once(request.user, scope, lambda: int(own_templates.use_own_layout(**given)))
            done = f"{paper.label}以后按系统版式生成。各版模板仍然保留。"
            messages.success(request, done if int(is_new) else f"{paper.label}没有使用自备模板，未作改动。")
            return redirect("own_template", code, period, kind)
    return _page(request, query, paper, TemplateForm(paper=paper), form, used)


def _page(
    request, query: ReportQuery, paper: Paper, form: TemplateForm, drop: TemplateUseForm, used: OwnTemplate | None
) -> HttpResponse:
    """The page of a paper's templates; the form that was refused gives the status."""
    values = paper.values(query).values
    context = _place(query, paper) | {
        "form": form,
        "drop": drop,
        "used": used,
        "versions": own_templates.templates_of(query.campaign, paper.key),
        "names": _names(values),
        "lists": values.get("lists", []),
    }
    return render(request, "reports/summary/own_template.html", context, status=max(form.status, drop.status))


def _asked(request, code: str, period: str, kind: str) -> tuple[ReportQuery, Paper]:
    """What the preview shows: the period as its publication would. 404 for no such paper, 403 for anybody but the
    office."""
    asked = parse_report_query(request, code, period).query
    if kind not in PAPERS:
        raise Http404
    if not may_compile(request.user, asked.campaign):
        raise NotAllowed("自备模板由本活动的统筹办管理。", rule="own_template.office")
    query, paper = shown_with(asked.campaign, asked.period, PAPERS[kind]), PAPERS[kind]
    if paper not in offered(query):
        raise Http404
    return query, paper


def _upload(request, form: TemplateForm, query: ReportQuery, paper: Paper) -> tuple[int, bool]:
    """(the number of the version kept, False where it was kept before). The template is filled before the transaction
    begins."""
    upload = form.cleaned_data["file"]
    content = upload.read()
    filling = paper.values(query)
    filled = fill_form(paper.native, content, filling.values, filling.pictures)
    given = {"name": table_name(upload.name), "content": content, "filled": filled, "actor": request.user}

    def keep() -> str:
        made, is_new = own_templates.upload(campaign=query.campaign, paper=paper.key, **given)
        return f"{made.version} {int(is_new)}"

    scope = f"own_template:{query.campaign.pk}:{paper.key}"
    kept, _ = form.once(request.user, scope, keep, content={"sha256": hashlib.sha256(content).hexdigest()})
    version, is_new = kept.split()
    return int(version), is_new == "1"


def _place(query: ReportQuery, paper: Paper) -> dict:
    return {"campaign": query.campaign, "period": query.period, "as_of": query.as_of, "paper": paper}


def _names(values: dict) -> list[tuple[str, str]]:
    """(name, present value) of what a template may name: texts, and for a list what it holds."""
    return [(name, _shown(value)) for name, value in values.get("texts", values).items()]


def _shown(value: object) -> str:
    if value == []:
        return "本期没有内容"
    if isinstance(value, list):
        heads = value and isinstance(value[0], dict)
        return f"表，各行的栏目：{'、'.join(value[0])}" if heads else f"{len(value)} 段文字"
    return str(value)
