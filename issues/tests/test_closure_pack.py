"""销号档案: one file that opens alone, the same bytes for the same content, known again by its digest."""

import io
import re
from base64 import b64decode

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from PIL import Image

from core.models import AuditEntry
from evidence.domain.store import accept_photo
from evidence.tests.samples import photo, upload
from issues.domain import closure_pack, lifecycle
from issues.models import Issue, LookBack
from tests.cast import NOON, covert_walk, issue_in, reported_walk
from tests.database import without_triggers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]
PHONE = "13812345678"


@pytest.fixture
def closed(cast) -> Issue:
    """An issue struck off, with a photo of before and one of after, and a phone in its texts."""
    issue = issue_in(cast, "rectifying")
    files = [accept_photo(upload=upload(photo(), f"{PHONE}改后.jpg"), actor=cast.responsible)]
    data = {"result": f"已改，联系{PHONE}", "files": files, "evidence_kind": "after"}
    issue = lifecycle.perform(issue=issue, action="request_closing", actor=cast.responsible, data=data, now=NOON)
    data = {"note": "现场核对属实 [[photo-1]]", "files": []}
    return lifecycle.perform(issue=issue, action="approve_closing", actor=cast.lead, data=data, now=NOON)


def taken(client, user, issue: Issue) -> bytes:
    client.force_login(user)
    response = client.get(reverse("issue_pack", args=[issue.number]))
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    return b"".join(response.streaming_content)


def test_it_holds_facts_measures_approvals_history_and_pictures_and_leads_nowhere(client, cast, closed):
    text = taken(client, cast.office, closed).decode()
    for words in (closed.number, closed.description, "整改措施", "现场核对属实", "办理经过", "申请销号", "测试lead"):
        assert words in text
    assert PHONE not in text
    assert "138****5678" in text
    [picture] = re.findall(r'<img src="data:image/jpeg;base64,([^"]+)"', text)
    assert Image.open(io.BytesIO(b64decode(picture))).format == "JPEG"
    assert closed.evidence.get().file.sha256 in text
    assert not re.findall(r'(?:src|href)="(?!data:)', text)
    assert "<script" not in text


def test_it_holds_who_walked_again_and_no_walk_that_is_still_covert(client, cast, closed):
    reported, _ = reported_walk(cast)
    given = {"issue": closed, "round": 1, "bound_by": cast.office, "bound_at": NOON, "verdict": "pass"}
    with without_triggers("issues_lookback"):
        LookBack.objects.create(walk=reported, state="look_back_passed", finding="三处窗口均未反弹", **given)
    LookBack.objects.create(walk=covert_walk(cast), finding="暗中再走", **given)
    for user in (cast.office, cast.principal):
        text = taken(client, user, closed).decode()
        assert all(words in text for words in ("回头看体验", "三处窗口均未反弹", reported.walker_name)), user
        assert "暗中再走" not in text, user


def test_the_same_content_is_the_same_file_and_each_taking_is_audited(client, cast, closed):
    first, again = (taken(client, user, closed) for user in (cast.office, cast.lead))
    assert first == again
    noted = AuditEntry.objects.filter(action=closure_pack.EXPORTED).order_by("seq")
    assert [(one.actor_label, one.object_key) for one in noted] == [
        ("测试office", closed.number), ("测试lead", closed.number)
    ]  # fmt: skip
    assert {one.detail["digest"] for one in noted} == {closure_pack.digest_in(first)}
    with without_triggers("issues_issue"):
        Issue.objects.filter(pk=closed.pk).update(remark="另行说明", result="改了别的")
    assert taken(client, cast.office, closed) != first


def test_a_text_like_what_stands_for_the_digest_stays_as_it_is(client, cast, closed):
    with without_triggers("issues_issue"):
        Issue.objects.filter(pk=closed.pk).update(description=f"单号{closure_pack.BLANK}")
    content = taken(client, cast.office, closed)
    assert f"单号{closure_pack.BLANK}" in content.decode()
    assert closure_pack.check(content).fits


def test_the_command_knows_a_file_again_and_finds_a_changed_one(client, cast, closed, tmp_path, capsys):
    content, path = taken(client, cast.office, closed), tmp_path / "档案.html"
    path.write_bytes(content)
    call_command("verify_audit", pack=str(path))
    assert f"与下载时相同：{closed.number}，由测试office于" in capsys.readouterr().out
    for place in (content.index("属实".encode()), content.index(b"base64,") + 40, len(content) - 3):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(CommandError, match="已被改动，或不是销号档案"):
            call_command("verify_audit", pack=str(path))
    other = closure_pack.finished(f'<p>别处的</p><code id="digest">{closure_pack.BLANK}</code>', {}, [])
    path.write_bytes(other)
    with pytest.raises(CommandError, match="本系统没有下载过"):
        call_command("verify_audit", pack=str(path))


def test_only_what_was_struck_off_has_one_and_only_for_who_sees_it(client, cast, closed):
    open_one = issue_in(cast, "rectifying")
    client.force_login(cast.office)
    refused = client.get(reverse("issue_pack", args=[open_one.number]))
    assert (refused.status_code, "还没有销号" in refused.text) == (400, True)
    assert "销号档案" not in client.get(reverse("issue", args=[open_one.number])).text
    assert reverse("issue_pack", args=[closed.number]) in client.get(reverse("issue", args=[closed.number])).text
    client.force_login(cast.office_other_county)
    assert client.get(reverse("issue_pack", args=[closed.number])).status_code == 404
