"""Forms of covert walks: planning one, putting it off, naming who may know."""

from django import forms

from campaigns.enums import DelegationReason, WalkMode
from catalogue.domain.queries import items_to_walk
from core.forms import DayInput, OnceForm, TextField, VersionedForm
from walks.domain.covert_planning import PossibleReader
from walks.domain.opening import WalkDraft
from walks.domain.start_options import Offer, Opening

DAY_ERRORS = {"required": "请选择计划日期。", "invalid": "请按“年-月-日”填写日期。"}


class ReadersMixin:
    """Who may know of it: user ids from ``readers``; ``named()`` gives the Reader rows chosen."""

    def offer(self, readers: list[PossibleReader]) -> None:
        self.readers = readers
        self.fields["people"].choices = [(str(one.user_id), one.label) for one in readers]

    def named(self) -> list[PossibleReader]:
        chosen = {int(one) for one in self.cleaned_data["people"]}
        return [one for one in self.readers if one.user_id in chosen]


def people_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label="知情人",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "所选人员不在可选范围内，请重新选择。"},
    )


class CovertForm(ReadersMixin, OnceForm):
    """暗访计划: what, how, when, and who besides the walker may know."""

    place = forms.ChoiceField(
        label="活动",
        error_messages={"required": "请选择活动。", "invalid_choice": "没有找到所选活动，请重新选择。"},
    )
    item = forms.ModelChoiceField(
        queryset=None,
        label="体验事项",
        empty_label="请选择事项",
        error_messages={"required": "请选择事项。", "invalid_choice": "没有找到所选事项，请重新选择。"},
    )
    mode = forms.ChoiceField(
        choices=WalkMode.choices,
        label="体验形式",
        widget=forms.RadioSelect,
        initial=WalkMode.IN_PERSON,
        error_messages={"required": "请选择体验形式。", "invalid_choice": "没有这种体验形式，请重新选择。"},
    )
    planned_on = forms.DateField(label="计划日期", widget=DayInput(), error_messages=DAY_ERRORS)
    spot = TextField(label="地点或渠道", required=False, max_length=120)
    delegation_reason = forms.ChoiceField(
        label="委托理由",
        required=False,
        choices=[("", "本人为主要负责同志"), *DelegationReason.choices],
        error_messages={"invalid_choice": "没有这种委托理由，请重新选择。"},
    )
    people = people_field()

    def __init__(self, *args, user, openings: list[Opening], readers: list[PossibleReader], offer: Offer, **kwargs):
        super().__init__(*args, **kwargs)
        self.openings = {opening.value: opening for opening in openings}
        self.fields["item"].queryset = items_to_walk(user)
        places = [(one.value, f"{one.department}：{one.campaign}") for one in openings]
        self.fields["place"].choices = [("", "请选择活动"), *places]
        if len(openings) == 1:
            del self.fields["place"]
        self.fields["mode"].choices = offer.modes
        if offer.reasons:
            self.fields["delegation_reason"].choices = [(one, DelegationReason(one).label) for one in offer.reasons]
        else:
            del self.fields["delegation_reason"]
        self.offer(readers)

    def clean(self):
        cleaned = super().clean()
        only = "" if "place" in self.fields else next(iter(self.openings))
        self.opening = self.openings.get(cleaned.get("place") or only)
        return cleaned

    def draft(self) -> WalkDraft:
        """The walk the form describes; its day and who may know of it stand beside."""
        data = self.cleaned_data
        return WalkDraft(
            campaign=self.opening.campaign,
            department_id=self.opening.department.pk,
            item=data["item"],
            mode=data["mode"],
            delegation_reason=data.get("delegation_reason", ""),
            place=data["spot"],
        )


class PostponeForm(VersionedForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    planned_on = forms.DateField(label="新的计划日期", widget=DayInput(), error_messages=DAY_ERRORS)


class NameReadersForm(ReadersMixin, OnceForm):
    """More people who may know; those named stay named."""

    people = people_field()

    def __init__(self, *args, readers: list[PossibleReader], **kwargs):
        super().__init__(*args, **kwargs)
        self.offer(readers)

    def clean_people(self):
        if not self.cleaned_data["people"]:
            raise forms.ValidationError("请至少选择一人。")
        return self.cleaned_data["people"]
