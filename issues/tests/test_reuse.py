"""A proof that was used for another issue is shown to whoever strikes off, and asks for a reason."""

import pytest

from core.exceptions import Refused
from evidence.domain.store import accept_photo
from evidence.tests.samples import busy, encoded, upload
from issues.domain import lifecycle
from issues.domain.reuse import NEAR, SAME, WORDS, reuse_in
from issues.models import Issue
from issues.tests.acting import send, url_of
from issues.tests.test_bulk import page_of as bulk_page
from issues.tests.test_bulk import send as send_at_once
from tests.cast import NOON, issue_in, stored_file

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON, tick=True)]
RESULT = "已修订办事指南，并在政务网公开。"


def asked(cast, files, result: str = "已改") -> Issue:
    """An issue whose closing is asked for with these proofs."""
    data = {"result": result, "files": files, "evidence_kind": "after"}
    issue = issue_in(cast, "rectifying")
    return lifecycle.perform(issue=issue, action="request_closing", actor=cast.responsible, data=data, now=NOON)


def photo_of(cast, data: bytes):
    return accept_photo(upload=upload(data, "整改后.jpg"), actor=cast.responsible)


def told(cast, issue, user=None) -> list[tuple[str, str]]:
    found = reuse_in([issue], user or cast.lead).get(issue.pk, [])
    return [(one.number, one.what) for one in found]


@pytest.mark.usefixtures("own_files")
def test_the_same_photo_and_one_saved_again_are_told_and_another_is_not(cast):
    picture = busy(1)
    data = encoded(picture, "JPEG")
    smaller = encoded(picture.resize((320, 240)), "JPEG", quality=40)
    first = asked(cast, [photo_of(cast, data)])
    assert told(cast, first) == []
    again = asked(cast, [photo_of(cast, smaller)])
    assert told(cast, again) == [(first.number, NEAR)]
    assert told(cast, asked(cast, [photo_of(cast, encoded(busy(2), "JPEG"))])) == []
    assert told(cast, asked(cast, [photo_of(cast, data)])) == [(first.number, SAME), (again.number, NEAR)]


def test_the_same_words_of_a_result_are_told_and_short_ones_are_not(cast):
    first, short = asked(cast, [], RESULT), asked(cast, [], "已整改到位。")
    assert told(cast, asked(cast, [], "已修订办事指南 并在政务网公开")) == [(first.number, WORDS)]
    assert told(cast, asked(cast, [], "已整改到位")) == told(cast, short) == []


def test_only_issues_the_person_sees_are_compared(cast):
    first = asked(cast, [stored_file(cast.responsible)], RESULT)
    Issue.objects.filter(pk=first.pk).update(lead_department=cast.second_unit)
    again = asked(cast, [stored_file(cast.responsible)], RESULT)
    assert told(cast, again, cast.lead) == []
    assert told(cast, again, cast.office) == [(first.number, SAME), (first.number, WORDS)]


def test_the_page_shows_the_other_issue_and_goes_on_with_a_reason_only(client, cast):
    first, again = (asked(cast, [stored_file(cast.responsible)]) for _ in range(2))
    client.force_login(cast.lead)
    page = client.get(url_of(again, "approve_closing")).text
    assert f"/issues/{first.number}/" in page
    refused = send(client, cast.lead, again, "approve_closing", note="属实")
    assert refused.status_code == 400
    assert "仍予销号的请写明理由" in refused.text
    data = {"note": "属实", "reuse_reason": "同一块公示牌"}
    assert send(client, cast.lead, again, "approve_closing", **data).status_code == 302
    event = again.events.last()
    assert (event.kind, event.data["reuse_reason"]) == ("approve_closing", "同一块公示牌")
    # What the unit reads of it names no issue that it may not see.
    assert first.number not in str(event.data)


def test_a_proof_of_its_own_asks_for_no_reason_and_keeps_none(client, cast):
    issue = asked(cast, [stored_file(cast.responsible)])
    client.force_login(cast.lead)
    assert "reuse_reason" not in client.get(url_of(issue, "approve_closing")).context["form"].fields
    data = {"reuse_reason": "多余"}
    lifecycle.perform(issue=issue, action="approve_closing", actor=cast.lead, data=data, now=NOON)
    assert "reuse_reason" not in issue.events.last().data


def test_the_domain_asks_for_the_reason(cast):
    asked(cast, [], RESULT)
    again = asked(cast, [], RESULT)
    with pytest.raises(Refused, match="重复"):
        lifecycle.perform(issue=again, action="approve_closing", actor=cast.lead, data={}, now=NOON)


def test_many_at_once_show_it_tick_none_of_them_and_leave_what_has_no_reason(client, cast, monkeypatch):
    monkeypatch.setattr("issues.domain.openings.why_unread", lambda files: "")
    asked(cast, [stored_file(cast.responsible)])
    again, good = asked(cast, [stored_file(cast.responsible)]), asked(cast, [stored_file(cast.responsible, "1" * 64)])
    page = bulk_page(client, cast.lead, "approve_closing", [again, good])
    assert [row["ticked"] for row in page.context["rows"]] == [False, True]
    assert SAME in page.text
    password = {"password": "Liucheng-2022!", "note": "属实"}
    send_at_once(client, cast.lead, "approve_closing", [again, good], **password)
    assert [Issue.objects.get(pk=one.pk).state for one in (again, good)] == ["closing", "closed"]
    send_at_once(client, cast.lead, "approve_closing", [again], reuse_reason="同一处", **password)
    assert Issue.objects.get(pk=again.pk).state == "closed"
