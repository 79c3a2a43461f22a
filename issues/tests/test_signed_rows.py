"""What the database refuses of a signed walk, beside the columns of ``test_signed_content``."""

import pytest
from django.db import DatabaseError, connection, transaction

from tests.cast import open_walk, reported_walk
from walks.domain import lifecycle, personal
from walks.models import StepPerson, Walk

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def refused(sql: str, *params) -> None:
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def test_no_row_moves_into_a_signed_walk_no_person_changes_and_the_state_follows_the_table(cast):
    walk, _ = reported_walk(cast, with_components=True)
    other = open_walk(cast, problems=1)
    ids = [one.pk.hex if connection.vendor == "sqlite" else one.pk for one in (walk, other)]
    refused("UPDATE walks_step SET walk_id = %s WHERE walk_id = %s", *ids)
    refused("UPDATE issues_issue SET walk_id = %s WHERE walk_id = %s", *ids)
    refused("UPDATE walks_stepperson SET name = 'x'")
    refused("DELETE FROM walks_stepperson")
    refused("UPDATE walks_walk SET state = 'in_progress' WHERE id = %s", ids[0])
    refused("UPDATE walks_walk SET reported_at = %s WHERE id = %s", "2020-01-01 00:00:00+00:00", ids[0])
    unit = cast.lead_unit.pk
    refused("INSERT INTO walks_walk_also_received_by (walk_id, department_id) VALUES (%s, %s)", ids[0], unit)
    refused("UPDATE issues_issue SET step_id = NULL WHERE walk_id = %s", ids[0])
    step = walk.steps.exclude(person_digest="").first()
    personal.erase(step=step, actor=cast.office, reason="期满清除")
    assert StepPerson.objects.get(step=step).name == ""
    lifecycle.perform(walk=walk, action="accept", actor=cast.lead)
    refused("UPDATE walks_walk SET state = 'returned' WHERE id = %s", ids[0])
    assert Walk.objects.get(pk=walk.pk).state == "accepted"
