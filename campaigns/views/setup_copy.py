"""建立下一期活动: name, code and days of a copy, filled in beforehand."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from campaigns.domain.copying import CampaignCopy, copy, next_days
from campaigns.domain.setup import proposed_code, working_version
from campaigns.domain.states import ensure_open
from campaigns.forms.setup import CopyForm
from campaigns.models import Campaign
from campaigns.views.setup import campaign_to_set_up
from core.forms import is_repeat, refusals


@require_http_methods(["GET", "POST"])
def campaign_copy(request, code):
    source = campaign_to_set_up(request, code)
    ensure_open(source, "copy", request.user)
    if is_repeat(request):
        return redirect("campaigns")
    form = _form(request, source)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            made, left_out = _copy(request.user, source, form)
            messages.success(request, "下一期活动已建立。请核对规则、参与单位和接收单位，没有矛盾即可印发。")
            if left_out:
                messages.warning(request, f"没有带入：{'；'.join(left_out)}。")
            return redirect("campaign_setup", made)
    context = {"campaign": source, "form": form, "rules": working_version(source)[1]}
    return render(request, "campaigns/setup/copy.html", context, status=form.status)


def _form(request, source: Campaign) -> CopyForm:
    start, end = next_days(source, timezone.localdate())
    initial = {
        "name": source.name,
        "code": proposed_code(request.user, source.region, start),
        "start": start,
        "end": end,
    }
    return CopyForm(request.POST if request.method == "POST" else None, initial=initial)


def _copy(user, source: Campaign, form: CopyForm) -> tuple[str, tuple[str, ...]]:
    """(code of the copy, what did not come along; nothing for a press that is repeated)."""
    made: list[CampaignCopy] = []
    head = {name: form.cleaned_data[name] for name in ("code", "name", "start", "end")}

    def act() -> str:
        made.append(copy(source=source, actor=user, **head))
        return made[0].campaign.code

    code, _ = form.once(user, f"campaign.copy:{source.pk}", act)
    return code, made[0].left_out if made else ()
