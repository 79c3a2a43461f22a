"""A form with photos is saved once, with what its own photo field holds."""

import pytest
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from core.exceptions import KeyReused, Refused
from core.forms import OnceForm, TextField
from evidence.forms import PhotosField, submit_form
from evidence.models import StoredFile
from evidence.tests.samples import photo, upload


class WithPhotos(OnceForm):
    name = TextField(label="名称")
    pages = PhotosField()


class WithoutPhotos(OnceForm):
    name = TextField(label="名称")


def sent(form_class=WithPhotos, *, name="甲", data=()):
    form = form_class(QueryDict(f"name={name}&idempotency_key=k"), MultiValueDict({"pages": list(map(upload, data))}))
    assert form.is_valid()
    return form


def test_the_record_gets_the_photos_of_the_field_and_the_repeat_gives_the_first_answer(actor, files_on_disk):
    given = []
    for name in ("first", "second"):
        answer = submit_form(
            sent(data=[photo(), photo()]), actor, "test", lambda files, name=name: given.append(files) or name
        )
    assert answer == ("first", False)
    assert [len(files) for files in given] == [2]
    assert StoredFile.objects.count() == 2


def test_the_same_key_with_other_words_is_refused(actor):
    submit_form(sent(), actor, "test", lambda files: "1")
    with pytest.raises(KeyReused):
        submit_form(sent(name="乙"), actor, "test", lambda files: "2")


def test_a_photo_that_is_refused_is_told_at_the_field_of_the_form(actor, nothing_kept):
    form = sent(data=[photo()[:200]])
    with pytest.raises(Refused) as refused:
        submit_form(form, actor, "test", lambda files: "1")
    assert list(refused.value.fields) == ["pages"]


def test_a_form_without_a_photo_field_is_saved_without_photos(actor):
    given = []
    assert submit_form(sent(WithoutPhotos), actor, "test", lambda files: given.append(files) or "1") == ("1", True)
    assert given == [[]]
