"""Mutation tests of who decides on issues and needs and of the dates they set: as ``test_guard_mutations``."""

from datetime import timedelta

import pytest

from accounts.domain.memberships import grant_membership
from accounts.models import Department
from campaigns.models import RuleVersion
from campaigns.tests.setup_page import drafted
from core.calendar import work_calendar
from core.exceptions import NotAllowed, Refused
from issues.domain import due_dates
from issues.domain.needs import lifecycle as need_lifecycle
from issues.models import Issue
from issues.tests.needing import needs_on
from tests.cast import NOON, issue_in
from tests.database import without_triggers
from tests.faults.fault import Fault, FaultTests, rewritten
from tests.faults.proofs import refused

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


def changed(issue: Issue, **values) -> Issue:
    with without_triggers("issues_issue"):
        Issue.objects.filter(pk=issue.pk).update(**values)
    return Issue.objects.get(pk=issue.pk)


def joins(user, unit) -> None:
    grant_membership(user=user, department=unit, role="responsible")
    user.__dict__.pop("_scope", None)


def no_issue_is_merged_into_another_campaigns(cast):
    issue, other = issue_in(cast, "registered"), issue_in(cast, "registered")
    changed(other, campaign=drafted(cast))
    refused(Refused, issue, "merge", cast.office, {"target": other.number})


def no_issue_is_merged_into_one_that_left_the_ledger(cast):
    issue, other = issue_in(cast, "registered"), issue_in(cast, "registered")
    for state in ("merged", "dismissed"):
        changed(other, state=state)
        refused(Refused, issue, "merge", cast.office, {"target": other.number})


def striking_off_is_asked_for_with_the_evidence_of_the_rules(cast):
    issue, version = issue_in(cast, "rectifying"), RuleVersion.objects.get(campaign=cast.campaign)
    rules = version.data["rectification"] | {"closing_evidence": ["after"]}
    with without_triggers("campaigns_ruleversion"):
        RuleVersion.objects.filter(pk=version.pk).update(data=version.data | {"rectification": rules})
    refused(Refused, Issue.objects.get(pk=issue.pk), "request_closing", cast.responsible, {"result": "已改"})


def a_review_lies_at_most_180_days_ahead(cast):
    data = {"note": "需省级系统改造", "review_on": TODAY + timedelta(days=181)}
    refused(Refused, issue_in(cast, "rectifying"), "defer", cast.office, data)


def the_lead_does_not_assign_what_was_sent_back_twice(cast):
    issue = changed(issue_in(cast, "disputed"), disputes=2)
    refused(NotAllowed, issue, "assign", cast.lead, {"department": cast.unit, "note": "属该单位"})


def another_unit_is_assigned_with_a_reason(cast):
    refused(Refused, issue_in(cast, "disputed"), "assign", cast.office, {"department": cast.unit})


def a_failed_look_back_sets_a_new_date(cast):
    issue = issue_in(cast, "closed")
    data = {"note": "又要复印件", "due_on": TODAY - timedelta(days=1)}
    refused(Refused, issue, "look_back_fail", cast.office, data)
    refused(Refused, issue, "look_back_fail", cast.office, {"note": "又要复印件"})


def nobody_strikes_off_for_the_own_unit(cast):
    issue = issue_in(cast, "closing")
    joins(cast.lead, issue.responsible_department)
    refused(NotAllowed, issue, "approve_closing", cast.lead)


def nobody_looks_back_on_the_own_unit(cast):
    issue = issue_in(cast, "closed")
    joins(cast.office, issue.responsible_department)
    refused(NotAllowed, issue, "look_back_pass", cast.office, {"note": "好"})


def no_issue_is_assigned_with_a_date_that_has_passed(cast):
    data = {"department": cast.second_unit, "due_on": TODAY - timedelta(days=1)}
    refused(Refused, issue_in(cast, "registered"), "assign", cast.lead, data)


def confirming_a_date_takes_no_time_away(cast):
    issue = Issue(due_proposed_on=TODAY + timedelta(days=120), due_on=TODAY + timedelta(days=130))
    found = due_dates.confirmed(issue, today=TODAY, calendar=work_calendar())
    assert found["due_on"] == issue.due_on


def assigned_need(cast, **values):
    [need] = needs_on(cast, "希望周六开窗")
    data = {"department": cast.second_unit, "reply_by": TODAY + timedelta(days=9)} | values
    with pytest.raises(Refused):
        need_lifecycle.perform(need=need, action="assign", actor=cast.lead, data=data, now=NOON)


def no_abolished_unit_answers_a_need(cast):
    Department.objects.filter(pk=cast.second_unit.pk).update(is_active=False)
    cast.second_unit.refresh_from_db()
    assigned_need(cast)


def a_need_is_answered_within_a_year(cast):
    assigned_need(cast, reply_by=TODAY + timedelta(days=366))


GUARDS, NEEDS = "issues.domain.guards", "issues.domain.needs.guards"
OF_THE_UNIT = "ctx.issue.responsible_department_id in ctx.actor_departments"
FAULTS = (
    Fault(
        no_issue_is_merged_into_another_campaigns,
        rewritten(f"{GUARDS}.merge_target", "target.campaign_id != ctx.issue.campaign_id or "),
    ),
    Fault(
        no_issue_is_merged_into_one_that_left_the_ledger,
        rewritten(f"{GUARDS}.merge_target", '("draft", "merged", "dismissed")', "()"),
    ),
    Fault(
        striking_off_is_asked_for_with_the_evidence_of_the_rules,
        rewritten(f"{GUARDS}.closing_evidence", "if lacking:", "if False:"),
    ),
    Fault(a_review_lies_at_most_180_days_ahead, rewritten(f"{GUARDS}.review_date", "< day <= last", "< day")),
    Fault(
        the_lead_does_not_assign_what_was_sent_back_twice,
        rewritten(f"{GUARDS}.second_dispute_to_office", "if ", "if False and "),
    ),
    Fault(
        another_unit_is_assigned_with_a_reason, rewritten(f"{GUARDS}.reason_for_change", "if moves_unit", "if False")
    ),
    Fault(a_failed_look_back_sets_a_new_date, rewritten(f"{GUARDS}.finding", "_future_due(ctx)", "{}")),
    Fault(nobody_strikes_off_for_the_own_unit, rewritten(f"{GUARDS}.another_person", OF_THE_UNIT, "False")),
    Fault(nobody_looks_back_on_the_own_unit, rewritten(f"{GUARDS}.not_the_closer", OF_THE_UNIT, "False")),
    Fault(
        no_issue_is_assigned_with_a_date_that_has_passed,
        rewritten(f"{GUARDS}.unit_named", "_future_due(ctx)", "{}"),
    ),
    Fault(
        confirming_a_date_takes_no_time_away,
        rewritten("issues.domain.due_dates.confirmed", "max(dates)", "dates[0]"),
    ),
    Fault(no_abolished_unit_answers_a_need, rewritten(f"{NEEDS}.unit_here", "not unit.is_active or ")),
    Fault(a_need_is_answered_within_a_year, rewritten(f"{NEEDS}.day_to_come", " <= ctx.today + AT_MOST")),
)


class TestFaults(FaultTests):
    pass
