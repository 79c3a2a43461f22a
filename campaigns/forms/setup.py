"""Forms of setting up a campaign: its head, its units, its receivers, an amendment."""

from django import forms

from accounts.enums import DepartmentKind
from campaigns.domain.campaigns import NAME_LIMIT
from campaigns.domain.receivers import Path, receiver_choices
from campaigns.domain.roster import units_to_enrol
from campaigns.enums import ActivityKind
from campaigns.models import Campaign
from core.forms import DayInput, OnceForm, RecordsField, TextField
from core.periods import OUT_OF_RANGE, in_range

LEAST_RECEIVERS = 3
UNKNOWN = {"invalid_choice": "没有这一选项，请重新选择。"}
GONE_UNIT = "有单位不存在或已撤销，请刷新页面后重新勾选。"
DATE_ERRORS = {"required": "请选择日期。", "invalid": "日期应形如 2022-06-20。"}


def require_in_range(value):
    """The day, when a campaign may have to do with it."""
    if value and not in_range(value):
        raise forms.ValidationError(OUT_OF_RANGE)
    return value


def day(label: str, **kwargs) -> forms.DateField:
    widget = DayInput()
    return forms.DateField(label=label, widget=widget, error_messages=DATE_ERRORS, **kwargs)


class DocumentForm(OnceForm):
    """Number and date of the paper: all that is still open once the campaign is issued."""

    document_number = TextField(
        label="发文字号", required=False, max_length=60, help_text="可以印发以后再填；如 青政办发〔2026〕5号。"
    )
    document_dated_on = day("成文日期", required=False, help_text="可以印发以后再填。")

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
    """A new campaign: also its code, and the office where a person works in several."""

    code = TextField(
        label="活动代码",
        max_length=20,
        help_text="字母、数字或连字符，用作问题编号的开头（如 QH2026-00001）。建立后不能更改。",
        error_messages={"required": "请填写活动代码。"},
    )
    office = forms.ModelChoiceField(
        queryset=None,
        label="统筹单位",
        error_messages={"required": "请选择统筹单位。", "invalid_choice": "没有这个单位。"},
    )
    field_order = ("name", "code", "document_number", "document_dated_on", "start", "end", "office")

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
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units_to_enrol(campaign.region)

    @property
    def unit_ids(self) -> set[int]:
        return {unit.pk for unit in self.cleaned_data["units"]}


class ReceiversForm(OnceForm):
    """For each (activity kind, unit kind) its receivers in order, the first of which leads, and to whom they hand on.

    A path of its own for one kind of unit is added at the foot, and taken away by naming nobody.
    """

    new_kind = forms.ChoiceField(required=False, label="活动类型", error_messages=UNKNOWN)
    new_unit = forms.ChoiceField(required=False, label="单位类型", error_messages=UNKNOWN)
    new_to = forms.ChoiceField(required=False, label="由谁接收", error_messages=UNKNOWN)

    def __init__(self, *args, campaign: Campaign, routes: dict[tuple[str, str], list], **kwargs):
        super().__init__(*args, **kwargs)
        self.routes = routes
        self.units = {str(unit.pk): unit for unit in receiver_choices(campaign)}
        self.choices = [(pk, unit.name) for pk, unit in self.units.items()]
        for place, ((kind, unit_kind), receivers) in enumerate(routes.items()):
            self._add_path(place, kind, unit_kind, receivers, campaign)
        kinds = dict.fromkeys(kind for kind, _ in routes)
        self.fields["new_kind"].choices = [("", "不另设"), *((kind, ActivityKind(kind).label) for kind in kinds)]
        own = [choice for choice in DepartmentKind.choices if choice[0] != DepartmentKind.OFFICE]
        self.fields["new_unit"].choices = [("", "请选择"), *own]
        self.fields["new_to"].choices = [("", "请选择"), *self.choices]

    def _add_path(self, place: int, kind: str, unit_kind: str, receivers: list, campaign: Campaign) -> None:
        for order in range(max(LEAST_RECEIVERS, len(receivers) + 1)):
            leads, is_asked = order == 0, order == 0 and not unit_kind
            nobody = "请选择" if is_asked else "取消这一路线" if leads else "不设"
            self.fields[f"r{place}_{order}"] = forms.ChoiceField(
                label="牵头接收" if leads else f"同时接收（{order}）",
                choices=[("", nobody), *self.choices],
                required=is_asked,
                initial=str(receivers[order].department_id) if order < len(receivers) else "",
                error_messages={"required": f"请选择“{ActivityKind(kind).label}”的接收单位。", **UNKNOWN},
            )
        then = receivers[0].then_id if receivers else None
        self.fields[f"t{place}"] = forms.ChoiceField(
            label="汇总后报",
            choices=[("", f"{campaign.office.name}（统筹单位）"), *self.choices],
            required=False,
            initial=str(then) if then and then != campaign.office_id else "",
            error_messages=UNKNOWN,
        )

    def groups(self) -> list[tuple]:
        """What the page shows: (kind and unit kind in words, fields)."""
        found = []
        for place, (kind, unit_kind) in enumerate(self.routes):
            names = [name for name in self.fields if name.startswith(f"r{place}_") or name == f"t{place}"]
            words = DepartmentKind(unit_kind).label if unit_kind else ""
            found.append((ActivityKind(kind).label, words, [self[name] for name in names]))
        return found

    def clean(self):
        cleaned = super().clean()
        given = [cleaned.get(name) for name in ("new_kind", "new_unit", "new_to")]
        if any(given) and not all(given):
            self.add_error("new_kind", "另设路线要同时选择活动类型、单位类型和接收单位。")
        elif all(given) and (given[0], given[1]) in self.routes:
            self.add_error("new_unit", "这类单位已有自己的路线，请在上面修改。")
        return cleaned

    def chosen(self) -> dict[tuple[str, str], Path]:
        """{(activity kind, unit kind): who receives, nobody twice}."""
        found = {}
        for place, key in enumerate(self.routes):
            given = [self.cleaned_data[name] for name in self.fields if name.startswith(f"r{place}_")]
            units = tuple(self.units[pk] for pk in dict.fromkeys(given) if pk) if given[0] or not key[1] else ()
            found[key] = Path(units, self.units.get(self.cleaned_data[f"t{place}"]))
        if self.cleaned_data["new_kind"]:
            key = (self.cleaned_data["new_kind"], self.cleaned_data["new_unit"])
            found[key] = Path((self.units[self.cleaned_data["new_to"]],))
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

    def clean_effective_on(self):
        return require_in_range(self.cleaned_data["effective_on"])


class ConfirmForm(OnceForm):
    """A deed without anything to fill in."""


class ProposalForm(OnceForm):
    """The office's answer to an earlier due date."""

    answer = forms.ChoiceField(
        choices=[("approve", "批准提前"), ("keep", "维持原期限")],
        error_messages={"required": "请选择批准提前或维持原期限。", "invalid_choice": "请选择批准提前或维持原期限。"},
    )
