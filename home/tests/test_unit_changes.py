"""机构变动: units are merged and split; what moves, what stays, who is told, and who has which part then."""

from datetime import date
from functools import partial

import pytest

from accounts.audit_words import in_words
from accounts.domain.abolition import abolish, restore
from accounts.domain.unit_imports import import_units
from accounts.models import Department, Membership, RoleRequest, UnitChange
from accounts.scope import scope_of
from campaigns.domain.owed import owed_in, roster_of
from campaigns.domain.versions import rules_of
from campaigns.models import Receiver, RosterEntry
from catalogue.models import ServiceItem
from core.exceptions import IllegalTransition, Refused
from core.models import AuditEntry
from core.tabular import Row, SheetTable
from home.domain.unit_changes import preview_of
from home.tests.changing import DOCUMENT, NEW, SPLIT, TODAY, asked, change, fresh, grant_all
from issues.domain import lifecycle as issue_lifecycle
from issues.domain.enquiries import lifecycle as enquiries
from issues.domain.needs import lifecycle as need_lifecycle
from issues.domain.queries import issues_visible_to
from issues.models import Cooperation, EnquiryReply, Issue, IssueEvent, Need, NeedEvent
from issues.tests.needing import needs_on
from notifications.models import Notice
from plans.models import Plan
from plans.tests.planning import monthly_plan
from reports.domain.board.board import board_of
from tests.cast import NOON, covert_walk, issue_in, open_walk, reported_walk
from tests.race import at_once
from walks.domain import lifecycle as walk_lifecycle
from walks.domain.queries import walks_visible_to

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON), pytest.mark.both_databases]


def row_of(record) -> dict:
    return type(record).objects.filter(pk=record.pk).values().get()


def test_open_matters_move_with_their_history_and_closed_ones_are_not_touched(cast):
    open_one, closed = issue_in(cast, "rectifying"), issue_in(cast, "closed")
    before, signed = row_of(closed), row_of(closed.walk)
    made = change(cast, asked(cast.unit))
    successor = Department.objects.get(name=NEW)
    version, open_one = open_one.version, Issue.objects.get(pk=open_one.pk)
    assert (open_one.responsible_department, open_one.version, open_one.state) == (successor, version + 1, "rectifying")
    assert NEW in open_one.search_text
    [event] = IssueEvent.objects.filter(issue=open_one, kind="unit_changed")
    assert event.note == f"县民政局并入{NEW}（{DOCUMENT}，自2022-06-08起）：责任单位由县民政局改为{NEW}"
    assert (event.data, event.responsible_department) == ({"unit_change": str(made.public_id)}, successor)
    assert (row_of(closed), row_of(closed.walk)) == (before, signed)
    assert (made.moved["issues"], made.before, made.after) == ([open_one.number], ["县民政局"], [NEW])
    entry = AuditEntry.objects.get(action="unit.merged")
    assert (entry.detail["from"], entry.detail["to"], entry.detail["change"]) == ("县民政局", NEW, str(made.public_id))
    [told] = [words for words in in_words(entry.detail) if words.startswith("转出：")]
    assert ("未销号的责任问题 1 件" in told, "{" in told) == (True, False)


def test_the_old_unit_ends_and_its_items_and_place_on_the_roster_move(cast):
    change(cast, asked(cast.unit, cast.second_unit, on=date(2022, 6, 7)))
    successor = Department.objects.get(name=NEW)
    for unit in (cast.unit, cast.second_unit):
        unit.refresh_from_db()
        assert (unit.is_active, unit.abolished_on, unit.succeeded_by) == (False, date(2022, 6, 7), successor)
    assert ServiceItem.objects.get(pk=cast.item.pk).department == successor
    entries = RosterEntry.objects.filter(department__in=(cast.unit, cast.second_unit))
    assert set(entries.values_list("left_on", flat=True)) == {date(2022, 6, 7)}
    assert RosterEntry.objects.get(department=successor).joined_on == date(2022, 6, 7)


def test_people_see_nothing_until_their_role_is_granted_and_then_all_of_the_old_unit(cast):
    open_one, closed = issue_in(cast, "rectifying"), issue_in(cast, "closed")
    change(cast, asked(cast.unit))
    assert not issues_visible_to(fresh(cast.liaison)).exists()
    waiting = RoleRequest.objects.filter(decision="waiting", department__name=NEW)
    assert set(waiting.values_list("user__username", "role")) == {
        ("principal", "principal"), ("deputy", "deputy"), ("liaison", "liaison"), ("responsible", "responsible"),
    }  # fmt: skip
    grant_all(cast)
    for person in (cast.liaison, cast.responsible):
        seen = set(issues_visible_to(fresh(person)).values_list("number", flat=True))
        assert {open_one.number, closed.number} <= seen
    assert scope_of(fresh(cast.liaison)).taken_over == {cast.unit.pk}


def test_a_walk_begun_and_a_covert_one_are_finished_under_the_old_name(cast):
    walk, covert = open_walk(cast), covert_walk(cast)
    change(cast, asked(cast.unit))
    assert not walks_visible_to(fresh(cast.principal)).exists()
    grant_all(cast)
    own = fresh(cast.principal)
    assert {walk.pk, covert.pk} <= set(walks_visible_to(own).values_list("pk", flat=True))
    walk_lifecycle.add_step(walk=walk, actor=own, stage="consult", note="续办", happened_at=NOON)
    assert not walks_visible_to(fresh(cast.liaison)).filter(pk=covert.pk).exists()
    assert row_of(walk)["department_name"] == "县民政局"


def test_the_successor_receives_and_accepts_what_waits_with_a_unit_that_ended(cast):
    walk, _ = reported_walk(cast)
    change(cast, asked(cast.lead_unit, into=("县数据和审批局",)))
    successor = Department.objects.get(name="县数据和审批局")
    now = Receiver.objects.filter(campaign=cast.campaign, until=None)
    assert successor.pk in set(now.values_list("department_id", flat=True))
    assert not now.filter(department=cast.lead_unit).exists()
    grant_all(cast)
    walk = walk_lifecycle.perform(walk=walk, action="accept", actor=fresh(cast.lead), now=NOON)
    assert (walk.state, walk.receiver) == ("accepted", cast.lead_unit)


def test_who_is_told(cast):
    issue_in(cast, "rectifying")
    change(cast, asked(cast.unit, into=("县公安局",)))
    told = dict(Notice.objects.filter(kind="unit.changed").values_list("recipient__username", "link"))
    assert set(told) == {
        "principal", "deputy", "liaison", "responsible", "second_liaison", "office", "office_second", "lead",
        "secadmin",
    }  # fmt: skip
    assert (told["liaison"], told["second_liaison"][:15]) == ("", "/units/changes/")


def test_an_abolished_unit_succeeds_none_and_is_not_restored_once_it_has_a_successor(cast):
    abolish(unit=cast.second_unit, on=TODAY, document=DOCUMENT, actor=cast.sysadmin, today=TODAY)
    with pytest.raises(Refused, match="本区域已有县公安局（已撤销）"):
        change(cast, asked(cast.unit, into=("县公安局",)))
    change(cast, asked(cast.unit))
    cast.unit.refresh_from_db()
    with pytest.raises(Refused, match=f"已由{NEW}承接"):
        restore(unit=cast.unit, reason="办错", actor=cast.sysadmin)
    table = SheetTable([Row(2, {"单位名称": "县民政局", "是否撤销": "否"})], "单位.csv", [])
    [fault] = import_units(path=table, region_name="青禾县").errors
    assert fault.message == "已由别的单位承接，不能恢复"


def test_a_successor_that_ends_leaves_everything_to_its_own_successor(cast):
    closed = issue_in(cast, "closed")
    change(cast, asked(cast.unit))
    grant_all(cast)
    change(cast, asked(Department.objects.get(name=NEW), into=("县社会事务局",)))
    grant_all(cast)
    cast.unit.refresh_from_db()
    assert cast.unit.succeeded_by.name == "县社会事务局"
    assert issues_visible_to(fresh(cast.liaison)).filter(pk=closed.pk).exists()


def test_help_moves_once_and_never_to_the_unit_that_rectifies(cast):
    issue = issue_in(cast, "rectifying")
    third = Department.objects.get(region=cast.county, name="县司法局")
    help_of = partial(Cooperation.objects.create, issue=issue)
    help_of(department=cast.second_unit, duty="提供数据")
    help_of(department=third, duty="审核文书")
    change(cast, asked(cast.second_unit, into=("县司法局",)))
    [row] = Cooperation.objects.filter(issue=issue)
    assert (row.department, row.duty) == (third, "审核文书；提供数据")
    change(cast, asked(third, into=("县民政局",)))
    assert not Cooperation.objects.filter(issue=issue).exists()
    notes = IssueEvent.objects.filter(issue=issue, kind="unit_changed").values_list("note", flat=True)
    assert any("该单位即责任单位" in note for note in notes)


def test_a_need_is_answered_by_the_successor(client, cast):
    need, answered = needs_on(cast, "增设自助机", "延长服务时间")
    give = partial(need_lifecycle.perform, action="reply", now=NOON)
    give(need=answered, actor=cast.liaison, data={"reply": "已安排"})
    before = row_of(answered)
    change(cast, asked(cast.unit))
    need.refresh_from_db()
    assert (need.department.name, need.reply_by, row_of(answered)) == (NEW, need.first_reply_by, before)
    [event] = NeedEvent.objects.filter(kind="unit_changed")
    assert event.note.endswith(f"回应单位由县民政局改为{NEW}")
    grant_all(cast)
    client.force_login(fresh(cast.liaison))
    assert "机构变动" in client.get(f"/needs/{need.public_id}/").text
    need = Need.objects.select_related(*need_lifecycle.NAMED).get(pk=need.pk)
    assert give(need=need, actor=fresh(cast.liaison), data={"reply": "列入计划"}).reply == "列入计划"


def test_an_enquiry_keeps_the_name_it_was_sent_to_and_is_answered_by_the_successor(cast):
    issue = issue_in(cast, "rectifying")
    enquiries.send(
        issue=issue, units=[cast.second_unit], question="有无未一次性告知", reply_by=TODAY, actor=cast.office, now=NOON
    )
    before = row_of(EnquiryReply.objects.get())
    change(cast, asked(cast.second_unit, into=("县公共安全局",)))
    assert row_of(EnquiryReply.objects.get()) == before
    grant_all(cast)
    reply = EnquiryReply.objects.select_related(*enquiries.OF_REPLY).get()
    item = ServiceItem.objects.create(department=reply.department.succeeded_by, name="户口登记")
    data = {"words": "户籍窗口也有", "item": item}
    reply = enquiries.answer(reply=reply, action="found", actor=fresh(cast.second_liaison), data=data, now=NOON)
    assert (reply.department, reply.child.discovering_department.name) == (cast.second_unit, "县公共安全局")


def test_an_issue_struck_off_before_that_fails_its_look_back_is_the_successors(cast):
    closed = issue_in(cast, "closed")
    change(cast, asked(cast.unit))
    again = issue_lifecycle.perform(
        issue=Issue.objects.get(pk=closed.pk), action="look_back_fail", actor=cast.office,
        data={"note": "抽查仍未一次告知", "due_on": date(2022, 6, 28)}, now=NOON,
    )  # fmt: skip
    assert (again.responsible_department.name, NEW in again.search_text) == (NEW, True)


def test_a_plan_moves_and_where_there_is_one_its_open_rows_are_added(cast):
    plan = monthly_plan(cast)
    change(cast, asked(cast.unit))
    plan.refresh_from_db()
    successor = Department.objects.get(name=NEW)
    assert (plan.department, plan.events.get(kind="unit_changed").actor) == (successor, cast.sysadmin)
    own = Plan.objects.create(
        campaign=cast.campaign, rules=plan.rules, department=cast.second_unit, receiver=plan.receiver, period="2022-06",
        created_by=cast.second_liaison,
    )  # fmt: skip
    earlier = Plan.objects.create(
        campaign=cast.campaign, rules=plan.rules, department=successor, receiver=plan.receiver, period="2022-05",
        created_by=cast.second_liaison,
    )  # fmt: skip
    rows = plan.rows.count()
    change(cast, asked(successor, into=("县公安局",)))
    plan.refresh_from_db()
    earlier.refresh_from_db()
    assert (plan.department, plan.rows.count(), own.rows.count(), earlier.department) == (successor, 0, rows, successor)
    assert f"列入{NEW}尚未开始的体验 {rows} 项" in own.events.get(kind="unit_changed").note


def test_what_falls_due_is_owed_by_one_of_them_and_what_was_done_before_counts(cast):
    reported_walk(cast, as_conforming=True)
    rules = rules_of(cast.campaign.pk, TODAY)[1]
    change(cast, asked(cast.unit))
    successor = Department.objects.get(name=NEW)
    days = (date(2022, 6, 7), TODAY, date(2022, 6, 20))
    bound = {unit.id: [day for day in days if unit.is_bound(day, TODAY)] for unit in roster_of(cast.campaign)}
    assert (bound[cast.unit.pk], bound[successor.pk]) == ([days[0]], list(days[1:]))
    period = rules.period_of(TODAY)
    owed = owed_in(cast.campaign, rules, period, today=TODAY)
    assert {duty.unit_id for duty in owed.duties} & {cast.unit.pk, successor.pk} == {successor.pk}
    board = board_of(fresh(cast.office), cast.campaign, rules, period=period, today=TODAY)
    line = next(line for line in board.lines if line.unit.id == successor.pk)
    assert (line.is_done, line.reported, line.fulfilled, line.minimum) == (True, 0, 1, 1)
    assert sum(line.reported for line in board.lines) == 1


def test_a_unit_that_stood_on_the_roster_beside_it_does_its_own(cast):
    reported_walk(cast, as_conforming=True)
    rules = rules_of(cast.campaign.pk, TODAY)[1]
    change(cast, asked(cast.unit, into=("县公安局",)))
    owed = owed_in(cast.campaign, rules, rules.period_of(TODAY), today=TODAY)
    assert owed.fulfilled_by(cast.second_unit.pk) == (cast.second_unit.pk,)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_merge_and_split_at_once_one_does(cast):
    what = (asked(cast.unit), asked(cast.unit, kind=SPLIT, into=("县民政事务局", "县养老服务局")))
    seen = [preview_of(one, cast.sysadmin, today=TODAY).token for one in what]
    ends = at_once(*(partial(change, cast, one, seen=token) for one, token in zip(what, seen, strict=True)))
    assert [type(end) for end in ends if end is not None] == [IllegalTransition]
    assert UnitChange.objects.count() == 1
    assert Membership.objects.filter(department=cast.unit).exists()
