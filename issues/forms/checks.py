"""What the fields of more than one form on an issue are checked for."""

from django import forms

from issues.models import Measure

MEASURE_LENGTH = Measure._meta.get_field("text").max_length


def this_century(day) -> None:
    if not 2000 <= day.year <= 2099:
        raise forms.ValidationError("日期应在 2000 年至 2099 年之间。")


def short_measures(text: str) -> None:
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line.strip()) > MEASURE_LENGTH:
            raise forms.ValidationError(f"第 {number} 行超过 {MEASURE_LENGTH} 个字，请分成几条。")
