"""Forms of 催办: of one issue, of several at once; and the filters of the list of chases."""

from django import forms
from django.utils import timezone

from accounts.domain.people import labels_of
from core.forms import ConfirmField, OnceForm
from issues.domain.chases.many import AT_ONCE
from issues.domain.chases.queries import chases_visible_to
from issues.domain.chases.records import people_to_chase
from issues.forms.base import ActionForm, area_field
from issues.forms.lists import ListFilterForm

TABS = {"unread": "未读", "read": "已读", "mine": "我催办的", "all": "全部"}
AGAIN = "今天已催办过的，仍要再次催办"


class ChaseForm(ActionForm):
    note = area_field("催办要求", 300)
    again = ConfirmField(label=AGAIN, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        names = labels_of(people_to_chase([self.issue], today)[self.issue.pk])
        self.hint = (
            f"催办消息发给{'、'.join(names)}，打开消息的时间记录在案。" if names else "责任单位没有可以催办的人员。"
        )
        if self.issue.chased_on != today:
            del self.fields["again"]


class BulkChaseForm(OnceForm):
    """Several issues by their numbers, as they were shown."""

    chosen = forms.MultipleChoiceField(
        label="勾选的问题", choices=(), error_messages={"required": "请先勾选要催办的问题。"}
    )
    note = area_field("催办要求", 300)
    again = ConfirmField(label=AGAIN, required=False)

    def __init__(self, *args, numbers: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = [(number, number) for number in numbers]

    def clean_chosen(self) -> list[str]:
        if len(self.cleaned_data["chosen"]) > AT_ONCE:
            raise forms.ValidationError(f"一次最多催办 {AT_ONCE} 件，没有催办。请分几次勾选。")
        return self.cleaned_data["chosen"]


class ChaseFilterForm(ListFilterForm):
    """Over the list of chases."""

    visible = chases_visible_to
    campaign_path = "issue__campaign"
    asked = {"issue__campaign__code": "campaign", "department": "department"}
