"""A row of a filed plan: 报备 of its date, and the walk that begins from it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.domain.rulebook.rulebook import Rulebook
from core.exceptions import Refused
from core.forms import is_repeat, refusals
from plans.domain import lifecycle as life
from plans.domain import walks
from plans.domain.queries import rows_of
from plans.domain.validation import mode_label
from plans.forms.plans import NoticeForm, RowStartForm
from plans.views.plans import seen_plan


@require_http_methods(["GET", "POST"])
def plan_notice(request, pk, row_id):
    row, step = _own_row(request, pk, row_id, "notice")
    life.require_state(row.plan, step)
    initial = {"when": walks.next_moment(row, timezone.now())}
    token = walks.token_of_notice(row)
    form = NoticeForm(request.POST if request.method == "POST" else None, initial=initial, token=token)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            _notice(request.user, row, form)
            messages.success(request, "已报备，接收单位已收到通知。")
            return redirect("plan", pk)
    mode = mode_label(Rulebook.from_data(row.plan.rules.data), row.mode)
    return render(request, "plans/notice.html", {"row": row, "mode": mode, "form": form}, status=form.status)


@require_POST
def plan_row_start(request, pk, row_id):
    row, step = _own_row(request, pk, row_id, "start")
    form = RowStartForm(request.POST)
    if not is_repeat(request):
        life.require_state(row.plan, step)
    form.is_valid()
    try:
        walk, is_new = _start(request.user, row, form)
    except Refused as error:
        messages.error(request, error.message)
        return redirect("plan", pk)
    messages.success(
        request, "已按计划开始体验，走到哪一步就登记哪一步。" if is_new else "这次体验已经开始，没有重复登记。"
    )
    return redirect("walk", walk)


def _own_row(request, pk, row_id, action: str):
    """A row of a plan, seen (else 404), and the step that is asked for, open to the person's part (else 403)."""
    plan = seen_plan(request, pk)
    row = get_object_or_404(rows_of(plan), pk=row_id)
    row.plan = plan
    return row, life.require_actor(plan, action, request.user)


def _notice(user, row, form: NoticeForm) -> None:
    def run() -> int:
        walks.give_notice(row=row, actor=user, when=form.cleaned_data["when"], seen=form.seen_token)
        return row.pk

    form.once(user, f"plan.notice:{row.pk}", run)


def _start(user, row, form: RowStartForm) -> tuple[str, bool]:
    return form.once(user, f"plan.walk:{row.pk}", lambda: walks.start_row(row=row, actor=user).pk)
