"""What everybody reads of a released period without signing in: page, workbook and pictures, byte by byte as they were
frozen; after a revoking 410 in words. ``core.middleware.WithoutSessionMiddleware`` keeps the session out."""

from urllib.parse import quote

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from core.xlsx import CONTENT_TYPE
from reports.domain.public_sheet.queries import open_to_all, picture_open_to_all
from reports.enums import PublicState
from reports.models import PublicSheet

# Kept by whoever likes, and asked for again each time: a revoked page is gone with the next look.
CACHED, NOT_CACHED = "public, no-cache", "no-store"
PICTURE = "image/jpeg"


@login_not_required
@require_safe
def public_page(request, pk):
    sheet = _seen(pk, "page")
    return _answer(request, sheet, bytes(sheet.page), "text/html; charset=utf-8")


@login_not_required
@require_safe
def public_file(request, pk):
    sheet = _seen(pk, "workbook", "workbook_name")
    response = _answer(request, sheet, bytes(sheet.workbook), CONTENT_TYPE)
    if response.status_code == 200:
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(sheet.workbook_name)}"
    return response


@login_not_required
@require_safe
def public_picture(request, pk, number):
    found = picture_open_to_all(pk, number)
    if found is None:
        raise Http404
    sheet, picture = found
    return _answer(request, sheet, bytes(picture.content), PICTURE, mark=picture.sha256)


def _seen(pk, *fields: str) -> PublicSheet:
    sheet = open_to_all(pk, *fields)
    if sheet is None:
        raise Http404
    return sheet


def _answer(request, sheet: PublicSheet, content: bytes, kind: str, *, mark: str = "") -> HttpResponse:
    """The frozen bytes, or 304 to who has them (known by ``mark``, else by the sheet); 410 once they are revoked."""
    if sheet.state == PublicState.REVOKED:
        response = render(request, "reports/public/revoked.html", {"sheet": sheet}, status=410)
        response["Cache-Control"] = NOT_CACHED
        return response
    etag = quote_etag(mark or sheet.digest)
    response = HttpResponse(content, content_type=kind, headers={"ETag": etag, "Cache-Control": CACHED})
    return get_conditional_response(request, etag=etag, response=response)
