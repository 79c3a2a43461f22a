"""Forms of 回头看: starting a walk for it, binding a walk, its verdict, taking a binding back, drawing; the filters."""

from django import forms
from django.utils import timezone

from core.forms import OnceForm, VersionedForm
from issues.domain.due_dates import longest_free
from issues.domain.enquiries.units import units_to_ask
from issues.domain.lookback.asking import requests_visible_to
from issues.domain.lookback.queries import issues_to_bind, struck_off_issues
from issues.domain.queries import campaigns_of, departments_of
from issues.enums import LookBackVerdict
from issues.forms.base import UNKNOWN_UNIT, area_field, day_field
from issues.forms.lists import ListFilterForm
from issues.models import Issue, LookBack
from plans.forms.start import StartForm
from walks.models import Walk

REQUEST_TABS = {"mine": "待本单位回头看", "waiting": "待回头看", "late": "已逾期", "done": "已回头看", "all": "全部"}
TABS = {"due": "该回头看", "arranged": "已安排", "done": "已回头看"}


class RewalkForm(StartForm):
    """A walk that is begun for 回头看: the item is that of the issue, where it has one."""

    def __init__(self, *args, issue: Issue, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["kind"]
        self.fields["item"].label = "体验事项"
        if issue.item_id is not None:
            self.fields["item"].initial = issue.item_id
            self.fields["item"].widget = forms.HiddenInput()


class BindForm(OnceForm):
    """The issue an open walk is to look back on."""

    issue = forms.ModelChoiceField(
        None,
        # Not the key: how many drafts of covert walks lie before it moves the key.
        to_field_name="number",
        label="回头看的问题",
        empty_label="请选择",
        error_messages={
            "required": "请选择要回头看的问题。",
            "invalid_choice": "该问题不在可选范围内，可能已安排或不需要回头看，请重新选择。",
        },
    )

    def __init__(self, *args, walk: Walk, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["issue"].queryset = issues_to_bind(walk, user)
        self.fields["issue"].label_from_instance = lambda one: f"{one.number} {one.description[:60]}"


class VerdictForm(VersionedForm):
    """What the walk says of one issue; ``version`` of the binding that was shown."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(label="结论", required=False, choices=LookBackVerdict.choices, widget=forms.RadioSelect)
    finding = area_field("回头看情况", 450, rows=4)
    due_on = day_field("新的整改时限", help_text="未通过的填写；问题重新整改，进入下一轮。")
    edits = ("verdict", "finding", "due_on")

    def __init__(self, *args, look_back: LookBack, **kwargs):
        stored = {name: getattr(look_back, name) for name in ("version", *self.edits)}
        super().__init__(*args, initial=stored, **kwargs)


class UnbindForm(VersionedForm):
    """Taking a binding back; ``version`` of what was shown."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    note = area_field("取消原因", 300)
    edits = ()

    def __init__(self, *args, look_back: LookBack, **kwargs):
        super().__init__(*args, initial={"version": look_back.version}, **kwargs)


class AskUnitForm(OnceForm):
    """Which unit walks again for an issue, and by when."""

    department = forms.ModelChoiceField(
        None, label="回头看单位", empty_label="请选择", error_messages=UNKNOWN_UNIT | {"required": "请选择单位。"}
    )
    due_on = day_field("回头看期限", required=True)
    note = area_field("回头看要求", 300)

    def __init__(self, *args, user, issue: Issue, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = units_to_ask(user, issue, timezone.localdate())
        self.fields["due_on"].help_text = f"不晚于 {longest_free(timezone.localdate())}。"


class WithdrawRequestForm(OnceForm):
    reason = area_field("撤回原因", 300, required=True)


class RequestFilterForm(ListFilterForm):
    """Over the requests."""

    visible = requests_visible_to

    def __init__(self, data, *, user):
        super().__init__(data, user=user)
        self.fields["department"].label = "回头看单位"


class LookBackDrawForm(OnceForm):
    """The press 抽取."""


class LookBackFilterForm(forms.Form):
    """Over the list, in the address."""

    campaign = forms.ChoiceField(label="活动", required=False)
    department = forms.TypedChoiceField(label="责任单位", required=False, coerce=int, empty_value=None)

    def __init__(self, data, *, user):
        super().__init__(data)
        rows = struck_off_issues(user)
        self.fields["campaign"].choices = [("", "全部活动"), *campaigns_of(rows, "campaign")]
        self.fields["department"].choices = [("", "全部单位"), *departments_of(rows, "responsible_department")]

    def narrow(self, rows):
        """Those that the filters ask for; a value that is no choice is left out."""
        self.is_valid()
        code, unit = self.cleaned_data.get("campaign"), self.cleaned_data.get("department")
        rows = rows.filter(campaign__code=code) if code else rows
        return rows.filter(responsible_department=unit) if unit else rows
