"""One group of rules: every rule with its source, and the fields that set it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from campaigns.domain.lifecycle import edit_rules, faults
from campaigns.domain.rulebook.wording import GROUPS, clauses
from campaigns.domain.setup import hints_of, working_version
from campaigns.forms.activities import ActivitiesForm
from campaigns.forms.rules import (
    CadenceForm,
    CoverageForm,
    OversightForm,
    PlanningForm,
    RectificationForm,
    ReportingForm,
    RuleForm,
    WalkingForm,
)
from campaigns.forms.scoring import ScoringForm
from campaigns.models import Campaign
from campaigns.views.setup import campaign_to_set_up, require_drafting
from core.forms import is_repeat, refusals

FORMS: dict[str, type[RuleForm]] = {
    form.group: form
    for form in (
        CadenceForm, PlanningForm, WalkingForm, ActivitiesForm, CoverageForm, ReportingForm, RectificationForm,
        OversightForm, ScoringForm,
    )
}  # fmt: skip
LEADS = {
    "cadence": "多久体验一次，到哪天为止。",
    "planning": "要不要先报计划，体验前告不告知，能不能暗访。",
    "walking": "用哪些形式体验，谁可以代为体验，谁可以陪同。",
    "activities": "走流程、坐窗口、跟执法、处投诉，各由哪些单位参与，每次做哪几个环节。",
    "coverage": "哪些事项必须体验到，没有体验到的会逐项列出。",
    "reporting": "各单位多久报送一次、何时报送、报送什么，牵头单位何时汇总。",
    "rectification": "问题怎么分类，由谁验收销号，何时提醒、何时回头看。",
    "oversight": "由谁督导，多久督导检查一次、通报公布一次，对哪些情形通报批评，是否从本系统向社会公开。",
    "scoring": "纳入什么考核，要不要由系统评分，分值怎么分配。",
}


@require_http_methods(["GET", "POST"])
def campaign_rules(request, code, group):
    campaign = campaign_to_set_up(request, code)
    if group not in FORMS:
        raise Http404
    if is_repeat(request):
        return redirect("campaign_setup", code)
    version, rules = working_version(campaign)
    require_drafting(version)
    form = FORMS[group](request.POST if request.method == "POST" else None, rules=rules)
    if request.method == "POST" and form.is_valid() and _save(request.user, campaign, form):
        messages.success(request, f"“{GROUPS[group]}”已保存。")
        return redirect("campaign_setup", code)
    context = {"campaign": campaign, "form": form, "group": group, "label": GROUPS[group], "lead": LEADS[group]}
    context["hints"] = [one.message for one in hints_of(campaign, rules) if one.group == group]
    context["problems"] = [one.message for one in faults(campaign) if one.group == group]
    context["clauses"] = clauses(rules, group)
    return render(request, "campaigns/setup/rules.html", context, status=form.status)


def _save(user, campaign: Campaign, form: RuleForm) -> bool:
    """True when saved; else the form says why, with what was typed."""

    def act() -> str:
        seen = form.cleaned_data["seen"]
        edit_rules(campaign=campaign, group=form.group, values=form.values(), actor=user, seen=seen)
        return campaign.code

    with refusals(form):
        form.once(user, f"campaign.rules:{campaign.pk}:{form.group}", act)
        return True
    return False
