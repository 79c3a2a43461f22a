"""The form field that takes photos, and saving a form that has one."""

from collections.abc import Callable

from django import forms
from django.core.exceptions import ValidationError

from core.exceptions import Refused
from core.forms import OnceForm
from evidence.domain.submit import submit_once
from evidence.domain.upload_validation import accepted_kinds, check_upload
from evidence.models import StoredFile

ACCEPT = "image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif"
MAX_PHOTOS = 9


class PhotosInput(forms.FileInput):
    """A file input that takes several photos; phones offer camera and album."""

    allow_multiple_selected = True

    def __init__(self, attrs=None):
        super().__init__({"accept": ACCEPT, **(attrs or {})})


class PhotosField(forms.Field):
    """Several photos at once; cleans to a list of uploads, empty when none was chosen.

    Checks the number, and each photo as far as its first bytes show; all faults are reported together. Decoding is left
    to ``evidence.domain.store.accept_photos``, whose Refused a view shows at the same field.
    """

    widget = PhotosInput

    def __init__(self, *, max_count: int = MAX_PHOTOS, required: bool = False, **kwargs):
        self.max_count = max_count
        kwargs.setdefault("label", "照片")
        kwargs.setdefault("help_text", f"最多 {max_count} 张；{accepted_kinds()}。")
        kwargs.setdefault("error_messages", {}).setdefault("required", "请至少选择 1 张照片。已填写的内容已保留。")
        super().__init__(required=required, **kwargs)

    def to_python(self, value):
        return [upload for upload in value or [] if upload]

    def validate(self, value):
        super().validate(value)
        if len(value) > self.max_count:
            raise ValidationError(
                f"一次最多上传 {self.max_count} 张照片，本次选择了 {len(value)} 张。"
                "已填写的内容已保留，请减少后重新选择。",
                code="too_many",
            )
        faults = []
        for upload in value:
            try:
                check_upload(upload)
            except Refused as exc:
                faults.append(ValidationError(exc.message, code=exc.rule))
        if faults:
            raise ValidationError(faults)

    def has_changed(self, initial, data):
        return not self.disabled and bool(data)


def submit_form(form: OnceForm, user, scope: str, save: Callable[[list[StoredFile]], object]) -> tuple[str, bool]:
    """``OnceForm.once`` for a form that may have a ``PhotosField``: ``save`` takes the kept photos, none without one.

    Return, side effects and errors as those of ``evidence.domain.submit.submit_once``; a refused photo is named at the
    form's own field.
    """
    field = next((name for name, one in form.fields.items() if isinstance(one, PhotosField)), "")
    return submit_once(
        user=user,
        key=form.key,
        scope=scope,
        content=form.content(),
        save=save,
        uploads=form.cleaned_data.get(field) or (),
        field=field,
    )
