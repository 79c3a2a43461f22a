"""The board of a campaign: plan against done, unit by unit; each number opens the walks or the plan it counts."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from campaigns.domain.board import STATES, Board, Line, board_of, period_choices
from campaigns.domain.queries import campaigns_visible_to, rules_of
from campaigns.domain.walkfigures import BY_PRINCIPAL, LATE, REPORTED, SHORT, WALKED, ZERO
from campaigns.enums import Capacity
from core.listing import link

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
    "late": ("逾期", lambda line: line.status in ("late", "overdue")),
    "zero": ("零报告", lambda line: line.status == "zero"),
}
FIGURES = (WALKED, BY_PRINCIPAL, SHORT, REPORTED, LATE, ZERO)


@require_safe
def board(request, code):
    campaign = get_object_or_404(campaigns_visible_to(request.user).select_related("region"), code=code)
    today = timezone.localdate()
    _, rules = rules_of(campaign.pk, today)
    choices = period_choices(rules, min(today, campaign.ends_on))
    period, notes = _period(request, choices)
    found = board_of(request.user, campaign, rules, period=period, today=today)
    part = request.GET.get("part") if request.GET.get("part") in PARTS else "all"
    rows = [_row(campaign, found, line) for line in found.lines if PARTS[part][1](line)]
    context = {
        "campaign": campaign, "rules": rules, "board": found, "rows": rows, "notes": notes, "today": today,
        "choices": choices, "tabs": _tabs(request, found, part), "part": part,
        "with_minimum": rules.cadence.minimum and any(line.minimum for line in found.lines),
    }  # fmt: skip
    return render(request, "campaigns/board.html", context)


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
    urls["planned"] = (
        f"{reverse('plans')}?{urlencode({'campaign': campaign.pk, 'department': line.unit.id, 'tab': 'filed'})}"
    )
    tone, icon = LOOK[line.status]
    return {
        "line": line,
        "urls": urls,
        "tone": tone,
        "icon": icon,
        "label": STATES[line.status],
        "minimum_words": f"{line.fulfilled}／{line.minimum} 次",
        "walkers": [_walker(one) for one in line.walkers],
    }


def _walker(one) -> str:
    delegated = {Capacity.DEPUTY: "委托", Capacity.OTHER: "其他人员"}.get(one.capacity, "")
    words = [word for word in (delegated, f"{one.times}次" if one.times > 1 else "") if word]
    return f"{one.name}（{'，'.join(words)}）" if words else one.name
