"""Plans: the list with what is still owed, and one plan's page."""

from functools import partial

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.scope import home_region, scope_of
from campaigns.domain.rulebook.rulebook import Rulebook
from core.forms import is_repeat, refusals
from core.idempotency import FIELD, seen
from core.list_book import as_file, write_book
from core.listing import Order, Page, filter_notes, link, paginate
from core.xlsx import CONTENT_TYPE
from plans.domain import filing, queries
from plans.domain import lifecycle as life
from plans.domain.inbox import narrowed
from plans.domain.queries import plans_visible_to
from plans.domain.rows import ItemFinder, items_to_cover, leaders_of
from plans.enums import PlanState
from plans.exports import MISSING, PLANS, plan_workbook, template_workbook
from plans.forms.plans import PlanFilterForm, PlanStartForm
from plans.models import Plan
from plans.views.plan_sheet import read_sheet
from walks.domain.lists import walking_units
from walks.rules import may_start

NAMED = ("campaign", "department", "receiver", "rules", "submitted_by", "filed_by")
LATEST_PERIOD = Order("period", ("period", "id"), descending=True)
LATEST_DAY = Order("handed_in", ("submitted_on", "id"), descending=True)
TABS = {
    "own": "本单位",
    PlanState.SUBMITTED.value: "待备案",
    PlanState.FILED.value: "已备案",
    PlanState.RETURNED.value: "退回修改",
    "missing": "未报",
}


@require_safe
def plans(request):
    today, user = timezone.localdate(), request.user
    form, asked, names, tab = _asked(request)
    counts, missing = _counts(user, names, asked, today)
    context = {"form": form, "notes": filter_notes(form), "tab": tab, "missing": missing if tab == "missing" else []}
    page = _page(request, tab, asked, today)
    context |= {"page": page, "rows": page.rows if page else [], "tabs": _tabs(request, names, tab, counts)}
    duties = filing.duties_of(user, today=today) if tab == "own" else []
    context["duties"] = [(duty, PlanStartForm()) for duty in duties]
    context["with_filters"] = tab != "own" or any(asked.values())
    context["export_url"] = reverse("plans_export") + link(request.GET, tab=tab)
    return render(request, "plans/plans.html", context)


@require_safe
def plans_export(request):
    """The plans of the tab in the order of the page, or the units that handed in none."""
    today, user = timezone.localdate(), request.user
    _, asked, _, tab = _asked(request)
    to = {"actor": user, "today": today, "place": home_region(user), "what": TABS[tab]}
    if tab == "missing":
        missing = filing.missing_units(user, today=today, **asked)
        return as_file(write_book(MISSING, missing, total=len(missing), **to))
    found, order = _found(request, tab, asked)
    return as_file(write_book(PLANS, found.order_by(*order.by()), **to))


@require_POST
def plan_start(request):
    if is_repeat(request):
        return redirect("plan_edit", seen(user=request.user, key=request.POST[FIELD]))
    form = PlanStartForm(request.POST, duties=filing.duties_of(request.user, today=timezone.localdate()))
    life.require(may_start(request.user))
    if form.is_valid():
        with refusals(form):
            return redirect("plan_edit", _begin(request.user, form))
    words = "该期计划已起草，或不在本单位可报的范围内" if "place" in form.errors else "；".join(form.non_field_errors())
    messages.error(request, f"没有起草计划：{words}")
    return redirect("plans")


@require_safe
def plan(request, pk):
    return render(request, "plans/plan.html", read_sheet(seen_plan(request, pk), request.user))


@require_safe
def plan_template(request, pk):
    shown = seen_plan(request, pk)
    life.require_actor(shown, "edit", request.user)
    rules = Rulebook.from_data(shown.rules.data)
    to_cover = items_to_cover(rules, shown.campaign_id, shown.department_id)
    items, leaders = ItemFinder(shown.department).own, leaders_of(shown.department_id)
    file, name = template_workbook(shown, rules, to_cover, items, leaders, today=timezone.localdate())
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


@require_safe
def plan_export(request, pk):
    shown = seen_plan(request, pk)
    rules, leaders = Rulebook.from_data(shown.rules.data), leaders_of(shown.department_id)
    rows = queries.rows_of(shown).select_related("item__department", "walker")
    file, name = plan_workbook(shown, rules, rows, leaders, actor=request.user, today=timezone.localdate())
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


def seen_plan(request, pk) -> Plan:
    """The plan when the person may know of it, else 404."""
    return get_object_or_404(plans_visible_to(request.user).select_related(*NAMED), pk=pk)


def _begin(user, form: PlanStartForm) -> str:
    duty = form.duties[form.cleaned_data["place"]]
    place = {"campaign": duty.campaign, "department_id": duty.department_id, "period": duty.period}
    return form.once(user, "plan.start", lambda: life.open_plan(actor=user, **place).pk)[0]


def _tab_names(user) -> list[str]:
    """Which tabs fit the person; the first is shown when the address names none."""
    scope = scope_of(user)
    above = [name for name in TABS if name != "own"] if scope.leads or scope.read_regions else []
    return (["own"] if scope.units or not above else []) + above


def _asked(request) -> tuple:
    """(form, what it asks for, the tabs of this person, the tab)."""
    user = request.user
    form = PlanFilterForm(request.GET, campaigns=queries.campaigns_with_plans(user), departments=walking_units(user))
    form.is_valid()
    names = _tab_names(user)
    tab = request.GET.get("tab") if request.GET.get("tab") in names else names[0]
    return form, {name: form.cleaned_data.get(name) for name in ("campaign", "department")}, names, tab


def _counts(user, names: list[str], asked: dict, today) -> tuple[dict, list]:
    """What each tab holds; the units that handed in nothing are read whole, their list is short."""
    counts = {"own": queries.plans_matching(user, own=True, **asked).count()} if "own" in names else {}
    if "missing" not in names:
        return counts, []
    missing = filing.missing_units(user, today=today, **asked)
    by_state = queries.counts_by_state(queries.plans_matching(user, own=False, **asked))
    return counts | by_state | {"missing": len(missing)}, missing


def _page(request, tab: str, asked: dict, today) -> Page | None:
    """One page of the tab's plans, the latest first; None where the tab lists units instead."""
    if tab == "missing":
        return None
    found, order = _found(request, tab, asked)
    read = partial(queries.list_rows, today=today)
    return paginate(found, order=order, params=request.GET, read=read)


def _found(request, tab: str, asked: dict) -> tuple[QuerySet[Plan], Order]:
    """The tab's plans and their order."""
    found = queries.plans_matching(request.user, own=tab == "own", **asked)
    found = narrowed(found, request.user, only_mine=request.GET.get("mine") == "1")
    return (found, LATEST_PERIOD) if tab == "own" else (found.filter(state=tab), LATEST_DAY)


def _tabs(request, names: list[str], current: str, counts: dict) -> list[dict]:
    return [
        {
            "label": TABS[name],
            "url": link(request.GET, tab=name),
            "active": name == current,
            "count": counts[name],
            "tone": "danger" if name == "missing" and counts[name] else "",
        }
        for name in names
    ]
