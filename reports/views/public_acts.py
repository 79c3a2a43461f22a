"""Asking for the release of a period, the steps of a release, and where it was made known."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core.exceptions import NotAllowed
from core.forms import is_repeat, refusals
from reports.domain.figures import ReportQuery
from reports.domain.public_sheet import lifecycle, places
from reports.domain.public_sheet.content import sheet_content
from reports.domain.public_sheet.guards import is_on
from reports.domain.public_sheet.pictures import AT_MOST, choices
from reports.domain.publishing import last_of
from reports.forms.public_sheets import PublicAskForm, PublicPlaceForm, PublicStepForm, PublicStrikeForm
from reports.models import PublicSheet
from reports.rules import may_compile
from reports.views.public_sheets import parse_public

ICONS = {"release": "megaphone", "decline": "slash-circle", "revoke": "x-circle"}


@require_http_methods(["GET", "HEAD", "POST"])
def public_ask(request, code, period):
    desk = parse_public(request, code, period)
    query = desk.parsed.query
    if not may_compile(request.user, query.campaign):
        raise NotAllowed(lifecycle.OFFICE_ONLY, rule="public.office")
    if is_repeat(request):
        return redirect("public_sheets", code, period)
    last = last_of(query.campaign, query.period)
    data = request.POST if request.method == "POST" else None
    offered = choices(query.campaign, query.period, last) if last else []
    form = PublicAskForm(data, initial={"version": last.version if last else 0}, offered=offered)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            _ask(request.user, query, form)
            messages.success(request, "已申请公开，等统筹办另一人审核。")
            return redirect("public_sheets", code, period)
    context = desk.place | {"form": form, "last": last, "on": is_on(query.campaign)}
    context |= {"content": sheet_content(last) if last else {}, "at_most": AT_MOST}
    return render(request, "reports/public/ask.html", context, status=form.status)


def _ask(user, query: ReportQuery, form: PublicAskForm) -> None:
    given = {"campaign": query.campaign, "period": query.period, "seen": form.cleaned_data["version"]}
    given["photos"] = form.photos
    scope = f"public.ask:{query.campaign.pk}:{query.period.code}"
    form.once(user, scope, lambda: lifecycle.ask(actor=user, **given).public_id)


@require_http_methods(["GET", "HEAD", "POST"])
def public_act(request, code, period, pk, action):
    desk = parse_public(request, code, period)
    sheet = desk.sheet(pk)
    if is_repeat(request):
        return redirect("public_sheets", code, period)
    row = lifecycle.require_actor(sheet, action, request.user)
    lifecycle.require_state(sheet, row)
    data = request.POST if request.method == "POST" else None
    form = PublicStepForm(data, row=row, version=sheet.version, request=request)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            _carry_out(request.user, sheet, action, form)
            messages.success(request, f"已{row.label}。")
            return redirect("public_sheets", code, period)
    context = desk.place | {"sheet": sheet, "row": row, "form": form, "content": sheet.content, "icon": ICONS[action]}
    return render(request, "reports/public/act.html", context, status=form.status)


def _carry_out(user, sheet: PublicSheet, action: str, form: PublicStepForm) -> None:
    given = {"version": form.cleaned_data["version"], "reason": form.cleaned_data.get("reason", "")}
    form.once(
        user,
        f"public.{action}:{sheet.pk}",
        lambda: lifecycle.perform(sheet=sheet, action=action, actor=user, **given).version,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def public_place(request, code, period, pk):
    desk, sheet = _recording(request, code, period, pk)
    if is_repeat(request):
        return redirect("public_sheets", code, period)
    data = request.POST if request.method == "POST" else None
    form = PublicPlaceForm(data, initial={"published_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in form.facts}
        with refusals(form):
            form.once(
                request.user,
                f"public.place:{sheet.pk}",
                lambda: places.record(sheet=sheet, actor=request.user, facts=facts).pk,
            )
            messages.success(request, "已登记刊发情况。")
            return redirect("public_sheets", code, period)
    return render(request, "reports/public/place.html", desk.place | {"sheet": sheet, "form": form}, status=form.status)


@require_http_methods(["GET", "HEAD", "POST"])
def public_strike(request, code, period, pk, place):
    desk, sheet = _recording(request, code, period, pk)
    row = get_object_or_404(sheet.places, pk=place)
    if is_repeat(request):
        return redirect("public_sheets", code, period)
    places.require_in_force(row)
    form = PublicStrikeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            form.once(
                request.user,
                f"public.strike:{row.pk}",
                lambda: places.strike(place=row, actor=request.user, reason=form.cleaned_data["reason"]).pk,
            )
            messages.success(request, "已划去这一条。")
            return redirect("public_sheets", code, period)
    context = desk.place | {"sheet": sheet, "place": row, "form": form}
    return render(request, "reports/public/strike.html", context, status=form.status)


def _recording(request, code: str, period: str, pk):
    """The period and the sheet; 404 for one unseen, 403 for who may not record where it was made known."""
    desk = parse_public(request, code, period)
    sheet = desk.sheet(pk)
    if not places.may_record(request.user, sheet):
        raise NotAllowed("刊发情况由统筹办和牵头单位登记。", rule="public.place_office")
    if sheet.released_at is None:
        raise Http404
    return desk, sheet
