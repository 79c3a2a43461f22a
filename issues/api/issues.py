"""Issues in the caller's scope: the list, one of them, its measures and its events. What is done to one:
``issues.api.acts``."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from core.api import read_filters
from core.api_lists import FilteredViewSet
from core.text import mask_phone
from issues.columns import api_fields
from issues.domain import ledger
from issues.domain.detail import EVENT_LABELS, measure_line
from issues.domain.queries import history_of, issues_visible_to, measures_of
from issues.filters import LedgerFilter
from issues.models import Issue
from issues.tables import VIEWS

ISSUE_FILTERS = [
    OpenApiParameter("tab", str, enum=list(VIEWS), description="视图；不填为全部"),
    *(
        OpenApiParameter(name, str, description=f"{one.label}，与台账页面的条件相同")
        for name, one in LedgerFilter.base_filters.items()
    ),
]


class IssueSerializer(serializers.ModelSerializer):
    campaign = serializers.SlugRelatedField(slug_field="code", read_only=True)
    item = serializers.CharField(source="item.name", read_only=True, default=None)
    contact_phone = serializers.SerializerMethodField()

    class Meta:
        model = Issue

    def get_field_names(self, declared_fields, info):
        """Those of the ledger's columns, and what only the API says."""
        return api_fields()

    def get_contact_phone(self, issue) -> str:
        return mask_phone(issue.contact_phone)


class MeasureSerializer(serializers.Serializer):
    """One measure; ``id`` stands in the names of what ``track_measures`` asks for; ``percent``: the reduction from
    ``before`` to ``after``, null where none was claimed."""

    id = serializers.IntegerField(help_text="措施的标识")
    round = serializers.IntegerField(help_text="第几轮整改")
    text = serializers.CharField(help_text="措施")
    owner = serializers.CharField(help_text="责任人")
    due_on = serializers.DateField(allow_null=True, help_text="完成时限")
    progress = serializers.CharField(help_text="进展")
    progress_on = serializers.DateField(allow_null=True, help_text="进展日期")
    reduction = serializers.CharField(help_text="压减类型")
    before = serializers.IntegerField(allow_null=True, help_text="压减前")
    after = serializers.IntegerField(allow_null=True, help_text="压减后")
    percent = serializers.FloatField(allow_null=True, help_text="压减幅度（%）")


class EventSerializer(serializers.Serializer):
    """One step of an issue, with the state it led to and the date that held afterwards."""

    action = serializers.CharField(source="kind", help_text="操作代码")
    label = serializers.SerializerMethodField(help_text="操作")
    actor = serializers.CharField(source="actor.label", default="系统", help_text="办理人")
    at = serializers.DateTimeField(help_text="时间")
    from_state = serializers.CharField(help_text="原状态")
    to_state = serializers.CharField(help_text="办理后的状态")
    due_on = serializers.DateField(allow_null=True, help_text="办理后的整改时限")
    note = serializers.CharField(help_text="说明")

    def get_label(self, event) -> str:
        return EVENT_LABELS.get(event.kind, event.kind)


@extend_schema_view(
    list=extend_schema(summary="问题台账", tags=["问题"], parameters=ISSUE_FILTERS),
    retrieve=extend_schema(summary="一个问题", tags=["问题"]),
)
class IssueViewSet(FilteredViewSet):
    """问题: list, and one by number."""

    serializer_class = IssueSerializer
    lookup_field = "number"
    lookup_value_regex = "[^/]+"
    ordering = "-number"

    def get_queryset(self):
        related = ("campaign", "item", "walk", "discovering_department", "responsible_department")
        return issues_visible_to(self.request.user).select_related(*related)

    def narrowed(self, queryset):
        user, today = self.request.user, timezone.localdate()
        choices = ledger.filter_choices(user, today)
        filters = LedgerFilter(self.request.query_params, queryset, choices=choices, today=today)
        tab = read_filters(filters.form, also={"tab": tuple(VIEWS)})["tab"]
        return ledger.in_view(filters.qs, tab or "all", user, today)

    @extend_schema(
        summary="整改措施",
        description="各轮整改措施，最近一轮在前。登记进展用 actions/track_measures，"
        "各项名称为 progress_{id}、owner_{id}、due_on_{id}。",
        tags=["问题"],
        responses=MeasureSerializer(many=True),
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def measures(self, request, number):
        """整改措施 of every round, in order."""
        lines = [measure_line(one) for one in measures_of(self.get_object())]
        return Response(MeasureSerializer(lines, many=True).data)

    @extend_schema(summary="办理经过", tags=["问题"], responses=EventSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    def events(self, request, number):
        """办理经过: who did what when, the oldest first."""
        return Response(EventSerializer(history_of(self.get_object()), many=True).data)
