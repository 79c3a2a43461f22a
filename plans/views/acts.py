"""Steps of a plan's life: hand in, file, return, adjust, give up. One page each, before the deed."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.forms import is_repeat, refusals
from plans import rules as may
from plans.domain import lifecycle as life
from plans.enums import PlanState as P
from plans.forms.plans import PlanActForm
from plans.models import Plan
from plans.views.plans import seen_plan
from plans.views.sheet import read_sheet


@dataclass(frozen=True)
class Act:
    """``run(plan=, actor=[, note=])`` carries it out."""

    title: str
    button: str
    icon: str
    states: tuple[str, ...]
    may: Callable
    run: Callable
    lead: str
    said: str
    note_label: str = ""
    note_required: bool = False
    tone: str = "primary"


ACTS: dict[str, Act] = {
    "submit": Act(
        "报送计划", "确认报送", "send-check", life.EDITABLE, may.may_edit_plan, life.submit,
        "报送后由接收单位备案，备案前不能再改。逾期报送照常接收，并标明逾期。", "已报送，等接收单位备案。",
    ),
    "file": Act(
        "计划备案", "确认备案", "check2-circle", (P.SUBMITTED,), may.may_file_plan, life.file,
        "备案后计划不再改动；单位需要变动的，另行报送调整稿。调整稿备案后代替原稿。", "已备案。", "备案意见",
    ),
    "return": Act(
        "退回修改", "退回修改", "arrow-return-left", (P.SUBMITTED,), may.may_file_plan, life.send_back,
        "退回后由报送单位修改，再重新报送。首次报送日期不变。", "已退回修改。", "退回原因", True, "danger",
    ),
    "adjust": Act(
        "调整计划", "起草调整稿", "pencil-square", (P.FILED,), may.may_edit_plan, life.adjust,
        "系统照原样起草下一稿，修改后重新报送、备案。调整稿备案以前，已备案的这一稿照常有效，可以继续报备、体验；备案以后这一稿标为“已调整”并保留。",
        "已起草调整稿，请修改后报送。", "调整原因", True,
    ),
    "discard": Act(
        "放弃调整", "放弃调整", "x-circle", life.EDITABLE, may.may_edit_plan, life.discard,
        "放弃后，调整稿标为“已放弃”并保留，不能再修改、报送；已备案的计划没有任何变动，继续有效。需要时可以重新调整。",
        "已放弃调整，原计划继续有效。", tone="danger",
    ),
}  # fmt: skip


@require_http_methods(["GET", "POST"])
def plan_act(request, pk, verb):
    if verb not in ACTS:
        raise Http404
    act, plan = ACTS[verb], seen_plan(request, pk)
    if is_repeat(request):
        return redirect("plan", pk)
    life.require(act.may(request.user, plan))
    life.require_state(plan, act.states, act.title)
    if verb == "discard":
        life.require_adjustment(plan)
    data = request.POST if request.method == "POST" else None
    form = PlanActForm(data, plan=plan, note_label=act.note_label, note_required=act.note_required)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            target = _carry_out(request.user, verb, plan, form)
            messages.success(request, act.said)
            return redirect("plan_edit" if verb == "adjust" else "plan", target)
    context = read_sheet(plan, request.user) | {"act": act, "form": form}
    return render(request, "plans/act.html", context, status=form.status)


def _carry_out(user, verb: str, plan: Plan, form: PlanActForm) -> str:
    """The id of the plan to show next: the new draft after an adjustment, the filed plan once it is given up."""
    life.require_version(plan, form.cleaned_data["version"])
    note = {"note": form.cleaned_data["note"]} if "note" in form.cleaned_data else {}

    def run() -> int:
        made = ACTS[verb].run(plan=plan, actor=user, **note)
        return made.pk if made else plan.pk

    return form.once(user, f"plan.{verb}:{plan.pk}", run)[0]
