"""The forms of publishing, of what a unit hands in, and of scores."""

from django import forms

from campaigns.domain.rulebook.rubric import FULL_SCORE
from core.content_token import UNSEEN
from core.forms import ContentTokenForm, OnceForm, TextField, VersionedForm
from core.transitions import Transition
from reports.domain.submissions.lines import OpenParts
from reports.models import Submission

GONE = "没有这一评分项，请重新选择。"


def score_field(label: str) -> forms.DecimalField:
    """分, with one decimal at most."""
    words = f"应为 0 至 {FULL_SCORE} 的数，最多一位小数。"
    kinds = ("invalid", "min_value", "max_value", "max_digits", "max_decimal_places")
    errors = dict.fromkeys(kinds, words) | {"required": "请填写分值。"}
    return forms.DecimalField(
        label=f"{label}（分）", min_value=0, max_value=FULL_SCORE, decimal_places=1, error_messages=errors
    )


class PublishForm(VersionedForm):
    """``version``: the last one published when the page was opened, 0 for none. ``reason``: asked for from the second
    version on. ``confirmed``: what is still open, as the page named it; it is asked for only where something is."""

    edits = ()

    version = forms.IntegerField(
        min_value=0,
        widget=forms.HiddenInput,
        error_messages={"required": UNSEEN, "invalid": UNSEEN, "min_value": UNSEEN},
    )

    reason = TextField(
        label="更正原因",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="首次印发不用填；已印发过、内容有变动的，请写明更正原因。",
    )
    confirmed = forms.BooleanField(
        label="已核对以上未报齐的单位，照此印发",
        required=True,
        error_messages={"required": "还有单位未报齐，请核对名单后勾选确认。"},
    )
    named = forms.CharField(required=False, widget=forms.HiddenInput, max_length=32)

    def __init__(self, *args, parts: OpenParts, last: int, **kwargs):
        super().__init__(*args, initial={"named": parts.token, "version": last}, **kwargs)
        if not parts:
            del self.fields["confirmed"]


class SendForm(ContentTokenForm):
    """A unit hands in its period. ``note``: why nothing was walked, for a zero report only."""

    edits = ()

    zero = forms.BooleanField(required=False, widget=forms.HiddenInput)
    note = TextField(
        label="未开展体验的原因",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}),
        error_messages={"required": "请写明未开展体验的原因。"},
    )

    def __init__(self, *args, zero: bool, **kwargs):
        super().__init__(*args, initial={"zero": zero}, **kwargs)
        # What the sender looked at decides: a walk reported meanwhile is refused in words by the domain.
        asks = self.data.get("zero") == "True" if self.is_bound else zero
        if not asks:
            del self.fields["note"]


class SubmissionActForm(VersionedForm):
    """A step of a submission; ``version`` of what was shown."""

    edits = ()

    version = forms.IntegerField(widget=forms.HiddenInput)
    note = TextField(max_length=500, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}))

    def __init__(self, *args, submission: Submission, row: Transition, **kwargs):
        super().__init__(*args, initial={"version": submission.version}, **kwargs)
        if "reason" not in row.guards:
            del self.fields["note"]
            return
        self.fields["note"].label = row.reason_label
        self.fields["note"].error_messages["required"] = f"请写明{row.reason_label}。"


class BulkForm(OnceForm):
    """The same step for several submissions; each box holds ``public id:version`` as it was shown."""

    action = forms.ChoiceField(choices=())
    chosen = forms.MultipleChoiceField(choices=(), error_messages={"required": "请先勾选单位。"})

    def __init__(self, *args, actions: dict[str, str], rows: dict[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["action"].choices = list(actions.items())
        self.fields["chosen"].choices = list(rows.items())


class ScoreSettleForm(PublishForm):
    """``version``: the last one settled when the page was opened, 0 for none."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = "首次确定不用填；已确定过、内容有变动的，请写明更正原因。"


class ScoreObjectionForm(OnceForm):
    """申诉 against one of the points that take something off: ``choices`` are their names."""

    point = forms.ChoiceField(label="评分项", error_messages={"required": "请选择评分项。", "invalid_choice": GONE})
    text = TextField(
        label="申诉理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "请填写申诉理由。"},
        help_text="写明哪一条记录不应扣分、依据是什么。",
    )

    def __init__(self, *args, choices: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["point"].choices = choices


class ScoreNoteForm(OnceForm):
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

    def __init__(self, *args, choices: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["point"].choices = choices


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
