"""Mutation tests of what is kept as it was and of what is masked or left out: as ``test_rights_mutations``."""

from contextlib import ExitStack
from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from accounts.models import Department
from core.exceptions import Refused
from issues.models import IssueEvidence
from reports.domain.compile import period_in
from reports.domain.publishing import publish
from tests.cast import NOON, build_cast, issue_in, reported_walk, stored_file
from tests.faults.proofs import browser
from tests.faults.test_guard_mutations import FAILED, Fault, NoTriggers, replaced

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


PHONE = "13812345678"
JULY = NOON + timedelta(days=30)


def refused(sql: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def a_proof_cannot_be_exchanged(cast):
    issue, owner = issue_in(cast, "closed"), cast.responsible
    IssueEvidence.objects.create(issue=issue, file=stored_file(owner), kind="proof", added_by=owner)
    refused("UPDATE evidence_storedfile SET sha256 = 'x'")


def a_proof_cannot_be_detached(cast):
    issue, owner = issue_in(cast, "closed"), cast.responsible
    IssueEvidence.objects.create(issue=issue, file=stored_file(owner), kind="proof", added_by=owner)
    refused("DELETE FROM issues_issueevidence")


def the_day_of_a_signed_problem_cannot_be_changed(cast):
    issue_in(cast, "registered")
    refused("UPDATE issues_issue SET found_on = '2020-01-01'")


def a_published_period_keeps_its_names(cast):
    reported_walk(cast)
    asked = {"campaign": cast.campaign, "period": period_in(cast.campaign, "2022-06"), "actor": cast.office}
    first = publish(**asked, now=JULY)
    Department.objects.filter(pk=cast.unit.pk).update(name="改后")
    assert publish(**asked, now=JULY) == first


def a_searched_number_is_in_no_link(cast):
    issue_in(cast, "rectifying")
    assert browser(cast.office).get("/issues/", {"q": PHONE}).text.count(PHONE) == 1


FAULTS = (
    Fault(a_proof_cannot_be_exchanged, lambda: [NoTriggers("evidence_storedfile")]),
    Fault(a_proof_cannot_be_detached, lambda: [NoTriggers("issues_issueevidence")]),
    Fault(the_day_of_a_signed_problem_cannot_be_changed, lambda: [NoTriggers("issues_issue")]),
    Fault(
        a_published_period_keeps_its_names,
        replaced("reports.domain.names.Names.of", lambda names, kind, pk, now: now or ""),
    ),
    Fault(a_searched_number_is_in_no_link, replaced("core.searching.mask", str)),
)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_the_promise_holds(fault):
    with time_machine.travel(NOON, tick=False):
        fault.proof(build_cast())


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_the_proof_fails_without_its_guard(fault):
    with time_machine.travel(NOON, tick=False), ExitStack() as stack:
        cast = build_cast()
        for removal in fault.remove():
            stack.enter_context(removal)
        with pytest.raises((*FAILED, Refused)):
            fault.proof(cast)
