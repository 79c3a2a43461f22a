"""The audit page."""

import csv
import io

import openpyxl
import pytest
from django.db import connection

from core import audit, listing
from core.models import AuditEntry
from tests.cast import issue_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
URL = "/audit/"


def listed(answer):
    return [row["seq"] for row in answer.context["page"].rows]


def test_the_auditor_reads_every_entry_newest_first(client, cast):
    client.force_login(cast.auditor)
    sequence = list(AuditEntry.objects.order_by("-seq").values_list("seq", flat=True))
    assert len(sequence) > 10
    assert listed(client.get(URL)) == sequence


@pytest.mark.parametrize("persona", ["principal", "office", "supervisor", "sysadmin", "secadmin"])
def test_for_everybody_else_the_page_does_not_exist(client, cast, persona):
    client.force_login(getattr(cast, persona))
    assert client.get(URL).status_code == 404


def test_an_entry_is_told_in_words_with_a_short_digest(client, cast):
    audit.record(
        actor=cast.principal,
        action="walk.signed",
        object_type="walk",
        object_key="abc",
        detail={"digest": "0123456789abcdef", "version": 7, "role": ["liaison"], "unmasked": True, "action": "assign"},
    )
    client.force_login(cast.auditor)
    text = client.get(URL).text
    # In which order a database gives the parts is its own.
    facts = ("校验值：0123456789ab…", "版本：7", "角色：联络员", "含完整号码：是", "办理：问题交办")
    for words in ("体验签字", "测试principal", *facts):
        assert words in text
    assert "0123456789abcdef" not in text


def test_filters_narrow_by_actor_action_and_day(client, cast):
    entry = audit.record(actor=cast.office, action="ledger.exported", object_type="ledger", object_key="all")
    client.force_login(cast.auditor)
    assert listed(client.get(URL, {"action": "ledger.exported"})) == [entry.seq]
    assert listed(client.get(URL, {"q": "测试office"})) == [entry.seq]
    assert listed(client.get(URL, {"until": "2020-01-01"})) == []
    assert entry.seq in listed(client.get(URL, {"since": "2020-01-01"}))


def test_a_day_that_is_none_is_ignored_with_a_note(client, cast):
    client.force_login(cast.auditor)
    answer = client.get(URL, {"since": "gestern"})
    assert "应为 2022-06-20 这样的日期" in answer.text
    assert listed(answer)


def test_pages_beyond_the_twentieth_keep_the_order(client, cast, monkeypatch):
    monkeypatch.setitem(listing.paginate.__kwdefaults__, "per_page", 3)
    for number in range(63):
        audit.record(actor=cast.office, action="ledger.exported", object_type="ledger", object_key=str(number))
    client.force_login(cast.auditor)
    url, shown = f"{URL}?page=last", []
    while url:
        answer = client.get(url)
        shown = listed(answer) + shown
        url = answer.context["page"].prev_url and URL + answer.context["page"].prev_url
    assert shown == list(AuditEntry.objects.order_by("-seq").values_list("seq", flat=True))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_one_row_and_three(client, cast, rows, django_assert_num_queries):
    for _ in range(rows):
        audit.record(actor=cast.office, action="ledger.exported")
    client.force_login(cast.auditor)
    client.get(URL)
    with django_assert_num_queries(5):
        assert len(listed(client.get(URL, {"action": "ledger.exported"}))) == rows


def test_what_is_released_shows_no_number_of_its_chain_nor_any_trace_of_what_is_still_covert(client, cast):
    """docs/trust.md B2: missing numbers would reveal walks still covert, how many entries, and between which times."""

    for key in ("released", "kept-back", "released"):
        audit.record(actor=cast.principal, action="walk.viewed", object_type="walk", object_key=key, covert=True)
    audit.record(actor=cast.principal, action="walk.released", object_type="walk", object_key="released")
    client.force_login(cast.auditor)
    answer = client.get(URL)
    told = [row["seq_label"] for row in answer.context["page"].rows if row["chain"] == "covert"]
    assert told == ["暗访", "暗访"]
    assert "kept-back" not in answer.text
    assert "暗访 1" not in answer.text
    assert "暗访 3" not in answer.text
    assert audit.verify().ok


def test_one_press_verifies_the_whole_audit_and_names_the_row_that_was_changed(client, cast):
    client.force_login(cast.auditor)
    page = client.post(f"{URL}verify/", follow=True)
    assert "审计记录完整，逐行核对相符。" in page.text
    with connection.cursor() as cursor:  # the test's transaction brings the trigger back
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER refuse_core_auditentry_update")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE core_auditentry DISABLE TRIGGER USER")
    AuditEntry.objects.filter(seq=3, chain="open").update(actor_label="别人")
    assert "审计记录第 3 行" in client.post(f"{URL}verify/", follow=True).text
    client.force_login(cast.sysadmin)
    assert client.post(f"{URL}verify/").status_code == 404


def test_what_the_conditions_select_is_taken_along_as_workbook_and_text_and_that_is_audited(client, cast):
    audit.record(
        actor=cast.office, action="ledger.exported", object_type="ledger", object_key="=1+1", detail={"rows": 5}
    )
    client.force_login(cast.auditor)
    page = client.get(URL, {"action": "ledger.exported"})
    assert "/audit/export/?action=ledger.exported" in page.text
    for kind in ("xlsx", "csv"):
        sent = client.get("/audit/export/", {"action": "ledger.exported", "format": kind})
        content = b"".join(sent.streaming_content)
        if kind == "csv":
            head, line = csv.reader(io.StringIO(content.decode("utf-8-sig")))
        else:
            rows = [
                [cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows()
            ]
            head, line = (rows[place][1:] for place in (-2, -1))
            assert "操作：导出台账" in str(rows[0])
        assert head[:2] == ["链内序号", "时间"]
        assert (line[2], line[3], line[6]) == ("测试office", "导出台账", "行数：5")
        assert line[5] == ("'=1+1" if kind == "csv" else "=1+1")
    noted = AuditEntry.objects.filter(action="audit.exported")
    assert [entry.detail for entry in noted] == [{"conditions": ["操作：导出台账"], "rows": 1}] * 2


def test_an_act_on_an_issue_carries_the_address_it_came_from(client, cast):
    issue = issue_in(cast, "registered")
    client.force_login(cast.liaison)
    data = {"idempotency_key": "k" * 32, "version": issue.version}
    assert client.post(f"/issues/{issue.number}/take/", data, REMOTE_ADDR="10.9.8.7").status_code == 302
    assert AuditEntry.objects.get(action="issue.take").ip == "10.9.8.7"
    audit.record(actor=None, action="test.done")
    assert AuditEntry.objects.get(action="test.done").ip is None
