"""The form of publishing."""

from django import forms

from core.forms import OnceForm, TextField


class PublishForm(OnceForm):
    """``reason``: asked for from the second version on."""

    reason = TextField(
        label="更正原因",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="首次印发不用填；已印发过、内容有变动的，请写明更正原因。",
    )
