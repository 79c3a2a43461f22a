"""Forms of more time (延期): asked for, decided, withdrawn; and the filters of the list of requests."""

from django.utils import timezone

from issues.domain.due_dates import FREE_DAYS, LONGEST_DAYS, longest
from issues.domain.extensions.queries import extensions_visible_to
from issues.domain.queries import open_extension
from issues.enums import Actor, ExtensionState
from issues.forms.base import ActionForm, area_field, day_field
from issues.forms.lists import ListFilterForm
from issues.models import Extension

TABS = {"mine": "待我答复"} | {state.value: state.label for state in ExtensionState} | {"all": "全部"}


class AskExtensionForm(ActionForm):
    extension_to = day_field("申请延至")
    note = area_field("延期理由", 500)
    asked = ("extension_to", "note")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        last = longest(timezone.localdate())
        self.fields["extension_to"].help_text = f"晚于 {self.issue.due_on}，不晚于 {last}（{LONGEST_DAYS} 天）。"
        self.hint = f"由责任单位以外的一方答复。答复以前仍按 {self.issue.due_on} 计，申请不掩盖逾期；首次时限始终显示。"


class GrantExtensionForm(ActionForm):
    note = area_field("答复意见", 500)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.extension = open_extension(self.issue)
        self.hint = request_words(self.extension) if self.extension else ""
        self.fields["note"].help_text = f"自申请之日起超过 {FREE_DAYS} 天的必须填写。"


class DenyExtensionForm(GrantExtensionForm):
    asked = ("note",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].label, self.fields["note"].help_text = "不同意的理由", ""


class WithdrawExtensionForm(GrantExtensionForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].label, self.fields["note"].help_text = "说明", ""


def request_words(request: Extension) -> str:
    """Who asked for what, and what holds until it is decided."""
    day = timezone.localtime(request.asked_at).date()
    return (
        f"{request.asked_by}于 {day} 申请由 {request.old_due_on} 延至 {request.asked_due_on}：{request.reason}。"
        f"待{Actor(request.side).label}答复；答复以前仍按现行时限计算，逾期的照常显示逾期。"
    )


class ExtensionFilterForm(ListFilterForm):
    """Over the list of requests."""

    visible = extensions_visible_to
    campaign_path = "issue__campaign"
    asked = {"issue__campaign__code": "campaign", "department": "department"}
