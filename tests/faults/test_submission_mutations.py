"""Guards of submissions and needs: each is removed once, and its proof must fail without it."""

import pytest
from django.db.models import F, Q

from issues.enums import NeedActor
from reports.enums import SubmissionActor
from reports.models import Submission
from tests.cast import NOON
from tests.faults import submission_proofs as proofs
from tests.faults.fault import Fault, FaultTests, no_triggers, replaced, rewritten

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON)]

REPORTS = "reports.domain.submissions"


def any_write(ctx, version, changes):
    Submission.objects.filter(pk=ctx.submission.pk).update(state=ctx.row.target, version=F("version") + 1)
    ctx.submission.refresh_from_db()


FAULTS = (
    Fault(proofs.what_was_sent_cannot_be_changed, no_triggers("reports_submission")),
    Fault(proofs.a_paper_that_was_sent_cannot_be_changed, no_triggers("reports_submittedpaper")),
    Fault(
        proofs.a_paper_whose_text_changed_is_not_kept_as_it_was_written_before,
        replaced(f"{REPORTS}.papers.basis", lambda query, paper: paper.key),
    ),
    Fault(proofs.the_day_of_the_first_sending_stays, no_triggers("reports_submission")),
    Fault(
        proofs.a_unit_does_not_lock_what_it_sent,
        replaced(f"{REPORTS}.lifecycle.actors_of", lambda user, one: frozenset(SubmissionActor)),
    ),
    Fault(proofs.a_step_on_an_older_submission_is_refused, replaced(f"{REPORTS}.lifecycle._write", any_write)),
    Fault(proofs.a_zero_report_does_not_deny_a_walk, replaced(f"{REPORTS}.guards.walked_nothing", lambda ctx: None)),
    Fault(
        proofs.a_unit_reads_no_zero_report_of_another,
        replaced("reports.domain.zero_reports._seen", lambda query: Submission.objects.all()),
    ),
    Fault(
        proofs.a_zero_report_waits_for_the_last_working_day,
        replaced(f"{REPORTS}.guards.no_working_day_left", lambda ctx: None),
    ),
    Fault(proofs.a_covert_walk_is_told_by_no_refusal, replaced(f"{REPORTS}.content.not_hidden", Q)),
    Fault(
        proofs.nothing_is_published_over_open_units_unseen,
        replaced("reports.domain.publishing._require_confirmed", lambda parts, confirmed: None),
    ),
    Fault(proofs.a_lead_does_not_check_its_own_pack, rewritten(f"{REPORTS}.parts._parts", " and receiver != unit.id")),
    Fault(
        proofs.what_a_lead_locked_and_did_not_send_on_is_named,
        rewritten(
            f"{REPORTS}.lines.is_settled",
            "(SubmissionState.SENT_ON",
            "(SubmissionState.LOCKED, SubmissionState.SENT_ON",
        ),
    ),
    Fault(
        proofs.who_receives_beside_the_lead_sees_what_was_sent,
        rewritten("tests.faults.submission_proofs.submissions_visible_to", ' | Q(pk__in=also.values("submission_id"))'),
    ),
    Fault(
        proofs.who_receives_beside_the_lead_follows_what_is_owed,
        rewritten(f"{REPORTS}.lines._follows", ", *part.also"),
    ),
    Fault(proofs.a_pack_that_was_sent_reminds_no_more, replaced(f"{REPORTS}.notices.close", lambda *args, **named: 0)),
    Fault(
        proofs.a_need_that_was_answered_reminds_no_more,
        replaced("issues.domain.needs.notices.close", lambda *args, **named: 0),
    ),
    Fault(
        proofs.a_need_that_comes_back_reminds_anew,
        rewritten("issues.domain.needs.reminders._duty", "f\"v{row['version']}\"", '""'),
    ),
    Fault(
        proofs.a_pack_of_long_ago_reminds_no_more,
        replaced(f"{REPORTS}.reminder_delivery.stale", lambda told, owed: []),
    ),
    Fault(
        proofs.who_left_is_reminded_of_nothing,
        rewritten(f"{REPORTS}.reminder_delivery.rights_with_role", ", user__is_active=True"),
    ),
    Fault(
        proofs.a_rest_day_tells_nobody_that_something_is_late,
        rewritten(f"{REPORTS}.reminders.morning_after", "calendar.next_workday(due_on + ONE_DAY)", "due_on + ONE_DAY"),
    ),
    Fault(
        proofs.who_answers_a_need_moves_no_date,
        replaced("issues.domain.needs.lifecycle.need_actors_of", lambda user, need: frozenset(NeedActor)),
    ),
)


class TestFaults(FaultTests):
    pass
