"""A form of the pages as the API tells and reads it: what it asks for, what stands now, which version that is."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from itertools import islice

from django import forms
from django.db.models import Model, QuerySet
from django.utils import timezone
from rest_framework.request import Request

from core.exceptions import Refused
from core.forms import ANSWER, KEEP, MASK, OnceForm, RecordsField, VersionedForm
from core.idempotency import FIELD

# More choices than these are asked for by a list of their own.
MOST_CHOICES = 300
KINDS: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.MultipleChoiceField, "list"),
    (RecordsField, "list"),
    (forms.BooleanField, "boolean"),
    (forms.IntegerField, "integer"),
    (forms.DateTimeField, "datetime"),
    (forms.DateField, "date"),
    (forms.CharField, "text"),
)


def fields_asked(form: forms.Form) -> dict[str, forms.Field]:
    """The fields a program fills in; key and version come in headers."""
    held = {FIELD, form.version_field} if isinstance(form, VersionedForm) else {FIELD}
    return {name: field for name, field in form.fields.items() if name not in held}


def is_files(field: forms.Field) -> bool:
    """Whether files are chosen in it."""
    return field.widget.needs_multipart_form


def described(form: forms.Form) -> dict:
    """What the form asks for, field by field, with the words of the page and what stands now."""
    return {"fields": [_told(form, name, field) for name, field in fields_asked(form).items()]}


def version_of(form: forms.Form) -> str | None:
    """The version the form was opened on, as the ``ETag`` says it; None for one that changes no stored record."""
    if not isinstance(form, VersionedForm) or form.version_field not in form.fields:
        return None
    return str(form.get_initial_for_field(form.fields[form.version_field], form.version_field))


def version_sent(request: Request) -> str:
    """The version of ``If-Match``. Raises Refused without one."""
    raw = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if not (raw and raw.isascii() and raw.isalnum() and len(raw) <= 32):
        raise Refused("请求缺少 If-Match，或其值不是读取时得到的版本号，未办理。", rule="if_match")
    return raw


def stored_values(form: forms.Form, sent: Mapping[str, object]) -> dict[str, object]:
    """{field: what is stored} of the fields that show a stored value and were not sent: they stay as they are."""
    if version_of(form) is None or not isinstance(form, VersionedForm):
        return {}
    shown = fields_asked(form)
    names = shown if form.edits is None else [name for name in form.edits if name in shown]
    kept = [name for name in names if name not in sent and not is_files(shown[name])]
    return {name: value for name in kept if (value := plain(_initial(form, name))) is not None}


def require_asked(form: forms.Form, sent: Iterable[str], files: Iterable[str], also: Iterable[str] = ()) -> None:
    """Raise Refused for names that the form does not read: nothing that is sent is passed over."""
    asked = fields_asked(form)
    texts = {name for name, field in asked.items() if not is_files(field)}
    photos = set(asked) - texts
    unknown = sorted({str(name) for name in sent} - texts - {ANSWER, FIELD, "version", *also})
    unknown += sorted(set(files) - photos)
    if unknown:
        words = f"没有名为“{'”“'.join(name[:30] for name in unknown)}”的内容，未办理。"
        words += f"可用的有：{'、'.join(asked)}。" if asked else "这一步不需要填写内容。"
        raise Refused(words, rule="fields", fields=dict.fromkeys(unknown, "没有这一项"))


def not_valid(form: forms.Form) -> str:
    """What is said of a form that is not valid; what is wrong stands at each field."""
    if isinstance(form, OnceForm) and form.personal_data:
        return f"提交的内容有误，未办理。请在 {ANSWER} 写明：{MASK} 遮盖后办理，{KEEP} 原样办理。"
    return "提交的内容有误，未办理。"


def plain(value: object) -> object:
    """A value of a form as JSON says it."""
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, list | tuple | set | QuerySet):
        return [plain(one) for one in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _initial(form: forms.Form, name: str) -> object:
    return form.get_initial_for_field(form.fields[name], name)


def _told(form: forms.Form, name: str, field: forms.Field) -> dict:
    kind = "photos" if is_files(field) else next((word for one, word in KINDS if isinstance(field, one)), "choice")
    told: dict[str, object] = {
        "name": name,
        "label": str(field.label or ""),
        "help": str(field.help_text),
        "type": kind,
    }
    told |= {"required": field.required, "value": None if kind == "photos" else plain(_initial(form, name))}
    return told | {"choices": _choices(field)}


def _choices(field: forms.Field) -> list[dict] | None:
    """None where anything may be written, and where there are too many to tell."""
    given = getattr(field, "choices", None)
    if given is None:
        return None
    found = list(islice(given, MOST_CHOICES + 1))
    if len(found) > MOST_CHOICES:
        return None
    return [{"value": _value(value), "label": str(label)} for value, label in found if value not in ("", None)]


def _value(choice: object) -> object:
    """Of a choice over records the id alone."""
    return plain(getattr(choice, "value", choice))
