"""Which units the campaign binds."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.enums import DepartmentKind
from campaigns.domain.roster import lists_of, roster_rows, set_roster, units_to_enrol
from campaigns.forms.setup import RosterForm
from campaigns.models import Campaign
from campaigns.views.setup import campaign_to_set_up
from core.forms import is_repeat, refusals


@require_http_methods(["GET", "POST"])
def campaign_roster(request, code):
    campaign = campaign_to_set_up(request, code)
    if is_repeat(request):
        return redirect("campaign_setup", code)
    form = RosterForm(request.POST if request.method == "POST" else None, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            messages.success(request, _save(request.user, campaign, form))
            return redirect("campaign_setup", code)
    context = {"campaign": campaign, "form": form} | _units(request, campaign, form)
    return render(request, "campaigns/setup/roster.html", context, status=form.status)


def _units(request, campaign: Campaign, form: RosterForm) -> dict:
    """Every unit that may stand on the roster, and locked in their places those that stood on it and are no more."""
    rows = {row["id"]: row for row in roster_rows(campaign)}
    listed = {pk for pk, row in rows.items() if not row["has_left"]}
    preset = {"all": None, "none": set()}.get(request.GET.get("select", ""), listed)
    ticked = set(form.data.getlist("units")) if form.is_bound else None
    fields = ("id", "name", "kind", "order", "is_approval", "is_enforcement", "is_utility", "leads_bundle")
    units = []
    for row in units_to_enrol(campaign.region).values(*fields):
        chosen = str(row["id"]) in ticked if ticked is not None else preset is None or row["id"] in preset
        left = rows.get(row["id"], {}).get("left_on")
        units.append(_shown(row) | {"ticked": chosen, "is_locked": False, "left_on": left})
    offered = {unit["id"] for unit in units}
    gone = [
        _shown(row) | {"is_locked": True, "left_on": row["left_on"]} for pk, row in rows.items() if pk not in offered
    ]
    return {
        "units": sorted([*units, *gone], key=lambda unit: (unit["order"], unit["id"])),
        "offered": len(units),
        "chosen": sum(unit["ticked"] for unit in units),
    }


def _shown(row: dict) -> dict:
    return {
        "id": row["id"],
        "order": row["order"],
        "name": row["name"],
        "kind": DepartmentKind(row["kind"]).label,
        "lists": lists_of(row),
    }


def _save(user, campaign: Campaign, form: RosterForm) -> str:
    said = ["名单已经保存过了。"]

    def act() -> str:
        asked = {"unit_ids": form.unit_ids, "seen": form.cleaned_data["seen"], "today": timezone.localdate()}
        joined, left = set_roster(campaign=campaign, actor=user, **asked)
        said[0] = f"参与单位已保存：列入 {joined} 个，退出 {left} 个。" if joined or left else "参与单位没有变化。"
        return campaign.code

    form.once(user, f"campaign.roster:{campaign.pk}", act)
    return said[0]
