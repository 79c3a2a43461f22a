from django import forms

from accounts.models import Region
from catalogue.models import ItemKind
from core.forms import TextField
from core.table_forms import TableForm

BAD_CHOICE = {"invalid_choice": "没有这一选项"}


class ItemFilterForm(forms.Form):
    """Filters over the list of items, all in the address."""

    q = TextField(label="查找", required=False, max_length=60)
    kind = forms.ChoiceField(
        label="事项类别", required=False, choices=[("", "全部"), *ItemKind.choices], error_messages=BAD_CHOICE
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs["placeholder"] = "名称或拼音首字母"


class ItemRegionForm(forms.Form):
    """Whose items: asked only of an office of several regions."""

    region = forms.ChoiceField(label="区域", error_messages=BAD_CHOICE | {"required": "请选择区域。"})

    def __init__(self, *args, regions: list[Region], **kwargs):
        super().__init__(*args, **kwargs)
        self.regions = {str(region.pk): region for region in regions}
        self.fields["region"].choices = [(key, region.name) for key, region in self.regions.items()]
        if len(regions) == 1:
            self.fields["region"].widget = forms.HiddenInput()
            self.fields["region"].initial = regions[0].pk

    @property
    def asked(self) -> Region:
        return self.regions[self.cleaned_data["region"]]


class ItemTableForm(ItemRegionForm, TableForm):
    """The items' table of one region."""

    @property
    def params(self) -> dict:
        return {"region": self.asked.pk}
