"""The form field that takes photos, and saving a form that has one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django import forms
from django.core.exceptions import ValidationError

from core.exceptions import Refused
from core.forms import OnceForm, refusals
from evidence.domain import waiting
from evidence.domain.submit import UNUSABLE, keep_uploads, submit_once
from evidence.domain.upload_validation import accepted_kinds, check_upload
from evidence.models import StoredFile

ACCEPT = "image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif"
MAX_PHOTOS = 9


class PhotosInput(forms.FileInput):
    """A file input that takes several photos; phones offer camera and album."""

    allow_multiple_selected = True

    def __init__(self, attrs=None):
        super().__init__({"accept": ACCEPT, **(attrs or {})})

    def value_from_datadict(self, data, files, name):
        """New uploads, then the tokens of photos that an earlier try of the same form has kept."""
        kept = data.getlist(f"{name}_kept") if hasattr(data, "getlist") else []
        return [*(super().value_from_datadict(data, files, name) or []), *kept]


class PhotosField(forms.Field):
    """Several photos at once; cleans to a list of uploads and of photos kept by an earlier try, empty when there are
    none. ``kept``: photos that wait for the next try, shown beside the field; unticking one leaves it out.

    Checks the number, and each photo as far as its first bytes show; all faults are reported together. Decoding is left
    to ``evidence.domain.store.accept_photos``, whose Refused a view shows at the same field.
    """

    widget = PhotosInput

    def __init__(self, *, max_count: int = MAX_PHOTOS, required: bool = False, **kwargs):
        self.max_count = max_count
        self.kept: list[dict] = []
        kwargs.setdefault("label", "照片")
        kwargs.setdefault("help_text", f"最多 {max_count} 张；{accepted_kinds()}。")
        kwargs.setdefault("error_messages", {}).setdefault("required", "请至少选择 1 张照片。已填写的内容已保留。")
        super().__init__(required=required, **kwargs)

    def to_python(self, value):
        found = [_stored(one) if isinstance(one, str) else one for one in value or [] if one]
        self.wait([one for one in found if isinstance(one, StoredFile)])
        return found

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
            if isinstance(upload, StoredFile):
                continue
            try:
                check_upload(upload)
            except Refused as exc:
                faults.append(ValidationError(exc.message, code=exc.rule))
        if faults:
            raise ValidationError(faults)

    def has_changed(self, initial, data):
        return not self.disabled and bool(data)

    def wait(self, files: list[StoredFile]) -> None:
        """Show these as kept: the next submit of the form takes them along."""
        self.kept = [{"name": file.original_name, "token": waiting.token_of(file)} for file in files]


def _stored(token: str) -> StoredFile:
    file = waiting.file_of(token)
    if file is None:
        raise ValidationError("已上传的照片不能再用，请重新选择照片。", code="kept")
    return file


def is_valid_keeping(form: OnceForm, user) -> bool:
    """``form.is_valid()``; of a form that is shown again the photos are kept, so that nobody chooses them twice."""
    if form.is_valid():
        return True
    name = photos_field_of(form)
    if form.is_bound and name and name not in form.errors and form.cleaned_data.get(name):
        with refusals(form), _usable(form, name):
            form.fields[name].wait(keep_uploads(uploads=form.cleaned_data[name], user=user, field=name))
    return False


@contextmanager
def _usable(form: OnceForm, name: str) -> Iterator[None]:
    """A photo of an earlier try that cannot be used again is not offered once more."""
    try:
        yield
    except Refused as error:
        if error.rule == UNUSABLE:
            form.fields[name].wait([])
        raise


def photos_field_of(form: OnceForm) -> str:
    """The name of the form's ``PhotosField``; "" without one."""
    return next((name for name, one in form.fields.items() if isinstance(one, PhotosField)), "")


def submit_form(form: OnceForm, user, scope: str, save: Callable[[list[StoredFile]], object]) -> tuple[str, bool]:
    """``OnceForm.once`` for a form that may have a ``PhotosField``: ``save`` takes the kept photos, none without one.

    Return, side effects and errors as those of ``evidence.domain.submit.submit_once``; a refused photo is named at the
    form's own field, and the photos of a form that is refused otherwise wait there for the next try.
    """
    field = photos_field_of(form)
    with _usable(form, field):
        return submit_once(
            user=user,
            key=form.key,
            scope=scope,
            content=form.content(),
            sent=form.sent,
            save=save,
            uploads=form.cleaned_data.get(field) or (),
            field=field,
            on_refusal=form.fields[field].wait if field else None,
        )
