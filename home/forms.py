"""The form of 离任交接."""

from django import forms

from accounts.domain.queries import people_visible_to
from accounts.forms.people import ReasonForm
from core.forms import TextField
from home.domain.handing_over import units_of


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
