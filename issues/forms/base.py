"""What the forms of every action on an issue share (their fields, their version, how they are shown), and the filters
of every list of records about issues."""

from collections.abc import Callable
from typing import ClassVar, TypeVar

from django import forms
from django.db.models import Model, QuerySet

from accounts.forms import PasswordAgainMixin
from accounts.models import User
from core.forms import DayInput, TextField, VersionedForm
from issues.domain.due_dates import FREE_DAYS, LONGEST_DAYS
from issues.domain.queries import campaigns_in, units_in
from issues.enums import EvidenceKind
from issues.forms.checks import this_century
from issues.models import Issue

DUE_HELP = f"{FREE_DAYS} 天以内随即生效；{FREE_DAYS + 1} 至 {LONGEST_DAYS} 天的须由牵头单位写明理由确认；不能更长。"
Record = TypeVar("Record", bound=Model)
UNKNOWN_UNIT = {"invalid_choice": "没有找到所选单位，请重新选择。"}


def line_field(label: str, length: int, *, required: bool = False, **kwargs) -> TextField:
    return TextField(label=label, max_length=length, required=required, **kwargs)


def area_field(label: str, length: int, *, rows: int = 3, required: bool = False, **kwargs) -> TextField:
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": length})
    return TextField(label=label, max_length=length, required=required, widget=widget, **kwargs)


def day_field(label: str, *, required: bool = False, **kwargs) -> forms.DateField:
    kwargs.setdefault("error_messages", {"invalid": "请填写 2022-06-20 这样的日期。"})
    widget = DayInput()
    return forms.DateField(label=label, required=required, widget=widget, validators=[this_century], **kwargs)


def figure_field(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=100000,
        error_messages={"invalid": "请填写整数。", "min_value": "不能小于 0。", "max_value": "数字过大。"},
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )


class ActionForm(PasswordAgainMixin, VersionedForm):
    """``payload()`` is the ``data`` of ``issues.domain.lifecycle.perform``. Fields marked 必填 are those the domain
    asks for; it alone refuses, naming each one.

    ``version``: the version of the issue that was on the screen. ``evidence_kind``: what the photos show.
    """

    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    evidence_kind = EvidenceKind.PROOF
    looks: dict[str, str] = {}
    asked: tuple[str, ...] = ()
    edits: tuple[str, ...] = ()
    hint = ""
    needs_password = False

    def __init__(self, *args, request, issue: Issue, **kwargs):
        """``request``: who fills in the form, and is asked for the password where the action needs it."""
        super().__init__(*args, **kwargs)
        self.user, self.issue = request.user, issue
        if self.needs_password:
            self.ask_for_password(request)
        self.fields["version"].initial = issue.version

    @property
    def version_seen(self) -> int | None:
        return self.cleaned_data.get("version")

    def payload(self) -> dict:
        """Cleaned input under the domain's names; files come from the caller, who keeps them first."""
        own = {"idempotency_key", "version", "files", "password"}
        data = {name: value for name, value in self.cleaned_data.items() if name not in own}
        return {**data, "evidence_kind": data.get("evidence_kind") or self.evidence_kind}

    def shown(self):
        """(bound field, look, is asked for, class) of every visible field, in order."""
        wide = (forms.Textarea, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.FileInput)
        return [
            (
                field,
                self.looks.get(field.name, ""),
                field.name in self.asked,
                "span-all" if isinstance(field.field.widget, wide) else "",
            )
            for field in self.visible_fields()
        ]


class RecordFilterForm(forms.Form):
    """Filters over a list of records, all in the address; the choices are those of the records the person sees.

    ``campaign_path``: from a record to its campaign; ``narrows``: the other fields, each a column of the record.
    """

    visible_to: ClassVar[Callable[[User], QuerySet]]
    campaign_path = "campaign"
    narrows: tuple[str, ...] = ("department",)
    campaign = forms.ChoiceField(label="活动", required=False)
    department = forms.TypedChoiceField(label="责任单位", required=False, coerce=int, empty_value=None)

    def __init__(self, data, *, user: User):
        super().__init__(data)
        rows = type(self).visible_to(user)
        self.fields["campaign"].choices = [("", "全部活动"), *campaigns_in(rows, self.campaign_path)]
        if "department" in self.fields:
            self.fields["department"].choices = [("", "全部单位"), *units_in(rows)]

    def narrow(self, rows: QuerySet[Record]) -> QuerySet[Record]:
        """Those that the filters ask for; a value that is no choice is left out."""
        self.is_valid()
        asked = {f"{self.campaign_path}__code": "campaign"} | {name: name for name in self.narrows}
        wanted = {column: self.cleaned_data.get(name) for column, name in asked.items()}
        return rows.filter(**{column: value for column, value in wanted.items() if value})
