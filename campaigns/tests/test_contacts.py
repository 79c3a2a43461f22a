"""工作联络表 (F14): who of which unit stands in it, for whom, and whose numbers are whole."""

import io

import openpyxl
import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.domain.memberships import grant_membership
from accounts.enums import Role
from accounts.models import User
from core.models import AuditEntry
from tests.cast import NOON, PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON)]
URL = "/campaigns/QH2022/contacts/"


@pytest.fixture(autouse=True)
def people(cast):
    User.objects.filter(username="second_liaison").update(phone="0477-7581978")
    grant_membership(user=cast.responsible, department=cast.unit, role=Role.DEPUTY, title="副局长")


def rows_of(content: bytes) -> list[tuple]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return [row[1:] for row in sheet.iter_rows(values_only=True) if isinstance(row[0], int)]


def downloaded(client, user) -> list[tuple]:
    client.force_login(user)
    return rows_of(b"".join(client.get(URL).streaming_content))


def test_each_unit_stands_with_its_deputies_and_liaisons_and_phones_are_masked(client, cast):
    rows = downloaded(client, cast.office)
    assert [row[0] for row in rows] == ["县公安局", "县民政局", "县司法局", "县行政审批局"]
    assert rows[0] == ("县公安局", "—", "测试second_liaison", "—", "047*-***1978", "—", "—")
    assert rows[1] == ("县民政局", "测试deputy、测试responsible", "测试liaison", "—", "—", "138****1111", "—")
    assert rows[2] == ("县司法局", "—", "—", "—", "—", "—", "未登记联络员")
    assert AuditEntry.objects.get(action="contacts.exported").detail == {"rows": 4}


def test_a_unit_has_its_own_people_and_a_lead_those_of_whom_it_receives(client, cast):
    assert [row[0] for row in downloaded(client, cast.liaison)] == ["县民政局"]
    assert [row[0] for row in downloaded(client, cast.lead)] == ["县公安局", "县民政局", "县司法局", "县行政审批局"]
    client.force_login(cast.responsible)
    assert client.get(URL).status_code == 200, "as a deputy"
    client.force_login(cast.namesake)
    assert client.get(URL).status_code == client.get(f"{URL}unmask/").status_code == 404
    cast.campaign.roster.filter(department=cast.second_unit).update(left_on=NOON.date())
    assert "县公安局" not in [row[0] for row in downloaded(client, cast.office)], "it has left the roster"


def test_no_more_rows_than_one_person_takes_out_at_once(client, cast, monkeypatch):
    monkeypatch.setattr("core.export_limit.DIRECT_ROWS", 3)
    client.force_login(cast.office)
    answer = client.get(URL)
    assert (answer.status_code, "请按单位分别导出" in answer.text) == (400, True)


def test_numbers_are_whole_after_a_reason_and_the_password(client, cast):
    client.force_login(cast.office)
    ask = reverse("contacts_unmask", args=["QH2022"])
    assert client.post(ask, {"reason": "通知开会", "password": "falsch"}).status_code == 400
    assert "138****1111" in downloaded(client, cast.office)[1]
    answer = client.post(ask, {"reason": "通知开会", "password": PASSWORD})
    assert answer.url == reverse("campaign_units", args=["QH2022"])
    found = rows_of(b"".join(client.get(URL).streaming_content))
    assert (found[0][4], found[1][5]) == ("0477-7581978", "13800001111")
    assert AuditEntry.objects.filter(action="contacts.exported").last().detail == {"rows": 4, "unmasked": True}


def test_the_command_writes_it_masked(cast, tmp_path):
    target = tmp_path / "f14.xlsx"
    call_command("document", "contacts", campaign="QH2022", output=str(target), unit="县民政局")
    [row] = rows_of(target.read_bytes())
    assert row[5] == "138****1111"
