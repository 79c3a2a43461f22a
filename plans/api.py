"""Plans with their rows, read-only, in the caller's scope."""

from rest_framework import serializers, viewsets

from plans.domain.queries import plans_visible_to
from plans.models import Plan, PlanRow


class PlanRowSerializer(serializers.ModelSerializer):
    walker = serializers.CharField(source="walker.label", read_only=True)

    class Meta:
        model = PlanRow
        fields = [
            "order",
            "item",
            "activity_kind",
            "mode",
            "walker",
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


class PlanViewSet(viewsets.ReadOnlyModelViewSet):
    """计划 the caller may know of, with their rows; superseded ones included."""

    serializer_class = PlanSerializer
    ordering = "id"

    def get_queryset(self):
        return plans_visible_to(self.request.user).select_related("campaign").prefetch_related("rows__walker")
