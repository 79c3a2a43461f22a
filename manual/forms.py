"""The forms of 意见建议."""

from django import forms

from core.forms import OnceForm, TextField
from core.word_filter import WordFilterForm
from manual.models import TEXT_LIMIT


def text_field(label: str, missing: str) -> TextField:
    area = forms.Textarea(attrs={"rows": 5, "maxlength": TEXT_LIMIT})
    return TextField(label=label, max_length=TEXT_LIMIT, widget=area, error_messages={"required": missing})


class SuggestionForm(OnceForm):
    text = text_field("意见建议", "请写明意见或建议。")


class SuggestionAnswerForm(OnceForm):
    answer = text_field("答复", "请写明答复。")


class SuggestionFilterForm(WordFilterForm):
    """Looks in what was written and answered."""

    searched_in = ("text", "answer")
