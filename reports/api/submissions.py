"""What units hand in for a period, read-only."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from core.api import etag, read_filters
from core.calendar import work_calendar
from core.paging import ListPagination
from reports.domain.submissions.lifecycle import NAMED
from reports.domain.submissions.lines import STATUSES, SubmissionLine, line_of, lines_of
from reports.domain.submissions.queries import submissions_visible_to
from reports.forms.submissions import LineFilterForm
from reports.views.submissions import own_period

LINE_FILTERS = [
    OpenApiParameter("campaign", str, required=True, description="活动代码"),
    OpenApiParameter("period", str, required=True, description="期间，如 2022-06"),
    OpenApiParameter("status", str, enum=list(STATUSES), description="报送情况；不填为全部"),
    OpenApiParameter("offset", int, description="从第几行以后开始"),
    OpenApiParameter("limit", int, description="一页几行，最多 50，不填为 50"),
]


class LineSerializer(serializers.Serializer):
    """One part of a period: a unit and whoever receives from it. Nothing sent: ``id`` and what follows are null."""

    id = serializers.UUIDField(source="submission.public_id", default=None)
    department = serializers.IntegerField(source="unit_id")
    department_name = serializers.CharField(source="unit")
    receiver_name = serializers.CharField(source="receiver")
    checker_name = serializers.CharField(source="checker")
    kinds = serializers.CharField(help_text="活动类型，空为全部")
    due_on = serializers.DateField()
    provisional = serializers.BooleanField(source="is_provisional", help_text="暂定")
    status = serializers.ChoiceField(list(STATUSES.items()))
    late = serializers.CharField(help_text="逾期几个工作日，没有逾期为空")
    state = serializers.CharField(source="submission.state", default=None)
    content = serializers.CharField(
        source="submission.content", default=None, help_text="pack 材料、zero 零报告、none 无"
    )
    zero_reason = serializers.CharField(source="submission.zero_reason", default=None)
    return_reason = serializers.CharField(source="submission.return_reason", default=None)
    first_sent_at = serializers.DateTimeField(source="submission.first_sent_at", default=None)
    sent_at = serializers.DateTimeField(source="submission.sent_at", default=None)
    version = serializers.IntegerField(source="submission.version", default=None)
    digest = serializers.CharField(source="submission.digest", default=None)


class SentSerializer(LineSerializer):
    """The same of one submission, with its place and the figures that were sent."""

    campaign = serializers.CharField(source="submission.campaign.code")
    period = serializers.CharField(source="submission.period")
    figures = serializers.SerializerMethodField()

    def get_figures(self, line: SubmissionLine) -> dict[str, int]:
        return line.submission.data.get("figures", {}) if line.submission else {}


class SubmissionViewSet(viewsets.GenericViewSet):
    """本期报送: the parts of a period of a campaign that the caller follows, the units in their fixed order."""

    serializer_class = LineSerializer
    pagination_class = ListPagination
    lookup_field = "public_id"
    lookup_url_kwarg = "pk"

    def get_queryset(self):
        return submissions_visible_to(self.request.user).select_related(*NAMED)

    @extend_schema(summary="本期报送列表", tags=["汇总"], parameters=LINE_FILTERS, responses=LineSerializer(many=True))
    def list(self, request):
        asked = read_filters(LineFilterForm(request.query_params), paging=())
        query = own_period(request._request, asked["campaign"], asked["period"]).query
        lines = lines_of(request.user, query.campaign, query.period, today=timezone.localdate())
        shown = [line for line in lines if asked["status"] in ("", line.status)]
        page = self.paginate_queryset(shown)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(summary="一个单位的本期报送", tags=["汇总"], responses=SentSerializer)
    def retrieve(self, request, pk):
        line = line_of(self.get_object(), timezone.localdate(), work_calendar())
        return Response(SentSerializer(line).data, headers=etag(line.submission.version))
