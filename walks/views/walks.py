"""The list of walks."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.enums import Role
from accounts.scope import home_region, scope_of
from core.list_book import as_file, write_book
from core.listing import Order, filter_notes, link, paginate
from walks.domain import lists
from walks.exports import WALKS
from walks.forms.walks import WALK_TABS, WalkFilterForm
from walks.rules import may_plan_covert, may_start

NEWEST_FIRST = Order("started", lists.ORDER_FIELDS, descending=True)


@require_safe
def walks(request):
    form, found, names, tab = _asked(request)
    page = paginate(
        lists.in_states(found, WALK_TABS[tab][1]),
        order=NEWEST_FIRST, params=request.GET, read=lists.walk_rows, per_page=lists.PER_PAGE,
    )  # fmt: skip
    context = {"form": form, "page": page, "notes": filter_notes(form) + page.notes, "tab": tab}
    tabs = _tabs(request, found, names, tab)
    # What fits on one page is read faster than filtered.
    is_long = max(one["count"] for one in tabs) > lists.PER_PAGE
    with_filters = is_long or any(request.GET.get(name) for name in form.fields)
    context |= {"tabs": tabs, "with_filters": with_filters, "may_start": may_start(request.user)}
    context |= {"may_plan": may_plan_covert(request.user)}
    context["export_url"] = reverse("walks_export") + link(request.GET, tab=tab)
    return render(request, "walks/walks.html", context)


@require_safe
def walks_export(request):
    """The walks of the tab, in the order of the page."""
    _, found, _, tab = _asked(request)
    rows = lists.to_take_along(lists.in_states(found, WALK_TABS[tab][1]))
    asked = {"actor": request.user, "today": timezone.localdate(), "place": home_region(request.user)}
    return as_file(write_book(WALKS, rows.order_by(*NEWEST_FIRST.by()), what=WALK_TABS[tab][0], **asked))


def _asked(request) -> tuple:
    """(form, the walks it asks for, the tabs of this person, the tab)."""
    form = WalkFilterForm(request.GET, departments=lists.walking_units(request.user))
    names = _tab_names(request.user)
    tab = request.GET.get("tab") if request.GET.get("tab") in names else names[0]
    return form, _found(request, form), names, tab


def _found(request, form: WalkFilterForm):
    """The walks the address asks for; a value that is no choice is left out."""
    form.is_valid()
    return lists.walks_matching(
        request.user,
        text=form.cleaned_data.get("q", ""),
        department_id=form.cleaned_data.get("department"),
        mode=form.cleaned_data.get("mode", ""),
        since=form.cleaned_data.get("since"),
        until=form.cleaned_data.get("until"),
        only_mine=request.GET.get("mine") == "1",
    )


def _tab_names(user) -> list[str]:
    """Which tabs fit the person; the first is shown when the address names none."""
    scope = scope_of(user)
    receives = ["receive"] if scope.is_lead_or_office else []
    if scope.units:
        planned = ["planned"] if scope.holds(Role.PRINCIPAL) or scope.holds(Role.DEPUTY) else []
        return ["open", *planned, "sign", "report", "reported", *receives, "all"]
    return [*receives, "accepted", "all"] if receives else ["all"]


def _tabs(request, found, names: list[str], current: str) -> list[dict]:
    counts = lists.counts_by_states(found, {name: WALK_TABS[name][1] for name in names})
    return [
        {
            "label": WALK_TABS[name][0],
            "url": link(request.GET, tab=name),
            "active": name == current,
            "count": counts[name],
        }
        for name in names
    ]
