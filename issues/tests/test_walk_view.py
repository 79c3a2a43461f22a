"""The page of a walk."""

import re

import pytest

from issues.domain import intake, lifecycle
from tests.cast import NOON, open_walk, reported_walk
from walks.domain import lifecycle as walk_lifecycle
from walks.domain import opening

pytestmark = pytest.mark.django_db


def page(client, walk):
    return client.get(f"/walks/{walk.pk}/")


def test_the_walker_sees_steps_problems_needs_and_what_is_missing(client, cast):
    walk = open_walk(cast, problems=1)
    intake.add_need(walk=walk, actor=cast.principal, subject="citizen", content="希望周末也能办理")
    client.force_login(cast.principal)
    text = page(client, walk).text
    for words in (
        "结婚登记",
        "亲身办",
        "体验中",
        "2022年6月8日",
        "电话咨询一次说清",
        "窗口未一次性告知1",
        "希望周末也能办理",
    ):
        assert words in text
    assert "还有 1 个问题没有选择分类" in text
    assert f"/walks/{walk.pk}/complete/#problems" in text


def test_each_step_offers_to_note_a_problem_at_it(client, cast):
    walk = open_walk(cast)
    client.force_login(cast.principal)
    step = walk.steps.get()
    assert f"/walks/{walk.pk}/problems/add/?step={step.public_id}" in page(client, walk).text


def test_each_missing_part_leads_to_where_it_is_filled_in(client, cast):
    walk = opening.start(
        opening.WalkDraft(campaign=cast.campaign, department_id=cast.unit.pk, item=cast.item, mode="on_behalf"),
        actor=cast.principal,
        now=NOON,
    )
    client.force_login(cast.liaison)
    missing = {part["name"]: part["url"] for part in page(client, walk).context["missing"]}
    assert set(missing) == {"steps", "zero_explained", "has_authorisation"}
    for name, url in missing.items():
        place, _, anchor = url.partition("#")
        answer = client.get(place)
        assert answer.status_code == 200
        assert not anchor or f'id="{anchor}"' in answer.text, name


def test_nothing_can_be_added_to_a_recorded_walk_and_the_next_hand_is_named(client, cast):
    walk = open_walk(cast)
    walk_lifecycle.write_facts(walk=walk, actor=walk.walker, facts={"zero_explained": "全程顺畅"})
    walk.refresh_from_db()
    intake.record_walk(walk=walk, actor=cast.liaison, now=NOON)
    client.force_login(cast.liaison)
    answer = page(client, walk)
    assert "等主要负责同志核对签字" in answer.text
    assert "/steps/add/" not in answer.text
    assert [act["verb"] for act in answer.context["acts"]] == ["reopen"]
    client.force_login(cast.principal)
    assert [act["verb"] for act in page(client, walk).context["acts"]] == ["sign", "reopen"]


@pytest.mark.parametrize(
    ("persona", "verbs"),
    [("principal", ["cancel"]), ("deputy", ["cancel"]), ("liaison", ["cancel"])],
)
def test_an_open_walk_offers_its_unit_only_to_cancel_beside_going_on(client, cast, persona, verbs):
    walk = open_walk(cast)
    client.force_login(cast.people[persona])
    assert [act["verb"] for act in page(client, walk).context["acts"]] == verbs


def test_the_lead_is_offered_to_accept_or_send_back_and_the_office_only_reads(client, cast):
    walk, _ = reported_walk(cast)
    client.force_login(cast.lead)
    assert [act["verb"] for act in page(client, walk).context["acts"]] == ["accept", "send-back"]
    client.force_login(cast.supervisor)
    answer = page(client, walk)
    assert answer.context["acts"] == []
    assert not answer.context["is_open"]


def test_registered_problems_lead_to_the_ledger(client, cast):
    walk, [issue] = reported_walk(cast)
    lifecycle.perform(issue=issue, action="take", actor=cast.liaison, now=NOON)
    client.force_login(cast.lead)
    text = page(client, walk).text
    assert f'href="/issues/{issue.number}/"' in text
    assert "待定措施" in text


def test_the_reason_of_a_return_is_shown_first(client, cast):
    walk, _ = reported_walk(cast)
    walk_lifecycle.perform(
        walk=walk, action="send_back", actor=cast.lead, data={"reason": "缺少取结果环节的记录"}, now=NOON
    )
    client.force_login(cast.liaison)
    answer = page(client, walk)
    assert "缺少取结果环节的记录" in answer.text
    assert answer.context["is_open"]
    assert [act["verb"] for act in answer.context["acts"]] == []


def test_history_names_every_event(client, cast):
    walk, _ = reported_walk(cast)
    client.force_login(cast.office)
    titles = [event["title"] for event in page(client, walk).context["history"]]
    assert titles == ["报送", "签字", "登记完成", "开始体验"]


def masked(text):
    """The page without what differs at every request: the CSRF token and the error code."""
    return re.sub(r'value="\w{64}"|<b>[0-9A-F]{6}</b>', "", text)


UNREPORTED = [
    "second_liaison",
    "namesake",
    "responsible",
    "lead",
    "office",
    "supervisor",
    "office_city",
    "sysadmin",
    "auditor",
]
REPORTED = ["second_liaison", "namesake", "responsible", "office_other_county", "secadmin"]


@pytest.mark.parametrize(("persona", "reported"), [(p, False) for p in UNREPORTED] + [(p, True) for p in REPORTED])
def test_a_walk_one_may_not_see_answers_like_one_that_never_was(client, cast, persona, reported):
    walk = reported_walk(cast)[0] if reported else open_walk(cast)
    client.force_login(cast.people[persona])
    hidden = page(client, walk)
    absent = client.get("/walks/00000000-0000-4000-8000-000000000000/")
    assert hidden.status_code == absent.status_code == 404
    assert masked(hidden.text) == masked(absent.text)
    assert str(walk.pk) not in hidden.text


def test_the_city_office_reads_a_reported_walk_and_may_not_act_on_it(client, cast):
    walk, _ = reported_walk(cast)
    client.force_login(cast.office_city)
    assert page(client, walk).status_code == 200
    assert client.post(f"/walks/{walk.pk}/accept/", {"version": walk.version}).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_whatever_the_walk_holds(client, cast, rows, django_assert_num_queries):
    walk = open_walk(cast, problems=rows)
    for number in range(rows - 1):
        walk_lifecycle.add_step(walk=walk, actor=cast.principal, stage="queue", note=str(number), happened_at=NOON)
    for _ in range(rows):
        intake.add_need(walk=walk, actor=cast.principal, subject="firm", content="需求")
    client.force_login(cast.liaison)
    page(client, walk)
    with django_assert_num_queries(17):
        answer = page(client, walk)
    assert len(answer.context["steps"]) == len(answer.context["problems"]) == len(answer.context["needs"]) == rows
