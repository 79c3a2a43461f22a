"""Steps of a plan's life: hand in, file, return, adjust, give up. One page each, from the row of the table."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.forms import is_repeat, refusals
from plans.domain import lifecycle as life
from plans.forms.plans import PlanActForm
from plans.models import Plan
from plans.views.plan_sheet import read_sheet
from plans.views.plans import seen_plan


@dataclass(frozen=True)
class ActPage:
    """The button that confirms the step, what is said once it is taken, and the page to go on to."""

    button: str
    icon: str
    said: str
    then: str = "plan"


PAGES = {
    "submit": ActPage("确认报送", "send-check", "已报送，等接收单位备案。"),
    "file": ActPage("确认备案", "check2-circle", "已备案。"),
    "return": ActPage("退回修改", "arrow-return-left", "已退回修改。"),
    "adjust": ActPage("起草调整稿", "pencil-square", "已起草调整稿，请修改后报送。", "plan_edit"),
    "discard": ActPage("放弃调整", "x-circle", "已放弃调整，原计划继续有效。"),
}


@require_http_methods(["GET", "POST"])
def plan_act(request, pk, verb):
    if verb not in PAGES:
        raise Http404
    page, plan = PAGES[verb], seen_plan(request, pk)
    if is_repeat(request):
        return redirect("plan", pk)
    act = life.ensure_open(plan, verb, request.user)
    form = PlanActForm(request.POST if request.method == "POST" else None, plan=plan, act=act)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            target = _carry_out(request.user, verb, plan, form)
            messages.success(request, page.said)
            return redirect(page.then, target)
    context = read_sheet(plan, request.user) | {"act": act, "page": page, "form": form}
    return render(request, "plans/act.html", context, status=form.status)


def _carry_out(user, verb: str, plan: Plan, form: PlanActForm) -> str:
    """The id of the plan to show next: the new draft after an adjustment, the filed plan once it is given up."""
    data = form.cleaned_data

    def run() -> int:
        found = life.perform(
            plan=plan, action=verb, actor=user, note=data.get("note", ""), version=data["version"]
        )  # fmt: skip
        return found.pk

    return form.once(user, f"plan.{verb}:{plan.pk}", run)[0]
