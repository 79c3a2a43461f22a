"""The chain names what was changed, moved, inserted or removed; the database refuses to change it at all."""

import random

import pytest
from django.db import DatabaseError, connection, transaction

from core import audit
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def fill(rows: int) -> None:
    for number in range(rows):
        audit.record(actor=None, action="test.done", object_type="thing", object_key=number, detail={"n": number})


def without_triggers(sql: str, params) -> None:
    """What somebody with the database's own rights could do."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='core_auditentry'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("ALTER TABLE core_auditentry DISABLE TRIGGER USER")
        cursor.execute(sql, params)


def test_a_clean_chain_verifies_row_by_row():
    fill(30)
    verdict = audit.verify()
    assert verdict.ok
    assert verdict.rows == 30


@pytest.mark.parametrize("column", ["action", "object_key", "actor_label", "detail", "mac", "prev_mac"])
def test_a_changed_column_is_named_at_its_row(column):
    fill(12)
    seq = random.Random(column).randint(2, 11)
    value = '{"n": 99}' if column == "detail" else "f" * 64 if "mac" in column else "changed"
    without_triggers(f"UPDATE core_auditentry SET {column} = %s WHERE seq = %s", [value, seq])
    assert audit.verify().bad_seq == seq


def test_a_removed_row_is_named():
    fill(12)
    without_triggers("DELETE FROM core_auditentry WHERE seq = %s", [5])
    assert audit.verify().bad_seq == 5


def test_two_swapped_rows_are_found():
    fill(6)
    for new, old in ((100, 2), (2, 3), (3, 100)):
        without_triggers("UPDATE core_auditentry SET seq = %s WHERE seq = %s", [new, old])
    assert audit.verify().bad_seq == 2


@pytest.mark.parametrize("sql", ["UPDATE core_auditentry SET action = 'x'", "DELETE FROM core_auditentry"])
def test_the_database_refuses_to_change_an_entry(sql):
    fill(1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert AuditEntry.objects.count() == 1
