"""Widgets are written by our own functions: the bytes are those of Django's templates."""

from datetime import date

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe

from core.form_renderer import INPUTS, WRITERS, WidgetRenderer

ODD = "<b>\"甲\" & '乙'</b>"
ATTRS = {"class": "form-select", "disabled": True, "required": False, "title": ODD, "data-n": 1234567}
CHOICES = [
    ("", "---------"),
    (1, ODD),
    ("二", mark_safe("<i>二</i>")),
    ("组<1>", [(3, 1234567), ("d", date(2022, 6, 8))]),
]


@pytest.mark.parametrize(
    ("widget", "value"),
    [
        (forms.Select(ATTRS, CHOICES), 3),
        (forms.Select({}, CHOICES), None),
        (forms.SelectMultiple(ATTRS, CHOICES), ["二", "d"]),
        (forms.NullBooleanSelect(), True),
        (forms.TextInput(ATTRS), ODD),
        (forms.TextInput(), None),
        (forms.HiddenInput(), mark_safe("a&amp;b")),
        (forms.NumberInput({"min": 0, "step": 0.5}), 1234.5),
        (forms.DateInput({"type": "date"}), date(2022, 6, 8)),
        (forms.PasswordInput(), "secret"),
        (forms.FileInput({"multiple": False}), "a.xlsx"),
        (forms.CheckboxInput({"class": "box"}), True),
        (forms.Textarea(ATTRS), ODD),
        (forms.Textarea(), ""),
        (forms.RadioSelect(ATTRS, CHOICES), 1),
        (forms.CheckboxSelectMultiple(ATTRS, CHOICES), ["二"]),
    ],
    ids=lambda given: type(given).__name__,
)
def test_a_widget_reads_as_the_template_of_django_writes_it(widget, value):
    ours, theirs = (widget.render("名称", value, renderer=made()) for made in (WidgetRenderer, TemplatesSetting))
    assert ours == theirs
    assert hasattr(ours, "__html__")


def test_every_written_template_is_one_of_django_and_none_of_ours(settings):
    own = settings.BASE_DIR / "templates"
    assert [name for name in WRITERS if (own / name).exists()] == []
    assert {f"django/forms/widgets/{kind}.html" for kind in INPUTS} < set(WRITERS)


def test_an_option_of_another_template_goes_to_the_templates():
    class Marked(forms.Select):
        option_template_name = "django/forms/widgets/radio_option.html"

    ours, theirs = (
        Marked({}, [(1, "甲")]).render("a", 1, renderer=made()) for made in (WidgetRenderer, TemplatesSetting)
    )
    assert ours == theirs
    assert "radio" in ours or "<input" in ours
