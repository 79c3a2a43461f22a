"""Forms of the pages on which an office brings in its own tables."""

from django import forms

from campaigns.models import Campaign
from core.forms import OnceForm
from core.table_forms import TableForm
from core.tabular import Shape, as_text
from core.tabular.own import OwnTable

BAD_CHOICE = {"invalid_choice": "没有这一选项"}
BESIDE = "不对应，记入备注"
SAMPLES = 3


class OwnTableForm(TableForm):
    """The file, and the campaign it belongs to: asked only of an office of several."""

    campaign = forms.ChoiceField(label="活动", error_messages=BAD_CHOICE | {"required": "请选择活动。"})
    create_missing = forms.BooleanField(
        label="新建没有的单位和事项", required=False, help_text="不勾选的，系统中没有的单位和事项作为错误逐处列出。"
    )
    make_alike = forms.BooleanField(
        label="名称相近的确是新单位",
        required=False,
        help_text="与现有单位名称相近的也新建；请先确认不是同一单位的另一种写法。",
    )
    name_columns = forms.BooleanField(
        label="逐列核对与本系统各列的对应", required=False, help_text="系统已认出的列也逐列给您核对。"
    )

    def __init__(self, *args, campaigns: list[Campaign], **kwargs):
        super().__init__(*args, **kwargs)
        self.campaigns = {str(campaign.pk): campaign for campaign in campaigns}
        self.fields["campaign"].choices = [(key, campaign.name) for key, campaign in self.campaigns.items()]
        if len(campaigns) == 1:
            self.fields["campaign"].widget = forms.HiddenInput()
            self.fields["campaign"].initial = campaigns[0].pk

    @property
    def made(self) -> dict[str, bool]:
        """What of the table may be made that nobody knows."""
        return {name: self.cleaned_data[name] for name in ("create_missing", "make_alike")}

    @property
    def asked(self) -> Campaign:
        return self.campaigns[self.cleaned_data["campaign"]]


class ColumnsForm(OnceForm):
    """For each column of a table which of ours it is."""

    def __init__(self, *args, table: OwnTable, shape: Shape, mapping: dict[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.table = table
        choices = [("", BESIDE), *((name, name) for name in shape.columns)]
        for number, column in enumerate(table.columns):
            values = (as_text(row.cells.get(column)) for row in table.rows[:50])
            self.fields[f"c{number}"] = forms.ChoiceField(
                label=column, choices=choices, required=False, initial=mapping.get(column, ""),
                help_text="；".join([text[:40] for text in values if text][:SAMPLES]), error_messages=BAD_CHOICE,
            )  # fmt: skip

    def columns(self):
        """The bound fields, in the order of the table."""
        return [self[f"c{number}"] for number in range(len(self.table.columns))]

    @property
    def mapping(self) -> dict[str, str]:
        """{their column: ours, "" for none}."""
        return {column: self.cleaned_data[f"c{number}"] for number, column in enumerate(self.table.columns)}


class UndoForm(OnceForm):
    """The batch is taken back. It is ticked first: a whole ledger does not go by one touch of a phone."""

    confirmed = forms.BooleanField(
        label="已核对，撤销这一批",
        error_messages={"required": "请先勾选“已核对，撤销这一批”。没有撤销任何内容。"},
    )
