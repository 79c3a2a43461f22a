"""One campaign in three pages: what stands now, the units bound, and the rules with who receives."""

from datetime import date

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.enums import DepartmentKind
from campaigns.domain.queries import campaigns_and_drafts
from campaigns.domain.receivers import lines_of
from campaigns.domain.roster import lists_of, roster_rows
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.domain.setup import checklist, is_being_drafted, version_history
from campaigns.domain.states import available
from campaigns.domain.unstaffed import lacks_of
from campaigns.domain.versions import rules_of
from campaigns.enums import CampaignState
from campaigns.models import Campaign
from campaigns.rules import may_compare_units, may_set_up
from core.calendar import missing_year
from core.periods import Period
from issues.domain.carried import carried_over
from reports.domain.board.counts import REPORTED, reported_by_unit
from reports.domain.present import period_at_hand, present_of, published_versions
from reports.domain.queries import report_scopes
from reports.views.campaign_now import choices_of, dates_shown, missing_groups, next_steps, to_publish

# {action of the state machine: its page, what stands in the address behind the code, icon}.
STEP_PAGES = {
    "summarise": (("campaign_finish", ("summarise",), "flag-fill"),),
    "archive": (("campaign_finish", ("archive",), "archive"),),
    "copy": (("campaign_copy", (), "files"),),
}
TABS = (("campaign", "本期"), ("campaign_units", "参与单位"), ("campaign_clauses", "规则"))


@require_safe
def campaign(request, code):
    shown, rules, today = _asked(request, code)
    context = _head(request, shown, rules, today)
    if shown.state == CampaignState.DRAFT:
        return render(request, "reports/campaign/now.html", context)
    published = published_versions(shown)
    period, choices = period_at_hand(shown, rules, published, today=today)
    wanted = request.GET.get("period", "")
    period = next((one for one in choices if one.code == wanted), period)
    found = present_of(request.user, shown, rules, period, today=today)
    reads = context["reads_figures"]
    context |= {
        "period": period,
        "choices": choices_of(choices, period),
        "note": f"“{wanted[:20]}”不是正在办理的一期，已显示{period.label}。" if wanted not in ("", period.code) else "",
        "dates": dates_shown(shown, found, reads, published.get(period.code)),
        "steps": next_steps(request.user, shown, found, to_publish(choices, published, today)),
        "missing": missing_groups(shown, found, reads),
    }
    return render(request, "reports/campaign/now.html", context)


@require_safe
def campaign_units(request, code):
    shown, rules, today = _asked(request, code)
    period = rules.period_of(min(max(today, shown.starts_on), shown.ends_on))
    # A one-off campaign is one period: there is none before it.
    periods = [period] if period.kind == "whole" else [period, period.previous()]
    compare = today >= shown.starts_on and may_compare_units(request.user, shown)
    done = reported_by_unit(request.user, shown, periods) if compare else {}
    lacks = lacks_of(shown.pk) if may_set_up(request.user, shown) else {}
    roster = [_unit(shown, row, periods, done) | {"lacks": lacks.get(row["id"], "")} for row in roster_rows(shown)]
    context = _head(request, shown, rules, today) | {
        "roster": roster,
        "period": period,
        "periods": periods,
        "compare": compare,
    }
    return render(request, "reports/campaign/units.html", context)


@require_safe
def campaign_clauses(request, code):
    shown, rules, today = _asked(request, code)
    context = _head(request, shown, rules, today) | {
        "groups": checklist(rules, []),
        "history": version_history(shown, today),
        "receivers": list(lines_of(shown, rules, today).values()),
    }
    return render(request, "reports/campaign/rules.html", context)


def _asked(request, code: str) -> tuple[Campaign, Rulebook, date]:
    """(the campaign, its rules of today, today); 404 for one the person does not see."""
    shown = get_object_or_404(campaigns_and_drafts(request.user).select_related("region", "office"), code=code)
    return shown, rules_of(shown.pk)[1], timezone.localdate()


def _head(request, shown: Campaign, rules: Rulebook, today: date) -> dict:
    """What all three pages show: their head and tabs, and what only an office that runs campaigns here is offered."""
    mine = may_set_up(request.user, shown)
    here = request.resolver_match.url_name
    return {
        "campaign": shown,
        "rules": rules,
        "period": rules.period_of(min(max(today, shown.starts_on), shown.ends_on)),
        "tabs": [
            {"label": label, "url": reverse(name, args=[shown.code]), "active": name == here} for name, label in TABS
        ],
        "has_begun": today >= shown.starts_on,
        "may_set_up": mine,
        "reads_figures": bool(report_scopes(request.user, [shown])[shown.pk]),
        "is_drafting": mine and is_being_drafted(shown),
        "is_new": shown.state == CampaignState.DRAFT,
        "missing_year": missing_year(today) if mine else None,
        "state_steps": _state_steps(request.user, shown),
        "carried": carried_over(request.user, shown).count() if shown.follows_id else 0,
    }


def _state_steps(user, shown: Campaign) -> list[dict]:
    """What the person can do with the campaign as a whole: {"label", "url", "icon"}."""
    return [
        {"label": row.label, "icon": icon, "url": reverse(name, args=[shown.code, *more])}
        for action, row in available(user, shown).items()
        for name, more, icon in STEP_PAGES.get(action, ())
    ]


def _unit(shown: Campaign, row: dict, periods: list[Period], done: dict) -> dict:
    """A line of the roster; ``counts``: walks reported in each period, with the address of the list they open."""
    walks = reverse("board_walks", args=[shown.code])
    asked = [{"period": one.code, "department": row["id"], "figure": REPORTED} for one in periods]
    return {
        "name": row["name"],
        "kind": DepartmentKind(row["kind"]).label,
        "lists": lists_of(row),
        "has_left": row["has_left"],
        "counts": [
            {"walks": done.get((row["id"], one["period"]), 0), "url": f"{walks}?{urlencode(one)}"} for one in asked
        ],
    }
