"""Forms of what people keep of the ledger's list."""

from django import forms

from accounts.domain.queries import unit_names
from accounts.models import User
from core.forms import OnceForm, TextField, VersionedForm
from issues.columns import page_columns
from issues.domain.saved import audiences_of
from issues.enums import Audience
from issues.models import SavedView


def name_field() -> TextField:
    """The name of a filter or of a set of columns."""
    return TextField(label="名称", max_length=20, error_messages={"required": "请写明名称。"})


class SaveViewForm(OnceForm):
    """A name, and who may use it: the person alone, or the people of a department the person works in."""

    name = name_field()
    audience = forms.ChoiceField(
        label="谁可以用",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择谁可以用。", "invalid_choice": "没有这一选项。"},
        help_text="共用的名称和条件，可以用的人都看得到；各人只看到自己有权看的问题。",
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, initial={"audience": "own:"}, **kwargs)
        self.places = {f"{audience}:{pk or ''}": (audience, pk) for audience, pk in audiences_of(user)}
        names = unit_names(pk for _, pk in self.places.values() if pk)
        self.fields["audience"].choices = [
            (key, f"{Audience(audience).label}：{names[pk]}" if pk else Audience(audience).label)
            for key, (audience, pk) in self.places.items()
        ]

    def asked(self) -> dict:
        """What ``issues.domain.saved.save`` takes of it. For a valid form."""
        audience, department = self.places[self.cleaned_data["audience"]]
        return {"name": self.cleaned_data["name"], "audience": audience, "department": department}


class SavedColumnsForm(SaveViewForm):
    cols = forms.MultipleChoiceField(
        label="导出的列", widget=forms.CheckboxSelectMultiple, error_messages={"required": "请选择要导出的列。"}
    )
    field_order = ("name", "cols", "audience")

    def __init__(self, *args, user: User, columns: list[str], **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.fields["cols"].choices = [(column.key, column.label) for column in page_columns()]
        self.fields["cols"].initial = columns


class RenameViewForm(VersionedForm):
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    name = name_field()

    def __init__(self, *args, view: SavedView, **kwargs):
        super().__init__(*args, initial={"version": view.version, "name": view.name}, **kwargs)


class RemoveViewForm(OnceForm):
    """Nothing but its key."""


class ShownColumnsForm(OnceForm):
    """The columns to begin with from now on; without any, the usual ones."""

    cols = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cols"].choices = [(column.key, column.label) for column in page_columns()]
