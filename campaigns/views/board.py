"""The board of a campaign: plan against done, unit by unit; each number opens the walks or the rows it counts."""

from django.http import FileResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from campaigns.domain import planned
from campaigns.domain.board import STATES, Board, Line, board_of
from campaigns.domain.owed import period_choices, units_seen
from campaigns.domain.planrules import mode_label
from campaigns.domain.queries import campaigns_visible_to, rules_of
from campaigns.domain.walkfigures import FIGURES
from campaigns.enums import ActivityKind, PlanState
from campaigns.exports.board import board_workbook
from core.listing import Order, link, paginate
from core.xlsx import CONTENT_TYPE

# State → tone and icon of its badge; the words stand beside them, so that no state is told by colour alone.
LOOK = {
    "overdue": ("danger", "exclamation-triangle-fill"),
    "late": ("danger", "clock-history"),
    "not_started": ("warn", "dash-circle"),
    "in_progress": ("info", "person-walking"),
    "reported": ("success", "send-check"),
    "zero": ("success", "clipboard-check"),
    "left": ("muted", "slash-circle"),
    "free": ("muted", "circle"),
}
# What the tabs above the table show: name → label and which lines.
PARTS = {
    "all": ("全部", lambda line: True),
    "owing": ("应开展", lambda line: line.owes),
    "done": ("已报送", lambda line: line.owes and line.reported),
    "silent": ("未报送", lambda line: line.owes and not line.reported),
    "late": ("逾期", lambda line: line.is_late),
    "zero": ("零报告", lambda line: line.status == "zero"),
}
PLAN_TONES = {PlanState.FILED: "success", PlanState.SUBMITTED: "info", PlanState.RETURNED: "warn"}
IN_ORDER = Order("order", ("plan_id", "order", "id"))


@require_safe
def board(request, code):
    campaign, rules, choices, today = _place(request, code)
    period, notes = _period(request, choices)
    found = board_of(request.user, campaign, rules, period=period, today=today)
    part = request.GET.get("part") if request.GET.get("part") in PARTS else "all"
    rows = [_row(campaign, found, line) for line in found.lines if PARTS[part][1](line)]
    context = {
        "campaign": campaign, "rules": rules, "board": found, "rows": rows, "notes": notes, "today": today,
        "choices": choices, "tabs": _tabs(request, found, part), "part": part,
        "with_minimum": rules.cadence.minimum and any(line.minimum for line in found.lines),
        "export_url": f"{reverse('board_export', args=[code])}?{urlencode({'period': period.code})}",
    }  # fmt: skip
    return render(request, "campaigns/board.html", context)


@require_safe
def board_plans(request, code):
    campaign, rules, choices, _ = _place(request, code)
    period, notes = _period(request, choices)
    unit, unit_notes = _unit(request, units_seen(request.user, campaign, rules))
    figure = request.GET.get("figure") if request.GET.get("figure") in planned.FIGURES else planned.PLANNED
    found = {
        name: planned.planned_rows(request.user, campaign, rules, period, name, unit and unit.id)
        for name in planned.FIGURES
    }
    page = paginate(found[figure], order=IN_ORDER, params=request.GET, read=planned.list_rows)
    context = {
        "campaign": campaign, "period": period, "unit": unit, "page": page, "notes": notes + unit_notes + page.notes,
        "rows": [row | {"mode_label": mode_label(rules, row["mode"])} for row in page.rows],
        "tabs": [
            {"label": label, "url": link(request.GET, figure=name), "active": name == figure,
             "count": found[name].count()}
            for name, label in planned.FIGURES.items()
        ],
        "board_url": f"{reverse('board', args=[code])}?{urlencode({'period': period.code})}",
    }  # fmt: skip
    return render(request, "campaigns/board_plans.html", context)


@require_safe
def board_export(request, code):
    campaign, rules, choices, today = _place(request, code)
    found = board_of(request.user, campaign, rules, period=_period(request, choices)[0], today=today)
    file, name = board_workbook(campaign, found, rules, actor=request.user, today=today)
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


def _place(request, code) -> tuple:
    """(campaign, its rules of today, the periods to choose from, today)."""
    campaign = get_object_or_404(campaigns_visible_to(request.user).select_related("region"), code=code)
    today = timezone.localdate()
    rules = rules_of(campaign.pk, today)[1]
    return campaign, rules, period_choices(rules, min(today, campaign.ends_on)), today


def _unit(request, units) -> tuple:
    """(the unit asked for or None, notes)."""
    asked = request.GET.get("department", "")
    unit = next((one for one in units if str(one.id) == asked), None)
    return unit, ["没有找到所选单位，已显示您可以查看的全部单位。"] if asked and unit is None else []


def _period(request, choices) -> tuple:
    """(period asked for, or the newest one; notes)."""
    asked = request.GET.get("period", "")
    known = {one.code: one for one in choices}
    notes = [f"期间“{asked[:20]}”不在本活动内，已显示{choices[0].label}。"] if asked and asked not in known else []
    return known.get(asked, choices[0]), notes


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


def _row(campaign, found: Board, line: Line) -> dict:
    place = {"campaign": campaign.code, "period": found.period.code, "department": line.unit.id, "tab": "all"}
    walks = reverse("walks")
    urls = {figure: f"{walks}?{urlencode(place | {'figure': figure})}" for figure in FIGURES}
    plans = reverse("board_plans", args=[campaign.code])
    place = {"period": found.period.code, "department": line.unit.id}
    urls |= {figure: f"{plans}?{urlencode(place | {'figure': figure})}" for figure in planned.FIGURES}
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
