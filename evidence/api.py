"""One form of the pages through the API, photos included: every address that takes one is one of these.

GET tells what the form asks for and which version it was opened on (``ETag``), POST fills it in: by the form of the
page, by the same domain call, in the same words. ``Idempotency-Key`` makes a request that comes again give the first
answer; ``If-Match`` carries the version that was read.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from inspect import isabstract
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import refuse_token
from core import api_forms
from core.api import as_form_data, body_of, etag, key_of, without_password
from core.api_parser import BoundedJSONParser
from core.exceptions import Refused
from core.forms import OnceForm, VersionedForm
from core.idempotency import FIELD, body_digest, once, seen
from evidence.domain.submit import submit_once
from evidence.forms import photos_field_of
from evidence.models import StoredFile


class FormEndpoint(APIView, ABC):
    """``act``: what is done, in the scope of a key, ``words``: the same in words.

    ``made``: it makes a record (201). ``also``: names that may be sent though the form does not read them.
    It stands in this app, the lowest that knows tokens (``accounts``) and keeps photos.
    """

    parser_classes = [BoundedJSONParser, MultiPartParser]
    act = ""
    words = ""
    made = False
    also: tuple[str, ...] = ()

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., Any]:
        """Raises TypeError, when the routes are read, for a subclass that lacks one of the five methods below."""
        if isabstract(cls):
            raise TypeError(f"{cls.__name__} lacks {', '.join(sorted(cls.__abstractmethods__))}.")
        return super().as_view(**initkwargs)

    @abstractmethod
    def find(self) -> Any:
        """The record, seen by the caller; 404."""

    @abstractmethod
    def make(self, record: Any, *sent: Any) -> OnceForm:
        """The form over the record, bound to ``sent``."""

    @abstractmethod
    def open(self, record: Any) -> None:
        """Raise what keeps the page of the form from being opened (403, 409)."""

    @abstractmethod
    def save(self, record: Any, form: Any, files: list[StoredFile]) -> object:
        """The domain call; returns the public id of what was made or changed."""

    @abstractmethod
    def answer(self, result: str) -> Response:
        """What stands after the call that gave ``result``."""

    def done(self) -> str:
        """What is done, in the words of a refusal."""
        return self.words

    def get(self, request: Request, **kwargs: Any) -> Response:
        form = self.opened(self.find())
        return Response(api_forms.described(form), headers=etag(api_forms.version_of(form)))

    def post(self, request: Request, **kwargs: Any) -> Response:
        record, body = self.find(), body_of(request)
        # One key does not serve two records: the last parts of the address name them most closely.
        scope = ":".join([f"api.{self.act}", *(str(one) for one in reversed(self.kwargs.values()))])[:80]
        key, content = request.headers.get("Idempotency-Key", "").strip(), self.content(body)
        if self.is_carried_out(key):
            # Asked neither for its form nor for its step, which may be closed by now.
            _, ran = result = once(
                user=request.user, key=key, scope=scope, digest=body_digest(content), act=_never
            )  # fmt: skip
        else:
            form = self._filled(record, body)
            field = photos_field_of(form)
            _, ran = result = submit_once(
                user=request.user,
                key=form.key,
                scope=scope,
                content=content,
                save=lambda files: self.save(record, form, files),
                uploads=form.cleaned_data.get(field) or (),
                field=field,
            )
        answer = self.answer(result[0])
        answer.headers["Idempotent-Replay"] = "false" if ran else "true"
        answer.status_code = 201 if self.made and ran else 200
        return answer

    def content(self, body: object) -> dict[str, object]:
        """What must be equal when the request comes twice."""
        version, query = self.request.headers.get("If-Match", "").strip(), dict(self.request.query_params.lists())
        return {"body": without_password(body), "version": version, "query": query}

    def form_data(self, body: object) -> QueryDict:
        """What was sent, as the form reads it."""
        return as_form_data(body)

    def require_asked(self, form: Any, sent: dict) -> None:
        """Raise Refused for names that the form does not read."""
        api_forms.require_asked(form, sent, self.request.FILES, self.also)

    def refusal(self, form: Any) -> dict[str, str]:
        """{field: what is wrong} of a form that is not valid."""
        return {name: "；".join(map(str, words)) for name, words in form.errors.items()}

    def is_carried_out(self, key: str) -> bool:
        """Whether this person's key was used already."""
        return bool(key) and seen(user=self.request.user, key=key_of(self.request)) is not None

    @property
    def http(self) -> HttpRequest:
        """The request as the pages get it."""
        return self.request._request

    def opened(self, record: Any, *sent: Any) -> Any:
        """The form, once its page may be opened; NotAllowed for what no token does."""
        form = self.make(record, *sent)
        if "password" in form.fields:
            refuse_token(self.request, self.done())
        self.open(record)
        return form

    def _filled(self, record: Any, body: object) -> OnceForm:
        """The valid form over what was sent; Refused in words."""
        blank = self.opened(record)
        key, data = key_of(self.request), self.form_data(body)
        sent = body if isinstance(body, dict) else {}
        self.require_asked(blank, sent)
        for name, value in as_form_data(api_forms.stored_values(blank, sent)).lists():
            data.setlist(name, value)
        data[FIELD] = key
        if isinstance(blank, VersionedForm) and blank.version_field in blank.fields:
            data[blank.version_field] = _fitting(blank, api_forms.version_sent(self.request))
        form = self.opened(record, data, self.request.FILES)
        if not form.is_valid():
            raise Refused(api_forms.not_valid(form), rule="fields", fields=self.refusal(form))
        return form


class ActEndpoint(FormEndpoint):
    """What is done to a record as a whole: ``…/actions/{act}/``. ``acts``: the names of what can be done; ``rule``:
    by which another name is refused."""

    acts: Collection[str] = ()
    rule = ""

    @abstractmethod
    def record(self) -> Any:
        """The record, seen by the caller; 404."""

    @property
    def act_name(self) -> str:
        return self.kwargs["act"]

    def find(self) -> Any:
        found = self.record()
        if self.act_name not in self.acts:
            words = f"没有名为“{self.act_name[:30]}”的操作。可用的操作：{'、'.join(self.acts)}。"
            raise Refused(words, rule=self.rule)
        return found


def _fitting(form: VersionedForm, version: str) -> str:
    """The version as the form reads it; Refused for letters where it is a number."""
    if isinstance(form.fields[form.version_field], forms.IntegerField) and not (
        version.isdigit() and len(version) < 10
    ):
        raise Refused("请求缺少 If-Match，或其值不是读取时得到的版本号，未办理。", rule="if_match")
    return version


def _never() -> str:
    raise Refused("同一提交标识的记录已清除，未办理。请换一个提交标识重新提交。", rule="idempotency_key")
