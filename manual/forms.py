"""The forms of 意见建议."""

from django import forms

from core.forms import OnceForm, TextField
from core.searching import holds, searched
from core.text import clean
from manual.models import TEXT_LIMIT

WORDS_AT_MOST = 100


def text_field(label: str, missing: str) -> TextField:
    area = forms.Textarea(attrs={"rows": 5, "maxlength": TEXT_LIMIT})
    return TextField(label=label, max_length=TEXT_LIMIT, widget=area, error_messages={"required": missing})


class SuggestionForm(OnceForm):
    text = text_field("意见建议", "请写明意见或建议。")


class SuggestionAnswerForm(OnceForm):
    answer = text_field("答复", "请写明答复。")


class SuggestionFilterForm(forms.Form):
    """The word looked for in what was written and answered."""

    q = forms.CharField(label="关键词", required=False, max_length=WORDS_AT_MOST)

    def __init__(self, params, *, user):
        super().__init__(params)
        self.user = user

    def clean_q(self):
        return searched(clean(self.cleaned_data["q"])).strip()

    def narrow(self, rows):
        word = self.cleaned_data.get("q") if self.is_valid() else ""
        return rows.filter(holds("text", word) | holds("answer", word)) if word else rows
