"""Forms of what is released to the public."""

from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

from django import forms
from django.http import HttpRequest

from accounts.forms import PasswordAgainMixin
from core.content_token import UNSEEN
from core.forms import ConfirmField, DayInput, OnceForm, TextField, VersionedForm
from core.transitions import Transition
from reports.domain.public_sheet.pictures import GONE, Choice
from reports.domain.public_sheet.transitions import RELEASE
from reports.enums import PublicMedium

CHECKED = "已逐张放大核对：看不出人脸、姓名、电话、证件和车牌，可以向社会公开"
VERSION_ERRORS = {"required": UNSEEN, "invalid": UNSEEN, "min_value": UNSEEN}


def _reason(label: str) -> TextField:
    return TextField(
        label=label,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": f"请填写{label}。"},
    )


class PublicAskForm(VersionedForm):
    """``version``: the published version that was shown; ``pictures``: the photos that go with it, of ``offered``."""

    edits = ()

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput, error_messages=VERSION_ERRORS)
    pictures = forms.MultipleChoiceField(
        label="照片",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": GONE, "invalid_list": GONE},
    )
    checked = ConfirmField(label=CHECKED, required=False)

    def __init__(self, *args, offered: Sequence[Choice], **kwargs):
        super().__init__(*args, **kwargs)
        self.offered = offered
        self.fields["pictures"].choices = [(str(one.file.pk), one.caption) for one in offered]

    def clean(self) -> dict:
        given = super().clean()
        if given.get("pictures") and not given.get("checked"):
            self.add_error("checked", "选了照片的，请逐张核对后勾选。")
        return given

    @property
    def photos(self) -> list[UUID]:
        """The files of the photos chosen."""
        return [UUID(key) for key in self.cleaned_data["pictures"]]

    @property
    def tiles(self) -> list[tuple[str, list[tuple[Choice, bool]]]]:
        """(unit, its photos with whether each is chosen), in the order offered."""
        value = self["pictures"].value() or []
        rows = ((one, str(one.file.pk) in value) for one in self.offered)
        return [(unit, list(found)) for unit, found in groupby(rows, key=lambda row: row[0].unit)]


class PublicStepForm(PasswordAgainMixin, VersionedForm):
    """A step of a release: to release asks for the password, what ends asks for the reason."""

    edits = ()

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput, error_messages=VERSION_ERRORS)

    def __init__(self, *args, row: Transition, version: int, request: HttpRequest, **kwargs):
        super().__init__(*args, initial={"version": version}, **kwargs)
        if row.reason_label:
            self.fields["reason"] = _reason(row.reason_label)
        if row.action == RELEASE:
            self.ask_for_password(request)


class PublicPlaceForm(OnceForm):
    """Where and when a release was made known."""

    facts = ("medium", "name", "published_on", "link")

    medium = forms.ChoiceField(
        label="刊发方式",
        choices=PublicMedium.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择刊发方式。", "invalid_choice": "没有这一选项。"},
    )
    name = TextField(
        label="刊发载体",
        max_length=100,
        help_text="网站、公众号或报纸的名称。",
        error_messages={"required": "请填写刊发载体。"},
    )
    published_on = forms.DateField(
        label="刊发日期",
        widget=DayInput(),
        error_messages={"required": "请填写刊发日期。", "invalid": "应为 2022-06-20 这样的日期。"},
    )
    link = TextField(label="链接或版面", required=False, max_length=300, help_text="只作文字记录，如网址、第几版。")


class PublicStrikeForm(OnceForm):
    """Why a row was wrong."""

    reason = _reason("原因")
