"""The whole table: each action from each state by each person, allowed exactly where this file says so.

``WHO`` is written down here a second time on purpose: a row that gains a source or an actor, or loses one, fails.
"""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import transaction

from accounts.enums import Role
from core.exceptions import IllegalTransition, NotAllowed, Refused, StaleVersion
from notifications.models import Notice
from tests.cast import NOON, _person, build_cast, covert_walk, open_walk
from walks.domain import guards, lifecycle, notices
from walks.domain.effects import EFFECTS
from walks.domain.transitions import EVENT_OF, TABLE
from walks.enums import WalkActor, WalkEventKind, WalkState
from walks.models import Walk, WalkEvent
from walks.rules import actors_of

pytestmark = pytest.mark.django_db
A, S = WalkActor, WalkState

# Who holds which parts on the walk of this file.
HOLDS = {
    "walker_alone": {A.WALKER},
    "opener_alone": {A.OPENER},
    "liaison": {A.UNIT},
    "deputy": {A.UNIT},
    "principal": {A.UNIT, A.PRINCIPAL},
    "lead": {A.RECEIVER},
    "office": {A.OFFICE},
    "responsible": set(),
    "second_liaison": set(),
    "supervisor": set(),
    "office_city": set(),
    "office_other_county": set(),
    "sysadmin": set(),
    "disabled": set(),
}
UNIT = {"liaison", "deputy", "principal"}
OWN = {"walker_alone", "opener_alone", *UNIT}
RECEIVING = {"lead", "office"}
WALKER = {"walker_alone"}
# {action: {state it may be taken in: (state after it, who may take it)}}
WHO = {
    "begin": {S.PLANNED: (S.IN_PROGRESS, WALKER)},
    "postpone": {S.PLANNED: (S.PLANNED, WALKER)},
    "edit": {S.IN_PROGRESS: (S.IN_PROGRESS, OWN), S.RETURNED: (S.RETURNED, OWN)},
    "record": {S.IN_PROGRESS: (S.RECORDED, OWN), S.RETURNED: (S.RECORDED, OWN)},
    "sign": {S.RECORDED: (S.SIGNED, {"principal"})},
    "report": {S.SIGNED: (S.REPORTED, UNIT)},
    "accept": {S.REPORTED: (S.ACCEPTED, RECEIVING)},
    "send_back": {S.REPORTED: (S.RETURNED, RECEIVING)},
    "reopen": {S.RECORDED: (S.IN_PROGRESS, UNIT), S.SIGNED: (S.IN_PROGRESS, UNIT)},
    # A returned walk was reported, so nobody cancels it: the guard says why.
    "cancel": {S.PLANNED: (S.CANCELLED, WALKER), S.IN_PROGRESS: (S.CANCELLED, OWN), S.RETURNED: (S.RETURNED, set())},
}
INPUT = {
    "planned_on": NOON.date() + timedelta(days=3),
    "issues_total": 0,
    "issues_unclassified": 0,
    "content_digest": "d" * 64,
    "reason": "见说明",
}
AFTER_REPORT = (S.REPORTED, S.ACCEPTED, S.RETURNED)


@dataclass
class World:
    walk: Walk
    people: dict


@pytest.fixture
def world():
    """A complete walk whose walker and opener are no leaders of the unit any more, and people who hold each part
    alone; who has left the unit holds none."""
    cast = build_cast()
    walk = open_walk(cast)
    own = {name: _person(cast, f"{name}_alone", cast.unit, Role.RESPONSIBLE) for name in ("walker", "opener")}
    Walk.objects.filter(pk=walk.pk).update(zero_explained="全程顺畅", walker=own["walker"], created_by=own["opener"])
    return World(walk, {name: cast.people[name] for name in HOLDS})


def put(world: World, state: str) -> Walk:
    """The walk as it would stand in ``state``."""
    reported_at = NOON if state in AFTER_REPORT else None
    Walk.objects.filter(pk=world.walk.pk).update(state=state, reported_at=reported_at)
    return Walk.objects.get(pk=world.walk.pk)


def take(walk: Walk, action: str, actor) -> None:
    if action == "edit":
        lifecycle.touch(walk=walk, actor=actor)
    else:
        lifecycle.perform(walk=walk, action=action, actor=actor, data=INPUT, now=NOON)


class Undo(Exception):
    """Ends a try so that the next one begins from the same rows."""


@pytest.mark.parametrize("action", WHO)
def test_each_action_is_taken_exactly_where_and_by_whom_it_may_be(world, action, subtests):
    for state in S:
        for name, person in world.people.items():
            with subtests.test(f"{state} by {name}"), pytest.raises(Undo), transaction.atomic():
                try_it(put(world, state), action, name, person)


def try_it(walk: Walk, action: str, name: str, person) -> None:
    check_it(walk, action, name, person)
    raise Undo


def check_it(walk: Walk, action: str, name: str, person) -> None:
    before, events = (walk.state, walk.version), walk.events.count()
    target, people = WHO[action].get(walk.state, (walk.state, set()))
    is_offered = action in lifecycle.available(person, walk)
    assert is_offered is (name in people)
    if not is_offered:
        # Who adds nothing to a walk is told that first; every other action names the state first.
        from_here = walk.state in WHO[action] or (action == "edit" and name not in OWN)
        with pytest.raises(NotAllowed if from_here else IllegalTransition) as refused:
            take(walk, action, person)
        assert refused.value.message
        left = Walk.objects.get(pk=walk.pk)
        assert (left.state, left.version, left.events.count()) == (*before, events)
        return
    take(walk, action, person)
    left = Walk.objects.get(pk=walk.pk)
    assert (left.state, left.version, left.changed_by) == (target, before[1] + 1, person)
    told = [] if action == "edit" else [(EVENT_OF[action], person)]
    assert [(event.kind, event.actor) for event in walk.events.all()[events:]] == told


def test_this_file_speaks_of_every_action_and_state_of_the_table():
    assert list(WHO) == list(TABLE.by_action)
    assert {action: set(states) for action, states in WHO.items()} == {row.action: set(row.sources) for row in TABLE}
    assert set(EFFECTS) == set(EVENT_OF) == set(WHO) - {"edit"}
    assert set(EVENT_OF.values()) <= set(WalkEventKind)


def test_every_state_is_reached_and_nothing_leads_out_of_an_ended_walk():
    assert {row.target for row in TABLE if row.target} | {S.PLANNED} == set(S)
    assert [TABLE.from_state(state) for state in (S.ACCEPTED, S.CANCELLED)] == [[], []]


def test_every_guard_the_table_names_exists():
    assert all(callable(getattr(guards, name)) for row in TABLE for name in row.guards)


def test_the_people_of_this_test_hold_the_parts_it_says(world):
    walk = put(world, S.RECORDED)
    assert {name: set(actors_of(person, walk)) for name, person in world.people.items()} == HOLDS
    assert set().union(*HOLDS.values()) == set(A)


def test_the_receiving_unit_has_no_part_in_its_own_walk(world):
    Walk.objects.filter(pk=world.walk.pk).update(department_id=world.walk.receiver_id)
    walk = put(world, S.REPORTED)
    assert actors_of(world.people["lead"], walk) == frozenset()
    assert actors_of(world.people["office"], walk) == {A.OFFICE}


def test_a_walk_reopened_after_it_was_reported_is_not_cancelled(cast):
    walk = open_walk(cast)
    Walk.objects.filter(pk=walk.pk).update(reported_at=NOON)
    walk.refresh_from_db()
    with pytest.raises(NotAllowed, match="只能补正后再报送"):
        lifecycle.perform(walk=walk, action="cancel", actor=cast.liaison, data=INPUT, now=NOON)


def test_a_reader_named_in_a_plan_does_not_cancel_it(cast):
    walk = covert_walk(cast)
    with pytest.raises(NotAllowed, match="由体验人本人取消"):
        lifecycle.perform(walk=walk, action="cancel", actor=cast.liaison, data=INPUT, now=NOON)
    assert "cancel" in lifecycle.available(cast.principal, walk)


@pytest.mark.parametrize(("action", "state"), [("send_back", S.REPORTED), ("reopen", S.SIGNED), ("cancel", S.PLANNED)])
def test_a_reason_is_asked_for_by_the_name_its_field_bears(world, action, state):
    person = world.people[sorted(WHO[action][state][1])[0]]
    with pytest.raises(Refused) as refused:
        lifecycle.perform(walk=put(world, state), action=action, actor=person, data={"reason": "  "}, now=NOON)
    words = f"请写明{TABLE.by_action[action].reason_label}。"
    assert (refused.value.message, refused.value.fields) == (words, {"reason": words})
    lifecycle.perform(walk=put(world, state), action=action, actor=person, data={"reason": "窗口停办"}, now=NOON)
    assert WalkEvent.objects.latest("id").note == "窗口停办"


def test_a_walk_that_lacks_something_is_not_recorded_and_each_part_is_named(world):
    walk = put(world, S.IN_PROGRESS)
    walk.steps.all().delete()
    data = {"issues_total": 2, "issues_unclassified": 1}
    with pytest.raises(Refused) as refused:
        lifecycle.perform(walk=walk, action="record", actor=world.people["liaison"], data=data, now=NOON)
    assert set(refused.value.fields) == {"steps", "issues"}
    assert (refused.value.rule, walk.events.count()) == ("incomplete", 1)


@pytest.mark.both_databases
def test_an_update_is_bound_to_the_state_that_was_read(world):
    read = put(world, S.RECORDED)
    put(world, S.IN_PROGRESS)
    with pytest.raises(IllegalTransition, match="处于“体验中”，不能核对签字"):
        take(read, "sign", world.people["principal"])
    assert not WalkEvent.objects.filter(kind="signed").exists()


@pytest.mark.both_databases
def test_an_update_is_bound_to_the_version_that_was_read(world):
    read = put(world, S.RECORDED)
    Walk.objects.filter(pk=read.pk).update(version=read.version + 1, changed_by=world.people["liaison"])
    with pytest.raises(StaleVersion) as refused:
        take(read, "sign", world.people["principal"])
    assert world.people["liaison"].name in refused.value.message
    assert not WalkEvent.objects.filter(kind="signed").exists()


@pytest.mark.both_databases
def test_a_crash_after_the_update_leaves_nothing_behind(world, monkeypatch):
    walk = put(world, S.RECORDED)
    before = (walk.state, walk.version, WalkEvent.objects.count(), Notice.objects.count())

    def crash(**kwargs):
        raise RuntimeError("power cut")

    monkeypatch.setattr(notices, "after", crash)
    with pytest.raises(RuntimeError):
        take(walk, "sign", world.people["principal"])
    left = Walk.objects.get(pk=walk.pk)
    assert (left.state, left.version, WalkEvent.objects.count(), Notice.objects.count()) == before
    assert left.signed_by is None
