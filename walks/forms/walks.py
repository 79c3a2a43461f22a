"""Forms of a walk's beginning, its steps, and the filters over the list of walks."""

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone

from campaigns.enums import WalkMode
from core.forms import ContentTokenForm, DayInput, OnceForm, TextField
from evidence.forms import PhotosField
from walks.domain.stored import token_of_step
from walks.domain.transitions import TABLE
from walks.enums import REPORTED_STATES, Assessment, WalkState, stages_for
from walks.models import Step, Walk, Withdrawable

LOCAL_MINUTE = "%Y-%m-%dT%H:%M"
CLOCK_TOLERANCE = timedelta(minutes=5)


def moment_field() -> forms.DateTimeField:
    """When something of a walk happened, to the minute."""
    return forms.DateTimeField(
        label="时间",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL_MINUTE),
        error_messages={"invalid": "请按“年-月-日 时:分”填写时间。"},
    )


class StepForm(ContentTokenForm):
    """One step: stage, time, what happened, assessment, photos. Only the stage is asked for, and it is preselected."""

    stage = forms.ChoiceField(
        label="办理步骤", widget=forms.RadioSelect, error_messages={"required": "请选择办理步骤。"}
    )
    assessment = forms.ChoiceField(
        label="办理感受", required=False, choices=Assessment.choices, widget=forms.RadioSelect
    )
    note = TextField(
        label="经过", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 2000})
    )
    photos = PhotosField()
    happened_at = moment_field()

    def __init__(self, *args, walk: Walk, step: Step | None = None, last_stage: str = "", **kwargs):
        initial = _step_initial(walk, step, last_stage) | (kwargs.pop("initial", None) or {})
        super().__init__(*args, token=token_of_step(step), initial=initial, **kwargs)
        self.walk = walk
        self.fields["stage"].choices = [(stage.value, stage.label) for stage in stages_for(walk.mode)]

    def clean_happened_at(self):
        return checked_moment(self.cleaned_data["happened_at"], self.walk)

    def facts(self, step: Step | None = None) -> dict:
        """What the domain stores, by field; without a time that of ``step`` stays."""
        facts = {name: self.cleaned_data[name] for name in ("stage", "note", "assessment", "happened_at")}
        facts["happened_at"] = facts["happened_at"] or (step and step.happened_at)
        return facts


def checked_moment(value: datetime | None, walk: Walk) -> datetime | None:
    """When something of the walk happened, as typed; ValidationError outside the campaign or in the future."""
    if value is None:
        return None
    if value > timezone.now() + CLOCK_TOLERANCE:
        raise forms.ValidationError("时间不能晚于现在。")
    if timezone.localtime(value).date() < walk.campaign.starts_on:
        raise forms.ValidationError(f"时间不能早于活动开始日期（{walk.campaign.starts_on}）。")
    return value


def _step_initial(walk: Walk, step: Step | None, last_stage: str) -> dict:
    if step is not None:
        moment = timezone.localtime(step.happened_at)
        return {"stage": step.stage, "assessment": step.assessment, "note": step.note, "happened_at": moment}
    stages = list(stages_for(walk.mode))
    place = stages.index(last_stage) + 1 if last_stage in stages else 0
    return {"stage": stages[min(place, len(stages) - 1)].value, "happened_at": timezone.localtime()}


class WaitingForm(OnceForm):
    waiting = forms.TypedChoiceField(choices=[("1", "等结果"), ("0", "已取得结果")], coerce=lambda value: value == "1")


class WithdrawForm(ContentTokenForm):
    """撤回: the whole record or one of its photos (``links`` to them), and why; ``token`` of
    ``walks.domain.stored.with_photos``."""

    edits = ()

    WHOLE = "whole"
    what = forms.ChoiceField(
        label="撤回哪一项",
        required=False,
        initial=WHOLE,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "所选照片已撤回或不在这条记录中。"},
    )
    reason = TextField(label="撤回原因", max_length=200, error_messages={"required": "请写明撤回原因。"})

    def __init__(self, *args, links: list[Withdrawable], **kwargs):
        super().__init__(*args, **kwargs)
        self.links = {str(link.file_id): link for link in links if link.withdrawn_at is None}
        photos = [(pk, f"照片 {link.file.original_name}") for pk, link in self.links.items()]
        self.fields["what"].choices = [(self.WHOLE, "整条记录"), *photos]

    @property
    def photo(self) -> Withdrawable | None:
        """The photo chosen; None for the whole record."""
        return self.links.get(self.cleaned_data["what"])


class WalkFilterForm(forms.Form):
    """Filters over the list of walks, all in the address."""

    q = TextField(
        label="查找", required=False, max_length=60, widget=forms.TextInput(attrs={"placeholder": "事项、单位、体验人"})
    )
    department = forms.TypedChoiceField(label="单位", required=False, coerce=int, empty_value=None)
    mode = forms.ChoiceField(label="体验形式", required=False, choices=[("", "全部"), *WalkMode.choices])
    since = forms.DateField(label="体验日期从", required=False, widget=DayInput())
    until = forms.DateField(label="到", required=False, widget=DayInput())

    def __init__(self, *args, departments: list[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = [("", "全部单位"), *departments]
        if len(departments) < 2:
            del self.fields["department"]


WALK_TABS: dict[str, tuple[str, tuple[str, ...]]] = {
    "planned": ("暗访计划", TABLE.sources_of("begin")),
    "open": ("进行中", TABLE.sources_of("edit")),
    "sign": ("待签字", TABLE.sources_of("sign")),
    "report": ("待报送", TABLE.sources_of("report")),
    "reported": ("已报送", REPORTED_STATES),
    "receive": ("待接收", TABLE.sources_of("accept")),
    "accepted": ("已接收", (WalkState.ACCEPTED,)),
    "all": ("全部", ()),
}
