"""The forms of what is frozen in versions."""

from django import forms

from core.content_token import UNSEEN
from core.forms import ConfirmField, TextField, VersionedForm
from reports.domain.submissions.lines import OpenParts


class CorrectionForm(VersionedForm):
    """What is frozen in versions. ``version``: the last one when the page was opened, 0 for none. ``reason``: asked for
    from the second version on."""

    edits = ()

    version = forms.IntegerField(
        min_value=0,
        widget=forms.HiddenInput,
        error_messages={"required": UNSEEN, "invalid": UNSEEN, "min_value": UNSEEN},
    )
    reason = TextField(
        label="更正原因",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="内容有变动的，请写明更正原因。",
    )


class PublishForm(CorrectionForm):
    """``confirmed``: what is still open, as the page named it; it is asked for only where something is.
    ``numbers_confirmed`` counts for the typed numbers the page showed: ``numbers`` is their token, so that one typed
    meanwhile is not confirmed unseen."""

    confirmed = ConfirmField(
        label="已核对以上未报齐的单位，照此印发",
        required=True,
        error_messages={"required": "还有单位未报齐，请核对名单后勾选确认。"},
    )
    numbers = forms.CharField(required=False, max_length=64)
    numbers_confirmed = ConfirmField(label="以上数字已逐一核对，照此印发", required=False)
    named = forms.CharField(required=False, widget=forms.HiddenInput, max_length=32)

    def __init__(self, *args, parts: OpenParts, last: int, **kwargs):
        super().__init__(*args, initial={"named": parts.token, "version": last}, **kwargs)
        if not parts:
            del self.fields["confirmed"]

    def untick(self, *, named: str, numbers: str) -> None:
        """Take back what was ticked beside other names or other numbers than the page shows now (their tokens): it
        would confirm them unseen."""
        data = self.data.copy()
        if data.get("named", "") != named:
            data.pop("confirmed", None)
        if data.get("numbers", "") != numbers:
            data.pop("numbers_confirmed", None)
        self.data = data

    @property
    def confirmed_numbers(self) -> str:
        """The token of the numbers that were confirmed, or nothing."""
        return self.cleaned_data["numbers"] if self.cleaned_data["numbers_confirmed"] else ""
