"""One form for each thing a person may do to an issue. Pages and API fill the same ones; the domain judges.

What a choice offers comes from the person's own scope, so an id from elsewhere does not exist here.
"""

from django import forms
from django.utils import timezone

from accounts.domain.memberships import members_of, titles_in
from accounts.scope import departments_visible_to
from core.calendar import work_calendar
from core.forms import RecordsField
from evidence.forms import PhotosField
from issues.domain.due_dates import FREE_DAYS, due_after_pause, may_confirm
from issues.domain.effects import split_measures
from issues.domain.lifecycle import dispute_limit
from issues.domain.queries import claimed_reductions
from issues.domain.reuse import reuse_in
from issues.enums import EvidenceKind, ReductionKind, Track
from issues.forms.base import DUE_HELP, UNKNOWN_UNIT, ActionForm, area_field, day_field, figure_field, line_field
from issues.forms.chases import ChaseForm
from issues.forms.checks import short_measures
from issues.forms.cooperation import NoteHelpForm
from issues.forms.extensions import AskExtensionForm, DenyExtensionForm, GrantExtensionForm, WithdrawExtensionForm
from issues.forms.incoming import NoteReplyForm
from issues.forms.marks import MarkPracticeForm, NoteCauseForm, ReclassifyForm, SetMarksForm, UnmarkPracticeForm
from issues.forms.measures import TrackMeasuresForm
from issues.forms.merging import MergeForm
from issues.forms.owner import UNKNOWN_PERSON, OwnerField

REDUCTION_ROWS = 3


class ConfirmForm(ActionForm):
    """Nothing to fill in: sign for it, or take it up."""

    hint = "由本单位整改，下一步定措施。"


class FixOnSpotForm(ActionForm):
    measures = area_field("采取的措施", 2000, help_text="每行一条。", validators=[short_measures])
    done_on = day_field("完成日期")
    result = area_field("整改结果", 1000, help_text="没有整改后照片时必须填写。")
    files = PhotosField(label="整改后照片")
    evidence_kind = EvidenceKind.AFTER
    looks = {"files": "photos"}
    asked = ("measures", "done_on")
    hint = "已当场改好的问题，写明措施与结果后直接申请验收。"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["done_on"].initial = timezone.localdate()


class AssignForm(ActionForm):
    department = forms.ModelChoiceField(None, label="责任单位", required=False, error_messages=UNKNOWN_UNIT)
    due_on = day_field("整改时限", help_text=f"可不填，由责任单位定措施时提出。{DUE_HELP}")
    cooperating = RecordsField(
        None,
        label="配合单位",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "没有找到所选单位，请重新选择。", "invalid_pk_value": "没有找到所选单位。"},
    )
    duty = area_field("配合任务", 500, rows=2, help_text="选了配合单位的，写明要它们做什么。")
    note = area_field("交办要求", 500)
    looks = {"cooperating": "chips"}
    asked = ("department",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        units = departments_visible_to(self.user).filter(region_id=self.issue.region_id, is_active=True)
        self.fields["department"].queryset = self.fields["cooperating"].queryset = units
        self.fields["department"].empty_label = "请选择"
        self.fields["department"].initial = self.issue.proposed_department_id
        if self.issue.responsible_department:
            # What changes is told with its reason.
            words = f"现责任单位{self.issue.responsible_department.name}"
            words += f"，整改时限 {self.issue.due_on}" if self.issue.due_on else ""
            self.fields["note"].help_text = f"{words}；改变其中一项的，必须写明理由。"


class DisputeForm(ActionForm):
    note = area_field("退单理由", 500)
    asked = ("note",)
    hint = "退单后由牵头单位或统筹办重新交办。"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        days, last = dispute_limit(self.issue)
        self.hint = f"可在签收期限内退单（{days} 个工作日，至 {last}）。{self.hint}"


class PlanForm(ActionForm):
    measures = area_field("整改措施", 4000, rows=4, help_text="每行一条，至少一条。", validators=[short_measures])
    responsible_person = OwnerField(
        None, label="责任人", required=False, error_messages=UNKNOWN_PERSON, empty_label="请选择"
    )
    responsible_name = line_field("责任人姓名", 60, help_text="责任人没有账号时填写。")
    contact_phone = line_field("联系电话", 20, holds_number=True, widget=forms.TextInput({"inputmode": "tel"}))
    due_on = day_field("整改时限")
    track = forms.ChoiceField(label="整改类型", choices=[], required=False, widget=forms.RadioSelect)
    looks = {"track": "chips"}
    asked = ("measures", "responsible_person", "due_on")
    edits = ("responsible_person", "due_on")
    hint = "四明确：牵头单位、责任人、整改措施、整改时限缺一不可。"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["responsible_person"].queryset = members_of(self.issue.responsible_department_id)
        self.fields["responsible_person"].titles = titles_in(self.issue.responsible_department_id)
        self.fields["responsible_person"].initial = self.issue.responsible_person_id
        self.fields["due_on"].initial = self.issue.due_on
        self.fields["track"].choices = [(t.value, t.label) for t in (Track.LIMITED, Track.LONG_TERM)]
        self.fields["track"].initial = Track.LIMITED
        if self.issue.due_on:
            self.fields["due_on"].help_text = f"交办时限为 {self.issue.due_on}，不能自行延后。"
        else:
            self.fields["due_on"].help_text = DUE_HELP
        for number in range(1, REDUCTION_ROWS + 1):
            kinds = [("", "不涉及"), *ReductionKind.choices]
            self.fields[f"reduction_{number}"] = forms.ChoiceField(label="压减类型", required=False, choices=kinds)
            self.fields[f"before_{number}"] = figure_field("压减前")
            self.fields[f"after_{number}"] = figure_field("压减后（目标）")

    def reduction_rows(self):
        """[(label of the row, its three bound fields)]: row n belongs to the n-th measure."""
        names = ("reduction", "before", "after")
        return [(f"第 {n} 条措施", [self[f"{name}_{n}"] for name in names]) for n in range(1, REDUCTION_ROWS + 1)]

    @property
    def has_reductions(self) -> bool:
        return any(bound.value() not in (None, "") for _, fields in self.reduction_rows() for bound in fields)

    def shown(self):
        own = {bound.name for _, fields in self.reduction_rows() for bound in fields}
        return [part for part in super().shown() if part[0].name not in own]

    def clean(self):
        data = super().clean()
        lines = len(split_measures(data.get("measures") or ""))
        for number in range(1, REDUCTION_ROWS + 1):
            kind, before, after = self._claim(data, number)
            if not kind and (before is not None or after is not None):
                self.add_error(f"reduction_{number}", "填写了数字，请选择压减类型。")
            if kind and f"before_{number}" not in self.errors and before is None:
                self.add_error(f"before_{number}", "请填写压减前的数字。")
            if kind and number > lines:
                self.add_error(f"reduction_{number}", f"没有第 {number} 条措施，请先在上面填写。")
        return data

    def _claim(self, data: dict, number: int) -> tuple:
        return tuple(data.get(f"{name}_{number}") for name in ("reduction", "before", "after"))

    def payload(self) -> dict:
        data = super().payload()
        claims = [self._claim(data, number) for number in range(1, REDUCTION_ROWS + 1)]
        return {**data, "reductions": [(kind or "", before, after) for kind, before, after in claims]}


class RequestClosingForm(ActionForm):
    result = area_field("整改结果", 1000, rows=4)
    evidence_kind = forms.ChoiceField(
        label="照片内容",
        required=False,
        initial=EvidenceKind.AFTER,
        widget=forms.RadioSelect,
        choices=[(kind.value, kind.label) for kind in (EvidenceKind.AFTER, EvidenceKind.BEFORE, EvidenceKind.PROOF)],
    )
    files = PhotosField(label="佐证照片")
    looks = {"files": "photos", "evidence_kind": "chips"}
    asked = ("result",)
    hint = "提交后由责任单位以外的人验收。"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.claims = list(claimed_reductions(self.issue))
        for claim in self.claims:
            for name, label in (("before", "压减前"), ("after", "压减后（实际）")):
                figure = figure_field(f"{claim.get_reduction_display()}·{label}")
                figure.initial, figure.help_text = getattr(claim, name), claim.text
                self.fields[f"{name}_{claim.pk}"] = figure
                self.asked = (*self.asked, f"{name}_{claim.pk}")
        self.order_fields(("result", *self.asked))

    def payload(self) -> dict:
        data = super().payload()
        effects = {claim.pk: (data[f"before_{claim.pk}"], data[f"after_{claim.pk}"]) for claim in self.claims}
        kind = data["evidence_kind"] or EvidenceKind.PROOF
        return {"result": data["result"], "evidence_kind": kind, "effects": effects}


class ApproveClosingForm(ActionForm):
    note = area_field("验收意见", 500, required=True, error_messages={"required": "请写明验收意见。"})
    reuse_reason = area_field("佐证重复，仍予销号的理由", 500)
    asked = ("note",)
    needs_password = True
    hint = "请核对整改结果与佐证。销号后仍可回头看。"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.reuse = reuse_in([self.issue], self.user).get(self.issue.pk, [])
        if self.reuse:
            self.asked = ("note", "reuse_reason")
        else:
            del self.fields["reuse_reason"]


class ReturnClosingForm(ActionForm):
    note = area_field("退回原因", 500)
    due_on = day_field("整改时限", help_text=DUE_HELP)
    asked = ("note", "due_on")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.issue.due_on:
            del self.fields["due_on"]


class DeferForm(ActionForm):
    note = area_field("挂账原因", 500)
    review_on = day_field("复核日期", help_text="到期自动恢复整改，停止的工作日顺加到原时限。")
    asked = ("note", "review_on")


class ResumeForm(ActionForm):
    due_on = day_field("整改时限")
    note = area_field("说明", 500)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.issue.due_on:
            del self.fields["due_on"]
            due = due_after_pause(self.issue, timezone.localdate(), work_calendar())
            self.hint = f"挂账或转办期间的工作日顺加到原时限：由 {self.issue.due_on} 改为 {due}，首次时限仍然显示。"
        else:
            self.asked = ("due_on",)


class ResumePlanningForm(ActionForm):
    note = area_field("说明", 500)
    hint = "该问题转上级时还没有定措施，恢复后由责任单位定措施、责任人和整改时限。"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        due = due_after_pause(self.issue, timezone.localdate(), work_calendar())
        if due:
            self.hint += f"转办期间的工作日顺加到原时限：由 {self.issue.due_on} 改为 {due}，首次时限仍然显示。"


class ReferForm(ActionForm):
    referred_to = line_field("转送单位", 80)
    note = area_field("转送文号、说明", 500)
    asked = ("referred_to",)


class LookBackPassForm(ActionForm):
    note = area_field("回头看情况", 450)
    files = PhotosField(label="照片")
    looks = {"files": "photos"}
    asked = ("note",)


class LookBackFailForm(LookBackPassForm):
    due_on = day_field("新一轮整改时限", help_text=DUE_HELP)
    asked = ("note", "due_on")
    field_order = ("note", "due_on", "files")
    hint = "原编号下开始新一轮整改，上一轮的记录原样保留。"


class DismissForm(ActionForm):
    note = area_field("确认意见", 500)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        proposer, reason = self.issue.dismissal_proposed_by, self.issue.dismissal_reason
        self.hint = f"{proposer}提请：{reason}" if proposer else ""


class ProposeDismissalForm(ActionForm):
    note = area_field("不予采纳的理由", 500)
    asked = ("note",)
    hint = "提请后须由统筹办另一人确认。"


class DecideDueForm(ActionForm):
    """Both decisions on a distant date; which one is made is said by the action."""

    note = area_field("理由", 500)
    asked = ("note",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        proposed = f"{self.issue.due_proposed_by}提出整改时限 {self.issue.due_proposed_on}，超过 {FREE_DAYS} 天"
        if may_confirm(self.issue.due_on, timezone.localdate()):
            self.hint = f"{proposed}。确认后随即生效；不同意的，仍按 {self.issue.due_on} 计。"
        else:
            self.hint = f"{proposed}。现行时限 {self.issue.due_on} 已过，不能再确认，逾期照常计算。"


class NoteProgressForm(ActionForm):
    note = area_field("整改进展", 1000, rows=4)
    asked = ("note",)


class AddMeasuresForm(ActionForm):
    measures = area_field(
        "补充的整改措施", 4000, rows=4, help_text="每行一条，接在已有措施之后。", validators=[short_measures]
    )
    asked = ("measures",)


class AmendIssueForm(ActionForm):
    contact_phone = line_field(
        "联系电话", 20, holds_number=True, widget=forms.TextInput({"inputmode": "tel"}), help_text="不改的留空。"
    )
    remark = area_field("备注", 500)
    edits = ("remark",)
    hint = "只更正责任人的联系电话和备注；单位、时限等在相应的操作中办理。"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["remark"].initial = self.issue.remark
        if self.issue.responsible_department_id is None:
            del self.fields["contact_phone"]

    def payload(self) -> dict:
        return {
            name: value for name, value in super().payload().items() if name in self.data or name not in self.fields
        }


ACTION_FORMS: dict[str, type[ActionForm]] = {
    "fix_on_spot": FixOnSpotForm,
    "take": ConfirmForm,
    "assign": AssignForm,
    "accept": ConfirmForm,
    "dispute": DisputeForm,
    "plan": PlanForm,
    "defer": DeferForm,
    "resume": ResumeForm,
    "resume_planning": ResumePlanningForm,
    "refer": ReferForm,
    "request_closing": RequestClosingForm,
    "approve_closing": ApproveClosingForm,
    "return_closing": ReturnClosingForm,
    "look_back_pass": LookBackPassForm,
    "look_back_fail": LookBackFailForm,
    "merge": MergeForm,
    "dismiss": DismissForm,
    "confirm_due": DecideDueForm,
    "refuse_due": DecideDueForm,
    "ask_extension": AskExtensionForm,
    "grant_extension": GrantExtensionForm,
    "deny_extension": DenyExtensionForm,
    "withdraw_extension": WithdrawExtensionForm,
    "chase": ChaseForm,
    "note_progress": NoteProgressForm,
    "add_measures": AddMeasuresForm,
    "propose_dismissal": ProposeDismissalForm,
    "amend": AmendIssueForm,
    "note_reply": NoteReplyForm,
    "note_help": NoteHelpForm,
    "track_measures": TrackMeasuresForm,
    "reclassify": ReclassifyForm,
    "set_marks": SetMarksForm,
    "note_cause": NoteCauseForm,
    "mark_practice": MarkPracticeForm,
    "unmark_practice": UnmarkPracticeForm,
}
