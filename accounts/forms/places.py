"""Forms over regions: lines of a tree, and one region."""

from django import forms

from accounts.domain.place_tree import NAME_LIMIT, read_places
from accounts.domain.places import places_visible_to, token_of_place
from accounts.enums import RegionLevel
from accounts.forms.base import BAD_CHOICE
from core.exceptions import Refused
from core.forms import ContentTokenForm, OnceForm, TextField


class PlacesField(TextField):
    """Lines of a tree of regions; cleaned to their paths."""

    def __init__(self, **kwargs):
        super().__init__(
            label="区域",
            max_length=20000,
            widget=forms.Textarea(attrs={"rows": 6, "placeholder": "云岭市 > 青禾县 > 城关镇"}),
            error_messages={"required": "请至少写一个区域。"},
            **kwargs,
        )

    def clean(self, value):
        text = super().clean(value)
        try:
            return read_places(text)
        except Refused as refused:
            raise forms.ValidationError(refused.fields["places"]) from refused


class PlacesForm(OnceForm):
    """Regions to add."""

    places = PlacesField(help_text="每行一个，上级写在前面，用 > 分开；已有的不变。")


class PlaceForm(ContentTokenForm):
    """Name, level and parent of one region."""

    name = TextField(label="名称", max_length=NAME_LIMIT, error_messages={"required": "请填写名称。"})
    level = forms.ChoiceField(label="级别", choices=RegionLevel.choices, error_messages=BAD_CHOICE)
    parent = forms.ModelChoiceField(
        queryset=None, label="上级", required=False, empty_label="（无上级）", error_messages=BAD_CHOICE
    )

    def __init__(self, *args, region, user, **kwargs):
        initial = {"name": region.name, "level": region.level, "parent": region.parent_id}
        super().__init__(*args, token=token_of_place(region), initial=initial, **kwargs)
        self.fields["parent"].queryset = places_visible_to(user).exclude(pk=region.pk)
