"""Health checks for machines: /healthz says that the process runs, /readyz whether what it depends on does."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core import health


@login_not_required
@never_cache
@require_safe
def healthz(request):
    """200 "ok" as long as the process answers; uses neither the database nor the broker."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@login_not_required
@never_cache
@require_safe
def readyz(request):
    """What each part reports ("ok", "missing" or a short text); 503 unless database and broker are ok."""
    said = health.report(timezone.now())
    ready = said["database"] == "ok" and said["broker"] == "ok"
    return JsonResponse(said, status=200 if ready else 503)
