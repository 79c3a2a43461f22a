"""撤销 of a unit as far as campaigns are concerned: which of them must be put in order first."""

from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.domain import abolition
from accounts.enums import Role
from accounts.models import Department, Membership, User
from accounts.scope import in_force
from campaigns.domain.receivers import not_over
from campaigns.enums import OPEN_CAMPAIGNS, ActivityKind
from campaigns.models import Campaign, Receiver
from core.exceptions import Refused
from core.text import quoted


def needed_for(unit: Department, *, today: date) -> list[str]:
    """What keeps the unit from being abolished, a sentence for each campaign that has not ended and what to do first.

    It coordinates the campaign and no other unit of the region has an office at work, or it receives walks.
    """
    running = Campaign.objects.filter(state__in=OPEN_CAMPAIGNS, ends_on__gte=today).order_by("code")
    said = []
    if not _other_offices(unit).exists():
        said = [
            f"{quoted(campaign.name)}（{campaign.code}）由该单位统筹。请先导入接替的统筹单位和统筹办人员，或待活动结束（{campaign.ends_on}）后办理。"
            for campaign in running.filter(office=unit)
        ]
    kinds: dict[tuple[str, str], dict[str, None]] = {}
    paths = Receiver.objects.filter(not_over(today), Q(department=unit) | Q(then=unit), campaign__in=running)
    paths = paths.exclude(campaign__office=unit)
    names = ("campaign__code", "campaign__name", "activity_kind")
    for code, name, kind in paths.order_by("campaign__code", "id").values_list(*names):
        kinds.setdefault((code, name), {})[ActivityKind(kind).label] = None
    return said + [
        f"{quoted(name)}（{code}）的{'、'.join(labels)}由该单位接收。请统筹办先在“接收单位”改为其他单位。"
        for (code, name), labels in kinds.items()
    ]


@transaction.atomic
def abolish(*, unit: Department, on: date, document: str, actor: User, today: date) -> None:
    """``accounts.domain.abolition.abolish``, refused in words while a campaign needs the unit.

    It owes nothing that falls due on or after ``on``, at once; the day is written into the rosters of open campaigns
    the next morning (``campaigns.domain.daily``).
    """
    if needed := needed_for(unit, today=today):
        raise Refused("".join(needed), rule="unit.needed")
    abolition.abolish(unit=unit, on=on, document=document, actor=actor, today=today)


def _other_offices(unit: Department) -> QuerySet[Membership]:
    """People who act as the office of that region from another unit."""
    rows = Membership.objects.filter(in_force(), role=Role.OFFICE, user__is_active=True, department__is_active=True)
    return rows.filter(department__region_id=unit.region_id).exclude(department_id=unit.pk)
