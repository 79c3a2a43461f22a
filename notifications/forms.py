"""Forms over the ways out of the system, and over where a person wants mail."""

from django import forms

from accounts.forms.base import BAD_CHOICE
from core.forms import ContentTokenForm, OnceForm, TextField
from core.searching import holds, searched
from core.text import clean
from notifications.domain.channels import SECURITY, ChannelSettings

BAD_MAIL = {"invalid": "请填写完整的邮箱地址，例如 zhangsan@example.gov.cn。", "required": "请填写邮箱地址。"}
KEPT = "已保存，不再显示；不改动请留空。"
WORDS_AT_MOST = 60


class ChannelForm(ContentTokenForm):
    """``stored``: the settings kept; a secret that is left empty stays as it is."""

    site = forms.URLField(
        label="系统访问地址",
        max_length=200,
        assume_scheme="http",
        help_text="写在每条消息里，收到的人由此登录。",
        error_messages={"required": "请填写系统访问地址。", "invalid": "请填写完整的地址，例如 http://10.1.2.3/。"},
    )
    is_on = forms.BooleanField(label="启用", required=False)
    secret = ""

    def __init__(self, *args, token, stored: ChannelSettings, is_on: bool, **kwargs):
        self.stored = stored
        shown = {name: getattr(stored, name) for name in self.base_fields if hasattr(stored, name)}
        shown = {name: value for name, value in shown.items() if name != self.secret} | {"is_on": is_on}
        super().__init__(*args, token=token, initial=shown, **kwargs)
        if self.secret and getattr(stored, self.secret):
            self.fields[self.secret].help_text = KEPT
            self.fields[self.secret].required = False

    @property
    def settings(self) -> ChannelSettings:
        """What to keep."""
        given = {name: value for name, value in self.cleaned_data.items() if hasattr(self.stored, name)}
        if self.secret and not given[self.secret]:
            given[self.secret] = getattr(self.stored, self.secret)
        return ChannelSettings(**given)


class MailChannelForm(ChannelForm):
    """The mail server of the office."""

    secret = "password"
    host = TextField(label="邮件服务器", max_length=120, error_messages={"required": "请填写邮件服务器。"})
    port = forms.IntegerField(
        label="端口",
        min_value=1,
        max_value=65535,
        error_messages={"required": "请填写端口。", "invalid": "请填写数字。"},
    )
    security = forms.ChoiceField(label="加密", choices=list(SECURITY.items()), error_messages=BAD_CHOICE)
    account = TextField(label="账号", max_length=120, required=False, help_text="服务器不要求登录的，不填。")
    password = TextField(label="密码", max_length=200, required=False, widget=forms.PasswordInput)
    sender = forms.EmailField(label="发件地址", max_length=120, error_messages=BAD_MAIL)
    field_order = ["site", "host", "port", "security", "account", "password", "sender", "is_on"]


class RobotChannelForm(ChannelForm):
    """The robot of a group."""

    secret = "webhook"
    webhook = forms.URLField(
        label="机器人地址",
        max_length=300,
        assume_scheme="https",
        widget=forms.PasswordInput,
        help_text="在群里添加机器人后得到的 Webhook 地址；须设自定义关键词的，填“消息待处理”。",
        error_messages={"required": "请填写机器人地址。", "invalid": "请粘贴完整的 Webhook 地址。"},
    )
    field_order = ["site", "webhook", "is_on"]


class MailTestForm(OnceForm):
    """Where a test of mail goes."""

    mail_to = forms.EmailField(label="测试邮件发到", max_length=120, error_messages=BAD_MAIL)


class GroupTestForm(OnceForm):
    """A test in the group."""


class MailAddressForm(ContentTokenForm):
    """Where the person wants mail; empty for no mail."""

    address = forms.EmailField(
        label="电子邮箱",
        max_length=120,
        required=False,
        help_text="留空并保存，即不再接收邮件。",
        error_messages=BAD_MAIL,
    )


class DeliveryFilterForm(forms.Form):
    """The name of whoever is written to."""

    q = forms.CharField(label="收件人", required=False, max_length=WORDS_AT_MOST)

    def __init__(self, params, *, user):
        super().__init__(params)
        self.user = user

    def clean_q(self):
        return searched(clean(self.cleaned_data["q"])).strip()

    def narrow(self, rows):
        word = self.cleaned_data.get("q") if self.is_valid() else ""
        return rows.filter(holds("recipient__label", word)) if word else rows
