"""考核评分 of a period: the table of units, the sheet of one, the workbook, settling."""

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.domain.rulebook.rubric import points
from core.exceptions import NotAllowed
from core.forms import refusals
from core.xlsx import CONTENT_TYPE
from scoring.domain import freeze
from scoring.domain.audience import SeenLine, matters_of, seen_lines
from scoring.domain.inbox import waiting_in
from scoring.domain.lifecycle import available
from scoring.domain.scores import frozen_scores
from scoring.domain.shown import shown_of
from scoring.enums import ScoreActor
from scoring.exports import scores_workbook
from scoring.forms import SettleForm
from scoring.views.score_query import ScoreDesk, parse_scores, too_early

PERIODS_SHOWN = 12
OPENS = {"issue": "issue", "walk": "walk", "plan": "plan", "submission": "submission"}


@require_safe
def scores(request, code, period):
    desk = parse_scores(request, code, period)
    heads = list(desk.scores.scoring.weights.items())
    rows = [
        {"unit": unit, "heads": [points(unit.of_head(head)) for head, _ in heads], "total": points(unit.total)}
        for unit in desk.units
    ]
    context = desk.place | {"heads": heads, "rows": rows, "periods": _periods(desk)}
    if context["may_settle"] and not desk.sheet:
        context |= {"waiting": waiting_in(request.user, desk.campaign, desk.period), "changed": _changed(desk)}
    return render(request, "scoring/scores.html", context)


@require_safe
def score_sheet(request, code, period, unit):
    desk = parse_scores(request, code, period)
    shown, parts = desk.unit(unit), desk.parts(unit)
    lines = [_line(one) for one in seen_lines(request.user, desk.campaign, [shown])[unit]]
    context = desk.place | {"unit": shown, "total": points(shown.total), "lines": lines, "parts": parts}
    # A manual point is known to the office alone until it counts as a record of the sheet.
    for kind in ("objection", "note") if ScoreActor.OFFICE in parts else ("objection",):
        context[f"{kind}s"] = [
            {"matter": one, "amount": points(one.amount), "steps": available(request.user, one)}
            for one in matters_of(desk.campaign, desk.period, kind, [unit])
        ]
    return render(request, "scoring/sheet.html", context)


@require_safe
def score_f13(request, code, period):
    desk = parse_scores(request, code, period)
    units, office = desk.units, desk.campaign.office.name
    file, name = scores_workbook(desk.scores, units, actor=request.user, whose=office)
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


@require_http_methods(["GET", "HEAD", "POST"])
def score_settle(request, code, period):
    desk = parse_scores(request, code, period)
    if not desk.place["may_settle"]:
        raise NotAllowed("确定评分由本活动的统筹办办理。", rule="score.office")
    if desk.not_yet:
        return too_early(request, desk, "确定评分")
    data = request.POST if request.method == "POST" else None
    form = SettleForm(data, seen=desk.last, scores=shown_of(desk.live.units))
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            _settle(request, desk, form)
            return redirect("scores", code, period)
    context = desk.place | {"form": form, "waiting": freeze.waiting(desk.asked), "rows": _compared(desk)}
    return render(request, "scoring/settle.html", context, status=form.status)


def _settle(request, desk: ScoreDesk, form: SettleForm) -> None:
    campaign, period, seen = desk.campaign, desk.period, form.cleaned_data["version"]

    def act() -> int:
        given = {"actor": request.user, "reason": form.cleaned_data["reason"], "seen": seen}
        given["shown"] = form.cleaned_data["shown"]
        return freeze.freeze(campaign=campaign, period=period, **given).version

    made = int(form.once(request.user, f"score.settle:{campaign.pk}:{period.code}", act)[0])
    if made == seen:
        messages.info(request, f"内容与已确定的第 {made} 版相同，没有另成一版。")
    else:
        messages.success(request, f"{period.label}评分已确定第 {made} 版。")


def _compared(desk: ScoreDesk) -> list[dict]:
    """Each unit's score in the version settled last, and as it would be settled now; None where it has none."""
    last = frozen_scores(desk.sheets[0], desk.period).units if desk.sheets else []
    settled, now = {one.id: one for one in last}, {one.id: one for one in desk.live.units}
    return [
        {
            "name": one.name,
            "settled": points(settled[one.id].total) if one.id in settled else None,
            "now": points(now[one.id].total) if one.id in now else None,
            "differs": bool(desk.sheets) and settled.get(one.id) != now.get(one.id),
        }
        for one in (settled | now).values()
    ]


def _changed(desk: ScoreDesk) -> bool:
    return bool(desk.sheets) and freeze.changed_since(desk.live, desk.sheets[0])


def _periods(desk: ScoreDesk) -> list[tuple[str, str, bool]]:
    """(label, address, is this one) of the scored periods begun last, the newest first, and the whole campaign where
    it is scored."""
    rubrics, today, now = desk.rubrics, timezone.localdate(), desk.period.code
    _, rules = rubrics.of(desk.period, desk.as_of)
    found = [one for one in rubrics.scored(rules, today) if one != rules.whole][::-1][:PERIODS_SHOWN]
    found += [rules.whole] if rubrics.is_on(rules.whole, today) else []
    return [(one.label, reverse("scores", args=[desk.campaign.code, one.code]), one.code == now) for one in found]


def _line(seen: SeenLine) -> dict:
    line = seen.line
    return {
        "point": line.point,
        "maximum": points(line.point.maximum),
        "words": line.point.words,
        "counted": line.counted_words,
        "deducted": points(line.deducted),
        "given_back": points(line.given_back) if line.given_back else "",
        "score": points(line.score),
        "records": [
            {"words": one.words, "url": reverse(OPENS[one.kind], args=[one.ref]) if one.kind in OPENS else ""}
            for one in seen.records
        ],
        "unseen": seen.unseen,
    }
