"""Forms of setting up a campaign: its head, its units, its receivers, an amendment."""

from datetime import date

from django import forms

from campaigns.domain.lifecycle import NAME_LIMIT
from campaigns.domain.roster import token_of_roster, units_to_enrol
from campaigns.models import Campaign
from core.content_token import UNSEEN
from core.exceptions import StaleVersion
from core.forms import ContentTokenForm, DayInput, OnceForm, RecordsField, TextField
from core.periods import OUT_OF_RANGE, in_range

CHOOSE_ANSWER = "请选择批准提前或维持原期限，未作改动。"
DATE_ERRORS = {"required": "请选择日期。", "invalid": "日期应形如 2022-06-20。"}


def require_in_range(value):
    """The day, when a campaign may have to do with it."""
    if value and not in_range(value):
        raise forms.ValidationError(OUT_OF_RANGE)
    return value


def day(label: str, **kwargs) -> forms.DateField:
    widget = DayInput()
    return forms.DateField(label=label, widget=widget, error_messages=DATE_ERRORS, **kwargs)


def code_field() -> TextField:
    return TextField(
        label="活动代码",
        max_length=20,
        help_text="字母、数字或连字符，用作问题编号的开头（如 QH2026-00001）。建立后不能更改。",
        error_messages={"required": "请填写活动代码。"},
    )


class DocumentForm(ContentTokenForm):
    """Number and date of the paper, and the red head of papers: all that is still open once the campaign is issued."""

    document_number = TextField(
        label="发文字号", required=False, max_length=60, help_text="可以印发以后再填；如 青政办发〔2026〕5号。"
    )
    document_dated_on = day("成文日期", required=False, help_text="可以印发以后再填。")
    letterhead = TextField(
        label="红头（发文机关标志）",
        required=False,
        max_length=30,
        help_text="填写后，通报、通报批评套红头；如 青禾县优化营商环境工作领导小组办公室文件。空白，即不套红头。",
    )

    publisher_id = forms.TypedChoiceField(
        label="由谁印发",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="本地区有几个统筹单位的，可以指定其中一个印发各期汇总；不指定的，都可以印发。",
        error_messages={"invalid_choice": "没有这个统筹单位，请重新选择。"},
    )

    def __init__(self, *args, offices=(), **kwargs):
        """``offices``: those of the region; one alone leaves nothing to choose."""
        super().__init__(*args, **kwargs)
        if len(offices) > 1:
            self.fields["publisher_id"].choices = [("", "不指定"), *((one.pk, one.name) for one in offices)]
        else:
            self.fields.pop("publisher_id", None)

    def clean_document_dated_on(self):
        return require_in_range(self.cleaned_data["document_dated_on"])


class HeadForm(DocumentForm):
    """Also name and days, as long as the campaign is a draft."""

    name = TextField(label="活动名称", max_length=NAME_LIMIT, error_messages={"required": "请填写活动名称。"})
    start = day("开始日期")
    end = day("结束日期")

    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end < start:
            self.add_error("end", "结束日期早于开始日期。")
        return cleaned

    def clean_start(self):
        return require_in_range(self.cleaned_data["start"])

    def clean_end(self):
        return require_in_range(self.cleaned_data["end"])


class DraftForm(HeadForm):
    """A new campaign: also its code, and the office where a person works in several. Its papers come later."""

    letterhead = publisher_id = None
    code = code_field()
    office = forms.ModelChoiceField(
        queryset=None,
        label="统筹单位",
        error_messages={"required": "请选择统筹单位。", "invalid_choice": "没有这个单位。"},
    )
    field_order = ("name", "code", "document_number", "document_dated_on", "start", "end", "office")

    def __init__(self, *args, offices, **kwargs):
        super().__init__(*args, token=None, **kwargs)
        self.fields["office"].queryset = offices
        self.only = offices[0] if len(offices) == 1 else None
        if self.only:
            del self.fields["office"]

    def chosen_office(self):
        return self.only or self.cleaned_data["office"]


class CopyForm(HeadForm):
    """A campaign drawn up from another one, by the same office: its paper is numbered later."""

    letterhead = publisher_id = document_number = document_dated_on = None
    clean_document_dated_on = None
    code = code_field()
    field_order = ("name", "code", "start", "end")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, token=None, **kwargs)


class RosterForm(ContentTokenForm):
    """The region's units in their fixed order, each ticked or not."""

    units = RecordsField(
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
        super().__init__(*args, token=token_of_roster(campaign), **kwargs)
        self.fields["units"].queryset = units_to_enrol(campaign.region)
        listed = campaign.roster.filter(left_on=None, department__is_active=True)
        self.fields["units"].initial = lambda: list(listed.values_list("department_id", flat=True))

    @property
    def unit_ids(self) -> set[int]:
        return {unit.pk for unit in self.cleaned_data["units"]}

    def show_conflict(self, error: StaleVersion) -> None:
        """Of a long list only the units that differ are named."""
        super().show_conflict(error)
        listed, names = set(self.fields["units"].initial()), dict(self.fields["units"].choices)
        named = {str(pk): name for pk, name in names.items()}
        parts = {"现在列入而您没有勾选": listed - self.unit_ids, "您勾选而现在没有列入": self.unit_ids - listed}
        told = [
            f"{words}：{'、'.join(named.get(str(pk), '') for pk in sorted(pks))}" for words, pks in parts.items() if pks
        ]
        self.stored_now = {"units": "；".join(told)} if told else {}


class AmendForm(OnceForm):
    """From which day other rules shall hold, and why."""

    effective_on = day("生效日期", help_text="从这一天起按新规则办理；之前开始的体验仍按原规则。")
    reason = TextField(
        label="调整原因",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 200}),
        error_messages={"required": "请写明调整原因。"},
    )

    def clean_effective_on(self):
        return require_in_range(self.cleaned_data["effective_on"])


class DiscardForm(ContentTokenForm):
    """Giving up a draft of rules, as it was shown."""

    edits = ()


class SetupIssueForm(ContentTokenForm):
    """印发: the rules, units and receivers that were on the page are the ones that freeze."""

    edits = ()


class ProposalForm(OnceForm):
    """The office's answer to an earlier due date; it carries the dates the page showed."""

    due_on = forms.DateField(widget=forms.HiddenInput, error_messages={"required": UNSEEN, "invalid": UNSEEN})
    proposed_on = forms.DateField(widget=forms.HiddenInput, error_messages={"required": UNSEEN, "invalid": UNSEEN})

    answer = forms.ChoiceField(
        choices=[("approve", "批准提前"), ("keep", "维持原期限")],
        error_messages={"required": CHOOSE_ANSWER, "invalid_choice": CHOOSE_ANSWER},
    )

    @property
    def dates(self) -> tuple[date, date]:
        """The date in force and the earlier one, as shown."""
        return self.cleaned_data["due_on"], self.cleaned_data["proposed_on"]
