"""The form over one record of a part of an activity: only the fields that part has (F3 活动记录)."""

from django import forms
from django.utils import timezone

from campaigns.domain.rulebook.rulebook import RequiredComponent
from campaigns.enums import Component
from core.forms import ContentTokenForm, DayInput, TextField
from evidence.forms import PhotosField
from walks.domain.stored import token_of_step
from walks.enums import Rating
from walks.forms.walks import checked_moment, moment_field
from walks.models import Step, Walk

PERSON_WORDS = {
    Component.SERVICE_CALLBACK: ("回访对象", "可只写姓氏或企业名称，如“王女士”。", 60),
    Component.DISCUSSION: ("参加人员", "工作人员及企业群众代表，如“窗口人员3人、企业代表2人”。", 200),
}
NOTE_WORDS = {
    Component.BUSINESS_CHECK: ("检查情况", "发现的问题，保存后在这条记录旁点“发现问题”登记。"),
    Component.SERVICE_CALLBACK: ("意见建议", ""),
    Component.DISCUSSION: ("问题与建议", "反映的问题，保存后在这条记录旁点“发现问题”登记。"),
}


class ComponentForm(ContentTokenForm):
    """One record of a part: what it is about, how each element was found, words, photos, time."""

    item = forms.TypedChoiceField(
        label="检查事项",
        coerce=int,
        error_messages={"required": "请选择检查的事项。", "invalid_choice": "没有找到所选事项，请重新选择。"},
    )
    person = TextField(label="", required=False)
    phone = TextField(
        holds_number=True,
        label="联系电话",
        required=False,
        max_length=20,
        help_text="保存时自动遮盖中间几位，系统不留存完整号码。",
    )
    served_on = forms.DateField(
        label="对方办理或咨询日期",
        required=False,
        widget=DayInput(),
        error_messages={"invalid": "请按“年-月-日”填写日期。"},
    )
    is_valid = forms.BooleanField(label="有效回访（接通并作答）", required=False)
    photos = PhotosField()
    note = TextField(label="内容", required=False, max_length=2000)
    happened_at = moment_field()

    def __init__(self, *args, walk: Walk, component: RequiredComponent, items=(), step: Step | None = None, **kwargs):
        initial = _initial(step) | kwargs.pop("initial", {})
        super().__init__(*args, token=token_of_step(step), initial=initial, **kwargs)
        self.walk, self.component, self.step = walk, component, step
        code = Component(component.code)
        self.fields["note"].label, help_text = NOTE_WORDS.get(code, ("参与情况", ""))
        self.fields["note"].help_text = help_text
        self.fields["note"].widget = forms.Textarea(attrs={"rows": 3, "maxlength": 2000})
        if code == Component.BUSINESS_CHECK:
            self.fields["item"].choices = [
                ("", "请选择"),
                *((pk, f"{name}（本月抽取）" if is_drawn else name) for pk, name, is_drawn in items),
            ]
        else:
            del self.fields["item"]
        self._fit_person(code)
        for place, element in enumerate(component.elements):
            self.fields[f"r{place}"] = forms.ChoiceField(
                label=element, required=False, choices=Rating.choices, widget=forms.RadioSelect,
                initial=step.ratings.get(element) if step else None,
                error_messages={"invalid_choice": "请选择好、一般或差。"},
            )  # fmt: skip

    def _fit_person(self, code: Component) -> None:
        if code != Component.SERVICE_CALLBACK:
            for name in ("phone", "served_on", "is_valid"):
                del self.fields[name]
        if code not in PERSON_WORDS:
            del self.fields["person"]
            return
        label, help_text, length = PERSON_WORDS[code]
        self.fields["person"] = TextField(label=label, required=False, max_length=length, help_text=help_text)

    @property
    def rating_fields(self) -> list:
        return [self[f"r{place}"] for place in range(len(self.component.elements))]

    def clean_happened_at(self):
        return checked_moment(self.cleaned_data["happened_at"], self.walk)

    def facts(self) -> dict:
        """What the domain stores, by field of the record; without a time that of the record stays."""
        given = self.cleaned_data
        facts = {name: given[name] for name in ("person", "phone", "served_on", "is_valid") if name in self.fields}
        if "item" in self.fields:
            facts["item_id"] = given["item"]
        ratings = {element: given.get(f"r{place}") for place, element in enumerate(self.component.elements)}
        facts["ratings"] = {element: rating for element, rating in ratings.items() if rating}
        moment = given["happened_at"] or (self.step and self.step.happened_at)
        return facts | {"note": given["note"], "happened_at": moment}


def _initial(step: Step | None) -> dict:
    if step is None:
        return {"happened_at": timezone.localtime()}
    names = ("person", "phone", "served_on", "is_valid", "note")
    kept = {name: getattr(step, name) for name in names}
    return kept | {"item": step.item_id, "happened_at": timezone.localtime(step.happened_at)}
