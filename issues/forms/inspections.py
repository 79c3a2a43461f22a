"""Forms of 督查记录: recording one, a finding, striking one out; the filter of the list."""

from django import forms
from django.db.models import QuerySet

from campaigns.domain.versions import rules_of
from campaigns.models import Campaign
from core.forms import DayInput, OnceForm, RecordsField, TextField
from issues.domain.inspections.queries import inspections_visible_to, units_of_region
from issues.domain.queries import campaigns_of
from issues.forms.base import area_field
from issues.models import Inspection

UNKNOWN = {"invalid_choice": "没有找到所选单位，请重新选择。", "invalid_pk_value": "没有找到所选单位。"}


class InspectionForm(OnceForm):
    """A record of one campaign."""

    inspected_on = forms.DateField(label="督查日期", widget=DayInput(), error_messages={"required": "请填写督查日期。"})
    inspectors = TextField(label="督查人员", max_length=200, help_text="姓名之间用顿号分开。")
    units = RecordsField(None, label="被督查单位", widget=forms.CheckboxSelectMultiple, error_messages=UNKNOWN)
    summary = area_field("督查情况", 2000, rows=5, required=True)

    def __init__(self, *args, campaign: Campaign, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units_of_region(campaign)


class FindingForm(OnceForm):
    """What was found in one of the units."""

    unit = forms.ModelChoiceField(None, label="涉及单位", empty_label="请选择", error_messages=UNKNOWN)
    description = area_field("存在问题", 2000, rows=4, required=True)
    category = forms.ChoiceField(label="分类", required=False)

    def __init__(self, *args, inspection: Inspection, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = inspection.units.order_by("order", "pk")
        categories = rules_of(inspection.campaign_id, inspection.inspected_on)[1].rectification.categories
        self.fields["category"].choices = [("", "未分类"), *((one, one) for one in categories)]

    def found(self) -> dict:
        """What was entered, under the names of the domain."""
        return {name: self.cleaned_data[name] for name in ("unit", "description", "category")}


class InspectionStrikeForm(OnceForm):
    reason = area_field("作废原因", 300, required=True)


class InspectionFilterForm(forms.Form):
    """The filter over the list of inspections, in the address."""

    campaign = forms.ChoiceField(label="活动", required=False)

    def __init__(self, data, *, user):
        super().__init__(data)
        self.fields["campaign"].choices = [("", "全部活动"), *campaigns_of(inspections_visible_to(user), "campaign")]

    def narrow(self, rows: QuerySet[Inspection]) -> QuerySet[Inspection]:
        """Those that the filter asks for; a value that is no choice is left out."""
        self.is_valid()
        code = self.cleaned_data.get("campaign")
        return rows.filter(campaign__code=code) if code else rows
