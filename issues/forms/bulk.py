"""Forms of 批量办理: one for each action that is taken on many issues at once."""

from django import forms

from accounts.forms import PasswordAgainMixin
from accounts.scope import departments_visible_to
from core.forms import OnceForm
from issues.domain.bulk import MOST, Chosen
from issues.domain.rulebooks import rules_of_issues
from issues.forms.base import DUE_HELP, UNKNOWN_UNIT, area_field, day_field
from issues.models import Issue


def split_box(box: str) -> tuple[str, int]:
    """(number, version) of a box; without a readable version one that no issue has: nobody was shown it."""
    number, _, version = box.partition(":")
    return number, int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0


class IssuesAtOnceForm(PasswordAgainMixin, OnceForm):
    """The issues ticked, each box holding ``number:version`` as it was shown, and what is entered for all of them."""

    chosen = forms.MultipleChoiceField(
        label="勾选的问题",
        choices=(),
        error_messages={
            "required": "没有勾选问题，没有办理。",
            "invalid_choice": "所选问题不在您可见的台账中，没有办理。请核对下表后重新勾选。",
        },
    )
    hint = ""
    needs_password = False
    # Whether the boxes are ticked where nothing was ticked on the list: not where all would get one and the same.
    takes_all = False

    def __init__(self, *args, request, issues: list[Issue], **kwargs):
        super().__init__(*args, **kwargs)
        known = {issue.number: issue for issue in issues}
        boxes = {box: split_box(box) for box in (self.data.getlist("chosen") if self.is_bound else ())}
        self.issues = {box: (known[number], version) for box, (number, version) in boxes.items() if number in known}
        self.fields["chosen"].choices = [(box, box) for box in self.issues]
        if self.needs_password:
            self.ask_for_password(request)

    def entered(self):
        """The bound fields to fill in, in order."""
        return [bound for bound in self.visible_fields() if bound.name != "chosen"]

    def clean_chosen(self) -> list[str]:
        if len(self.issues) > MOST:
            raise forms.ValidationError(f"一次最多办理 {MOST} 件，没有办理。请分几次勾选。")
        return self.cleaned_data["chosen"]

    def is_ready(self, issue: Issue) -> bool:
        """Whether the box of the issue is ticked to begin with."""
        return True

    def payload(self, issue: Issue) -> dict:
        """The ``data`` of ``issues.domain.lifecycle.perform`` for this issue."""
        own = {"idempotency_key", "chosen", "password"}
        return {name: value for name, value in self.cleaned_data.items() if name not in own}

    def chosen_issues(self) -> list[Chosen]:
        """What was ticked, in the order of the page."""
        return [Chosen(issue, version, self.payload(issue)) for issue, version in self.issues.values()]


class AssignAtOnceForm(IssuesAtOnceForm):
    department = forms.ModelChoiceField(
        None,
        label="责任单位",
        required=False,
        empty_label="各交登记时写明的涉及单位",
        error_messages=UNKNOWN_UNIT,
        help_text="选了单位的，勾选的问题全部交给该单位。",
    )
    due_on = day_field("整改时限", help_text=f"可不填，由责任单位定措施时提出。{DUE_HELP}")
    note = area_field("交办要求", 500)
    hint = "各交登记时写明的涉及单位，也可以统一交给一个单位。"
    takes_all = True

    def __init__(self, *args, request, issues: list[Issue], **kwargs):
        super().__init__(*args, request=request, issues=issues, **kwargs)
        regions = {issue.region_id for issue in issues}
        units = departments_visible_to(request.user).filter(region_id__in=regions, is_active=True)
        self.fields["department"].queryset = units

    def is_ready(self, issue: Issue) -> bool:
        # What a unit found of its own it takes up itself (自行整改), unless somebody decides otherwise.
        return issue.proposed_department_id not in (None, issue.discovering_department_id)

    def payload(self, issue: Issue) -> dict:
        data = super().payload(issue)
        return data | {"department": data["department"] or issue.proposed_department, "cooperating": ()}


class ReclassifyAtOnceForm(IssuesAtOnceForm):
    category = forms.ChoiceField(
        label="改为", error_messages={"required": "请选择分类。", "invalid_choice": "没有这一分类。"}
    )
    note = area_field("改分类的理由", 500, required=True)
    hint = "各件都改为同一分类；所属活动没有这一分类的、现在就是这一分类的不改。"

    def __init__(self, *args, request, issues: list[Issue], **kwargs):
        super().__init__(*args, request=request, issues=issues, **kwargs)
        rules = rules_of_issues(issues).values()
        names = dict.fromkeys(name for one in rules for name in one.rectification.categories)
        self.fields["category"].choices = [("", "请选择"), *((name, name) for name in names)]


class ReturnAtOnceForm(IssuesAtOnceForm):
    note = area_field("退回原因", 500, required=True)
    hint = "同一原因退回的，可以一次办理。"


class ApproveAtOnceForm(IssuesAtOnceForm):
    note = area_field("验收意见", 500, required=True, error_messages={"required": "请写明验收意见。"})
    reuse_reason = area_field(
        "佐证重复，仍予销号的理由", 500, help_text="勾选了有重复提示的问题时填写；不填的，这些问题不予销号。"
    )
    needs_password = True
    # Only those whose evidence this person has opened can be ticked.
    takes_all = True
    hint = "只能销号已逐张打开过佐证照片的问题。点照片打开，看过后刷新本页。销号后仍可回头看。"


BULK_FORMS: dict[str, type[IssuesAtOnceForm]] = {
    "assign": AssignAtOnceForm,
    "reclassify": ReclassifyAtOnceForm,
    "return_closing": ReturnAtOnceForm,
    "approve_closing": ApproveAtOnceForm,
}
