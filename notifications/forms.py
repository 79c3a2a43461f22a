"""Forms over the channels, and over where a person wants mail."""

import re

from django import forms

from accounts.forms.base import BAD_CHOICE
from core.forms import ContentTokenForm, OnceForm, TextField
from core.word_filter import WordFilterForm
from notifications.domain.channels import SECURITY, ChannelSettings

BAD_MAIL = {"invalid": "请填写完整的邮箱地址，例如 zhangsan@example.gov.cn。", "required": "请填写邮箱地址。"}
LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
HOST = re.compile(rf"{LABEL}(\.{LABEL})*")
KEPT = "已保存，不再显示；不改动请留空。"


class MailField(forms.EmailField):
    """An address that every mail server takes: letters, digits and signs of ASCII."""

    def clean(self, value):
        address = super().clean(value)
        if not address.isascii() or not all(len(part) <= 63 for part in address.rpartition("@")[2].split(".")):
            raise forms.ValidationError(BAD_MAIL["invalid"], code="invalid")
        return address


class PlainField(TextField):
    """One line of ASCII, as mail servers take it."""

    def clean(self, value):
        text = super().clean(value)
        if not text.isascii() or any(sign.isspace() for sign in text):
            raise forms.ValidationError("只能用英文字母、数字和符号，不含空格。")
        return text


class ChannelForm(ContentTokenForm):
    """``stored``: the settings kept; a secret that is left empty stays as it is. ``site``: the address by which the
    page is read, offered until another one is kept."""

    site = forms.URLField(
        label="系统访问地址",
        max_length=200,
        assume_scheme="http",
        help_text="写在每条消息里，收到的人由此登录。",
        error_messages={"required": "请填写系统访问地址。", "invalid": "请填写完整的地址，例如 http://10.1.2.3/。"},
    )
    is_on = forms.BooleanField(label="启用", required=False)
    secret = ""

    def __init__(self, *args, token, stored: ChannelSettings, is_on: bool, site: str, **kwargs):
        self.stored = stored
        shown = {name: getattr(stored, name) for name in self.base_fields if hasattr(stored, name)}
        shown = {name: value for name, value in shown.items() if name != self.secret} | {"is_on": is_on}
        super().__init__(*args, token=token, initial=shown | {"site": stored.site or site}, **kwargs)
        # Beside a secret nothing is shown, whether it differs or not.
        self.edits = tuple(shown)
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
    # What the password is for: another one of these, and it is asked for again.
    belongs_to = ("host", "port", "account")
    port = forms.IntegerField(
        label="端口",
        min_value=1,
        max_value=65535,
        error_messages={"required": "请填写端口。", "invalid": "请填写数字。"},
    )
    security = forms.ChoiceField(label="加密", choices=list(SECURITY.items()), error_messages=BAD_CHOICE)
    account = PlainField(label="账号", max_length=120, required=False, help_text="服务器不要求登录的，不填。")
    password = PlainField(label="密码", max_length=200, required=False, widget=forms.PasswordInput)
    sender = MailField(label="发件地址", max_length=120, error_messages=BAD_MAIL)
    field_order = ["site", "host", "port", "security", "account", "password", "sender", "is_on"]

    def clean_host(self):
        if not HOST.fullmatch(self.cleaned_data["host"]):
            raise forms.ValidationError("请填写服务器的域名或 IP 地址，例如 mail.example.gov.cn。")
        return self.cleaned_data["host"]

    def clean(self):
        cleaned = super().clean()
        moved = any(cleaned.get(name) != getattr(self.stored, name) for name in self.belongs_to)
        if moved and self.stored.password and not cleaned.get("password") and not self.errors:
            self.add_error("password", "服务器、端口或账号有改动，请重新输入密码。")
        return cleaned


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

    mail_to = MailField(label="测试邮件发到", max_length=120, error_messages=BAD_MAIL)


class GroupTestForm(OnceForm):
    """A test in the group."""


class MailAddressForm(ContentTokenForm):
    """Where the person wants mail; empty for no mail."""

    address = MailField(
        label="电子邮箱",
        max_length=120,
        required=False,
        help_text="留空并保存，即不再接收邮件。",
        error_messages=BAD_MAIL,
    )


class DeliveryFilterForm(WordFilterForm):
    """Looks at whoever is written to."""

    searched_in = ("recipient__label",)
