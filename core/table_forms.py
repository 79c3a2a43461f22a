"""Forms of the pages that import a table: choosing the file, and confirming what was shown."""

from typing import Any

from django import forms
from django.forms import BoundField

from core.forms import OnceForm
from core.tabular import Shape, as_text
from core.tabular.own import OwnTable
from core.uploads import check_size

BAD_CHOICE = {"invalid_choice": "没有这一选项"}
BESIDE = "不对应"
SAMPLES = 3


class TableForm(OnceForm):
    """The file; subclasses add what must be said beside it."""

    file = forms.FileField(
        label="表格",
        validators=[check_size],
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": "请选择要导入的表格。", "empty": "表格是空的，请检查后重新选择。"},
    )

    @property
    def params(self) -> dict:
        """What the resource of the ``ImportKind`` is given beside the rows; JSON."""
        return {}


class TableConfirmForm(OnceForm):
    """A button, and the digest of the preview that was looked at."""

    seen = forms.CharField(
        label="核对的内容",
        max_length=64,
        widget=forms.HiddenInput,
        error_messages={"required": "页面不完整，没有写入任何内容。请核对以下内容后重新确认。"},
    )


class ColumnsForm(OnceForm):
    """For each column of a table which of ours it is; ``beside``: what is said of one that is none."""

    def __init__(
        self, *args: Any, table: OwnTable, shape: Shape, mapping: dict[str, str], beside: str = BESIDE, **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.table = table
        choices = [("", beside), *((name, name) for name in shape.columns)]
        for number, column in enumerate(table.columns):
            values = (as_text(row.cells.get(column)) for row in table.rows[:50])
            self.fields[f"c{number}"] = forms.ChoiceField(
                label=column, choices=choices, required=False, initial=mapping.get(column, ""),
                help_text="；".join([text[:40] for text in values if text][:SAMPLES]), error_messages=BAD_CHOICE,
            )  # fmt: skip

    def columns(self) -> list[BoundField]:
        """The bound fields, in the order of the table."""
        return [self[f"c{number}"] for number in range(len(self.table.columns))]

    @property
    def mapping(self) -> dict[str, str]:
        """{their column: ours, "" for none}."""
        return {column: self.cleaned_data[f"c{number}"] for number, column in enumerate(self.table.columns)}
