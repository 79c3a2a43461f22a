"""Photos of a form that is shown again wait for its next try, for a day, for their sender alone."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from core.exceptions import Refused
from core.forms import OnceForm, TextField
from evidence.domain import waiting
from evidence.forms import PhotosField, is_valid_keeping, submit_form
from evidence.models import StoredFile, WaitingPhoto
from evidence.tests.samples import photo, upload


class Sample(OnceForm):
    name = TextField(label="名称")
    pages = PhotosField()


def sent(name="", photos=(), kept=()):
    data = QueryDict(mutable=True)
    data.update({"name": name, "idempotency_key": "k"})
    data.setlist("pages_kept", list(kept))
    return Sample(data, MultiValueDict({"pages": [upload(photo(), one) for one in photos]}))


def refuse(files):
    raise Refused("不能保存")


def test_a_form_that_does_not_hold_keeps_its_photos_and_the_next_try_adds_to_them(actor):
    first = sent(photos=["一.jpg"])
    assert not is_valid_keeping(first, actor)
    [one] = first.fields["pages"].kept
    second = sent(name="甲", photos=["二.jpg"], kept=[one["token"]])
    assert is_valid_keeping(second, actor)
    with pytest.raises(Refused):
        submit_form(second, actor, "test", refuse)
    kept = second.fields["pages"].kept
    assert [each["name"] for each in kept] == ["一.jpg", "二.jpg"]
    third = sent(name="甲", kept=[each["token"] for each in kept])
    assert is_valid_keeping(third, actor)
    given = []
    submit_form(third, actor, "test", lambda files: given.extend(files) or "1")
    assert [file.original_name for file in given] == ["一.jpg", "二.jpg"]
    assert (WaitingPhoto.objects.count(), StoredFile.objects.count()) == (0, 2)


def test_a_photo_taken_already_is_refused_and_not_offered_again(actor):
    form = sent(photos=["一.jpg"])
    is_valid_keeping(form, actor)
    [one] = form.fields["pages"].kept
    waiting.take(StoredFile.objects.all())
    again = sent(name="甲", kept=[one["token"]])
    assert is_valid_keeping(again, actor)
    with pytest.raises(Refused):
        submit_form(again, actor, "test", lambda files: "1")
    assert again.fields["pages"].kept == []


def test_after_a_day_they_are_discarded_and_those_of_a_record_stay(actor, files_on_disk):
    is_valid_keeping(sent(photos=["一.jpg"]), actor)
    form = sent(name="甲", photos=["二.jpg"])
    assert is_valid_keeping(form, actor)
    submit_form(form, actor, "test", lambda files: "1")
    assert waiting.forget(timezone.now()) == 0
    assert waiting.forget(timezone.now() + timedelta(days=1, minutes=1)) == 1
    assert [file.original_name for file in StoredFile.objects.all()] == ["二.jpg"]
