"""Forms of exports that need a second person: asking, and releasing."""

from django import forms

from accounts.forms import PasswordAgainMixin
from core.forms import OnceForm, TextField
from issues.domain.export_release import REFUSED, RELEASED


class ExportRequestForm(PasswordAgainMixin):
    """For what the file is needed; the password too where the numbers shall stand in it."""

    reason = TextField(label="用途", max_length=200, error_messages={"required": "请写明用途。"})

    def __init__(self, *args, request, unmasked: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if unmasked:
            self.ask_for_password(request)


class ReleaseForm(OnceForm):
    decision = forms.ChoiceField(
        label="决定",
        choices=[(RELEASED, "放行"), (REFUSED, "不予放行")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择放行或不予放行。", "invalid_choice": "没有这一选项。"},
    )
    reason = TextField(label="理由", max_length=200, error_messages={"required": "请写明理由。"})
