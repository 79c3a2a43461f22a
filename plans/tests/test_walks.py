"""From a filed row to the walk: 报备 first where the rules want it, then the walk, bound to its row once."""

from datetime import date, datetime, timedelta

import pytest
import time_machine

from core.exceptions import IllegalTransition, Refused
from core.idempotency import new_key
from notifications.models import Notice
from plans.domain import lifecycle, walks
from plans.domain.queries import rows_of
from plans.models import PlanEvent
from plans.tests.planning import FIRST_DAY, build_planning, plan_in
from plans.tests.planning import row as written
from tests.cast import TZ
from walks.domain import lifecycle as walk_lifecycle
from walks.domain import opening
from walks.models import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.clock(FIRST_DAY), pytest.mark.both_databases]
WHEN = datetime(2023, 3, 28, 9, 30, tzinfo=TZ)


@pytest.fixture
def cast():
    return build_planning()


@pytest.fixture
def plan(cast):
    return plan_in(cast, "filed")


def first_row(plan, place=0):
    return rows_of(plan).select_related("plan__campaign", "plan__department", "plan__rules")[place]


def told(cast, plan, place=0):
    """The first row, or that at ``place``, after its 报备."""
    walks.give_notice(row=first_row(plan, place), actor=cast.liaison, when=WHEN)
    return first_row(plan, place)


def press(client, person, row):
    client.force_login(person)
    return client.post(f"/plans/{row.plan_id}/rows/{row.pk}/start/", {"idempotency_key": new_key()})


def test_before_the_notice_no_walk_begins_from_the_plan(client, cast, plan):
    row = first_row(plan)
    answer = press(client, cast.principal, row)
    text = client.get(answer.url).text
    assert "须先报备具体时间再体验" in text
    assert "四 开展体验前将具体时间安排报备" in text
    assert not Walk.objects.exists()


def test_the_notice_names_day_and_hour_to_the_receiving_side(client, cast, plan):
    row = first_row(plan)
    client.force_login(cast.liaison)
    path = f"/plans/{plan.pk}/rows/{row.pk}/notice/"
    assert client.get(path).context["form"]["when"].value() == datetime(2023, 3, 28, 9, 0)
    data = {"when": "2023-03-29T10:00", "idempotency_key": new_key(), "seen": walks.token_of_notice(row)}
    first, second = client.post(path, data), client.post(path, data)
    assert (first.status_code, second.status_code) == (302, 302)
    row.refresh_from_db()
    assert (row.noticed_at, row.planned_on) == (FIRST_DAY, date(2023, 3, 29))
    event = PlanEvent.objects.get(plan=plan, kind="noticed")
    assert event.note == "1. 新生儿出生一件事：2023-03-29 10:00（原计划 2023-03-28）"
    notice = Notice.objects.get(kind="plan.noticed")
    assert notice.recipient == cast.receiving
    assert "定于2023-03-29 10:00体验（测试principal）" in notice.text


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (datetime(2023, 4, 16, 9, 0, tzinfo=TZ), "2023-03-14 至 2023-04-15"),
        (FIRST_DAY - timedelta(minutes=1), "所填时间已过"),
    ],
)
def test_a_moment_outside_the_window_or_past_is_refused(client, cast, plan, when, words):
    client.force_login(cast.liaison)
    data = {"when": when.strftime("%Y-%m-%dT%H:%M"), "idempotency_key": new_key()}
    data["seen"] = walks.token_of_notice(first_row(plan))
    answer = client.post(f"/plans/{plan.pk}/rows/{first_row(plan).pk}/notice/", data)
    assert answer.status_code == 400
    assert words in answer.text
    assert first_row(plan).noticed_at is None


def test_only_a_filed_plan_is_noticed_or_walked(client, cast):
    plan = plan_in(cast, "submitted")
    row = first_row(plan)
    client.force_login(cast.liaison)
    assert client.get(f"/plans/{plan.pk}/rows/{row.pk}/notice/").status_code == 409
    assert press(client, cast.principal, row).status_code == 409


def test_after_the_notice_the_walk_begins_with_the_facts_of_its_row(client, cast, plan):
    row = told(cast, plan)
    with time_machine.travel(WHEN, tick=False):
        answer = press(client, cast.liaison, row)
    walk = Walk.objects.get()
    row.refresh_from_db()
    assert answer.url == f"/walks/{walk.pk}/"
    assert row.walk == walk
    assert (walk.item, walk.walker, walk.mode, walk.place) == (row.item, cast.principal, row.mode, row.place)
    assert walk.walk_date == WHEN.date()
    assert "已报备" in client.get(f"/plans/{plan.pk}/").text


def test_a_row_is_walked_once(client, cast, plan):
    row = told(cast, plan)
    client.force_login(cast.principal)
    data = {"idempotency_key": new_key()}
    first, second = (client.post(f"/plans/{plan.pk}/rows/{row.pk}/start/", data) for _ in range(2))
    assert first.url == second.url
    assert press(client, cast.deputy, row).status_code == 409
    assert Walk.objects.count() == 1


def test_after_a_cancelled_walk_the_row_may_be_walked_again(cast, plan):
    row = told(cast, plan)
    walk = walks.start_row(row=row, actor=cast.principal)
    walk_lifecycle.perform(
        walk=Walk.objects.get(pk=walk.pk), action="cancel", actor=cast.principal, data={"reason": "窗口停办"}
    )
    again = walks.start_row(row=first_row(plan), actor=cast.principal)
    assert first_row(plan).walk_id == again.pk != walk.pk


def test_those_above_learn_of_the_walk_only_when_it_is_reported(client, cast, plan):
    walk = walks.start_row(row=told(cast, plan), actor=cast.principal)
    seen = {}
    for persona in ("liaison", "receiving", "office"):
        client.force_login(cast.people[persona])
        seen[persona] = str(walk.pk) in client.get(f"/plans/{plan.pk}/").text
    assert seen == {"liaison": True, "receiving": False, "office": False}


def handed_over(cast, draft):
    """The adjustment filed in the place of the plan in force."""
    lifecycle.perform(plan=draft, action="submit", actor=cast.liaison)
    lifecycle.perform(plan=draft, action="file", actor=cast.receiving)


def test_while_a_plan_is_adjusted_its_rows_are_noticed_and_walked_and_the_walk_goes_over(client, cast, plan):
    draft = lifecycle.perform(plan=plan, action="adjust", actor=cast.liaison, note="增加一项")
    row = told(cast, plan)
    assert rows_of(draft).first().noticed_at == FIRST_DAY
    press(client, cast.principal, row)
    walk = Walk.objects.get()
    begun = rows_of(draft).first()
    assert (begun.is_begun, begun.walk) == (True, None)
    assert f"/walks/{walk.pk}/" in client.get(f"/plans/{draft.pk}/").text
    handed_over(cast, draft)
    begun.refresh_from_db()
    assert (begun.walk, begun.noticed_at) == (walk, FIRST_DAY)
    assert not plan.rows.filter(walk__isnull=False).exists()
    assert PlanEvent.objects.get(plan=draft, kind="carried").note == "照原稿转入，不再改动：新生儿出生一件事"
    with pytest.raises(IllegalTransition):
        walks.start_row(row=begun, actor=cast.principal)


def test_a_row_changed_or_left_out_before_its_walk_began_goes_over_as_it_was_walked(cast, plan):
    draft = lifecycle.perform(plan=plan, action="adjust", actor=cast.liaison, note="改期")
    first, _ = rows_of(draft)
    changed = [
        written(cast, cast.bundles[0], pk=first.pk, place="别处"),
        written(cast, cast.bundles[1], planned_on=date(2023, 4, 3)),
    ]
    lifecycle.save_rows(plan=draft, actor=cast.liaison, version=1, rows=changed)
    told_rows = [told(cast, plan, place) for place in (0, 1)]
    begun = [walks.start_row(row=row, actor=cast.principal) for row in told_rows]
    handed_over(cast, draft)
    stored = list(rows_of(draft).values_list("order", "place", "walk"))
    assert stored == [(1, "县政务大厅", begun[0].pk), (2, "县政务大厅", None), (3, "县政务大厅", begun[1].pk)]


def test_a_cancelled_walk_locks_no_row_of_the_adjustment(cast, plan):
    walk = walks.start_row(row=told(cast, plan), actor=cast.principal)
    walk_lifecycle.perform(
        walk=Walk.objects.get(pk=walk.pk), action="cancel", actor=cast.principal, data={"reason": "窗口停办"}
    )
    draft = lifecycle.perform(plan=plan, action="adjust", actor=cast.liaison, note="改期")
    assert [row.is_begun for row in rows_of(draft)] == [False, False]


def test_the_superseded_plan_begins_no_walk(cast, plan):
    row = told(cast, plan)
    handed_over(cast, lifecycle.perform(plan=plan, action="adjust", actor=cast.liaison, note="改期"))
    with pytest.raises(IllegalTransition):
        walks.start_row(row=row, actor=cast.principal)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (datetime(2022, 5, 31, 9, tzinfo=TZ), "2022年6月的计划从 2022-06-01 起执行，尚未开始"),
        (datetime(2022, 7, 1, 9, tzinfo=TZ), "2022年6月的计划已于 2022-06-30 到期"),
    ],
)
def test_a_walk_begins_from_its_plan_only_while_the_period_runs(client, cast, day, words):
    june = datetime(2022, 6, 2, 9, tzinfo=TZ)
    may = lifecycle.open_plan(
        actor=cast.liaison, campaign=cast.campaign, department_id=cast.unit.pk, period="2022-06", now=june
    )
    rows = [written(cast, cast.item, planned_on=date(2022, 6, 8), companions={})]
    lifecycle.save_rows(plan=may, actor=cast.liaison, version=1, rows=rows, now=june)
    lifecycle.perform(plan=may, action="submit", actor=cast.liaison, now=june)
    lifecycle.perform(plan=may, action="file", actor=cast.lead, now=june)
    with time_machine.travel(day, tick=False):
        answer = press(client, cast.principal, first_row(may))
        page = client.get(answer.url).text
    assert words in page
    assert "照旧保留" in page
    assert "按计划开始体验<span" not in page
    assert not Walk.objects.exists()


def test_a_unit_that_left_the_roster_begins_nothing_from_its_plan(client, cast, plan):
    row = told(cast, plan)
    cast.planned.roster.filter(department=cast.unit).update(left_on=FIRST_DAY.date())
    answer = press(client, cast.principal, row)
    page = client.get(answer.url).text
    assert "不能按计划开始体验：县民政局已于 2023-03-14 退出本活动名单" in page
    assert "按计划开始体验<span" not in page
    assert not Walk.objects.exists()
    with pytest.raises(Refused, match="不能报备"):
        told(cast, plan)


def test_a_row_whose_walk_began_is_neither_changed_nor_left_out_of_an_adjustment(client, cast, plan):
    walks.start_row(row=told(cast, plan), actor=cast.principal)
    draft = lifecycle.perform(plan=plan, action="adjust", actor=cast.liaison, note="增加一项")
    begun = rows_of(draft)[0]
    with pytest.raises(Refused, match="已经按计划开始体验"):
        lifecycle.save_rows(plan=draft, actor=cast.liaison, version=1, rows=[])
    client.force_login(cast.liaison)
    assert "已开始体验，不再改动" in client.get(f"/plans/{draft.pk}/edit/").text
    data = {"version": 1, "row": ["0"], "r0-pk": begun.pk, "r0-item": "结婚登记", "idempotency_key": new_key()}
    assert client.post(f"/plans/{draft.pk}/edit/", data).status_code == 302
    assert list(rows_of(draft).values_list("pk", "item__name")) == [(begun.pk, "新生儿出生一件事")]


def test_once_begun_the_day_is_no_longer_given(cast, plan):
    walks.start_row(row=told(cast, plan), actor=cast.principal)
    with pytest.raises(IllegalTransition):
        told(cast, plan)


def opened(client, cast, item):
    client.force_login(cast.principal)
    place = f"{cast.planned.pk}-{cast.unit.pk}"
    data = {"item": item.pk, "mode": "in_person", "place": place, "idempotency_key": new_key()}
    return client.post("/walks/start/", data, follow=True)


def test_a_walk_of_an_item_in_no_plan_is_opened_with_a_warning(client, cast, plan):
    answer = opened(client, cast, cast.item)
    assert Walk.objects.count() == 1
    assert "不在已备案的计划内" in answer.text


def test_an_item_of_the_filed_plan_is_begun_from_its_row_alone(client, cast, plan):
    answer = opened(client, cast, next(one for one in cast.bundles if one.name == "公民婚育一件事"))
    assert answer.status_code == 400
    assert "在对应的一行先报备，再点“按计划开始体验”" in answer.text
    assert not Walk.objects.exists()


def test_an_item_whose_walk_was_cancelled_is_begun_from_its_row_again(client, cast, plan):
    walk = walks.start_row(row=told(cast, plan), actor=cast.principal)
    walk_lifecycle.perform(walk=walk, action="cancel", actor=cast.principal, data={"reason": "窗口停电"})
    answer = opened(client, cast, walk.item)
    assert answer.status_code == 400
    assert Walk.objects.count() == 1


def test_where_no_notice_is_asked_for_a_walk_beside_the_plan_is_nothing_to_speak_of(cast):
    with time_machine.travel(datetime(2022, 6, 8, 9, 0, tzinfo=TZ), tick=False):
        walk = opening.start(
            opening.WalkDraft(campaign=cast.campaign, department_id=cast.unit.pk, item=cast.item, mode="in_person"),
            actor=cast.principal,
        )
    assert walks.unplanned_warning(walk) == ""
