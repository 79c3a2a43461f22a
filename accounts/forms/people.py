"""Forms over one account: made, switched, its password, its roles."""

from collections.abc import Sequence

from django import forms
from django.http import HttpRequest

from accounts.domain.new_account import NewAccount, units_in_use
from accounts.domain.role_requests import REASON_LIMIT, Term
from accounts.enums import Decision, Role
from accounts.forms.base import ADMINISTRATORS, BAD_CHOICE, BAD_DATE, PasswordAgainMixin
from accounts.models import Membership, User
from core.forms import LARGEST_ID, ContentTokenForm, DayInput, OnceForm, TextField


class AccountStateForm(PasswordAgainMixin):
    """Why an account is disabled or enabled. ``wanted``: which of the two stood on the button."""

    wanted = forms.ChoiceField(
        choices=[("disabled", ""), ("active", "")], required=False, widget=forms.HiddenInput, error_messages=BAD_CHOICE
    )
    reason = TextField(label="原因", max_length=200, error_messages={"required": "请写明原因。"})

    def __init__(self, *args, request: HttpRequest, **kwargs):
        super().__init__(*args, **kwargs)
        self.ask_for_password(request)


class ReasonForm(PasswordAgainMixin):
    """Why something is done to an account, and the own password."""

    reason = TextField(label="原因", max_length=REASON_LIMIT, error_messages={"required": "请写明原因。"})

    def __init__(self, *args, request: HttpRequest, **kwargs):
        super().__init__(*args, **kwargs)
        self.ask_for_password(request)


class SeenReasonForm(PasswordAgainMixin, ContentTokenForm):
    """The same over what the page showed, by its token."""

    reason = TextField(label="原因", max_length=REASON_LIMIT, error_messages={"required": "请写明原因。"})
    edits = ()

    def __init__(self, *args, request: HttpRequest, token: str, **kwargs):
        super().__init__(*args, token=token, **kwargs)
        self.ask_for_password(request)


PHONE = r"^[0-9+\- ()]*$"
BAD_PHONE = {"invalid": "应为电话号码。"}


class EditPersonForm(SeenReasonForm):
    """Name, phone and a post for each role that is held. The stored phone is not shown; left empty, it stays."""

    name = TextField(label="姓名", max_length=60, error_messages={"required": "请填写姓名。"})
    phone = forms.RegexField(
        PHONE, label="新手机", max_length=20, required=False, help_text="不填的保持不变。", error_messages=BAD_PHONE
    )

    def __init__(self, *args, person: User, held: Sequence[Membership], **kwargs):
        super().__init__(*args, initial={"name": person.name}, **kwargs)
        for one in held:
            label = f"{one.department.name}{one.get_role_display()}的职务"
            self.fields[f"title_{one.pk}"] = TextField(label=label, max_length=60, required=False, initial=one.title)
        posts = [f"title_{one.pk}" for one in held]
        self.edits = ("name", *posts)
        self.order_fields(["name", "phone", *posts, "reason", "password"])

    @property
    def posts(self) -> list[forms.BoundField]:
        return [self[name] for name in self.edits[1:]]

    @property
    def titles(self) -> dict[int, str]:
        """{membership: 职务}."""
        return {int(name.removeprefix("title_")): self.cleaned_data[name] for name in self.edits[1:]}


class FirstPasswordsForm(PasswordAgainMixin):
    """The own password, before those of others are shown."""

    def __init__(self, *args, request: HttpRequest, **kwargs):
        super().__init__(*args, **kwargs)
        self.ask_for_password(request)


class UnitField(forms.ModelChoiceField):
    """A unit in use, with its region before it."""

    def __init__(self, **kwargs):
        messages = {"required": "请选择单位。", "invalid_choice": "没有这个单位，或已撤销。"}
        super().__init__(queryset=None, label="单位", empty_label="请选择", error_messages=messages, **kwargs)

    def label_from_instance(self, unit):
        return f"{unit.region.name} {unit.name}"


class NewPersonForm(OnceForm):
    """One new account and the roles asked for it."""

    name = TextField(label="姓名", max_length=60, error_messages={"required": "请填写姓名。"})
    username = TextField(
        label="用户名",
        max_length=40,
        required=False,
        help_text="不填的，按姓名拼音拟定；已有人使用的，在后面加数字。",
    )
    department = UnitField(required=False)
    title = TextField(label="职务", max_length=60, required=False)
    phone = forms.RegexField(PHONE, label="手机", max_length=20, required=False, error_messages=BAD_PHONE)
    roles = forms.MultipleChoiceField(
        label="角色",
        choices=[*Role.choices, *ADMINISTRATORS],
        widget=forms.CheckboxSelectMultiple,
        help_text="提交安全管理员，授予以前不起作用。",
        error_messages=BAD_CHOICE | {"required": "请选择角色。", "invalid_choice": "没有这一角色。"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = units_in_use()

    def clean(self):
        asked = super().clean()
        roles, unit = asked.get("roles") or [], asked.get("department")
        is_administrator = any(role not in Role.values for role in roles)
        if is_administrator and len(roles) > 1:
            self.add_error("roles", "三员之间、三员与业务角色之间不得兼任。")
        elif is_administrator and unit:
            self.add_error("department", "三员不属于业务单位，请不要选择单位。")
        elif roles and not is_administrator and not unit and "department" not in self.errors:
            self.add_error("department", "请选择单位。")
        return asked

    @property
    def wanted(self) -> NewAccount:
        names = ("name", "username", "roles", "department", "title", "phone")
        return NewAccount(**{name: self.cleaned_data[name] for name in names})


class TermMixin(forms.Form):
    """The first and the last day of a role; both may be left empty."""

    since = forms.DateField(
        label="起始日期",
        required=False,
        widget=DayInput(),
        help_text="不填的，即日起。",
        error_messages=BAD_DATE,
    )
    until = forms.DateField(
        label="截止日期",
        required=False,
        widget=DayInput(),
        help_text="不填的，不设期限；到期的次日自动取消。",
        error_messages=BAD_DATE,
    )

    @property
    def term(self) -> Term:
        return Term(self.cleaned_data.get("since"), self.cleaned_data.get("until"))


class GrantForm(TermMixin, SeenReasonForm):
    """A role granted to one person without having been asked for."""

    department = UnitField()
    role = forms.ChoiceField(
        label="角色",
        choices=Role.choices,
        widget=forms.RadioSelect,
        error_messages=BAD_CHOICE | {"required": "请选择角色。"},
    )
    title = TextField(label="职务", max_length=60, required=False)
    field_order = ("department", "role", "title", "since", "until", "reason", "password")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = units_in_use()


class EndRolesForm(AccountStateForm):
    """Which roles end, when, and why. ``gone``: who took a role last, in words, for one that is held no more."""

    chosen = forms.MultipleChoiceField(
        label="角色",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请勾选要取消的角色。"},
    )
    until = forms.DateField(
        label="截止日期",
        required=False,
        widget=DayInput(),
        help_text="不填的，立即取消；填写的，到这一天为止，次日取消。",
        error_messages=BAD_DATE,
    )

    def __init__(self, *args, held, gone, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["chosen"].error_messages["invalid_choice"] = f"所选角色中有已经取消的{gone}，请核对后重新勾选。"
        names = [(str(one.pk), f"{one.department.name} {one.get_role_display()}{days_of(one)}") for one in held]
        self.fields["chosen"].choices = names


def days_of(one) -> str:
    """（2022-06-01 至 2022-12-31）: the days of a role where it has a last one, "" for no end."""
    if one.until is None:
        return ""
    return f"（{one.since} 至 {one.until}）" if one.since else f"（至 {one.until}）"


class DecideForm(TermMixin, PasswordAgainMixin):
    """Roles chosen from those shown, or every one that waited when the page was made; granted or refused."""

    chosen = forms.MultipleChoiceField(
        label="角色",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    every = forms.BooleanField(label="全部待决定的角色", required=False)
    upto = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_ID, widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        label="决定",
        choices=[(Decision.GRANTED, "授予"), (Decision.REFUSED, "不予授予")],
        widget=forms.RadioSelect,
        error_messages=BAD_CHOICE | {"required": "请选择授予或不予授予。"},
    )
    reason = TextField(label="理由", max_length=REASON_LIMIT, error_messages={"required": "请写明理由。"})

    def __init__(self, *args, request, ids, tab, gone, **kwargs):
        """``ids``: the requests that may be decided; ``tab``: the decision they stand with; ``gone``: who decided
        those no longer among them, in words."""
        super().__init__(*args, **kwargs)
        self.fields["chosen"].error_messages["invalid_choice"] = f"所选角色中有已经办理的{gone}，请核对后重新勾选。"
        self.ask_for_password(request)
        if tab == Decision.REFUSED:
            self.fields["decision"].choices = self.fields["decision"].choices[:1]
        self.fields["chosen"].choices = [(str(pk), str(pk)) for pk in ids]

    def clean(self):
        asked = super().clean()
        if not asked.get("every") and not asked.get("chosen") and "chosen" not in self.errors:
            self.add_error("chosen", "请勾选要办理的角色。")
        return asked
