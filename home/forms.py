"""The forms of 离任交接, of the end of a campaign, and of units that are merged or split."""

from urllib.parse import urlencode

from django import forms

from accounts.domain.abolition import DOCUMENT_LIMIT, units_matching
from accounts.domain.queries import people_visible_to
from accounts.enums import UnitChangeKind
from accounts.forms.base import BAD_CHOICE, BAD_DATE, PasswordAgainMixin
from accounts.forms.people import ReasonForm
from accounts.models import Department, User
from campaigns.domain.guards import Unfinished
from core.forms import ConfirmField, ContentTokenForm, DayInput, RecordsField, TextField
from home.domain.handing_over import units_of
from home.domain.unit_changes import Asked, ChangePreview

MOST_UNITS = 10


class FinishForm(PasswordAgainMixin):
    """总结 or 归档, with the own password: it cannot be taken back. ``named``: the token of what stood open on the
    page; the tick is asked for only where something did."""

    named = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)
    confirmed = ConfirmField(
        label="已核对以上未完成的事项，照此办理",
        error_messages={"required": "还有未完成的事项，请核对后勾选确认。"},
    )

    def __init__(self, *args, request, unfinished: Unfinished, **kwargs):
        super().__init__(*args, initial={"named": unfinished.token}, **kwargs)
        self.ask_for_password(request)
        if not unfinished.words:
            del self.fields["confirmed"]
        elif self.is_bound and self.data.get("named", "") != unfinished.token:
            # It was ticked beside other lines than the page shows now: they would be confirmed unseen.
            self.data = self.data.copy()
            self.data.pop("confirmed", None)

    @property
    def confirmed_token(self) -> str:
        """The token of the lines that were ticked; "" where none was asked for."""
        return self.cleaned_data["named"] if self.cleaned_data.get("confirmed") else ""


class EraseForm(ReasonForm):
    """期满清除; ``named``: the mark of what the page listed, so that nothing falls due unseen."""

    named = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args, token: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.token = token

    def clean_named(self):
        if self.cleaned_data["named"] != self.token:
            raise forms.ValidationError("页面打开后应清除的内容有变动，没有清除。请核对后再办理。")
        return self.cleaned_data["named"]


class HandOverForm(ReasonForm):
    """Of which unit, to whom, and why."""

    department = forms.TypedChoiceField(
        label="交接的单位和角色",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择单位。", "invalid_choice": "该人员在这个单位已没有角色，请刷新后核对。"},
    )
    successor = TextField(
        label="接任人用户名",
        max_length=60,
        help_text="须是在用的业务账号；还没有账号的，先由系统管理员建立。",
        error_messages={"required": "请填写接任人的用户名。"},
    )
    field_order = ("department", "successor", "reason", "password")

    def __init__(self, *args, leaver, **kwargs):
        super().__init__(*args, **kwargs)
        self.leaver = leaver
        self.fields["department"].choices = units_of(leaver)

    def clean_successor(self):
        found = people_visible_to(self.request.user).filter(username=self.cleaned_data["successor"]).first()
        if found is None:
            raise forms.ValidationError("没有这个用户名，请在“人员”页核对。")
        return found


class AskedForm(forms.Form):
    """Which units end, which succeed them, from which day, by which document: all of it in the address, so that looking
    changes nothing."""

    others = RecordsField(
        queryset=None,
        label="一并合并的单位",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=BAD_CHOICE | {"invalid_choice": "所选的单位已不在用，请重新选择。"},
    )
    into = TextField(max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    on = forms.DateField(
        label="变动日期",
        widget=DayInput(),
        help_text="从这一天起按变动后的单位办理，不能晚于今天。",
        error_messages=BAD_DATE | {"required": "请填写变动日期。"},
    )
    document = TextField(label="依据", max_length=DOCUMENT_LIMIT, error_messages={"required": "请写明依据的文件。"})

    def __init__(self, *args, kind: UnitChangeKind, unit: Department, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind, self.unit = kind, unit
        if kind == UnitChangeKind.MERGED:
            near = units_matching(user, is_active=True).filter(region=unit.region_id).exclude(pk=unit.pk)
            self.fields["others"].queryset = near.order_by("order", "id")
            into, why = "并入的单位", "写现有单位的名称，或新设单位的名称。"
            self.fields["into"].widget = forms.TextInput()
        else:
            del self.fields["others"]
            into, why = "拆分后的单位", "每行一个，写现有单位或新设单位的名称；没有另行指定的由第一个单位承接。"
        self.fields["into"].label, self.fields["into"].help_text = into, why
        self.fields["into"].error_messages["required"] = f"请填写{into}。"

    def clean_into(self) -> tuple[str, ...]:
        names = tuple(filter(None, (line.strip() for line in self.cleaned_data["into"].splitlines())))
        if len(names) > MOST_UNITS:
            raise forms.ValidationError(f"最多写 {MOST_UNITS} 个单位。")
        return names

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """(name, value) of what was said, to be sent with the press."""
        said = self.cleaned_data
        others = [("others", str(unit.pk)) for unit in said.get("others", ())]
        return [("into", "\n".join(said["into"])), ("on", str(said["on"])), ("document", said["document"]), *others]

    @property
    def again(self) -> str:
        """The address of the empty preview with what was said, to change it."""
        return f"?{urlencode([*self.hidden, ('edit', '1')])}"

    @property
    def asked(self) -> Asked:
        """What the valid form says."""
        said = self.cleaned_data
        units = (self.unit, *said.get("others", ()))
        return Asked(self.kind, units, said["into"], said["on"], said["document"])


class UnitChangeForm(PasswordAgainMixin, ContentTokenForm):
    """The press below a preview, with the own password: it cannot be taken back. Who takes over what, where there are
    several, and the token of what was shown."""

    edits = ()

    def __init__(self, *args, request, preview: ChangePreview, **kwargs):
        super().__init__(*args, token=preview.token, **kwargs)
        self.preview = preview
        places = list(enumerate(preview.asked.into))
        if len(places) > 1:
            for share in preview.shares:
                self._ask(f"item_{share.item_id}", share.label, share.words, places)
            for person in preview.people:
                self._ask(f"person_{person.user_id}", person.label, person.words, places)
        self.ask_for_password(request)

    def _ask(self, name: str, label: str, words: str, places: list[tuple[int, str]]) -> None:
        self.fields[name] = forms.TypedChoiceField(
            label=label, help_text=words, choices=places, coerce=int, initial=0, error_messages=BAD_CHOICE
        )

    def chosen(self, prefix: str) -> dict[int, int]:
        """{service item or person: place of the unit}."""
        return {int(name[len(prefix) :]): place for name, place in self.cleaned_data.items() if name.startswith(prefix)}

    @property
    def words_from(self) -> str:
        return "、".join(unit.name for unit in self.preview.asked.units)

    @property
    def words_into(self) -> str:
        return "、".join(self.preview.asked.into)

    @property
    def names(self) -> list[str]:
        """Who loses the roles, each with what they are."""
        return [f"{person.label}（{person.words}）" for person in self.preview.people]

    @property
    def words_made(self) -> str:
        return "、".join(self.preview.made)

    @property
    def shares(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("item_")]

    @property
    def people(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("person_")]
