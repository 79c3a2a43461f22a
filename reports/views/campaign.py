"""One campaign: its rules in words and which version holds, who receives, who is bound."""

from datetime import date

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.enums import DepartmentKind
from campaigns.domain.queries import campaigns_and_drafts
from campaigns.domain.receivers import lines_of
from campaigns.domain.roster import lists_of, roster_rows
from campaigns.domain.setup import checklist, is_being_drafted, version_history
from campaigns.domain.versions import rules_of
from campaigns.enums import CampaignState
from campaigns.models import Campaign
from campaigns.rules import may_compare_units, may_set_up
from core.calendar import missing_year
from reports.domain.board.counts import reported_by_unit
from reports.domain.queries import report_scopes


@require_safe
def campaign(request, code):
    shown = get_object_or_404(campaigns_and_drafts(request.user).select_related("region", "office"), code=code)
    _, rules = rules_of(shown.pk)
    today = timezone.localdate()
    period = rules.period_of(min(max(today, shown.starts_on), shown.ends_on))
    has_begun = today >= shown.starts_on
    compare = has_begun and may_compare_units(request.user, shown)
    shown_periods = [period] if period.kind == "whole" else [period, period.previous()]
    done = reported_by_unit(request.user, shown, shown_periods) if compare else {}
    roster = [_unit(row, *(done.get((row["id"], one.code), 0) for one in shown_periods)) for row in roster_rows(shown)]
    context = {
        "campaign": shown,
        "rules": rules,
        "groups": checklist(rules, []),
        "history": version_history(shown, today),
        "receivers": list(lines_of(shown, rules, today).values()),
        "roster": roster,
        "period": period,
        # A one-off campaign is one period: there is none before it.
        "with_before": period.kind != "whole",
        "compare": compare,
        "has_begun": has_begun,
        "silent": sum(not unit["walks"] and not unit["has_left"] for unit in roster),
    } | _office_part(request.user, shown, today)
    return render(request, "reports/campaign.html", context)


def _office_part(user, campaign: Campaign, today: date) -> dict:
    """What only an office that runs campaigns here, or who reads figures, is offered."""
    mine = may_set_up(user, campaign)
    drafting = mine and is_being_drafted(campaign)
    reads = bool(report_scopes(user, [campaign])[campaign.pk])
    return {
        "may_set_up": mine,
        "reads_figures": reads,
        "with_submissions": reads and today >= campaign.starts_on,
        "is_drafting": drafting,
        "is_new": campaign.state == CampaignState.DRAFT,
        "missing_year": missing_year(today) if mine else None,
    }


def _unit(row: dict, walks: int, walks_before: int = 0) -> dict:
    return {
        "name": row["name"],
        "kind": DepartmentKind(row["kind"]).label,
        "lists": lists_of(row),
        "has_left": row["has_left"],
        "left_on": row["left_on"],
        "walks": walks,
        "walks_before": walks_before,
    }
