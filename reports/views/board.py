"""The board of a campaign: plan against done, unit by unit; each number opens the walks or the rows it counts."""

from django.db.models import QuerySet
from django.http import FileResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from campaigns.domain.queries import campaigns_visible_to
from campaigns.domain.versions import rules_of
from campaigns.enums import ActivityKind
from core.listing import Order, link, paginate
from core.xlsx import CONTENT_TYPE
from plans.domain.validation import mode_label
from plans.enums import PlanState
from reports.domain.board import plan_progress
from reports.domain.board.board import STATES, Board, BoardLine, board_of
from reports.domain.board.owed import period_choices, units_seen
from reports.domain.board.walk_figures import FIGURES, WALKED, walks_behind
from reports.domain.rowlists import LISTS
from reports.exports.board import board_workbook

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
    return render(request, "reports/board/board.html", context)


@require_safe
def board_plans(request, code):
    campaign, rules, choices, _ = _place(request, code)
    period, notes = _period(request, choices)
    unit, unit_notes = _unit(request, units_seen(request.user, campaign, rules))
    figure = request.GET.get("figure") if request.GET.get("figure") in plan_progress.FIGURES else plan_progress.PLANNED
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
    }  # fmt: skip
    return render(request, "reports/board/plans.html", context)


@require_safe
def board_walks(request, code):
    campaign, rules, choices, _ = _place(request, code)
    period, notes = _period(request, choices)
    unit, unit_notes = _unit(request, units_seen(request.user, campaign, rules))
    figure, figure_notes = _figure(request)
    found = walks_behind(request.user, campaign, period.code, figure, unit_id=unit and unit.id)
    found, item, item_notes = _of_item(request, found)
    listed = LISTS["walks"]
    page = paginate(found, order=listed.order, params=request.GET, read=listed.read)
    context = {
        "campaign": campaign, "period": period, "unit": unit, "item": item, "page": page, "columns": listed.columns,
        "label": FIGURES[figure], "notes": notes + unit_notes + figure_notes + item_notes + page.notes,
        "tabs": [
            {"label": label, "url": link(request.GET, figure=name), "active": name == figure}
            for name, label in FIGURES.items()
        ],
        "board_url": f"{reverse('board', args=[code])}?{urlencode({'period': period.code})}",
    }  # fmt: skip
    return render(request, "reports/board/walks.html", context)


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


def _figure(request) -> tuple:
    """(the figure asked for, or the walks in all; notes)."""
    asked = request.GET.get("figure", WALKED)
    notes = [] if asked in FIGURES else [f"统计项“{asked[:20]}”无法识别，已显示“{FIGURES[WALKED]}”。"]
    return asked if asked in FIGURES else WALKED, notes


def _of_item(request, walks: QuerySet) -> tuple:
    """(those of the item asked for, its name or "", notes)."""
    asked = request.GET.get("item", "")
    if not asked:
        return walks, "", []
    wanted = walks.filter(item_id=int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 18 else None
    name = wanted.values_list("item__name", flat=True).first() if wanted is not None else None
    if name is None:
        return walks, "", ["没有找到所选事项的体验，已显示全部事项。"]
    return wanted, name, []


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
