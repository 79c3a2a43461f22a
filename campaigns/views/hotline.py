"""热线跟单: a month's figures, the list of units that follow tickets next month, its workbook."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.scope import scope_of
from campaigns.domain import hotline as domain
from campaigns.domain.hotline_file import SHAPE, read_figures
from campaigns.domain.own_tables import FittedTable, named_table, read_fitted, under_their_names
from campaigns.domain.queries import campaigns_visible_to
from campaigns.domain.versions import rules_of
from campaigns.enums import ActivityKind, HotlineState, TableKind
from campaigns.exports.hotline import duty_list
from campaigns.forms.hotline import FiguresForm, IssueForm, ListForm, SaveForm
from campaigns.models import Campaign, HotlineMonth
from campaigns.rules import may_compare_units
from core import xlsx
from core.exceptions import NotAllowed, StaleVersion
from core.forms import apply_refusal, is_repeat, refusals
from core.periods import parse_period
from core.staging import stage_unread, staged_visible_to
from core.table_forms import ColumnsForm
from core.tabular.fitting import fit
from core.tabular.unread import as_json, from_json
from core.uploads import on_disk
from core.views.tables import faults_shown

# The kind under which a table waits whose columns are not named yet.
UNREAD = "hotline.head"
SAME_AND_ISSUED = "工单数与已印发的相同，没有改动；名单已经印发。"


@require_safe
def hotline(request, code):
    campaign = _campaign(request, code)
    rows = [row | _labels(row) for row in domain.month_rows(request.user, campaign)]
    context = {"campaign": campaign, "rows": rows, "keeps": domain.keeps_hotline(request.user, campaign)}
    context["has_complaints"] = ActivityKind.COMPLAINT in rules_of(campaign.pk)[1].activity_kinds
    return render(request, "campaigns/hotline/hotline.html", context)


@require_http_methods(["GET", "POST"])
def hotline_import(request, code):
    campaign, url = _kept(request, code), ""
    form = FiguresForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        month, read = form.cleaned_data["month"], None
        with refusals(form):
            with on_disk(form.cleaned_data["file"], reader=request.user) as path:
                read = read_fitted(path, SHAPE, TableKind.HOTLINE, campaign)
            if read.asks or form.cleaned_data["name_columns"]:
                url = _unread_url(request, campaign, form, read)
        if url:
            return redirect(url)
        if read and form.status == 200:
            return _figures_read(request, campaign, month, read, form)
    return render(request, "campaigns/hotline/import.html", {"campaign": campaign, "form": form}, status=form.status)


@require_http_methods(["GET", "POST"])
def hotline_columns(request, code, pk):
    campaign = _kept(request, code)
    staged = get_object_or_404(_staged(request), pk=pk, params__campaign=campaign.pk)
    table = from_json(staged.file, staged.params, staged.rows)
    mapping, posted = fit(table, SHAPE, staged.params["said"]).mapping, request.method == "POST"
    form = ColumnsForm(*((request.POST,) if posted else ()), table=table, shape=SHAPE, mapping=mapping)
    context = {"campaign": campaign, "staged": staged}
    if posted and form.is_valid():
        read = None
        with refusals(form):
            asked = {"kind": TableKind.HOTLINE, "campaign": campaign, "actor": request.user}
            read = named_table(table, SHAPE, form.mapping, **asked)
        if read and form.status == 200:
            return _figures_read(request, campaign, staged.params["month"], read, form, context)
    return _columns_shown(request, form, context)


def _staged(request):
    """Tables whose columns this person has not named yet, sent under the rights of today."""
    return staged_visible_to(request.user, scope_of(request.user).fingerprint).filter(kind=UNREAD)


def _unread_url(request, campaign: Campaign, form: FiguresForm, read: FittedTable) -> str:
    """The page on which a person says which column is which; the table is kept for it."""
    around, rows = as_json(read.table)
    params = around | {"campaign": campaign.pk, "month": form.cleaned_data["month"], "asks": read.asks}
    params |= {"said": read.mapping}
    rights = scope_of(request.user).fingerprint
    pk = stage_unread(
        kind=UNREAD, file=read.table.file, params=params, rows=rows, owner=request.user, key=form.key, rights=rights
    )
    return reverse("hotline_columns", args=[campaign.code, pk])


def _figures_read(request, campaign, month: str, read: FittedTable, form, named: dict | None = None):
    """What the table says, before it is saved; its faults stand on the page it was sent from. ``named``: what the page
    of the columns shows, where it was sent from there."""
    result, figures = read_figures(campaign=campaign, month=month, path=read.rows)
    result.errors = under_their_names(result.errors, read.mapping)
    form.status = 400 if result.errors else 200
    if result.errors and named:
        return _columns_shown(request, form, named | faults_shown(result, result.file))
    if not result.errors and domain.is_issued(campaign, month):
        messages.info(request, SAME_AND_ISSUED)
        return redirect("hotline_month", campaign.code, month)
    context = {"campaign": campaign, "form": form, "result": result}
    context |= faults_shown(result, result.file) if result.errors else _preview(campaign, month, result, figures)
    return render(request, "campaigns/hotline/import.html", context, status=form.status)


def _columns_shown(request, form: ColumnsForm, context: dict):
    staged, code = context["staged"], context["campaign"].code
    context |= {"form": form, "asks": staged.params["asks"], "desk": {"shape": SHAPE, "back_label": "跟单名单"}}
    context |= {"back": reverse("hotline", args=[code]), "again": reverse("hotline_import", args=[code])}
    return render(request, "campaigns/hotline/columns.html", context | {"next_label": "读取并核对"}, status=form.status)


@require_POST
def hotline_save(request, code):
    campaign = _kept(request, code)
    form = SaveForm(request.POST, place=campaign.code)
    if form.is_valid():
        sheet = form.cleaned_data["sheet"]
        with _conflict_shown(form), refusals(form):
            save = partial(domain.save_figures, campaign=campaign, actor=request.user, **sheet)
            form.once(request.user, f"hotline.save:{campaign.pk}", save)
            issued = domain.is_issued(campaign, sheet["month"])
            messages.success(request, SAME_AND_ISSUED if issued else "工单数已保存。请确定列入几个单位，核对后印发。")
            return redirect("hotline_month", code, sheet["month"])
    context = {"campaign": campaign, "form": FiguresForm(), "refused": form}
    return render(request, "campaigns/hotline/import.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
def hotline_month(request, code, month):
    campaign, shown = _month(request, code, month)
    keeps = domain.keeps_hotline(request.user, campaign)
    if request.method == "POST":
        _require_keeper(keeps)
        if is_repeat(request):
            return redirect("hotline_month", code, month)
        domain.require_draft(shown)
    rows = domain.ranking(shown)
    form = _list_form(request, shown, rows)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            cut, tied = form.cleaned_data["cut"], form.ticked()
            choose = partial(domain.choose, month=shown, cut=cut, tied=tied, actor=request.user, seen=form.seen_token)
            form.once(request.user, f"hotline.choose:{shown.pk}", choose)
            messages.success(request, "名单已保存，尚未印发。")
            return redirect("hotline_month", code, month)
    may_edit = keeps and shown.state == HotlineState.DRAFT
    context = _month_context(request.user, campaign, shown, rows, keeps=keeps)
    context |= {"form": form if may_edit else None, "may_edit": may_edit}
    return render(request, "campaigns/hotline/month.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
def hotline_issue(request, code, month):
    campaign, shown = _month(request, code, month)
    _require_keeper(domain.keeps_hotline(request.user, campaign))
    if is_repeat(request):
        return redirect("hotline_month", code, month)
    domain.require_draft(shown)
    rows = domain.ranking(shown)
    posted = (request.POST,) if request.method == "POST" else ()
    form = IssueForm(*posted, token=domain.token_of(rows))
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            issue = partial(domain.issue, month=shown, seen=form.seen_token, actor=request.user)
            form.once(request.user, f"hotline.issue:{shown.pk}", issue)
            messages.success(request, "名单已印发，列入单位的主要负责同志和联络员已收到提醒。")
            return redirect("hotline_month", code, month)
    context = _month_context(request.user, campaign, shown, rows, keeps=True) | {"form": form}
    return render(request, "campaigns/hotline/issue.html", context, status=form.status)


@require_safe
def hotline_export(request, code, month):
    _, shown = _month(request, code, month)
    file, name = duty_list(shown, actor=request.user)
    return FileResponse(file, as_attachment=True, filename=name, content_type=xlsx.CONTENT_TYPE)


@contextmanager
def _conflict_shown(form: SaveForm) -> Iterator[None]:
    """Figures saved meanwhile stand above the page on which the file is chosen again."""
    try:
        yield
    except StaleVersion as error:
        apply_refusal(form, error)


def _campaign(request, code: str) -> Campaign:
    return get_object_or_404(campaigns_visible_to(request.user).select_related("region", "office"), code=code)


def _kept(request, code: str) -> Campaign:
    """The campaign, seen (else 404) by somebody who makes its lists (else 403)."""
    campaign = _campaign(request, code)
    _require_keeper(domain.keeps_hotline(request.user, campaign))
    return campaign


def _require_keeper(keeps: bool) -> None:
    if not keeps:
        raise NotAllowed("跟单名单由接收处投诉的牵头单位和统筹办办理，您没有此项权限。", rule="permission")


def _month(request, code: str, month: str) -> tuple[Campaign, HotlineMonth]:
    campaign = _campaign(request, code)
    months = domain.hotline_months_visible_to(request.user).select_related(
        "campaign__region", "campaign__office", "made_by"
    )
    return campaign, get_object_or_404(months, campaign=campaign, month=month)


def _preview(campaign: Campaign, month: str, result, figures) -> dict:
    save = SaveForm(place=campaign.code)
    seen = domain.figures_token(campaign, month)
    save.sign(month=month, file_name=result.file, figures=figures, seen=seen)
    figures, period = sorted(figures, key=lambda one: -one.tickets), parse_period(month)
    total = sum(one.tickets for one in figures)
    return {"save": save, "figures": figures, "total": total, "period": period, "duty": period.next()}


def _list_form(request, month: HotlineMonth, rows) -> ListForm:
    posted = (request.POST,) if request.method == "POST" else ()
    at_cut = domain.divide(rows, month.cut)[1] if month.cut else set()
    tied = [row for row in rows if row.department_id in at_cut]
    most = sum(row.may_serve for row in rows)
    return ListForm(*posted, cut=month.cut, tied=tied, most=most, token=domain.token_of(rows))


def _month_context(user, campaign: Campaign, month: HotlineMonth, rows, *, keeps: bool) -> dict:
    """Who may compare units sees the whole ranking, a unit the list alone."""
    compare = keeps or may_compare_units(user, campaign)
    return {
        "campaign": campaign,
        "month": month,
        "rows": rows if compare else [row for row in rows if row.is_listed],
        "listed": [row for row in rows if row.is_listed],
        "compare": compare,
        "total": sum(row.tickets for row in rows),
        **_labels({"month": month.month, "duty_month": month.duty_month, "state": month.state}),
    }


def _labels(row: dict) -> dict:
    return {
        "period": parse_period(row["month"]),
        "duty": parse_period(row["duty_month"]),
        "state_label": HotlineState(row["state"]).label,
    }
