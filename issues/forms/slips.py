"""Forms of 督办单: signing one, its steps, and the filters of the list."""

from django import forms
from django.utils import timezone

from accounts.forms import PasswordAgainMixin
from core.forms import VersionedForm
from core.transitions import Transition
from issues.domain.slips.lifecycle import SlipStatus
from issues.domain.slips.queries import slips_visible_to
from issues.domain.slips.rule import why_reason
from issues.enums import SlipColour
from issues.forms.base import area_field
from issues.forms.lists import ListFilterForm
from issues.models import Issue, Slip

TABS = {
    "mine": "待本单位反馈",
    "issued": "待反馈",
    "late": "逾期未反馈",
    "answered": "待核验",
    "accepted": "已办结",
    "all": "全部",
}
DEMAND = "请于反馈期限前办结，并书面反馈办理情况；不能按期办结的，说明原因和下步措施。"


class SlipSignForm(PasswordAgainMixin, VersionedForm):
    """Signing on an issue; ``version`` of the issue that was shown."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    colour = forms.TypedChoiceField(label="颜色", coerce=int, widget=forms.RadioSelect)
    demand = area_field("督办要求", 500, rows=4, required=True)
    jump_reason = area_field("越级或提前督办的理由", 500)
    edits = ()

    def __init__(self, *args, request, issue: Issue, status: SlipStatus, **kwargs):
        shown = {"version": issue.version, "colour": status.proposed or None, "demand": DEMAND}
        super().__init__(*args, initial=shown, **kwargs)
        self.ask_for_password(request)
        # A colour somebody has signed since the page was opened is left to the domain, which says who did and when.
        sent = self.data.get("colour") if self.is_bound else None
        open_ones = dict(status.choices)
        self.fields["colour"].choices = [
            one for one in SlipColour.choices if one[0] in open_ones or str(one[0]) == sent
        ]
        asked = [label for value, label in status.choices if why_reason(value, last=status.last, due=status.due)]
        self.fields["jump_reason"].help_text = f"本次签发{'、'.join(asked)}的必须填写。" if asked else "可不填。"


class SlipActForm(VersionedForm):
    """A step of a slip: the fields of its row; ``version`` of what was shown."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reply = area_field("办理情况", 1000, rows=5)
    late_reason = area_field("未按期原因", 500)
    note = area_field("核验意见", 500)
    asks = {"answer": ("reply", "late_reason"), "accept": ("note",), "return": ("note",)}
    needed = {"answer": ("reply", "late_reason"), "return": ("note",)}

    def __init__(self, *args, slip: Slip, row: Transition, **kwargs):
        stored = {"version": slip.version, "reply": slip.reply, "late_reason": slip.late_reason}
        super().__init__(*args, initial=stored, **kwargs)
        self.edits = tuple(name for name in self.asks[row.action] if name != "note")
        for name in ("reply", "late_reason", "note"):
            if name not in self.asks[row.action]:
                del self.fields[name]
        if "note" in self.fields:
            self.fields["note"].label = row.reason_label
        if "late_reason" in self.fields and timezone.localdate() <= slip.reply_by:
            del self.fields["late_reason"]
        self.marked = self.needed.get(row.action, ())

    def shown(self):
        """(bound field, whether the domain asks for it) of every visible field, in order."""
        return [(bound, bound.name in self.marked) for bound in self.visible_fields()]


class SlipFilterForm(ListFilterForm):
    """Over the list of slips."""

    visible = slips_visible_to
    asked = ListFilterForm.asked | {"colour": "colour"}

    department = forms.TypedChoiceField(label="承办单位", required=False, coerce=int, empty_value=None)
    colour = forms.ChoiceField(label="颜色", required=False, choices=[("", "全部颜色"), *SlipColour.choices])
