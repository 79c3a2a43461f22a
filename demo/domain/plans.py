"""Plans of the demonstration, one in each state, made through the product's own functions."""

from datetime import date, datetime

from django.utils import timezone

from accounts.models import User
from campaigns.models import Campaign
from catalogue.models import ServiceItem
from demo.domain.scenario import Cast
from plans.domain import lifecycle as plan_lifecycle
from plans.domain.rows import RowDraft
from plans.models import Plan

UNIT, LIAISON, PRINCIPAL, DEPUTY, LEAD = "县民政局", "lianluo", "juzhang", "fujuzhang", "qiantou"
MONTHS = (6, 7, 8, 9)
PLACE, QUESTIONS = "县政务服务大厅", "一次性告知是否到位；材料能否免提交、免重复提交"


def seed_plans(campaign: Campaign, cast: Cast) -> None:
    """June filed, July handed in, August returned, September still a draft without its day."""
    unit, lead = cast.units[UNIT], cast.by_username[LEAD]
    items = [item for item in cast.items.values() if item.department_id == unit.pk][:2]
    for month in MONTHS:
        at = timezone.make_aware(datetime(2022, month, 2, 9, 20))
        plan = plan_lifecycle.open_plan(
            actor=cast.by_username[LIAISON],
            campaign=campaign,
            department_id=unit.pk,
            period=f"2022-{month:02d}",
            now=at,
        )
        rows = [_row(cast, item, place, None if month == MONTHS[-1] else month) for place, item in enumerate(items)]
        plan_lifecycle.save_rows(plan=plan, actor=cast.by_username[LIAISON], version=plan.version, rows=rows, now=at)
        _drive(plan, month, cast.by_username[LIAISON], lead, at)


def _row(cast: Cast, item: ServiceItem, place: int, month: int | None) -> RowDraft:
    delegated = place > 0 and not item.must_walk_in_person
    return RowDraft(
        item_id=item.pk,
        mode="online" if place else "in_person",
        walker_id=cast.by_username[DEPUTY if delegated else PRINCIPAL].pk,
        delegation_reason="many_items" if delegated else "",
        planned_on=date(2022, month, 14 + place) if month else None,
        place="政务服务网" if place else PLACE,
        questions=QUESTIONS,
    )


def _drive(plan: Plan, month: int, liaison: User, lead: User, at: datetime) -> None:
    if month == MONTHS[-1]:
        return
    plan_lifecycle.perform(plan=plan, action="submit", actor=liaison, now=at)
    if month == MONTHS[0]:
        plan_lifecycle.perform(plan=plan, action="file", actor=lead, now=at)
    elif month == MONTHS[2]:
        plan_lifecycle.perform(
            plan=plan, action="return", actor=lead, note="请写明每项体验的具体日期和关注的环节。", now=at
        )
