"""The whole table: each action from each state in each part, allowed exactly where the table says so."""

from dataclasses import dataclass
from datetime import date

import pytest
import time_machine
from django.db import transaction

from accounts.enums import Role
from accounts.models import Department
from core.exceptions import IllegalTransition, NotAllowed, Refused, StaleVersion
from core.models import AuditEntry
from issues.domain import guards, lifecycle, notices
from issues.domain.measure_progress import MeasureNote
from issues.domain.transitions import TABLE
from issues.enums import Actor, IssueState, Track
from issues.models import Cooperation, Extension, Incoming, Issue, IssueEvent, Measure
from notifications.models import Notice
from tests.cast import NOON, _person, build_cast, county_with, reported_walk
from tests.database import without_triggers
from tests.replay import replayed
from tests.scale import sample_of, scaled

pytestmark = pytest.mark.django_db
A, S = Actor, IssueState
JULY = date(2022, 7, 20)


def one_issue(state: str) -> tuple:
    """The cast and an issue in that state."""
    cast, issues = county_with((state,))
    return cast, issues[state]


@dataclass
class World:
    cast: object
    issue: Issue
    target: Issue
    people: dict


def build():
    cast = build_cast()
    walk, [issue, target] = reported_walk(cast, problems=2)
    _person(cast, "walker_alone", cast.unit, Role.SUPERVISOR)
    justice = Department.objects.get(region=cast.county, name="县司法局")
    _person(cast, "helper", justice, Role.LIAISON)
    Cooperation.objects.create(issue=issue, department=justice)
    Measure.objects.create(issue=issue, text="修订告知单")
    return cast, walk, issue, target


@pytest.fixture
def world():
    """One issue, found by one unit and owned by another, and six people of whom each holds exactly one part."""
    cast, walk, issue, target = replayed("two issues of one walk", build)
    walk.walker = cast.walker_alone
    people = {
        A.SYSTEM: None,
        A.DISCOVERING: cast.liaison,
        A.RESPONSIBLE: cast.second_liaison,
        A.LEAD: cast.lead,
        A.OFFICE: cast.office,
        A.WALKER: cast.walker_alone,
        A.COOPERATING: cast.helper,
    }
    # The rows are put into every state by hand.
    with without_triggers("walks_walk", "issues_issue", "issues_extension"):
        walk.save(update_fields=["walker"])
        yield World(cast, issue, target, people)


def put(world: World, state: str, part: str, action: str) -> Issue:
    """The issue as it would stand in ``state`` when everything but the action's own input is in order."""
    cast = world.cast
    theirs = cast.second_unit if part in (A.RESPONSIBLE, A.OFFICE, A.LEAD, A.WALKER, A.SYSTEM, A.COOPERATING) else None
    if action in ("confirm_due", "refuse_due") and part == A.OFFICE:
        theirs = cast.lead_unit  # a lead that is itself responsible leaves it to the office
    if action in ("defer", "refer", "resume", "resume_planning") and part == A.LEAD:
        theirs = cast.office_unit  # an office that is itself responsible leaves it to the lead
    Incoming.objects.all().delete()
    if action == "note_reply":
        Incoming.objects.create(issue=world.issue, entered_at=NOON)
    Extension.objects.all().delete()
    if action in ("grant_extension", "deny_extension", "withdraw_extension"):
        more_time(world, A.OFFICE if part == A.OFFICE else A.LEAD)
    owner = cast.unit if part == A.DISCOVERING else cast.second_unit
    Issue.objects.filter(pk=world.issue.pk).update(
        state=state,
        number=None if state == S.DRAFT else "QH2022-00001",
        responsible_department=theirs,
        proposed_department=owner,
        assigned_on=NOON.date(),
        due_on=date(2022, 6, 28),
        first_due_on=date(2022, 6, 28),
        clock_stopped_on=NOON.date(),
        review_on=NOON.date(),
        due_proposed_on=JULY if action in ("confirm_due", "refuse_due") else None,
        closing_requested_by=cast.responsible if state == S.CLOSING else None,
        closing_requested_on=NOON.date(),
        closed_by=cast.office_second,
        dismissal_proposed_by=cast.office_second if action == "dismiss" else None,
        track=Track.LIMITED,
        responsible_name="" if action == "resume_planning" else "王工",
        good_practice="当场更正" if action == "unmark_practice" else "",
    )
    return Issue.objects.select_related("campaign", "walk").get(pk=world.issue.pk)


def more_time(world: World, side: str) -> None:
    """A request that waits for that side."""
    dates = {"old_due_on": date(2022, 6, 28), "asked_due_on": JULY}
    who = {"department": world.cast.second_unit, "asked_by": world.cast.responsible}
    Extension.objects.create(issue=world.issue, side=side, reason="待系统升级", asked_at=NOON, **dates, **who)


def input_of(world: World, action: str) -> dict:
    """Good input for every action at once: each takes what it needs."""
    return {
        "measures": "1.修订告知单",
        "done_on": NOON.date(),
        "result": "已更新",
        "department": world.cast.second_unit,
        "note": "说明",
        "responsible_name": "王工",
        "due_on": JULY if action in ("look_back_fail", "resume") else date(2022, 6, 28),
        "review_on": JULY,
        "extension_to": JULY,
        "referred_to": "市民政局",
        "remark": "第一批",
        "reply": "已告知办结",
        "target": world.target.number,
        "category": "执法",
        "is_priority": True,
        "cause": "系统没有对接",
        "cause_depth": "process",
        "notes": {world.issue.measures.get(text="修订告知单").pk: MeasureNote("王工", None, "已起草")}
        if action == "track_measures"
        else {},
    }


class Undo(Exception):
    """Ends a try so that the next one begins from the same rows."""


@pytest.mark.parametrize("row", TABLE.rows, ids=lambda row: row.action)
def test_each_action_goes_exactly_where_the_table_says(world, row, subtests):
    for state in S:
        for part in tried(row, state, world.people):
            with subtests.test(f"{state} by {part}"):
                issue = put(world, state, part, row.action)
                try_it(world, row, issue, part, world.people[part])


def tried(row, state: str, people: dict) -> tuple[str, ...]:
    """Some of the people, drawn by the seed; one where the action does not begin: nobody is asked there who it is."""
    number = scaled((len(people) + 3) // 4 if state in row.sources else 1, len(people))
    return sample_of(tuple(people), number, of=f"{row.action} {state}")


def try_it(world, row, issue, part, person) -> None:
    events, version, before = issue.events.count(), issue.version, issue.state
    with pytest.raises(Undo), transaction.atomic():  # noqa: PT012 - everything in it is taken back
        if before not in row.sources:
            with pytest.raises(IllegalTransition) as refused:
                perform(world, row, issue, person)
            assert refused.value.rule == f"issue.{row.action}"
            assert row.label in refused.value.message
        elif part not in row.actors:
            with pytest.raises(NotAllowed) as refused:
                perform(world, row, issue, person)
            assert refused.value.rule == f"issue.{row.action}"
        else:
            perform(world, row, issue, person)
            after = Issue.objects.get(pk=issue.pk)
            event, target = issue.events.last(), row.target_from(before)
            newer = version if row.keeps_version else version + 1
            assert (after.state, after.version, issue.events.count()) == (target, newer, events + 1)
            assert (event.kind, event.from_state, event.to_state) == (row.action, before, target)
            assert (event.actor, event.version) == (person, newer)
            raise Undo
        unchanged = Issue.objects.get(pk=issue.pk)
        assert (unchanged.state, unchanged.version, issue.events.count()) == (before, version, events)
        raise Undo


def perform(world, row, issue, person):
    data = input_of(world, row.action)
    return lifecycle.perform(issue=issue, action=row.action, actor=person, data=data, now=NOON)


def test_the_table_leaves_no_way_out_of_an_ended_issue_and_no_state_unreached():
    assert [row for state in (S.MERGED, S.DISMISSED) for row in TABLE.from_state(state)] == []
    assert [row.target for row in TABLE.from_state(S.VERIFIED) if row.target] == []
    reached = {row.target for row in TABLE if row.target} | {S.DRAFT}
    assert reached == set(S)


def test_every_guard_the_table_names_exists():
    assert all(callable(getattr(guards, name)) for row in TABLE for name in row.guards)


def test_the_people_of_this_test_hold_one_part_each(world):
    for part, person in world.people.items():
        assert lifecycle.parts_of(person, put(world, S.RECTIFYING, part, "")) == {part}


@time_machine.travel(NOON, tick=False)
def test_buttons_are_the_rows_a_person_may_take(world):
    offered = set()
    for state in set(S) - {S.DRAFT}:
        for part, person in world.people.items():
            if person is None:
                continue
            issue = put(world, state, part, "")
            for row in lifecycle.available(person, issue):
                assert part in row.actors
                assert state in row.sources
                offered.add(row.action)
    # Not those of the system, of a proposal or request nobody has made, of a 来件, and of an issue without a plan.
    none = {"register", "dismiss", "note_reply", "confirm_due", "refuse_due", "resume_planning"}
    none |= {"unmark_practice", "grant_extension", "deny_extension", "withdraw_extension"}
    assert offered == {row.action for row in TABLE} - none


@pytest.mark.parametrize(
    ("action", "state", "persona", "data", "changed"),
    [
        ("note_progress", "rectifying", "responsible", {"note": " 已起草 "}, {"progress": "已起草"}),
        ("add_measures", "rectifying", "responsible", {"measures": "1.增设专窗\n2.窗口培训"}, {}),
        ("propose_dismissal", "registered", "office", {"note": "重复"}, {"dismissal_reason": "重复"}),
    ],
)
def test_an_action_without_a_target_keeps_the_state_and_is_told_in_its_own_words(action, state, persona, data, changed):
    cast, issue = one_issue(state)
    version, notices = issue.version, Notice.objects.count()
    lifecycle.perform(issue=issue, action=action, actor=cast.people[persona], data=data, version=version, now=NOON)
    [words] = data.values()
    event, left = issue.events.last(), Issue.objects.get(pk=issue.pk)
    assert (event.kind, event.note, event.data) == (action, words.strip(), {})
    assert (event.from_state, event.to_state, left.state, left.version) == (state, state, state, version + 1)
    assert {name: getattr(left, name) for name in changed} == changed
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.object_key, entry.detail["state"]) == (
        f"issue.{action}",
        issue.number,
        issue.get_state_display(),
    )
    assert Notice.objects.count() == notices


@pytest.mark.parametrize(
    ("action", "state", "persona", "fields"),
    [
        ("note_progress", "deferred", "responsible", {"note": "请填写整改进展"}),
        ("add_measures", "rectifying", "responsible", {"measures": "请填写整改措施"}),
        ("propose_dismissal", "registered", "office", {"note": "请写明理由"}),
        ("amend", "rectifying", "office", {"remark": "请填写要更正的联系电话或备注"}),
        ("mark_practice", "closed", "lead", {"note": "请写明做法"}),
        ("note_cause", "rectifying", "responsible", {"cause": "请写明原因", "cause_depth": "请选择问题层次"}),
        ("reclassify", "registered", "lead", {"category": "请选择本活动的问题分类", "note": "请写明原因"}),
        ("set_marks", "registered", "office", {"is_priority": "标记没有变化", "note": "请写明原因"}),
        ("track_measures", "rectifying", "responsible", {"notes": "各条措施的内容没有变化"}),
    ],
)
def test_an_empty_entry_is_refused_and_names_the_field(action, state, persona, fields):
    cast, issue = one_issue(state)
    with pytest.raises(Refused) as refused:
        lifecycle.perform(issue=issue, action=action, actor=cast.people[persona], data={"note": " "}, now=NOON)
    assert refused.value.fields == fields
    assert refused.value.message == f"“{TABLE.by_action[action].label}”未办理：{'；'.join(fields.values())}。"


def test_amending_tells_both_remarks_and_not_the_number():
    cast, issue = one_issue("rectifying")
    data = {"contact_phone": "13900002222", "remark": "第二批"}
    lifecycle.perform(issue=issue, action="amend", actor=cast.office, data={"remark": "第一批"}, now=NOON)
    lifecycle.perform(issue=issue, action="amend", actor=cast.responsible, data=data, now=NOON)
    assert (issue.contact_phone, issue.remark, issue.state) == ("13900002222", "第二批", S.RECTIFYING)
    assert issue.events.last().note == "联系电话已更正；备注由“第一批”改为“第二批”"
    lifecycle.perform(issue=issue, action="amend", actor=cast.lead, data={"contact_phone": "", "remark": ""}, now=NOON)
    assert (issue.contact_phone, issue.remark) == ("13900002222", "")


def test_a_number_waits_for_a_unit():
    cast, issue = one_issue("registered")
    with pytest.raises(Refused) as refused:
        lifecycle.perform(issue=issue, action="amend", actor=cast.office, data={"contact_phone": "1"}, now=NOON)
    assert refused.value.fields == {"contact_phone": "还没有责任单位，不能填写联系电话"}


def test_a_dismissal_already_proposed_is_not_on_offer_again():
    cast, issue = one_issue("registered")
    offered = {row.action: row.tone for row in lifecycle.available(cast.office_second, issue)}
    assert offered["propose_dismissal"] == "quiet"
    assert "dismiss" not in offered
    lifecycle.perform(issue=issue, action="propose_dismissal", actor=cast.office, data={"note": "重复"}, now=NOON)
    offered = {row.action for row in lifecycle.available(cast.office_second, issue)}
    assert "dismiss" in offered
    assert "propose_dismissal" not in offered


@pytest.mark.both_databases
def test_an_update_is_bound_to_the_version_that_was_read():
    cast, issue = one_issue("rectifying")
    stale = Issue.objects.get(pk=issue.pk)
    data = {"note": "同一状态下的另一次修改"}
    lifecycle.perform(issue=issue, action="note_progress", actor=cast.responsible, data=data, now=NOON)
    with pytest.raises(StaleVersion) as refused:
        lifecycle.perform(
            issue=stale, action="request_closing", actor=cast.responsible, data={"result": "好"}, now=NOON
        )
    assert cast.responsible.name in refused.value.message
    assert Issue.objects.get(pk=issue.pk).state == S.RECTIFYING
    assert not IssueEvent.objects.filter(kind="request_closing").exists()


@pytest.mark.both_databases
def test_a_crash_after_the_update_leaves_nothing_behind(monkeypatch):
    cast, issue = one_issue("closing")
    before = (issue.state, issue.version, IssueEvent.objects.count(), Notice.objects.count())

    def crash(**kwargs):
        raise RuntimeError("power cut")

    monkeypatch.setattr(notices, "after", crash)
    with pytest.raises(RuntimeError):
        lifecycle.perform(issue=issue, action="approve_closing", actor=cast.lead, now=NOON)
    left = Issue.objects.get(pk=issue.pk)
    assert (left.state, left.version, IssueEvent.objects.count(), Notice.objects.count()) == before
    assert left.closed_by is None
