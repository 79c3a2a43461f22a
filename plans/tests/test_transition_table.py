"""The whole table: each step from each state in each part, open exactly where the table says so."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.domain.unit_moves import UNIT_CHANGED
from core.exceptions import IllegalTransition, NotAllowed, StaleVersion
from core.idempotency import new_key
from core.models import AuditEntry
from notifications.models import Notice
from plans.domain import guards, lifecycle, notices, walks
from plans.domain.effects import EFFECTS
from plans.domain.handing_over import HANDED_OVER
from plans.domain.queries import rows_of
from plans.domain.rows import RowDraft
from plans.domain.transitions import EVENT_KINDS, TABLE
from plans.enums import PlanActor, PlanState
from plans.models import Plan, PlanEvent
from plans.rules import actors_of
from plans.tests.planning import FIRST_DAY, build_planning, draft_plan, plan_in, row
from plans.views.acts import PAGES
from plans.views.plan_sheet import EVENTS, read_sheet
from tests.cast import TZ

pytestmark = [pytest.mark.django_db, pytest.mark.clock(FIRST_DAY)]
A, S = PlanActor, PlanState
WHEN = datetime(2023, 3, 28, 9, 30, tzinfo=TZ)
# Steps that stand beside the rows of a plan and are no button of its page.
BESIDE_ROWS = {"notice", "start"}


@dataclass
class World:
    cast: object
    old: Plan
    plan: Plan
    people: dict


@pytest.fixture
def world():
    """The second round of a plan, with a walk begun from the first, and people of whom each holds exactly one part."""
    cast = build_planning()
    old = plan_in(cast, "filed")
    walks.give_notice(row=whole_row(old), actor=cast.liaison, when=WHEN)
    walks.start_row(row=whole_row(old), actor=cast.principal)
    plan = lifecycle.perform(plan=old, action="adjust", actor=cast.liaison, note="窗口停办")
    # A row of its own, from which no walk has begun.
    copies = [RowDraft(**facts(one)) for one in rows_of(plan)]
    lifecycle.save_rows(
        plan=plan, actor=cast.liaison, version=plan.version, rows=[*copies, row(cast, cast.item)]
    )  # fmt: skip
    people = {A.UNIT: cast.liaison, A.RECEIVER: cast.receiving, A.OFFICE: cast.office, A.SYSTEM: cast.office}
    return World(cast, old, plan, people)


def facts(stored) -> dict:
    names = ("item_id", "mode", "walker_id", "activity_kind", "planned_on", "place", "companions", "pk")
    return {name: getattr(stored, name) for name in names}


def whole_row(plan: Plan, place: int = 0):
    return rows_of(plan).select_related("plan__campaign", "plan__department", "plan__rules")[place]


def put(world: World, state: str) -> Plan:
    """The plan as it would stand in ``state``; the one before it is in force until this one is filed."""
    later = state in (S.FILED, S.SUPERSEDED)
    Plan.objects.filter(pk=world.plan.pk).update(state=S.DISCARDED)
    Plan.objects.filter(pk=world.old.pk).update(state=S.SUPERSEDED if later else S.FILED)
    Plan.objects.filter(pk=world.plan.pk).update(state=state)
    return Plan.objects.select_related("campaign", "department", "rules").get(pk=world.plan.pk)


class Undo(Exception):
    """Ends a try so that the next one begins from the same rows."""


@pytest.mark.parametrize("row", TABLE.rows, ids=lambda row: row.action)
def test_each_step_goes_exactly_where_the_table_says(world, row, subtests):
    for state in S:
        for part, person in world.people.items():
            with subtests.test(f"{state} by {part}"):
                try_it(world, row, put(world, state), part, person)


def try_it(world: World, row, plan: Plan, part: str, person) -> None:
    before = (plan.state, plan.version, PlanEvent.objects.count(), Plan.objects.count())
    with pytest.raises(Undo), transaction.atomic():  # noqa: PT012 - everything in it is taken back
        if part not in row.actors:
            with pytest.raises(NotAllowed):
                take(row, plan, part, person)
        elif plan.state not in row.sources:
            with pytest.raises(IllegalTransition) as refused:
                take(row, plan, part, person)
            assert refused.value.rule == "plan.state"
            assert row.label in refused.value.message
        else:
            take(row, plan, part, person)
            after = Plan.objects.get(pk=plan.pk)
            moves = row.target is not None or row.action == "edit"
            assert (after.state, after.version) == (row.target_from(before[0]), before[1] + moves)
            if row.action in EVENT_KINDS:
                told = PlanEvent.objects.filter(kind=EVENT_KINDS[row.action]).latest("id")
                assert (told.actor, told.plan_id == plan.pk) == (person, row.action != "adjust")
            raise Undo
        left = Plan.objects.get(pk=plan.pk)
        assert (left.state, left.version, PlanEvent.objects.count(), Plan.objects.count()) == before
        raise Undo


def take(row, plan: Plan, part: str, person) -> None:
    """The step by the function that takes it; what follows from a step of a person is taken by the system."""
    by_system = {"part": A.SYSTEM} if part == A.SYSTEM else {}
    if row.action in EFFECTS:
        lifecycle.perform(plan=plan, action=row.action, actor=person, note="说明", **by_system)
    elif by_system:
        lifecycle.take(plan, row.action, person, **by_system)
    elif row.action == "edit":
        rows = [RowDraft(**facts(one)) for one in rows_of(plan)]
        lifecycle.save_rows(plan=plan, actor=person, version=plan.version, rows=rows)
    elif row.action == "notice":
        walks.give_notice(row=whole_row(plan, 2), actor=person, when=WHEN)
    else:
        plan.rows.update(noticed_at=FIRST_DAY)
        walks.start_row(row=whole_row(plan, 2), actor=person)


def test_the_people_of_this_test_hold_one_part_each(world):
    for part, person in world.people.items():
        expected = {A.OFFICE} if part == A.SYSTEM else {part}
        assert actors_of(person, world.plan) == expected
    assert actors_of(None, world.plan) == {A.SYSTEM}


def test_every_guard_the_table_names_exists_and_is_explained():
    named = {name for row in TABLE for name in row.guards}
    assert all(getattr(guards, name).__doc__ for name in named)


def test_every_row_is_taken_somewhere_and_every_event_has_words():
    assert set(EFFECTS) | {"edit", "notice", "start"} == set(TABLE.by_action)
    assert set(EFFECTS) | {"notice"} == set(EVENT_KINDS)
    assert set(EVENTS) == {"drafted", HANDED_OVER, UNIT_CHANGED, *EVENT_KINDS.values()}
    assert set(PAGES) == {row.action for row in TABLE if row.title}


def test_a_plan_that_is_past_goes_nowhere_and_every_state_is_reached():
    assert [TABLE.from_state(state) for state in (S.SUPERSEDED, S.DISCARDED)] == [[], []]
    assert {row.target for row in TABLE if row.target} | {S.DRAFT} == set(S)


def test_buttons_are_the_rows_a_person_may_take(world):
    for state in S:
        for part in (A.UNIT, A.RECEIVER, A.OFFICE):
            plan = put(world, state)
            expected = {row.action for row in TABLE if state in row.sources and part in row.actors}
            assert set(lifecycle.available(world.people[part], plan)) == expected
            sheet = read_sheet(plan, world.people[part])
            shown = {one["action"]: one["label"] for one in _shown(sheet)}
            steps = expected - BESIDE_ROWS - ({"submit"} if sheet["faults"] else set())
            assert shown == {action: TABLE.by_action[action].label for action in steps}


def _shown(sheet) -> list[dict]:
    asked = (sheet["buttons"]["first"], sheet["buttons"]["second"], *sheet["buttons"]["below"])
    return [one for one in asked if one and "action" in one]


def test_every_button_of_the_page_leads_to_a_page_that_opens(client, world):
    for state, part in ((S.DRAFT, A.UNIT), (S.SUBMITTED, A.RECEIVER), (S.FILED, A.UNIT)):
        plan = put(world, state)
        client.force_login(world.people[part])
        page = client.get(reverse("plan", args=[plan.pk]))
        assert _shown(page.context), state
        for one in _shown(page.context):
            assert f'href="{one["url"]}"' in page.text, one
            assert one["label"] in page.text
            assert client.get(one["url"]).status_code == 200, one


def test_a_step_no_input_could_take_has_no_button(world):
    cast, plan = world.cast, put(world, S.FILED)
    draft = lifecycle.perform(plan=plan, action="adjust", actor=cast.liaison, note="再调")
    assert set(lifecycle.available(cast.liaison, plan)) == {"notice", "start"}
    cast.planned.roster.filter(department=cast.unit).update(left_on=FIRST_DAY.date())
    assert set(lifecycle.available(cast.liaison, plan)) == set()
    assert set(lifecycle.available(cast.liaison, draft)) == {"edit", "discard"}
    assert {one["action"] for one in _shown(read_sheet(draft, cast.liaison))} == {"edit", "discard"}


def test_a_page_opens_to_whom_and_from_where_the_table_says(client, world):
    for action in PAGES:
        step = TABLE.by_action[action]
        for state in S:
            for part in (A.UNIT, A.RECEIVER, A.OFFICE):
                plan = put(world, state)
                Plan.objects.filter(pk=plan.pk).update(submitted_by=world.cast.liaison)
                client.force_login(world.people[part])
                seen = part == A.UNIT or state != S.DRAFT
                expected = 404 if not seen else 403 if part not in step.actors else 409
                expected = 200 if seen and part in step.actors and state in step.sources else expected
                assert client.get(f"/plans/{plan.pk}/act/{action}/").status_code == expected, (action, state, part)


def test_a_step_that_follows_from_another_is_nobodys_own(client, world):
    plan = put(world, S.FILED)
    for action in ("supersede", "carry"):
        for person in world.people.values():
            with pytest.raises(NotAllowed):
                lifecycle.perform(plan=plan, action=action, actor=person)
        client.force_login(world.cast.office)
        data = {"version": plan.version, "idempotency_key": new_key()}
        assert client.post(f"/plans/{plan.pk}/act/{action}/", data).status_code == 404


def test_what_is_not_in_the_table_is_no_step(world):
    with pytest.raises(IllegalTransition) as refused:
        lifecycle.perform(plan=world.plan, action="burn", actor=world.cast.liaison)
    assert refused.value.rule == "plan.action"


def test_nothing_is_carried_over_where_no_walk_has_begun(world):
    plan = put(world, S.FILED)
    world.old.rows.update(walk=None)
    with pytest.raises(IllegalTransition) as refused:
        lifecycle.perform(plan=plan, action="carry", actor=world.cast.office, part=A.SYSTEM)
    assert refused.value.rule == "plan.carried"


@pytest.mark.both_databases
def test_a_step_is_bound_to_the_version_that_was_read():
    cast = build_planning()
    plan = draft_plan(cast)
    stale = Plan.objects.get(pk=plan.pk)
    lifecycle.save_rows(plan=plan, actor=cast.deputy, version=plan.version, rows=[row(cast)])
    with pytest.raises(StaleVersion, match="测试deputy"):
        lifecycle.perform(plan=stale, action="submit", actor=cast.liaison)
    assert Plan.objects.get(pk=plan.pk).state == S.DRAFT
    assert not PlanEvent.objects.filter(kind="submitted").exists()


@pytest.mark.both_databases
def test_a_crash_after_the_update_leaves_nothing_behind(monkeypatch):
    cast = build_planning()
    plan = plan_in(cast, "submitted")
    before = (plan.state, plan.version, PlanEvent.objects.count(), Notice.objects.count(), AuditEntry.objects.count())

    def crash(**kwargs):
        raise RuntimeError("power cut")

    monkeypatch.setattr(notices, "after", crash)
    with pytest.raises(RuntimeError):
        lifecycle.perform(plan=plan, action="file", actor=cast.receiving)
    left = Plan.objects.get(pk=plan.pk)
    counts = (PlanEvent.objects.count(), Notice.objects.count(), AuditEntry.objects.count())
    assert (left.state, left.version, *counts) == before
    assert left.filed_by is None
