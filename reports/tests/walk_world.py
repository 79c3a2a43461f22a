"""Walks with everything that can be entered on one, for the tests of their papers."""

from datetime import datetime

from evidence.domain.store import accept_photo
from issues.domain import intake
from reports.domain.walk_content import NAMED, WalkContent, contents_of
from tests.access.world import photo
from tests.cast import NOON, TZ, Cast, conform, covert_walk, do_components, open_walk
from walks.domain import lifecycle as walk_lifecycle
from walks.models import Walk


def full_walk(cast: Cast, *, report: bool = True):
    """A walk of two stages with components, two problems, a need, figures met and a photo: (walk, its issues)."""
    walk = open_walk(cast, problems=2)
    picture = accept_photo(upload=photo(), actor=cast.principal)
    at = datetime(2022, 6, 8, 13, 20, tzinfo=TZ)
    walk_lifecycle.add_step(
        walk=walk, actor=cast.principal, stage="accept", note="窗口受理", assessment="fair", happened_at=at,
        files=[picture],
    )  # fmt: skip
    do_components(cast, walk)
    intake.add_need(walk=walk, actor=cast.principal, subject="firm", content="希望网上预约")
    facts = {"place": "县政务大厅3楼", "actual_days": 2, "actual_documents": 2, "actual_trips": 1}
    facts |= {"suggestion": "增设自助机。\n来电13812345678", "is_simulated": True, "simulation_withdrawn": True}
    walk_lifecycle.write_facts(walk=walk, actor=cast.principal, facts=facts)
    return walk, finish(walk, cast, report=report)


def finish(walk, cast: Cast, *, report: bool = True) -> list:
    """Classify, record and sign an open walk, and hand it in; its issues then."""
    for draft in walk.issues.all():
        facts = {"description": draft.description, "stage": draft.stage, "category": "政务服务"}
        intake.classify(issue=draft, actor=cast.liaison, department=cast.unit, **facts)
    walk.refresh_from_db()
    intake.record_walk(walk=walk, actor=cast.principal, now=NOON)
    intake.sign_walk(walk=walk, actor=cast.principal, now=NOON)
    return intake.report_walk(walk=walk, actor=cast.liaison, now=NOON) if report else []


def signed_covert_walk(cast: Cast):
    """A covert walk that is signed and not reported: known to the principal alone. It conforms."""
    walk = covert_walk(cast, day=8)
    walk_lifecycle.perform(walk=walk, action="begin", actor=cast.principal, now=NOON)
    picture = accept_photo(upload=photo(), actor=cast.principal)
    step = {"stage": "consult", "note": "暗访金丝雀", "happened_at": NOON, "files": [picture]}
    walk_lifecycle.add_step(walk=walk, actor=cast.principal, **step)
    walk_lifecycle.write_facts(walk=walk, actor=cast.principal, facts={"zero_explained": "全程顺畅，排队五分钟"})
    walk.refresh_from_db()
    intake.record_walk(walk=walk, actor=cast.principal, now=NOON)
    conform(walk)
    intake.sign_walk(walk=walk, actor=cast.principal, now=NOON)
    return walk


def content_of(walk) -> WalkContent:
    return contents_of([Walk.objects.select_related(*NAMED).get(pk=walk.pk)])[0]
