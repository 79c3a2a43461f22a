"""Objections of a unit and manual points of the office: making one, and the steps that answer it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from campaigns.domain.rulebook.rubric import TENTHS, points
from core.exceptions import NotAllowed
from core.forms import is_repeat, refusals
from scoring.domain import lifecycle
from scoring.domain.audience import MATTERS, matters_of
from scoring.enums import ScoreActor, ScoreState
from scoring.forms import ScoreMatterForm, ScoreNoteForm, ScoreObjectionForm, ScoreStepForm
from scoring.models import ScoreNote, ScoreObjection
from scoring.views.score_query import ScoreDesk, parse_scores, too_early


@require_http_methods(["GET", "HEAD", "POST"])
def score_object(request, code, period, unit):
    desk = parse_scores(request, code, period)
    shown = desk.unit_now(unit)
    if ScoreActor.UNIT not in desk.parts(unit):
        raise NotAllowed("申诉由被评单位提出。", rule="score.unit")
    if desk.not_yet:
        return too_early(request, desk, "提出申诉", unit=shown)
    taken = [line for line in shown.lines if line.left]
    choices = [(one.point.name, f"{one.point.name}（扣 {points(one.left)} 分）") for one in taken]
    form = ScoreObjectionForm(request.POST if request.method == "POST" else None, choices=choices, seen=desk.last)
    page = {"unit": shown, "title": "提出申诉", "button": "提交申诉"}
    return _made(request, desk, form, lifecycle.object_to, page, said="申诉已提交，由统筹办答复。")


@require_http_methods(["GET", "HEAD", "POST"])
def score_note(request, code, period, unit):
    desk = parse_scores(request, code, period)
    shown = desk.unit_now(unit)
    if ScoreActor.OFFICE not in desk.parts(unit):
        raise NotAllowed("人工评定由本活动的统筹办办理。", rule="score.office")
    if desk.not_yet:
        return too_early(request, desk, "人工评定", unit=shown)
    manual = [line.point for line in shown.lines if line.point.is_manual]
    choices = [(one.name, f"{one.name}（{points(one.maximum)} 分）") for one in manual]
    form = ScoreNoteForm(request.POST if request.method == "POST" else None, choices=choices, seen=desk.last)
    page = {"unit": shown, "title": "人工评定", "button": "提交复核"}
    return _made(request, desk, form, lifecycle.note_point, page, said="已记录，由统筹办另一人复核后计入得分。")


@require_http_methods(["GET", "HEAD", "POST"])
def score_step(request, code, period, kind, pk, action):
    desk = parse_scores(request, code, period)
    if kind not in MATTERS:
        raise Http404
    matter = get_object_or_404(matters_of(desk.campaign, desk.period, kind, desk.seen), pk=pk)
    if action not in lifecycle.table_of(matter).by_action or not _knows(desk, matter):
        raise Http404
    if is_repeat(request):
        return redirect("score_sheet", code, period, matter.department_id)
    row = lifecycle.ensure_open(matter, action, request.user)
    form = ScoreStepForm(request.POST if request.method == "POST" else None, row=row, version=matter.version)
    unit = desk.live.unit(matter.department_id)
    line = unit.line_of(matter.point) if unit else None
    left = line.left if line else 0
    if request.method == "POST" and form.is_valid() and _step(request.user, matter, action, form, left):
        messages.success(request, f"{row.label}：已办理。")
        return redirect("score_sheet", code, period, matter.department_id)
    context = desk.place | {"form": form, "matter": matter, "row": row, "left": points(left)}
    context["amount"] = points(matter.amount)
    return render(request, "scoring/step.html", context, status=form.status)


def _knows(desk: ScoreDesk, matter: ScoreObjection | ScoreNote) -> bool:
    """A manual point that no second person has agreed to is known to the office alone."""
    agreed = isinstance(matter, ScoreObjection) or matter.state == ScoreState.AGREED
    return agreed or ScoreActor.OFFICE in desk.parts(matter.department_id)


def _made(request, desk: ScoreDesk, form: ScoreMatterForm, make: Callable, page: dict, *, said: str) -> HttpResponse:
    """Make what the form asks for once and go on to the sheet of the unit, or show the form."""
    asked, unit = desk.asked, page["unit"].id
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        given = {"point": data["point"], "text": data["text"], "seen": data["version"], "actor": request.user}
        given |= {"amount": int(data["amount"] * TENTHS)} if "amount" in data else {}
        scope = f"score.{make.__name__}:{asked.campaign.pk}:{asked.period.code}:{unit}"
        with refusals(form):
            form.once(request.user, scope, lambda: make(asked=asked, scores=desk.live, unit_id=unit, **given).pk)
            messages.success(request, said)
            return redirect("score_sheet", asked.campaign.code, asked.period.code, unit)
    return render(request, "scoring/make.html", desk.place | page | {"form": form}, status=form.status)


def _step(user, matter, action: str, form: ScoreStepForm, left: int) -> bool:
    data = form.cleaned_data
    answer = lifecycle.Answer(data.get("answer", ""), int((data.get("amount") or 0) * TENTHS))

    def act() -> int:
        given = {"version": data["version"], "answer": answer, "left": left}
        return lifecycle.perform(matter=matter, action=action, actor=user, **given).pk

    with refusals(form):
        form.once(user, f"score.{action}:{type(matter).__name__}:{matter.pk}", act)
        return True
    return False
