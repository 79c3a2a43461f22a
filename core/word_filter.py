"""The filter of a list that is narrowed by one word alone."""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from core.searching import holds, searched
from core.text import clean

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User  # AUTH_USER_MODEL; accounts stands above


class WordFilterForm(forms.Form):
    """``searched_in``: the fields of a row that are looked in. ``user``: the reader, for whom no choice differs."""

    searched_in: tuple[str, ...] = ()

    q = forms.CharField(label="关键词", required=False, max_length=100)

    def __init__(self, params: QueryDict, *, user: "User"):
        super().__init__(params)
        self.user = user

    def clean_q(self) -> str:
        return searched(clean(self.cleaned_data["q"])).strip()

    def narrow(self, rows: QuerySet) -> QuerySet:
        """The rows that hold the word, all where none is asked for."""
        word = self.cleaned_data.get("q") if self.is_valid() else ""
        return rows.filter(reduce(or_, (holds(field, word) for field in self.searched_in))) if word else rows
