"""What every form of the product shares: one record for one submit; a refusal is shown at its field, the text is
kept; a form over a stored record carries the version it was opened on."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, SupportsInt

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from core.content_token import UNSEEN
from core.exceptions import DomainError, KeyReused, Refused, StaleVersion
from core.idempotency import FIELD, body_digest, is_carried_out, new_key, once, sent_digest
from core.personal_data import find, mask
from core.text import clean

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User  # AUTH_USER_MODEL; accounts stands above

KEY_RULE = "idempotency_key"
LARGEST_ID = 2**63 - 1


# The answer to what a form found in the texts: mask it and save, or save it as it is.
ANSWER, MASK, KEEP = "personal_data", "mask", "keep"
# Names of buttons that say how to go on after saving: pressed once, they count when the form comes back.
CARRIED = ("finish", "then_problem", "then_more", "then_next")


class TextField(forms.CharField):
    """Typed text without control characters, stripped. ``holds_number``: a phone belongs into it."""

    def __init__(self, *args: Any, holds_number: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.holds_number = holds_number

    def to_python(self, value: object) -> str:
        return clean(super().to_python(value) or "")


class RecordsField(forms.ModelMultipleChoiceField):
    """Several records chosen by id; a number too large for the database is an invalid choice, not a server error."""

    def clean(self, value: object) -> QuerySet:
        if isinstance(value, list | tuple) and any(_is_no_id(one) for one in value):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().clean(value)


class ConfirmField(forms.BooleanField):
    """A tick that says one has read what stands beside it. It holds for the page that showed it: no draft of the
    browser brings it back."""

    def widget_attrs(self, widget: forms.Widget) -> dict:
        return super().widget_attrs(widget) | {"data-no-draft": True}


class DayInput(forms.DateInput):
    """The browser's own date input; a stored day is rendered in the only format it accepts."""

    input_type = "date"

    def __init__(self, attrs: dict | None = None):
        super().__init__(attrs, format="%Y-%m-%d")


class KeyInput(forms.HiddenInput):
    """The hidden key of a form. Every page shows it inside the form, so what the form found is asked about here."""

    template_name = "partials/form_key.html"
    form: "OnceForm | None" = None

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        if self.form is not None and self.form.personal_data:
            data = self.form.data
            context["found"] = self.form.personal_words()
            context["asks_password"] = "password" in self.form.fields
            context["carried"] = [(button, data[button]) for button in CARRIED if button in data]
        return context


class OnceForm(forms.Form):
    """A form that makes or changes a record: carries a hidden key, so that sending it twice counts once.

    ``status`` is the HTTP answer of the page that shows the form: 200, or that of what was refused.
    ``personal_data``: {field: what was found in its text}, identity numbers and phones, pointed out once before saving.
    """

    idempotency_key = forms.CharField(required=False, widget=KeyInput)
    status = 200
    personal_data: dict[str, list[str]] = {}
    data: MultiValueDict[str, str]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields[FIELD].initial = new_key()
        self.fields[FIELD].widget.form = self
        # A fresh key is put into a copy (``renew_key``).
        self._as_sent = self.data

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and not self.errors:
            self._ask_about_personal_data()
        if self.is_bound and self.errors:
            self.status = 400

    def _ask_about_personal_data(self) -> None:
        """Mask what was found where that was the answer; without an answer, an error at each field. What a record held
        before is not asked about again."""
        self.personal_data = answered_numbers(self, self.data.get(ANSWER))

    def personal_words(self) -> list[tuple[str, str]]:
        """(where, what was found there) of ``personal_data``, in words."""
        return [(str(self[field].label), "、".join(words)) for field, words in self.personal_data.items()]

    @property
    def key(self) -> str:
        return self.cleaned_data.get(FIELD, "")

    @property
    def is_kept(self) -> bool:
        """True when the page shows again what was typed: the browser's own draft must not overwrite it."""
        return self.is_bound and self.status != 200

    def content(self) -> dict[str, list[str]]:
        """What was typed or chosen, files, key and passwords left out: what must be equal when the form comes twice."""
        names = [name for name, field in self.fields.items() if name != FIELD and not _is_kept_out(field.widget)]
        return {name: self.data.getlist(self.add_prefix(name)) for name in names}

    @property
    def sent(self) -> str:
        """By what ``is_repeat`` knows this submit again."""
        return sent_digest(self._as_sent)

    def once(
        self, user: "User", scope: str, act: Callable[[], object], *, content: dict | None = None
    ) -> tuple[str, bool]:
        """Run ``act`` at most once for this submit of ``user``; return (its result as text, True when it ran now).

        ``scope`` says what is done to which record. ``content``: what must be equal when the form comes twice, where
        that is not ``content()``. For a bound form whose ``is_valid`` was called. Raises what ``act`` and
        ``core.idempotency.once`` raise.
        """
        digest = body_digest(self.content() if content is None else content)
        return once(user=user, key=self.key, scope=scope, digest=digest, act=act, sent=self.sent)

    def renew_key(self) -> None:
        """A fresh key for the next try, where the present one is missing or used."""
        self.data = self.data.copy()
        self.data[self.add_prefix(FIELD)] = new_key()


class VersionedForm(OnceForm):
    """A form that changes a stored record: the hidden field named ``version_field`` says which version was on the
    screen, so that two people do not overwrite each other.

    After a conflict the page shows the form again: what was typed stays, ``stored_now`` ({field: text}) is shown beside
    each field that differs, and the next submit is meant for the version shown there. Both are what the record says as
    this request read it, the initial values of the form; ``edits`` names the fields that show a stored value, None for
    all of them.
    """

    version_field = "version"
    edits: tuple[str, ...] | None = None

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.stored_now: dict[str, str] = {}
        self.conflict: StaleVersion | None = None

    def show_conflict(self, error: StaleVersion) -> None:
        """Put the conflict above the form and what is stored now beside its fields. For a valid bound form."""
        self.conflict, self.stored_now = error, differing(self, self.edits)
        apply_refusal(self, error)
        if error.last:
            self.add_error(None, f"最近保存：{error.last}。")
        if self.stored_now:
            self.add_error(None, "与您填写的不同之处，现在保存的内容列在各栏下方。核对后再次保存，以您填写的为准。")
        self.show_version(self.get_initial_for_field(self.fields[self.version_field], self.version_field))

    def show_version(self, version: str | int) -> None:
        """The next submit is meant for this version."""
        self.renew_key()
        self.data[self.add_prefix(self.version_field)] = str(version)


class ContentTokenForm(VersionedForm):
    """A form over values without a version of their own: ``token`` is that of their present content
    (``core.content_token``), ``seen`` brings back the one the page was opened on. Without a token the form makes a new
    record and asks for none."""

    version_field = "seen"
    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=32)

    def __init__(self, *args: Any, token: str | None, initial: dict | None = None, **kwargs: Any):
        super().__init__(*args, initial=(initial or {}) | ({} if token is None else {"seen": token}), **kwargs)
        if token is None:
            del self.fields["seen"]

    @property
    def seen_token(self) -> str:
        """What the form was opened on; "" for a new record."""
        return self.cleaned_data.get("seen", "")

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if "seen" in self.fields and not cleaned.get("seen"):
            self.add_error(None, UNSEEN)
        return cleaned


def answered_numbers(form: forms.Form, answer: str | None) -> dict[str, list[str]]:
    """Identity numbers and phones in the texts of a valid form, treated as the ``answer`` says.

    MASK masks them in the cleaned data, KEEP leaves them; without an answer they are an error at each field, and
    returned as {field: what was found in it}. What the form was opened with is not asked about.
    """
    texts = [name for name, field in form.fields.items() if isinstance(field, TextField) and not field.holds_number]
    given = {name: text for name in texts if isinstance(text := form.cleaned_data.get(name), str)}
    found = {
        name: numbers
        for name, text in given.items()
        if (numbers := find(text)) and text != form.get_initial_for_field(form.fields[name], name)
    }
    if answer == MASK:
        form.cleaned_data |= {name: mask(given[name]) for name in found}
    if answer in (MASK, KEEP):
        return {}
    asked = {name: [one.words for one in numbers] for name, numbers in found.items()}
    for name, words in asked.items():
        form.add_error(name, f"疑似含有{'、'.join(words)}。请选择“遮盖后保存”或“仍要保存”。")
    return asked


def differing(form: forms.Form, names: Iterable[str] | None = None) -> dict[str, str]:
    """{field: text} of the initial values, stored ones, that are others than those of a valid form; ``names`` of the
    fields to compare, None for all that are seen."""
    texts = {}
    for bound in form.visible_fields():
        if (names is not None and bound.name not in names) or bound.field.widget.needs_multipart_form:
            continue
        stored = value_text(bound.field, form.get_initial_for_field(bound.field, bound.name))
        if stored != value_text(bound.field, form.cleaned_data.get(bound.name)):
            texts[bound.name] = stored
    return texts


def stored_values(form: forms.Form) -> list[tuple[str, str]]:
    """(label, text) of each value a form over a stored record shows, files left out."""
    shown = [bound for bound in form.visible_fields() if not bound.field.widget.needs_multipart_form]
    return [(str(one.label), value_text(one.field, form.get_initial_for_field(one.field, one.name))) for one in shown]


def value_text(field: forms.Field, value: object) -> str:
    """A stored or cleaned value as a person reads it beside the field."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if value is None or value == "" or value == []:
        return "（空）"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, list | tuple | set | QuerySet):
        return "、".join(sorted(value_text(field, one) for one in value)) or "（空）"
    key = getattr(value, "pk", value)
    labels = {str(one): label for one, label in getattr(field, "choices", None) or ()}
    return str(labels.get(str(key), value))


def _is_kept_out(widget: forms.Widget) -> bool:
    return widget.needs_multipart_form or isinstance(widget, forms.PasswordInput)


def _is_no_id(given: str | SupportsInt) -> bool:
    try:
        return abs(int(given)) > LARGEST_ID
    except (ValueError, TypeError):
        return False


def apply_refusal(form: forms.Form, error: DomainError) -> None:
    """Put a domain error where it belongs: each message at its field, what has no field above the form."""
    elsewhere = []
    for name, message in error.fields.items():
        if name in form.fields:
            form.add_error(name, message)
        else:
            elsewhere.append(message)
    if elsewhere or not error.fields:
        form.add_error(None, error.message if not elsewhere else "；".join(elsewhere))
    if isinstance(form, OnceForm):
        form.status = error.status
        if error.rule == KEY_RULE:
            form.renew_key()


@contextmanager
def refusals(form: forms.Form) -> Iterator[None]:
    """Wrap the domain call of a view: a refusal becomes an error of the form, a conflict is shown in a form that knows
    versions, any other exception is raised."""
    try:
        yield
    except (Refused, KeyReused) as error:
        apply_refusal(form, error)
    except StaleVersion as error:
        if not isinstance(form, VersionedForm):
            raise
        form.show_conflict(error)


def is_repeat(request: HttpRequest) -> bool:
    """True when this very submit, field by field, has been carried out already: its result is shown again."""
    key = request.POST.get(FIELD, "") if request.method == "POST" else ""
    # PostgreSQL fails on a NUL; the form itself refuses it.
    if not key or "\x00" in key or not request.user.is_authenticated:
        return False
    return is_carried_out(user=request.user, key=key, sent=request.POST)
