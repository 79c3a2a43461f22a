"""The filters over the lists beside the ledger, all in the address."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.models import User
from issues.domain.queries import campaigns_of, departments_of


class ListFilterForm(forms.Form):
    """By campaign and unit; the choices are those of the rows the person sees (``visible``). ``asked``: {field of a
    row: field of the form}; ``campaign_path`` leads from a row to its campaign, ``unit_path`` to its unit."""

    visible: Callable[[User], QuerySet[Any]]
    campaign_path = "campaign"
    unit_path = "department"
    asked: dict[str, str] = {"campaign__code": "campaign", "department": "department"}

    campaign = forms.ChoiceField(label="活动", required=False)
    department = forms.TypedChoiceField(label="责任单位", required=False, coerce=int, empty_value=None)

    def __init__(self, data, *, user: User):
        super().__init__(data)
        rows = type(self).visible(user)
        self.fields["campaign"].choices = [("", "全部活动"), *campaigns_of(rows, self.campaign_path)]
        self.fields["department"].choices = [("", "全部单位"), *departments_of(rows, type(self).unit_path)]

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those that the filters ask for; a value that is no choice is left out."""
        self.is_valid()
        wanted = {field: self.cleaned_data.get(name) for field, name in self.asked.items()}
        return rows.filter(**{field: value for field, value in wanted.items() if value})
