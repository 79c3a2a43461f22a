"""Forms of the text of a paper and of the office's own templates."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from core.content_token import content_token
from core.exceptions import StaleVersion
from core.forms import ContentTokenForm, OnceForm, TextField, VersionedForm
from core.office_forms import KINDS, MAX_BYTES
from reports.documents.registry import Paper
from reports.domain.paper_texts import OpenText

# The longest text of a chapter; a draft that names every unit in words is shorter.
CHAPTER = 50_000


class PaperTextForm(VersionedForm):
    """The chapters of a paper. For each of them ``text_KEY``; ``shown_KEY``, the token of the text the page showed, so
    that a chapter nobody touched stays as it is stored; and where it was edited ``restore_KEY``, 恢复为自动生成."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, text: OpenText, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = text.version
        self.chapters = text.chapters
        self.edits = tuple(f"text_{one.key}" for one in text.chapters)
        for one in text.chapters:
            rows = min(14, 2 + one.text.count("\n") + len(one.text) // 46)
            area = forms.Textarea(attrs={"rows": rows})
            self.fields[f"text_{one.key}"] = TextField(
                label=one.name, required=False, max_length=CHAPTER, widget=area, initial=one.text
            )
            self.fields[f"shown_{one.key}"] = forms.CharField(
                required=False, max_length=32, widget=forms.HiddenInput, initial=content_token(one.text)
            )
            if one.is_edited:
                self.fields[f"restore_{one.key}"] = forms.BooleanField(label="恢复为自动生成", required=False)

    def rows(self) -> list[dict]:
        """For the page: each chapter with its three fields, ``restore`` None where there is none."""
        return [
            {
                "chapter": one,
                "text": self[f"text_{one.key}"],
                "shown": self[f"shown_{one.key}"],
                "restore": self[f"restore_{one.key}"] if one.is_edited else None,
            }
            for one in self.chapters
        ]

    @property
    def texts(self) -> dict[str, str]:
        """{key: text} of the chapters that were changed on the page."""
        given = {one.key: self.cleaned_data[f"text_{one.key}"] for one in self.chapters}
        return {key: text for key, text in given.items() if not self._is_untouched(key, text)}

    @property
    def restored(self) -> frozenset[str]:
        return frozenset(one.key for one in self.chapters if self.cleaned_data.get(f"restore_{one.key}"))

    def show_conflict(self, error: StaleVersion) -> None:
        """A chapter this person did not touch is shown as it is stored now."""
        self.data = self.data.copy()
        for one in self.chapters:
            name = f"text_{one.key}"
            if self._is_untouched(one.key, self.cleaned_data[name]):
                self.cleaned_data[name] = self.data[name] = one.text
                self.data[f"shown_{one.key}"] = content_token(one.text)
        super().show_conflict(error)

    def _is_untouched(self, key: str, text: str) -> bool:
        return content_token(text) == self.cleaned_data.get(f"shown_{key}")


class TemplateForm(OnceForm):
    """Uploads the office's own template of a paper."""

    file = forms.FileField(
        label="模板文件",
        max_length=255,
        error_messages={"required": "请选择模板文件。", "empty": "文件是空的，请检查后重新选择。"},
    )

    def __init__(self, *args, paper: Paper, **kwargs):
        super().__init__(*args, **kwargs)
        self.ending = KINDS[paper.native]
        self.fields["file"].widget.attrs["accept"] = self.ending
        self.fields["file"].help_text = f"{self.ending} 文件，不超过 {MAX_BYTES // 1024**2} MB。"

    def clean_file(self) -> UploadedFile:
        upload = self.cleaned_data["file"]
        if not (upload.name or "").lower().endswith(self.ending):
            raise ValidationError(f"请上传 {self.ending} 文件。含宏的 .docm、.xlsm 不能使用。", code="ending")
        if upload.size > MAX_BYTES:
            raise ValidationError(f"文件超过 {MAX_BYTES // 1024**2} MB，没有保存。", code="size")
        return upload


class TemplateUseForm(ContentTokenForm):
    """A button: write the paper with this version, or in the product's own layout, from now on; ``token`` is that of
    the template in use."""


class PackForm(OnceForm):
    """Of which unit the material of a period is asked for; ``units``: {id: name} of those it may be had of."""

    unit = forms.TypedChoiceField(
        label="单位",
        coerce=int,
        error_messages={"required": "请先选择单位。", "invalid_choice": "没有找到所选单位，请重新选择。"},
    )

    def __init__(self, *args, units: dict[int, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = list(units.items())
