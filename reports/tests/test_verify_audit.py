"""``verify_audit``."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from core import audit
from core.models import AuditEntry
from reports.domain.compile import period_in
from reports.domain.publishing import publish
from reports.domain.submissions.lines import open_parts
from reports.models import PublishedFile
from reports.tests.world import AS_OF
from tests.database import without_triggers

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def run(capsys, *args) -> str:
    call_command("verify_audit", *args)
    return capsys.readouterr().out


def test_an_untouched_chain_is_told_with_its_length(capsys):
    for number in range(3):
        audit.record(actor=None, action=f"a{number}")
    assert run(capsys) == "审计记录完整：共 3 行，逐行相符。还没有锚点，末尾被删去的行无法发现。\n"
    assert json.loads(run(capsys, "--json")) == {
        "rows": 3,
        "ok": True,
        "bad_seq": None,
        "reason": "",
        "chain": "open",
        "broken_signatures": [],
        "broken_publications": [],
        "broken_public_sheets": [],
    }


def test_a_row_slipped_in_without_the_key_is_named(capsys):
    last = [audit.record(actor=None, action=f"a{number}") for number in range(3)][-1]
    AuditEntry.objects.create(
        seq=4, at=timezone.now(), action="forged", actor_label="系统", prev_mac=last.mac, mac="0" * 64
    )
    with pytest.raises(CommandError, match="第 4 行内容被改动；其前 3 行相符"):
        call_command("verify_audit")
    with pytest.raises(CommandError):
        call_command("verify_audit", "--json")
    assert json.loads(capsys.readouterr().out)["bad_seq"] == 4


def test_a_publication_changed_afterwards_is_named_in_words_and_in_json(capsys, world):
    campaign = world.cast.campaign
    june = period_in(campaign, "2022-06")
    named = open_parts(campaign, june, today=timezone.localdate()).token
    publish(campaign=campaign, period=june, actor=world.cast.office, as_of=AS_OF, confirmed=named)
    with without_triggers("reports_publishedfile"):
        PublishedFile.objects.update(content=b"x")
    with pytest.raises(CommandError, match="印发后内容被改动的汇总 1 版：QH2022 2022-06 第 1 版"):
        call_command("verify_audit", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    assert told["broken_publications"] == [{"campaign": "QH2022", "period": "2022-06", "version": 1}]
