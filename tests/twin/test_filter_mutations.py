"""Each filter that hides a covert walk is taken out once: somebody who is not named then reads of it.

That with all of them in place nobody does is ``test_twin_world``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from unittest.mock import PropertyMock, patch

import pytest
from django.db.models import Q

from campaigns.domain.versions import rules_of
from core import audit
from core.models import AuditEntry
from core.periods import parse_period
from issues.models import Issue
from plans.domain import lifecycle as plan_lifecycle
from plans.domain import progress as plan_progress
from plans.models import PlanRow
from tests.cast import NOON, build_cast, open_walk
from tests.scale import sample_of, scaled
from tests.twin.crawl import CANARY, differences
from tests.twin.test_twin_world import addresses_of_hidden, moment, places, tell
from tests.twin.world import build, world
from walks.domain.covert import readers_of
from walks.models import Walk

__all__ = ["moment", "places"]
pytestmark = pytest.mark.django_db(transaction=True)

RECORD = audit.record
NOTHING = Q(pk__in=[])
# What a filter of reading hides stands on the pages themselves, or on the next page of the list.
FEW_LINKS = 4
# The pages count them, or name no word of theirs.
TOLD_OTHERWISE = ("figures", "home", "proofs used twice", "look-backs")


def everything(prefix: str = "") -> Q:
    return Q()


def all_entries(user):
    return AuditEntry.objects.all()


def all_issues(user):
    return Issue.objects.all()


def in_the_open(**entry):
    return RECORD(**{**entry, "covert": False})


def nobody_silent(walk) -> list[dict]:
    return [{**one, "is_silent": False} for one in readers_of(walk)]


def without(target: str, new) -> Callable[[], object]:
    return lambda: patch(target, new)


@dataclass(frozen=True)
class Filter:
    """What hides a covert walk, how to take it out, and who would then read of it where."""

    name: str
    remove: Callable[[], object]
    persona: str
    where: str


ROWS = without("walks.domain.covert.not_hidden", everything)
READING = (
    Filter("rows", ROWS, "liaison", "/walks/"),
    Filter("rows in the API", ROWS, "deputy", "/api/v1/walks/"),
    Filter("home", ROWS, "liaison", "/?q="),
    Filter("photos", ROWS, "deputy", "/files/"),
    Filter("the visited unit", without("walks.domain.covert.is_silent", lambda: NOTHING), "comes", "/api/v1/walks/"),
    Filter("audit rows", without("accounts.domain.queries.audit_visible_to", all_entries), "auditor", "/audit/"),
    Filter(
        "look-backs",
        without("issues.domain.lookback.queries.walks_visible_to", lambda user: Walk.objects.all()),
        "liaison",
        "/look-backs/",
    ),
    Filter("alike problems", without("issues.domain.duplicates.issues_seen_by", all_issues), "office", "/issues/QH"),
    Filter("proofs used twice", without("issues.domain.reuse.issues_visible_to", all_issues), "lead", "/issues/bulk/"),
    Filter("figures", without("reports.domain.board.counts.not_hidden", everything), "principal", "/board/"),
)
WRITING = (
    Filter(
        "notices",
        without("walks.domain.notices.Walk.is_hidden", PropertyMock(return_value=False)),
        "liaison",
        "/notices/",
    ),
    Filter("notices to who joined", without("walks.domain.notices.readers_of", nobody_silent), "comes", "/notices/"),
    Filter("audit", without("core.audit.record", in_the_open), "auditor", "/audit/"),
    Filter(
        "naming", without("walks.domain.covert_planning.readers_fault", lambda **facts: ""), "goes", "/api/v1/walks/"
    ),
)


def reads_of_it(twin, filtered: Filter, answers: dict) -> bool:
    """Whether the pages name a covert walk, by its id or by words of its own; or, for a photo, show it."""
    words = [CANARY, "寻常事项", *(str(walk.pk) for known in twin.cleared.values() for walk in known)]
    told = [answer.body for address, answer in answers.items() if answer.status == 200 and "q=" not in address]
    shown = any(word.encode() in body for word in words for body in told)
    return shown or any(answer.status == 200 for address, answer in answers.items() if address.startswith("/files/"))


def test_without_a_filter_of_reading_somebody_reads_of_a_covert_walk(places, moment, subtests):
    twin = world(secret=True)
    hidden = [address for address in addresses_of_hidden(twin) if address.startswith("/files/")]
    for one in sample_of(READING, scaled(len(READING) // 3, len(READING)), of="reading"):
        with subtests.test(one.name):
            options = {"only": one.where, "also": hidden, "most_links": FEW_LINKS}
            kept = tell(one.persona, twin, **options)
            with one.remove():
                told = tell(one.persona, twin, **options)
            assert differences(kept, told)
            assert one.name in TOLD_OTHERWISE or reads_of_it(twin, one, told)


@pytest.mark.parametrize("one", sample_of(WRITING, scaled(1, len(WRITING)), of="writing"), ids=lambda one: one.name)
def test_without_a_filter_of_writing_somebody_reads_of_a_covert_walk(places, moment, one):
    with one.remove():
        twin = build(secret=True)
    assert reads_of_it(twin, one, tell(one.persona, twin, only=one.where))


def filed_row_with(**facts) -> tuple:
    """A filed plan one row of which leads to a covert walk: (planned, begun) as the board counts them, and as the list
    of these rows tells it. No act of the product leads there; the filters hold all the same."""
    cast = build_cast()
    draft = plan_lifecycle.open_plan(
        actor=cast.liaison, campaign=cast.campaign, department_id=cast.unit.pk, period="2022-06", now=NOON
    )
    walk = open_walk(cast)
    Walk.objects.filter(pk=walk.pk).update(is_covert=True, **facts)
    PlanRow.objects.create(
        plan=draft, order=1, item=cast.item, walker=cast.principal, mode="in_person", planned_on=NOON, walk=walk
    )
    type(draft).objects.filter(pk=draft.pk).update(state="filed")
    asked = (cast.office, cast.campaign, rules_of(cast.campaign.pk)[1], parse_period("2022-06"))
    [row] = plan_progress.list_rows(plan_progress.planned_rows(*asked))
    return *plan_progress.planned_by_unit(*asked)[cast.unit.pk], row["begun"]


@pytest.mark.parametrize("state", ["in_progress", "reported"])
def test_a_row_of_a_plan_is_begun_by_no_covert_walk(state):
    assert filed_row_with(state=state) == (1, 0, "")


def test_without_the_filter_of_rows_under_way_it_would_be():
    with patch("plans.domain.progress._under_way", lambda: Q(walk__state__in=plan_progress.UNDER_WAY)):
        assert filed_row_with() == (1, 1, "in_progress")


def test_without_the_filter_of_rows_handed_in_it_would_be():
    with patch("plans.domain.progress.not_hidden", everything):
        assert filed_row_with(state="reported") == (1, 0, "reported")


def test_a_walk_is_hidden_until_it_is_reported():
    assert Walk(is_covert=True).is_hidden
    assert not Walk(is_covert=False).is_hidden
