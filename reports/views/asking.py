"""What a request for a period asks for: campaign, period, outlook and day of judging, read from the address."""

from dataclasses import dataclass, field, replace
from datetime import date

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.scope import departments_visible_to
from campaigns.domain.queries import campaigns_visible_to
from reports.domain.compile import period_in
from reports.domain.figures import Ask
from reports.domain.queries import Outlook, outlooks
from reports.domain.summary import UNCLASSIFIED
from reports.links import Links


@dataclass(frozen=True)
class Asked:
    """The question, the outlooks to choose from, and notes on what in the address was not understood."""

    ask: Ask
    choices: list[Outlook]
    notes: list[str] = field(default_factory=list)

    @property
    def links(self) -> Links:
        return Links(self.ask)

    @property
    def place(self) -> dict:
        """What every page of a period shows in its head."""
        return {"ask": self.ask, "campaign": self.ask.campaign, "period": self.ask.period, "links": self.links}


def read(request, code: str, period: str) -> Asked:
    """404 for a campaign the person does not see or reads no figures of, and for a code that names no period."""
    campaign = get_object_or_404(campaigns_visible_to(request.user).select_related("region", "office"), code=code)
    choices = outlooks(request.user, [campaign])[campaign.pk]
    if not choices:
        raise Http404
    try:
        asked_period = period_in(campaign, period)
    except ValueError as error:
        raise Http404 from error
    outlook = next((one for one in choices if one.kind == request.GET.get("scope")), choices[0])
    as_of, notes = _day(request.GET.get("as_of", ""))
    return Asked(Ask(campaign, asked_period, as_of, outlook), choices, notes)


def narrow(request, ask: Ask) -> tuple[Ask, list[str]]:
    """The question narrowed to the unit and class that the address names, and their names; 404 for an unseen unit."""
    names = []
    if unit := request.GET.get("unit"):
        if not (unit.isascii() and unit.isdigit() and len(unit) < 18):
            raise Http404
        department = get_object_or_404(departments_visible_to(request.user), pk=unit)
        ask, names = replace(ask, unit_id=department.pk), [department.name]
    if category := request.GET.get("category"):
        ask = replace(ask, category="" if category == UNCLASSIFIED else category)
        names.append(category)
    return ask, names


def _day(text: str) -> tuple[date, list[str]]:
    today = timezone.localdate()
    if not text:
        return today, []
    try:
        return date.fromisoformat(text), []
    except ValueError:
        return today, [f"统计日“{text[:20]}”无法识别，已按今天（{today}）统计。日期应形如 2022-06-22。"]
