"""The pages of the actions: who may, what is asked for, what a refusal keeps, and that twice is once."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from core.idempotency import new_key
from core.models import IdempotencyKey
from issues.domain import lifecycle
from issues.domain.transitions import TABLE
from issues.forms.actions import ACTION_FORMS
from issues.models import Issue
from issues.tests.acting import send, url_of
from issues.views.said import SAID
from notifications.models import Notice
from tests.cast import NOON, PASSWORD, issue_in, reported_walk

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON, tick=True)]
TODAY = NOON.date()
FUTURE = date(2022, 6, 27)


def test_every_action_of_the_table_but_registering_has_a_form():
    assert set(ACTION_FORMS) == set(TABLE.by_action) - {"register"}


NEEDS_ANOTHER_FIRST = {"resume_planning", "merge", "dismiss", "confirm_due", "refuse_due"}
NEEDS_ANOTHER_FIRST |= {
    "note_help",
    "note_reply",
    "track_measures",
    "unmark_practice",
    "grant_extension",
    "deny_extension",
    "withdraw_extension",
}


def act_on(cast, action: str):
    """(issue, persona, data, the state it leads to) of one good use of every action."""
    unit = cast.second_unit.pk
    plan = {"measures": "1.改指南\n2.培训", "responsible_person": cast.responsible.pk, "due_on": FUTURE}
    review = date(2022, 7, 30)
    fixed = {"measures": "当场更正", "done_on": TODAY, "result": "已更正"}
    return {
        "fix_on_spot": (
            "registered",
            "liaison",
            fixed,
        ),
        "take": ("registered", "liaison", {}),
        "assign": ("registered", "lead", {"department": unit, "due_on": FUTURE, "cooperating": [unit]}),
        "accept": ("assigned", "second_liaison", {}),
        "dispute": ("assigned", "second_liaison", {"note": "不属本单位职责"}),
        "plan": ("planning", "liaison", plan),
        "defer": ("rectifying", "office", {"note": "待省级改造", "review_on": review}),
        "resume": ("deferred", "office", {}),
        "refer": ("rectifying", "office", {"referred_to": "市民政局"}),
        "request_closing": ("rectifying", "responsible", {"result": "已更新"}),
        "approve_closing": ("closing", "lead", {"note": "核对属实"}),
        "return_closing": ("closing", "office", {"note": "照片看不清"}),
        "look_back_pass": ("closed", "office", {"note": "抽查3件均好"}),
        "look_back_fail": ("closed", "office", {"note": "又出现", "due_on": FUTURE}),
        "chase": ("rectifying", "office", {"note": "请报进展"}),
        "ask_extension": ("rectifying", "responsible", {"note": "待系统升级", "extension_to": date(2022, 7, 29)}),
        "note_progress": ("rectifying", "responsible", {"note": "已起草"}),
        "add_measures": ("rectifying", "responsible", {"measures": "增设专窗"}),
        "amend": ("rectifying", "lead", {"remark": "并入专窗改造"}),
        "propose_dismissal": ("registered", "office", {"note": "重复"}),
        "reclassify": ("rectifying", "lead", {"category": "执法", "note": "原分类不准"}),
        "set_marks": ("rectifying", "office", {"is_priority": "on", "note": "县长批示"}),
        "note_cause": ("rectifying", "responsible", {"cause": "制度没有更新", "cause_depth": "mechanism"}),
        "mark_practice": ("closed", "lead", {"note": "一次告知单上墙"}),
    }[action]


@pytest.mark.parametrize("action", sorted(set(ACTION_FORMS) - NEEDS_ANOTHER_FIRST))
def test_each_action_is_done_on_its_page_and_told(client, cast, action):
    state, persona, data = act_on(cast, action)
    issue = issue_in(cast, state)
    response = send(client, cast.people[persona], issue, action, "?list=tab%3Dopen", **data)
    assert response.status_code == 302, response.context and response.context["form"].errors
    assert response["Location"] == f"/issues/{issue.number}/?list=tab%3Dopen"
    assert SAID.get(action, "已交办") in client.get(response["Location"]).content.decode()
    issue.refresh_from_db()
    assert issue.state == TABLE.by_action[action].target_from(state)
    assert issue.events.last().kind == action


def test_a_merge_and_a_dismissal_by_two_hands(client, cast):
    target, copy, bad = issue_in(cast, "rectifying"), issue_in(cast, "registered"), issue_in(cast, "registered")
    assert send(client, cast.office, copy, "merge", target=target.number).status_code == 302
    assert send(client, cast.office, bad, "propose_dismissal", note="不属实").status_code == 302
    assert send(client, cast.office, bad, "dismiss").status_code == 403
    page = client.get(url_of(bad, "dismiss"))
    assert page.status_code == 403
    client.force_login(cast.office_second)
    assert "不属实" in client.get(url_of(bad, "dismiss")).content.decode()
    assert send(client, cast.office_second, bad, "dismiss").status_code == 302
    assert {i.number: i.state for i in (Issue.objects.get(pk=copy.pk), Issue.objects.get(pk=bad.pk))} == {
        copy.number: "merged",
        bad.number: "dismissed",
    }


@pytest.mark.parametrize(
    ("action", "persona"),
    [("grant_extension", "lead"), ("deny_extension", "lead"), ("withdraw_extension", "liaison")],
)
def test_a_request_for_more_time_is_ended_on_its_page(client, cast, action, persona):
    issue = issue_in(cast, "rectifying")
    assert (
        send(client, cast.responsible, issue, "ask_extension", note="待系统升级", extension_to="2022-07-29").status_code
        == 302
    )
    assert send(client, cast.people[persona], issue, action, note="同意").status_code == 302
    assert issue.events.last().kind == action


def test_an_issue_passed_up_before_its_plan_comes_back_to_be_planned(client, cast):
    issue = issue_in(cast, "planning")
    assert send(client, cast.office, issue, "refer", referred_to="市民政局").status_code == 302
    issue.refresh_from_db()
    page = client.get(reverse("issue", args=[issue.number])).content.decode()
    assert "恢复定措施" in page
    assert "恢复整改" not in page
    assert send(client, cast.office, issue, "resume").status_code == 409
    assert send(client, cast.office, issue, "resume_planning").status_code == 302
    issue.refresh_from_db()
    assert (issue.state, issue.clock_stopped_on) == ("planning", None)
    assert Notice.objects.filter(recipient=cast.liaison, text__contains="请定整改措施").exists()


def test_the_plan_writes_the_four_and_the_reductions(client, cast):
    issue = issue_in(cast, "planning")
    data = {
        "measures": "1.系统对接\n2.合并材料",
        "responsible_name": "外聘 王工",
        "contact_phone": "13900002222",
        "due_on": FUTURE.isoformat(),
        "track": "long_term",
        "reduction_2": "documents",
        "before_2": "5",
        "after_2": "3",
    }
    assert send(client, cast.liaison, issue, "plan", **data).status_code == 302
    issue.refresh_from_db()
    assert (issue.responsible_name, issue.track, issue.due_on, issue.first_due_on) == (
        "外聘 王工",
        "long_term",
        FUTURE,
        FUTURE,
    )
    rows = list(issue.measures.values_list("order", "text", "reduction", "before", "after"))
    assert rows == [(1, "系统对接", "", None, None), (2, "合并材料", "documents", 5, 3)]


def test_each_missing_part_of_the_four_is_named_at_its_field_and_the_rest_is_kept(client, cast):
    issue = issue_in(cast, "planning")
    response = send(client, cast.liaison, issue, "plan", contact_phone="13900002222", reduction_1="days", before_1="9")
    assert response.status_code == 400
    assert set(response.context["form"].errors) == {"reduction_1"}
    response = send(client, cast.liaison, issue, "plan", contact_phone="13900002222")
    assert response.status_code == 400
    errors = response.context["form"].errors
    assert {name: list(words) for name, words in errors.items()} == {
        "measures": ["请填写整改措施"],
        "responsible_name": ["请填写责任人"],
        "due_on": ["请填写整改时限"],
    }
    assert 'value="13900002222"' in response.content.decode()
    issue.refresh_from_db()
    assert issue.state == "planning"
    assert not IdempotencyKey.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"), [("measures", "长" * 501), ("due_on", "9999-12-31"), ("due_on", "1999-12-31"), ("due_on", "x")]
)
def test_a_measure_or_a_date_beyond_reason_is_refused_and_kept(client, cast, field, value):
    issue = issue_in(cast, "planning")
    data = {"measures": "改", "due_on": FUTURE, "responsible_name": "王工", field: value}
    response = send(client, cast.liaison, issue, "plan", **data)
    assert response.status_code == 400
    assert set(response.context["form"].errors) == {field}
    assert value in response.content.decode()


def test_a_claimed_reduction_is_completed_when_closing_is_asked_for(client, cast):
    issue = issue_in(cast, "rectifying")
    claim = issue.measures.create(order=2, text="系统对接", reduction="days", before=10)
    refused = send(client, cast.liaison, issue, "request_closing", result="已对接", **{f"before_{claim.pk}": "10"})
    assert set(refused.context["form"].errors) == {f"after_{claim.pk}"}
    data = {f"before_{claim.pk}": "10", f"after_{claim.pk}": "2"}
    assert send(client, cast.liaison, issue, "request_closing", result="已对接", **data).status_code == 302
    claim.refresh_from_db()
    assert (claim.before, claim.after) == (10, 2)


def test_pressing_twice_makes_one_step_and_the_second_answer_is_the_same(client, cast):
    issue = issue_in(cast, "rectifying")
    client.force_login(cast.liaison)
    data = {"note": "已起草", "version": issue.version, "idempotency_key": new_key()}
    first, second = (client.post(url_of(issue, "note_progress"), data) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert issue.events.filter(kind="note_progress").count() == 1


def test_one_key_with_another_content_is_refused_and_nothing_is_written(client, cast):
    issue, other = issue_in(cast, "rectifying"), issue_in(cast, "rectifying")
    client.force_login(cast.liaison)
    key = new_key()
    for target, expected in ((issue, 302), (other, 302)):
        data = {"note": "已起草", "version": target.version, "idempotency_key": key}
        assert client.post(url_of(target, "note_progress"), data).status_code == expected
    assert other.events.filter(kind="note_progress").count() == 0


def test_a_page_that_is_out_of_date_answers_409_and_says_who_was_first(client, cast):
    issue = issue_in(cast, "closing")
    client.force_login(cast.office)
    seen = client.get(url_of(issue, "approve_closing")).context["form"]["version"].value()
    lifecycle.perform(issue=issue, action="return_closing", actor=cast.lead, data={"note": "照片看不清"})
    data = {"version": seen, "idempotency_key": new_key(), "note": "属实", "password": PASSWORD}
    response = client.post(url_of(issue, "approve_closing"), data)
    assert response.status_code == 409
    assert cast.lead.name in response.content.decode()
    issue.refresh_from_db()
    assert issue.state == "rectifying"


def test_a_step_that_is_not_open_answers_409_on_opening_and_on_sending(client, cast):
    issue = issue_in(cast, "registered")
    client.force_login(cast.office)
    data = {"version": issue.version, "idempotency_key": new_key()}
    assert client.get(url_of(issue, "approve_closing")).status_code == 409
    answer = client.post(url_of(issue, "approve_closing"), data)
    assert answer.status_code == 409
    assert "待验收" in answer.content.decode()


def test_the_wrong_hand_answers_403_and_the_requester_cannot_strike_off(client, cast):
    issue = issue_in(cast, "closing")
    for persona in ("liaison", "responsible", "principal", "supervisor", "office_city"):
        user = cast.people[persona]
        client.force_login(user)
        data = {"version": issue.version, "idempotency_key": new_key()}
        assert client.get(url_of(issue, "approve_closing")).status_code == 403, persona
        assert client.post(url_of(issue, "approve_closing"), data).status_code == 403, persona
    issue.refresh_from_db()
    assert issue.state == "closing"


def test_what_is_out_of_scope_and_an_unknown_action_do_not_exist(client, cast):
    issue = issue_in(cast, "closing")
    for persona in ("namesake", "office_other_county", "second_liaison", "sysadmin"):
        client.force_login(cast.people[persona])
        for method in (client.get, client.post):
            assert method(url_of(issue, "approve_closing")).status_code == 404, persona
    client.force_login(cast.office)
    assert client.get(url_of(issue, "delete")).status_code == 404
    assert client.get(url_of(issue, "register")).status_code == 404


@pytest.mark.parametrize("field", ["department", "cooperating"])
def test_a_unit_of_another_county_does_not_exist(client, cast, field):
    issue = issue_in(cast, "registered")
    data = {"department": cast.second_unit.pk, field: cast.namesake_unit.pk}
    response = send(client, cast.lead, issue, "assign", **data)
    assert response.status_code == 400
    assert response.context["form"].errors[field] == ["没有找到所选单位，请重新选择。"]
    issue.refresh_from_db()
    assert issue.state == "registered"


def test_a_person_of_another_unit_cannot_be_made_responsible(client, cast):
    issue = issue_in(cast, "planning")
    data = {"measures": "改", "due_on": FUTURE, "responsible_person": cast.second_liaison.pk}
    response = send(client, cast.liaison, issue, "plan", **data)
    assert response.context["form"].errors["responsible_person"] == ["没有找到所选人员，请重新选择。"]


def test_fields_nobody_asked_for_change_nothing(client, cast):
    issue = issue_in(cast, "assigned")
    extra = {"state": "closed", "due_on": "2099-01-01", "responsible_department": cast.unit.pk, "closed_by": 1}
    assert send(client, cast.second_liaison, issue, "accept", **extra).status_code == 302
    after = Issue.objects.get(pk=issue.pk)
    assert (after.state, after.due_on, after.closed_by_id) == ("planning", issue.due_on, None)


def test_what_the_approver_reads_is_what_the_requester_sent(client, cast):
    issue = issue_in(cast, "closing")
    client.force_login(cast.lead)
    html = client.get(url_of(issue, "approve_closing")).content.decode()
    assert "告知单已更新上墙" in html
    assert "修订一次性告知单" in html
    assert cast.responsible.name in html


def test_a_dispute_that_comes_too_late_is_refused_with_its_last_day(client, cast):
    _, [issue] = reported_walk(cast, proposed=cast.second_unit)
    lifecycle.perform(issue=issue, action="assign", actor=cast.lead, data={"department": cast.second_unit}, now=NOON)
    with time_machine.travel(NOON + timedelta(days=3)):
        client.force_login(cast.second_liaison)
        answer = client.get(url_of(issue, "dispute"))
    assert answer.status_code == 409
    assert "2022-06-10" in answer.content.decode()


def test_after_a_failed_look_back_the_unit_writes_new_measures_and_the_old_round_stays(client, cast):
    issue = issue_in(cast, "closed")
    look = {"note": "又出现", "due_on": FUTURE}
    assert send(client, cast.office, issue, "look_back_fail", **look).status_code == 302
    issue.refresh_from_db()
    answer = send(client, cast.responsible, issue, "add_measures", measures="1.增设专窗\n2.窗口培训")
    assert answer.status_code == 302
    told = list(issue.measures.order_by("round", "order").values_list("round", "order", "text"))
    assert told == [(1, 1, "修订一次性告知单"), (2, 1, "增设专窗"), (2, 2, "窗口培训")]
    assert issue.events.last().kind == "add_measures"
    assert send(client, cast.office, issue, "add_measures", measures="代写").status_code == 403


def test_somebody_without_an_account_is_the_last_choice_and_people_stand_with_their_office(client, cast):
    issue = issue_in(cast, "planning")
    client.force_login(cast.liaison)
    choices = list(client.get(url_of(issue, "plan")).context["form"].fields["responsible_person"].choices)
    assert (choices[0][1], choices[-1]) == ("请选择", ("other", "其他人员（填写姓名）"))
    assert all("（" in label for _, label in choices[1:-1])
    data = {"measures": "改", "due_on": FUTURE, "responsible_person": "other", "responsible_name": "周民安"}
    assert send(client, cast.liaison, issue, "plan", **data).status_code == 302
    issue.refresh_from_db()
    assert (issue.responsible_person, issue.responsible_name) == (None, "周民安")


def test_the_page_of_a_dispute_says_until_when_it_is_possible(client, cast):
    client.force_login(cast.second_liaison)
    page = client.get(url_of(issue_in(cast, "assigned"), "dispute")).text
    assert "可在签收期限内退单（2 个工作日，至 2022-06-10）" in page


def test_an_assigned_issue_is_said_to_be_assigned_to_its_unit(client, cast):
    issue = issue_in(cast, "registered")
    answer = send(client, cast.lead, issue, "assign", department=cast.second_unit.pk)
    assert "已交办县公安局。" in client.get(answer["Location"]).text


def test_every_action_says_in_its_own_words_what_was_done():
    # 交办 names the unit.
    assert {*SAID, "assign"} == set(ACTION_FORMS)
