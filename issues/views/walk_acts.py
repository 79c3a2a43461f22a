"""Acts on a walk as a whole: sign, report, accept, send back, take back, cancel. One page each, before the deed."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.exceptions import IllegalTransition
from core.forms import is_repeat, refusals
from evidence.forms import submit_form
from issues.domain import intake
from issues.forms.intake import ActForm
from issues.views.sheet import read_sheet, seen_walk
from walks import rules
from walks.domain import lifecycle as walk_lifecycle
from walks.enums import WalkState as S
from walks.models import Walk
from walks.views.steps import sent


@dataclass(frozen=True)
class Act:
    """``run(walk=, actor=[, reason=])`` carries it out; ``says`` turns its result into the message shown after."""

    title: str
    button: str
    icon: str
    states: tuple[str, ...]
    may: Callable
    run: Callable
    lead: str
    says: Callable[[object], str]
    reason_label: str = ""
    tone: str = "primary"


def _numbers_given(issues) -> str:
    if not issues:
        return "已报送。本次没有新登记的问题。"
    return f"已报送，{len(issues)} 个问题已登记入账，编号：{'、'.join(issue.number for issue in issues)}。"


ACTS: dict[str, Act] = {
    "sign": Act(
        "核对签字", "确认无误，签字", "pen", (S.RECORDED,), rules.may_sign, intake.sign_walk,
        "请核对全部内容。签字后不得擅自改动；确需修改，须先退回，签字随之失效。", lambda _: "已签字，等联络员报送。",
    ),
    "report": Act(
        "报送", "确认报送", "send-check", (S.SIGNED,), rules.may_report, intake.report_walk,
        "报送后，登记的问题逐个编号、进入问题台账，编号不再变动。", _numbers_given,
    ),
    "accept": Act(
        "接收", "确认接收", "check2-circle", (S.REPORTED,), rules.may_receive, walk_lifecycle.accept,
        "接收表示材料齐全。问题的交办、验收在问题台账中办理。", lambda _: "已接收。",
    ),
    "send-back": Act(
        "退回补正", "退回补正", "arrow-return-left", (S.REPORTED,), rules.may_receive, walk_lifecycle.send_back,
        "退回后由报送单位补正，再签字、报送。已给出的问题编号保留。", lambda _: "已退回补正。", "退回原因", "danger",
    ),
    "reopen": Act(
        "重新修改", "退回修改", "pencil-square", (S.RECORDED, S.SIGNED), rules.may_reopen, walk_lifecycle.reopen,
        "回到“体验中”继续修改。已签字的，签字随之失效，改完须重新签字。",
        lambda _: "已回到“体验中”，可以修改。", "修改原因",
    ),
    "cancel": Act(
        "取消体验", "取消这次体验", "x-circle",
        (S.PLANNED, S.IN_PROGRESS, S.RETURNED), rules.may_cancel, walk_lifecycle.cancel,
        "取消后不计入统计，已记的内容保留可查。", lambda _: "已取消这次体验。", "取消原因", "danger",
    ),
}  # fmt: skip
MAIN_ACTS = ("sign", "report", "accept")


@require_http_methods(["GET", "POST"])
def walk_act(request, pk, verb):
    if verb not in ACTS:
        raise Http404
    act, walk = ACTS[verb], seen_walk(request, pk)
    if is_repeat(request):
        return redirect("walk", pk)
    _require(act, request.user, walk)
    wants_stamp = verb == "report" and walk_lifecycle.wants_stamp(walk)
    form = ActForm(*sent(request), walk=walk, reason_label=act.reason_label, wants_stamp=wants_stamp)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            messages.success(request, _carry_out(request.user, verb, walk, form))
            return redirect("walk", pk)
    context = read_sheet(walk, request.user) | {"act": act, "verb": verb, "form": form}
    return render(request, "issues/walk/act.html", context, status=form.status)


def offered(user, walk: Walk) -> list[dict]:
    """The acts this person could take on the walk now; ``is_main`` marks the one the page puts first."""
    return [
        {"verb": verb, "title": act.title, "icon": act.icon, "tone": act.tone, "is_main": verb in MAIN_ACTS}
        for verb, act in ACTS.items()
        if walk.state in act.states and act.may(user, walk)
    ]


def _require(act: Act, user, walk: Walk) -> None:
    if walk.state not in act.states:
        raise IllegalTransition(f"本次体验处于“{walk.get_state_display()}”，不能执行“{act.title}”。", rule="walk.act")
    walk_lifecycle.require(act.may(user, walk))


def _carry_out(user, verb: str, walk: Walk, form: ActForm) -> str:
    act, said = ACTS[verb], ["已办理，没有重复登记。"]
    walk_lifecycle.require_version(walk, form.cleaned_data["version"])
    extra = {"reason": form.cleaned_data["reason"]} if act.reason_label else {}

    def run(files) -> str:
        stamped = {"stamped": files} if files else {}
        said[0] = act.says(act.run(walk=walk, actor=user, **extra, **stamped))
        return verb

    submit_form(form, user, f"walk.{verb}:{walk.pk}", run)
    return said[0]
