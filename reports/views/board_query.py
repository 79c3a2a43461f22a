"""What a request for the board asks for: campaign, period and unit, read from the address."""

from django.shortcuts import get_object_or_404
from django.utils import timezone

from campaigns.domain.owed import period_choices, units_seen
from campaigns.domain.queries import campaigns_visible_to
from campaigns.domain.versions import rules_of


def board_place(request, code) -> tuple:
    """(campaign, its rules of today, the periods to choose from, today)."""
    campaign = get_object_or_404(campaigns_visible_to(request.user).select_related("region"), code=code)
    today = timezone.localdate()
    rules = rules_of(campaign.pk, today)[1]
    return campaign, rules, period_choices(rules, min(today, campaign.ends_on)), today


def board_period(request, rules, choices) -> tuple:
    """(period asked for, or the newest one; the periods to choose from with it; notes)."""
    asked = request.GET.get("period", "")
    if not asked:
        return choices[0], choices, []
    try:
        period = rules.period(asked)
    except ValueError as error:
        return choices[0], choices, [f"{error}已显示{choices[0].label}。"]
    # The newest of the own periods has begun, or is the first: nothing later is owed or counted yet.
    if period.starts_on > max(timezone.localdate(), rules.starts_on):
        return choices[0], choices, [f"{period.label}还没有开始，已显示{choices[0].label}。"]
    return period, choices if period in choices else [period, *choices], []


def board_unit(request, campaign, rules) -> tuple:
    """(the unit asked for or None, notes)."""
    asked = request.GET.get("department", "")
    units = units_seen(request.user, campaign, rules)
    unit = next((one for one in units if str(one.id) == asked), None)
    return unit, ["没有找到所选单位，已显示您可以查看的全部单位。"] if asked and unit is None else []
