"""The liaison completes what the head began."""

from contextlib import contextmanager

import pytest

from core.content_token import content_token
from core.idempotency import new_key
from issues.domain import intake
from tests.cast import AUTUMN, NOON, open_walk, reported_walk
from walks.domain import guards
from walks.domain import lifecycle as walk_lifecycle
from walks.models import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.clock(AUTUMN)]


def url(walk):
    return f"/walks/{walk.pk}/complete/"


def sent(walk, **changes):
    facts = {"place": "县政务服务大厅", "ended_on": "2022-06-10", "suggestion": "增加叫号屏", "zero_explained": ""}
    figures = {"actual_days": "2", "actual_documents": "4", "actual_trips": "2"}
    seen = content_token(intake.stored_completion(walk))
    body = {**facts, **figures, "idempotency_key": new_key(), "seen": seen}
    for problem in walk.issues.all():
        body |= {f"p-{problem.public_id}-category": "业务办理", f"p-{problem.public_id}-department": walk.department_id}
    return {**body, **changes}


def test_saving_keeps_facts_classes_and_units_and_the_walk_stays_open(client, cast):
    walk = open_walk(cast, problems=2)
    client.force_login(cast.liaison)
    one, two = walk.issues.order_by("id")
    answer = client.post(url(walk), sent(walk, **{f"p-{two.public_id}-department": cast.second_unit.pk}))
    assert answer.url == url(walk)
    walk = Walk.objects.get()
    assert (walk.place, walk.actual_days, walk.actual_documents, walk.suggestion) == (
        "县政务服务大厅",
        2,
        4,
        "增加叫号屏",
    )
    assert walk.state == "in_progress"
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.category, one.proposed_department, two.proposed_department) == ("业务办理", cast.unit, cast.second_unit)


def test_finishing_saves_and_records_in_one_press_and_a_second_press_changes_nothing(client, cast):
    walk = open_walk(cast, problems=1)
    client.force_login(cast.liaison)
    body = sent(walk, finish="1")
    for _ in range(2):
        assert client.post(url(walk), body).url == f"/walks/{walk.pk}/"
    assert Walk.objects.get().state == "recorded"
    assert walk.events.filter(kind="recorded").count() == 1


def test_what_is_missing_is_named_at_its_field_and_what_was_typed_is_saved(client, cast):
    walk = open_walk(cast)
    client.force_login(cast.liaison)
    answer = client.post(url(walk), sent(walk, finish="1"))
    assert answer.status_code == 400
    assert "请说明体验情况" in answer.context["form"].errors["zero_explained"][0]
    walk.refresh_from_db()
    assert (walk.state, walk.place) == ("in_progress", "县政务服务大厅")
    for empty in ("无", "未发现问题。", "一切正常"):
        key = answer.context["form"]["idempotency_key"].value()
        answer = client.post(url(walk), sent(walk, finish="1", zero_explained=empty, idempotency_key=key))
        assert "请写明体验了哪些步骤" in answer.context["form"].errors["zero_explained"][0]
    again = sent(
        walk,
        finish="1",
        zero_explained="全程一次办结",
        idempotency_key=answer.context["form"]["idempotency_key"].value(),
    )
    assert client.post(url(walk), again).status_code == 302
    assert Walk.objects.get().state == "recorded"


def test_a_problem_without_a_class_keeps_the_walk_open_and_is_counted(client, cast):
    walk = open_walk(cast, problems=2)
    problem = walk.issues.first()
    client.force_login(cast.liaison)
    answer = client.post(url(walk), sent(walk, finish="1", **{f"p-{problem.public_id}-category": ""}))
    assert answer.status_code == 400
    assert "还有 1 个问题没有选择分类" in answer.text
    assert Walk.objects.get().state == "in_progress"


def test_on_behalf_asks_for_the_authorisation_and_a_simulated_case_for_its_withdrawal(client, cast):
    walk = open_walk(cast, mode="on_behalf")
    client.force_login(cast.liaison)
    body = sent(walk, finish="1", zero_explained="顺畅", is_simulated="on")
    answer = client.post(url(walk), body)
    assert set(answer.context["form"].errors) == {"has_authorisation", "simulation_withdrawn"}
    assert (
        client.post(
            url(walk),
            {
                **body,
                "has_authorisation": "on",
                "simulation_withdrawn": "on",
                "idempotency_key": new_key(),
                "seen": sent(walk)["seen"],
            },
        ).status_code
        == 302
    )


def test_an_in_person_walk_is_not_asked_for_an_authorisation(client, cast):
    walk = open_walk(cast)
    client.force_login(cast.liaison)
    assert "has_authorisation" not in client.get(url(walk)).context["form"].fields


def test_the_explained_zero_is_asked_only_when_nothing_was_found(client, cast):
    client.force_login(cast.liaison)
    assert "zero_explained" in client.get(url(open_walk(cast))).context["form"].fields
    assert "zero_explained" not in client.get(url(open_walk(cast, problems=1))).context["form"].fields


@pytest.mark.parametrize(
    ("name", "value"),
    [("ended_on", "2022-06-07"), ("ended_on", "2099-01-01"), ("ended_on", "六月十日"), ("actual_days", "-1"),
     ("actual_documents", "三份"), ("actual_trips", "99999")],
)  # fmt: skip
def test_a_bad_figure_is_told_at_its_field_and_nothing_is_saved(client, cast, name, value):
    walk = open_walk(cast)
    client.force_login(cast.liaison)
    answer = client.post(url(walk), sent(walk, **{name: value}))
    assert answer.status_code == 400
    assert answer.context["form"].errors[name]
    assert value in answer.text
    walk.refresh_from_db()
    assert walk.place == ""


def test_a_unit_of_another_county_cannot_be_named(client, cast):
    walk = open_walk(cast, problems=1)
    problem = walk.issues.get()
    client.force_login(cast.liaison)
    answer = client.post(url(walk), sent(walk, **{f"p-{problem.public_id}-department": cast.namesake_unit.pk}))
    assert answer.status_code == 400
    assert "没有找到所选单位" in answer.text
    problem.refresh_from_db()
    assert problem.proposed_department == cast.unit


def test_a_returned_walk_keeps_its_numbered_problems_and_takes_new_ones(client, cast):
    walk, [issue] = reported_walk(cast)
    walk_lifecycle.perform(walk=walk, action="send_back", actor=cast.lead, data={"reason": "补照片"}, now=NOON)
    client.force_login(cast.liaison)
    assert issue.number in client.get(url(walk)).text
    assert client.post(url(walk), sent(walk, finish="1")).status_code == 302
    issue.refresh_from_db()
    assert (issue.state, Walk.objects.get().state) == ("registered", "recorded")


@pytest.mark.parametrize(
    ("persona", "status"),
    [("responsible", 404), ("second_liaison", 404), ("lead", 404), ("office", 404), ("deputy", 200)],
)
def test_only_the_unit_completes(client, cast, persona, status):
    walk = open_walk(cast)
    client.force_login(cast.people[persona])
    assert client.get(url(walk)).status_code == status
    if status == 404:
        assert client.post(url(walk), sent(walk, finish="1", zero_explained="x")).status_code == 404
        assert Walk.objects.get().state == "in_progress"


def test_the_lead_may_read_a_reported_walk_but_not_complete_it(client, cast):
    walk, _ = reported_walk(cast)
    client.force_login(cast.lead)
    assert client.post(url(walk), sent(walk)).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_whatever_the_number_of_problems(client, cast, rows, django_assert_num_queries):
    walk = open_walk(cast, problems=rows)
    client.force_login(cast.liaison)
    client.get(url(walk))
    with django_assert_num_queries(14):
        assert len(client.get(url(walk)).context["rows"]) == rows


def test_companions_stand_on_the_walk_and_beyond_the_rules_are_refused_with_what_was_typed_kept(client, cast):
    walk = open_walk(cast)
    client.force_login(cast.liaison)
    counted = {"companions_business": "1", "companions_other": "2"}
    client.post(url(walk), {"seen": sent(walk)["seen"], "idempotency_key": "c1", **counted})
    walk.refresh_from_db()
    assert walk.companions == {"business": 1, "other": 2}
    assert "政务服务业务人员 1 人、其他陪同人员 2 人" in client.get(f"/walks/{walk.pk}/").text
    with rules_saying(walk, companions=1):
        answer = client.post(
            url(walk), {"seen": sent(walk)["seen"], "idempotency_key": "c2", "companions_business": "2"}
        )
    assert answer.status_code == 400
    assert "本活动陪同人员最多 1 人（现填 2 人）" in answer.text
    assert answer.context["form"]["companions_business"].value() == "2"


@contextmanager
def rules_saying(walk, group="walking", **changes):
    """The walk under another version of the rules, as after an amendment."""
    old = walk.rules
    data = old.data | {group: old.data[group] | changes}
    version = walk.campaign.rule_versions.create(number=9, data=data, effective_on=old.effective_on)
    Walk.objects.filter(pk=walk.pk).update(rules=version)
    yield
    Walk.objects.filter(pk=walk.pk).update(rules=old)


def test_where_the_campaign_makes_evidence_a_condition_a_walk_without_a_photo_is_not_recorded(client, cast):
    walk = open_walk(cast)
    walk_lifecycle.write_facts(walk=walk, actor=cast.principal, facts={"zero_explained": "顺畅"})
    walk.refresh_from_db()
    client.force_login(cast.principal)
    assert "本活动要求附照片" not in client.get(f"/walks/{walk.pk}/").text
    with rules_saying(walk, group="reporting", evidence=["photo"], evidence_required=True):
        assert "本活动要求附照片，请在办理步骤里至少附一张" in client.get(f"/walks/{walk.pk}/").text
        walk.refresh_from_db()
        missing = guards.missing_for_record(walk, issues_total=0, issues_unclassified=0)
    assert set(missing) == {"photos"}
