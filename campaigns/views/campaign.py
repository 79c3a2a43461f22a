"""One campaign: its rules in words, who receives, who is bound."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.enums import DepartmentKind
from campaigns.domain.overview import may_compare_units, receivers_of, reported_by_unit, roster_rows
from campaigns.domain.queries import campaigns_visible_to, rules_of
from campaigns.domain.wording import clauses

LISTS = (("is_approval", "审批服务"), ("is_enforcement", "行政执法"), ("is_utility", "公共服务企业"))


@require_safe
def campaign(request, code):
    shown = get_object_or_404(campaigns_visible_to(request.user).select_related("region", "office"), code=code)
    _, rules = rules_of(shown.pk)
    period = rules.period_of(min(max(timezone.localdate(), shown.starts_on), shown.ends_on))
    compare = may_compare_units(request.user, shown)
    codes = [period.code] if period.kind == "whole" else [period.code, period.previous().code]
    done = reported_by_unit(request.user, shown, codes) if compare else {}
    roster = [_unit(row, *(done.get((row["id"], code), 0) for code in codes)) for row in roster_rows(shown)]
    context = {
        "campaign": shown,
        "rules": rules,
        "clauses": clauses(rules),
        "receivers": receivers_of(shown),
        "roster": roster,
        "period": period,
        "compare": compare,
        "silent": sum(not unit["walks"] for unit in roster),
    }
    return render(request, "campaigns/campaign.html", context)


def _unit(row: dict, walks: int, walks_before: int) -> dict:
    return {
        "name": row["name"],
        "kind": DepartmentKind(row["kind"]).label,
        "lists": [label for name, label in LISTS if row[name]],
        "walks": walks,
        "walks_before": walks_before,
    }
