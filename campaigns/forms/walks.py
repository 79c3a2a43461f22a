"""Forms of a walk's beginning, its steps, and the filters over the list of walks."""

import json
from datetime import datetime, timedelta

from django import forms
from django.utils import timezone

from campaigns.domain.starting import Leader, Offer, Opening
from campaigns.domain.walkfigures import FIGURES, WALKED, WHOLE
from campaigns.enums import ActivityKind, Assessment, DelegationReason, SessionState, WalkMode, stages_for
from campaigns.models import Session, Step
from catalogue.domain.queries import items_to_walk
from core.forms import DayInput, OnceForm, TextField
from core.periods import parse_period
from evidence.forms import PhotosField

LOCAL_MINUTE = "%Y-%m-%dT%H:%M"
CLOCK_TOLERANCE = timedelta(minutes=5)


class StartForm(OnceForm):
    """Item and mode; kind (走流程 unless chosen), campaign and unit where there is a choice, a liaison's walker."""

    item = forms.ModelChoiceField(
        queryset=None,
        label="体验事项",
        error_messages={"required": "请先选择事项，再点体验形式。", "invalid_choice": "没有找到所选事项，请重新选择。"},
    )
    mode = forms.ChoiceField(
        choices=WalkMode.choices,
        label="体验形式",
        error_messages={"required": "请点选体验形式。", "invalid_choice": "没有这种体验形式，请重新选择。"},
    )
    place = forms.ChoiceField(required=False, label="活动")
    kind = forms.ChoiceField(
        choices=ActivityKind.choices,
        required=False,
        initial=ActivityKind.PROCESS,
        label="活动类型",
        error_messages={"invalid_choice": "没有这种活动类型，请重新选择。"},
    )
    walker = forms.ChoiceField(required=False, label="体验人")

    delegation_reason = forms.ChoiceField(
        choices=DelegationReason.choices,
        required=False,
        label="委托理由",
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "没有这种委托理由，请重新选择。"},
    )

    def __init__(self, *args, user, openings: list[Opening], leaders: list[Leader], offer: Offer, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mode"].choices = offer.modes
        self.fields["kind"].choices = [(kind, ActivityKind(kind).label) for kind in offer.kinds]
        self.fields["delegation_reason"].choices = [(one, DelegationReason(one).label) for one in offer.reasons]
        if len(offer.reasons) == 1 and all(fits["delegation_reason"] for fits in offer.fits.values()):
            # The only reason the notices know needs no tap.
            self.fields["delegation_reason"].initial = offer.reasons[0]
        self.asks_reason = bool(offer.reasons)
        self.openings = {opening.value: opening for opening in openings}
        self.leaders = {str(leader.user.pk): leader for leader in leaders}
        self.fields["item"].queryset = items_to_walk(user)
        several_units = len({opening.department.pk for opening in openings}) > 1
        self.fields["place"].choices = [
            (opening.value, f"{opening.department}：{opening.campaign}" if several_units else str(opening.campaign))
            for opening in openings
        ]
        # static/js/start.js leaves what the chosen campaign refuses out of sight; without it the domain says so.
        fits = {opening.value: offer.fits[opening.campaign.pk] for opening in openings}
        self.fields["place"].widget.attrs["data-fits"] = json.dumps(fits)
        if leaders:
            own = [("", "本人")] if any(opening.is_led for opening in openings) else [("", "请选择体验人")]
            self.fields["walker"].choices = own + [(str(leader.user.pk), leader.label) for leader in leaders]
        else:
            del self.fields["walker"]

    def clean(self):
        cleaned = super().clean()
        place = cleaned.get("place") or next(iter(self.openings), "")
        self.opening = self.openings.get(place)
        self.leader = leader = self.leaders.get(cleaned.get("walker") or "")
        if "delegation_reason" not in self.errors:
            given = cleaned.get("delegation_reason") or self.fields["delegation_reason"].initial
            cleaned["delegation_reason"] = given or ""
        if self.opening is None:
            self.add_error(None, "本单位不在实施中的活动名单内，体验未开始。")
        elif leader is None and not self.opening.is_led:
            self.add_error("walker", "请选择体验人：由联络员登记的，须写明是哪位负责同志的体验。")
        elif leader is not None and leader.department_id != self.opening.department.pk:
            self.add_error("walker", f"{leader.user.name}不是{self.opening.department}的负责同志，请重新选择。")
        return cleaned


def moment_field() -> forms.DateTimeField:
    """When something of a walk happened, to the minute."""
    return forms.DateTimeField(
        label="时间",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL_MINUTE),
        error_messages={"invalid": "请按“年-月-日 时:分”填写时间。"},
    )


class StepForm(OnceForm):
    """One step: stage, time, what happened, assessment, photos. Only the stage is asked for, and it is preselected."""

    stage = forms.ChoiceField(label="环节", widget=forms.RadioSelect, error_messages={"required": "请选择环节。"})
    assessment = forms.ChoiceField(
        label="办理感受", required=False, choices=Assessment.choices, widget=forms.RadioSelect
    )
    note = TextField(
        label="经过", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 2000})
    )
    photos = PhotosField()
    happened_at = moment_field()

    def __init__(self, *args, session: Session, step: Step | None = None, last_stage: str = "", **kwargs):
        initial = _step_initial(session, step, last_stage) | (kwargs.pop("initial", None) or {})
        super().__init__(*args, initial=initial, **kwargs)
        self.session = session
        self.fields["stage"].choices = [(stage.value, stage.label) for stage in stages_for(session.mode)]

    def clean_happened_at(self):
        return checked_moment(self.cleaned_data["happened_at"], self.session)


def checked_moment(value: datetime | None, session: Session) -> datetime | None:
    """When something of the walk happened, as typed; ValidationError outside the campaign or in the future."""
    if value is None:
        return None
    if value > timezone.now() + CLOCK_TOLERANCE:
        raise forms.ValidationError("时间不能晚于现在。")
    if timezone.localtime(value).date() < session.campaign.starts_on:
        raise forms.ValidationError(f"时间不能早于活动开始日期（{session.campaign.starts_on}）。")
    return value


def _step_initial(session: Session, step: Step | None, last_stage: str) -> dict:
    if step is not None:
        moment = timezone.localtime(step.happened_at)
        return {"stage": step.stage, "assessment": step.assessment, "note": step.note, "happened_at": moment}
    stages = list(stages_for(session.mode))
    place = stages.index(last_stage) + 1 if last_stage in stages else 0
    return {"stage": stages[min(place, len(stages) - 1)].value, "happened_at": timezone.localtime()}


class WaitingForm(OnceForm):
    waiting = forms.TypedChoiceField(choices=[("1", "等结果"), ("0", "结束等待")], coerce=lambda value: value == "1")


class WalkFilterForm(forms.Form):
    """Filters over the list of walks, all in the address."""

    q = TextField(
        label="查找", required=False, max_length=60, widget=forms.TextInput(attrs={"placeholder": "事项、单位、体验人"})
    )
    department = forms.TypedChoiceField(label="单位", required=False, coerce=int, empty_value=None)
    mode = forms.ChoiceField(label="体验形式", required=False, choices=[("", "全部"), *WalkMode.choices])
    since = forms.DateField(label="体验日期从", required=False, widget=DayInput())
    until = forms.DateField(label="到", required=False, widget=DayInput())

    # Where a board's figure led here from: not typed, so not shown as fields.
    campaign = forms.ModelChoiceField(
        label="活动", required=False, queryset=None, to_field_name="code", widget=forms.HiddenInput
    )
    period = forms.CharField(label="期间", required=False, max_length=10, widget=forms.HiddenInput)
    item = forms.IntegerField(label="事项", required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    figure = forms.ChoiceField(
        label="统计项", required=False, choices=[("", "全部"), *FIGURES.items()], widget=forms.HiddenInput
    )

    def __init__(self, *args, departments: list[tuple[int, str]], campaigns, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = campaigns
        self.fields["department"].choices = [("", "全部单位"), *departments]
        if len(departments) < 2:
            del self.fields["department"]

    def clean_period(self):
        code = self.cleaned_data["period"]
        try:
            return code if code in ("", WHOLE) else parse_period(code).code
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def figure_words(self) -> str:
        """Which figure the list stands for: 活动，期间，统计项; "" when the address names no campaign."""
        asked = self.cleaned_data
        if not asked.get("campaign"):
            return ""
        code = asked.get("period") or WHOLE
        period = "活动全程" if code == WHOLE else parse_period(code).label
        return f"{asked['campaign']}，{period}，{FIGURES.get(asked.get('figure'), FIGURES[WALKED])}"


WALK_TABS: dict[str, tuple[str, tuple[str, ...]]] = {
    "planned": ("暗访计划", (SessionState.PLANNED,)),
    "open": ("进行中", (SessionState.IN_PROGRESS, SessionState.RETURNED)),
    "sign": ("待签字", (SessionState.RECORDED,)),
    "report": ("待报送", (SessionState.SIGNED,)),
    "reported": ("已报送", (SessionState.REPORTED, SessionState.ACCEPTED)),
    "receive": ("待接收", (SessionState.REPORTED,)),
    "accepted": ("已接收", (SessionState.ACCEPTED,)),
    "all": ("全部", ()),
}
