"""Mutation tests of what is kept as it was and of what is masked or left out: as ``test_rights_mutations``."""

import io
import zipfile
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.http import QueryDict

from accounts.domain.memberships import end_memberships
from accounts.enums import DepartmentKind
from accounts.models import Department, Membership
from core.exceptions import NotAllowed, Refused
from core.listing import Order, paginate
from evidence.models import StoredFile
from issues.models import Issue, IssueEvidence
from reports.documents.drafts import TEXT_PAPERS
from reports.documents.material import period_material
from reports.documents.text_papers import text_paper
from reports.domain.compile import period_in
from reports.domain.figures import ReportQuery
from reports.domain.publishing import is_intact, publish
from reports.domain.queries import SYSTEM
from reports.domain.submissions.lines import open_parts
from reports.models import Publication
from tests.cast import NOON, covert_walk, issue_in, open_walk, reported_walk, stored_file
from tests.database import without_triggers
from tests.faults.fault import Fault, FaultTests, no_triggers, replaced, rewritten, without
from tests.faults.proofs import browser
from tests.full_disk import full_disk
from walks.domain.shown import TRACED, walks_shown_to

pytestmark = [pytest.mark.django_db, pytest.mark.clock]


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
    named = open_parts(cast.campaign, asked["period"], today=JULY.date()).token
    first = publish(**asked, now=JULY, confirmed=named)
    Department.objects.filter(pk=cast.unit.pk).update(name="改后")
    assert publish(**asked, now=JULY) == first


def the_office_that_is_named_publishes(cast):
    reported_walk(cast)
    cast.campaign.publisher = Department.objects.create(
        region=cast.county, name="县政府督查办", kind=DepartmentKind.OFFICE, order=1
    )
    asked = {"campaign": cast.campaign, "period": period_in(cast.campaign, "2022-06"), "actor": cast.office}
    named = open_parts(cast.campaign, asked["period"], today=JULY.date()).token
    with pytest.raises(NotAllowed):
        publish(**asked, now=JULY, confirmed=named)


def changed_rows_of_a_publication_are_told(cast):
    reported_walk(cast)
    asked = {"campaign": cast.campaign, "period": period_in(cast.campaign, "2022-06"), "actor": cast.office}
    named = open_parts(cast.campaign, asked["period"], today=JULY.date()).token
    first = publish(**asked, now=JULY, confirmed=named)
    assert is_intact(first)
    with without_triggers("reports_publication"):
        Publication.objects.filter(pk=first.pk).update(rows={})
    assert not is_intact(Publication.objects.get(pk=first.pk))


def a_searched_number_is_in_no_link(cast):
    issue_in(cast, "rectifying")
    assert PHONE not in browser(cast.office).get("/issues/", {"q": PHONE}, follow=True).text


def a_withheld_walk_hides_no_page(cast):
    covert_walk(cast)
    open_walk(cast)
    open_walk(cast)
    order, rows = Order("day", ("walk_date", "id"), descending=True), walks_shown_to(cast.principal, where="体验列表")

    def read(found) -> list[dict]:
        return list(found.values(*TRACED, "walk_date"))

    with full_disk("core_auditentry"):
        assert paginate(rows, order=order, params=QueryDict(), read=read, per_page=1).next_url


def left_out(rows) -> list:
    return [row for row in rows._result_cache[:1] if not rows.hidden_walks([row])]


def a_searched_number_leaves_the_address_bar(cast):
    client = browser(cast.office)
    for asked in (client.get, client.head):
        answer = asked("/issues/", {"q": PHONE})
        assert (answer.status_code, PHONE in answer.headers.get("Location", "")) == (302, False)


def a_masked_address_stays_on_this_host(cast):
    answer = browser(cast.office).get("/issues/", {"q": PHONE}, PATH_INFO="//elsewhere.example/")
    assert (answer.status_code, answer.headers["Location"][:2]) == (302, "/%")


def a_kept_number_is_masked_in_word_papers(cast):
    issue = issue_in(cast, "rectifying")
    with without_triggers("issues_issue"):
        Issue.objects.filter(pk=issue.pk).update(description=f"来电人{PHONE}")
    query = ReportQuery(cast.campaign, period_in(cast.campaign, "2022-06"), JULY.date(), SYSTEM)
    with zipfile.ZipFile(io.BytesIO(text_paper(TEXT_PAPERS["month-report"], period_material(query), {}))) as paper:
        text = paper.read("word/document.xml").decode()
    assert ("来电人138****5678" in text, PHONE in text) == (True, False)


def nobody_without_a_clearance_sees_a_covert_walk(cast):
    walk = covert_walk(cast)
    assert browser(cast.principal).get(f"/walks/{walk.pk}/").status_code == 200
    assert browser(cast.liaison).get(f"/walks/{walk.pk}/").status_code == 404


def the_clearance_of_who_left_no_longer_counts(cast):
    walk = covert_walk(cast)
    end_memberships(memberships=Membership.objects.filter(user=cast.principal).select_related("user"), actor=None)
    assert browser(cast.principal).get(f"/walks/{walk.pk}/").status_code == 404


def a_file_of_another_county_does_not_exist(cast):
    file = stored_file(cast.responsible)
    IssueEvidence.objects.create(issue=issue_in(cast, "closed"), file=file, kind="proof", added_by=cast.responsible)
    assert browser(cast.office_other_county).get(f"/files/{file.pk}/").status_code == 404


def nobody_takes_out_everything_at_once(cast):
    reported_walk(cast)
    with patch("core.export_limit.DIRECT_ROWS", -1):
        walks = browser(cast.office).get(f"/campaigns/{cast.campaign.code}/board/walks/export/")
        items = browser(cast.office).get("/items/export/")
        needs = browser(cast.office).get("/needs/export/")
    assert (walks.status_code, items.status_code, needs.status_code) == (400, 400, 400)


FAULTS = (
    Fault(a_proof_cannot_be_exchanged, no_triggers("evidence_storedfile")),
    Fault(a_proof_cannot_be_detached, no_triggers("issues_issueevidence")),
    Fault(the_day_of_a_signed_problem_cannot_be_changed, no_triggers("issues_issue")),
    Fault(
        a_published_period_keeps_its_names,
        replaced("reports.domain.names.Names.of", lambda names, kind, pk, now: now or ""),
    ),
    Fault(
        the_office_that_is_named_publishes,
        replaced("reports.domain.publishing.may_publish", lambda user, campaign: True),
    ),
    Fault(
        changed_rows_of_a_publication_are_told,
        rewritten("reports.domain.publishing.digest_of", '"rows": rows, '),
    ),
    Fault(a_withheld_walk_hides_no_page, replaced("walks.domain.shown.TracedRows._without_hidden", left_out)),
    Fault(a_kept_number_is_masked_in_word_papers, replaced("core.docx.mask", str)),
    Fault(
        nobody_without_a_clearance_sees_a_covert_walk,
        replaced("walks.domain.covert.cleared_for", lambda user_id, prefix="": Q()),
    ),
    Fault(
        the_clearance_of_who_left_no_longer_counts,
        replaced("walks.domain.covert.is_silent", lambda: Q(pk__in=())),
    ),
    Fault(
        a_file_of_another_county_does_not_exist,
        replaced("issues.domain.queries.files_visible_to", lambda user: StoredFile.objects.all()),
    ),
    Fault(
        nobody_takes_out_everything_at_once,
        lambda: [
            patch(f"{module}.require_few", lambda rows, what, way: None)
            for module in ("reports.exports.board_walks", "catalogue.exports", "core.list_book")
        ],
    ),
    Fault(a_searched_number_leaves_the_address_bar, without("core.middleware.MaskedAddressMiddleware")),
    Fault(a_masked_address_stays_on_this_host, replaced("core.middleware.escape_leading_slashes", str)),
    Fault(a_searched_number_is_in_no_link, replaced("core.searching.mask", str)),
)


class TestFaults(FaultTests):
    also = (Refused,)
