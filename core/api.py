"""What every API view shares: domain errors, a busy database, a full disk as JSON, in the same words as the pages."""

from collections.abc import Collection, Mapping
from types import MappingProxyType

from django import forms
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, QueryDict
from rest_framework.exceptions import ParseError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_handler

from core.conflicts import told_by_trigger
from core.error_pages import API_WORDS, RETRY_AFTER, is_busy
from core.exceptions import DomainError, Refused
from core.idempotency import FIELD
from core.personal_data import mask_all
from core.storage_state import is_full, note_full


class MaskedJSONRenderer(JSONRenderer):
    """JSON in which identity numbers and phones in texts are masked, as on the pages."""

    def render(
        self, data: object, accepted_media_type: str | None = None, renderer_context: Mapping | None = None
    ) -> bytes:
        return super().render(mask_all(data), accepted_media_type, renderer_context)


NO_NAMES: Mapping[str, Collection[str]] = MappingProxyType({})


def read_filters(
    form: forms.Form, *, paging: Collection[str] = ("cursor",), also: Mapping[str, Collection[str]] = NO_NAMES
) -> dict:
    """What a page's filter form makes of the parameters of a request. Unlike the page, which says so and goes on, the
    API refuses (400) a name it does not know and a value that is no choice. ``paging``: what may stand beside them;
    ``also``: {a name the page reads beside its form: its values}, returned with the others, "" where it is not given.
    """
    known = (*form.fields, *also)
    unknown = sorted(set(form.data) - {*known, *paging, "format"})
    if unknown:
        words = f"没有名为“{'”“'.join(name[:30] for name in unknown)}”的查询条件，可用的有：{'、'.join(known)}。"
        raise Refused(words, rule="filter")
    beside = {name: form.data.get(name, "") for name in also}
    wrong = {
        name: f"可用的有：{'、'.join(also[name])}"
        for name, value in beside.items()
        if value and value not in also[name]
    }
    if wrong:
        raise Refused("查询条件有误，没有查询。", rule="filter", fields=wrong)
    if not form.is_valid():
        fields = {name: "；".join(map(str, words)) for name, words in form.errors.items()}
        raise Refused("查询条件有误，没有查询。", rule="filter", fields=fields)
    return form.cleaned_data | beside


def without_password(body: object) -> object:
    """What must be equal when a request comes twice; the password is judged at once and kept nowhere."""
    return {name: value for name, value in body.items() if name != "password"} if isinstance(body, dict) else body


def as_form_data(body: object) -> QueryDict:
    """The JSON object as the forms read it: lists become repeated values, null is left out."""
    if not isinstance(body, dict):
        raise Refused("请求内容应为一个 JSON 对象。", rule="body")
    data = QueryDict(mutable=True)
    for name, value in body.items():
        if name not in (FIELD, "version") and value is not None:
            parts = value if isinstance(value, list) else [value]
            if any(isinstance(part, list | dict) for part in parts):
                words = "应为文字、数字、真假或者它们的列表"
                raise Refused("提交的内容有误，未办理。", rule="fields", fields={str(name): words})
            data.setlist(str(name), [str(part) for part in parts])
    return data


def require_known(body: object, form: forms.Form, *, also: Collection[str] = ()) -> None:
    """Raise Refused for names that the form does not read: nothing that is sent is passed over."""
    known = {*form.fields, *also, FIELD, "version"}
    if isinstance(body, dict) and (unknown := sorted(str(name) for name in body if name not in known)):
        offered = "、".join(name for name in form.fields if name not in (FIELD, "version"))
        words = f"没有名为“{'”“'.join(name[:30] for name in unknown)}”的内容，未办理。可用的有：{offered}。"
        raise Refused(words, rule="fields", fields=dict.fromkeys(unknown, "没有这一项"))


def key_of(request: Request) -> str:
    """The key by which a request that comes twice is known. Raises Refused without one."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        raise Refused("请求缺少 Idempotency-Key，未办理。", rule="idempotency_key")
    return key


UNREADABLE = "提交的内容不是有效的 JSON，没有保存。请检查格式后重新提交。"


def exception_handler(exc: Exception, context: dict) -> Response | None:
    """``{"detail", "rule", "fields"}`` with the error's own status for a DomainError, DRF's answer otherwise; 503 with
    Retry-After while others hold the database or the disk is full."""
    exc = told_by_trigger(exc) or exc
    if isinstance(exc, DomainError):
        said = exc.words_for(context["request"].user)
        body = {"detail": said, "rule": exc.rule, "fields": exc.fields}
        return Response(body, status=exc.status)
    if is_full(exc):
        note_full()
        return _unavailable("full")
    if is_busy(exc):
        return _unavailable("503")
    if isinstance(exc, ParseError):
        return Response({"detail": UNREADABLE, "rule": "json", "fields": {}}, status=exc.status_code)
    if isinstance(exc, RequestDataTooBig):
        return _told("413", 413)
    if isinstance(exc, Http404):
        return _told("404", 404)
    return drf_handler(exc, context)


def _told(name: str, status: int, headers: Mapping | None = None) -> Response:
    rule, words = API_WORDS[name]
    return Response({"detail": words, "rule": rule, "fields": {}}, status=status, headers=headers)


def _unavailable(name: str) -> Response:
    return _told(name, 503, {"Retry-After": str(RETRY_AFTER)})
