"""Acts on a walk as a whole: sign, report, accept, send back, take back, cancel. Each has a
confirmation page of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.forms import is_repeat, refusals
from core.transitions import Transition
from evidence.forms import is_valid_keeping, submit_form
from issues.domain import intake
from issues.domain.lookback.queries import look_backs_of
from issues.enums import LookBackState
from issues.forms.intake import ActForm
from issues.views.walk_sheet import read_sheet, seen_walk
from walks.domain import lifecycle as walk_lifecycle
from walks.domain.guards import wants_stamp
from walks.domain.transitions import TABLE
from walks.models import Walk
from walks.views.steps import sent

LOOK_BACK_SAID = {
    LookBackState.PASSED: "回头看通过",
    LookBackState.FAILED: "回头看未通过，进入下一轮整改",
    LookBackState.VOID: "的回头看不作数，原因见下",
}


@dataclass(frozen=True)
class WalkAct:
    """How the page of an action looks: ``button`` confirms it, ``says`` turns walk and result into the message shown.

    ``run(walk=, actor=)`` carries out what also touches issues; without it the action is the walk's own. Everything
    else about it stands in the row of ``walks.domain.transitions``.
    """

    action: str
    button: str
    icon: str
    says: Callable[[Walk, object], str]
    run: Callable | None = None

    @property
    def row(self) -> Transition:
        return TABLE.by_action[self.action]


def _reported(walk: Walk, issues) -> str:
    numbers = "、".join(issue.number for issue in issues)
    said = f"已报送，{len(issues)} 个问题已登记入账，编号：{numbers}。" if issues else "已报送。本次没有新登记的问题。"
    return said + "".join(f"{one.issue.number} {LOOK_BACK_SAID[one.state]}。" for one in look_backs_of(walk))


# By the word in the address.
ACTS: dict[str, WalkAct] = {
    "sign": WalkAct("sign", "确认无误，签字", "pen", lambda *_: "已签字，下一步是报送。", intake.sign_walk),
    "report": WalkAct("report", "确认报送", "send-check", _reported, intake.report_walk),
    "accept": WalkAct("accept", "确认接收", "check2-circle", lambda *_: "已接收。"),
    "send-back": WalkAct("send_back", "退回补正", "arrow-return-left", lambda *_: "已退回补正。"),
    "reopen": WalkAct("reopen", "退回修改", "pencil-square", lambda *_: "已回到“体验中”，可以修改。"),
    "cancel": WalkAct("cancel", "取消这次体验", "x-circle", lambda *_: "已取消这次体验。"),
}


@require_http_methods(["GET", "POST"])
def walk_act(request, pk, verb):
    if verb not in ACTS:
        raise Http404
    act, walk = ACTS[verb], seen_walk(request, pk)
    if is_repeat(request):
        return redirect("walk", pk)
    row = walk_lifecycle.ensure_open(walk=walk, action=act.action, actor=request.user)
    with_stamp = act.action == "report" and wants_stamp(walk)
    sign = request if act.action == "sign" else None
    form = ActForm(*sent(request), walk=walk, reason_label=row.reason_label, wants_stamp=with_stamp, sign=sign)
    if request.method == "POST" and is_valid_keeping(form, request.user):
        with refusals(form):
            messages.success(request, _carry_out(request.user, act, walk, form))
            return redirect("walk", pk)
    context = read_sheet(walk, request.user) | {"row": row, "act": act, "form": form}
    return render(request, "issues/walk/act.html", context, status=form.status)


def buttons(rows: Mapping[str, Transition]) -> list[dict]:
    """Of the rows a person may take now, those with a page here; ``is_main`` marks those the page puts first."""
    return [
        {"verb": verb, "label": act.row.label, "icon": act.icon, "is_main": act.row.tone == "primary"}
        for verb, act in ACTS.items()
        if act.action in rows
    ]


def _carry_out(user, act: WalkAct, walk: Walk, form: ActForm) -> str:
    said = ["已办理，没有重复登记。"]
    walk_lifecycle.require_version(walk, form.cleaned_data["version"])

    def save(files) -> str:
        said[0] = act.says(walk, run_act(act, user, walk, form, files))
        return act.action

    submit_form(form, user, f"walk.{act.action}:{walk.pk}", save)
    return said[0]


def run_act(act: WalkAct, user, walk: Walk, form: ActForm, files):
    """Carry out the act with what the form says."""
    if act.run is not None:
        return act.run(walk=walk, actor=user, **({"stamped": files} if files else {}))
    data = {"reason": form.cleaned_data["reason"]} if act.row.reason_label else {}
    return walk_lifecycle.perform(walk=walk, action=act.action, actor=user, data=data)
