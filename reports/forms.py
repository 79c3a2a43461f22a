"""Forms of publishing, and of the way a unit's pack takes."""

from django import forms

from core.content_token import UNSEEN
from core.forms import ContentTokenForm, OnceForm, TextField, VersionedForm
from core.transitions import Transition
from reports.domain.submissions.lines import OpenParts
from reports.models import Submission


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
