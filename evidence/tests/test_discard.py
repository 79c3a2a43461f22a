"""discard: an upload that no record uses goes, row and files."""

import pytest
from django.db import transaction

from evidence.domain.store import accept_photo, discard
from evidence.models import StoredFile
from evidence.tests import samples

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture
def file(actor, root):
    return accept_photo(upload=samples.upload(samples.photo()), actor=actor)


def test_row_and_files_go_and_other_files_stay(actor, file, files_on_disk):
    other = accept_photo(upload=samples.upload(samples.photo()), actor=actor)
    assert len(files_on_disk()) == 6
    discard(file=file)
    assert list(StoredFile.objects.all()) == [other]
    assert {path.name for path in files_on_disk()} == {
        name.rpartition("/")[2] for name in (other.source_name, other.served_name, other.thumb_name)
    }


def test_files_stay_when_the_callers_transaction_is_rolled_back(file, files_on_disk):
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012 - both lines are one transaction
        discard(file=file)
        raise ZeroDivisionError
    assert StoredFile.objects.get() == file
    assert len(files_on_disk()) == 3


def test_discarding_twice_is_no_error(file, nothing_kept):
    discard(file=file)
    discard(file=file)
    nothing_kept()
