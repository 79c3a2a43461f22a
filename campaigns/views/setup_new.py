"""Drafting a campaign: choose a notice, then name and days, both filled in beforehand."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from campaigns.domain.lifecycle import NAME_LIMIT, draft
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.domain.rulebook.wording import NOTICES, summary
from campaigns.domain.setup import offices_of, proposed_code, proposed_days, templates
from campaigns.forms.setup import DraftForm
from campaigns.rules import may_draft
from core.exceptions import NotAllowed
from core.forms import refusals


@require_http_methods(["GET", "POST"])
def campaign_new(request):
    if not may_draft(request.user):
        raise NotAllowed("活动由统筹办建立，您没有此项权限。", rule="permission")
    name, known = request.GET.get("template", ""), dict(templates())
    if not name and request.method == "GET":
        return render(request, "campaigns/setup/templates.html", {"cards": [_card(*one) for one in known.items()]})
    if name not in known:
        raise Http404
    form = _form(request, known[name])
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            code, is_new = _draft(request.user, name, form)
            messages.success(request, "活动已建立。请核对规则，没有矛盾即可印发。" if is_new else "活动已经建立过了。")
            return redirect("campaign_setup", code)
    context = {"form": form, "card": _card(name, known[name])}
    return render(request, "campaigns/setup/new.html", context, status=form.status)


def _card(name: str, rules: Rulebook) -> dict:
    return {
        "name": name,
        "title": rules.title,
        "notice": NOTICES[rules.notice],
        "summary": summary(rules),
    }


def _form(request, rules: Rulebook) -> DraftForm:
    offices, today = offices_of(request.user), timezone.localdate()
    start, end = proposed_days(rules, today)
    region = offices[0].region
    initial = {
        "name": f"{region.name}{rules.title}"[:NAME_LIMIT],
        "code": proposed_code(request.user, region, today),
        "start": start,
        "end": end,
    }
    return DraftForm(request.POST if request.method == "POST" else None, offices=offices, initial=initial)


def _draft(user, template: str, form: DraftForm) -> tuple[str, bool]:
    given = form.cleaned_data
    head = {name: given[name] for name in ("code", "name", "document_number", "document_dated_on", "start", "end")}
    return form.once(
        user,
        f"campaign.draft:{template}",
        lambda: draft(template=template, office=form.chosen_office(), actor=user, **head).code,
    )
