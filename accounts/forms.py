from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm

from accounts.domain.abolition import DOCUMENT_LIMIT
from accounts.enums import AccountKind, Role
from accounts.tables import ACTIONS
from core.forms import DayInput, OnceForm, TextField

ADMINISTRATORS = [choice for choice in AccountKind.choices if choice[0] != AccountKind.STAFF]
BAD_CHOICE = {"invalid_choice": "没有这一选项"}
BAD_DATE = {"invalid": "应为 2022-06-20 这样的日期"}


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


class ChangePasswordForm(PasswordChangeForm):
    """The old password, the new one twice; the rules are settings.AUTH_PASSWORD_VALIDATORS."""


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
