"""Photos, shown to whoever sees the walk or issue they belong to."""

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from evidence.domain.store import open_served, open_thumb
from issues.domain.openings import note_opened
from issues.domain.queries import files_shown_to

# Whatever a decoder might have let through: a served file runs nothing, loads nothing, frames nothing.
HARMLESS = "sandbox; default-src 'none'; frame-ancestors 'none'"


@require_safe
def file(request, pk):
    stored = _seen(request, pk)
    note_opened(file=stored, user=request.user, now=timezone.now())
    return _picture(open_served(stored), stored.served_filename)


@require_safe
def file_thumb(request, pk):
    stored = _seen(request, pk)
    return _picture(open_thumb(stored), stored.served_filename)


def _seen(request, pk):
    return get_object_or_404(files_shown_to(request.user), pk=pk)


def _picture(stream, name: str) -> FileResponse:
    response = FileResponse(stream, filename=name, content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = HARMLESS
    response["Cache-Control"] = "private, no-store"
    return response
