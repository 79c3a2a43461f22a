"""Mutation tests: each guard is removed once, and its proof must fail without it. With the guard every proof holds."""

from collections.abc import Callable
from dataclasses import replace
from unittest.mock import patch

import pytest
from django.db.models import F
from django.test import override_settings

from core.idempotency import seen
from core.transitions import Table
from issues.domain.transitions import TABLE
from issues.models import Issue
from plans.domain import transitions as plan_transitions
from plans.enums import PlanActor, PlanState
from plans.models import Plan
from tests.faults import edit_proofs, proofs, storage_proofs
from tests.faults.fault import Fault, FaultTests, no_triggers, replaced, rewritten, without
from walks.domain.queries import noted_steps
from walks.models import Walk

pytestmark = pytest.mark.django_db


def agree(*names: str) -> Callable[[], list]:
    """Guards of the transition table that say yes to everything."""
    return lambda: [patch(f"issues.domain.guards.{name}", lambda ctx: {}) for name in names]


def any_write(issue, row, changes, now):
    Issue.objects.filter(pk=issue.pk).update(state=row.target_from(issue.state), **changes)
    issue.refresh_from_db()


def any_walk_write(walk, row, actor, now, changes):
    Walk.objects.filter(pk=walk.pk).update(state=row.target_from(walk.state), changed_by=actor, **changes)
    walk.refresh_from_db()


def agree_on_plans(name: str) -> Callable[[], list]:
    """A guard of the plan's table that says yes to everything."""
    return replaced(f"plans.domain.guards.{name}", lambda ctx: None)


def wider_plan_row(action: str, **names: tuple) -> Callable[[], list]:
    """The plan's table with more states or actors in one row."""
    rows = [
        replace(row, **{name: getattr(row, name) + more for name, more in names.items()})
        if row.action == action
        else row
        for row in plan_transitions.TABLE
    ]
    return replaced("plans.domain.lifecycle.TABLE", Table(tuple(rows)))


def any_plan_write(plan, row, *, version, actor, now, **changes):
    Plan.objects.filter(pk=plan.pk).update(version=F("version") + 1, state=row.target or plan.state, **changes)
    plan.refresh_from_db()


def any_plan_version() -> list:
    """Neither the lock nor the UPDATE asks for the version that was read."""
    return [
        patch("plans.domain.lifecycle._lock_in_state", lambda plan, row, version: None),
        patch("plans.domain.lifecycle._write", any_plan_write),
    ]


def all_walks(user):
    return Walk.objects.all()


def all_issues(user):
    return Issue.objects.all()


def every_time(*, user, key, scope, digest, act, sent=""):
    return str(act()), True


def nothing_noted(user, hidden, *, where):
    pass


def any_reading(*, walk, what, seen, read, act=""):
    """The check of what a page was opened on, taken out."""


def any_dates(deadline, seen, answer):
    return deadline, seen[1]


def formula(sheet_writer, row, col, text, *rest):
    return sheet_writer.write_formula(row, col, text)


def no_words_shown():
    """Neither by the page of a refused act nor by what adds them to any page."""
    return [
        patch("core.middleware.typed_words", lambda request: []),
        patch("core.middleware.show_typed", lambda *sent: 0),
    ]


FAULTS = (
    Fault(proofs.the_requester_cannot_strike_off, agree("another_person")),
    Fault(proofs.where_the_office_strikes_off_the_lead_does_not, agree("strike_off_side")),
    Fault(proofs.the_closer_cannot_look_back, agree("not_the_closer")),
    Fault(proofs.one_person_cannot_dismiss_alone, agree("second_person")),
    Fault(proofs.a_dismissal_is_proposed_once, agree("not_yet_proposed")),
    Fault(proofs.the_bound_party_cannot_move_its_date, agree("four_clear")),
    Fault(proofs.a_late_dispute_is_refused, agree("dispute_in_time")),
    Fault(proofs.a_deferred_issue_does_not_come_back_before_its_review_date, agree("review_reached")),
    Fault(proofs.a_date_beyond_a_year_is_refused, agree("due_not_too_far")),
    Fault(proofs.an_issue_without_measures_is_not_rectified, agree("planned_before")),
    Fault(proofs.a_planned_issue_is_not_planned_anew, agree("not_planned_before")),
    Fault(proofs.a_distant_date_is_not_confirmed_by_the_unit_it_binds, agree("confirming_side")),
    Fault(proofs.a_distant_date_waits_for_the_side_that_confirms, agree("confirming_side")),
    Fault(proofs.confirming_a_date_takes_no_lateness_away, agree("interim_date_stands")),
    Fault(
        proofs.a_zero_that_says_nothing_is_asked_again,
        replaced("walks.domain.guards._zero_unexplained", lambda text: {}),
    ),
    Fault(proofs.another_units_issue_cannot_be_taken, agree("own_issue")),
    Fault(proofs.another_units_issue_cannot_be_fixed_on_spot, agree("own_unit_only")),
    Fault(proofs.a_change_based_on_an_old_reading_is_refused, replaced("issues.domain.lifecycle._write", any_write)),
    Fault(
        proofs.only_the_table_moves_an_issue,
        replaced("issues.domain.lifecycle._row", lambda issue, action, version: TABLE.by_action[action]),
    ),
    Fault(
        proofs.an_outsider_holds_no_part,
        replaced("tests.faults.proofs.actors_of", lambda user, issue: frozenset({"office"})),
    ),
    Fault(proofs.a_unit_does_not_file_its_own_plan, wider_plan_row("file", actors=(PlanActor.UNIT,))),
    Fault(proofs.only_the_table_moves_a_plan, wider_plan_row("file", sources=(PlanState.DRAFT,))),
    Fault(proofs.a_plan_step_based_on_an_old_reading_is_refused, any_plan_version),
    Fault(
        proofs.a_number_typed_into_a_plan_is_pointed_out,
        replaced("plans.forms.grid.answered_numbers", lambda form, answer: {}),
    ),
    Fault(proofs.an_incomplete_plan_is_not_handed_in, agree_on_plans("rows_complete")),
    Fault(proofs.a_unit_that_left_hands_in_no_plan, agree_on_plans("unit_bound")),
    Fault(
        proofs.an_outsider_holds_no_part_in_a_plan,
        replaced("tests.faults.proofs.plan_actors_of", lambda user, plan: frozenset({"office"})),
    ),
    Fault(proofs.another_countys_issue_does_not_exist, replaced("issues.domain.detail.issues_seen_by", all_issues)),
    Fault(
        proofs.another_countys_issue_is_in_no_list_and_no_workbook,
        replaced("issues.tables.issues_visible_to", all_issues),
    ),
    Fault(
        proofs.an_unreported_walk_does_not_exist_above,
        replaced("walks.domain.shown.walks_visible_to", all_walks),
    ),
    Fault(proofs.a_form_from_elsewhere_is_refused, without("django.middleware.csrf.CsrfViewMiddleware")),
    Fault(proofs.a_visitor_is_sent_to_sign_in, without("django.contrib.auth.middleware.LoginRequiredMiddleware")),
    Fault(proofs.signed_in_pages_stay_private, without("core.middleware.PrivatePagesMiddleware")),
    Fault(proofs.five_wrong_passwords_lock, lambda: [override_settings(AXES_ENABLED=False)]),
    Fault(proofs.a_double_submit_makes_one_record, replaced("evidence.domain.submit.once", every_time)),
    Fault(proofs.an_audit_entry_cannot_be_deleted, no_triggers("core_auditentry")),
    Fault(proofs.issue_history_cannot_be_changed, no_triggers("issues_issueevent")),
    Fault(
        proofs.only_the_principal_signs, replaced("accounts.scope.Scope.holds", lambda scope, role, department: True)
    ),
    Fault(
        proofs.only_the_parts_a_row_names_move_a_walk,
        replaced("walks.domain.lifecycle._require_actor", lambda row, actors: None),
    ),
    Fault(proofs.a_walk_changed_meanwhile_is_not_moved, replaced("walks.domain.lifecycle._write", any_walk_write)),
    Fault(
        edit_proofs.a_step_changed_meanwhile_is_not_overwritten,
        replaced("walks.domain.lifecycle.require_step_seen", lambda step, seen: None),
    ),
    Fault(
        edit_proofs.other_words_under_a_used_key_are_not_passed_over,
        replaced("core.forms.is_carried_out", lambda user, key, sent: seen(user=user, key=key) is not None),
    ),
    Fault(
        edit_proofs.ticket_figures_saved_meanwhile_are_not_overwritten,
        rewritten("campaigns.domain.hotline.save_figures", "seen is not None and ", "False and "),
    ),
    Fault(
        edit_proofs.rules_changed_meanwhile_are_not_given_up,
        rewritten("tests.faults.edit_proofs.discard", "if seen is not None:", "if False:"),
    ),
    Fault(
        edit_proofs.what_the_liaison_completes_is_not_overwritten,
        replaced("issues.domain.intake.require_as_seen", any_reading),
    ),
    Fault(
        edit_proofs.a_step_changed_meanwhile_is_not_taken_back,
        replaced("walks.domain.withdrawal.require_step_seen", lambda step, seen, act: None),
    ),
    Fault(
        edit_proofs.a_problem_changed_meanwhile_is_not_taken_back,
        replaced("issues.domain.intake.require_as_seen", any_reading),
    ),
    Fault(
        edit_proofs.who_edits_what_was_taken_back_is_told_by_whom,
        replaced("walks.views.steps.require_not_withdrawn", lambda walk, subject, what: None),
    ),
    Fault(
        edit_proofs.who_comes_too_late_reads_who_was_first,
        rewritten("issues.domain.lifecycle.wrong_state", "if at else what", "if False else what"),
    ),
    Fault(
        edit_proofs.who_removes_too_late_reads_who_was_first,
        replaced("core.audit.last_done", lambda action, **about: (None, None)),
    ),
    Fault(
        edit_proofs.who_opens_an_export_that_was_decided_reads_by_whom,
        replaced("issues.domain.export_release.require_held", lambda job, decision: None),
    ),
    Fault(
        edit_proofs.what_was_typed_is_shown_on_a_page_without_its_form, without("core.middleware.TypedWordsMiddleware")
    ),
    Fault(
        edit_proofs.an_earlier_date_is_approved_as_it_was_shown,
        replaced("campaigns.domain.deadlines._waiting", any_dates),
    ),
    Fault(
        edit_proofs.what_another_published_is_not_published_over,
        replaced("reports.domain.publishing._require_seen", lambda period, last, seen: None),
    ),
    Fault(
        edit_proofs.a_day_changed_meanwhile_is_not_undone,
        replaced("campaigns.domain.work_calendar._require_day_seen", lambda edited, seen: None),
    ),
    Fault(
        edit_proofs.what_another_office_saved_is_not_overwritten,
        replaced("campaigns.domain.lifecycle.require_unchanged", lambda what, seen, now: None),
    ),
    Fault(proofs.words_of_a_refused_act_are_shown, no_words_shown),
    Fault(
        proofs.nobody_is_offered_what_can_only_be_refused,
        replaced("core.guards.asked_before", lambda module, row: []),
    ),
    Fault(proofs.a_step_taken_back_is_counted_nowhere, replaced("walks.domain.guards.steps_of", noted_steps)),
    Fault(
        proofs.a_photo_that_waits_belongs_to_its_sender,
        replaced("evidence.domain.waiting.is_waiting", lambda file, user: True),
    ),
    Fault(proofs.a_covert_walk_is_not_shown_without_a_trace, replaced("walks.domain.shown.note_shown", nothing_noted)),
    Fault(proofs.phones_are_masked_in_the_list, replaced("issues.columns.mask_phone", lambda phone: phone)),
    Fault(
        proofs.a_workbook_holds_no_formula_of_the_users,
        replaced("xlsxwriter.worksheet.Worksheet._write_string", formula),
    ),
    Fault(storage_proofs.a_full_disk_is_told_in_words, replaced("core.error_pages.is_full", lambda error: False)),
    Fault(
        storage_proofs.an_answer_that_found_no_room_is_no_damaged_file,
        replaced("core.child.NO_ROOM", -1),
    ),
    Fault(
        storage_proofs.a_form_is_not_carried_out_without_a_file_that_found_no_room,
        replaced("core.middleware.DomainErrorMiddleware.process_view", lambda *given: None),
    ),
    Fault(
        storage_proofs.a_full_disk_leaves_the_pages_readable, replaced("core.middleware.is_full", lambda error: False)
    ),
    Fault(
        storage_proofs.what_the_next_page_would_say_is_said_at_once_on_a_full_disk,
        replaced("core.middleware.told_at_once", lambda request, response: response),
    ),
    Fault(
        storage_proofs.a_covert_walk_is_not_listed_when_its_trace_cannot_be_written,
        replaced("walks.domain.shown.TracedRows._withhold", lambda rows, error: None),
    ),
    Fault(
        storage_proofs.a_file_being_written_is_not_swept,
        replaced("evidence.domain.sweep._is_old", lambda path, now: True),
    ),
    Fault(storage_proofs.files_of_another_database_are_not_swept, replaced("evidence.domain.sweep.MOST_SHARE", 2)),
    Fault(
        storage_proofs.nothing_is_sent_to_a_broker_that_does_not_answer,
        replaced("core.broker_state.answers", lambda: True),
    ),
)


def test_every_proof_has_a_fault():
    named = {fault.proof.__name__ for fault in FAULTS}
    written = {
        name
        for module in (proofs, edit_proofs, storage_proofs)
        for name, value in vars(module).items()
        if callable(value)
        and getattr(value, "__module__", "") == module.__name__
        and name not in ("browser", "refused", "not_moved", "plan_refused", "swept")
    }
    assert named == written


class TestFaults(FaultTests):
    pass
