"""Forms of the pages that import a table: choosing the file, and confirming what was shown."""

from django import forms

from core.forms import OnceForm
from core.uploads import check_size


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
