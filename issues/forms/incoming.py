"""Forms of reported problems: entering one, and the answer to whoever reported it."""

from django import forms
from django.utils import timezone

from campaigns.domain.versions import rules_of
from campaigns.models import Campaign
from core.forms import DayInput, OnceForm, TextField
from issues.domain.incoming.queries import items_of_region
from issues.domain.incoming.reporter import Reporter
from issues.domain.inspections.queries import units_of_region
from issues.enums import BY_HAND, IssueSource, Satisfaction
from issues.forms.base import UNKNOWN_UNIT, ActionForm, area_field, line_field
from issues.forms.checks import this_century

GRADES = [("", "未评价"), *Satisfaction.choices]
UNKNOWN_ITEM = {"invalid_choice": "没有找到所选事项，请重新选择。"}


class IncomingForm(OnceForm):
    """A problem of one campaign that somebody reported."""

    source = forms.ChoiceField(label="问题来源", error_messages={"required": "请选择问题来源。"})
    source_number = line_field("来源编号", 60, help_text="工单号、提案编号等对方的编号，可以查找。")
    found_on = forms.DateField(
        label="反映日期", widget=DayInput(), validators=[this_century], error_messages={"required": "请填写反映日期。"}
    )
    description = area_field("存在问题", 2000, rows=4, required=True)
    unit = forms.ModelChoiceField(
        None, label="涉及单位", required=False, empty_label="由交办时确定", error_messages=UNKNOWN_UNIT
    )
    item = forms.ModelChoiceField(
        None, label="涉及事项", required=False, empty_label="不涉及具体事项", error_messages=UNKNOWN_ITEM
    )
    category = forms.ChoiceField(label="分类", required=False)
    name = line_field("反映人", 60, help_text="只有统筹办、督查和牵头单位看得到；可以清除。")
    phone = TextField(
        label="反映人电话", max_length=40, required=False, holds_number=True, help_text="遮盖后保存。",
        widget=forms.TextInput({"inputmode": "tel"}),
    )  # fmt: skip
    reply = area_field("答复", 1000, help_text="已经答复的填写；以后也可以登记。")
    satisfaction = forms.ChoiceField(label="满意度", required=False, choices=GRADES)

    def __init__(self, *args, campaign: Campaign, **kwargs):
        super().__init__(*args, **kwargs)
        today = min(timezone.localdate(), campaign.ends_on)
        self.fields["source"].choices = [("", "请选择"), *((one, IssueSource(one).label) for one in BY_HAND)]
        self.fields["found_on"].initial = today
        self.fields["unit"].queryset = units_of_region(campaign)
        self.fields["item"].queryset = items_of_region(campaign)
        categories = rules_of(campaign.pk, today)[1].rectification.categories
        self.fields["category"].choices = [("", "未分类"), *((one, one) for one in categories)]

    def entered(self) -> dict:
        """What was entered, under the names of the domain."""
        data = self.cleaned_data
        names = ("source", "source_number", "found_on", "description", "unit", "item", "category")
        told = Reporter(**{name: data[name] for name in ("name", "phone", "reply", "satisfaction")})
        return {name: data[name] for name in names} | {"told": told}


class NoteReplyForm(ActionForm):
    reply = area_field("答复", 1000, rows=4, help_text="代替以前登记的答复。")
    satisfaction = forms.ChoiceField(label="满意度", required=False, choices=GRADES)
    asked = ("reply",)
    hint = "登记对反映人的答复和满意度；办理经过中只记已答复，不记内容。"
