"""The page of one issue."""

from datetime import date

import pytest
from django.urls import reverse

from core.exceptions import Refused
from issues.domain import lifecycle
from issues.domain.detail import reduction_percent
from issues.models import Issue, Measure
from tests.cast import NOON, issue_in, reported_walk
from tests.scale import sample_of, scaled
from walks.models import Walk

pytestmark = pytest.mark.django_db


def get(client, user, issue, query: str = ""):
    client.force_login(user)
    return client.get(f"{reverse('issue', args=[issue.number])}{query}")


def html_of(client, user, issue, query: str = "") -> str:
    response = get(client, user, issue, query)
    assert response.status_code == 200
    return response.content.decode()


def note(issue, actor, text: str) -> None:
    lifecycle.perform(issue=issue, action="note_progress", actor=actor, data={"note": text}, now=NOON)


@pytest.mark.parametrize(("persona", "queries"), [("office", 26), ("liaison", 25), ("supervisor", 25)])
def test_the_number_of_queries_does_not_follow_what_hangs_on_it(
    client, cast, django_assert_num_queries, persona, queries
):
    issue = issue_in(cast, "rectifying")
    user = cast.people[persona]
    get(client, user, issue)
    for round_ in range(3):
        with django_assert_num_queries(queries):
            client.get(reverse("issue", args=[issue.number]))
        Measure.objects.create(issue=issue, round=1, order=round_ + 2, text="再加一条")
        note(issue, cast.liaison, "进展")
        issue.cooperating.add(cast.second_unit, cast.lead_unit)


def test_every_fact_is_there_and_the_phone_is_masked(client, cast):
    issue = issue_in(cast, "closed")
    html = html_of(client, cast.supervisor, issue)
    for fact in (
        "窗口未一次性告知1",
        "结婚登记",
        "咨询查询",
        "业务办理",
        "县民政局",
        "县行政审批局",
        "测试responsible",
    ):
        assert fact in html
    for fact in ("修订一次性告知单", "告知单已更新上墙", "2022-06-28", "限期整改", "走流程", "测试lead", "已销号"):
        assert fact in html
    assert "138****1111" in html
    assert "13800001111" not in html


def test_the_four_are_shown_as_clear_or_missing(client, cast):
    registered = get(client, cast.office, issue_in(cast, "registered")).context["four"]
    assert [part["missing"] for part in registered] == ["", "请填写责任人", "请填写整改措施", "请填写整改时限"]
    planned = get(client, cast.office, issue_in(cast, "rectifying"))
    assert [part["missing"] for part in planned.context["four"]] == [""] * 4
    assert "待明确" not in planned.content.decode()


def test_the_page_and_the_action_name_the_same_of_the_four_as_missing(client, cast):
    issue = issue_in(cast, "planning")
    shown = get(client, cast.liaison, issue)
    assert shown.content.decode().count("待明确") == 3
    with pytest.raises(Refused) as refused:
        lifecycle.perform(issue=issue, action="plan", actor=cast.liaison, data={"measures": "①"}, now=NOON)
    named = [part["missing"] for part in shown.context["four"] if part["missing"]]
    assert list(refused.value.fields.values()) == named == ["请填写责任人", "请填写整改措施", "请填写整改时限"]


def test_the_first_date_stays_visible_when_the_date_has_changed(client, cast):
    issue = issue_in(cast, "rectifying")
    assert "首次时限" not in html_of(client, cast.office, issue)
    Issue.objects.filter(pk=issue.pk).update(due_on=date(2022, 8, 1), due_provisional=True)
    html = html_of(client, cast.office, issue)
    assert "首次时限 2022-06-28" in html
    assert "暂定" in html


@pytest.mark.parametrize(
    ("before", "after", "percent"),
    [(10, 3, 70.0), (3, 2, 33.3), (3, 0, 100.0), (4, 5, -25.0), (0, 0, None), (0, 3, None), (5, None, None)],
)
def test_a_reduction_is_the_share_of_what_was_before(before, after, percent):
    assert reduction_percent(before, after) == percent


def test_measures_show_before_after_and_percent(client, cast):
    issue = issue_in(cast, "rectifying")
    Measure.objects.create(issue=issue, order=2, text="系统对接", reduction="days", before=10, after=3)
    Measure.objects.create(issue=issue, order=3, text="合并材料", reduction="documents", before=0, after=0)
    html = html_of(client, cast.office, issue)
    assert "减时间（工作日）：<b>10</b> → <b>3</b>，压减 70.0%" in html
    assert "减材料（份）：<b>0</b> → <b>0</b></span>" in html


def test_buttons_are_what_the_person_may_do_now_and_lead_to_pages_that_open(client, cast, subtests):
    states = ("registered", "assigned", "disputed", "planning", "rectifying", "deferred", "closing", "closed")
    people = ("liaison", "responsible", "second_liaison", "lead", "office", "office_city", "supervisor")
    for state in sample_of(states, scaled(3, len(states)), of="buttons"):
        issue = issue_in(cast, state)
        for persona in people:
            user = cast.people[persona]
            response = get(client, user, issue)
            if response.status_code == 404:
                continue
            with subtests.test(f"{state}, {persona}"):
                shown = [*response.context["bar"], *response.context["other_acts"]]
                assert {act.action for act in shown} == {row.action for row in lifecycle.available(user, issue)}
                for act in shown:
                    url = reverse("issue_act", args=[issue.number, act.action])
                    assert url in response.content.decode()
                    assert client.get(url).status_code == 200


def test_a_reader_from_above_gets_no_button(client, cast):
    for state in ("registered", "closing", "rectifying"):
        response = get(client, cast.supervisor, issue_in(cast, state))
        assert response.context["bar"] == []
        assert response.context["other_acts"] == []


def test_the_history_names_each_step_its_hand_and_its_words_newest_first(client, cast):
    issue = issue_in(cast, "rectifying")
    note(issue, cast.responsible, "已起草新告知单")
    events = get(client, cast.office, issue).context["events"]
    assert [event["title"] for event in events] == ["填写进展", "定措施", "自行整改", "登记入账"]
    assert events[0]["actor"] == "测试responsible"
    assert events[0]["note"] == "已起草新告知单"
    assert events[1]["note"] == "整改时限：2022-06-28"
    assert events[3]["actor"] == "系统"


def test_a_round_that_failed_its_look_back_stays_as_it_was(client, cast):
    issue = issue_in(cast, "closed")
    data = {"note": "仍要求往返", "due_on": date(2022, 7, 20)}
    lifecycle.perform(issue=issue, action="look_back_fail", actor=cast.office, data=data, now=NOON)
    response = get(client, cast.office, issue)
    [past] = response.context["rounds"]
    assert past["row"].result == "告知单已更新上墙"
    assert past["row"].finding == "仍要求往返"
    assert [line["text"] for line in past["measures"]] == ["修订一次性告知单"]
    assert "第 1 轮（回头看未通过）" in response.content.decode()
    assert "沿用第 1 轮措施" in response.content.decode()


def test_the_walk_is_linked_only_for_those_who_may_open_it(client, cast):
    issue = issue_in(cast, "assigned")
    walk = reverse("walk", args=[issue.walk_id])
    assert walk in html_of(client, cast.liaison, issue)
    assert walk in html_of(client, cast.office, issue)
    assert walk not in html_of(client, cast.second_liaison, issue)
    assert Walk.objects.filter(pk=issue.walk_id).exists()


def test_a_merge_shows_the_other_number_only_to_those_who_see_that_issue(client, cast):
    target = issue_in(cast, "rectifying")
    issue = issue_in(cast, "assigned")
    lifecycle.perform(issue=issue, action="merge", actor=cast.office, data={"target": target.number}, now=NOON)
    assert target.number in html_of(client, cast.office, issue)
    assert issue.number in html_of(client, cast.office, target)
    assert target.number not in html_of(client, cast.second_liaison, issue)


def test_what_is_out_of_scope_looks_like_what_never_was(client, cast):
    issue = issue_in(cast, "rectifying")
    absent = Issue(number="QH2022-99999")
    for persona in ("namesake", "office_other_county", "second_liaison", "sysadmin", "secadmin", "auditor"):
        unseen, never = get(client, cast.people[persona], issue), get(client, cast.people[persona], absent)
        assert (unseen.status_code, never.status_code) == (404, 404), persona


def test_a_draft_has_no_page(client, cast):
    reported_walk(cast)
    assert get(client, cast.office, Issue(number="None")).status_code == 404


def test_the_way_back_is_the_list_it_was_opened_from_and_never_another_site(client, cast):
    issue = issue_in(cast, "rectifying")
    kept = get(client, cast.office, issue, "?list=tab%3Dopen%26sort%3D-due_on%26page%3D3%26next%3Dhttps://x.example")
    assert kept.context["back_url"] == f"/issues/?tab=open&sort=-due_on&page=3#i-{issue.number}"
    for raw in ("//x.example", "https://x.example/?q=1", "javascript:alert(1)", ""):
        back = get(client, cast.office, issue, f"?list={raw}").context["back_url"]
        assert back.startswith("/issues/")
        assert "example" not in back
        assert "script" not in back
