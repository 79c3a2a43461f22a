"""accept_photos: all photos of one form, or none; and the same bytes sent twice at once."""

import threading

import pytest
from django.db import connection

from core.exceptions import Refused
from evidence.domain.store import accept_photo, accept_photos, open_served
from evidence.models import StoredFile
from evidence.tests import samples

pytestmark = pytest.mark.both_databases


def sent(*contents):
    return [samples.upload(data, f"{number}.jpg") for number, data in enumerate(contents, 1)]


def test_every_photo_is_kept_in_the_order_it_was_sent(actor, root):
    kept = accept_photos(uploads=sent(samples.photo("PNG"), samples.photo("HEIF"), samples.photo("JPEG")), actor=actor)
    assert [file.content_type for file in kept] == ["image/png", "image/heic", "image/jpeg"]
    assert set(StoredFile.objects.all()) == set(kept)


def test_no_photos_make_no_rows(actor, root):
    assert accept_photos(uploads=[], actor=actor) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("bad", [b"<svg/>", samples.photo()[:2000]], ids=["at_first_sight", "only_when_decoded"])
def test_one_bad_photo_keeps_none_of_the_others(actor, nothing_kept, bad):
    with pytest.raises(Refused) as caught:
        accept_photos(uploads=sent(samples.photo(), samples.photo("PNG"), bad), actor=actor)
    assert "3.jpg" in caught.value.message
    nothing_kept()


@pytest.mark.django_db(transaction=True)
def test_the_same_photo_from_many_phones_at_once_gives_a_row_each(actor, root, files_on_disk):
    data, people = samples.photo(), 6
    start, kept, failed = threading.Barrier(people), [], []

    def send():
        try:
            start.wait()
            kept.append(accept_photo(upload=samples.upload(data), actor=actor))
        except Exception as exc:
            failed.append(exc)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert StoredFile.objects.count() == people
    assert len({file.sha256 for file in kept}) == 1
    assert len(files_on_disk()) == 3 * people
    shown = set()
    for file in kept:
        with open_served(file) as source:
            shown.add(source.read())
    assert len(shown) == 1
