"""Forms over what a walk found: the three fields on the spot, the liaison's part, and the words an act needs."""

from django import forms
from django.utils import timezone

from accounts.forms import PasswordAgainMixin
from accounts.models import Department
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.enums import SERVICE_KINDS, CompanionKind, WalkMode
from core.exceptions import StaleVersion
from core.forms import ContentTokenForm, DayInput, OnceForm, TextField, VersionedForm, differing
from evidence.forms import PhotosField
from issues.models import NeedSubject
from walks.domain.delegation import companion_kinds
from walks.enums import stages_for
from walks.models import Step, Walk


def _area(rows: int, length: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "maxlength": length})


class ProblemForm(ContentTokenForm):
    """What, at which stage, a photo if there is one: nothing else on the spot."""

    description = TextField(
        label="发现了什么问题",
        max_length=2000,
        widget=_area(4, 2000),
        error_messages={"required": "请写明发现了什么问题。"},
    )
    stage = forms.ChoiceField(label="在哪个步骤", widget=forms.RadioSelect, error_messages={"required": "请选择步骤。"})
    photos = PhotosField(label="照片（可不传）")

    def __init__(self, *args, walk: Walk, step: Step | None = None, token: str | None = None, **kwargs):
        super().__init__(*args, token=token, **kwargs)
        self.fields["stage"].choices = [(stage.value, stage.label) for stage in stages_for(walk.mode)]
        if (step and step.component) or walk.activity_kind not in SERVICE_KINDS:
            # Met in a part of the activity that is no stage of a service.
            del self.fields["stage"]

    def clean(self):
        return {"stage": "", **super().clean()}


class ClassMixin(forms.Form):
    """The liaison's part on one problem. The class may wait; the walk cannot be recorded without it."""

    category = forms.ChoiceField(label="分类", required=False)
    department = forms.TypedChoiceField(
        label="涉及单位",
        coerce=int,
        error_messages={"required": "请选择涉及单位。", "invalid_choice": "没有找到所选单位。"},
    )

    def __init__(self, *args, categories, departments: dict[int, Department], **kwargs):
        super().__init__(*args, **kwargs)
        self.departments = departments
        self.fields["category"].choices = [("", "请选择"), *((name, name) for name in categories)]
        self.fields["department"].choices = [(pk, unit.name) for pk, unit in departments.items()]

    def clean_department(self) -> Department:
        return self.departments[self.cleaned_data["department"]]


class ClassForm(ClassMixin):
    """Class and unit of one problem, several of them on one page."""


class ProblemEditForm(ClassMixin, ProblemForm):
    """Everything of one problem."""

    field_order = ("description", "stage", "category", "department", "photos")


class NeedForm(OnceForm):
    subject = forms.ChoiceField(
        label="需求主体",
        choices=NeedSubject.choices,
        initial=NeedSubject.CITIZEN,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择需求主体。"},
    )
    content = TextField(
        label="需求内容", max_length=500, widget=_area(4, 500), error_messages={"required": "请填写需求内容。"}
    )


def _number(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=9999,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "请填写整数。", "min_value": "不能小于 0。", "max_value": "不能大于 9999。"},
    )


class FactsForm(ContentTokenForm):
    """What the liaison completes (``walks.domain.lifecycle.FACTS``); fields that do not apply are left out.

    ``is_saved``: what was typed has been kept, though the walk could not be recorded yet. ``class_forms``: those of
    the problems on the same page.
    """

    is_saved = False

    place = TextField(label="地点或渠道", required=False, max_length=120)
    ended_on = forms.DateField(
        label="结束日期",
        required=False,
        widget=DayInput(),
        error_messages={"invalid": "请按“年-月-日”填写日期。"},
    )
    actual_days = _number("实际办理时限（工作日）")
    actual_documents = _number("实交材料数（份）")
    actual_trips = _number("实际跑动次数（次）")
    has_authorisation = forms.BooleanField(label="已取得办事人的委托授权", required=False)
    is_simulated = forms.BooleanField(label="本次是模拟体验（没有真实办件需求）", required=False)
    simulation_withdrawn = forms.BooleanField(label="模拟件已撤回", required=False)
    zero_explained = TextField(
        label="未发现问题的说明",
        required=False,
        max_length=500,
        widget=_area(3, 500),
        help_text="本次没有登记问题，请说明体验情况，例如走了哪些环节、结果如何。",
    )
    suggestion = TextField(label="意见建议", required=False, max_length=2000, widget=_area(3, 2000))

    def __init__(self, *args, walk: Walk, rules: Rulebook, has_problems: bool, token: str, **kwargs):
        initial = {name: getattr(walk, name) for name in self.base_fields if hasattr(walk, name)}
        super().__init__(*args, token=token, initial=initial, **kwargs)
        self.walk = walk
        self.class_forms: list[ClassForm] = []
        self.companion_kinds = companion_kinds(rules, is_covert=walk.is_covert)
        for kind in self.companion_kinds:
            self.fields[f"companions_{kind}"] = _number(f"{CompanionKind(kind).label}（人）")
            self.initial[f"companions_{kind}"] = walk.companions.get(kind)
        if has_problems:
            del self.fields["zero_explained"]
        if walk.mode != WalkMode.ON_BEHALF:
            del self.fields["has_authorisation"]

    def clean_ended_on(self):
        day, today = self.cleaned_data["ended_on"], timezone.localdate()
        if day and not self.walk.walk_date <= day <= today:
            raise forms.ValidationError(f"结束日期应在体验日期（{self.walk.walk_date}）与今天（{today}）之间。")
        return day

    def facts(self) -> dict:
        """The cleaned facts, by field of the walk."""
        facts = {name: value for name, value in self.cleaned_data.items() if hasattr(self.walk, name)}
        if self.companion_kinds:
            facts["companions"] = self.companions()
        return facts

    def show_conflict(self, error: StaleVersion) -> None:
        for form in self.class_forms:
            form.stored_now = differing(form)
        super().show_conflict(error)

    def companions(self) -> dict[str, int]:
        """人 by CompanionKind, those that came."""
        counted = {kind: self.cleaned_data.get(f"companions_{kind}") for kind in self.companion_kinds}
        return {kind: number for kind, number in counted.items() if number}

    def companion_fields(self) -> list:
        return [self[f"companions_{kind}"] for kind in self.companion_kinds]


class ActForm(PasswordAgainMixin, VersionedForm):
    """One act on a walk as a whole: the version the person was shown, the reason where one is asked for, the signed and
    stamped paper where the campaign demands it, and the password for the signature."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    edits = ()

    def __init__(self, *args, walk: Walk, reason_label: str = "", wants_stamp: bool = False, sign=None, **kwargs):
        """``sign``: the request, where the act is a signature."""
        super().__init__(*args, initial={"version": walk.version}, **kwargs)
        if sign is not None:
            self.ask_for_password(sign)
        if wants_stamp:
            self.fields["photos"] = PhotosField(
                label="签字盖章件", required=True, error_messages={"required": "请附上签字盖章件的照片，再报送。"}
            )
        if reason_label:
            self.fields["reason"] = TextField(
                label=reason_label,
                max_length=500,
                widget=_area(3, 500),
                error_messages={"required": f"请写明{reason_label}。"},
            )
