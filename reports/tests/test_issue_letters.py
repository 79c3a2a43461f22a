"""交办单 and 督办单 as Word files: what they say, who gets them, by page and command."""

import io

import docx
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from core.exceptions import Refused
from issues.domain.slips import lifecycle
from reports.documents.issue_letters import write_assignment
from tests.cast import NOON, issue_in

pytestmark = pytest.mark.django_db


def cells_of(content: bytes) -> dict[str, str]:
    [table] = docx.Document(io.BytesIO(content)).tables
    return {row.cells[0].text: row.cells[1].text for row in table.rows}


def signed(cast):
    issue = issue_in(cast, "rectifying")
    now = NOON.replace(month=6, day=29)
    return lifecycle.sign(issue=issue, colour=1, demand="请限期办结", actor=cast.office, now=now)


def test_the_assignment_names_unit_matter_and_date_on_the_page(client, cast):
    issue = issue_in(cast, "assigned")
    client.force_login(cast.second_liaison)
    assert reverse("issue_letter", args=[issue.number, "assignment"]) in client.get(f"/issues/{issue.number}/").text
    answer = client.get(reverse("issue_letter", args=[issue.number, "assignment"]))
    found = cells_of(b"".join(answer.streaming_content))
    assert (found["承办单位"], found["交办单位"], found["办理时限"]) == ("县公安局", "县行政审批局", "2022年6月28日")
    assert (found["交办事项"], found["协办单位"]) == (issue.description, "无")
    client.force_login(cast.namesake)
    assert client.get(reverse("issue_letter", args=[issue.number, "assignment"])).status_code == 404


def test_the_slip_carries_number_grounds_and_the_answer(client, cast):
    slip = signed(cast)
    lifecycle.perform(slip=slip, action="answer", actor=cast.liaison, data={"reply": "已办结"}, now=slip.signed_at)
    cast.campaign.letterhead = "青禾县优化营商环境工作领导小组办公室"
    cast.campaign.save(update_fields=["letterhead"])
    client.force_login(cast.office)
    answer = client.get(reverse("issue_letter", args=[slip.issue.number, "slip"]), {"slip": slip.number})
    content = b"".join(answer.streaming_content)
    found = cells_of(content)
    assert (found["督办编号"], found["颜色"], found["办理情况"]) == ("督办〔2022〕1号", "蓝色", "已办结")
    assert found["事由、依据"] == "整改时限2022年6月28日，已逾期1个工作日"
    texts = [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]
    assert "青禾县优化营商环境工作领导小组办公室" in texts


def test_what_was_not_assigned_has_no_assignment(cast):
    with pytest.raises(Refused, match="没有交办给单位"):
        write_assignment(issue_in(cast, "planning"), "docx", actor=None)
    with pytest.raises(Refused, match="只能生成"):
        write_assignment(issue_in(cast, "assigned"), "xlsx", actor=None)


def test_the_command_writes_both(cast, tmp_path):
    slip, assigned = signed(cast), issue_in(cast, "assigned")
    for kind, number in (("slip", slip.issue.number), ("assignment", assigned.number)):
        target = tmp_path / f"{kind}.docx"
        call_command("document", kind, campaign=cast.campaign.code, issue=number, output=str(target))
        assert cells_of(target.read_bytes())
    for wrong in ({"issue": "QH2022-99999"}, {"issue": assigned.number}, {}):
        with pytest.raises(CommandError):
            call_command("document", "slip", campaign=cast.campaign.code, output=str(tmp_path / "x.docx"), **wrong)
