"""Guards of submissions and needs: each is removed once, and its proof must fail without it."""

from collections.abc import Callable
from contextlib import ExitStack
from unittest.mock import patch

import pytest
from django.db.models import F, Q

from issues.enums import NeedActor
from reports.enums import SubmissionActor
from reports.models import Submission
from tests.cast import build_cast
from tests.faults import submission_proofs as proofs
from tests.faults.test_guard_mutations import FAILED, NoTriggers

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

REPORTS = "reports.domain.submissions"


def any_write(ctx, version, changes):
    Submission.objects.filter(pk=ctx.submission.pk).update(state=ctx.row.target, version=F("version") + 1)
    ctx.submission.refresh_from_db()


FAULTS: dict[Callable, Callable] = {
    proofs.what_was_sent_cannot_be_changed: lambda: NoTriggers("reports_submission"),
    proofs.the_day_of_the_first_sending_stays: lambda: NoTriggers("reports_submission"),
    proofs.a_unit_does_not_lock_what_it_sent: lambda: patch(
        f"{REPORTS}.lifecycle.actors_of", lambda user, one: frozenset(SubmissionActor)
    ),
    proofs.a_step_on_an_older_submission_is_refused: lambda: patch(f"{REPORTS}.lifecycle._write", any_write),
    proofs.a_zero_report_does_not_deny_a_walk: lambda: patch(f"{REPORTS}.guards.walked_nothing", lambda ctx: None),
    proofs.a_covert_walk_is_told_by_no_refusal: lambda: patch(f"{REPORTS}.content.not_hidden", Q),
    proofs.nothing_is_published_over_open_units_unseen: lambda: patch(
        "reports.domain.publishing._require_confirmed", lambda parts, confirmed: None
    ),
    proofs.who_answers_a_need_moves_no_date: lambda: patch(
        "issues.domain.needs.lifecycle.need_actors_of", lambda user, need: frozenset(NeedActor)
    ),
}


@pytest.mark.parametrize("proof", FAULTS, ids=lambda proof: proof.__name__)
def test_the_promise_holds(proof):
    proof(build_cast())


@pytest.mark.parametrize("proof", FAULTS, ids=lambda proof: proof.__name__)
def test_the_proof_fails_without_its_guard(proof):
    cast = build_cast()
    with ExitStack() as stack:
        stack.enter_context(FAULTS[proof]())
        with pytest.raises(FAILED):
            proof(cast)
