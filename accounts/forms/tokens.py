"""The forms over a person's own tokens."""

from datetime import timedelta

from django import forms
from django.utils import timezone

from accounts.domain.tokens import LONGEST
from accounts.enums import TokenScope
from accounts.forms.base import BAD_CHOICE, PasswordAgainMixin
from core.forms import DayInput, TextField


class TokenForm(PasswordAgainMixin):
    """A new token: the password is asked for, because the key works without one."""

    purpose = TextField(
        label="用途",
        max_length=60,
        help_text="写明给哪个系统、做什么用，如“办公系统读取台账”。",
        error_messages={"required": "请写明用途。"},
    )
    scope = forms.ChoiceField(
        label="范围",
        choices=TokenScope.choices,
        widget=forms.RadioSelect,
        initial=TokenScope.READ,
        error_messages=BAD_CHOICE,
    )
    expires_on = forms.DateField(
        label="有效期至",
        widget=DayInput,
        help_text="最长一年。",
        error_messages={"required": "请填写有效期。", "invalid": "请填写日期，如 2026-12-31。"},
    )

    def __init__(self, *args, request, **kwargs):
        today = timezone.localdate()
        super().__init__(*args, initial={"expires_on": today + timedelta(days=90)}, **kwargs)
        self.fields["expires_on"].widget.attrs |= {"min": today.isoformat(), "max": (today + LONGEST).isoformat()}
        self.ask_for_password(request)
