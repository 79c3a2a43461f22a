"""A covert walk: planned by its walker, known to the people named, begun on the day, open once reported."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from campaigns.domain.lifecycle import create_campaign
from catalogue.models import ServiceItem
from core import slow_pages
from core.exceptions import IllegalTransition, Refused
from core.idempotency import new_key
from core.models import AuditEntry
from issues.domain import intake
from notifications.models import Notice
from tests.cast import AUTUMN, NOON
from walks.domain import covert_planning, lifecycle, opening
from walks.domain.transitions import TABLE
from walks.enums import WalkState
from walks.models import Walk
from walks.urls import urlpatterns

pytestmark = pytest.mark.django_db
ADD = "/walks/covert/add/"
DAY = date(2022, 6, 15)


@pytest.fixture
def planned(cast):
    return opening.plan_covert(
        opening.WalkDraft(campaign=cast.campaign, department_id=cast.unit.pk, item=cast.item, mode="in_person"),
        actor=cast.principal,
        planned_on=DAY,
        now=NOON,
    )


def send(client, user, url, **data):
    client.force_login(user)
    return client.post(url, {"idempotency_key": new_key(), **data})


def typed(cast, **changes):
    return {"item": cast.item.pk, "mode": "in_person", "planned_on": "2026-12-01", "spot": "县政务大厅", **changes}


def test_the_walker_plans_and_only_those_named_can_open_it(client, cast):
    answer = send(client, cast.principal, ADD, **typed(cast, people=[cast.office.pk]))
    walk = Walk.objects.get()
    assert answer["Location"] == reverse("walk", args=[walk.pk])
    assert (walk.state, walk.is_covert, walk.walk_date) == (WalkState.PLANNED, True, date(2026, 12, 1))
    for persona, status in {"principal": 200, "office": 200, "office_second": 404, "liaison": 404, "lead": 404}.items():
        client.force_login(cast.people[persona])
        assert client.get(answer["Location"]).status_code == status, persona
    assert not Notice.objects.exists()


def test_sending_it_twice_makes_one_plan(client, cast):
    data = typed(cast, idempotency_key="once")
    for _ in range(2):
        assert send(client, cast.principal, ADD, **data).status_code == 302
    assert Walk.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"planned_on": ""}, "planned_on", "请选择计划日期。"),
        ({"planned_on": "2022-06-01"}, "planned_on", "请选择今天或以后的日期"),
        ({"planned_on": "2050-01-01"}, "planned_on", "请选择 2022-05-25 至 2032-12-31 之间的日期"),
        ({"item": ""}, "item", "请选择事项。"),
        ({"people": ["999999"]}, "people", "所选人员不在可选范围内，请重新选择。"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_what_was_typed_stays(client, cast, changes, field, words):
    answer = send(client, cast.principal, ADD, **typed(cast, **changes))
    assert answer.status_code == 400
    assert words in answer.context["form"].errors[field]
    assert answer.context["form"]["spot"].value() == "县政务大厅"
    assert not Walk.objects.exists()


def test_staff_of_the_visited_unit_cannot_be_named_a_receiving_lead_included(client, cast):
    visited = ServiceItem.objects.create(department=cast.lead_unit, name="企业开办")
    answer = send(client, cast.principal, ADD, **typed(cast, item=visited.pk, people=[cast.lead.pk]))
    assert answer.status_code == 400
    assert "不能列为知情人" in answer.context["form"].errors["people"][0]
    assert send(client, cast.principal, ADD, **typed(cast, people=[cast.lead.pk])).status_code == 302


def test_a_liaison_plans_none_and_a_campaign_with_notice_beforehand_offers_none(client, cast):
    assert send(client, cast.liaison, ADD).status_code == 403
    version = cast.campaign.rule_versions.get()
    planning = version.data["planning"] | {"covert": "forbidden"}
    cast.campaign.rule_versions.create(
        number=2,
        data=version.data | {"planning": planning},
        effective_on=version.effective_on,
        issued_at=version.issued_at,
    )
    client.force_login(cast.principal)
    assert "没有可以暗访的活动" in client.get(ADD).text
    with pytest.raises(Refused, match="要求体验前报备"):
        opening.plan_covert(
            opening.WalkDraft(campaign=cast.campaign, department_id=cast.unit.pk, item=cast.item, mode="in_person"),
            actor=cast.principal,
            planned_on=DAY,
            now=NOON,
        )


def test_the_walker_begins_puts_off_and_names_and_nobody_else_does(client, cast, planned):
    covert_planning.name_readers(walk=planned, named=readers(cast, "liaison", "office"), actor=cast.principal, now=NOON)
    for name in ("walk_begin", "walk_postpone", "walk_readers"):
        url = reverse(name, args=[planned.pk])
        assert send(client, cast.office, url).status_code == 403
        assert send(client, cast.liaison, url).status_code == 403
        assert send(client, cast.deputy, url).status_code == 404
    moved = send(
        client,
        cast.principal,
        reverse("walk_postpone", args=[planned.pk]),
        planned_on="2026-12-03",
        version=planned.version,
    )
    assert moved.status_code == 302
    begun = send(client, cast.principal, reverse("walk_begin", args=[planned.pk]))
    assert begun.status_code == 302
    planned.refresh_from_db()
    assert planned.state == WalkState.IN_PROGRESS
    assert [event.kind for event in planned.events.all()] == ["planned", "postponed", "started"]
    with pytest.raises(IllegalTransition):
        lifecycle.perform(walk=planned, action="begin", actor=cast.principal)


@pytest.mark.clock(AUTUMN)
def test_it_is_put_off_to_today_or_later_only(client, cast, planned):
    url = reverse("walk_postpone", args=[planned.pk])
    answer = send(client, cast.principal, url, planned_on="2022-06-20", version=planned.version)
    assert (answer.status_code, answer.context["form"].errors["planned_on"]) == (400, ["请选择今天或以后的日期"])
    lifecycle.perform(walk=planned, action="postpone", actor=cast.principal, data={"planned_on": NOON.date()}, now=NOON)
    assert planned.walk_date == NOON.date()


@pytest.mark.parametrize("leaves", ["roster", "abolished"])
def test_a_unit_the_campaign_no_longer_binds_begins_nothing_and_the_plan_is_kept(client, cast, planned, leaves):
    if leaves == "roster":
        cast.campaign.roster.filter(department=cast.unit).update(left_on=DAY)
    else:
        type(cast.unit).objects.filter(pk=cast.unit.pk).update(is_active=False)
    answer = send(client, cast.principal, reverse("walk_begin", args=[planned.pk]))
    if leaves == "abolished":  # nobody has any part in a walk of a unit that is no more
        assert answer.status_code == 404
    else:
        assert "本单位已不在活动名单内，体验未开始" in answer.text
    planned.refresh_from_db()
    assert planned.state == WalkState.PLANNED
    with pytest.raises(Refused, match="不在活动名单内"):
        opening.start(
            opening.WalkDraft(campaign=cast.campaign, department_id=cast.unit.pk, item=cast.item, mode="in_person"),
            actor=cast.principal,
            now=NOON,
        )


def test_where_several_campaigns_are_open_one_must_be_chosen(client, cast):
    second = other_campaign(cast)
    answer = send(client, cast.principal, ADD, **typed(cast))
    assert answer.status_code == 400
    assert answer.context["form"].errors["place"] == ["请选择活动。"]
    assert not Walk.objects.exists()
    assert 'value="" selected' in client.get(ADD).text
    send(client, cast.principal, ADD, **typed(cast, place=f"{second.pk}-{cast.unit.pk}"))
    assert Walk.objects.get().campaign == second


def test_a_walk_that_has_begun_takes_steps_but_a_planned_one_does_not(client, cast, planned):
    url = reverse("walk_step_add", args=[planned.pk])
    client.force_login(cast.principal)
    assert client.get(url).status_code == 409
    lifecycle.perform(walk=planned, action="begin", actor=cast.principal, now=NOON)
    assert client.get(url).status_code == 200


def test_reporting_brings_it_into_the_open_with_its_number_and_its_audit(client, cast, planned):
    lifecycle.perform(walk=planned, action="begin", actor=cast.principal, now=NOON)
    step = lifecycle.add_step(walk=planned, actor=cast.principal, stage="consult", note="未一次告知")
    draft = intake.capture(walk=planned, actor=cast.principal, description="未一次告知", stage="consult", step=step)
    draft.walk = planned
    intake.classify(
        issue=draft, actor=cast.principal, description="未一次告知", stage="consult", category="政务服务",
        department=cast.unit,
    )  # fmt: skip
    planned.refresh_from_db()
    intake.record_walk(walk=planned, actor=cast.principal, now=NOON)
    intake.sign_walk(walk=planned, actor=cast.principal, now=NOON)
    assert not Notice.objects.exists()
    assert not AuditEntry.objects.filter(chain="open", object_key=str(planned.pk)).exists()
    [issue] = intake.report_walk(walk=planned, actor=cast.principal, now=NOON)
    assert issue.number == "QH2022-00001"
    for persona in ("liaison", "lead", "office", "supervisor"):
        client.force_login(cast.people[persona])
        assert client.get(reverse("walk", args=[planned.pk])).status_code == 200, persona
    client.force_login(cast.people["auditor"])
    told = client.get("/audit/").text
    assert "暗访公开" in told
    assert "体验签字" in told


def test_each_reading_leaves_a_covert_trace(client, cast, planned):
    client.force_login(cast.principal)
    client.get(reverse("walk", args=[planned.pk]))
    client.get(f"/api/v1/walks/{planned.pk}/")
    traces = AuditEntry.objects.filter(chain="covert", action="walk.viewed", object_key=str(planned.pk))
    assert traces.count() == 2


def test_a_cancelled_plan_stays_hidden_for_ever(client, cast, planned):
    url = reverse("walk_act", args=[planned.pk, "cancel"])
    client.force_login(cast.principal)
    version = client.get(url).context["form"]["version"].value()
    assert send(client, cast.principal, url, version=version, reason="天气").status_code == 302
    client.force_login(cast.office)
    assert client.get(reverse("walk", args=[planned.pk])).status_code == 404


def test_under_a_notice_that_wants_all_walks_covert_every_walk_is(client, cast):
    version = cast.campaign.rule_versions.get()
    covert = {"planning": version.data["planning"] | {"covert": "required"}}
    cast.campaign.rule_versions.create(
        number=2, data=version.data | covert, effective_on=version.effective_on, issued_at=version.issued_at
    )
    walk = opening.start(
        opening.WalkDraft(campaign=cast.campaign, department_id=cast.unit.pk, item=cast.item, mode="in_person"),
        actor=cast.principal,
        now=NOON,
    )
    assert walk.is_covert
    client.force_login(cast.liaison)
    assert client.get(reverse("walk", args=[walk.pk])).status_code == 404


@pytest.mark.parametrize("walks", [1, 3])
def test_the_page_of_planned_walks_costs_the_same(client, cast, django_assert_num_queries, walks):
    for day in range(walks):
        opening.plan_covert(
            opening.WalkDraft(campaign=cast.campaign, department_id=cast.unit.pk, item=cast.item, mode="in_person"),
            actor=cast.principal,
            planned_on=date(2022, 6, 20 + day),
            now=NOON,
        )
    client.force_login(cast.principal)
    # The first time the trace costs: what stands there already, one write in a transaction (PostgreSQL: and its lock).
    trace = 6 if connection.vendor == "postgresql" else 5
    client.get("/password/")
    for queries in (8 + trace, 9):
        with django_assert_num_queries(queries):
            page = client.get("/walks/?tab=planned")
        assert len(page.context["page"].rows) == walks


def other_campaign(cast):
    second, _ = create_campaign(
        template="lantian-2022",
        code="QH2026",
        name="青禾县第二次活动",
        region_name=cast.county.name,
        region=cast.county,
        start=date(2022, 5, 25),
        end=date(2032, 12, 31),
    )
    return second


def readers(cast, *personas):
    offered = covert_planning.readers_offered(
        cast.principal, covert_planning.covert_openings(cast.principal, today=DAY)
    )
    ids = {cast.people[persona].pk for persona in personas}
    found = [one for one in offered if one.user_id in ids]
    assert len(found) == len(personas)
    return found


def test_the_buttons_of_a_planned_walk_say_what_the_table_says(client, cast, planned):
    client.force_login(cast.principal)
    page = client.get(reverse("walk", args=[planned.pk]))
    for action in ("begin", "postpone"):
        row = TABLE.by_action[action]
        assert page.context[action] is row
        assert f"</svg>{row.label}<" in page.text


def test_slow_pages_name_no_page_of_covert_walks_alone(client, cast, planned, broker, monkeypatch):
    """系统管理员 reads which routes were slow: that these were used at all would tell."""
    monkeypatch.setattr(slow_pages, "SLOW_SECONDS", 0.0)
    broker.delete(slow_pages.KEY)
    client.force_login(cast.principal)
    for url in (ADD, f"/walks/{planned.pk}/postpone/", f"/walks/{planned.pk}/readers/", "/walks/"):
        assert client.get(url).status_code == 200
    assert client.post(f"/walks/{planned.pk}/begin/").status_code in (302, 400)
    assert {one.route for one in slow_pages.slowest()} == {"/walks/"}


def test_every_view_of_covert_walks_alone_is_unlisted():
    views = [one.callback for one in urlpatterns if one.callback.__module__ == "walks.views.covert"]
    assert len(views) == 4
    assert all(view.is_unlisted for view in views)


def test_beginning_sent_twice_begins_once_and_goes_on(client, cast, planned):
    key = new_key()
    with time_machine.travel(NOON.replace(day=15), tick=False):
        for _ in range(2):
            answer = send(client, cast.principal, f"/walks/{planned.pk}/begin/", idempotency_key=key)
            assert (answer.status_code, answer.url) == (302, f"/walks/{planned.pk}/")
