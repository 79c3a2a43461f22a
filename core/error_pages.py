"""Rendering of the pages that say what went wrong (templates/errors)."""

import html
import logging
import re
import secrets

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template import loader
from django.urls import Resolver404, resolve

from core.storage_state import NO_ROOM, chain, is_full, note_full

logger = logging.getLogger(__name__)

# The pages of one record, below which its actions have their addresses.
RECORD_PAGES = {
    "campaign", "enquiry", "enquiry_reply", "inspection", "issue", "job", "need", "plan", "public_sheets",
    "score_sheet", "slip", "submission", "walk",
}  # fmt: skip

_TYPED = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?)?|\d+\.\d+")
RETRY_AFTER = 30  # seconds; the 503 page names the same figure
# Below it every answer is JSON, an error met outside the views of the API too.
API = "/api/"
# What the API says in the place of a page: {name of the page: (rule, words)}.
API_WORDS = {
    "400": ("request", "请求的地址或内容无法识别，没有办理。请检查后重新提交。"),
    "403": ("forbidden", "您没有此项权限，没有办理。"),
    "404": ("absent", "没有找到该记录，或不在您的权限范围内。"),
    "405": ("method", "这个地址不接受这种提交，没有办理。"),
    "413": ("size", "提交的内容超出限制（字段、文件过多或者内容过长），没有办理。请减少后重新提交。"),
    "500": ("error", "系统出现故障，这一步没有完成，故障已记入日志。请稍后用同一个提交标识重试。"),
    "503": ("busy", "系统正忙，这次没有保存。请稍后用同一个提交标识重试。"),
    "csrf": ("csrf", "请求没有带有效的校验标识，没有办理。"),
    "full": ("full", "服务器存储空间已满，没有保存。请在空间恢复后用同一个提交标识重试。"),
}
# Messages of SQLite, PostgreSQL and the connection pool while others hold a lock; any other is an error of the product.
BUSY = ("locked", "deadlock", "lock timeout", "could not serialize", "couldn't get a connection")


def error_code() -> str:
    """Six characters shown on the error page and written to the log."""
    return secrets.token_hex(3).upper()


def page(request: HttpRequest, status: int, name: str, **context: object) -> HttpResponse:
    """The page ``errors/<name>.html`` with the person's own header: navigation, unread notices."""
    if is_api(request):
        return _json(status, name, context)
    return render(request, f"errors/{name}.html", {"status": status, **context}, status=status)


def is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith(API)


def _json(status: int, name: str, context: dict) -> HttpResponse:
    rule, words = API_WORDS.get(name, API_WORDS["400"])
    return JsonResponse({"detail": context.get("message") or words, "rule": rule, "fields": {}}, status=status)


def record_page(path: str) -> str:
    """The address of the record that the action at ``path`` belongs to, "" where there is none above it."""
    while (path := path.rstrip("/").rpartition("/")[0] + "/") != "/":
        try:
            name = resolve(path).url_name
        except Resolver404:
            continue
        if name in RECORD_PAGES:
            return path
    return ""


def typed_words(request: HttpRequest) -> list[str]:
    """What was typed in words into a form that could not be carried out, in the order sent, each once.

    Told by the words themselves, because no form may have been made yet: a value with a character outside ASCII or a
    space, a day, a moment or a number with a point. Never a password; what a browser sends by itself (tokens, keys,
    codes of choices) is left out.
    """
    given = [value.strip() for name, values in request.POST.lists() if "password" not in name for value in values]
    return list(dict.fromkeys(text for text in given if " " in text or not text.isascii() or _TYPED.fullmatch(text)))


def show_typed(request: HttpRequest, response: HttpResponse) -> None:
    """Add to a page that refused a form what was typed into it and stands nowhere on the page."""
    try:
        typed = typed_words(request)
    except (SuspiciousOperation, MultiPartParserError, OSError):
        # What was sent could not be read; the page says so.
        return
    page = response.content.decode(response.charset)
    shown = html.unescape(page)
    missing = [text for text in typed if not all(line.strip() in shown for line in text.splitlines())]
    if missing:
        told = loader.render_to_string("errors/_typed.html", {"typed": missing})
        head, end, tail = page.rpartition("</main>")
        response.content = (head + told + end + tail).encode(response.charset)


def bare_page(request: HttpRequest, status: int, name: str, **context: object) -> HttpResponse:
    """The same without a single query: for when the database does not answer."""
    if is_api(request):
        return _json(status, name, context)
    text = loader.render_to_string(f"errors/{name}.html", {"request": request, "status": status, **context})
    return HttpResponse(text, status=status)


def is_busy(error: BaseException | None) -> bool:
    """True when the database was only locked: the same request may succeed a moment later."""
    locked = next((one for one in chain(error) if isinstance(one, OperationalError)), None)
    return locked is not None and any(word in str(locked).lower() for word in BUSY)


def told_at_once(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer, where it leads to a page that would have said what became of the form: a page that says it now, with
    the way on, because the message could not be kept."""
    leads_on = response.headers.get("Location", "")
    waiting = getattr(request, "_messages", None)
    queued = waiting._queued_messages if waiting is not None else []
    if not (leads_on and queued):
        return response
    # The page looks like a refusal, and the browser would keep the draft of what was saved.
    is_saved = any(one.level == messages.SUCCESS for one in queued)
    return bare_page(
        request, 200, "told", words=[str(one.message) for one in queued], leads_on=leads_on, is_saved=is_saved
    )


def unavailable_page(request: HttpRequest, error: BaseException | None, code: str) -> HttpResponse | None:
    """503 with Retry-After when the database was locked or the disk is full, else None.

    Nothing was saved: the transaction was rolled back. The page holds what was sent, so that it can be sent again.
    """
    if is_full(error):
        note_full()
        logger.error("disk full %s: %s", code, error)
        name = "full"
    elif is_busy(error):
        logger.warning("database busy %s: %s", code, error)
        name = "503"
    else:
        return None
    sent = _sent(request)
    token = get_token(request) if sent else ""
    # With a password or a file it cannot be sent again: the words are shown, to be copied.
    typed = [] if sent or request.method != "POST" else typed_words(request)
    response = bare_page(request, 503, name, code=code, sent=sent, csrf_token=token, typed=typed)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def _sent(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of the form that was sent; none when it held a file or a password, which cannot be sent again."""
    has_file = bool(request.FILES) or hasattr(request, NO_ROOM)
    if request.method != "POST" or has_file or any("password" in name for name in request.POST):
        return []
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    return [(name, value) for name, value in fields if name != "csrfmiddlewaretoken"]
