"""Rendering of the pages that say what went wrong (templates/errors)."""

import secrets

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

RETRY_AFTER = 30  # seconds; the 503 page names the same figure
# Messages of SQLite, PostgreSQL and the connection pool while others hold a lock; any other is an error of the product.
BUSY = ("locked", "deadlock", "lock timeout", "could not serialize", "couldn't get a connection")


def error_code() -> str:
    """Six characters shown on the error page and written to the log."""
    return secrets.token_hex(3).upper()


def page(request: HttpRequest, status: int, name: str, **context: object) -> HttpResponse:
    """The page ``errors/<name>.html`` with the person's own header: navigation, unread notices."""
    return render(request, f"errors/{name}.html", {"status": status, **context}, status=status)


def typed_words(request: HttpRequest) -> list[str]:
    """What was typed in words into a form that could not be carried out, in the order sent, each once.

    Told by the words themselves, because no form may have been made yet: a value with a character outside ASCII or a
    space. Never a password; what a browser sends by itself (tokens, keys, codes of choices) is left out.
    """
    given = [value.strip() for name, values in request.POST.lists() if "password" not in name for value in values]
    return list(dict.fromkeys(text for text in given if " " in text or not text.isascii()))


def bare_page(request: HttpRequest, status: int, name: str, **context: object) -> HttpResponse:
    """The same without a single query: for when the database does not answer."""
    text = loader.render_to_string(f"errors/{name}.html", {"request": request, "status": status, **context})
    return HttpResponse(text, status=status)


def is_busy(error: BaseException | None) -> bool:
    """True when the database was only locked: the same request may succeed a moment later.

    The cause of the error is looked at too: a session that could not be saved is reported as one that was deleted.
    """
    while error is not None:
        if isinstance(error, OperationalError):
            return any(word in str(error).lower() for word in BUSY)
        error = error.__cause__ or error.__context__
    return False


def busy_page(request: HttpRequest, code: str) -> HttpResponse:
    """503 with Retry-After. Nothing was saved: the transaction that waited for the lock was rolled back."""
    response = bare_page(request, 503, "503", code=code)
    response["Retry-After"] = str(RETRY_AFTER)
    return response
