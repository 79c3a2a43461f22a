"""Forms of the pages on which an office brings in its own tables."""

from django import forms

from campaigns.models import Campaign
from core.forms import ConfirmField, OnceForm
from core.table_forms import TableForm

BAD_CHOICE = {"invalid_choice": "没有这一选项"}


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


class UndoForm(OnceForm):
    """The batch is taken back. It is ticked first: a whole ledger does not go by one touch of a phone."""

    confirmed = ConfirmField(
        label="已核对，撤销这一批",
        error_messages={"required": "请先勾选“已核对，撤销这一批”。没有撤销任何内容。"},
    )
