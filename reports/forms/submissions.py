"""Forms of sending a unit's pack and of the steps that follow."""

from django import forms

from core.forms import ContentTokenForm, OnceForm, TextField, VersionedForm
from core.paging import ListPagination
from core.transitions import Transition
from reports.domain.submissions.lines import STATUSES
from reports.models import Submission


class LineFilterForm(forms.Form):
    """What the API asks of the list of a period: the place its page has in the address, and the filter of the page."""

    campaign = forms.CharField(max_length=40, error_messages={"required": "请写明活动代码。"})
    period = forms.CharField(max_length=10, error_messages={"required": "请写明期间，如 2022-06。"})
    status = forms.ChoiceField(required=False, choices=[("", "全部"), *STATUSES.items()])
    offset = forms.IntegerField(required=False, min_value=0)
    limit = forms.IntegerField(required=False, min_value=1, max_value=ListPagination.max_limit)


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

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
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
