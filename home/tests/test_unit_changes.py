"""机构变动: units merge and split; what goes over, what stays, who is told, and who has which part then."""

import re
from datetime import date
from functools import partial
from uuid import uuid4

import pytest

from accounts.domain.abolition import abolish, restore
from accounts.domain.role_requests import decide
from accounts.domain.unit_imports import import_units
from accounts.enums import UnitChangeKind
from accounts.models import Department, Membership, RoleRequest, UnitChange, User
from accounts.scope import scope_of
from campaigns.domain.owed import owed_in, roster_of
from campaigns.domain.versions import rules_of
from campaigns.models import Receiver, RosterEntry
from catalogue.models import ServiceItem
from core.exceptions import IllegalTransition, NotAllowed, Refused, StaleVersion
from core.models import AuditEntry
from core.tabular import Row, SheetTable
from home.domain.unit_changes import Asked, carry_out, preview_of
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
from tests.cast import NOON, PASSWORD, covert_walk, issue_in, open_walk, reported_walk
from tests.race import at_once
from walks.domain import lifecycle as walk_lifecycle
from walks.domain.queries import walks_visible_to

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON), pytest.mark.both_databases]
TODAY, DOCUMENT, NEW = NOON.date(), "县委编办〔2022〕12号", "县民政和养老服务局"
MERGED, SPLIT = UnitChangeKind.MERGED, UnitChangeKind.SPLIT


def fresh(user) -> User:
    return User.objects.get(pk=user.pk)


def asked(*units, kind=MERGED, into=(NEW,), on=TODAY, document=DOCUMENT) -> Asked:
    return Asked(kind, tuple(Department.objects.get(pk=unit.pk) for unit in units), tuple(into), on, document)


def change(cast, what: Asked, *, items=None, people=None, **given) -> UnitChange:
    seen = given.pop("seen", None) or preview_of(what, cast.sysadmin, today=TODAY).token
    given = {"actor": cast.sysadmin, "seen": seen, "now": NOON} | given
    return carry_out(asked=what, by_item=items or {}, by_person=people or {}, **given)


def grant_all(cast) -> None:
    ids = list(RoleRequest.objects.filter(decision="waiting").values_list("pk", flat=True))
    decide(ids=ids, decision="granted", reason=DOCUMENT, actor=cast.secadmin)


def row_of(record) -> dict:
    return type(record).objects.filter(pk=record.pk).values().get()


def page_of(client, cast, unit=None, kind="merge", **data):
    client.force_login(cast.sysadmin)
    given = {"into": NEW, "on": str(TODAY), "document": DOCUMENT} | data
    return client.get(f"/units/{(unit or cast.unit).pk}/{kind}/", given)


def press(client, cast, unit=None, kind="merge", **data):
    given = {"into": NEW, "on": str(TODAY), "document": DOCUMENT} | data
    shown = page_of(client, cast, unit, kind, **given).context["form"]
    given = {
        "seen": shown["seen"].value() if shown else "",
        "idempotency_key": uuid4().hex,
        "password": PASSWORD,
    } | given
    return client.post(f"/units/{(unit or cast.unit).pk}/{kind}/", given)


def test_open_matters_go_over_with_their_history_and_closed_ones_are_not_touched(cast):
    open_one, closed = issue_in(cast, "rectifying"), issue_in(cast, "closed")
    before, signed = row_of(closed), row_of(closed.walk)
    made = change(cast, asked(cast.unit))
    heir = Department.objects.get(name=NEW)
    version, open_one = open_one.version, Issue.objects.get(pk=open_one.pk)
    assert (open_one.responsible_department, open_one.version, open_one.state) == (heir, version + 1, "rectifying")
    assert NEW in open_one.search_text
    [event] = IssueEvent.objects.filter(issue=open_one, kind="unit_changed")
    assert event.note == f"县民政局并入{NEW}（{DOCUMENT}，自2022-06-08起）：责任单位由县民政局改为{NEW}"
    assert (event.data, event.responsible_department) == ({"unit_change": str(made.public_id)}, heir)
    assert (row_of(closed), row_of(closed.walk)) == (before, signed)
    assert (made.moved["issues"], made.before, made.after) == ([open_one.number], ["县民政局"], [NEW])
    entry = AuditEntry.objects.get(action="unit.merged")
    assert (entry.detail["from"], entry.detail["to"], entry.detail["change"]) == ("县民政局", NEW, str(made.public_id))
    assert entry.detail["rows"]["未销号的责任问题"] == 1


def test_the_old_unit_ends_and_its_items_and_place_on_the_roster_go_over(cast):
    change(cast, asked(cast.unit, cast.second_unit, on=date(2022, 6, 7)))
    heir = Department.objects.get(name=NEW)
    for unit in (cast.unit, cast.second_unit):
        unit.refresh_from_db()
        assert (unit.is_active, unit.abolished_on, unit.succeeded_by) == (False, date(2022, 6, 7), heir)
    assert ServiceItem.objects.get(pk=cast.item.pk).department == heir
    entries = RosterEntry.objects.filter(department__in=(cast.unit, cast.second_unit))
    assert set(entries.values_list("left_on", flat=True)) == {date(2022, 6, 7)}
    assert RosterEntry.objects.get(department=heir).joined_on == date(2022, 6, 7)


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


def test_a_receiving_unit_hands_on_to_the_new_one_and_what_waits_there_is_accepted_by_it(cast):
    walk, _ = reported_walk(cast)
    change(cast, asked(cast.lead_unit, into=("县数据和审批局",)))
    heir = Department.objects.get(name="县数据和审批局")
    now = Receiver.objects.filter(campaign=cast.campaign, until=None)
    assert heir.pk in set(now.values_list("department_id", flat=True))
    assert not now.filter(department=cast.lead_unit).exists()
    grant_all(cast)
    walk = walk_lifecycle.perform(walk=walk, action="accept", actor=fresh(cast.lead), now=NOON)
    assert (walk.state, walk.receiver) == ("accepted", cast.lead_unit)


def test_the_preview_counts_and_names_no_record_and_tells_of_no_covert_walk(client, cast):
    open_one, closed = issue_in(cast, "rectifying"), issue_in(cast, "closed")
    page = page_of(client, cast).text
    for said in ("未销号的责任问题 1 件", "已销号的问题 1 件", "活动名单 1 项", "4 人的角色", "已签字报送的体验 2 次"):
        assert said in page
    assert not {open_one.number, closed.number} & set(re.findall(r"QH2022-\d+", page))
    token = preview_of(asked(cast.unit), cast.sysadmin, today=TODAY)
    covert_walk(cast)
    assert preview_of(asked(cast.unit), cast.sysadmin, today=TODAY) == token
    assert IssueEvent.objects.filter(kind="unit_changed").count() == UnitChange.objects.count() == 0


def test_the_page_carries_it_out_once_and_the_list_and_the_page_of_it_tell(client, cast):
    issue = issue_in(cast, "rectifying")
    shown = page_of(client, cast).context["form"]
    sent = {"idempotency_key": "k1", "seen": shown["seen"].value(), "password": PASSWORD}
    sent |= {"into": NEW, "on": str(TODAY), "document": DOCUMENT}
    answers = [client.post(f"/units/{cast.unit.pk}/merge/", sent) for _ in range(2)]
    made = UnitChange.objects.get()
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].url == f"/units/changes/{made.public_id}/"
    assert "未销号的责任问题 1 件" in client.get(answers[0].url).text
    assert issue.number not in client.get(answers[0].url).text, "an administrator reads no business record"
    assert NEW in client.get("/units/changes/", {"kind": "merged"}).text
    assert not client.get("/units/changes/", {"kind": "split"}).context["page"].rows
    assert client.get("/units/changes/export/").status_code == 200
    assert f"由{NEW}承接" in client.get("/units/", {"q": "县民政局"}).text
    client.force_login(cast.office)
    assert issue.number in client.get(answers[0].url).text
    history = client.get(f"/issues/{issue.number}/").text
    assert ("机构变动" in history, f"责任单位由县民政局改为{NEW}" in history) == (True, True)


def test_who_is_told(cast):
    issue_in(cast, "rectifying")
    change(cast, asked(cast.unit, into=("县公安局",)))
    told = dict(Notice.objects.filter(kind="unit.changed").values_list("recipient__username", "link"))
    assert set(told) == {
        "principal", "deputy", "liaison", "responsible", "second_liaison", "office", "office_second", "lead",
        "secadmin",
    }  # fmt: skip
    assert (told["liaison"], told["second_liaison"][:15]) == ("", "/units/changes/")


def test_a_split_gives_each_matter_to_the_unit_chosen_for_its_item_and_the_first_the_rest(client, cast):
    other = ServiceItem.objects.create(department=cast.unit, name="养老机构备案")
    first = issue_in(cast, "rectifying")
    second = Issue.objects.create(
        number="QH2022-90000", campaign=cast.campaign, region=cast.county, item=other, state="planning",
        source="hotline", discovering_department=cast.office_unit, responsible_department=cast.unit,
        lead_department=cast.lead_unit, description="热线反映", found_on=TODAY, period="2022-06",
    )  # fmt: skip
    answer = press(
        client, cast, kind="split", into="县民政事务局\n县养老服务局",
        **{f"item_{other.pk}": "1", f"item_{cast.item.pk}": "0", f"person_{cast.liaison.pk}": "1"},
        **{f"person_{cast.people[one].pk}": "0" for one in ("principal", "deputy", "responsible")},
    )  # fmt: skip
    assert answer.status_code == 302
    units = {unit.name: unit for unit in Department.objects.filter(name__in=("县民政事务局", "县养老服务局"))}
    given = dict(Issue.objects.values_list("number", "responsible_department__name"))
    assert given == {first.number: "县民政事务局", second.number: "县养老服务局"}
    assert ServiceItem.objects.get(pk=other.pk).department == units["县养老服务局"]
    assert RoleRequest.objects.get(user=cast.liaison).department == units["县养老服务局"]
    assert Department.objects.get(pk=cast.unit.pk).succeeded_by == units["县民政事务局"]
    assert RosterEntry.objects.filter(department__in=units.values(), joined_on=TODAY).count() == 2


@pytest.mark.parametrize(
    ("kind", "sent", "word"),
    [
        ("merge", {"on": "2022-06-09"}, "不能晚于今天（2022-06-08）"),
        ("merge", {"into": "县民政局"}, "县民政局在本次变动中撤销"),
        ("merge", {"document": ""}, "请写明依据的文件"),
        ("merge", {"others": "999999"}, "已不在用"),
        ("split", {"into": "县民政事务局"}, "请写两个以上不同的单位"),
        ("split", {"into": "县养老服务局\n县养老服务局"}, "请写两个以上不同的单位"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(client, cast, kind, sent, word):
    answer = page_of(client, cast, kind=kind, **sent)
    assert (answer.status_code, word in answer.text, answer.context["form"]) == (400, True, None)


def test_an_abolished_unit_goes_on_from_none_and_is_not_restored_once_another_goes_on(cast):
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


def test_a_unit_that_went_on_and_ends_hands_everything_to_the_next(cast):
    closed = issue_in(cast, "closed")
    change(cast, asked(cast.unit))
    grant_all(cast)
    change(cast, asked(Department.objects.get(name=NEW), into=("县社会事务局",)))
    grant_all(cast)
    cast.unit.refresh_from_db()
    assert cast.unit.succeeded_by.name == "县社会事务局"
    assert issues_visible_to(fresh(cast.liaison)).filter(pk=closed.pk).exists()


def test_nobody_else_changes_units_and_what_came_meanwhile_is_shown_first(client, cast):
    for persona in ("secadmin", "office", "principal"):
        with pytest.raises(NotAllowed):
            preview_of(asked(cast.unit), cast.people[persona], today=TODAY)
    shown = page_of(client, cast).context["form"]["seen"].value()
    issue_in(cast, "rectifying")
    with pytest.raises(StaleVersion):
        change(cast, asked(cast.unit), seen=shown)
    answer = press(client, cast, seen=shown)
    assert (answer.status_code, "未销号的责任问题 1 件" in answer.text) == (409, True)
    assert (UnitChange.objects.count(), Department.objects.filter(name=NEW).count()) == (0, 0)
    assert press(client, cast, password="falsch").status_code == 400
    assert press(client, cast).status_code == 302
    late = client.get(f"/units/{cast.unit.pk}/merge/")
    assert (late.status_code, f"县民政局已并入{NEW}，由您在另一处于" in late.text) == (409, True)


def test_help_goes_over_once_and_never_to_the_unit_that_rectifies(cast):
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


def test_a_need_is_answered_by_the_unit_that_goes_on(client, cast):
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


def test_an_enquiry_keeps_the_name_it_was_sent_to_and_is_answered_by_the_unit_that_goes_on(cast):
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


def test_an_issue_struck_off_before_fails_its_look_back_in_the_hands_of_the_unit_that_goes_on(cast):
    closed = issue_in(cast, "closed")
    change(cast, asked(cast.unit))
    again = issue_lifecycle.perform(
        issue=Issue.objects.get(pk=closed.pk), action="look_back_fail", actor=cast.office,
        data={"note": "抽查仍未一次告知", "due_on": date(2022, 6, 28)}, now=NOON,
    )  # fmt: skip
    assert (again.responsible_department.name, NEW in again.search_text) == (NEW, True)


def test_a_plan_goes_on_and_where_there_is_one_its_open_rows_are_added(cast):
    plan = monthly_plan(cast)
    change(cast, asked(cast.unit))
    plan.refresh_from_db()
    heir = Department.objects.get(name=NEW)
    assert (plan.department, plan.events.get(kind="unit_changed").actor) == (heir, cast.sysadmin)
    own = Plan.objects.create(
        campaign=cast.campaign, rules=plan.rules, department=cast.second_unit, receiver=plan.receiver, period="2022-06",
        created_by=cast.second_liaison,
    )  # fmt: skip
    earlier = Plan.objects.create(
        campaign=cast.campaign, rules=plan.rules, department=heir, receiver=plan.receiver, period="2022-05",
        created_by=cast.second_liaison,
    )  # fmt: skip
    rows = plan.rows.count()
    change(cast, asked(heir, into=("县公安局",)))
    plan.refresh_from_db()
    earlier.refresh_from_db()
    assert (plan.department, plan.rows.count(), own.rows.count(), earlier.department) == (heir, 0, rows, heir)
    assert f"列入{NEW}尚未开始的体验 {rows} 项" in own.events.get(kind="unit_changed").note


def test_what_falls_due_is_owed_by_one_of_them_and_what_was_done_before_counts(cast):
    reported_walk(cast, as_conforming=True)
    rules = rules_of(cast.campaign.pk, TODAY)[1]
    change(cast, asked(cast.unit))
    heir = Department.objects.get(name=NEW)
    days = (date(2022, 6, 7), TODAY, date(2022, 6, 20))
    bound = {unit.id: [day for day in days if unit.is_bound(day, TODAY)] for unit in roster_of(cast.campaign)}
    assert (bound[cast.unit.pk], bound[heir.pk]) == ([days[0]], list(days[1:]))
    period = rules.period_of(TODAY)
    owed = owed_in(cast.campaign, rules, period, today=TODAY)
    assert {duty.unit_id for duty in owed.duties} & {cast.unit.pk, heir.pk} == {heir.pk}
    board = board_of(fresh(cast.office), cast.campaign, rules, period=period, today=TODAY)
    line = next(line for line in board.lines if line.unit.id == heir.pk)
    assert (line.is_done, line.reported, line.fulfilled, line.minimum) == (True, 0, 1, 1)
    assert sum(line.reported for line in board.lines) == 1


def test_a_unit_that_stood_on_the_roster_beside_it_does_its_own(cast):
    reported_walk(cast, as_conforming=True)
    rules = rules_of(cast.campaign.pk, TODAY)[1]
    change(cast, asked(cast.unit, into=("县公安局",)))
    owed = owed_in(cast.campaign, rules, rules.period_of(TODAY), today=TODAY)
    assert owed.doers(cast.second_unit.pk) == (cast.second_unit.pk,)


@pytest.mark.parametrize("rows", [1, 3])
def test_list_and_preview_cost_the_same_for_one_row_and_three(client, cast, rows, django_assert_num_queries):
    for number in range(rows):
        issue_in(cast, "registered")
        made = UnitChange.objects.create(
            kind="renamed", region=cast.county, before=[f"甲{number}"], after=["乙"], effective_on=TODAY,
            document=DOCUMENT, made_by=cast.sysadmin, made_at=NOON,
        )  # fmt: skip
        made.units.add(cast.unit)
    client.force_login(cast.sysadmin)
    client.get("/units/changes/")
    with django_assert_num_queries(5):
        assert len(client.get("/units/changes/").context["page"].rows) == rows
    with django_assert_num_queries(42):
        page_of(client, cast)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_merge_and_split_at_once_one_does(cast):
    what = (asked(cast.unit), asked(cast.unit, kind=SPLIT, into=("县民政事务局", "县养老服务局")))
    seen = [preview_of(one, cast.sysadmin, today=TODAY).token for one in what]
    ends = at_once(*(partial(change, cast, one, seen=token) for one, token in zip(what, seen, strict=True)))
    assert [type(end) for end in ends if end is not None] == [IllegalTransition]
    assert UnitChange.objects.count() == 1
    assert Membership.objects.filter(department=cast.unit).exists()
