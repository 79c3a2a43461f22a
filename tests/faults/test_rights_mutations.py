"""Mutation tests of moved people, sessions and passwords: as ``test_guard_mutations``, with proofs of their own."""

import io
from datetime import timedelta

import openpyxl
import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client, override_settings
from django.utils import timezone

from accounts.domain.memberships import end_memberships, people_with_role
from accounts.domain.people import disable_user, enable_user
from accounts.domain.role_requests import ask, decide
from accounts.models import ApiToken, Membership, RoleRequest, User
from accounts.scope import scope_of
from campaigns.domain.duty_facts import roster_of
from core import jobs
from core.exceptions import IllegalTransition, Refused
from core.idempotency import new_key
from core.models import Job
from issues.domain.export_release import KIND
from issues.domain.lifecycle import perform
from issues.models import Issue
from notifications.models import Notice
from tests.cast import NOON, PASSWORD, issue_in, open_walk
from tests.database import without_triggers
from tests.faults.fault import Fault, FaultTests, replaced, rewritten, without
from tests.faults.proofs import browser
from tests.tokens import key_for

PHONE = "13812345678"
AUTHENTICATION = "accounts.authentication"
pytestmark = [pytest.mark.django_db, pytest.mark.clock]


def leaves(user) -> None:
    end_memberships(memberships=Membership.objects.filter(user=user).select_related("user"), actor=None)


def an_earlier_posts_job_is_gone(cast):
    rights = scope_of(cast.office).fingerprint
    job = jobs.enqueue(kind="k", label="导出", owner=cast.office, params={}, send=lambda pk: None, rights=rights)
    leaves(cast.office)
    assert browser(cast.office).get(f"/jobs/{job.pk}/").status_code == 404


def an_earlier_posts_notice_is_not_shown(cast):
    issue = issue_in(cast, "assigned")
    leaves(cast.second_liaison)
    assert issue.number not in browser(cast.second_liaison).get("/notices/").text


def who_may_not_open_it_is_not_told(cast):
    issue = issue_in(cast, "closing")
    leaves(cast.responsible)
    perform(issue=issue, action="return_closing", actor=cast.lead, data={"note": "请补照片"})
    assert not Notice.objects.filter(kind="issue.return_closing", recipient=cast.responsible).exists()


def a_duty_nobody_holds_is_shown(cast):
    issue_in(cast, "rectifying")
    leaves(cast.responsible)
    assert "问题无人负责" in browser(cast.office).get("/").text


def a_session_ends_after_ten_hours(cast):
    client = browser(cast.liaison)
    with override_settings(SESSION_IDLE_SECONDS=10**9):
        for hours, status in ((0, 200), (9, 200), (11, 302)):
            with time_machine.travel(NOON + timedelta(hours=hours), tick=False):
                assert client.get("/notices/").status_code == status


def a_session_of_a_disabled_account_stays_ended(cast):
    client = browser(cast.liaison)
    disable_user(user=cast.liaison, actor=cast.secadmin)
    enable_user(user=cast.liaison, actor=cast.secadmin)
    assert client.get("/notices/").status_code == 302


def no_token_before_the_first_password_is_changed(cast):
    headers = {"Authorization": f"Token {key_for(cast.liaison)}"}
    User.objects.filter(pk=cast.liaison.pk).update(must_change_password=True)
    assert browser(cast.auditor).get("/api/v1/walks/", headers=headers).status_code == 401


def a_token_that_only_reads_changes_nothing(cast):
    issue = issue_in(cast, "registered")
    headers = {"Authorization": f"Token {key_for(cast.liaison, 'read')}", "Idempotency-Key": "k", "If-Match": '"1"'}
    url = f"/api/v1/issues/{issue.number}/actions/take/"
    assert Client().post(url, {}, content_type="application/json", headers=headers).status_code == 403


def a_token_works_to_its_last_day_only(cast):
    headers = {"Authorization": f"Token {key_for(cast.liaison)}"}
    ApiToken.objects.update(expires_on=timezone.localdate() - timedelta(days=1))
    assert Client().get("/api/v1/walks/", headers=headers).status_code == 401


def no_token_strikes_off(cast):
    issue = issue_in(cast, "closing")
    headers = {"Authorization": f"Token {key_for(cast.lead)}", "Idempotency-Key": "k"}
    headers |= {"If-Match": f'"{issue.version}"'}
    body, url = {"note": "属实", "password": PASSWORD}, f"/api/v1/issues/{issue.number}/actions/approve_closing/"
    assert Client().post(url, body, content_type="application/json", headers=headers).status_code == 403


def an_old_password_is_barred(cast):
    data = {"old_password": PASSWORD, "new_password1": PASSWORD, "new_password2": PASSWORD}
    assert browser(cast.liaison).post("/password/", data).status_code == 200


def striking_off_asks_the_password(cast):
    issue = issue_in(cast, "closing")
    data = {"version": issue.version, "idempotency_key": new_key(), "password": "nein", "note": "属实"}
    assert browser(cast.lead).post(f"/issues/{issue.number}/approve_closing/", data).status_code == 400


def a_kept_number_is_masked_on_pages(cast):
    issue = issue_in(cast, "rectifying")
    with without_triggers("issues_issue"):
        Issue.objects.filter(pk=issue.pk).update(description=f"来电人{PHONE}")
    assert PHONE not in browser(cast.office).get(f"/issues/{issue.number}/").text


def a_kept_number_is_masked_in_workbooks(cast):
    issue = issue_in(cast, "rectifying")
    with without_triggers("issues_issue"):
        Issue.objects.filter(pk=issue.pk).update(description=f"来电人{PHONE}")
    content = b"".join(browser(cast.office).get("/issues/export/").streaming_content)
    cells = {cell.value for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row}
    assert "来电人138****5678" in cells


def a_kept_number_is_masked_in_the_api(cast):
    issue = issue_in(cast, "rectifying")
    with without_triggers("issues_issue"):
        Issue.objects.filter(pk=issue.pk).update(description=f"来电人{PHONE}")
    headers = {"Authorization": f"Token {key_for(cast.office)}"}
    assert PHONE not in browser(cast.office).get(f"/api/v1/issues/{issue.number}/", headers=headers).text


def a_typed_number_is_pointed_out(cast):
    data = {"description": f"来电人{PHONE}", "stage": "consult", "idempotency_key": new_key()}
    assert browser(cast.principal).post(f"/walks/{open_walk(cast).pk}/problems/add/", data).status_code == 400


def numbers_are_shown_for_five_minutes(cast):
    issue, client = issue_in(cast, "rectifying"), browser(cast.office)
    client.post(f"/issues/{issue.number}/unmask/", {"reason": "回访", "password": PASSWORD})
    assert cast.responsible.phone in client.get(f"/issues/{issue.number}/").text
    with time_machine.travel(NOON + timedelta(minutes=6), tick=False):
        assert cast.responsible.phone not in client.get(f"/issues/{issue.number}/").text


def contacts_of(client) -> str:
    content = b"".join(client.get("/campaigns/QH2022/contacts/").streaming_content)
    return str(list(openpyxl.load_workbook(io.BytesIO(content)).active.values))


def contacts_are_masked(cast):
    User.objects.filter(pk=cast.liaison.pk).update(phone="82753311")
    assert "82753311" not in contacts_of(browser(cast.office))


def contacts_of_another_unit_are_not_written(cast):
    assert str(cast.second_unit) not in contacts_of(browser(cast.liaison))


def nobody_releases_an_own_export(cast):
    params = {"query": "", "unmasked": True, "rows": 1, "region": cast.county.pk, "reason": "核实"}
    job = jobs.enqueue(kind=KIND, label="导出", owner=cast.office, params=params, send=lambda pk: None, held=True)
    data = {"decision": "released", "reason": "好", "idempotency_key": new_key()}
    assert browser(cast.office).post(f"/exports/{job.pk}/", data).status_code == 403


def who_has_left_gets_no_export_released(cast):
    params = {"query": "", "unmasked": True, "rows": 1, "region": cast.county.pk, "reason": "核实"}
    given = {"label": "导出", "owner": cast.lead, "params": params, "rights": scope_of(cast.lead).fingerprint}
    job = jobs.enqueue(kind=KIND, send=lambda pk: None, held=True, **given)
    leaves(cast.lead)
    data = {"decision": "released", "reason": "好", "idempotency_key": new_key()}
    assert browser(cast.office).post(f"/exports/{job.pk}/", data).status_code == 400


def an_unmasked_export_waits(cast):
    data = {"reason": "核实", "password": PASSWORD, "idempotency_key": new_key()}
    browser(cast.office).post("/issues/export/?unmasked=1", data)
    assert Job.objects.get().state == "held"


def asked_for(cast, user, role: str, unit=None) -> list[int]:
    request = RoleRequest(user=user, department=unit, role=role, requested_by=cast.sysadmin)
    ask(requests=[request], actor=cast.sysadmin)
    return [request.pk]


def granted(cast, ids: list[int]) -> int:
    return decide(ids=ids, decision="granted", reason="任职通知", actor=cast.secadmin)


def no_administrator_is_granted_a_business_role(cast):
    user = User.objects.create(username="new", name="甲")
    ids = asked_for(cast, user, "liaison", cast.unit)
    User.objects.filter(pk=user.pk).update(kind="sysadmin")
    try:
        with pytest.raises(Refused):
            granted(cast, ids)
    except IntegrityError:
        pytest.fail("refused by the database alone, without words")


def no_administrator_becomes_one_of_another_kind(cast):
    with pytest.raises(Refused):
        granted(cast, asked_for(cast, cast.sysadmin, "auditor"))


def a_granted_role_is_not_decided_again(cast):
    ids = asked_for(cast, User.objects.create(username="new", name="甲"), "liaison", cast.unit)
    assert granted(cast, ids) == 1
    for again in ("granted", "refused"):
        with pytest.raises(IllegalTransition):
            decide(ids=ids, decision=again, reason="重复", actor=cast.secadmin)


def a_disabled_account_holds_no_duty(cast):
    """The cast's ``disabled`` is a liaison of the unit."""
    found = people_with_role(department_ids=[cast.unit.pk], roles=["liaison"])
    assert found == {cast.unit.pk: [cast.liaison.pk]}


enqueue = jobs.enqueue


def never_held(**asked):
    return enqueue(**asked | {"held": False})


def without_generation(user, secret=None):
    return user.password


FAULTS = (
    Fault(
        an_earlier_posts_job_is_gone,
        replaced("reports.domain.queries.jobs_of", lambda owner, rights: Job.objects.filter(owner=owner)),
    ),
    Fault(
        an_earlier_posts_notice_is_not_shown,
        replaced("notifications.views.notices.notices_visible_to", lambda user: Notice.objects.filter(recipient=user)),
    ),
    Fault(
        who_may_not_open_it_is_not_told,
        replaced("issues.domain.notices.rights_to_open", lambda people, sees: dict.fromkeys(people, "")),
    ),
    Fault(a_duty_nobody_holds_is_shown, replaced("home.views.issue_groups.unheld_rows", lambda user, rows: (0, []))),
    Fault(a_session_ends_after_ten_hours, lambda: [override_settings(SESSION_LONGEST_SECONDS=10**9)]),
    Fault(
        a_session_of_a_disabled_account_stays_ended,
        replaced("accounts.models.User._get_session_auth_hash", without_generation),
    ),
    Fault(
        no_token_before_the_first_password_is_changed,
        rewritten("accounts.domain.tokens.why_not", "token.user.must_change_password", "False"),
    ),
    Fault(
        a_token_that_only_reads_changes_nothing,
        rewritten(f"{AUTHENTICATION}.ScopeOfToken.has_permission", "request.auth.scope == TokenScope.ACT", "True"),
    ),
    Fault(
        a_token_works_to_its_last_day_only,
        rewritten("accounts.domain.tokens.why_not", "token.expires_on < timezone.localtime(now).date()", "False"),
    ),
    Fault(no_token_strikes_off, rewritten("evidence.api.FormEndpoint.opened", '"password" in form.fields', "False")),
    Fault(a_kept_number_is_masked_on_pages, without("core.middleware.MaskedPagesMiddleware")),
    Fault(a_kept_number_is_masked_in_workbooks, replaced("core.xlsx_cells.mask", str)),
    Fault(a_kept_number_is_masked_in_the_api, replaced("core.api.mask_all", lambda data: data)),
    Fault(a_typed_number_is_pointed_out, replaced("core.forms.OnceForm._ask_about_personal_data", lambda form: None)),
    Fault(numbers_are_shown_for_five_minutes, replaced("accounts.domain.unmasking.LASTS_SECONDS", 10**6)),
    Fault(contacts_are_masked, replaced("campaigns.exports.contacts.mask_phone", str)),
    Fault(
        contacts_of_another_unit_are_not_written,
        replaced("campaigns.domain.contacts.units_seen", lambda user, campaign, rules: roster_of(campaign)),
    ),
    Fault(
        nobody_releases_an_own_export,
        replaced("issues.domain.export_release.require_second_person", lambda job, actor: None),
    ),
    Fault(
        who_has_left_gets_no_export_released,
        replaced("issues.domain.export_release._require_same_rights", lambda job: None),
    ),
    Fault(an_unmasked_export_waits, replaced("core.jobs.enqueue", never_held)),
    Fault(an_old_password_is_barred, replaced("accounts.domain.passwords.was_used", lambda user, password: False)),
    Fault(
        no_administrator_is_granted_a_business_role,
        rewritten("accounts.domain.role_requests.grant_memberships", "_require_staff(one.user)", "pass"),
    ),
    Fault(
        no_administrator_becomes_one_of_another_kind,
        rewritten("accounts.domain.role_requests.make_administrator", "user.kind != AccountKind.STAFF or "),
    ),
    Fault(
        a_granted_role_is_not_decided_again,
        rewritten("tests.faults.test_rights_mutations.decide", ".exclude(decision__in=left)"),
    ),
    Fault(
        a_disabled_account_holds_no_duty,
        rewritten("tests.faults.test_rights_mutations.people_with_role", ", user__is_active=True"),
    ),
    Fault(
        striking_off_asks_the_password, replaced("accounts.domain.passwords.is_right", lambda request, password: True)
    ),
)


class TestFaults(FaultTests):
    pass
