"""A campaign by F16 in the cast's county, and a walk of its second quarter of 2016."""

from datetime import date, datetime

from accounts.domain.memberships import grant_membership
from accounts.enums import Role
from accounts.models import Department, User
from campaigns.domain.lifecycle import create_campaign
from campaigns.models import Campaign
from issues.domain import intake, lifecycle
from issues.models import Issue
from tests.cast import TZ, Cast
from walks.domain import lifecycle as walk_lifecycle
from walks.domain import opening

MAY = datetime(2016, 5, 10, 10, 0, tzinfo=TZ)


def quarterly(cast: Cast) -> Campaign:
    """The campaign, with both of its receivers."""
    for persona, name in (("center", "县公共行政服务中心"), ("inspection", "县政府督查办")):
        unit = Department.objects.create(region=cast.county, name=name, order=30)
        cast.people[persona] = User.objects.create(username=persona, name=f"测试{persona}")
        grant_membership(user=cast.people[persona], department=unit, role=Role.LEAD)
    campaign, _ = create_campaign(
        template="fushun-2016",
        code="FS2016",
        name="青禾县换位体验",
        region_name=cast.county.name,
        region=cast.county,
        start=date(2016, 1, 22),
        end=date(2017, 12, 31),
    )
    return campaign


def walked_in_may(cast: Cast, campaign: Campaign, *problems: str) -> list[Issue]:
    """The issues of one reported walk of the unit."""
    draft = opening.WalkDraft(campaign=campaign, department_id=cast.unit.pk, item=cast.item, mode="in_person")
    walk = opening.start(draft, actor=cast.principal, now=MAY)
    walk_lifecycle.add_step(walk=walk, actor=cast.principal, stage="consult", note="现场咨询", happened_at=MAY)
    for text in problems:
        told = {"description": text, "stage": "consult"}
        found = intake.capture(walk=walk, actor=cast.principal, now=MAY, **told)
        intake.classify(issue=found, actor=cast.liaison, category="办事指南与公开", department=cast.unit, **told)
    if not problems:
        walk_lifecycle.write_facts(walk=walk, actor=cast.principal, facts={"zero_explained": "全程顺畅"})
    walk.refresh_from_db()
    intake.record_walk(walk=walk, actor=cast.liaison, now=MAY)
    intake.sign_walk(walk=walk, actor=cast.principal, now=MAY)
    return intake.report_walk(walk=walk, actor=cast.liaison, now=MAY)


def planned(cast: Cast, issue: Issue, measures: str, *, due: date, reductions=()) -> None:
    """Taken over by the unit and planned, on the day of the walk."""
    lifecycle.perform(issue=issue, action="take", actor=cast.liaison, now=MAY)
    plan = {"responsible_person": cast.responsible, "measures": measures, "due_on": due, "reductions": reductions}
    lifecycle.perform(issue=issue, action="plan", actor=cast.liaison, data=plan, now=MAY)


def struck_off(cast: Cast, issue: Issue) -> None:
    result = {"result": "已办"}
    lifecycle.perform(issue=issue, action="request_closing", actor=cast.responsible, data=result, now=MAY)
    lifecycle.perform(issue=issue, action="approve_closing", actor=cast.office, now=MAY)
