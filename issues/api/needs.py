"""需求 of walks that were reported, read-only."""

from functools import cached_property

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers

from core.api import read_filters
from core.api_lists import FilteredViewSet
from core.calendar import work_calendar
from core.workdays import WorkCalendar, late_words
from issues.domain.needs.queries import needs_visible_to, views_of
from issues.forms.needs import TABS, NeedTabForm
from issues.models import Need, NeedSubject

NEED_FILTERS = [
    OpenApiParameter("tab", str, enum=list(TABS), description="状态：mine 只对单位人员有；不填为全部"),
    OpenApiParameter("campaign", str, description="活动代码"),
    OpenApiParameter("department", int, description="回应单位的 id"),
    OpenApiParameter("subject", str, enum=NeedSubject.values, description="需求主体"),
]


class NeedSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="public_id", read_only=True)
    campaign = serializers.SlugRelatedField(slug_field="code", read_only=True)
    department_name = serializers.CharField(source="department.name", read_only=True)
    found_by = serializers.CharField(source="walk.department_name", read_only=True, help_text="收集单位")
    walk_date = serializers.DateField(source="walk.walk_date", read_only=True)
    item = serializers.CharField(source="walk.item_name", read_only=True)
    late = serializers.SerializerMethodField(help_text="逾期几个工作日，没有逾期为空")

    class Meta:
        model = Need
        fields = [
            "id", "campaign", "subject", "content", "state", "version", "department", "department_name", "reply_by",
            "first_reply_by", "reply", "replied_on", "return_reason", "late", "found_by", "walk_date", "item",
        ]  # fmt: skip

    def get_late(self, need) -> str:
        return late_words(need.reply_by, need.replied_on or timezone.localdate(), self.context["view"].work_calendar)


@extend_schema_view(
    list=extend_schema(summary="需求列表", tags=["需求"], parameters=NEED_FILTERS),
    retrieve=extend_schema(summary="一项需求", tags=["需求"]),
)
class NeedViewSet(FilteredViewSet):
    """需求 of walks that were reported."""

    serializer_class = NeedSerializer
    lookup_field = "public_id"
    lookup_url_kwarg = "pk"
    ordering = ("reply_by", "id")

    @cached_property
    def work_calendar(self) -> WorkCalendar:
        return work_calendar()

    def get_queryset(self):
        return needs_visible_to(self.request.user).select_related("campaign", "department", "walk")

    def narrowed(self, queryset):
        user = self.request.user
        views = views_of(user, timezone.localdate())
        form = NeedTabForm(self.request.query_params, user=user, views=views)
        tab = read_filters(form)["tab"] or "all"
        return form.narrow(queryset).filter(views[tab])
