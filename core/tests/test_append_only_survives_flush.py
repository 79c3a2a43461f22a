"""The triggers of append-only tables exist in every test, also after a flush."""

import pytest
from django.db import DatabaseError, connection, transaction

from core import audit

pytestmark = pytest.mark.both_databases


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_the_wall_stands_before_and_after_a_flush(turn):
    audit.record(actor=None, action="test.done")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_auditentry")
