"""The caller's background jobs: how far they are, the file they made, calling them off."""

from uuid import UUID

from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import jobs
from core.api import AnyAccept
from core.api_jobs import JobSerializer
from core.exceptions import DomainError
from reports.domain.jobfiles import Expired, has_file, open_file
from reports.domain.queries import jobs_visible_to

TAG = "任务"
ID = [OpenApiParameter("id", UUID, OpenApiParameter.PATH, description="任务的标识")]


class FileGone(DomainError):
    """The file is kept no longer (410)."""

    status = 410


@extend_schema_view(
    list=extend_schema(summary="本人的任务", tags=[TAG]),
    retrieve=extend_schema(summary="一项任务", tags=[TAG], parameters=ID),
)
class JobViewSet(viewsets.ReadOnlyModelViewSet):
    """后台任务: the caller's own."""

    serializer_class = JobSerializer
    ordering = ("-created_at", "id")

    def get_queryset(self):
        return jobs_visible_to(self.request.user)

    @extend_schema(
        summary="任务生成的文件",
        tags=[TAG],
        parameters=ID,
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    @action(detail=True, methods=["get"], pagination_class=None, content_negotiation_class=AnyAccept)
    def file(self, request: Request, pk: str) -> FileResponse:
        """The file of a job that is done, for a day."""
        job = self.get_object()
        if not has_file(job):
            raise Http404
        try:
            found = open_file(job, actor=request.user)
        except Expired as error:
            raise FileGone("文件只保留 24 小时，已经清除。请重新申请。", rule="job.expired") from error
        return FileResponse(found, as_attachment=True, filename=job.file_name)

    @extend_schema(summary="取消任务", tags=[TAG], parameters=ID, request=None, responses=JobSerializer)
    @action(detail=True, methods=["post"], pagination_class=None)
    def cancel(self, request: Request, pk: str) -> Response:
        """Twice is once: a job that has ended stays as it is."""
        job = self.get_object()
        jobs.cancel(job=job)
        job.refresh_from_db()
        return Response(self.get_serializer(job).data)
