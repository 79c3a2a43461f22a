"""What became of the needs met in June 2022: two answered, one of them sent back and answered again; two wait."""

from datetime import datetime

from django.utils import timezone

from accounts.models import User
from campaigns.models import Campaign
from demo.domain.scenario import Cast
from issues.domain.needs import lifecycle
from issues.models import Need

FIRST, AGAIN = "正在研究。", "已采纳，自7月起每周六上午可以预约。"
OTHER = "已采纳，列入本年度系统改造计划，年底前上线。"
RETURN = "没有说明何时办成，请补充"
ANSWERED_AT, RETURNED_AT, AGAIN_AT = datetime(2022, 6, 15, 10), datetime(2022, 6, 16, 10), datetime(2022, 6, 17, 10)


def seed_needs(campaign: Campaign, cast: Cast) -> None:
    """The first two needs of the campaign, in the order noted, by the liaisons of the units that answer them."""
    rows = Need.objects.filter(campaign=campaign, department__isnull=False).select_related(*lifecycle.NAMED)
    for number, need in enumerate(rows.order_by("walk__walk_date", "id")[:2]):
        unit = cast.person(need.department, "liaison")
        words = FIRST if number == 0 else OTHER
        _perform(need, "reply", unit, ANSWERED_AT, {"reply": words})
        if number == 0:
            _perform(need, "return_reply", cast.by_username["tongchou"], RETURNED_AT, {"note": RETURN})
            _perform(need, "reply", unit, AGAIN_AT, {"reply": AGAIN})


def _perform(need: Need, action: str, actor: User, moment: datetime, data: dict) -> None:
    lifecycle.perform(need=need, action=action, actor=actor, data=data, now=timezone.make_aware(moment))
