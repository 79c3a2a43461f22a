"""What is public tells nothing of a covert walk, not even after its reporting: two worlds that differ by such walks and
the problems they found are read alike by everybody, byte by byte and query by query (docs/trust.md B9).

Inside, the same walk is counted from its reporting on: first it is shown that the publication does differ.
"""

from datetime import timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse

from catalogue.models import ServiceItem
from core.text import search_text
from issues.domain import intake
from reports.domain.compile import period_in
from reports.domain.figures import ReportQuery
from reports.domain.public_sheet import content
from reports.domain.queries import SYSTEM
from reports.models import Publication, PublicSheet
from reports.tests.public import PUBLISHED_AT, RELEASED_AT, asked, published, step, switch
from reports.tests.world import build, rectify
from tests.cast import NOON, conform
from tests.twin.crawl import CANARY, ask, browser_of, differences
from tests.twin.world import same_ids
from walks.domain import lifecycle as walk_lifecycle
from walks.domain import opening

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DAY = NOON.date() + timedelta(days=5)


def walked_covertly(cast, item) -> None:
    """Reported, conforming, with two problems, one struck off with an effect: it counts in every figure of June."""
    draft = opening.WalkDraft(
        campaign=cast.campaign, department_id=cast.unit.pk, item=item, mode="in_person", place=CANARY
    )
    secret = opening.plan_covert(draft, actor=cast.principal, planned_on=DAY, named=[cast.office.pk], now=NOON)
    at = NOON + timedelta(days=5)
    walk_lifecycle.perform(walk=secret, action="begin", actor=cast.principal, now=at)
    walk_lifecycle.add_step(walk=secret, actor=cast.principal, stage="consult", note=CANARY, happened_at=at)
    found = []
    for number in range(2):
        issue = intake.capture(
            walk=secret, actor=cast.principal, description=f"{CANARY}{number}", stage="consult", now=at
        )
        facts = {"description": CANARY, "stage": "consult", "category": "业务办理", "department": cast.unit}
        found.append(intake.classify(issue=issue, actor=cast.principal, **facts))
    secret.refresh_from_db()
    intake.record_walk(walk=secret, actor=cast.principal, now=at)
    conform(secret)
    intake.sign_walk(walk=secret, actor=cast.principal, now=at)
    intake.report_walk(walk=secret, actor=cast.principal, now=at)
    found[0].refresh_from_db()
    with time_machine.travel(at, tick=False):
        rectify(cast, found[0], due=DAY + timedelta(days=5), reductions=[("trips", 5, 2)], to="closed")


def read(*, secret: bool) -> tuple[dict, Publication, dict]:
    """What a visitor and a person of the unit are answered at every address of a June that was released, and then
    revoked; what it was made of; and what would be public without each of the two filters.

    With ``secret`` an item that others walked openly was walked covertly too, and one that nobody else walked. The
    world is taken back.
    """
    with transaction.atomic(), time_machine.travel(RELEASED_AT, tick=False):
        cast = build().cast
        alone = ServiceItem.objects.create(department=cast.unit, name=CANARY, search_text=search_text(CANARY))
        for item in [cast.item, alone] if secret else []:
            walked_covertly(cast, item)
        switch(cast)
        made = published(cast)
        with same_ids():
            sheet = step(asked(cast), "release", cast.office_second)
        addresses = [reverse(name, args=[sheet.public_id]) for name in ("public_page", "public_file")]
        answers = {}
        for state in ("released", "revoked"):
            for name, user in (("visitor", None), ("liaison", cast.liaison)):
                answers |= {f"{state} {name} {one}": ask(browser_of(user), one) for one in addresses}
            if state == "released":
                sheet = step(PublicSheet.objects.get(), "revoke", cast.office, reason="数字有误")
        without = {name: _without(name, cast) for name in content.OPEN}
        transaction.set_rollback(True)
    return answers, made, without


def _without(name: str, cast) -> dict:
    june = period_in(cast.campaign, "2022-06")
    with patch.dict(content.OPEN, {name: {}}):
        return content.public_content(ReportQuery(cast.campaign, june, PUBLISHED_AT.date(), SYSTEM))


def test_what_is_public_is_equal_with_reported_covert_walks_and_without_them():
    plain, one, _ = read(secret=False)
    told, other, without = read(secret=True)
    assert len(other.rows["walks"]) == len(one.rows["walks"]) + 2
    assert other.summary.data["issues_found"] == one.summary.data["issues_found"] + 4
    assert other.summary.data["closed"] == one.summary.data["closed"] + 2
    assert {answer.status for answer in told.values()} == {200, 410}
    assert differences(plain, told) == []
    for name, kept in without.items():
        assert kept != other.public, f"without the filter of {name} nothing would be told"
