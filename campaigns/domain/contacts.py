"""Whose people somebody may call: the units that stand in 工作联络表 (F14)."""

from django.utils import timezone

from accounts.models import User
from campaigns.domain.duty_facts import roster_of
from campaigns.domain.owed import units_seen
from campaigns.domain.rulebook.duties import Unit
from campaigns.domain.versions import rules_of
from campaigns.models import Campaign
from core.exceptions import Refused


def units_to_call(user: User | None, campaign: Campaign, name: str = "") -> list[Unit]:
    """The units bound today whose people the person may call, in the fixed order: every one for office, supervisors
    and the region above (None: the system), for a lead those whose activities it receives, for a unit itself.

    ``name``: of one unit only. Refused in words when there is none.
    """
    rules, today = rules_of(campaign.pk)[1], timezone.localdate()
    seen = roster_of(campaign) if user is None else units_seen(user, campaign, rules)
    units = [unit for unit in seen if unit.is_bound(today, today) and name in ("", unit.name)]
    if not units:
        one = f"单位“{name}”" if name else "可见的单位"
        raise Refused(f"活动名单中没有{one}，或不在可见范围内。", rule="contacts.unit")
    return units
