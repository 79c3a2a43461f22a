"""机构变动: merging and splitting units, for 系统管理员; the list of all changes; one of them, for whom it concerns."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.domain.abolition import done_already, units_visible_to
from accounts.domain.unit_moves import unit_change_rows, unit_changes_visible_to
from accounts.enums import UnitChangeKind
from accounts.exports import UNIT_CHANGES
from accounts.forms.units import ChangeFilterForm
from accounts.models import Department
from accounts.rules import may_keep_units
from core.forms import is_repeat, refusals
from core.list_book import as_file, write_book
from core.listing import Order, filter_notes, link, paginate
from home.domain.unit_changes import carry_out, moved_words, preview_of
from home.forms import AskedForm, UnitChangeForm
from issues.domain.unit_moves import moved_issues

NOT_COMPARED = ("csrfmiddlewaretoken", "seen", "password")
NEWEST_FIRST = Order("effective", ("effective_on", "id"), descending=True, public="public_id")


@require_http_methods(["GET", "POST"])
def unit_merge(request, pk):
    return _change(request, pk, UnitChangeKind.MERGED)


@require_http_methods(["GET", "POST"])
def unit_split(request, pk):
    return _change(request, pk, UnitChangeKind.SPLIT)


def _change(request, pk: int, kind: UnitChangeKind):
    unit = _unit(request, pk)
    if is_repeat(request):
        return redirect("unit_changes")
    if not unit.is_active:
        raise done_already(unit)
    given = request.POST if request.method == "POST" else request.GET or None
    asked, form = AskedForm(given, kind=kind, unit=unit, user=request.user, initial={"on": timezone.localdate()}), None
    if asked.is_valid() and "edit" not in request.GET:
        with refusals(asked):
            preview = preview_of(asked.asked, request.user, today=timezone.localdate())
            given = request.POST if request.method == "POST" else None
            form = UnitChangeForm(given, request=request, preview=preview)
    if form is not None and request.method == "POST" and form.is_valid():
        with refusals(form):
            made, _ = form.once(
                request.user, f"unit.change:{pk}", lambda: _press(request, form), content=_sent(request)
            )
            messages.success(request, f"{unit.name}已办理{kind.label}，转出的内容列在下面。")
            return redirect("unit_change", made)
    context = {"unit": unit, "kind": kind, "asked": asked, "form": form}
    status = form.status if form is not None else 400 if asked.is_bound and asked.errors else 200
    return render(request, "home/unit_change_make.html", context, status=status)


def _press(request, form: UnitChangeForm) -> str:
    items, people = form.chosen("item_"), form.chosen("person_")
    asked = form.preview.asked
    made = carry_out(asked=asked, by_item=items, by_person=people, actor=request.user, seen=form.seen_token)
    return str(made.public_id)


def _sent(request) -> dict:
    """All that was sent, what was asked for among it: the second press of one form is the same press."""
    return {name: values for name, values in request.POST.lists() if name not in NOT_COMPARED}


@require_safe
def unit_changes(request):
    if not may_keep_units(request.user):
        raise Http404
    form = ChangeFilterForm(request.GET)
    page = paginate(
        form.narrow(unit_changes_visible_to(request.user)),
        order=NEWEST_FIRST,
        params=request.GET,
        read=unit_change_rows,
    )
    context = {"form": form, "page": page, "notes": filter_notes(form) + page.notes, "query": link(request.GET)}
    return render(request, "home/unit_changes.html", context)


@require_safe
def unit_changes_export(request):
    if not may_keep_units(request.user):
        raise Http404
    form = ChangeFilterForm(request.GET)
    found = form.narrow(unit_changes_visible_to(request.user)).order_by(*NEWEST_FIRST.by())
    return as_file(write_book(UNIT_CHANGES, found, actor=request.user, today=timezone.localdate(), place=""))


@require_safe
def unit_change(request, pk):
    rows = unit_changes_visible_to(request.user).select_related("made_by", "region")
    made = get_object_or_404(rows, public_id=pk)
    context = {"made": made, "moved": moved_words(made), "issues": moved_issues(made, request.user)}
    context |= {
        "keeps": may_keep_units(request.user),
        "from_words": "、".join(made.before),
        "to_words": "、".join(made.after),
    }
    return render(request, "home/unit_change.html", context)


def _unit(request, pk: int) -> Department:
    if not may_keep_units(request.user):
        raise Http404
    return get_object_or_404(units_visible_to(request.user).select_related("region"), pk=pk)
