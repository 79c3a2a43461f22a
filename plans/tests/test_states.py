"""The life of a plan: who may take which step, in which state, and what each leaves behind."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from campaigns.models import Deadline
from core.calendar import work_calendar
from core.exceptions import IllegalTransition, Refused, StaleVersion
from core.idempotency import new_key
from core.models import AuditEntry
from core.workdays import late_words
from notifications.models import Notice
from plans.domain import lifecycle
from plans.domain.queries import plans_visible_to, rows_of
from plans.enums import PlanState
from plans.models import Plan, PlanEvent
from plans.tests.planning import FIRST_DAY, LATE_MONDAY, build_planning, draft_plan, plan_in, row
from tests.scale import sample_of, scaled

pytestmark = [pytest.mark.django_db, pytest.mark.clock(FIRST_DAY)]
STATES = ("draft", "submitted", "filed", "returned", "superseded", "discarded")
UNIT = ("principal", "deputy", "liaison")
VERBS = {
    "submit": (("draft", "returned"), UNIT),
    "file": (("submitted",), ("receiving", "office", "office_second")),
    "return": (("submitted",), ("receiving", "office", "office_second")),
    "adjust": (("filed",), UNIT),
}
READERS = ("receiving", "office", "office_second", "office_city", "supervisor")
OUTSIDERS = ("responsible", "namesake", "second_liaison", "lead", "office_other_county", "sysadmin", "auditor")


@pytest.fixture
def cast():
    return build_planning()


def sends(client, person, plan, verb, **data):
    client.force_login(person)
    body = {"version": plan.version, "note": "时间写具体些", "idempotency_key": new_key(), **data}
    return client.post(f"/plans/{plan.pk}/act/{verb}/", body)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", STATES)
def test_each_step_is_open_to_its_people_from_its_states_only(client, cast, verb, state):
    states, people = VERBS[verb]
    plan = plan_in(cast, state)
    # Outsiders are told alike; some of them, drawn by the seed. The access matrix asks them too.
    outsiders = sample_of(OUTSIDERS, scaled(2, len(OUTSIDERS)), of=f"{verb} {state}")
    for persona in (*UNIT, *READERS, *outsiders):
        seen = persona in UNIT or (persona in READERS and state not in ("draft", "discarded"))
        expected = 404 if not seen else 403 if persona not in people else 302 if state in states else 409
        with transaction.atomic():
            assert sends(client, cast.people[persona], plan, verb).status_code == expected, persona
            transaction.set_rollback(True)


def test_a_plan_is_the_units_own_until_it_is_handed_in(cast):
    seen = {state: set() for state in ("draft", "submitted")}
    for state in seen:
        plan = plan_in(cast, state) if state == "draft" else Plan.objects.get()
        if state == "submitted":
            lifecycle.perform(plan=plan, action="submit", actor=cast.liaison)
        for persona in (*UNIT, *READERS, *OUTSIDERS):
            if plans_visible_to(cast.people[persona]).exists():
                seen[state].add(persona)
    assert seen == {"draft": set(UNIT), "submitted": {*UNIT, *READERS}}


def test_the_lead_never_files_its_own_plan_the_office_does(client, cast):
    plan = plan_in(cast, "submitted")
    Plan.objects.filter(pk=plan.pk).update(receiver=cast.unit)
    plan.refresh_from_db()
    cast.liaison.memberships.create(department=cast.unit, role="lead")
    assert sends(client, cast.liaison, plan, "file").status_code == 403
    assert sends(client, cast.office, plan, "file").status_code == 302
    plan.refresh_from_db()
    assert plan.state == PlanState.FILED


@pytest.mark.both_databases
def test_only_one_plan_of_a_unit_is_in_force(cast):
    plan = draft_plan(cast)
    again = lifecycle.open_plan(actor=cast.principal, campaign=cast.planned, department_id=cast.unit.pk, period="all")
    assert again == plan
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.create(
            campaign=cast.planned, rules=plan.rules, department=cast.unit, receiver=cast.service, period="all",
            created_by=cast.liaison,
        )  # fmt: skip


def test_a_unit_off_the_roster_and_a_foreign_period_are_refused(cast):
    with pytest.raises(Refused, match="名单"):
        lifecycle.open_plan(
            actor=cast.namesake, campaign=cast.planned, department_id=cast.namesake_unit.pk, period="all"
        )
    with pytest.raises(Refused, match="这一期"):
        lifecycle.open_plan(actor=cast.liaison, campaign=cast.planned, department_id=cast.unit.pk, period="2023-03")


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2023, 3, 17), ""),
        (date(2023, 3, 18), "逾期（未满 1 个工作日）"),
        (date(2023, 3, 20), "逾期 1 个工作日"),
        (date(2023, 3, 21), "逾期 2 个工作日"),
    ],
)
def test_lateness_is_told_in_working_days(cast, day, words):
    assert late_words(date(2023, 3, 17), day, work_calendar()) == words


def test_a_plan_handed_in_after_the_17th_is_taken_and_marked_late(client, cast):
    plan = draft_plan(cast)
    assert plan.due_on == date(2023, 3, 17)
    with time_machine.travel(LATE_MONDAY, tick=False):
        assert sends(client, cast.liaison, plan, "submit").status_code == 302
        client.force_login(cast.receiving)
        assert "逾期 1 个工作日" in client.get(f"/plans/{plan.pk}/").text
        assert "逾期 1 个工作日" in client.get("/plans/").text


def test_the_first_complete_submit_decides_lateness(cast):
    plan = plan_in(cast, "returned", now=FIRST_DAY)
    lifecycle.perform(plan=plan, action="submit", actor=cast.liaison, now=LATE_MONDAY)
    assert plan.submitted_on == FIRST_DAY.date()
    assert plan.return_reason == ""


def test_a_due_date_that_moved_before_the_submit_counts(cast):
    plan = draft_plan(cast)
    Deadline.objects.filter(campaign=cast.planned, kind="plan").update(due_on=date(2023, 3, 24))
    lifecycle.perform(plan=plan, action="submit", actor=cast.liaison, now=LATE_MONDAY)
    assert plan.due_on == date(2023, 3, 24)


def test_a_filed_plan_stands_unchanged_until_its_adjustment_is_filed(cast):
    filed = plan_in(cast, "filed")
    old_rows = list(rows_of(filed).values_list("item_id", "planned_on", "walker_id"))
    draft = lifecycle.perform(plan=filed, action="adjust", actor=cast.liaison, note="窗口停办", now=LATE_MONDAY)
    assert (draft.state, draft.round, draft.submitted_on) == ("draft", 2, FIRST_DAY.date())
    later = [row(cast, item, planned_on=date(2023, 4, 3)) for item in cast.bundles]
    lifecycle.save_rows(plan=draft, actor=cast.liaison, version=1, rows=later)
    lifecycle.perform(plan=draft, action="submit", actor=cast.liaison, now=LATE_MONDAY)
    filed.refresh_from_db()
    assert filed.state == "filed"
    lifecycle.perform(plan=draft, action="file", actor=cast.receiving, now=LATE_MONDAY)
    filed.refresh_from_db()
    assert (filed.state, draft.state) == ("superseded", "filed")
    assert list(rows_of(filed).values_list("item_id", "planned_on", "walker_id")) == old_rows
    with pytest.raises(IllegalTransition):
        lifecycle.save_rows(plan=filed, actor=cast.liaison, version=filed.version, rows=[])


@pytest.mark.parametrize(("verb", "persona"), [("submit", "liaison"), ("file", "receiving")])
def test_before_a_plan_is_handed_in_or_filed_who_walks_for_whom_and_why_is_shown(client, cast, verb, persona):
    rows = [row(cast), row(cast, cast.bundles[1], walker_id=cast.deputy.pk, delegation_reason="many_items")]
    plan = draft_plan(cast, rows)
    if verb == "file":
        lifecycle.perform(plan=plan, action="submit", actor=cast.liaison)
    client.force_login(cast.people[persona])
    text = client.get(f"/plans/{plan.pk}/act/{verb}/").text
    assert "（委托，事项较多）" in text
    assert text.count("委托，") == 1
    assert "；陪同：政务服务业务人员 1 人、信息化工作人员 1 人" in text


def test_an_adjustment_given_up_leaves_the_filed_plan_as_it_was(client, cast):
    filed = plan_in(cast, "filed")
    before = Plan.objects.filter(pk=filed.pk).values().get(), list(rows_of(filed).values())
    draft = lifecycle.perform(plan=filed, action="adjust", actor=cast.liaison, note="窗口停办")
    client.force_login(cast.liaison)
    assert "放弃调整" in client.get(f"/plans/{draft.pk}/").text
    assert "照常有效" in client.get(f"/plans/{filed.pk}/").text
    answer = sends(client, cast.liaison, draft, "discard")
    assert answer.url == f"/plans/{filed.pk}/"
    draft.refresh_from_db()
    assert draft.state == "discarded"
    assert (Plan.objects.filter(pk=filed.pk).values().get(), list(rows_of(filed).values())) == before
    assert AuditEntry.objects.filter(action="plan.discarded", object_type="plan").count() == 1
    assert lifecycle.perform(plan=filed, action="adjust", actor=cast.liaison, note="再调").round == 3


def test_a_returned_adjustment_may_be_given_up_and_those_above_still_find_it(cast):
    draft = lifecycle.perform(plan=plan_in(cast, "filed"), action="adjust", actor=cast.liaison, note="窗口停办")
    lifecycle.perform(plan=draft, action="submit", actor=cast.liaison)
    with pytest.raises(IllegalTransition):
        lifecycle.perform(plan=draft, action="discard", actor=cast.liaison)
    lifecycle.perform(plan=draft, action="return", actor=cast.receiving, note="理由不足")
    lifecycle.perform(plan=draft, action="discard", actor=cast.liaison)
    assert plans_visible_to(cast.receiving).filter(pk=draft.pk, state="discarded").exists()


@pytest.mark.parametrize("state", ["draft", "returned"])
def test_a_first_plan_cannot_be_given_up(client, cast, state):
    plan = plan_in(cast, state)
    client.force_login(cast.liaison)
    assert client.get(f"/plans/{plan.pk}/act/discard/").status_code == 409
    assert "放弃调整" not in client.get(f"/plans/{plan.pk}/").text
    with pytest.raises(IllegalTransition, match="首稿"):
        lifecycle.perform(plan=plan, action="discard", actor=cast.liaison)


def test_a_plan_has_one_adjustment_at_a_time(client, cast):
    filed = plan_in(cast, "filed")
    lifecycle.perform(plan=filed, action="adjust", actor=cast.deputy, note="窗口停办")
    assert sends(client, cast.liaison, filed, "adjust").status_code == 409
    assert Plan.objects.filter(department=cast.unit, campaign=cast.planned).count() == 2


GONE = {
    "县民政局已于 2023-03-14 退出本活动名单": lambda cast: cast.planned.roster.filter(department=cast.unit).update(
        left_on=FIRST_DAY.date()
    ),
    "县民政局已撤销": lambda cast: type(cast.unit).objects.filter(pk=cast.unit.pk).update(is_active=False),
    "已结束": lambda cast: type(cast.planned).objects.filter(pk=cast.planned.pk).update(state="archived"),
}


@pytest.mark.parametrize("words", GONE)
@pytest.mark.parametrize(
    ("state", "verb", "persona"),
    [("draft", "submit", "liaison"), ("submitted", "file", "receiving"), ("filed", "adjust", "liaison")],
)
def test_a_unit_that_left_keeps_its_plan_and_takes_no_new_step(client, cast, words, state, verb, persona):
    plan = plan_in(cast, state)
    GONE[words](cast)
    answer = sends(client, cast.people[persona], plan, verb)
    if words.endswith("撤销") and persona == "liaison":
        # Those of an abolished unit see nothing of it any more; whoever acts for it in another way is refused.
        assert answer.status_code == 404
        with pytest.raises(Refused, match=words):
            lifecycle.perform(plan=Plan.objects.get(pk=plan.pk), action=verb, actor=cast.liaison, note="改期")
        return
    assert answer.status_code == 400
    assert words in answer.text
    assert "照旧保留" in answer.text
    plan.refresh_from_db()
    assert plan.state == state
    page = client.get(f"/plans/{plan.pk}/")
    assert (page.status_code, words in page.text) == (200, True)
    assert f"/act/{verb}/" not in page.text


@pytest.mark.both_databases
def test_who_saved_first_is_named_and_nothing_is_overwritten(cast):
    plan = draft_plan(cast)
    seen = plan.version
    lifecycle.save_rows(plan=plan, actor=cast.deputy, version=seen, rows=[row(cast)])
    with pytest.raises(StaleVersion, match="测试deputy"):
        lifecycle.save_rows(plan=plan, actor=cast.liaison, version=seen, rows=[])
    assert rows_of(plan).count() == 1


def test_a_step_on_a_plan_that_moved_on_is_refused_by_version(client, cast):
    plan = plan_in(cast, "submitted")
    stale = plan.version - 1
    assert sends(client, cast.receiving, plan, "file", version=stale).status_code == 409
    with pytest.raises(StaleVersion):
        lifecycle.perform(plan=plan, action="file", actor=cast.receiving, version=0)
    plan.refresh_from_db()
    assert plan.state == "submitted"


@pytest.mark.both_databases
def test_filing_and_returning_stand_side_by_side(client, cast):
    plan = plan_in(cast, "submitted")
    client.force_login(cast.receiving)
    head = client.get(f"/plans/{plan.pk}/").text.split("page-head-actions")[1].split("</header>")[0]
    assert f"/plans/{plan.pk}/act/file/" in head
    assert f"/plans/{plan.pk}/act/return/" in head


def test_returning_needs_a_reason_and_filing_takes_a_remark(client, cast):
    plan = plan_in(cast, "submitted")
    answer = sends(client, cast.receiving, plan, "return", note="")
    assert answer.status_code == 400
    assert "请写明退回原因" in answer.text
    assert sends(client, cast.receiving, plan, "file", note="请按期开展").status_code == 302
    assert PlanEvent.objects.get(plan=plan, kind="filed").note == "请按期开展"


@pytest.mark.both_databases
def test_a_double_press_takes_a_step_once(client, cast):
    plan = draft_plan(cast)
    key = new_key()
    first = sends(client, cast.liaison, plan, "submit", idempotency_key=key)
    second = sends(client, cast.liaison, plan, "submit", idempotency_key=key)
    assert (first.status_code, second.status_code, first.url) == (302, 302, second.url)
    assert PlanEvent.objects.filter(plan=plan, kind="submitted").count() == 1


def test_each_step_leaves_history_audit_and_one_notice_for_the_other_side(cast):
    plan = plan_in(cast, "returned")
    lifecycle.perform(plan=plan, action="submit", actor=cast.liaison, now=FIRST_DAY + timedelta(hours=1))
    lifecycle.perform(plan=plan, action="file", actor=cast.receiving, now=FIRST_DAY + timedelta(hours=2))
    kinds = list(plan.events.values_list("kind", flat=True))
    assert kinds == ["drafted", "submitted", "returned", "submitted", "filed"]
    told = sorted(Notice.objects.filter(kind__startswith="plan.").values_list("kind", "recipient__username"))
    both = ("liaison", "principal")
    assert told == sorted(
        [("plan.submitted", "receiving")] * 2
        + [("plan.returned", one) for one in both]
        + [("plan.filed", one) for one in both]
    )
    actions = AuditEntry.objects.filter(object_type="plan").order_by("seq").values_list("action", flat=True)
    assert list(actions) == ["plan.submitted", "plan.returned", "plan.submitted", "plan.filed"]
