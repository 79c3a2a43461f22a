"""Guards of 批量办理: each is removed once, and its proof must fail without it."""

import pytest
from django.urls import reverse

from core.exceptions import Conflict
from evidence.domain.store import accept_photo
from evidence.tests.samples import photo, upload
from issues.domain import bulk, lifecycle
from issues.models import BulkChange, Issue
from tests.cast import NOON, issue_in
from tests.faults.fault import Fault, FaultTests, replaced, rewritten
from tests.faults.proofs import browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]


def closing(cast) -> Issue:
    issue = issue_in(cast, "rectifying")
    file = accept_photo(upload=upload(photo(), "改后.jpg"), actor=cast.responsible)
    data = {"result": "已改", "files": [file], "evidence_kind": "after"}
    return lifecycle.perform(issue=issue, action="request_closing", actor=cast.responsible, data=data, now=NOON)


def at_once(cast, actor, action: str, *chosen: tuple[Issue, int], **data) -> BulkChange:
    picked = [bulk.Chosen(issue, version, data) for issue, version in chosen]
    try:
        return bulk.perform_many(chosen=picked, action=action, actor=actor, now=NOON)
    except Conflict:
        pytest.fail("one refused issue kept the others")


def state(issue: Issue) -> str:
    return Issue.objects.get(pk=issue.pk).state


def nothing_unread_is_struck_off_with_others(cast):
    issue = closing(cast)
    at_once(cast, cast.lead, "approve_closing", (issue, issue.version))
    assert state(issue) == "closing"


def one_refused_leaves_the_others(cast):
    stale, good = closing(cast), closing(cast)
    change = at_once(cast, cast.lead, "return_closing", (stale, stale.version - 1), (good, good.version), note="重办")
    assert (state(stale), state(good)) == ("closing", "rectifying")
    assert [number for number, _ in change.refused] == [stale.number]


def a_change_is_its_makers(cast):
    change = BulkChange.objects.create(action="assign", actor=cast.office, at=NOON)
    assert browser(cast.lead).get(reverse("issues_change", args=[change.public_id])).status_code == 404


def a_change_names_no_issue_one_no_longer_sees(cast):
    issue = closing(cast)
    change = at_once(cast, cast.lead, "return_closing", (issue, issue.version), note="重办")
    assert bulk.done_in(change, cast.office_other_county).count() == 0


def what_was_typed_stays_where_not_one_is_done(cast):
    issue = closing(cast)
    sent = {"chosen": [f"{issue.number}:{issue.version - 1}"], "note": "照片看不清", "idempotency_key": "k"}
    url = f"{reverse('issues_bulk', args=['return_closing'])}?pick={issue.number}"
    assert "照片看不清" in browser(cast.lead).post(url, sent).text


FAULTS = (
    Fault(
        what_was_typed_stays_where_not_one_is_done,
        replaced("issues.domain.bulk.require_one_done", lambda change, chosen: None),
    ),
    Fault(nothing_unread_is_struck_off_with_others, replaced("issues.domain.openings.why_unread", lambda files: "")),
    Fault(
        one_refused_leaves_the_others,
        rewritten("issues.domain.bulk.perform_each", "except DomainError", "except KeyError"),
    ),
    Fault(a_change_is_its_makers, replaced("issues.domain.bulk.changes_of", lambda user: BulkChange.objects.all())),
    Fault(
        a_change_names_no_issue_one_no_longer_sees,
        replaced("issues.domain.bulk.issues_visible_to", lambda user: Issue.objects.all()),
    ),
)


class TestFaults(FaultTests):
    pass
