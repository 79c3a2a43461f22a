"""The audit page."""

import pytest
from django.db import connection

from core import audit, listing
from core.models import AuditEntry

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
        detail={"digest": "0123456789abcdef", "version": 7},
    )
    client.force_login(cast.auditor)
    text = client.get(URL).text
    for words in ("体验签字", "测试principal", "校验值：0123456789ab…；版本：7"):
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
