"""The form of the first start."""

from django import forms

from accounts.domain.first_start import FirstSetup
from accounts.domain.new_account import USERNAME
from accounts.enums import AccountKind
from accounts.forms.places import PlacesField
from core.forms import TextField

# Kind of administrator, what its fields begin with, the user name that is proposed.
ADMINS = (
    (AccountKind.SYSADMIN, "system", "xitong"),
    (AccountKind.SECADMIN, "security", "anquan"),
    (AccountKind.AUDITOR, "audit", "shenji"),
)


class FirstStartForm(forms.Form):
    """The code of the terminal, the three administrators, the regions and the coordinating office."""

    code = TextField(
        label="一次性口令",
        max_length=60,
        help_text="启动系统的终端上显示，或在服务器上执行 manage.py first_code 取得，24 小时内有效。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": "请填写一次性口令。"},
    )
    places = PlacesField(help_text="每行一个，上级写在前面，用 > 分开；只写到本县的，镇街以后可以再加。")
    office = TextField(label="统筹办名称", max_length=80, error_messages={"required": "请填写统筹办名称。"})
    office_place = TextField(
        label="统筹办所在区域", max_length=60, error_messages={"required": "请填写统筹办所在区域。"}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for kind, prefix, username in ADMINS:
            self.fields[f"{prefix}_name"] = TextField(
                label=f"{kind.label}姓名", max_length=60, error_messages={"required": "请填写姓名。"}
            )
            self.fields[f"{prefix}_username"] = TextField(
                label=f"{kind.label}用户名",
                max_length=40,
                initial=username,
                error_messages={"required": "请填写用户名。"},
            )

    @property
    def admin_fields(self) -> list:
        return [self[f"{prefix}_{part}"] for _, prefix, _ in ADMINS for part in ("name", "username")]

    def clean(self):
        asked, seen = super().clean(), set()
        for kind, prefix, _ in ADMINS:
            name = asked.get(f"{prefix}_username", "")
            if name and not USERNAME.fullmatch(name):
                self.add_error(f"{prefix}_username", "由 2 至 40 个字母、数字和 . _ - 组成。")
            elif name and name.lower() in seen:
                self.add_error(f"{prefix}_username", f"{kind.label}须另用一个用户名：三员由三个人分别担任。")
            seen.add(name.lower())
        known = {name for path in asked.get("places") or () for name in path}
        if known and asked.get("office_place") and asked["office_place"] not in known:
            self.add_error("office_place", "不在上面的区域之中，请写其中一个的名称。")
        return asked

    @property
    def wanted(self) -> FirstSetup:
        asked = self.cleaned_data
        admins = {kind.value: (asked[f"{prefix}_username"], asked[f"{prefix}_name"]) for kind, prefix, _ in ADMINS}
        return FirstSetup(admins, asked["places"], asked["office"], asked["office_place"])
