from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.http import HttpRequest

from accounts.domain import passwords
from accounts.domain.abolition import DOCUMENT_LIMIT
from accounts.enums import AccountKind, Role
from accounts.models import User
from accounts.tables import ACTIONS
from core.forms import DayInput, OnceForm, TextField
from core.table_forms import TableForm

ADMINISTRATORS = [choice for choice in AccountKind.choices if choice[0] != AccountKind.STAFF]
BAD_CHOICE = {"invalid_choice": "没有这一选项"}
BAD_DATE = {"invalid": "应为 2022-06-20 这样的日期"}
NAME_LENGTH = User._meta.get_field("username").max_length


class SignInForm(AuthenticationForm):
    """One message for a wrong name and a wrong password, so that names cannot be guessed."""

    error_messages = {
        "invalid_login": "用户名或密码不正确。连续输错 5 次将锁定 10 分钟。",
        "inactive": "用户名或密码不正确。连续输错 5 次将锁定 10 分钟。",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "用户名"
        self.fields["password"].label = "密码"

    def clean(self):
        # No account is called so, and the record of failed sign-ins holds no name of this length.
        if len(self.cleaned_data.get("username") or "") > NAME_LENGTH:
            raise self.get_invalid_login_error()
        return super().clean()

    def confirm_login_allowed(self, user):
        """Said to whoever knows the password only; nobody else learns anything of the account."""
        super().confirm_login_allowed(user)
        if passwords.is_expired(user):
            raise forms.ValidationError(passwords.EXPIRED, code="expired")


class ChangePasswordForm(PasswordChangeForm):
    """The old password, the new one twice; the rules are settings.AUTH_PASSWORD_VALIDATORS and that the last five are
    barred. Wrong old passwords count with the failed sign-ins."""

    def __init__(self, request: HttpRequest, *args, **kwargs):
        super().__init__(request.user, *args, **kwargs)
        self.request = request

    def clean_old_password(self):
        old = self.cleaned_data["old_password"]
        if not passwords.is_right(self.request, old):
            raise forms.ValidationError("旧密码不正确，密码没有修改。连续输错 5 次将锁定 10 分钟。")
        return old

    def clean_new_password1(self):
        new = self.cleaned_data["new_password1"]
        if passwords.was_used(self.user, new):
            raise forms.ValidationError(f"这是最近 {passwords.BARRED} 次用过的密码，没有修改。请换一个。")
        return new


class PasswordAgainMixin(OnceForm):
    """Asks for the sign-in password once more before what nobody else may do with an open screen (docs/trust.md D7).

    A form that asks calls ``ask_for_password``; the password is judged last, when everything else is in order. It is no
    part of what is compared when a form comes twice, and is never kept.
    """

    request: HttpRequest | None = None

    def ask_for_password(self, request: HttpRequest) -> None:
        self.request = request
        self.fields["password"] = forms.CharField(
            label="登录密码",
            strip=False,
            max_length=128,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            help_text="请再次输入您的登录密码，以确认是本人办理。",
            error_messages={"required": "请输入登录密码。"},
        )

    def full_clean(self) -> None:
        super().full_clean()
        if self.request is None or not self.is_bound or self.errors:
            return
        if not passwords.is_right(self.request, self.cleaned_data.pop("password")):
            self.add_error("password", passwords.WRONG)
            self.status = 400


class PeopleFilterForm(forms.Form):
    """Filters over the list of accounts, all in the address."""

    q = TextField(label="查找", required=False, max_length=60)
    role = forms.ChoiceField(
        label="角色",
        required=False,
        choices=[("", "全部"), *Role.choices, *ADMINISTRATORS],
        error_messages=BAD_CHOICE,
    )
    state = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "全部"), ("active", "在用"), ("disabled", "已停用")],
        error_messages=BAD_CHOICE,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs["placeholder"] = "姓名、用户名、单位"


class UnitFilterForm(forms.Form):
    """Filters over the list of units, all in the address."""

    q = TextField(label="查找", required=False, max_length=60)
    state = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "全部"), ("active", "在用"), ("abolished", "已撤销")],
        error_messages=BAD_CHOICE,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs["placeholder"] = "单位、区域"


class AbolishForm(OnceForm):
    """From which day a unit no longer exists, and by which document."""

    on = forms.DateField(
        label="撤销日期",
        widget=DayInput(),
        help_text="从这一天起该单位不再承担任务，不能晚于今天。",
        error_messages=BAD_DATE | {"required": "请填写撤销日期。"},
    )
    document = TextField(
        label="撤销依据", max_length=DOCUMENT_LIMIT, error_messages={"required": "请写明撤销依据的文件或原因。"}
    )


class RestoreForm(OnceForm):
    """Why an abolished unit comes back."""

    reason = TextField(label="恢复原因", max_length=DOCUMENT_LIMIT, error_messages={"required": "请写明恢复原因。"})


class RegionTableForm(TableForm):
    """A table of units or people, and the region it is about."""

    region = TextField(label="区域", max_length=60, error_messages={"required": "请填写区域名称。"})

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].widget.attrs["placeholder"] = "如 青禾县"

    @property
    def params(self) -> dict:
        return {"region": self.cleaned_data["region"]}


class UnitTableForm(RegionTableForm):
    """A table of units; new names like those of units in use are asked about first."""

    make_alike = forms.BooleanField(label="名称相近的确是新单位", required=False)

    @property
    def params(self) -> dict:
        return super().params | {"make_alike": self.cleaned_data["make_alike"]}


class PeopleTableForm(RegionTableForm):
    """A table of people; roles they hold in units the table does not name for them end on request."""

    end_old = forms.BooleanField(label="结束表中人员在其他单位的角色", required=False)

    @property
    def params(self) -> dict:
        return super().params | {"end_old": self.cleaned_data["end_old"]}


class RegionForm(forms.Form):
    """Of which region a table is downloaded."""

    region = TextField(label="区域", max_length=60, error_messages={"required": "请填写区域名称。"})

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].widget.attrs["placeholder"] = "如 青禾县"


class UnmaskForm(PasswordAgainMixin):
    """For what the numbers are needed, and the password."""

    reason = TextField(label="用途", max_length=200, error_messages={"required": "请写明用途。"})

    def __init__(self, *args, request: HttpRequest, **kwargs):
        super().__init__(*args, **kwargs)
        self.ask_for_password(request)


class AuditFilterForm(forms.Form):
    """Filters over the audit, all in the address."""

    q = TextField(label="查找", required=False, max_length=60)
    action = forms.ChoiceField(
        label="操作", required=False, choices=[("", "全部"), *ACTIONS.items()], error_messages=BAD_CHOICE
    )
    since = forms.DateField(label="日期从", required=False, widget=DayInput(), error_messages=BAD_DATE)
    until = forms.DateField(label="到", required=False, widget=DayInput(), error_messages=BAD_DATE)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs["placeholder"] = "操作人、对象"
