"""Forms of setting up a campaign: its head, its units, its receivers, an amendment."""

from django import forms

from campaigns.domain.campaigns import NAME_LIMIT
from campaigns.domain.roster import receiver_choices, units_to_enrol
from campaigns.enums import ActivityKind
from campaigns.models import Campaign
from core.forms import DayInput, OnceForm, TextField

LEAST_RECEIVERS = 3
GONE_UNIT = "有单位不存在或已撤销，请刷新页面后重新勾选。"
DATE_ERRORS = {"required": "请选择日期。", "invalid": "日期应形如 2022-06-20。"}


def day(label: str, **kwargs) -> forms.DateField:
    widget = DayInput()
    return forms.DateField(label=label, widget=widget, error_messages=DATE_ERRORS, **kwargs)


class HeadForm(OnceForm):
    """Name, document number and days of a campaign."""

    name = TextField(label="活动名称", max_length=NAME_LIMIT, error_messages={"required": "请填写活动名称。"})
    document_number = TextField(
        label="发文字号", required=False, max_length=60, help_text="可以印发以后再定稿；如 青政办发〔2026〕5号。"
    )
    start = day("开始日期")
    end = day("结束日期")

    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end < start:
            self.add_error("end", "结束日期早于开始日期。")
        for name, value in (("start", start), ("end", end)):
            if value and not 2000 <= value.year <= 2098:
                self.add_error(name, "日期应在 2000 年至 2098 年之间。")
        return cleaned


class DraftForm(HeadForm):
    """A new campaign: also its code, and the office where a person works in several."""

    code = TextField(
        label="活动代码",
        max_length=20,
        help_text="字母、数字或连字符，用作问题编号的开头（如 QH2026-0001）。建立后不能更改。",
        error_messages={"required": "请填写活动代码。"},
    )
    office = forms.ModelChoiceField(
        queryset=None,
        label="统筹单位",
        error_messages={"required": "请选择统筹单位。", "invalid_choice": "没有这个单位。"},
    )
    field_order = ("name", "code", "document_number", "start", "end", "office")

    def __init__(self, *args, offices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = offices
        self.only = offices[0] if len(offices) == 1 else None
        if self.only:
            del self.fields["office"]

    def chosen_office(self):
        return self.only or self.cleaned_data["office"]


class RosterForm(OnceForm):
    """The region's units in their fixed order, each ticked or not."""

    units = forms.ModelMultipleChoiceField(
        queryset=None,
        required=False,
        label="参与单位",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": "有单位不存在或已撤销，请刷新页面。",
            "invalid_pk_value": "有单位无法识别，请刷新页面。",
        },
    )

    def __init__(self, *args, campaign: Campaign, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units_to_enrol(campaign.region)

    @property
    def unit_ids(self) -> set[int]:
        return {unit.pk for unit in self.cleaned_data["units"]}


class ReceiversForm(OnceForm):
    """For each (activity kind, unit kind) its receivers in order, the first of which leads."""

    def __init__(self, *args, campaign: Campaign, routes: dict[tuple[str, str], list], **kwargs):
        super().__init__(*args, **kwargs)
        self.routes = routes
        units = list(receiver_choices(campaign))
        self.units = {str(unit.pk): unit for unit in units}
        choices = [("", "不设"), *((str(unit.pk), unit.name) for unit in units)]
        for place, (_, receivers) in enumerate(routes.items()):
            for order in range(max(LEAST_RECEIVERS, len(receivers) + 1)):
                initial = str(receivers[order].department_id) if order < len(receivers) else ""
                self.fields[f"r{place}_{order}"] = forms.ChoiceField(
                    label="牵头接收" if order == 0 else f"同时接收（{order}）",
                    choices=[("", "请选择"), *choices[1:]] if order == 0 else choices,
                    required=order == 0,
                    initial=initial,
                    error_messages={"required": "请选择接收单位。", "invalid_choice": "没有这个单位，请重新选择。"},
                )

    def groups(self) -> list[tuple]:
        """What the page shows: (kind and unit kind in words, to whom it goes next, fields)."""
        found = []
        for place, ((kind, unit_kind), receivers) in enumerate(self.routes.items()):
            names = [name for name in self.fields if name.startswith(f"r{place}_")]
            then = receivers[0].then if receivers else None
            words = receivers[0].get_unit_kind_display() if receivers and unit_kind else ""
            found.append((ActivityKind(kind).label, words, then, [self[name] for name in names]))
        return found

    def chosen(self) -> dict[tuple[str, str], list]:
        """{(activity kind, unit kind): units in order}, nobody twice."""
        found = {}
        for place, key in enumerate(self.routes):
            given = [self.cleaned_data[name] for name in self.fields if name.startswith(f"r{place}_")]
            found[key] = [self.units[pk] for pk in dict.fromkeys(given) if pk]
        return found


class AmendForm(OnceForm):
    """From which day other rules shall hold, and why."""

    effective_on = day("生效日期", help_text="从这一天起按新规则办理；之前开始的体验仍按原规则。")
    reason = TextField(
        label="调整原因",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 200}),
        error_messages={"required": "请写明调整原因。"},
    )


class ConfirmForm(OnceForm):
    """A deed without anything to fill in."""


class ProposalForm(OnceForm):
    """The office's answer to an earlier due date."""

    answer = forms.ChoiceField(
        choices=[("approve", "批准提前"), ("keep", "维持原期限")],
        error_messages={"required": "请选择批准提前或维持原期限。", "invalid_choice": "请选择批准提前或维持原期限。"},
    )
