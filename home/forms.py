"""The forms of 离任交接 and of the end of a campaign."""

from django import forms

from accounts.domain.queries import people_visible_to
from accounts.forms.base import PasswordAgainMixin
from accounts.forms.people import ReasonForm
from campaigns.domain.guards import Unfinished
from core.forms import TextField
from home.domain.handing_over import units_of


class FinishForm(PasswordAgainMixin):
    """总结 or 归档, with the own password: it cannot be taken back. ``named``: the token of what stood open on the
    page; the tick is asked for only where something did."""

    named = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)
    confirmed = forms.BooleanField(
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
