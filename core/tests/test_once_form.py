"""The form of one submit: its key, its content, and refusals of the domain put back where they belong."""

import pytest
from django import forms
from django.http import QueryDict

from accounts.models import User
from core.exceptions import IllegalTransition, KeyReused, Refused
from core.forms import OnceForm, TextField, apply_refusal, refusals


class Sample(OnceForm):
    name = TextField(label="名称")
    tags = forms.MultipleChoiceField(choices=[("a", "甲"), ("b", "乙")], required=False)
    picture = forms.FileField(required=False)


def bound(text="name=甲&tags=a&tags=b&idempotency_key=k1"):
    form = Sample(QueryDict(text))
    form.is_valid()
    return form


def test_each_page_gets_a_key_of_its_own():
    one, two = Sample(), Sample()
    assert one["idempotency_key"].value()
    assert one["idempotency_key"].value() != two["idempotency_key"].value()
    assert (one.status, one.is_kept) == (200, False)


def test_the_content_leaves_out_key_and_files():
    assert bound().content() == {"name": ["甲"], "tags": ["a", "b"]}
    assert bound().content() == bound("name=甲&tags=a&tags=b&idempotency_key=k2").content()


def test_a_form_that_does_not_hold_answers_400_and_keeps_what_was_typed():
    form = bound("name=&idempotency_key=k1")
    assert (form.status, form.is_kept, form["idempotency_key"].value()) == (400, True, "k1")


def test_a_refusal_goes_to_its_fields_and_the_rest_above_the_form():
    form = bound()
    apply_refusal(form, Refused("未办理", fields={"name": "名称太长", "nowhere": "缺附件"}))
    assert form.errors["name"] == ["名称太长"]
    assert form.non_field_errors() == ["缺附件"]
    assert form.status == 400


def test_a_refusal_without_fields_stands_above_the_form():
    form = bound()
    apply_refusal(form, Refused("活动已结束"))
    assert form.non_field_errors() == ["活动已结束"]


def test_a_key_that_is_taken_is_replaced_and_nothing_typed_is_lost():
    form = bound()
    with refusals(form):
        raise KeyReused("已用于另一份内容", rule="idempotency_key")
    assert form.status == 422
    assert form["name"].value() == "甲"
    assert form["idempotency_key"].value() not in ("", "k1")


def test_a_conflict_is_no_matter_of_the_form():
    with pytest.raises(IllegalTransition), refusals(bound()):
        raise IllegalTransition("状态不对")


def test_text_is_cleaned_of_what_cannot_be_seen():
    assert bound("name=%20甲%07乙%E2%80%AE%20&idempotency_key=k").cleaned_data["name"] == "甲乙"


@pytest.mark.django_db
def test_a_form_is_carried_out_once_and_a_repeat_gets_the_first_answer():
    user, ran = User.objects.create(username="one", name="甲"), []
    for _ in range(2):
        answer = bound().once(user, "sample", lambda: ran.append(1) or "made")
    assert (answer, ran) == (("made", False), [1])
    with pytest.raises(KeyReused):
        bound("name=乙&idempotency_key=k1").once(user, "sample", lambda: "other")
    with pytest.raises(KeyReused):
        bound().once(user, "another", lambda: "other")


@pytest.mark.django_db
def test_what_must_be_equal_may_be_named_apart():
    user = User.objects.create(username="one", name="甲")
    assert bound().once(user, "sample", lambda: "made", content={"file": "1"}) == ("made", True)
    with pytest.raises(KeyReused):
        bound().once(user, "sample", lambda: "made", content={"file": "2"})
