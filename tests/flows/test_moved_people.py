"""Who has moved, was moved out of a role or was disabled, in the middle of what stands in that person's name."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.domain.memberships import end_memberships, grant_membership
from accounts.domain.people import disable_user
from accounts.enums import Role
from accounts.models import Membership, User
from core.idempotency import new_key
from core.models import StagedTable
from issues.domain import intake, lifecycle
from notifications.domain.leavers import close_unopenable
from notifications.domain.notices import unread_count
from notifications.models import Notice
from plans.domain import lifecycle as lifecycle_of_plans
from plans.domain.inbox import planned_walks
from plans.domain.rows import RowDraft
from plans.models import Plan
from tests.access.tables import staged_table
from tests.cast import NOON, issue_in, open_walk
from walks.domain import lifecycle as walks
from walks.models import Walk

pytestmark = pytest.mark.django_db


def browser(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def moves(user: User, *, to, role: str) -> None:
    """To another unit, as 安全管理员 does it without a hand-over."""
    held = Membership.objects.filter(user=user).select_related("user")
    end_memberships(memberships=list(held), actor=None, reason="调任")
    grant_membership(user=user, department=to, role=role)


def plan_of(cast, *, walker: User) -> Plan:
    """A plan of June handed in, with a walk of today."""
    plan = lifecycle_of_plans.open_plan(
        actor=cast.liaison, campaign=cast.campaign, department_id=cast.unit.pk, period="2022-06"
    )
    row = RowDraft(
        item_id=cast.item.pk, mode="in_person", walker_id=walker.pk, planned_on=NOON.date(),
        delegation_reason="many_items",
    )  # fmt: skip
    lifecycle_of_plans.save_rows(plan=plan, actor=cast.liaison, version=plan.version, rows=[row])
    plan.refresh_from_db()
    lifecycle_of_plans.perform(plan=plan, action="submit", actor=cast.liaison)
    plan.refresh_from_db()
    return plan


def status(client: Client, name: str, *args) -> int:
    return client.get(reverse(name, args=args)).status_code


def test_a_supervisor_who_moved_reads_nothing_of_the_old_county(cast):
    issue, client = issue_in(cast, "rectifying"), browser(cast.supervisor)
    assert status(client, "issue", issue.number) == 200
    moves(cast.supervisor, to=cast.namesake_unit, role=Role.LIAISON)
    assert status(client, "issue", issue.number) == 404
    assert issue.number not in client.get(reverse("issues")).text
    for name in ("overview", "board", "coverage", "contacts"):
        assert status(client, name, cast.campaign.code) == 404


def test_what_a_mover_previewed_of_the_old_county_is_gone_too(cast):
    staged = staged_table("ledger.returned", cast.office, {})
    client = browser(cast.office)
    assert status(client, "ledger_return_preview", staged.pk) == 200
    moves(cast.office, to=cast.namesake_unit, role=Role.LIAISON)
    assert status(client, "ledger_return_preview", staged.pk) == 404
    assert StagedTable.objects.filter(pk=staged.pk).exists()


def test_a_deputy_who_moved_is_asked_for_no_walk_of_the_old_unit(cast):
    plan = plan_of(cast, walker=cast.deputy)
    lifecycle_of_plans.perform(plan=plan, action="file", actor=cast.lead)
    assert planned_walks(cast.deputy, today=NOON.date())[0] == 1
    moves(cast.deputy, to=cast.second_unit, role=Role.DEPUTY)
    cast.deputy.__dict__.pop("_scope")
    assert planned_walks(cast.deputy, today=NOON.date()) == (0, [])
    assert "按计划体验" not in browser(cast.deputy).get("/").text
    # Without a hand-over the unit adjusts the row: nobody begins it in the name of somebody who is not there.
    liaison = browser(cast.liaison)
    assert "已不是本单位的主要负责同志或分管负责同志，请调整计划" in liaison.get(reverse("plan", args=[plan.pk])).text
    begin = reverse("plan_row_start", args=[plan.pk, plan.rows.get().pk])
    answer = liaison.post(begin, {"idempotency_key": new_key()}, follow=True)
    assert "没有办理。请先调整计划，改定体验人。" in answer.text
    assert not Walk.objects.exists()


def test_a_head_disabled_in_the_middle_of_a_walk_stops_nobody_but_the_signature(cast):
    walk, session = open_walk(cast), browser(cast.principal)
    disable_user(user=cast.principal, actor=cast.secadmin)
    assert session.get(reverse("walk", args=[walk.pk])).status_code == 302
    liaison, address = browser(cast.liaison), reverse("walk", args=[walk.pk])
    assert address in liaison.get("/").text
    walks.write_facts(walk=walk, actor=cast.liaison, facts={"zero_explained": "全程顺畅"})
    walk.refresh_from_db()
    intake.record_walk(walk=walk, actor=cast.liaison, now=NOON)
    assert not Notice.objects.filter(kind="walk.recorded").exists()
    assert "无主要负责同志" in liaison.get(address).text
    # The office is told that the unit has nobody who signs, and nothing of the walk, which is not reported yet.
    office = browser(cast.office).get("/").text
    assert f"{cast.unit.name}" in office
    assert "无主要负责同志" in office
    assert cast.item.name not in office
    assert "无主要负责同志" in browser(cast.office).get(reverse("campaign_units", args=[cast.campaign.code])).text
    grant_membership(user=cast.deputy, department=cast.unit, role=Role.PRINCIPAL)
    assert "无主要负责同志" not in liaison.get(address).text
    walk.refresh_from_db()
    intake.sign_walk(walk=walk, actor=cast.deputy, now=NOON)


@pytest.mark.parametrize("state", ["rectifying", "closing"])
def test_a_responsible_person_who_was_moved_works_on_it_no_more_and_the_office_sees_it(cast, state):
    issue, client = issue_in(cast, state), browser(cast.responsible)
    moves(cast.responsible, to=cast.second_unit, role=Role.RESPONSIBLE)
    assert status(client, "issue", issue.number) == 404
    assert status(client, "issue_act", issue.number, "note_progress") == 404
    assert issue.number not in client.get("/").text
    close_unopenable()
    assert unread_count(User.objects.get(pk=cast.responsible.pk)) == 0
    if state == "closing":
        lifecycle.perform(issue=issue, action="return_closing", actor=cast.lead, data={"note": "请补照片"})
    assert (
        "责任人测试responsible现无县民政局的角色"
        in browser(cast.office).get(reverse("issue", args=[issue.number])).text
    )
    assert "问题无人负责" in browser(cast.office).get("/").text
    told = Notice.objects.filter(kind="issue.return_closing").values_list("recipient__username", flat=True)
    assert "responsible" not in told
    assert status(browser(cast.liaison), "issue_act", issue.number, "note_progress") == 200
