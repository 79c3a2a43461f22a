"""One submit with photos: kept once, and only with their record."""

import pytest

from core.exceptions import KeyReused, Refused
from core.models import IdempotencyKey
from evidence.domain.submit import submit_once
from evidence.models import StoredFile
from evidence.tests.samples import photo, upload

pytestmark = pytest.mark.both_databases


def submit(actor, save, *, key="k", content=None, photos=1, data=None):
    uploads = [upload(data or photo()) for _ in range(photos)]
    return submit_once(user=actor, key=key, scope="test", content=content or {"a": ["1"]}, uploads=uploads, save=save)


def test_the_record_gets_the_photos_and_the_repeat_gives_the_same_answer(actor, files_on_disk):
    given = []
    first = submit(actor, lambda files: given.append(files) or "7", photos=2)
    again = submit(actor, lambda files: given.append(files) or "8", photos=2)
    assert (first, again) == (("7", True), ("7", False))
    assert [len(files) for files in given] == [2]
    assert StoredFile.objects.count() == 2
    assert len(files_on_disk()) == 6


def test_what_the_record_refuses_leaves_no_photo_and_a_free_key(
    actor, nothing_kept, django_capture_on_commit_callbacks
):
    def refuse(files):
        raise Refused("不行")

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(Refused):
        submit(actor, refuse)
    nothing_kept()
    assert not IdempotencyKey.objects.exists()


def test_a_save_that_breaks_leaves_no_photo(actor, nothing_kept, django_capture_on_commit_callbacks):
    def breaks(files):
        raise RuntimeError("the database is gone")

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError):
        submit(actor, breaks)
    nothing_kept()


def test_a_photo_that_is_refused_is_told_at_its_field_before_anything_is_saved(actor, nothing_kept):
    with pytest.raises(Refused) as refused:
        submit(actor, lambda files: pytest.fail("saved"), data=b"<svg/>")
    assert list(refused.value.fields) == ["photos"]
    nothing_kept()


def test_another_content_under_the_same_key_is_refused_and_its_photo_not_kept(actor):
    submit(actor, lambda files: "7")
    with pytest.raises(KeyReused):
        submit(actor, lambda files: "8", content={"a": ["2"]})
    assert StoredFile.objects.count() == 1


def test_a_submit_that_loses_the_race_after_its_photos_were_kept_discards_them(
    actor, django_capture_on_commit_callbacks
):
    def meanwhile(files):
        raise AssertionError("the other submit was first")

    def first_wins():
        submit(actor, lambda files: "7", photos=0)
        return photo()

    late = upload(photo())
    late.file = Late(late.file, first_wins)
    with django_capture_on_commit_callbacks(execute=True):
        result = submit_once(user=actor, key="k", scope="test", content={"a": ["1"]}, uploads=[late], save=meanwhile)
    assert result == ("7", False)
    assert StoredFile.objects.count() == 0


class Late:
    """An upload's bytes; while they are read for the first time the same submit arrives by another way."""

    def __init__(self, file, meanwhile):
        self.file, self.meanwhile = file, meanwhile

    def seek(self, *args):
        return self.file.seek(*args)

    def read(self, *args):
        if self.meanwhile:
            self.meanwhile, act = None, self.meanwhile
            act()
        return self.file.read(*args)
