"""Forms of 举一反三: sending an enquiry, answering it, ending it, chasing units; the filters of the list."""

from django import forms
from django.utils import timezone

from core.calendar import work_calendar
from core.forms import ConfirmField, OnceForm, RecordsField, VersionedForm
from core.transitions import Transition
from issues.domain.due_dates import FREE_DAYS
from issues.domain.enquiries.queries import items_to_name, replies_visible_to
from issues.domain.enquiries.units import units_to_ask
from issues.forms.base import area_field, day_field
from issues.forms.chases import AGAIN
from issues.forms.lists import ListFilterForm
from issues.models import Enquiry, EnquiryReply, Issue

TABS = {
    "mine": "待本单位回复",
    "waiting": "待回复",
    "late": "已逾期",
    "found": "有",
    "none": "无",
    "all": "全部",
}
UNKNOWN = {"invalid_choice": "没有找到所选单位，请重新选择。", "invalid_pk_value": "没有找到所选单位。"}
QUESTION = "请排查本单位是否存在同类问题："


class EnquiryForm(OnceForm):
    """Which units are asked what, and by when they answer: so many 工作日, or a day."""

    question = area_field("征询内容", 500, rows=4, required=True)
    workdays = forms.IntegerField(
        label="几个工作日内答复",
        required=False,
        min_value=1,
        max_value=60,
        initial=5,
        error_messages={
            "invalid": "请填写整数。",
            "min_value": "至少 1 个工作日。",
            "max_value": "最多 60 个工作日，更长的请填写日期。",
        },
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
    reply_by = day_field("或答复期限", help_text=f"填写日期的，以日期为准；最长 {FREE_DAYS} 天。")
    units = RecordsField(None, label="被征询单位", widget=forms.CheckboxSelectMultiple, error_messages=UNKNOWN)

    def __init__(self, *args, user, issue: Issue, **kwargs):
        super().__init__(*args, initial={"question": f"{QUESTION}{issue.description}"[:500]}, **kwargs)
        self.fields["units"].queryset = units_to_ask(user, issue, timezone.localdate())

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("reply_by") and cleaned.get("workdays"):
            cleaned["reply_by"] = work_calendar().add_workdays(timezone.localdate(), cleaned["workdays"])
        if not cleaned.get("reply_by") and not {"reply_by", "workdays"} & set(self.errors):
            self.add_error("reply_by", "请填写答复期限或工作日数。")
        return cleaned


class ReplyForm(VersionedForm):
    """An answer; ``version`` of the reply that was shown."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    words = area_field("答复说明", 1000, rows=5)
    item = forms.ModelChoiceField(None, label="涉及事项", required=False, empty_label="不涉及具体事项")
    edits = ()
    labels = {"found": "本单位存在的问题", "none": "怎样排查的"}

    def __init__(self, *args, reply: EnquiryReply, row: Transition, **kwargs):
        super().__init__(*args, initial={"version": reply.version}, **kwargs)
        self.fields["words"].label = self.labels[row.action]
        if row.action == "found":
            self.fields["item"].queryset = items_to_name(reply)
            self.fields["item"].error_messages["invalid_choice"] = "没有找到所选事项，请重新选择。"
        else:
            del self.fields["item"]


class EnquiryEndForm(VersionedForm):
    """Ending an enquiry; ``version`` of what was shown."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    note = area_field("终止原因", 300)
    edits = ()

    def __init__(self, *args, enquiry: Enquiry, **kwargs):
        super().__init__(*args, initial={"version": enquiry.version}, **kwargs)


class EnquiryChaseForm(OnceForm):
    """Units of one enquiry that have not answered, as they were shown."""

    chosen = forms.MultipleChoiceField(
        label="勾选的单位", choices=(), error_messages={"required": "请先勾选要催办的单位。"}
    )
    note = area_field("催办要求", 300)
    again = ConfirmField(label=AGAIN, required=False)

    def __init__(self, *args, replies: list[EnquiryReply], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = [(str(one.public_id), one.department.name) for one in replies]


class ReplyFilterForm(ListFilterForm):
    """Over the list of replies."""

    visible = replies_visible_to

    department = forms.TypedChoiceField(label="被征询单位", required=False, coerce=int, empty_value=None)
