"""A world for plans: a W23 campaign beside the cast's own, with bundles and a receiving lead, in March 2023."""

from datetime import date, datetime

from accounts.domain.memberships import grant_membership
from accounts.enums import Role
from accounts.models import Department, User
from campaigns.domain.lifecycle import create_campaign
from catalogue.models import ItemKind, ServiceItem
from core.text import search_text
from plans.domain import lifecycle
from plans.domain.rows import RowDraft
from plans.models import Plan
from tests.cast import NOON, TZ, Cast, build_cast
from tests.replay import replayed

FIRST_DAY = datetime(2023, 3, 14, 9, 0, tzinfo=TZ)
LATE_MONDAY = datetime(2023, 3, 20, 9, 0, tzinfo=TZ)
BUNDLES = ("新生儿出生一件事", "公民婚育一件事")


def build_planning(
    template: str = "wushen-2023", start: date = date(2023, 3, 14), end: date = date(2023, 4, 15)
) -> Cast:
    """The cast with ``planned`` (the campaign), ``receiving`` (its lead) and ``bundles`` of the unit; every other unit
    leads one too, so that each owes a plan (W23 三). See ``replayed``."""
    return replayed(f"planning {template} {start} {end}", lambda: _build(template, start, end))


def _build(template: str, start: date, end: date) -> Cast:
    cast = build_cast()
    service = Department.objects.create(region=cast.county, name="县政务服务局", order=21)
    cast.people["receiving"] = User.objects.create(username="receiving", name="测试receiving")
    grant_membership(user=cast.receiving, department=service, role=Role.LEAD)
    cast.__dict__["service"] = service
    cast.__dict__["bundles"] = [
        ServiceItem.objects.create(
            department=cast.unit, name=name, kind=ItemKind.BUNDLE, order=order, search_text=search_text(name)
        )
        for order, name in enumerate(BUNDLES, start=1)
    ]
    others = Department.objects.filter(region=cast.county).exclude(pk=cast.unit.pk)
    ServiceItem.objects.bulk_create(
        ServiceItem(department=unit, name=f"{unit.name}牵头一件事", kind=ItemKind.BUNDLE, order=9) for unit in others
    )
    cast.__dict__["planned"], _ = create_campaign(
        template=template,
        code="W23",
        name="一件事一次办行动",
        region_name="青禾县",
        region=cast.county,
        start=start,
        end=end,
    )
    return cast


def row(cast: Cast, item=None, **changes) -> RowDraft:
    """A row the W23 rules accept."""
    values = {
        "item_id": (item or cast.bundles[0]).pk,
        "mode": "in_person",
        "walker_id": cast.principal.pk,
        "planned_on": date(2023, 3, 28),
        "place": "县政务大厅",
        "companions": {"business": 1, "technical": 1},
        "questions": "材料能否免提交",
    }
    return RowDraft(**(values | changes))


def draft_plan(cast: Cast, rows=None, *, now=FIRST_DAY):
    """The unit's draft, with a row for each bundle unless other ``rows`` are given."""
    plan = lifecycle.open_plan(
        actor=cast.liaison, campaign=cast.planned, department_id=cast.unit.pk, period="all", now=now
    )
    rows = [row(cast, item) for item in cast.bundles] if rows is None else rows
    lifecycle.save_rows(plan=plan, actor=cast.liaison, version=plan.version, rows=rows, now=now)
    return plan


def monthly_plan(cast: Cast) -> Plan:
    """A complete draft of the unit for June 2022 in the cast's own campaign."""
    plan = lifecycle.open_plan(
        actor=cast.liaison, campaign=cast.campaign, department_id=cast.unit.pk, period="2022-06", now=NOON
    )
    lifecycle.save_rows(plan=plan, actor=cast.liaison, version=plan.version, rows=monthly_rows(cast), now=NOON)
    return plan


def monthly_rows(cast: Cast) -> list[RowDraft]:
    """What a complete plan of the cast's own campaign holds."""
    return [row(cast, cast.item, planned_on=NOON.date(), companions={})]


def plan_in(cast: Cast, state: str, *, now=FIRST_DAY):
    """A complete plan driven to ``state`` by the real functions."""
    plan = draft_plan(cast, now=now)
    if state != "draft":
        lifecycle.perform(plan=plan, action="submit", actor=cast.liaison, now=now)
    if state in ("filed", "superseded", "discarded"):
        lifecycle.perform(plan=plan, action="file", actor=cast.receiving, now=now)
    if state == "returned":
        lifecycle.perform(plan=plan, action="return", actor=cast.receiving, note="时间写具体些", now=now)
    if state in ("superseded", "discarded"):
        draft = lifecycle.perform(plan=plan, action="adjust", actor=cast.liaison, note="窗口停办", now=now)
        if state == "discarded":
            plan = draft
            lifecycle.perform(plan=draft, action="discard", actor=cast.liaison, now=now)
        else:
            lifecycle.perform(plan=draft, action="submit", actor=cast.liaison, now=now)
            lifecycle.perform(plan=draft, action="file", actor=cast.receiving, now=now)
    plan.refresh_from_db()
    return plan
