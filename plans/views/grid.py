"""Writing a plan: a grid saved as a whole, filled by hand or from a table."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from campaigns.domain.rulebook.rulebook import Rulebook
from core.forms import refusals
from core.uploads import on_disk
from plans.domain import lifecycle as life
from plans.domain.guards import faults_of
from plans.domain.queries import rows_of
from plans.domain.row_import import Desk, Reading, read_plan
from plans.domain.rows import ItemFinder, RowDraft, leaders_of
from plans.domain.validation import asks_date
from plans.forms.grid import PlanGridForm, PlanImportForm
from plans.models import Plan
from plans.views.plans import seen_plan


@require_http_methods(["GET", "POST"])
def plan_edit(request, pk):
    plan = _own_draft(request, pk)
    form = plan_grid(request.POST if request.method == "POST" else None, plan)
    if request.method == "GET":
        form.mark(faults_of(plan))
    elif form.op:
        form.rearrange()
    elif form.is_valid():
        with refusals(form):
            _, is_new = _save(request.user, plan, form)
            _say_saved(request, plan, is_new)
            return redirect("plan", pk)
        if form.status == 409:
            form.show_stored(list(rows_of(plan).select_related("item__department", "walker")))
    return _show(request, plan, form)


@require_http_methods(["GET", "POST"])
def plan_import(request, pk):
    plan = _own_draft(request, pk)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form, errors = PlanImportForm(*sent), []
    if request.method == "POST" and form.is_valid():
        desk = desk_of(plan)
        reading = Reading([], [])
        with refusals(form):
            reading = _read(form.cleaned_data["file"], desk, request.user)
        if not reading.errors and not form.errors:
            grid = plan_grid(None, plan, desk, rows=_joined(plan, reading.rows, form.cleaned_data["way"]))
            return _show(request, plan, grid, reading=reading, way=form.cleaned_data["way"])
        errors = reading.errors
    status = 400 if errors or form.errors else 200
    context = {"plan": plan, "form": form, "errors": errors, "notes": reading.notes if errors else []}
    return render(request, "plans/import.html", context, status=status)


def desk_of(plan: Plan) -> Desk:
    """What the cells of this plan are read against."""
    rules = Rulebook.from_data(plan.rules.data)
    window = (plan.campaign.starts_on, plan.campaign.ends_on)
    return Desk(rules, plan.department, leaders_of(plan.department_id), ItemFinder(plan.department), window)


def _own_draft(request, pk) -> Plan:
    """The plan, seen (else 404), this person's unit's own (else 403) and still open to writing (else 409)."""
    plan = seen_plan(request, pk)
    require_writable(plan, request.user)
    return plan


def require_writable(plan: Plan, user) -> None:
    """Raise NotAllowed for other units, IllegalTransition when the plan is no longer open to writing."""
    row = life.require_actor(plan, "edit", user)
    life.require_state(plan, row, "；已备案的计划请用“调整计划”")


def plan_grid(data, plan: Plan, desk: Desk | None = None, rows=None) -> PlanGridForm:
    """The grid over the stored rows, or over ``rows`` in their stead; bound to ``data``."""
    stored = list(rows_of(plan).select_related("item__department", "walker"))
    begun = {row.pk: row for row in stored if row.is_begun}
    shown = stored if rows is None else rows
    initial = {"version": plan.version}
    return PlanGridForm(data, desk=desk or desk_of(plan), begun=begun, rows=shown, initial=initial)


def _show(request, plan: Plan, form: PlanGridForm, *, reading: Reading | None = None, way: str = ""):
    read, notes = (len(reading.rows), reading.notes) if reading else (0, [])
    context = {"plan": plan, "form": form, "read": read, "notes": notes, "appends": way == "append"}
    context |= {"is_covert": not asks_date(form.desk.rules), "rules": form.desk.rules}
    return render(request, "plans/edit.html", context, status=form.status)


def _save(user, plan: Plan, form: PlanGridForm) -> tuple[str, bool]:
    return form.once(
        user,
        f"plan.save:{plan.pk}",
        lambda: life.save_rows(plan=plan, actor=user, version=form.cleaned_data["version"], rows=form.drafts()),
    )


def _say_saved(request, plan: Plan, is_new: bool) -> None:
    if not is_new:
        messages.success(request, "这些内容已经保存过，没有重复保存。")
        return
    missing = len(faults_of(plan))
    messages.success(request, f"已保存。还有 {missing} 处须补正才能报送，见下。" if missing else "已保存，可以报送。")


def _read(upload, desk: Desk, reader):
    """The rows of an uploaded table; the file goes with the request."""
    with on_disk(upload, reader=reader) as path:
        return read_plan(path, desk)


def _joined(plan: Plan, read: list[RowDraft], way: str) -> list:
    """Rows of the file with those that stay: all on appending, else those whose walk has begun.

    A row of the file takes the place of the stored one with the same item, so that its 报备 is not lost.
    """
    stored = list(rows_of(plan).select_related("item__department", "walker"))
    if way == "append":
        return [*stored, *read]
    kept = [row for row in stored if row.is_begun]
    free = {row.item_id: row.pk for row in reversed(stored) if not row.is_begun}
    for draft in read:
        draft.pk = free.pop(draft.item_id, None)
    return [*kept, *read]
