"""Mutation tests of people who moved in the middle of something, and of what the API answers outside its views: as
``test_guard_mutations``, with proofs of their own."""

import pytest
from axes.models import AccessAttempt
from django.test import Client, override_settings
from django.urls import reverse

from accounts.domain.memberships import end_memberships
from accounts.domain.people import disable_user
from accounts.models import Membership, User
from core.models import StagedTable
from plans.domain import lifecycle
from plans.domain.inbox import planned_walks
from plans.domain.rows import RowDraft
from plans.models import Plan
from tests.access.tables import staged_table
from tests.cast import NOON
from tests.faults.fault import Fault, FaultTests, replaced, rewritten
from tests.faults.proofs import browser
from tests.tokens import key_for
from walks.models import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.clock]


def leaves(user) -> None:
    end_memberships(memberships=Membership.objects.filter(user=user).select_related("user"), actor=None)


def filed_plan(cast) -> Plan:
    """A plan of June with a walk of the deputy today."""
    place = {"campaign": cast.campaign, "department_id": cast.unit.pk, "period": "2022-06"}
    plan = lifecycle.open_plan(actor=cast.liaison, **place)
    asked = {"item_id": cast.item.pk, "mode": "in_person", "walker_id": cast.deputy.pk, "planned_on": NOON.date()}
    row = RowDraft(**asked, delegation_reason="many_items")
    lifecycle.save_rows(plan=plan, actor=cast.liaison, version=plan.version, rows=[row])
    for action, actor in (("submit", cast.liaison), ("file", cast.lead)):
        plan.refresh_from_db()
        lifecycle.perform(plan=plan, action=action, actor=actor)
    plan.refresh_from_db()
    return plan


def an_earlier_posts_preview_is_gone(cast):
    staged = staged_table("ledger.returned", cast.office, {})
    leaves(cast.office)
    assert browser(cast.office).get(reverse("ledger_return_preview", args=[staged.pk])).status_code == 404


def an_earlier_posts_planned_walk_asks_for_nothing(cast):
    filed_plan(cast)
    leaves(cast.deputy)
    assert planned_walks(User.objects.get(pk=cast.deputy.pk), today=NOON.date()) == (0, [])


def nobody_walks_in_the_name_of_who_left(cast):
    plan = filed_plan(cast)
    leaves(cast.deputy)
    browser(cast.liaison).post(reverse("plan_row_start", args=[plan.pk, plan.rows.get().pk]), {"idempotency_key": "k"})
    assert not Walk.objects.exists()


def a_unit_in_which_nobody_signs_is_shown(cast):
    disable_user(user=cast.principal, actor=cast.secadmin)
    assert f"{cast.unit.name}无主要负责同志" in browser(cast.office).get("/").text


def an_error_of_the_api_is_json(cast):
    headers = {"Authorization": f"Token {key_for(cast.office)}"}
    answer = browser(cast.auditor).get("/api/v1/issues/?q=%00", headers=headers)
    assert answer["Content-Type"] == "application/json"


def an_ended_session_is_refused_by_the_api(cast):
    client = browser(cast.liaison)
    client.get("/notices/")
    with override_settings(SESSION_LONGEST_SECONDS=-1):
        assert client.get("/api/v1/issues/").status_code == 401


def a_first_password_is_changed_before_the_api_answers(cast):
    User.objects.filter(pk=cast.liaison.pk).update(must_change_password=True)
    assert browser(cast.liaison).get("/api/v1/issues/").status_code == 403


def a_name_longer_than_any_account_is_recorded_nowhere(cast):
    sent = {"username": "长" * 200, "password": "nein"}
    assert "用户名或密码不正确" in Client().post(reverse("login"), sent).text
    assert not AccessAttempt.objects.exists()


FAULTS = (
    Fault(a_name_longer_than_any_account_is_recorded_nowhere, replaced("accounts.forms.base.NAME_LENGTH", 10**6)),
    Fault(
        an_earlier_posts_preview_is_gone,
        replaced("core.views.tables.staged_visible_to", lambda user, rights: StagedTable.objects.filter(owner=user)),
    ),
    Fault(
        an_earlier_posts_planned_walk_asks_for_nothing,
        rewritten("tests.faults.test_moved_mutations.planned_walks", "plan__department_id__in=scope.units,", ""),
    ),
    Fault(nobody_walks_in_the_name_of_who_left, replaced("plans.domain.walks._require_walker", lambda row: None)),
    Fault(
        a_unit_in_which_nobody_signs_is_shown,
        rewritten("campaigns.domain.unstaffed.unstaffed", ", user__is_active=True", ""),
    ),
    Fault(an_error_of_the_api_is_json, replaced("core.error_pages.is_api", lambda request: False)),
    Fault(an_ended_session_is_refused_by_the_api, replaced("accounts.middleware.is_api", lambda request: False)),
    Fault(
        a_first_password_is_changed_before_the_api_answers,
        replaced("accounts.middleware.is_api", lambda request: False),
    ),
)


class TestFaults(FaultTests):
    pass
