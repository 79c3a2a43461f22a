"""Statistics for the query planner."""

import pytest
from django.db import connection

from core.database_statistics import refresh_statistics
from core.models import AuditEntry
from core.tasks import refresh_planner

pytestmark = pytest.mark.both_databases


@pytest.mark.django_db
def test_a_grown_table_gets_its_statistics_and_a_second_run_is_harmless():
    AuditEntry.objects.bulk_create(
        [
            AuditEntry(seq=seq, at="2022-06-08T09:00:00+08:00", action="test.done", prev_mac="", mac=f"m{seq}")
            for seq in range(1, 301)
        ]
    )
    refresh_statistics()
    refresh_planner()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM sqlite_stat1 WHERE tbl = 'core_auditentry'")
            assert cursor.fetchone()[0] > 0
