"""What the table alone cannot tell: a cut tail, an emptied table, another key; and whatever is done to the anchors."""

import random
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from core import anchors, audit
from core.models import AuditChain, AuditEntry
from core.tests.test_audit import without_triggers
from tests.scale import SEED, scaled

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
ROWS = 12


@pytest.fixture
def chain(settings, tmp_path):
    """Three anchored days of four rows each, and the path of the anchors."""
    settings.AUDIT_ANCHORS = tmp_path / "audit" / "anchors.jsonl"
    settings.AUDIT_KEY = "k" * 40
    audit.record_each(actor=None, action="test.done", object_type="thing", keys="ab", covert=True)
    for day in range(3):
        audit.record_each(actor=None, action="test.done", object_type="thing", keys=range(4), detail={"day": day})
        assert anchors.write_anchor(timezone.now() + timedelta(days=day))
    return settings.AUDIT_ANCHORS


def test_a_clean_chain_fits_its_anchors_and_a_day_without_rows_adds_none(chain, capsys):
    assert not anchors.write_anchor(timezone.now())
    assert len(chain.read_text().splitlines()) == 3
    assert audit.verify().ok
    call_command("verify_audit")
    assert "共 14 行，逐行相符。与截至" in capsys.readouterr().out


def test_a_cut_tail_is_named_with_the_day_of_the_anchor(chain):
    without_triggers("DELETE FROM core_auditentry WHERE seq > %s", [9])
    with pytest.raises(CommandError, match=r"第 10 行起的记录被删去：.*的锚点记有第 12 行；其前 11 行相符"):
        call_command("verify_audit")


def test_an_emptied_table_is_named(chain):
    without_triggers("DELETE FROM core_auditentry WHERE seq > %s", [0])
    with pytest.raises(CommandError, match="第 1 行起全部记录被清空"):
        call_command("verify_audit")


def test_another_key_is_named_as_such(chain, settings):
    settings.AUDIT_KEY = "z" * 40
    with pytest.raises(CommandError, match="密钥与记录时不同"):
        call_command("verify_audit")


def test_a_mac_beyond_ascii_is_a_finding(chain):
    without_triggers("UPDATE core_auditentry SET mac = %s WHERE seq = %s", ["密" * 30, 5])
    assert audit.verify().bad_seq == 5


@pytest.mark.parametrize(("column", "value"), [("at", "gestern"), ("mac", b"\xff\xfe")])
def test_a_value_that_cannot_be_read_is_a_finding(chain, column, value):
    if connection.vendor == "postgresql":
        return  # its columns take no such value
    without_triggers(f"UPDATE core_auditentry SET {column} = %s WHERE seq = %s", [value, 5])
    assert not audit.verify().ok


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: [lines[0].replace('"day', '"dax'), *lines[1:]][1:], "第 1 行被改动，或其前有行被删去"),
        (lambda lines: [lines[0], lines[2]], "第 2 行被改动，或其前有行被删去"),
        (lambda lines: [lines[0], "{}", lines[2]], "第 2 行无法识别"),
        (lambda lines: [*lines, "这不是锚点"], "第 4 行无法识别"),
        (lambda lines: [lines[0], lines[1].replace('"before"', '"befor0"'), lines[2]], "第 2 行无法识别"),
        (lambda lines: ['{"at": 1, "key": "x", "ends": [], "mac": ""}', *lines[1:]], "第 1 行无法识别"),
        (lambda lines: [lines[0].replace('"seq"', '"x"').replace("T", "t", 1), *lines[1:]], "第 1 行被改动"),
    ],
)
def test_a_changed_file_of_anchors_is_a_finding(chain, change, said):
    chain.write_text("\n".join(change(chain.read_text().splitlines())) + "\n")
    verdict = audit.verify()
    assert not verdict.ok
    assert said in verdict.reason


def test_a_line_cut_off_by_a_crash_is_no_finding_and_goes_with_the_next(chain):
    with chain.open("ab") as file:
        file.write(b'{"at": "2026')
    assert audit.verify().ok
    audit.record(actor=None, action="test.done")
    assert anchors.write_anchor(timezone.now())
    assert len(chain.read_text().splitlines()) == 4
    assert audit.verify().ok


def forged(seq: int) -> dict:
    """A row that fits the one before it, made with another key."""
    before = AuditEntry.objects.filter(chain=AuditChain.OPEN, seq__lt=seq).order_by("-seq").first()
    body = {
        "chain": "open",
        "seq": seq,
        "action": "test.done",
        "object_type": "thing",
        "object_key": "9",
        "detail": "{}",
    }
    return body | {
        "at": "2022-06-08 12:00:00+00:00",
        "actor_label": "系统",
        "prev_mac": before.mac if before else "0" * 64,
    }


def insert(seq: int, *, mac: str) -> tuple[str, list]:
    row = forged(seq) | {"mac": mac}
    columns = ", ".join(row)
    return f"INSERT INTO core_auditentry ({columns}) VALUES ({', '.join(['%s'] * len(row))})", list(row.values())


def tamper(draw: random.Random, kind: str, anchored: Path) -> None:
    """One of the ways in which somebody with the rights of the database and of the data folder changes the record."""
    seq, other = draw.sample(range(1, ROWS + 1), 2)
    column = draw.choice(COLUMNS)
    value = VALUES.get(column) or draw.choice(("x", "改", "f" * 60))
    changes: dict[str, list[tuple[str, list]]] = {
        "cut": [("DELETE FROM core_auditentry WHERE seq >= %s", [seq])],
        "remove": [("DELETE FROM core_auditentry WHERE seq = %s AND chain = 'open'", [seq])],
        "change": [(f"UPDATE core_auditentry SET {column} = %s WHERE seq = %s AND chain = 'open'", [value, seq])],
        "change covert": [("UPDATE core_auditentry SET object_key = %s WHERE chain = 'covert'", [draw.choice("xy")])],
        "move": [("UPDATE core_auditentry SET seq = seq + 1000 WHERE seq = %s AND chain = 'open'", [seq])],
        "other chain": [
            ("UPDATE core_auditentry SET chain = 'covert' WHERE seq = %s AND chain = 'open'", [max(seq, 3)])
        ],
        "swap": [
            ("UPDATE core_auditentry SET seq = %s WHERE seq = %s AND chain = 'open'", pair)
            for pair in ([500, seq], [seq, other], [other, 500])
        ],
        "append": [insert(ROWS + 1, mac=f"{draw.getrandbits(256):064x}")],
        "replace": [
            ("DELETE FROM core_auditentry WHERE seq = %s AND chain = 'open'", [seq]),
            insert(seq, mac=f"{draw.getrandbits(256):064x}"),
        ],
        "empty": [("DELETE FROM core_auditentry WHERE seq > %s", [0])],
    }
    if kind == "anchor":
        text = anchored.read_text()
        place = draw.randrange(len(text) - 1)
        anchored.write_text(text[:place] + draw.choice("0aé") + text[place + 1 :])
        return
    for step in changes[kind]:
        without_triggers(*step)


KINDS = (
    "cut",
    "remove",
    "change",
    "change covert",
    "move",
    "other chain",
    "swap",
    "append",
    "replace",
    "empty",
    "anchor",
)
COLUMNS = ("action", "actor_label", "actor_id", "object_key", "object_type", "detail", "ip", "mac", "prev_mac", "at")
VALUES = {"at": "2001-01-01 00:00:00+00:00", "actor_id": 77, "ip": "10.0.0.9", "detail": '{"day": 99}'}


def test_a_thousand_random_tamperings_of_every_kind_are_found(chain):
    draw, kept = random.Random(SEED), chain.read_bytes()
    for number in range(scaled(33, 1000)):
        kind = KINDS[number % len(KINDS)]
        with transaction.atomic():
            tamper(draw, kind, chain)
            changed = kind != "anchor" or chain.read_bytes() != kept
            assert not changed or not audit.verify().ok, f"{kind}, tampering {number} of seed {SEED}"
            transaction.set_rollback(True)
        chain.write_bytes(kept)
    assert audit.verify().ok
    assert AuditEntry.objects.filter(chain=AuditChain.OPEN).count() == ROWS
