"""A form that carries a token of what it was opened on, so that two people do not overwrite each other."""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms

from campaigns.domain.content_token import UNSEEN
from core.exceptions import StaleVersion
from core.forms import OnceForm, apply_refusal, refusals


class ContentTokenForm(OnceForm):
    """``token``: of the present content; ``seen`` brings back the one the page was opened on."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=32)

    def __init__(self, *args, token: str, initial: dict | None = None, **kwargs):
        super().__init__(*args, initial=(initial or {}) | {"seen": token}, **kwargs)
        self.token = token

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("seen"):
            self.add_error(None, UNSEEN)
        return cleaned

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """``core.forms.refusals``, and after somebody else saved first what was typed stays too: the next submit is on
        what stands now."""
        try:
            with refusals(self):
                yield
        except StaleVersion as error:
            apply_refusal(self, error)
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = self.token
            self.renew_key()
