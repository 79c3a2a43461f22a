"""Forms of the list of needs and of the steps of one."""

from django import forms

from accounts.scope import departments_visible_to
from core.forms import DayInput, TextField, VersionedForm
from core.transitions import Transition
from issues.domain.needs.queries import needs_visible_to
from issues.forms.lists import ListFilterForm
from issues.models import Need, NeedSubject

TABS = {"mine": "待本单位回应", "open": "待回应", "late": "逾期未回应", "replied": "已回应", "all": "全部"}
UNKNOWN_UNIT = {"invalid_choice": "没有找到所选单位，请重新选择。"}


class NeedFilterForm(ListFilterForm):
    """Over the list of needs."""

    visible = needs_visible_to
    asked = ListFilterForm.asked | {"subject": "subject"}

    department = forms.TypedChoiceField(label="回应单位", required=False, coerce=int, empty_value=None)
    subject = forms.ChoiceField(label="需求主体", required=False, choices=[("", "全部主体"), *NeedSubject.choices])


class NeedTabForm(NeedFilterForm):
    """The same for the API, where the tab is a filter like the others."""

    tab = forms.ChoiceField(label="状态", required=False)

    def __init__(self, data, *, user, views):
        super().__init__(data, user=user)
        self.fields["tab"].choices = [("", "全部"), *((name, TABS[name]) for name in views)]


class NeedActForm(VersionedForm):
    """A step of a need: the fields of its row; ``version`` of what was shown."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    department = forms.ModelChoiceField(None, label="回应单位", empty_label="请选择", error_messages=UNKNOWN_UNIT)
    reply_by = forms.DateField(label="拟回应时间", widget=DayInput())
    reply = TextField(label="回应情况", max_length=1000, widget=forms.Textarea(attrs={"rows": 5, "maxlength": 1000}))
    note = TextField(label="退回原因", max_length=500, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}))
    asks = {"assign": ("department", "reply_by"), "reply": ("reply",), "return_reply": ("note",)}

    def __init__(self, *args, need: Need, row: Transition, user, **kwargs):
        stored = {"version": need.version, "department": need.department_id, "reply_by": need.reply_by}
        super().__init__(*args, initial=stored | {"reply": need.reply}, **kwargs)
        self.edits = tuple(name for name in self.asks[row.action] if name != "note")
        for name in ("department", "reply_by", "reply", "note"):
            if name not in self.asks[row.action]:
                del self.fields[name]
        if "department" in self.fields:
            units = departments_visible_to(user).filter(region_id=need.campaign.region_id, is_active=True)
            self.fields["department"].queryset = units.order_by("order", "id")
