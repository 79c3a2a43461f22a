"""What the forms of every action on an issue share: their fields, their version, how they are shown."""

from django import forms

from accounts.forms import PasswordAgainMixin
from core.forms import DayInput, TextField, VersionedForm
from issues.domain.due_dates import FREE_DAYS, LONGEST_DAYS
from issues.enums import EvidenceKind
from issues.forms.checks import this_century
from issues.models import Issue

DUE_HELP = f"{FREE_DAYS} 天以内随即生效；{FREE_DAYS + 1} 至 {LONGEST_DAYS} 天的须由牵头单位写明理由确认；不能更长。"
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

    ``version``: the version of the issue that was on the screen. ``evidence_kind``: what the photos show. ``press``:
    the words of the button, where the name of the action does not say what happens.
    """

    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    evidence_kind = EvidenceKind.PROOF
    looks: dict[str, str] = {}
    asked: tuple[str, ...] = ()
    edits: tuple[str, ...] = ()
    hint = ""
    press = ""
    needs_password = False
    # Whether there is something to send; a form that chooses among rows may have none.
    has_choices = True

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
