"""The second of two people acts on what the first has taken back or changed: told who, when and why; nothing is done,
what was typed is shown."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client

from campaigns.domain.work_calendar import set_day
from campaigns.models import Deadline
from campaigns.tests.setup_page import fields_of
from core.calendar import edited_rows
from core.content_token import content_token
from evidence.tests.samples import photo, upload
from issues.models import Issue
from plans.domain import lifecycle as plan_lifecycle
from plans.models import Plan
from plans.tests.planning import monthly_plan, monthly_rows
from tests.cast import NOON, covert_walk
from tests.flows.test_two_people import component, opened, problem, step, whole
from walks.domain import lifecycle as walk_lifecycle
from walks.domain.stored import whole_step
from walks.domain.withdrawal import withdraw_step
from walks.models import Step, WalkEvent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("own_files")]

RECORDS = ((step, "note"), (component, "note"), (problem, "description"))


def withdrawal_of(answer) -> dict:
    """What the form of 撤回 on that page would send."""
    return fields_of(answer.context["withdrawal"]) | {"withdraw": "1"}


@pytest.mark.parametrize(("place", "field"), RECORDS, ids=lambda one: getattr(one, "__name__", ""))
def test_who_edits_what_was_taken_back_is_told_by_whom_when_and_why(cast, place, field):
    url = place(cast)
    first, _ = opened(cast, "principal", url)
    second, two = opened(cast, "liaison", url)
    assert first.post(url, withdrawal_of(first.get(url)) | {"reason": "登记重复"}).status_code == 302
    events = WalkEvent.objects.count()
    answer = second.post(url, two | {field: "窗口当场告知两次"})
    assert answer.status_code == 409
    for words in ("窗口当场告知两次", "登记重复", str(cast.principal), "2022-06-08 12:00", "撤回"):
        assert words in answer.text
    assert WalkEvent.objects.count() == events
    assert not Step.objects.filter(withdrawn_at=None, note="窗口当场告知两次").exists()
    assert not Issue.objects.filter(description="窗口当场告知两次").exists()
    assert second.post(url, two | {"withdraw": "1", "reason": "也想撤回"}).status_code == 409


@pytest.mark.parametrize(("place", "field"), RECORDS, ids=lambda one: getattr(one, "__name__", ""))
def test_what_was_edited_meanwhile_is_not_taken_back_unread(cast, place, field):
    url = place(cast)
    first, one = opened(cast, "principal", url)
    second, _ = opened(cast, "liaison", url)
    taking = withdrawal_of(second.get(url)) | {"reason": "登记有误"}
    assert first.post(url, one | {field: "补充：窗口又退回一次"}).status_code == 302
    answer = second.post(url, taking)
    assert answer.status_code == 409
    for words in ("补充：窗口又退回一次", "登记有误", str(cast.principal)):
        assert words in answer.text
    assert not WalkEvent.objects.exclude(subject=None).exists()
    assert second.post(url, withdrawal_of(answer)).status_code == 302
    assert WalkEvent.objects.exclude(subject=None).count() == 1


@pytest.mark.parametrize(("place", "field"), RECORDS, ids=lambda one: getattr(one, "__name__", ""))
def test_a_photo_added_meanwhile_is_not_taken_back_unseen(cast, place, field):
    url = place(cast)
    first, one = opened(cast, "principal", url)
    second, _ = opened(cast, "liaison", url)
    taking = withdrawal_of(second.get(url)) | {"reason": "登记有误"}
    assert first.post(url, one | {"photos": [upload(photo(), "补拍.jpg")]}).status_code == 302
    assert second.post(url, taking).status_code == 409


def test_a_withdrawal_that_does_not_say_what_it_was_opened_on_changes_nothing(cast):
    url = step(cast)
    client, _ = opened(cast, "principal", url)
    sent = withdrawal_of(client.get(url)) | {"reason": "登记有误"}
    sent.pop("seen", None)
    answer = client.post(url, sent)
    assert (answer.status_code, Step.objects.filter(withdrawn_at=None).count()) == (400, 1)


def test_what_was_taken_back_on_a_covert_walk_is_not_there_for_those_not_named(cast, client):
    walk = covert_walk(cast, day=8)
    walk_lifecycle.perform(walk=walk, action="begin", actor=cast.principal, now=NOON)
    walk_lifecycle.add_step(walk=walk, actor=cast.principal, stage="queue", note="等", happened_at=NOON)
    made = walk.steps.get()
    withdraw_step(step=made, actor=cast.principal, reason="重复", seen=content_token(whole_step(made)), now=NOON)
    url = f"/walks/{walk.pk}/steps/{made.public_id}/"
    client.force_login(cast.principal)
    assert client.get(url).status_code == 409
    client.force_login(cast.liaison)
    assert client.get(url).status_code == 404


# --- an act on what was changed meanwhile ---------------------------------------------------


def test_an_earlier_date_proposed_anew_meanwhile_is_not_approved_unread(cast, client):
    row = cast.campaign.deadlines.filter(kind="report").first()
    shown, later = row.due_on - timedelta(days=2), row.due_on - timedelta(days=5)
    Deadline.objects.filter(pk=row.pk).update(proposed_on=shown)
    client.force_login(cast.office)
    page = client.get(f"/campaigns/{cast.campaign.code}/preview/")
    assert f'name="proposed_on" value="{shown}"' in page.text
    sent = fields_of(page.context["form"]) | {"due_on": str(row.due_on), "proposed_on": str(shown)}
    Deadline.objects.filter(pk=row.pk).update(proposed_on=later)
    for answer in ("approve", "keep"):
        said = client.post(f"/campaigns/{cast.campaign.code}/deadlines/{row.pk}/", sent | {"answer": answer})
        assert (said.status_code, str(shown) in said.text, str(later) in said.text) == (409, True, True)
    now = Deadline.objects.get(pk=row.pk)
    assert (now.due_on, now.proposed_on, now.kept_on) == (row.due_on, later, None)
    lacking = {name: value for name, value in sent.items() if name not in ("due_on", "proposed_on")}
    url = f"/campaigns/{cast.campaign.code}/deadlines/{row.pk}/"
    assert client.post(url, lacking | {"answer": "approve"}).status_code == 400


def test_an_adjustment_changed_meanwhile_is_not_given_up_unread(cast):
    filed = monthly_plan(cast)
    for action, actor in (("submit", cast.liaison), ("file", cast.lead)):
        plan_lifecycle.perform(plan=filed, action=action, actor=actor, now=NOON)
    draft = plan_lifecycle.perform(plan=filed, action="adjust", actor=cast.liaison, note="窗口搬迁", now=NOON)
    url = f"/plans/{draft.pk}/act/discard/"
    client, sent = opened(cast, "liaison", url)
    rows = [replace(one, place="二楼新窗口") for one in monthly_rows(cast)]
    plan_lifecycle.save_rows(plan=draft, actor=cast.deputy, version=draft.version, rows=rows, now=NOON)
    answer = client.post(url, sent)
    assert (answer.status_code, Plan.objects.get(pk=draft.pk).state) == (409, "draft")
    assert cast.deputy.name in answer.text
    assert "二楼新窗口" in answer.text
    assert client.post(url, whole(answer)).status_code == 302


def test_a_day_of_the_calendar_changed_meanwhile_is_not_undone_unread(cast):
    day, given = date(2022, 7, 4), {"name": "", "actor": cast.sysadmin, "now": NOON}
    set_day(day=day, is_workday=False, source="防汛通知", **given)
    client = Client()
    client.force_login(cast.sysadmin)
    [row] = [row for row in client.get("/calendar/?year=2022").context["rows"] if row["day"].is_edited]
    sent = {"idempotency_key": "k", "seen": row["seen"]}
    set_day(day=date(2022, 7, 5), is_workday=False, source="另一份通知", **given)
    set_day(day=day, is_workday=False, source="省政府通知", **given)
    answer = client.post("/calendar/2022-07-04/remove/", sent)
    assert (answer.status_code, "省政府通知" in answer.text) == (409, True)
    assert [one[0] for one in edited_rows()] == [day, date(2022, 7, 5)]
    # The other day, changed meanwhile, is no reason.
    [row, _] = [row for row in client.get("/calendar/?year=2022").context["rows"] if row["day"].is_edited]
    again = {"idempotency_key": "k2", "seen": row["seen"]}
    for _ in range(2):
        assert client.post("/calendar/2022-07-04/remove/", again).status_code == 302
    assert client.post("/calendar/2022-07-04/remove/", again | {"idempotency_key": "k3"}).status_code == 409
    assert [one[0] for one in edited_rows()] == [date(2022, 7, 5)]
