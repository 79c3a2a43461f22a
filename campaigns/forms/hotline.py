"""Forms of the hotline's figures and the list they give."""

from datetime import date

from django import forms
from django.core import signing
from django.utils import timezone

from campaigns.domain.hotline import Ranked, TicketFigure
from core.forms import ContentTokenForm, OnceForm, TextField
from core.tabular import ACCEPTED
from core.uploads import check_size

_SALT = "campaigns.hotline.figures"


class FiguresForm(OnceForm):
    """A month and its table. Sending it writes no figure: what the file says is shown first."""

    month = TextField(
        label="统计月份", max_length=7, error_messages={"required": "请填写统计月份。"},
        widget=forms.TextInput(attrs={"type": "month"}), help_text="工单数所属的月份，名单用于下一个月。",
    )  # fmt: skip
    file = forms.FileField(
        label="工单数表格",
        validators=[check_size],
        error_messages={"required": "请选择文件。", "empty": "选择的文件是空的。", "invalid": "请选择文件。"},
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text="应有责任单位和工单数，可有问题类型、所属领域；列名不能自动对应的，下一步逐列指明，"
        f"同样表头的表以后不再询问。{ACCEPTED}",
    )
    name_columns = forms.BooleanField(
        label="逐列核对与本系统各列的对应", required=False, help_text="系统已认出的列也逐列给您核对。"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, initial={"month": last_month(timezone.localdate())}, **kwargs)


class SaveForm(OnceForm):
    """The figures a person has looked at, signed for that campaign and month, to be saved as they were shown."""

    sheet = forms.CharField(widget=forms.HiddenInput, max_length=2_000_000)

    def __init__(self, *args, place: str, **kwargs):
        self.place = place
        super().__init__(*args, **kwargs)

    def sign(self, *, month: str, file_name: str, figures: list[TicketFigure], seen: str) -> None:
        """Put what is to be saved into the page that shows it; ``seen``: ``figures_token`` of what it replaces."""
        rows = [[one.department_id, one.name, one.tickets, one.types, one.field] for one in figures]
        self.initial["sheet"] = signing.dumps([self.place, month, file_name, rows, seen], salt=_SALT, compress=True)

    def clean_sheet(self):
        try:
            place, month, file_name, rows, seen = signing.loads(self.cleaned_data["sheet"], salt=_SALT)
        except (signing.BadSignature, ValueError) as error:
            raise forms.ValidationError("页面内容已失效，没有保存。请重新选择文件。") from error
        if place != self.place:
            raise forms.ValidationError("这份数字属于另一个活动，没有保存。请重新选择文件。")
        figures = [TicketFigure(*row) for row in rows]
        return {"month": month, "file_name": file_name, "figures": figures, "seen": seen}


class ListForm(ContentTokenForm):
    """How many units are listed, and which of those tied at the cut."""

    cut = forms.IntegerField(
        label="列入单位数", min_value=1, widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": "请填写列入几个单位。", "invalid": "应为整数。", "min_value": "至少 1 个。"},
    )  # fmt: skip
    tied = forms.TypedMultipleChoiceField(
        label="并列单位", required=False, coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "所选单位不在并列之列，请重新勾选。"},
    )  # fmt: skip

    def __init__(self, *args, cut: int | None, tied: list[Ranked], most: int, token: str, **kwargs):
        listed = [one.department_id for one in tied if one.is_listed]
        super().__init__(*args, token=token, initial={"cut": cut or min(5, most), "tied": listed}, **kwargs)
        self.fields["cut"].widget.attrs["max"] = most
        self.fields["tied"].choices = [(one.department_id, f"{one.name}（{one.tickets} 件）") for one in tied]
        self.cut = cut
        if not tied:
            del self.fields["tied"]

    def ticked(self) -> set[int] | None:
        """Those ticked under the cut they were shown for; None when the cut was changed: all come in."""
        if "tied" not in self.fields or self.cleaned_data["cut"] != self.cut:
            return None
        return set(self.cleaned_data["tied"])


class IssueForm(ContentTokenForm):
    """``seen``: the digest of the list on the page, so that no other one is issued."""

    edits = ()


def last_month(today: date) -> str:
    """The month before ``today``, whose figures are complete."""
    return f"{today.year - (today.month == 1)}-{(today.month - 2) % 12 + 1:02d}"
