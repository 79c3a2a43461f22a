"""What the product promises, as small proofs. Each takes the cast and fails when the promise does not hold."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.domain.memberships import grant_membership
from campaigns.models import RuleVersion
from campaigns.tests.setup_page import fields_of
from core import audit
from core.content_token import content_token
from core.exceptions import Conflict, DomainError, IllegalTransition, NotAllowed, Refused, StaleVersion
from core.models import AuditEntry
from evidence.domain import submit
from evidence.tests.samples import photo, upload
from issues.domain import intake, lifecycle
from issues.enums import Actor
from issues.models import Issue, IssueEvent
from issues.rules import actors_of
from plans.domain import lifecycle as plan_lifecycle
from plans.models import Plan
from plans.rules import actors_of as plan_actors_of
from plans.tests.planning import monthly_plan, monthly_rows
from tests.cast import NOON, PASSWORD, covert_walk, issue_in, open_walk, reported_walk
from tests.database import without_triggers
from walks.domain import lifecycle as walk_lifecycle
from walks.domain.guards import missing_for_record
from walks.domain.stored import whole_step
from walks.domain.withdrawal import withdraw_step
from walks.models import Walk


def browser(user, **options) -> Client:
    client = Client(raise_request_exception=False, **options)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def refused(error: type[DomainError], issue, action, actor, data=None, now=NOON) -> None:
    with pytest.raises(error):
        lifecycle.perform(issue=issue, action=action, actor=actor, data=data or {}, now=now)


def the_requester_cannot_strike_off(cast):
    issue = issue_in(cast, "closing")
    grant_membership(user=cast.responsible, department=cast.lead_unit, role="lead")
    cast.responsible.__dict__.pop("_scope", None)
    refused(NotAllowed, issue, "approve_closing", cast.responsible)


def where_the_office_strikes_off_the_lead_does_not(cast):
    issue = issue_in(cast, "closing")
    version = RuleVersion.objects.get(campaign=cast.campaign)
    data = {**version.data, "rectification": {**version.data["rectification"], "strike_off": "office"}}
    with without_triggers("campaigns_ruleversion"):
        RuleVersion.objects.filter(pk=version.pk).update(data=data)
    refused(NotAllowed, issue, "approve_closing", cast.lead)


def the_closer_cannot_look_back(cast):
    issue = issue_in(cast, "closing")
    lifecycle.perform(issue=issue, action="approve_closing", actor=cast.office, now=NOON)
    refused(NotAllowed, issue, "look_back_pass", cast.office, {"note": "好"})


def one_person_cannot_dismiss_alone(cast):
    issue = issue_in(cast, "registered")
    lifecycle.perform(issue=issue, action="propose_dismissal", actor=cast.office, data={"note": "重复"})
    refused(NotAllowed, issue, "dismiss", cast.office)


def a_dismissal_is_proposed_once(cast):
    issue = issue_in(cast, "registered")
    lifecycle.perform(issue=issue, action="propose_dismissal", actor=cast.office, data={"note": "重复"})
    refused(Conflict, issue, "propose_dismissal", cast.office_second, {"note": "不属实"})


def the_bound_party_cannot_move_its_date(cast):
    issue = issue_in(cast, "assigned")
    lifecycle.perform(issue=issue, action="accept", actor=cast.second_liaison, now=NOON)
    later = {"responsible_name": "张三", "measures": "改", "due_on": issue.due_on + timedelta(days=1)}
    refused(Refused, issue, "plan", cast.second_liaison, later)


def a_late_dispute_is_refused(cast):
    refused(
        Conflict, issue_in(cast, "assigned"), "dispute", cast.second_liaison, {"note": "x"}, NOON + timedelta(days=9)
    )


def a_deferred_issue_does_not_come_back_before_its_review_date(cast):
    issue = issue_in(cast, "deferred")
    refused(Conflict, issue, "resume", None)


def an_issue_without_measures_is_not_rectified(cast):
    issue = issue_in(cast, "planning")
    given = {"issue": issue, "actor": cast.office, "now": NOON}
    lifecycle.perform(**given, action="refer", data={"referred_to": "市民政局"})
    refused(Conflict, issue, "resume", cast.office, {"due_on": NOON.date()})


def a_planned_issue_is_not_planned_anew(cast):
    refused(Conflict, issue_in(cast, "referred"), "resume_planning", cast.office)


def a_distant_date_is_not_confirmed_by_the_unit_it_binds(cast):
    issue = issue_in(cast, "rectifying")
    Issue.objects.filter(pk=issue.pk).update(due_proposed_on=NOON.date() + timedelta(days=120))
    issue.refresh_from_db()
    grant_membership(user=cast.lead, department=issue.responsible_department, role="liaison")
    cast.lead.__dict__.pop("_scope", None)
    refused(NotAllowed, issue, "confirm_due", cast.lead, {"note": "同意"})


def a_date_beyond_a_year_is_refused(cast):
    data = {"responsible_name": "张三", "measures": "改", "due_on": NOON.date() + timedelta(days=366)}
    refused(Refused, issue_in(cast, "planning"), "plan", cast.liaison, data)


def a_distant_date_waits_for_the_side_that_confirms(cast):
    issue = issue_in(cast, "planning")
    data = {"responsible_name": "张三", "measures": "改", "due_on": NOON.date() + timedelta(days=120)}
    lifecycle.perform(issue=issue, action="plan", actor=cast.liaison, data=data, now=NOON)
    assert issue.due_on == NOON.date() + timedelta(days=90)
    refused(NotAllowed, issue, "confirm_due", cast.office, {"note": "同意"})


def confirming_a_date_takes_no_lateness_away(cast):
    issue = issue_in(cast, "planning")
    data = {"responsible_name": "张三", "measures": "改", "due_on": NOON.date() + timedelta(days=120)}
    lifecycle.perform(issue=issue, action="plan", actor=cast.liaison, data=data, now=NOON)
    refused(Conflict, issue, "confirm_due", cast.lead, {"note": "同意"}, NOON + timedelta(days=91))


def a_zero_that_says_nothing_is_asked_again(cast):
    walk = open_walk(cast)
    walk_lifecycle.write_facts(walk=walk, actor=cast.principal, facts={"zero_explained": "无。"})
    walk.refresh_from_db()
    with pytest.raises(Refused, match="没有说明体验情况"):
        intake.record_walk(walk=walk, actor=cast.liaison, now=NOON)


def another_units_issue_cannot_be_taken(cast):
    _, [issue] = reported_walk(cast, proposed=cast.second_unit)
    refused(Conflict, issue, "take", cast.liaison)


def another_units_issue_cannot_be_fixed_on_spot(cast):
    _, [issue] = reported_walk(cast, proposed=cast.second_unit)
    data = {"measures": "改", "done_on": NOON.date(), "result": "好"}
    refused(NotAllowed, issue, "fix_on_spot", cast.liaison, data)


def a_change_based_on_an_old_reading_is_refused(cast):
    issue = issue_in(cast, "closing")
    stale = Issue.objects.get(pk=issue.pk)
    lifecycle.perform(issue=issue, action="return_closing", actor=cast.lead, data={"note": "补照片"}, now=NOON)
    refused(StaleVersion, stale, "approve_closing", cast.office)
    assert IssueEvent.objects.filter(issue=issue, kind="approve_closing").count() == 0


def only_the_table_moves_an_issue(cast):
    refused(IllegalTransition, issue_in(cast, "planning"), "approve_closing", cast.lead)


def an_outsider_holds_no_part(cast):
    assert actors_of(cast.office_other_county, issue_in(cast, "closing")) == frozenset()
    assert Actor.OFFICE not in actors_of(cast.office_city, issue_in(cast, "closing"))


def plan_refused(error: type[DomainError], plan, action, actor, **data) -> None:
    state = Plan.objects.get(pk=plan.pk).state
    with pytest.raises(error):
        plan_lifecycle.perform(plan=plan, action=action, actor=actor, now=NOON, **data)
    assert Plan.objects.get(pk=plan.pk).state == state


def a_unit_does_not_file_its_own_plan(cast):
    plan = plan_lifecycle.perform(plan=monthly_plan(cast), action="submit", actor=cast.liaison, now=NOON)
    plan_refused(NotAllowed, plan, "file", cast.liaison)


def a_plan_step_based_on_an_old_reading_is_refused(cast):
    plan = monthly_plan(cast)
    stale = Plan.objects.get(pk=plan.pk)
    plan_lifecycle.save_rows(plan=plan, actor=cast.deputy, version=plan.version, rows=monthly_rows(cast), now=NOON)
    plan_refused(StaleVersion, stale, "submit", cast.liaison)


def only_the_table_moves_a_plan(cast):
    plan_refused(IllegalTransition, monthly_plan(cast), "file", cast.lead)


def a_number_typed_into_a_plan_is_pointed_out(cast):
    plan = monthly_plan(cast)
    client, url = browser(cast.liaison), f"/plans/{plan.pk}/edit/"
    form = client.get(url).context["form"]
    row = fields_of(form.rows[0]) | {form.rows[0].add_prefix("remark"): "群众 138 1234-5678"}
    assert client.post(url, fields_of(form) | row | {"row": [form.rows[0].number]}).status_code == 400


def an_incomplete_plan_is_not_handed_in(cast):
    plan = monthly_plan(cast)
    plan.rows.update(planned_on=None)
    plan_refused(Refused, plan, "submit", cast.liaison)


def a_unit_that_left_hands_in_no_plan(cast):
    plan = monthly_plan(cast)
    cast.campaign.roster.filter(department=cast.unit).update(left_on=NOON.date())
    plan_refused(Refused, plan, "submit", cast.liaison)


def an_outsider_holds_no_part_in_a_plan(cast):
    plan = monthly_plan(cast)
    assert plan_actors_of(cast.office_other_county, plan) == plan_actors_of(cast.second_liaison, plan) == frozenset()


def another_countys_issue_does_not_exist(cast):
    issue = issue_in(cast, "rectifying")
    url = reverse("issue", args=[issue.number])
    assert browser(cast.office).get(url).status_code == 200
    assert browser(cast.namesake).get(url).status_code == 404


def another_countys_issue_is_in_no_list_and_no_workbook(cast):
    issue = issue_in(cast, "rectifying")
    for persona, expected in (("office", True), ("office_other_county", False)):
        client = browser(cast.people[persona])
        assert (issue.number in client.get(reverse("issues")).content.decode()) is expected
        content = b"".join(client.get(reverse("issues_export")).streaming_content)
        cells = {cell.value for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row}
        assert (issue.number in cells) is expected


def an_unreported_walk_does_not_exist_above(cast):
    walk = open_walk(cast, problems=1)
    url = reverse("walk", args=[walk.pk])
    assert browser(cast.liaison).get(url).status_code == 200
    for persona in ("office", "lead", "supervisor", "office_city", "second_liaison"):
        assert browser(cast.people[persona]).get(url).status_code == 404


def a_form_from_elsewhere_is_refused(cast):
    client = browser(cast.liaison, enforce_csrf_checks=True)
    assert client.post(reverse("notices_read")).status_code == 403


def a_visitor_is_sent_to_sign_in(cast):
    assert Client().get(reverse("issues")).status_code == 302


def signed_in_pages_stay_private(cast):
    assert browser(cast.liaison).get(reverse("issues")).headers.get("Cache-Control") == "private, no-store"


def five_wrong_passwords_lock(cast):
    client = Client()
    for _ in range(5):
        client.post(reverse("login"), {"username": "liaison", "password": "nein"})
    assert client.post(reverse("login"), {"username": "liaison", "password": PASSWORD}).status_code == 429


def a_double_submit_makes_one_record(cast):
    saved = []
    for _ in range(2):
        submit.submit_once(
            user=cast.liaison, key="k", scope="s", content={}, save=lambda files: saved.append(1) or len(saved)
        )
    assert len(saved) == 1


def an_audit_entry_cannot_be_deleted(cast):
    audit.record(actor=None, action="x")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_auditentry")


def issue_history_cannot_be_changed(cast):
    issue_in(cast, "registered")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE issues_issueevent SET note = 'x'")


def only_the_principal_signs(cast):
    walk = open_walk(cast)
    walk_lifecycle.write_facts(walk=walk, actor=walk.walker, facts={"zero_explained": "顺畅"})
    walk.refresh_from_db()
    walk_lifecycle.perform(
        walk=walk, action="record", actor=cast.liaison, data={"issues_total": 0, "issues_unclassified": 0}
    )
    client = browser(cast.liaison)
    assert "sign" in walk_lifecycle.available(cast.principal, walk)
    assert client.get(reverse("walk_act", args=[walk.pk, "sign"])).status_code == 403


def not_moved(walk, action, actor, error: type[DomainError]) -> None:
    """The action is refused, whatever ``actor`` gives."""
    data = {"content_digest": "d" * 64, "reason": "见说明"}
    with pytest.raises(error):
        walk_lifecycle.perform(walk=walk, action=action, actor=actor, data=data, now=NOON)


def only_the_parts_a_row_names_move_a_walk(cast):
    walk, _ = reported_walk(cast)
    not_moved(walk, "accept", cast.liaison, NotAllowed)
    not_moved(walk, "send_back", cast.supervisor, NotAllowed)
    walk_lifecycle.perform(walk=walk, action="accept", actor=cast.lead, now=NOON)


def a_walk_changed_meanwhile_is_not_moved(cast):
    walk, _ = reported_walk(cast)
    stale = Walk.objects.get(pk=walk.pk)
    Walk.objects.filter(pk=walk.pk).update(version=walk.version + 1)
    not_moved(stale, "accept", cast.lead, StaleVersion)
    assert Walk.objects.get(pk=walk.pk).state == "reported"


def words_of_a_refused_act_are_shown(cast):
    issue = issue_in(cast, "closed")
    data = {"note": "照片看不清", "version": issue.version, "idempotency_key": "k"}
    assert "照片看不清" in browser(cast.office).post(f"/issues/{issue.number}/return_closing/", data).text


def nobody_is_offered_what_can_only_be_refused(cast):
    offered = lifecycle.available(cast.office, issue_in(cast, "registered"))
    assert "dismiss" not in {row.action for row in offered}


def a_step_taken_back_is_counted_nowhere(cast):
    walk = open_walk(cast)
    step = walk.steps.get()
    withdraw_step(step=step, actor=cast.principal, reason="记错", seen=content_token(whole_step(step)), now=NOON)
    assert "steps" in missing_for_record(walk, issues_total=1, issues_unclassified=0)


def a_photo_that_waits_belongs_to_its_sender(cast):
    [file] = submit.keep_uploads(uploads=[upload(photo())], user=cast.principal)
    with pytest.raises(Refused):
        submit.keep_uploads(uploads=[file], user=cast.second_liaison)


def a_covert_walk_is_not_shown_without_a_trace(cast):
    walk, client = covert_walk(cast), browser(cast.principal)
    for number, url in enumerate(("/", "/walks/?tab=all", f"/walks/{walk.pk}/", "/api/v1/walks/"), start=1):
        assert str(walk.pk) in client.get(url).content.decode()
        assert AuditEntry.objects.filter(action="walk.viewed", object_key=str(walk.pk)).count() == number


def phones_are_masked_in_the_list(cast):
    issue_in(cast, "rectifying")
    # The rows themselves: what reaches the page is masked once more there.
    page = browser(cast.office).get(reverse("issues") + "?cols=phone").context["page"]
    assert {row["phone"] for row in page.rows} == {"138****1111"}


def a_workbook_holds_no_formula_of_the_users(cast):
    issue = issue_in(cast, "rectifying")
    Issue.objects.filter(pk=issue.pk).update(progress="=1+1")
    content = b"".join(browser(cast.office).get(reverse("issues_export")).streaming_content)
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row]
    assert "=1+1" in {cell.value for cell in cells}
    assert not any(cell.data_type == "f" for cell in cells)
