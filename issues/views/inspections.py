"""督查记录: the list and its workbook, recording one, one with its findings, striking one out."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.domain.queries import campaigns_visible_to
from core.forms import is_repeat, refusals
from core.list_book import as_file
from core.listing import Order, filter_notes, link, paginate
from issues.domain.inspections import queries, records
from issues.exports.lists import INSPECTIONS, write_list
from issues.forms.inspections import FindingForm, InspectionFilterForm, InspectionForm, InspectionStrikeForm
from issues.models import Inspection

LATEST = Order("inspected_on", ("inspected_on", "id"), descending=True, public="public_id")


@require_safe
def inspections(request):
    form = InspectionFilterForm(request.GET, user=request.user)
    rows = form.narrow(queries.inspections_visible_to(request.user))
    page = paginate(rows, order=LATEST, params=request.GET, read=queries.inspection_rows)
    context = {"form": form, "notes": filter_notes(form) + page.notes, "page": page}
    context["export_url"] = reverse("inspections_export") + link(request.GET)
    context["campaigns"] = list(queries.campaigns_to_inspect(request.user).values_list("code", "name"))
    return render(request, "issues/inspections/list.html", context)


@require_safe
def inspections_export(request):
    form = InspectionFilterForm(request.GET, user=request.user)
    rows = form.narrow(queries.inspections_visible_to(request.user)).order_by(*LATEST.by())
    return as_file(write_list(INSPECTIONS, rows, actor=request.user, today=timezone.localdate()))


@require_http_methods(["GET", "POST"])
def inspection_add(request, code):
    campaign = get_object_or_404(campaigns_visible_to(request.user), code=code)
    records.require_office(request.user, campaign)
    if is_repeat(request):
        return redirect("inspections")
    form = InspectionForm(request.POST if request.method == "POST" else None, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            made, _ = form.once(request.user, f"inspection:{code}", lambda: _record(request, campaign, form))
            messages.success(request, "督查记录已保存。发现的问题请逐件登记。")
            return redirect("inspection", made)
    return render(request, "issues/inspections/add.html", {"form": form, "campaign": campaign}, status=form.status)


@require_http_methods(["GET", "HEAD", "POST"])
def inspection(request, pk):
    """The record; the office adds what was found."""
    shown = _seen(request, pk)
    if is_repeat(request):
        return redirect("inspection", pk)
    adds = records.records_in(request.user, shown.campaign)
    if request.method == "POST":
        records.require_office(request.user, shown.campaign)
    form = FindingForm(request.POST if request.method == "POST" else None, inspection=shown)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            form.once(request.user, f"inspection.finding:{shown.pk}", lambda: _find(request, shown, form))
            messages.success(request, "问题已登记入账，请在问题台账交办。")
            return redirect("inspection", pk)
    context = {"shown": shown, "form": form, "adds": adds and shown.struck_at is None}
    context |= {"units": shown.units.order_by("order", "pk"), "findings": queries.findings_of(shown, request.user)}
    return render(request, "issues/inspections/inspection.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
def inspection_strike(request, pk):
    shown = _seen(request, pk)
    records.require_office(request.user, shown.campaign)
    if is_repeat(request):
        return redirect("inspection", pk)
    form = InspectionStrikeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            form.once(request.user, f"inspection.strike:{shown.pk}", lambda: _strike(request, shown, form))
            messages.success(request, "督查记录已作废。")
            return redirect("inspection", pk)
    return render(request, "issues/inspections/strike.html", {"form": form, "shown": shown}, status=form.status)


def _seen(request, pk) -> Inspection:
    rows = queries.inspections_visible_to(request.user).select_related("campaign", "made_by", "struck_by")
    return get_object_or_404(rows, public_id=pk)


def _record(request, campaign, form: InspectionForm) -> str:
    data = form.cleaned_data
    made = records.record(
        campaign=campaign,
        day=data["inspected_on"],
        inspectors=data["inspectors"],
        units=list(data["units"]),
        summary=data["summary"],
        actor=request.user,
    )
    return str(made.public_id)


def _find(request, shown: Inspection, form: FindingForm) -> str:
    return str(records.add_finding(inspection=shown, actor=request.user, **form.found()).number)


def _strike(request, shown: Inspection, form: InspectionStrikeForm) -> str:
    records.strike(inspection=shown, reason=form.cleaned_data["reason"], actor=request.user)
    return str(shown.public_id)
