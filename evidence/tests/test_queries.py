"""evidence.domain.queries: whole sets, fixed number of queries."""

import uuid

import pytest

from accounts.models import User
from evidence.domain.queries import file_by_id, files_by_ids, same_bytes, uploads_of
from evidence.models import StoredFile

pytestmark = pytest.mark.both_databases


@pytest.fixture
def make(db):
    def one(user, sha256="a" * 64):
        names = {key: uuid.uuid4().hex for key in ("served_name", "thumb_name", "source_name")}
        return StoredFile.objects.create(
            uploaded_by=user, sha256=sha256, size=1, width=1, height=1, content_type="image/png", **names
        )

    return one


@pytest.mark.parametrize("count", [1, 3])
def test_files_by_ids_is_one_query_and_leaves_out_the_unknown(actor, make, count, django_assert_num_queries):
    files = [make(actor) for _ in range(count + 1)]
    with django_assert_num_queries(1):
        found = files_by_ids([*(file.id for file in files[:count]), uuid.uuid4()])
    assert found == {file.id: file for file in files[:count]}


def test_no_ids_cost_no_query(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        assert files_by_ids([]) == {}


def test_file_by_id_finds_one_or_none(actor, make):
    file = make(actor)
    assert file_by_id(file.id) == file
    assert file_by_id(uuid.uuid4()) is None


def test_uploads_of_are_those_of_one_person(actor, make):
    own = [make(actor), make(actor)]
    make(User.objects.create_user("other", name="他人"))
    assert list(uploads_of(actor)) == own


def test_same_bytes_are_the_other_files_with_this_digest(actor, make):
    first, second = make(actor), make(actor)
    make(actor, sha256="b" * 64)
    assert list(same_bytes(first)) == [second]
