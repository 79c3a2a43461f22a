"""The ledger as a workbook, and photos, through the API."""

import uuid
from typing import Any

from django.http import FileResponse, Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.scope import scope_of
from core.api import AnyAccept, read_filters
from core.api_jobs import JobSerializer
from core.api_schema import KEY, form_schema
from core.exceptions import Refused
from core.jobs import jobs_of
from evidence.api import FormEndpoint
from evidence.models import StoredFile
from issues.api.issues import ISSUE_FILTERS
from issues.domain import export_release
from issues.exports.ledger import DIRECT_ROWS
from issues.forms.exports import ExportRequestForm
from issues.tables import VIEWS, Selection, export_columns, list_query, select
from issues.views.exports import UNMASKED, ask_for_export, export_at_once
from issues.views.files import file

BOOK = OpenApiParameter("book", str, description="列：shown 为页面所列，或已存的一组列的标识；不填为规定格式")
WITH_NUMBERS = OpenApiParameter(UNMASKED, str, enum=["1"], description="含未遮盖号码：须本人登录网页办理")
READ_BESIDE = ("book", "cols", "sort", UNMASKED)


@extend_schema_view(
    get=extend_schema(
        summary="导出问题台账",
        description=f"按条件导出为 Excel 文件，最多 {DIRECT_ROWS} 行；超过的用 POST 申请，由统筹办另一人放行。",
        tags=["问题"],
        parameters=[*ISSUE_FILTERS, BOOK],
        responses={(200, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"): OpenApiTypes.BINARY},
    )
)
@form_schema(
    asks=ExportRequestForm, answers={201: JobSerializer}, words="申请导出大量问题", tag="问题",
    headers=(KEY, *ISSUE_FILTERS, BOOK, WITH_NUMBERS),
)  # fmt: skip
class IssuesExport(FormEndpoint):
    """As the page: a small masked selection at once, any other as a job that a second person releases."""

    act, words, made = "ledger.export", "导出含未遮盖号码的台账", True
    content_negotiation_class = AnyAccept

    def find(self) -> Selection:
        selection = select(self.request.user, self.request.query_params, timezone.localdate())
        read_filters(selection.filterset.form, paging=READ_BESIDE, also={"tab": tuple(VIEWS)})
        self.total = selection.queryset.order_by().count()
        self.keys = export_columns(self.request.user, self.request.query_params)
        if self.keys is None:
            raise Http404
        return selection

    @property
    def with_numbers(self) -> bool:
        return self.request.query_params.get(UNMASKED) == "1"

    def get(self, request: Request, **kwargs: Any) -> FileResponse:
        selection = self.find()
        if self.total > DIRECT_ROWS or self.with_numbers:
            words = f"共 {self.total} 行。超过 {DIRECT_ROWS} 行的、含未遮盖号码的，须写明用途申请，由统筹办另一人放行。"
            raise Refused(f"{words}没有导出，请用 POST 提交 reason。", rule="export.release")
        return export_at_once(self.http, selection, self.keys)

    def make(self, record: Selection, *sent: Any) -> ExportRequestForm:
        return ExportRequestForm(*sent[:1], request=self.http, unmasked=self.with_numbers)

    def open(self, record: Selection) -> None:
        if export_release.region_of(self.request.user) is None:
            raise Http404
        if self.total <= DIRECT_ROWS and not self.with_numbers:
            words = f"共 {self.total} 行，不需要申请，请用 GET 直接取得文件。没有建立任务。"
            raise Refused(words, rule="export.at_once")

    def save(self, record: Selection, form: ExportRequestForm, files: list[StoredFile]) -> uuid.UUID:
        query = list_query(self.request.query_params.urlencode())
        asked = {"query": query, UNMASKED: self.with_numbers, "columns": self.keys}
        return ask_for_export(self.request.user, form, self.total, asked).pk

    def answer(self, result: str) -> Response:
        user = self.request.user
        return Response(JobSerializer(get_object_or_404(jobs_of(user, scope_of(user).fingerprint), pk=result)).data)


class FileView(APIView):
    """A photo of a walk or an issue."""

    content_negotiation_class = AnyAccept

    @extend_schema(summary="一张照片", tags=["问题"], responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: uuid.UUID) -> FileResponse:
        return file(request._request, pk)
