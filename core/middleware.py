"""Signed-in pages are private; an error that no view handled becomes a readable page with the right status."""

import logging
from collections.abc import Callable
from urllib.parse import unquote

from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import BadRequest
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes

from core.conflicts import told_by_trigger
from core.error_pages import error_code, page, record_page, show_typed, told_at_once, typed_words, unavailable_page
from core.exceptions import DomainError
from core.personal_data import mask_page
from core.searching import masked_params
from core.storage_state import NO_ROOM, is_full, note_full
from core.visitor import visiting

logger = logging.getLogger(__name__)
NUL = "\x00"
# What is read without signing in, the same by everybody.
OPEN_TO_ALL = "/public/"


class LastingSessionMiddleware(SessionMiddleware):
    """Django's own; on a full disk a session that is already known is left as it was, and the page is answered.

    What is not kept then: when the person was last seen. What the next page would have said is said at once instead.
    Signing in and out needs the write.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except (DatabaseError, SessionInterrupted) as error:
            is_known = request.session.session_key == request.COOKIES.get(settings.SESSION_COOKIE_NAME)
            if not (is_known and is_full(error)):
                raise
            note_full()
            logger.error("session not saved: %s", error)
            return told_at_once(request, response)


class VisitorMiddleware:
    """While a request is answered ``core.visitor.address`` is where it came from: the audit names it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with visiting(request.META.get("REMOTE_ADDR")):
            return self.get_response(request)


class WithoutSessionMiddleware:
    """Addresses below ``OPEN_TO_ALL`` answer everybody alike: whoever is signed in is a visitor there.

    The cookie of the session is not read, so no page depends on it, an expired session sends nobody to the sign-in, and
    a cache may keep one answer for all.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(OPEN_TO_ALL):
            return self.get_response(request)
        request.COOKIES = {}
        response = self.get_response(request)
        response.headers.pop("Vary", None)
        return response


class PrivatePagesMiddleware:
    """No shared cache may show one person's page to another (docs/trust.md A5)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            response["Cache-Control"] = "private, no-store"
        return response


class MaskedPagesMiddleware:
    """Identity numbers and phones in the text of a page are masked, wherever the text came from (docs/trust.md B6).

    What a form holds to be edited stays as it is. A view that shows a record unmasked to somebody who gave a reason
    sets ``request.shows_personal_data``.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _is_page(response) and not getattr(request, "shows_personal_data", False):
            page = response.content.decode(response.charset)
            masked = mask_page(page)
            if masked != page:
                response.content = masked.encode(response.charset)
        return response


class TypedWordsMiddleware:
    """A page that refuses a form shows what was typed into it, also where it holds no form any more because nothing is
    left to do: somebody was first, or what was asked for cannot be done now."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_refused = request.method == "POST" and 400 <= response.status_code < 500
        # Nobody else's words are shown to a visitor whom a foreign page made send them.
        if is_refused and _is_page(response) and request.user.is_authenticated:
            show_typed(request, response)
        return response


class MaskedAddressMiddleware:
    """A number of a person typed into a search stands in no address: the browser is sent on to the address that holds
    its mask, which finds the same (docs/trust.md B6)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD") and "q" in request.GET:
            masked = masked_params(request.GET)
            if masked.getlist("q") != request.GET.getlist("q"):
                # A path that begins with two slashes would name another host.
                path = escape_leading_slashes(escape_uri_path(request.path))
                return HttpResponseRedirect(f"{path}?{masked.urlencode()}")
        return self.get_response(request)


class DomainErrorMiddleware:
    """A page for a DomainError that no form handled, for a locked database or a full disk, and for a method the address
    does not accept.

    A NUL is answered with 404 in the path and with 400 in the query string.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # PostgreSQL stores no NUL and fails on a condition that has one.
        if NUL in request.path_info:
            raise Http404
        if NUL in unquote(request.META.get("QUERY_STRING", "")):
            raise BadRequest("NUL in the query string")
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            # After a session expired, signing in redirects by GET to an address that accepts only POST.
            allowed, response = response["Allow"], page(request, 405, "405")
            response["Allow"] = allowed
        return response

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        """No view begins with a form of which a file found no room (``core.uploads.SpoolUploadHandler``)."""
        if request.content_type != "multipart/form-data" or getattr(view, "csrf_exempt", False):
            return None
        # Reading the fields reads the files.
        bool(request.POST)
        error = getattr(request, NO_ROOM, None)
        return None if error is None else unavailable_page(request, error, error_code())

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        exception = told_by_trigger(exception) or exception
        if isinstance(exception, DomainError):
            code = error_code()
            logger.info("refused %s rule=%s status=%s", code, exception.rule or "-", exception.status)
            said = {"message": exception.words_for(request.user), "code": code, "typed": typed_words(request)}
            said["record_url"] = record_page(request.path)
            return page(request, exception.status, str(exception.status), **said)
        return unavailable_page(request, exception, error_code())


def _is_page(response: HttpResponse) -> bool:
    return not response.streaming and response.headers.get("Content-Type", "").startswith("text/html")
