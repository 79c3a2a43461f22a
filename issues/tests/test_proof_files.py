"""What the database refuses of stored files and of the records that show them as proofs."""

import pytest
from django.db import DatabaseError, connection, transaction

from evidence.models import StoredFile
from issues.models import IssueEvidence, IssueRound
from tests.cast import issue_in, stored_file

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

FILE_CHANGES = [
    "UPDATE evidence_storedfile SET sha256 = 'x'",
    "UPDATE evidence_storedfile SET size = 2",
    "UPDATE evidence_storedfile SET kind = 'x'",
    "UPDATE evidence_storedfile SET original_name = 'x'",
    "UPDATE evidence_storedfile SET source_name = 'x'",
    "DELETE FROM evidence_storedfile",
]


@pytest.fixture
def proof(cast):
    """A photo on an issue that was struck off."""
    issue = issue_in(cast, "closed")
    file = stored_file(cast.responsible)
    return IssueEvidence.objects.create(issue=issue, file=file, kind="proof", added_by=cast.responsible)


def refused(sql: str) -> None:
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("sql", FILE_CHANGES)
def test_no_statement_changes_a_file_that_proves_something(proof, sql):
    refused(sql)


def test_a_proof_is_not_exchanged_and_a_round_that_ended_stays(cast, proof):
    IssueRound.objects.create(issue=proof.issue, number=1, finding="反弹")
    other = stored_file(cast.responsible)
    refused("UPDATE issues_issueevidence SET withdrawn_reason = 'x'")
    refused("DELETE FROM issues_issueevidence")
    refused("UPDATE issues_issueround SET finding = 'x'")
    refused("DELETE FROM issues_issueround")
    StoredFile.objects.filter(pk=other.pk).delete()
    assert StoredFile.objects.get() == proof.file


def test_a_file_is_not_replaced_either(proof):
    if connection.vendor == "sqlite":
        refused("INSERT OR REPLACE INTO evidence_storedfile SELECT * FROM evidence_storedfile")
    else:
        refused(
            "INSERT INTO evidence_storedfile SELECT * FROM evidence_storedfile"
            " ON CONFLICT (id) DO UPDATE SET sha256 = 'x'"
        )
