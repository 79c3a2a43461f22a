"""Forms of the 考核评分."""

from django import forms

from campaigns.domain.rulebook.rubric import FULL_SCORE
from core.content_token import UNSEEN
from core.forms import TextField, VersionedForm
from core.transitions import Transition
from reports.forms.publishing import CorrectionForm

GONE = "没有这一评分项，请重新选择。"


def score_field(label: str) -> forms.DecimalField:
    """分, with one decimal at most."""
    words = f"应为 0 至 {FULL_SCORE} 的数，最多一位小数。"
    kinds = ("invalid", "min_value", "max_value", "max_digits", "max_decimal_places")
    errors = dict.fromkeys(kinds, words) | {"required": "请填写分值。"}
    return forms.DecimalField(
        label=f"{label}（分）", min_value=0, max_value=FULL_SCORE, decimal_places=1, error_messages=errors
    )


class ScoreMatterForm(VersionedForm):
    """What is added to the score of a unit at one of its points, by name (``choices``). ``version``: the settled
    version when the page was opened, 0 for none."""

    edits = ()

    version = forms.IntegerField(
        min_value=0,
        widget=forms.HiddenInput,
        error_messages={"required": UNSEEN, "invalid": UNSEEN, "min_value": UNSEEN},
    )

    def __init__(self, *args, choices: list[tuple[str, str]], seen: int, **kwargs):
        super().__init__(*args, initial={"version": seen}, **kwargs)
        self.fields["point"].choices = choices


class ScoreObjectionForm(ScoreMatterForm):
    """申诉 against one of the points that take something off."""

    point = forms.ChoiceField(label="评分项", error_messages={"required": "请选择评分项。", "invalid_choice": GONE})
    text = TextField(
        label="申诉理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "请填写申诉理由。"},
        help_text="写明哪一条记录不应扣分、依据是什么。",
    )


class ScoreNoteForm(ScoreMatterForm):
    """人工评定 of one manual point."""

    point = forms.ChoiceField(label="评分项", error_messages={"required": "请选择评分项。", "invalid_choice": GONE})
    amount = score_field("扣分")
    text = TextField(
        label="情况",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "请写明情况。"},
        help_text="写明依据，由另一人复核后计入得分。",
    )


class SettleForm(CorrectionForm):
    """确定评分. ``shown``: the scores as the page showed them (``shown_of``); settled is what was shown, and nothing
    else."""

    shown = forms.CharField(widget=forms.HiddenInput, error_messages={"required": UNSEEN})

    def __init__(self, *args, seen: int, scores: str, **kwargs):
        super().__init__(*args, initial={"version": seen, "shown": scores}, **kwargs)

    def show_version(self, version: str | int) -> None:
        super().show_version(version)
        self.data[self.add_prefix("shown")] = str(self.initial["shown"])


class ScoreStepForm(VersionedForm):
    """A step on an objection or a note; asks for what the guards of its row look at."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    amount = score_field("加回")
    answer = TextField(label="答复", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args, row: Transition, version: int, **kwargs):
        super().__init__(*args, initial={"version": version}, **kwargs)
        if "amount_within_deduction" not in row.guards:
            del self.fields["amount"]
        if row.reason_label:
            self.fields["answer"].label = row.reason_label
            self.fields["answer"].required = True
            self.fields["answer"].error_messages["required"] = f"请填写{row.reason_label}。"
        else:
            del self.fields["answer"]
