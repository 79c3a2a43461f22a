"""Forms of the calendar of working days: one day, a whole year's notice."""

from django import forms

from campaigns.domain.holiday_notice import NAME_LIMIT, RestDayNotice, read_notice
from campaigns.domain.work_calendar import FIRST_YEAR, LAST_YEAR
from core.exceptions import Refused
from core.forms import ContentTokenForm, DayInput, OnceForm, TextField
from core.tabular import ACCEPTED, HEADER_MARK, Shape, read_table
from core.uploads import check_size, on_disk

COLUMNS = (HEADER_MARK, "日期", "安排", "名称")
SOURCE_LIMIT = 120
TEXT_LIMIT = 8000
SHOWN_FAULTS = 20
SOURCE = {"label": "依据", "max_length": SOURCE_LIMIT, "error_messages": {"required": "请写明依据。"}}


def year_field(**kwargs) -> forms.IntegerField:
    return forms.IntegerField(
        label="年份", min_value=FIRST_YEAR, max_value=LAST_YEAR,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": "请填写年份。", "invalid": "年份应为四位数字，如 2027。",
            "min_value": f"年份应在 {FIRST_YEAR} 至 {LAST_YEAR} 之间。",
            "max_value": f"年份应在 {FIRST_YEAR} 至 {LAST_YEAR} 之间。",
        },
        **kwargs,
    )  # fmt: skip


class YearChoiceForm(forms.Form):
    """Which year the page shows."""

    year = year_field(required=False)


class DayForm(ContentTokenForm):
    """One day that rests or works otherwise than the official notice says."""

    edits = ()

    date = forms.DateField(
        label="日期",
        widget=DayInput(),
        error_messages={"required": "请选择日期。", "invalid": "应为 2027-02-05 这样的日期。"},
    )
    works = forms.TypedChoiceField(
        label="安排",
        choices=[("0", "放假"), ("1", "上班")],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择放假或上班。", "invalid_choice": "请选择放假或上班。"},
    )
    name = TextField(label="名称", required=False, max_length=NAME_LIMIT)
    source = TextField(**SOURCE)


class DayRemoveForm(OnceForm):
    """撤销 of an edited day: ``seen``, ``campaigns.domain.work_calendar.token_of_day`` of what the page showed."""

    seen = forms.CharField(max_length=32, widget=forms.HiddenInput)


class YearForm(ContentTokenForm):
    """A whole year's notice, pasted or as a sheet. ``notice`` is what was read once the form is valid.

    ``notes``: what of the sheet was passed over, in sentences.
    """

    edits = ()

    year = year_field()
    source = TextField(**SOURCE)
    text = TextField(label="通知正文", required=False, max_length=TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 10}))
    file = forms.FileField(
        label="或选择表格",
        required=False,
        validators=[check_size],
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=f"表头应含“{'、'.join(COLUMNS)}”。{ACCEPTED}",
        error_messages={"empty": "表格是空的，请检查后重新选择。"},
    )
    notice: RestDayNotice

    def __init__(self, *args, reader, **kwargs):
        super().__init__(*args, **kwargs)
        self.reader = reader
        self.notes: list[str] = []

    def clean(self):
        cleaned = super().clean()
        text, file, year = cleaned.get("text"), cleaned.get("file"), cleaned.get("year")
        if {"text", "file", "year"} & set(self.errors):
            return cleaned
        if bool(text) == bool(file):
            self.add_error("text", "通知正文和表格请选一种。" if text else "请粘贴通知正文，或选择表格。")
            return cleaned
        try:
            self.notice = read_notice(self._as_lines(file) if file else text, year)
        except Refused as error:
            self.add_error("file", error.message)
            return cleaned
        for fault in self.notice.faults[:SHOWN_FAULTS]:
            self.add_error("file" if file else "text", fault)
        return cleaned

    def _as_lines(self, upload) -> str:
        """A sheet as the lines it would be pasted as; line numbers are those of the file."""
        with on_disk(upload, reader=self.reader) as path:
            table = read_table(path, Shape(COLUMNS, required=("日期", "安排")))
        self.notes = table.notes
        lines = {row.number: " ".join(row.text(column) for column in COLUMNS[1:]) for row in table}
        return "\n".join(lines.get(number, "") for number in range(1, max(lines, default=0) + 1))
