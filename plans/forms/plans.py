"""The small forms around a plan: its beginning, its steps, 报备, the filters of the list."""

from django import forms

from core.forms import ContentTokenForm, OnceForm, TextField, VersionedForm

LOCAL_MINUTE = "%Y-%m-%dT%H:%M"


class PlanStartForm(OnceForm):
    """Which plan to begin: the value of one of the person's duties."""

    place = forms.ChoiceField(label="起草哪一期计划")

    def __init__(self, *args, duties=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.duties = {duty.value: duty for duty in duties}
        self.fields["place"].choices = [(value, value) for value in self.duties]


class PlanActForm(VersionedForm):
    """A step of the plan's life; ``version`` of the plan that was shown."""

    edits = ()

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    note = TextField(max_length=500, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}))

    def __init__(self, *args, plan, act, **kwargs):
        super().__init__(*args, initial={"version": plan.version}, **kwargs)
        if not act.reason_label:
            del self.fields["note"]
            return
        self.fields["note"].label = act.reason_label
        self.fields["note"].required = "reason" in act.guards
        self.fields["note"].error_messages["required"] = f"请写明{act.reason_label}。"


class NoticeForm(ContentTokenForm):
    """报备: when the walk will take place; ``token`` of the row as ``plans.domain.walks.token_of_notice``."""

    edits = ()

    when = forms.DateTimeField(
        label="体验时间",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL_MINUTE),
        error_messages={"required": "请填写体验的日期和时间。", "invalid": "请按“年-月-日 时:分”填写时间。"},
    )


class RowStartForm(OnceForm):
    """按计划开始体验: nothing is asked for."""


class PlanFilterForm(forms.Form):
    """Filters over the list of plans, all in the address."""

    campaign = forms.TypedChoiceField(label="活动", required=False, coerce=int, empty_value=None)
    department = forms.TypedChoiceField(label="单位", required=False, coerce=int, empty_value=None)

    def __init__(self, *args, campaigns: list[tuple[int, str]], departments: list[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["campaign"].choices = [("", "全部活动"), *campaigns]
        self.fields["department"].choices = [("", "全部单位"), *departments]
        if len(departments) < 2:
            del self.fields["department"]
