"""The board of a campaign: planned and done, unit by unit; each number opens the walks or the rows it counts."""

from django.http import FileResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from campaigns.enums import ActivityKind
from core.list_book import as_file, write_book
from core.listing import Order, link, paginate
from core.xlsx import CONTENT_TYPE
from plans.domain import progress as plan_progress
from plans.domain.validation import mode_label
from plans.enums import PlanState
from reports.domain.board.board import STATES, Board, BoardLine, board_of
from reports.domain.board.counts import FIGURES
from reports.exports.board import board_workbook
from reports.exports.rows import planned_book
from reports.views.board_query import board_period, board_place, board_unit

# State → tone and icon of its badge; the words stand beside them, so that no state is told by colour alone.
LOOK = {
    "overdue": ("danger", "exclamation-triangle-fill"),
    "late": ("danger", "clock-history"),
    "not_started": ("warn", "dash-circle"),
    "in_progress": ("info", "person-walking"),
    "reported": ("success", "send-check"),
    "zero": ("success", "clipboard-check"),
    "short": ("warn", "exclamation-circle"),
    "left": ("muted", "slash-circle"),
    "free": ("muted", "circle"),
}
# What the tabs above the table show: name → label and which lines.
PARTS = {
    "all": ("全部", lambda line: True),
    "owing": ("应开展", lambda line: line.owes),
    "done": ("已报送", lambda line: line.owes and line.is_done),
    "silent": ("未报送", lambda line: line.is_silent),
    "late": ("逾期", lambda line: line.is_late),
    "zero": ("零报告", lambda line: line.status == "zero"),
}
PLAN_TONES = {PlanState.FILED: "success", PlanState.SUBMITTED: "info", PlanState.RETURNED: "warn"}
IN_ORDER = Order("order", ("plan_id", "order", "id"))


@require_safe
def board(request, code):
    campaign, rules, choices, today = board_place(request, code)
    period, choices, notes = board_period(request, rules, choices)
    found = board_of(request.user, campaign, rules, period=period, today=today)
    part = request.GET.get("part") if request.GET.get("part") in PARTS else "all"
    rows = [_row(campaign, found, line) for line in found.lines if PARTS[part][1](line)]
    context = {
        "campaign": campaign, "rules": rules, "board": found, "rows": rows, "notes": notes, "today": today,
        "choices": choices, "tabs": _tabs(request, found, part), "part": part,
        "with_minimum": rules.cadence.minimum and any(line.minimum for line in found.lines),
        "export_url": f"{reverse('board_export', args=[code])}?{urlencode({'period': period.code})}",
    }  # fmt: skip
    return render(request, "reports/board/board.html", context)


@require_safe
def board_plans(request, code):
    campaign, rules, choices, _ = board_place(request, code)
    period, _, notes = board_period(request, rules, choices)
    unit, unit_notes = board_unit(request, campaign, rules)
    figure = _figure(request)
    found = {
        name: plan_progress.planned_rows(request.user, campaign, rules, period, name, unit and unit.id)
        for name in plan_progress.FIGURES
    }
    page = paginate(found[figure], order=IN_ORDER, params=request.GET, read=plan_progress.list_rows)
    context = {
        "campaign": campaign, "period": period, "unit": unit, "page": page, "notes": notes + unit_notes + page.notes,
        "rows": [row | {"mode_label": mode_label(rules, row["mode"])} for row in page.rows],
        "tabs": [
            {"label": label, "url": link(request.GET, figure=name), "active": name == figure,
             "count": found[name].count()}
            for name, label in plan_progress.FIGURES.items()
        ],
        "board_url": f"{reverse('board', args=[code])}?{urlencode({'period': period.code})}",
        "export_url": reverse("board_plans_export", args=[code]) + link(request.GET),
    }  # fmt: skip
    return render(request, "reports/board/plans.html", context)


@require_safe
def board_plans_export(request, code):
    campaign, rules, choices, today = board_place(request, code)
    period, unit = board_period(request, rules, choices)[0], board_unit(request, campaign, rules)[0]
    figure = _figure(request)
    rows = plan_progress.planned_rows(request.user, campaign, rules, period, figure, unit and unit.id)
    what = "，".join(part for part in (period.label, unit.name if unit else "", plan_progress.FIGURES[figure]) if part)
    to = {"actor": request.user, "today": today, "place": campaign.region.name}
    return as_file(write_book(planned_book(rules), rows.order_by(*IN_ORDER.by()), what=what, **to))


def _figure(request) -> str:
    asked = request.GET.get("figure")
    return asked if asked in plan_progress.FIGURES else plan_progress.PLANNED


@require_safe
def board_export(request, code):
    campaign, rules, choices, today = board_place(request, code)
    found = board_of(request.user, campaign, rules, period=board_period(request, rules, choices)[0], today=today)
    file, name = board_workbook(campaign, found, rules, actor=request.user, today=today)
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


def _tabs(request, found: Board, current: str) -> list[dict]:
    return [
        {
            "label": label,
            "url": link(request.GET, part=name),
            "active": name == current,
            "count": sum(1 for line in found.lines if which(line)),
        }
        for name, (label, which) in PARTS.items()
    ]


def _row(campaign, found: Board, line: BoardLine) -> dict:
    place = {"period": found.period.code, "department": line.unit.id}
    walks, plans = (reverse(name, args=[campaign.code]) for name in ("board_walks", "board_plans"))
    urls = {figure: f"{walks}?{urlencode(place | {'figure': figure})}" for figure in FIGURES}
    urls |= {figure: f"{plans}?{urlencode(place | {'figure': figure})}" for figure in plan_progress.FIGURES}
    tone, icon = LOOK[line.status]
    return {
        "line": line,
        "urls": urls,
        "tone": tone,
        "icon": icon,
        "label": STATES[line.status],
        "lacks": "、".join(ActivityKind(kind).label for kind in line.lacks),
        "minimum_words": f"{line.fulfilled}／{line.minimum} 次",
        "walkers": [one.words for one in line.walkers],
        "plan_tone": line.plan and ("danger" if line.plan.is_late else PLAN_TONES.get(line.plan.state, "muted")),
    }
