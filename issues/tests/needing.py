"""Needs of a walk that was reported, as tests want them."""

from datetime import datetime

from issues.domain import intake
from issues.domain.needs import lifecycle
from issues.models import Need
from tests.cast import NOON, open_walk
from walks.domain import lifecycle as walk_lifecycle


def needs_on(cast, *texts: str, now: datetime = NOON) -> list[Need]:
    """Needs of a walk that was reported."""
    walk = open_walk(cast, now=now)
    for text in texts:
        intake.add_need(walk=walk, actor=cast.principal, subject="citizen", content=text)
    walk_lifecycle.write_facts(walk=walk, actor=cast.principal, facts={"zero_explained": "全程顺畅"})
    walk.refresh_from_db()
    intake.record_walk(walk=walk, actor=cast.liaison, now=now)
    intake.sign_walk(walk=walk, actor=cast.principal, now=now)
    intake.report_walk(walk=walk, actor=cast.liaison, now=now)
    return list(Need.objects.filter(walk=walk).select_related(*lifecycle.NAMED).order_by("id"))
