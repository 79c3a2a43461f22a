"""PhotosField: several photos, checked together, told in Chinese at the field."""

import pytest
from django import forms
from django.utils.datastructures import MultiValueDict

from evidence.forms import PhotosField
from evidence.tests import samples


class WalkForm(forms.Form):
    note = forms.CharField()
    photos = PhotosField()


class ClosingForm(forms.Form):
    photos = PhotosField(required=True, max_count=2)


def filled(form_class, *uploads):
    return form_class({"note": "排队四十分钟"}, MultiValueDict({"photos": list(uploads)}))


def photos(count):
    return [samples.upload(samples.photo(), f"{number}.jpg") for number in range(1, count + 1)]


@pytest.mark.parametrize("count", [0, 1, 3, 9])
def test_up_to_nine_photos_are_returned_in_order(count):
    sent = photos(count)
    form = filled(WalkForm, *sent)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["photos"] == sent


def test_a_tenth_photo_is_refused_with_both_numbers():
    form = filled(WalkForm, *photos(10))
    assert form.errors["photos"] == ["一次最多上传 9 张照片，本次选择了 10 张。已填写的内容已保留，请减少后重新选择。"]
    assert form["note"].value() == "排队四十分钟"


def test_every_bad_photo_is_named_at_once():
    bad = [
        samples.upload(b"<svg/>", "甲.jpg"),
        samples.upload(b"", "乙.jpg"),
        samples.upload(samples.photo(), "丙.jpg"),
    ]
    errors = filled(WalkForm, *bad).errors["photos"]
    assert [name for name in "甲乙丙" if any(name in error for error in errors)] == ["甲", "乙"]
    assert all("JPG、PNG、WEBP、HEIC" in error and "已填写的内容已保留" in error for error in errors)


def test_a_required_field_asks_for_a_photo():
    assert filled(ClosingForm).errors["photos"] == ["请至少选择 1 张照片。已填写的内容已保留。"]
    assert filled(ClosingForm, *photos(2)).is_valid()
    assert not filled(ClosingForm, *photos(3)).is_valid()


def test_a_photo_sent_as_text_is_no_photo():
    form = WalkForm({"note": "x", "photos": "/etc/passwd"}, MultiValueDict())
    assert form.is_valid()
    assert form.cleaned_data["photos"] == []


def test_the_input_takes_several_photos_and_shows_no_script_or_style():
    html = str(WalkForm()["photos"])
    assert 'accept="image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif"' in html
    assert "multiple" in html
    assert 'type="file"' in html
    assert not [word for word in ("style=", "onchange", "<script") if word in html]


def test_the_limits_are_said_beside_the_field():
    assert "最多 9 张" in WalkForm().fields["photos"].help_text
    assert "20 MB" in WalkForm().fields["photos"].help_text
    assert filled(WalkForm).fields["photos"].label == "照片"
    assert WalkForm(MultiValueDict()).is_multipart()
