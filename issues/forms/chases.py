"""Forms of 催办: of one issue, of several at once; and the filters of the list of chases."""

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from accounts.domain.people import labels_of
from core.forms import OnceForm
from issues.domain.chase_many import AT_ONCE
from issues.domain.chasing import campaigns_with_chases, people_to_chase, units_with_chases
from issues.forms.base import ActionForm, area_field
from issues.models import Chase

TABS = {"unread": "未读", "read": "已读", "mine": "我催办的", "all": "全部"}
AGAIN = "今天已催办过的，仍要再次催办"


class ChaseForm(ActionForm):
    note = area_field("催办要求", 300)
    again = forms.BooleanField(label=AGAIN, required=False)

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
    again = forms.BooleanField(label=AGAIN, required=False)

    def __init__(self, *args, numbers: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = [(number, number) for number in numbers]

    def clean_chosen(self) -> list[str]:
        if len(self.cleaned_data["chosen"]) > AT_ONCE:
            raise forms.ValidationError(f"一次最多催办 {AT_ONCE} 件，没有催办。请分几次勾选。")
        return self.cleaned_data["chosen"]


class ChaseFilterForm(forms.Form):
    """Filters over the list of chases, all in the address; the choices are those of the person's own."""

    campaign = forms.ChoiceField(label="活动", required=False)
    department = forms.TypedChoiceField(label="责任单位", required=False, coerce=int, empty_value=None)

    def __init__(self, data, *, user):
        super().__init__(data)
        self.fields["campaign"].choices = [("", "全部活动"), *campaigns_with_chases(user)]
        self.fields["department"].choices = [("", "全部单位"), *units_with_chases(user)]

    def narrow(self, rows: QuerySet[Chase]) -> QuerySet[Chase]:
        """Those that the filters ask for; a value that is no choice is left out."""
        self.is_valid()
        asked = {"issue__campaign__code": "campaign", "department": "department"}
        wanted = {field: self.cleaned_data.get(name) for field, name in asked.items()}
        return rows.filter(**{field: value for field, value in wanted.items() if value})
