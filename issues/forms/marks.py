"""Forms of what is said of an issue beside its course: its class, marks, its cause, a good practice; the filters of the
list of good practices."""

from django import forms

from issues.domain.practices import practices_visible_to
from issues.domain.rulebooks import rules_of_issue
from issues.enums import MARK_LABELS, CauseDepth
from issues.forms.base import ActionForm, area_field
from issues.forms.lists import ListFilterForm

PRACTICE_TABS = {"mine": "本单位", "all": "全部"}


class ReclassifyForm(ActionForm):
    category = forms.ChoiceField(label="改为", required=False, widget=forms.RadioSelect)
    note = area_field("改分类的理由", 500)
    looks = {"category": "chips"}
    asked = ("category", "note")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        classes = rules_of_issue(self.issue).rectification.categories
        self.fields["category"].choices = [(name, name) for name in classes if name != self.issue.category]
        self.hint = f"现为“{self.issue.category or '未分类'}”。"


class SetMarksForm(ActionForm):
    note = area_field("标记或取消的理由", 500)
    asked = ("note",)
    edits = tuple(MARK_LABELS)
    hint = "勾选的标记在台账上显示，可以筛选和导出。"
    press = "保存标记"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in MARK_LABELS.items():
            self.fields[name] = forms.BooleanField(label=label, required=False, initial=getattr(self.issue, name))
        self.order_fields((*MARK_LABELS, "note"))


class NoteCauseForm(ActionForm):
    cause = area_field("原因分析", 500, help_text="写到根子上：制度、流程、系统、人员哪里出了问题。")
    cause_depth = forms.ChoiceField(
        label="问题层次", choices=CauseDepth.choices, required=False, widget=forms.RadioSelect
    )
    press = "保存原因分析"
    looks = {"cause_depth": "chips"}
    asked = ("cause", "cause_depth")
    edits = ("cause", "cause_depth")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cause"].initial, self.fields["cause_depth"].initial = (
            self.issue.root_cause,
            self.issue.cause_depth,
        )


class MarkPracticeForm(ActionForm):
    note = area_field("做法", 1000, rows=4, help_text="其他单位可以照着做的做法，列入好做法清单。")
    asked = ("note",)
    edits = ("note",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].initial = self.issue.good_practice


class UnmarkPracticeForm(ActionForm):
    note = area_field("取消的原因", 500)
    asked = ("note",)
    hint = "从好做法清单中移出，经过保留。"


class PracticeFilterForm(ListFilterForm):
    visible = practices_visible_to
    asked = {"campaign__code": "campaign", "responsible_department": "department"}
    unit_path = "responsible_department"
