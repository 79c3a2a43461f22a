"""The form of publishing."""

from django import forms

from core.content_token import UNSEEN
from core.forms import TextField, VersionedForm


class PublishForm(VersionedForm):
    """``version``: the last one published when the page was opened, 0 for none. ``reason``: asked for from the second
    version on."""

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
        help_text="首次印发不用填；已印发过、内容有变动的，请写明更正原因。",
    )
