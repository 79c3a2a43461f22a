"""A county counted by hand: two units walk in June 2022, two stay silent; see the comments for what each issue is.

Period 2022-06 runs from 05-21 to 06-20. Time limits are judged on ``AS_OF``.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from accounts.domain.memberships import grant_membership
from accounts.enums import Role
from accounts.models import User
from campaigns.enums import WalkMode
from catalogue.models import ServiceItem
from issues.domain import intake, lifecycle
from tests.cast import TZ, Cast, build_cast, conform
from tests.replay import replayed
from walks.domain import lifecycle as walk_lifecycle
from walks.domain import opening

AS_OF = date(2022, 6, 25)


def at(day: int, month: int = 6) -> datetime:
    return datetime(2022, month, day, 10, 0, tzinfo=TZ)


@dataclass
class World:
    cast: Cast
    issues: dict = field(default_factory=dict)


def walk(cast, *, walker, unit, item, day, kind="process_walkthrough", problems=(), need="", report=True):
    """One walk with (name, class) problems; returns {name: issue} once reported."""
    walk = opening.start(
        opening.WalkDraft(
            campaign=cast.campaign,
            department_id=unit.pk,
            item=item,
            mode=WalkMode.IN_PERSON,
            activity_kind=kind,
            delegation_reason="many_items",
        ),
        actor=walker,
        now=day,
    )
    walk_lifecycle.add_step(walk=walk, actor=walker, stage="consult", note="现场咨询", happened_at=day)
    drafts = {}
    for name, category in problems:
        issue = intake.capture(walk=walk, actor=walker, description=f"问题{name}", stage="consult", now=day)
        drafts[name] = intake.classify(
            issue=issue, actor=walker, description=f"问题{name}", stage="consult", category=category, department=unit
        )
    if need:
        intake.add_need(walk=walk, actor=walker, subject="citizen", content=need)
    if not problems:
        walk_lifecycle.write_facts(walk=walk, actor=walk.walker, facts={"zero_explained": "全程顺畅"})
    walk.refresh_from_db()
    if report:
        intake.record_walk(walk=walk, actor=walker, now=day)
        conform(walk)
        # Only the principal of the unit signs, whoever walked.
        intake.sign_walk(walk=walk, actor=cast.principal if unit == cast.unit else walker, now=day)
        intake.report_walk(walk=walk, actor=walker, now=day)
    for issue in drafts.values():
        issue.refresh_from_db()
    return drafts


def rectify(cast, issue, *, due, reductions=(), to="rectifying", asked=15, closed=16):
    """Drive an own issue to rectifying, closing or closed; ``asked`` and ``closed`` are days of June."""
    act = lifecycle.perform
    act(issue=issue, action="take", actor=cast.liaison, now=at(8))
    measures = "1.修订告知单\n2.培训窗口人员"
    plan = {"responsible_person": cast.responsible, "measures": measures, "due_on": due, "reductions": reductions}
    act(issue=issue, action="plan", actor=cast.liaison, data=plan, now=at(9))
    if to != "rectifying":
        act(issue=issue, action="request_closing", actor=cast.responsible, data={"result": "已办"}, now=at(asked))
    if to == "closed":
        act(issue=issue, action="approve_closing", actor=cast.lead, now=at(closed))


def build() -> World:
    """See ``tests.replay.replayed``."""
    return replayed("reports", _build)


def _build() -> World:
    cast = build_cast()
    world = World(cast)
    second = User.objects.create(username="second_principal", name="测试second_principal")
    grant_membership(user=second, department=cast.second_unit, role=Role.PRINCIPAL, title="局长")
    cast.people["second_principal"] = second
    other_item = ServiceItem.objects.create(department=cast.second_unit, name="户口登记")
    adoption = ServiceItem.objects.create(department=cast.unit, name="收养登记")
    names = ["spot", "spot_open", "in_time", "late", "overdue", "due_later", "rebound", "verified", "merged"]
    classes = ["业务办理"] * 4 + ["政务服务"] * 4 + ["执法"]
    world.issues = walk(
        cast,
        walker=cast.principal,
        unit=cast.unit,
        item=cast.item,
        day=at(8),
        problems=list(zip(names, classes, strict=True)),
    )
    # A deputy's walk finds nothing and hears of a need; an enforcement walk of the other unit goes to another receiver.
    walk(cast, walker=cast.deputy, unit=cast.unit, item=adoption, day=at(12), need="希望周六开窗")
    world.issues |= walk(
        cast,
        walker=second,
        unit=cast.second_unit,
        item=other_item,
        day=at(10),
        kind="enforcement_ride_along",
        problems=[("second", "执法")],
    )
    # The next period, and a walk still open, are not June.
    world.issues |= walk(
        cast, walker=cast.principal, unit=cast.unit, item=cast.item, day=at(22), problems=[("july", "业务办理")]
    )
    walk(cast, walker=cast.principal, unit=cast.unit, item=cast.item, day=at(14), problems=[("open", "")], report=False)
    _work_on(cast, world.issues)
    return world


def _work_on(cast, issues) -> None:
    """Nine issues of the first walk, each to its own end."""
    done = {"measures": "更换告知单", "done_on": date(2022, 6, 8), "result": "已更换"}
    for name in ("spot", "spot_open"):
        lifecycle.perform(issue=issues[name], action="fix_on_spot", actor=cast.liaison, data=done, now=at(8))
    lifecycle.perform(issue=issues["spot"], action="approve_closing", actor=cast.lead, now=at(9))
    rectify(cast, issues["in_time"], due=date(2022, 6, 20), reductions=[("days", 10, 6)], to="closed")
    rectify(cast, issues["late"], due=date(2022, 6, 12), reductions=[("days", 58, 35)], to="closed")
    rectify(cast, issues["overdue"], due=date(2022, 6, 18), reductions=[("trips", 3, 1)])
    rectify(cast, issues["due_later"], due=date(2022, 6, 25))
    rectify(cast, issues["rebound"], due=date(2022, 6, 20), reductions=[("documents", 9, 1)], to="closed")
    failed = {"note": "又出现", "due_on": date(2022, 7, 10)}
    lifecycle.perform(issue=issues["rebound"], action="look_back_fail", actor=cast.office, data=failed, now=at(20))
    rectify(cast, issues["verified"], due=date(2022, 6, 20), reductions=[("documents", 5, 2)], to="closed")
    passed = {"note": "抽查属实"}
    lifecycle.perform(issue=issues["verified"], action="look_back_pass", actor=cast.office, data=passed, now=at(21))
    target = {"target": issues["overdue"].number}
    lifecycle.perform(issue=issues["merged"], action="merge", actor=cast.office, data=target, now=at(10))
