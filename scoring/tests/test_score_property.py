"""Finding more problems never scores less: over every rubric the editor accepts (docs/rules.md rule 11)."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, given, seed, settings
from hypothesis import strategies as st

from accounts.models import Department
from campaigns.domain.lifecycle import token_of
from campaigns.domain.rulebook.rubric import FULL_SCORE, TENTHS, ScorePoint, Scoring, faults
from campaigns.domain.rulebook.rulebook import Rulebook, changed, load_template
from campaigns.enums import ScorePer, ScoreRule
from campaigns.forms.scoring import ScoringForm
from core.exceptions import StaleVersion
from issues.domain.overdue import is_overdue
from issues.enums import CLOSED_STATES, ENDED_STATES, IssueState
from issues.models import Issue
from scoring.domain.scores import facts_of
from scoring.domain.sheet import Record, ScoreLine, UnitScore, score_unit
from scoring.domain.shown import require_as_shown, shown_of
from scoring.tests.scored import asked_in_june, switch_on
from tests.cast import TZ
from tests.scale import SEED, scaled

TODAY = datetime(2022, 7, 5, 12, 0, tzinfo=TZ)
FIRST, LAST = date(2022, 5, 25), date(2022, 7, 20)
EMPTY = changed(load_template("lantian-2022"), "scoring", {"weights": {"一": 1}, "points": ()})
pytestmark = pytest.mark.clock(datetime(2022, 6, 8, 12, 0, tzinfo=TZ))


def test_each_way_in_which_a_score_changed_since_it_was_shown_is_said():
    point = ScorePoint("一", "按时限完成整改", ScoreRule.OVERDUE, 200, 10)
    late, later = (Record("issue", number, f"{number}：逾期") for number in ("1", "2"))
    one, other = UnitScore(1, "甲局", (ScoreLine(point, (late,)),)), UnitScore(2, "乙局", (ScoreLine(point),))
    shown = shown_of([one, other])
    require_as_shown([one, other], shown)
    for units, words in (
        ([replace(one, lines=(ScoreLine(point, (late, later)),)), other], "甲局 19 分，现为 18 分"),
        ([replace(one, lines=(ScoreLine(point, (later,)),)), other], "甲局 扣分的记录有变动，仍为 19 分"),
        ([one, other, UnitScore(3, "丙局", (ScoreLine(point),))], "丙局 新列入，20 分"),
        ([one], "1 个单位不再列入"),
    ):
        with pytest.raises(StaleVersion, match=f"没有确定：{words}。"):
            require_as_shown(units, shown)


@dataclass(frozen=True)
class Change:
    """Facts before and after one issue more; ``is_late``: it is overdue, or was closed on a late request."""

    is_late: bool
    before: dict
    after: dict
    what: str


@pytest.fixture
def changes(world, clock):
    switch_on(world.cast)
    clock.move_to(TODAY)
    draw = Random(SEED)
    before = _facts(world)
    # One that surely costs and one that surely does not, whatever the seed draws after them.
    known = [(IssueState.RECTIFYING, due_on, world.cast.unit) for due_on in (date(2022, 6, 10), LAST)]
    drawn = [_drawn(world, draw) for _ in range(scaled(20, 500))]
    return [_change(world, draw, before, *one) for one in known + drawn]


def _facts(world) -> dict:
    return facts_of(asked_in_june(world.cast.campaign, TODAY.date()))


def _drawn(world, draw: Random) -> tuple[str, date | None, Department | None]:
    states = [one for one in IssueState.values if one != IssueState.DRAFT and one not in ENDED_STATES]
    unit = draw.choice([world.cast.unit, world.cast.second_unit, None])
    return draw.choice(states), draw.choice([None, _day(draw)]), unit


def _change(world, draw: Random, before: dict, state: str, due_on: date | None, unit: Department | None) -> Change:
    asked_on = _day(draw) if state in (IssueState.CLOSING, *CLOSED_STATES) else None
    overdue = is_overdue(state=state, due_on=due_on, requested_on=asked_on, today=TODAY.date())
    closed_late = bool(state in CLOSED_STATES and due_on and asked_on and asked_on > due_on)
    with transaction.atomic():
        _add(world, draw, state=state, due_on=due_on, closing_requested_on=asked_on, responsible_department=unit)
        after = _facts(world)
        transaction.set_rollback(True)
    return Change(overdue or closed_late, before, after, f"{state} due {due_on} asked {asked_on}")


def _add(world, draw: Random, **values) -> Issue:
    known = world.issues["due_later"]
    return Issue.objects.create(
        number=f"QH2022-9{draw.randrange(10**4):04}",
        campaign=known.campaign,
        region=known.region,
        walk=known.walk,
        discovering_department=draw.choice([world.cast.unit, world.cast.second_unit]),
        lead_department=known.lead_department,
        reported_by=known.reported_by,
        description="又一个问题",
        found_on=date(2022, 6, 8),
        period="2022-06",
        first_due_on=values["due_on"],
        **values,
    )


def _day(draw: Random) -> date:
    return FIRST + timedelta(days=draw.randrange((LAST - FIRST).days))


@st.composite
def rubrics(draw) -> dict:
    """What an office could send: headings that make 100, each split over points of any rule."""
    cuts = sorted(draw(st.lists(st.integers(1, FULL_SCORE - 1), max_size=2, unique=True)))
    weights = [b - a for a, b in zip([0, *cuts], [*cuts, FULL_SCORE], strict=True)]
    sent, place = {"on": "on"}, 0
    for head, weight in enumerate(weights):
        sent |= {f"heading_{head}": f"内容{head}", f"points_{head}": str(weight)}
        left = weight * TENTHS
        while left and place < 3:
            last = place == 2 or head < len(weights) - 1
            most = left if last else draw(st.integers(1, left))
            sent |= _point(draw, place, head, most)
            left, place = left - most, place + 1
    return sent


def _point(draw, place: int, head: int, maximum: int) -> dict:
    rule = draw(st.sampled_from([*ScoreRule.values, "issues_found", "rectification_rate"]))
    given = {
        "head": str(head),
        "name": f"评分项{place}",
        "rule": rule,
        "maximum": f"{maximum / TENTHS:g}",
        "deduction": f"{draw(st.integers(1, maximum)) / TENTHS:g}",
        "per": draw(st.sampled_from(ScorePer.values)),
    }
    return {f"p{place}_{name}": value for name, value in given.items()}


def accepted(sent: dict) -> Scoring | None:
    """The rubric as the editor stores it and issuing takes it; None when one of them refuses."""
    form = ScoringForm(sent | {"seen": token_of(EMPTY, "scoring")}, rules=EMPTY)
    if not form.is_valid():
        return None
    rules = Rulebook.from_data(changed(EMPTY, "scoring", form.values()).as_data())
    return None if list(faults(rules.scoring)) else rules.scoring


@seed(SEED)
@settings(
    max_examples=scaled(25, 3000),
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(sent=rubrics())
def test_one_more_issue_in_time_never_lowers_a_score_and_a_late_one_never_raises_it(changes, world, sent):
    scoring = accepted(sent)
    assume(scoring is not None)
    assert {point.rule for point in scoring.points} <= set(ScoreRule.values)
    for change in changes:
        for unit in (world.cast.unit, world.cast.second_unit, world.cast.lead_unit):
            then, now = (score_unit(unit.pk, "", scoring, facts).total for facts in (change.before, change.after))
            assert now <= then if change.is_late else now >= then, change.what


def test_the_sample_holds_both_kinds_and_a_late_one_costs(changes):
    assert {change.is_late for change in changes} == {True, False}
    assert any(change.before != change.after for change in changes)
    assert all(change.before == change.after for change in changes if not change.is_late)
