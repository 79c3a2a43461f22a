"""One form for each group of a campaign's rules. A contradiction between rules is no error here: it stops issuing."""

from dataclasses import dataclass, fields

from django import forms

from campaigns.domain.lifecycle import token_of
from campaigns.domain.rulebook.consistency import MOST_DEFERRAL_DAYS
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.domain.rulebook.wording import Clause, clauses
from campaigns.enums import (
    ClosingEvidence,
    CommonClass,
    CompanionKind,
    CoverageBasis,
    CovertRule,
    DelegationReason,
    DueWay,
    IssueSource,
    Material,
    NoticeRule,
    Rhythm,
    Shift,
    Trigger,
    WalkMode,
)
from campaigns.forms.rulefields import DueField
from catalogue.models import InPersonReason
from core.forms import ContentTokenForm, TextField

MOST_CLASSES = 12
# A fixed last day fits a one-off campaign only.
WALK_WAYS = {one: (DueWay.PERIOD_END, DueWay.DATE) if one == Rhythm.ONCE else (DueWay.PERIOD_END,) for one in Rhythm}
RHYTHMS = [("", "不定次数"), *((one.value, one.label) for one in Rhythm if one != Rhythm.ONCE)]
REPORT_WAYS = {
    DueWay.DATE: "固定日期",
    DueWay.AFTER_WALKS: "",
    DueWay.PERIOD_END: "每期最后一天前（含当日）",
    DueWay.MONTH_DAY: "",
    DueWay.NEXT_MONTH_DAY: "",
    DueWay.NEXT_WORKDAYS: "",
    DueWay.WEEKDAY: "",
    DueWay.NEXT_WEEKDAY: "",
    DueWay.NONE: "不定期限",
}


@dataclass(frozen=True)
class RuleRow:
    """One rule on the page: its clause with the source, and the fields that set it, each (field, look)."""

    clause: Clause
    fields: list[tuple]
    kind: str = ""

    @property
    def is_single(self) -> bool:
        """One field says no more than the rule's heading, unless it names a unit: its label is for screen readers."""
        return len(self.fields) == 1 and not self.kind and not isinstance(self.fields[0][0].field, forms.IntegerField)


def several(label: str, choices, **kwargs) -> forms.MultipleChoiceField:
    widget = forms.CheckboxSelectMultiple
    errors = {"invalid_choice": "没有这个选项，请重新选择。"}
    kwargs.setdefault("required", False)
    return forms.MultipleChoiceField(label=label, choices=choices, widget=widget, error_messages=errors, **kwargs)


def one_of(label: str, choices, **kwargs) -> forms.ChoiceField:
    errors = {"required": "请选择一项。", "invalid_choice": "没有这个选项，请重新选择。"}
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages=errors, **kwargs)


def number(label: str, least: int, most: int, **kwargs) -> forms.IntegerField:
    words = f"应为 {least} 至 {most} 的整数。"
    errors = {"required": "请填写数字。", "invalid": words, "min_value": words, "max_value": words}
    return forms.IntegerField(label=label, min_value=least, max_value=most, error_messages=errors, **kwargs)


class RuleForm(ContentTokenForm):
    """Reads one group of the drafted rules and gives back the values that replace it."""

    group = ""
    rows_of: tuple = ()

    def __init__(self, *args, rules: Rulebook, **kwargs):
        super().__init__(*args, token=token_of(rules, self.group), initial=self.read(rules), **kwargs)
        self.rules = rules

    def read(self, rules: Rulebook) -> dict:
        """What the fields show at first."""
        old = getattr(rules, self.group)
        return {one.name: _shown(getattr(old, one.name)) for one in fields(old)}

    def values(self) -> dict:
        """The group's fields as typed; a choice of the same things keeps the order the notice names them in."""
        old = getattr(self.rules, self.group)
        names = [one.name for one in fields(old) if one.name in self.cleaned_data]
        return {name: _kept(getattr(old, name), self.cleaned_data[name]) for name in names}

    def rows(self) -> list[RuleRow]:
        """The rules of this page in order, each with its fields."""
        by_key = {clause.key: clause for clause in clauses(self.rules, self.group)}
        return [
            RuleRow(by_key[key], [(self[name], look) for name, look in shown], kind)
            for key, kind, *shown in self.rows_of
        ]


class CadenceForm(RuleForm):
    group = "cadence"
    rows_of = (
        ("cadence.rhythm", "", ("rhythm", "chips"), ("minimum", ""), ("in_principle", "")),
        ("cadence.due", "", ("due", "")),
        ("cadence.triggers", "", ("triggers", "chips")),
        ("cadence.complaint_counts", "", ("complaint_counts", "")),
    )
    rhythm = one_of("每隔多久体验", Rhythm.choices)
    minimum = number("每期至少体验（次）", 1, 100, help_text="按每个单位的主要负责同志计。")
    in_principle = forms.BooleanField(label="原则上如此", required=False)
    due = DueField(
        label="体验截止",
        ways={DueWay.PERIOD_END: "每期最后一天；一次性活动为结束日（含当日）", DueWay.DATE: "固定日期"},
        fits=WALK_WAYS,
        help_text="固定日期只用于一次性活动，须在活动起止日期之内。",
    )
    triggers = several("另行体验的情形", Trigger.choices, help_text="只作提示，从不计逾期。")
    complaint_counts = forms.BooleanField(label="处投诉计入体验次数", required=False)


class PlanningForm(RuleForm):
    group = "planning"
    rows_of = (
        ("planning.required", "", ("required", ""), ("content", ""), ("filed", "")),
        ("planning.due", "", ("due", "")),
        ("planning.covers_all", "", ("covers_all", "")),
        ("planning.notice", "", ("notice", "chips")),
        ("planning.covert", "", ("covert", "chips")),
    )
    required = forms.BooleanField(label="要求各单位制定", required=False)
    content = TextField(
        label="通知所称的名称", max_length=30, help_text="如体验计划、体验办理实施方案。",
        error_messages={"required": "请填写名称，如体验计划。"},
    )  # fmt: skip
    filed = forms.BooleanField(label="报统筹办备案", required=False, help_text="不勾选，即由单位自存，不计未报。")
    due = DueField(label="报计划的期限", ways={DueWay.NONE: "不定期限", DueWay.DATE: "固定日期"})
    covers_all = forms.BooleanField(
        label="计划须列全应体验的事项", required=False, help_text="没有列全的计划不能报送，缺少的事项逐项指出。"
    )
    notice = one_of("体验前告知", NoticeRule.choices)
    covert = one_of("暗访", CovertRule.choices, help_text="暗访在报送前只有体验人和其指定的人知道。")


class WalkingForm(RuleForm):
    group = "walking"
    rows_of = (
        ("walking.modes", "", ("modes", "chips"), ("on_behalf_name", ""), ("ways", "")),
        ("walking.delegation_reasons", "", ("delegation_reasons", "chips")),
        ("walking.in_person", "", ("in_person", "chips")),
        (
            "walking.companions", "", ("companions", ""), ("companions_business", ""), ("companions_technical", ""),
            ("companions_other", ""),
        ),
    )  # fmt: skip
    modes = several("体验形式", WalkMode.choices)
    on_behalf_name = TextField(
        label="“代理办”在本活动的叫法", required=False, max_length=10, help_text="如“帮代办”；空白即“代理办”。"
    )
    ways = TextField(
        label="通知另称的方式",
        required=False,
        max_length=60,
        help_text="如“内部体验、一线体验”；系统仍按所选形式登记。",
    )
    delegation_reasons = several(
        "可以委托分管负责同志的理由", DelegationReason.choices, help_text="一项都不选，即不得委托。"
    )
    in_person = several("须主要负责同志本人体验的事项", InPersonReason.choices)
    companions = number("陪同人员最多（人）", 0, 20, required=False, help_text="空白为不限；暗访的活动填 0。")
    companions_business = number("其中政务服务业务人员（人）", 0, 20, required=False)
    companions_technical = number("其中信息化工作人员（人）", 0, 20, required=False)
    companions_other = number("其中其他陪同人员（人）", 0, 20, required=False, help_text="三类都空白，即不分类别。")

    def read(self, rules):
        kinds = {f"companions_{kind}": n for kind, n in rules.walking.companion_kinds.items()}
        return super().read(rules) | kinds | {"on_behalf_name": rules.walking.mode_names.get(WalkMode.ON_BEHALF, "")}

    def values(self):
        names = {key: name for key, name in self.rules.walking.mode_names.items() if key != WalkMode.ON_BEHALF}
        if self.cleaned_data["on_behalf_name"]:
            names[WalkMode.ON_BEHALF.value] = self.cleaned_data["on_behalf_name"]
        kinds = {kind: self.cleaned_data[f"companions_{kind}"] for kind in CompanionKind.values}
        kinds = {kind: people for kind, people in kinds.items() if people}
        return super().values() | {"mode_names": names, "companion_kinds": kinds}


class CoverageForm(RuleForm):
    group = "coverage"
    rows_of = (("coverage.basis", "", ("basis", ""), ("minimum", "")),)
    basis = one_of("哪些事项必须体验", CoverageBasis.choices)
    minimum = number("每项至少体验（次）", 1, 100)


class ReportingForm(RuleForm):
    group = "reporting"
    rows_of = (
        ("reporting.rhythm", "", ("rhythm", "chips")),
        ("reporting.cutoff_day", "", ("cutoff_day", "")),
        ("reporting.due", "", ("due", "")),
        ("reporting.summary_due", "", ("summary", ""), ("summary_due", "")),
        ("reporting.shift", "", ("shift", "chips")),
        ("reporting.content", "", ("content", "")),
        ("reporting.evidence", "", ("evidence", "chips"), ("evidence_required", "")),
        ("reporting.signature", "", ("stamp", "")),
        ("reporting.keep_people_years", "", ("keep_people_years", ""), ("keep_originals_years", "")),
    )
    rhythm = one_of("报送周期", Rhythm.choices)
    cutoff_day = number(
        "每月截止日", 1, 28, required=False,
        help_text="只用于每月报送：填 20，即上月 21 日至本月 20 日为一期；空白按自然月。",
    )  # fmt: skip
    due = DueField(label="各单位报送期限", ways=REPORT_WAYS)
    summary_due = DueField(label="牵头单位汇总期限", ways=REPORT_WAYS)
    summary = TextField(label="牵头单位汇总什么", required=False, max_length=60, help_text="如月度工作总结。")
    shift = one_of("期限遇休息日", Shift.choices)
    content = TextField(label="报送内容", required=False, max_length=100)
    evidence = several("佐证材料", Material.choices)
    evidence_required = forms.BooleanField(label="没有佐证材料的体验不能登记完成", required=False)
    stamp = forms.BooleanField(label="加盖单位公章", required=False)
    keep_people_years = number(
        "被回访、参加人员和反映人信息保存（年）", 1, 30,
        help_text="自归档之日起算，期满由安全管理员清除；统计数字不变。",
    )  # fmt: skip
    keep_originals_years = number("照片原件保存（年）", 1, 30, help_text="自归档之日起算；页面和材料所用的照片不清除。")


class RectificationForm(RuleForm):
    group = "rectification"
    rows_of = (
        ("rectification.classes", "classes"),
        ("rectification.sources", "", ("sources", "chips")),
        ("rectification.strike_off", "", ("strike_off", ""), ("closing_evidence", "chips")),
        ("rectification.dispute_workdays", "", ("dispute_workdays", "")),
        ("rectification.reminder_days", "", ("reminder_days", "chips")),
        ("rectification.deferral_days", "", ("deferral_days", "")),
        ("rectification.need_reply_workdays", "", ("need_reply_workdays", "")),
        ("rectification.stale_workdays", "", ("stale_workdays", "")),
        (
            "rectification.slip_blue_workdays",
            "",
            ("slip_blue_workdays", ""),
            ("slip_yellow_workdays", ""),
            ("slip_red_workdays", ""),
            ("slip_reply_workdays", ""),
        ),
        ("rectification.look_back_share", "", ("look_back_share", "")),
        ("rectification.look_back_days", "", ("look_back_days", "")),
    )
    sources = several("问题来源", IssueSource.choices)
    strike_off = one_of("由谁验收销号", [("lead", "牵头单位或统筹办"), ("office", "统筹办")])
    closing_evidence = several("申请销号须附", ClosingEvidence.choices, help_text="都不选，即不作要求。")
    dispute_workdays = number("退单期限（工作日）", 1, 30)
    reminder_days = several(
        "到期提醒", [("7", "到期前 7 天"), ("3", "到期前 3 天"), ("1", "到期前 1 天"), ("0", "当天")]
    )
    deferral_days = number("长期挂账最长（天）", 1, MOST_DEFERRAL_DAYS)
    need_reply_workdays = number("需求回应期限（工作日）", 1, 90)
    stale_workdays = number("没有进展多少个工作日列为停滞", 1, 90)
    slip_blue_workdays = number("蓝色督办单：逾期满（工作日）", 1, 90)
    slip_yellow_workdays = number("黄色督办单：逾期满（工作日）", 1, 90)
    slip_red_workdays = number("红色督办单：逾期满（工作日）", 1, 90)
    slip_reply_workdays = number("督办单反馈期限（工作日）", 1, 90)
    look_back_days = number("销号后多少天回头看（天）", 1, 365)
    look_back_share = number("其余问题抽查（%）", 0, 100, help_text="100 即逐个回头看。")

    def __init__(self, *args, rules, **kwargs):
        super().__init__(*args, rules=rules, **kwargs)
        lines = list(rules.rectification.classes.items())
        for place in range(MOST_CLASSES):
            name, common = lines[place] if place < len(lines) else ("", "")
            self.fields[f"class_{place}"] = TextField(
                label=f"第 {place + 1} 类", required=False, max_length=30, initial=name
            )
            self.fields[f"common_{place}"] = forms.ChoiceField(
                label="对应通用分类", required=False, choices=[("", "请选择"), *CommonClass.choices], initial=common
            )

    def pairs(self) -> list[tuple]:
        """The lines of the scheme, each (name, common class); those after the first empty ones are folded away."""
        return [(self[f"class_{place}"], self[f"common_{place}"]) for place in range(MOST_CLASSES)]

    def read(self, rules):
        return super().read(rules) | {"reminder_days": [str(day) for day in rules.rectification.reminder_days]}

    def clean(self):
        cleaned = super().clean()
        classes: dict[str, str] = {}
        for place in range(MOST_CLASSES):
            name, common = cleaned.get(f"class_{place}", ""), cleaned.get(f"common_{place}", "")
            if name in classes:
                self.add_error(f"class_{place}", f"“{name}”重复了。")
            elif name and not common:
                self.add_error(f"common_{place}", f"请选择“{name}”对应的通用分类。")
            elif name:
                classes[name] = common
        cleaned["classes"] = classes
        return cleaned

    def values(self):
        days = _kept(self.rules.rectification.reminder_days, [int(day) for day in self.cleaned_data["reminder_days"]])
        return super().values() | {"reminder_days": days}


class OversightForm(RuleForm):
    group = "oversight"
    rows_of = (
        ("oversight.by", "", ("by", "")),
        *(
            (f"oversight.{one}", "", (one, ""), (f"{one}_rhythm", "chips"), (f"{one}_minimum", ""))
            for one in ("inspection", "publication")
        ),
        ("oversight.criticism", "", ("criticism", ""), ("criticism_to", "")),
        ("oversight.public_sheet", "", ("public_sheet", "")),
    )
    by = TextField(label="由谁督导", required=False, max_length=60, help_text="空白，即统筹办。")
    inspection = TextField(label="督导检查什么", required=False, max_length=100, help_text="空白，即不作要求。")
    inspection_rhythm = one_of("多久一次", RHYTHMS, required=False)
    inspection_minimum = number("每期至少（次）", 1, 100)
    publication = TextField(label="通报、公布什么", required=False, max_length=100, help_text="空白，即不作要求。")
    publication_rhythm = one_of("多久一次", RHYTHMS, required=False)
    publication_minimum = number("每期至少（次）", 1, 100)
    criticism = TextField(label="对谁通报批评", required=False, max_length=100, help_text="空白，即不作要求。")
    criticism_to = TextField(
        label="提请谁批评", required=False, max_length=60, help_text="如 人民政府。空白，即由统筹办自行通报批评。"
    )
    public_sheet = forms.BooleanField(
        label="已印发的一期可以向社会公开",
        required=False,
        help_text="公开体验事项、发现问题数和已整改数，不含姓名、电话，不含暗访；由统筹办一人申请，另一人审核公开。",
    )


def _shown(value):
    return list(value) if isinstance(value, tuple) else value


def _kept(old, new):
    if isinstance(old, tuple):
        return old if set(old) == set(new) else tuple(new)
    return new
