"""What every API view shares: domain errors, a busy database, a full disk as JSON, in the same words as the pages."""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from django import forms
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, QueryDict
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_handler

from core.conflicts import told_by_trigger
from core.error_pages import API_WORDS, RETRY_AFTER, is_busy
from core.exceptions import DomainError, Refused, StaleVersion
from core.idempotency import FIELD
from core.personal_data import mask_all
from core.storage_state import is_full, note_full


class MaskedJSONRenderer(JSONRenderer):
    """JSON in which identity numbers and phones in texts are masked, as on the pages."""

    def render(
        self, data: object, accepted_media_type: str | None = None, renderer_context: Mapping | None = None
    ) -> bytes:
        return super().render(mask_all(data), accepted_media_type, renderer_context)


class AnyAccept(DefaultContentNegotiation):
    """For an address that hands out a file: the file has one kind, whatever the request would rather have. A refusal is
    JSON."""

    def select_renderer(self, request: Request, renderers: Sequence, format_suffix: str | None = None) -> tuple:
        return renderers[0], renderers[0].media_type


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


def etag(version: str | int | None) -> dict[str, str]:
    """The header that tells a version; none without one."""
    return {} if version is None else {"ETag": f'"{version}"'}


def without_password(body: object) -> object:
    """What must be equal when a request comes twice; the password is judged at once and kept nowhere."""
    return {name: value for name, value in body.items() if name != "password"} if isinstance(body, dict) else body


def body_of(request: Request) -> object:
    """What was sent, files left out; the fields of a form that carries files as the JSON object they would be."""
    sent = request.data
    if not isinstance(sent, QueryDict):
        return sent
    names = [name for name in sent if name not in request.FILES]
    return {name: values[0] if len(values := sent.getlist(name)) == 1 else values for name in names}


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


def key_of(request: Request) -> str:
    """The key by which a request that comes twice is known. Raises Refused without one."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        raise Refused("请求缺少 Idempotency-Key，未办理。", rule="idempotency_key")
    if len(key) > MAX_KEY or not (key.isascii() and key.isprintable()):
        words = f"Idempotency-Key 应为不超过 {MAX_KEY} 个字符的字母、数字和符号，未办理。"
        raise Refused(words, rule="idempotency_key")
    return key


MAX_KEY = 64
UNREADABLE_PARTS = "提交的内容不是有效的 multipart 表单，没有保存。请检查格式后重新提交。"
UNREADABLE = "提交的内容不是有效的 JSON，没有保存。请检查格式后重新提交。"


def exception_handler(exc: Exception, context: dict) -> Response | None:
    """``{"detail", "rule", "fields"}`` with the error's own status for a DomainError, DRF's answer otherwise; 503 with
    Retry-After while others hold the database or the disk is full."""
    exc = told_by_trigger(exc) or exc
    if isinstance(exc, DomainError):
        said = exc.words_for(context["request"].user)
        if isinstance(exc, StaleVersion) and exc.last:
            said = f"{said}最近保存：{exc.last}。"
        body = {"detail": said, "rule": exc.rule, "fields": exc.fields}
        return Response(body, status=exc.status)
    if is_full(exc):
        note_full()
        return _unavailable("full")
    if is_busy(exc):
        return _unavailable("503")
    if isinstance(exc, ParseError):
        is_form = (context["request"].content_type or "").startswith("multipart/")
        said, rule = (UNREADABLE_PARTS, "multipart") if is_form else (UNREADABLE, "json")
        return Response({"detail": said, "rule": rule, "fields": {}}, status=exc.status_code)
    if isinstance(exc, SuspiciousOperation):
        return _told("413", 413)
    if isinstance(exc, Http404):
        return _told("404", 404)
    return drf_handler(exc, context)


def _told(name: str, status: int, headers: Mapping | None = None) -> Response:
    rule, words = API_WORDS[name]
    return Response({"detail": words, "rule": rule, "fields": {}}, status=status, headers=headers)


def _unavailable(name: str) -> Response:
    return _told(name, 503, {"Retry-After": str(RETRY_AFTER)})
