"""The due dates of the coming year: what the drafted rules give, or what was published."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from campaigns.domain.deadlines import approve, deadline_gone, keep
from campaigns.domain.preview import deadline_of, published, shares, upcoming
from campaigns.domain.queries import campaigns_and_drafts
from campaigns.domain.rulebook.wording import obligations
from campaigns.domain.setup import hints_of, working_version
from campaigns.domain.versions import rules_of
from campaigns.forms.setup import ProposalForm
from campaigns.rules import may_set_up
from campaigns.views.setup import campaign_to_set_up, marked
from core.exceptions import Refused

SAID = {"approve": (approve, "已批准，新的期限即时生效。"), "keep": (keep, "已维持原期限。")}


@require_safe
def campaign_preview(request, code):
    campaign = get_object_or_404(campaigns_and_drafts(request.user).select_related("region", "office"), code=code)
    mine = may_set_up(request.user, campaign)
    version, rules = working_version(campaign) if mine else rules_of(campaign.pk)
    found, is_drafting = shares(campaign, rules), version.issued_at is None
    asked = {"today": timezone.localdate(), "whole": request.GET.get("all") == "1"}
    lines = (upcoming if is_drafting else published)(campaign, found, **asked)
    context = {"campaign": campaign, "version": version, "is_drafting": is_drafting, "shares": found, "lines": lines}
    context |= {"whole": asked["whole"], "provisional": any(line.is_provisional for line in lines)}
    context |= {"hints": marked(campaign, hints_of(campaign, rules)) if is_drafting else [], "rules": rules}
    context |= {"mine": mine, "obligations": obligations(rules)}
    context |= {"proposals": mine and any(line.proposed_on for line in lines), "form": ProposalForm(auto_id=False)}
    return render(request, "campaigns/setup/preview.html", context)


@require_POST
def campaign_deadline(request, code, pk):
    campaign = campaign_to_set_up(request, code)
    deadline = deadline_of(campaign, pk).first()
    if deadline is None:
        raise deadline_gone(campaign, pk) or Http404
    form = ProposalForm(request.POST)
    if not form.is_valid():
        raise Refused(next(iter(form.errors.values()))[0], rule="deadline.answer")
    answer, said = SAID[form.cleaned_data["answer"]]

    def act() -> str:
        answer(deadline=deadline, actor=request.user, seen=form.dates)
        return str(pk)

    form.once(request.user, f"deadline:{pk}", act)
    messages.success(request, said)
    return redirect("campaign_preview", code)
