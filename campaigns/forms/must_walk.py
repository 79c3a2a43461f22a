"""Forms of the must-walk list: items chosen from a search, and a sheet to read in."""

from django import forms

from campaigns.domain.must_walk import NOTE_LIMIT
from campaigns.enums import Provenance
from core.forms import OnceForm, RecordsField, TextField
from core.uploads import check_size

SHOWN = 60


class PoolAddForm(OnceForm):
    """Several items at once with one provenance."""

    items = RecordsField(
        label="事项",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少勾选一个事项。"},
    )
    provenance = forms.ChoiceField(
        label="来源",
        choices=Provenance.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择来源。", "invalid_choice": "没有这种来源，请重新选择。"},
    )
    note = TextField(label="说明", required=False, max_length=NOTE_LIMIT)

    def __init__(self, *args, items, shown, listed, **kwargs):
        """``items``: what may be chosen; ``shown``: those of them that the page lists; ``listed``: who was first with
        what was sent, in words."""
        super().__init__(*args, **kwargs)
        self.fields["items"].error_messages["invalid_choice"] = f"所选事项已在清单内或不可选{listed}，请重新勾选。"
        self.fields["items"].queryset = items
        self.fields["items"].choices = [(item.pk, f"{item.name}（{item.department}）") for item in shown]


class PoolRemoveForm(OnceForm):
    """A button: nothing to fill in."""


class PoolImportForm(OnceForm):
    file = forms.FileField(
        label="表格",
        validators=[check_size],
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": "请选择要导入的表格。", "empty": "表格是空的，请检查后重新选择。"},
    )
