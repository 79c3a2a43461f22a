"""The form by which a unit gets another name, and the filters over changes of units."""

from django import forms
from django.db.models import QuerySet

from accounts.domain.abolition import DOCUMENT_LIMIT
from accounts.domain.renaming import NAME_LIMIT, token_of_name
from accounts.enums import UnitChangeKind
from accounts.forms.base import BAD_CHOICE, BAD_DATE
from accounts.models import UnitChange
from core.forms import ContentTokenForm, DayInput, TextField


class RenameForm(ContentTokenForm):
    """The new name, from which day, and by which document."""

    edits = ("name",)
    name = TextField(label="新名称", max_length=NAME_LIMIT, error_messages={"required": "请填写新名称。"})
    on = forms.DateField(
        label="更名日期",
        widget=DayInput(),
        help_text="从这一天起用新名称，不能晚于今天。",
        error_messages=BAD_DATE | {"required": "请填写更名日期。"},
    )
    document = TextField(
        label="更名依据", max_length=DOCUMENT_LIMIT, error_messages={"required": "请写明更名依据的文件。"}
    )

    def __init__(self, *args, unit, today, **kwargs):
        initial = {"name": unit.name, "on": today}
        super().__init__(*args, token=token_of_name(unit), initial=initial, **kwargs)


class ChangeFilterForm(forms.Form):
    """Filters over the changes of units, all in the address."""

    kind = forms.ChoiceField(
        label="变动", required=False, choices=[("", "全部"), *UnitChangeKind.choices], error_messages=BAD_CHOICE
    )
    since = forms.DateField(label="日期从", required=False, widget=DayInput(), error_messages=BAD_DATE)
    until = forms.DateField(label="到", required=False, widget=DayInput(), error_messages=BAD_DATE)

    def narrow(self, rows: QuerySet[UnitChange]) -> QuerySet[UnitChange]:
        """Those of the rows that are asked for; what is no filter is passed over and said (``filter_notes``)."""
        self.is_valid()
        asked = self.cleaned_data
        rows = rows.filter(kind=asked["kind"]) if asked.get("kind") else rows
        rows = rows.filter(effective_on__gte=asked["since"]) if asked.get("since") else rows
        return rows.filter(effective_on__lte=asked["until"]) if asked.get("until") else rows
