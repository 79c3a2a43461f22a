"""Guards of what leaves the system as a file, and of what the audit says: each is removed once."""

import io
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from core.models import AuditEntry
from issues.domain import closure_pack, lifecycle
from issues.models import Issue
from tests.cast import NOON, covert_walk, issue_in
from tests.faults.fault import Fault, FaultTests, replaced, rewritten, without
from tests.faults.proofs import browser

pytestmark = pytest.mark.django_db
PHONE = "13812345678"


def closed(cast) -> Issue:
    issue = issue_in(cast, "rectifying")
    data = {"result": f"已改，联系{PHONE}", "files": []}
    issue = lifecycle.perform(issue=issue, action="request_closing", actor=cast.responsible, data=data, now=NOON)
    return lifecycle.perform(issue=issue, action="approve_closing", actor=cast.lead, data={"note": "属实"}, now=NOON)


def pack(user, issue: Issue):
    return browser(user).get(reverse("issue_pack", args=[issue.number]))


def a_pack_is_for_who_sees_the_issue(cast):
    assert pack(cast.office_other_county, closed(cast)).status_code == 404


def a_pack_holds_no_number_of_a_person(cast):
    assert PHONE.encode() not in b"".join(pack(cast.office, closed(cast)).streaming_content)


def only_what_was_struck_off_has_a_pack(cast):
    assert pack(cast.office, issue_in(cast, "rectifying")).status_code == 400


def a_changed_pack_is_found(cast):
    content = b"".join(pack(cast.office, closed(cast)).streaming_content)
    assert closure_pack.check(content).fits
    assert not closure_pack.check(content.replace("属实".encode(), "不实".encode())).fits


def a_pack_is_noted(cast):
    pack(cast.office, closed(cast))
    assert AuditEntry.objects.filter(action=closure_pack.EXPORTED).exists()


def no_covert_walk_is_in_a_file(cast):
    walk = covert_walk(cast)
    assert walk.item_name.encode() not in _cells(browser(cast.principal).get("/walks/export/?tab=all"))


def _cells(response) -> bytes:
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as book:
        return b"".join(book.read(name) for name in book.namelist())


def nobody_but_the_auditor_takes_the_audit_along(cast):
    assert browser(cast.secadmin).get("/audit/export/").status_code == 404


def taking_the_audit_along_is_noted(cast):
    browser(cast.auditor).get("/audit/export/?action=user.signed_in")
    assert AuditEntry.objects.filter(action="audit.exported").exists()


def an_act_carries_its_address(cast):
    issue = issue_in(cast, "registered")
    data = {"idempotency_key": "k" * 32, "version": issue.version}
    browser(cast.liaison).post(f"/issues/{issue.number}/take/", data, REMOTE_ADDR="10.9.8.7")
    assert AuditEntry.objects.get(action="issue.take").ip == "10.9.8.7"


def a_wrong_password_stands_in_the_audit(cast):
    Client().post(reverse("login"), {"username": "liaison", "password": "nein"})
    assert AuditEntry.objects.filter(action="user.sign_in_failed").count() == 1


def what_was_typed_for_no_account_is_not_kept(cast):
    Client().post(reverse("login"), {"username": "Mein-Passwort", "password": "nein"})
    assert "Mein-Passwort" not in str(list(AuditEntry.objects.values("object_key", "detail")))


FAULTS = (
    Fault(
        a_pack_is_for_who_sees_the_issue,
        replaced("issues.views.issue.issues_to_open", lambda user: Issue.objects.select_related("region")),
    ),
    Fault(a_pack_holds_no_number_of_a_person, replaced("issues.domain.closure_pack.mask_page", lambda page: page)),
    Fault(
        only_what_was_struck_off_has_a_pack, replaced("issues.domain.closure_pack.require_closed", lambda *args: None)
    ),
    Fault(
        a_changed_pack_is_found,
        rewritten("issues.domain.closure_pack.check", " or hashlib.sha256(blank).hexdigest() != said"),
    ),
    Fault(a_pack_is_noted, replaced("issues.domain.closure_pack.note_exported", lambda **asked: None)),
    Fault(no_covert_walk_is_in_a_file, replaced("walks.domain.lists.to_take_along", lambda walks: walks)),
    Fault(
        nobody_but_the_auditor_takes_the_audit_along, replaced("accounts.views.audit.may_read_audit", lambda user: True)
    ),
    Fault(taking_the_audit_along_is_noted, replaced("accounts.exports.audit.record", lambda **asked: None)),
    Fault(an_act_carries_its_address, without("core.middleware.VisitorMiddleware")),
    Fault(a_wrong_password_stands_in_the_audit, replaced("accounts.domain.passwords.note_failure", lambda *args: None)),
    Fault(
        what_was_typed_for_no_account_is_not_kept,
        rewritten("accounts.domain.passwords.note_failure", "else NO_ACCOUNT", "else username"),
    ),
)


class TestFaults(FaultTests):
    pass
