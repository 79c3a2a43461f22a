"""Plans with their rows in the caller's scope: the list and one of them."""

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers

from core.api import read_filters
from core.api_lists import FilteredViewSet
from plans.domain.queries import campaigns_with_plans, plans_visible_to
from plans.enums import PlanState
from plans.forms.plans import PlanFilterForm
from plans.models import Plan, PlanRow
from walks.domain.lists import walking_units

PLAN_FILTERS = [
    OpenApiParameter("campaign", int, description="活动的 id"),
    OpenApiParameter("department", int, description="报送单位的 id"),
    OpenApiParameter("state", str, enum=PlanState.values, description="状态"),
]


class PlanRowSerializer(serializers.ModelSerializer):
    walker = serializers.CharField(source="walker.label", read_only=True)

    class Meta:
        model = PlanRow
        fields = [
            "id",
            "order",
            "item",
            "activity_kind",
            "mode",
            "walker",
            "walker_id",
            "delegation_reason",
            "planned_on",
            "place",
            "companions",
            "questions",
            "remark",
            "noticed_at",
        ]


class PlanSerializer(serializers.ModelSerializer):
    campaign = serializers.SlugRelatedField(slug_field="code", read_only=True)
    rows = PlanRowSerializer(many=True, read_only=True)

    class Meta:
        model = Plan
        fields = [
            "id",
            "campaign",
            "department",
            "receiver",
            "period",
            "state",
            "version",
            "round",
            "due_on",
            "submitted_on",
            "filed_on",
            "return_reason",
            "rows",
        ]


@extend_schema_view(
    list=extend_schema(summary="计划列表", tags=["计划"], parameters=PLAN_FILTERS),
    retrieve=extend_schema(summary="一份计划", tags=["计划"]),
)
class PlanViewSet(FilteredViewSet):
    """计划 the caller may know of, with their rows; superseded ones included."""

    serializer_class = PlanSerializer
    ordering = "id"

    def get_queryset(self):
        return plans_visible_to(self.request.user).select_related("campaign").prefetch_related("rows__walker")

    def narrowed(self, queryset):
        user = self.request.user
        offered = {"campaigns": campaigns_with_plans(user), "departments": walking_units(user)}
        form = PlanFilterForm(self.request.query_params, **offered)
        asked = read_filters(form, also={"state": PlanState.values})
        named = {"campaign_id": asked["campaign"], "department_id": asked.get("department"), "state": asked["state"]}
        return queryset.filter(**{name: value for name, value in named.items() if value})
