"""Service items, read-only, in the caller's scope."""

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets

from catalogue.domain.queries import items_visible_to
from catalogue.models import ServiceItem


class ServiceItemSerializer(serializers.ModelSerializer):
    class Meta:
        model = ServiceItem
        fields = [
            "id",
            "department",
            "code",
            "name",
            "kind",
            "must_walk_in_person",
            "in_person_reason",
            "members",
            "committed_days",
            "documents",
            "steps",
            "trips",
            "online_depth",
            "is_active",
        ]


@extend_schema_view(
    list=extend_schema(summary="政务服务事项列表", tags=["基础资料"]),
    retrieve=extend_schema(summary="一个事项", tags=["基础资料"]),
)
class ServiceItemViewSet(viewsets.ReadOnlyModelViewSet):
    """政务服务事项 of the caller's regions; ``members`` of a 一件事. Units: 工作日, 份, 个, 次."""

    serializer_class = ServiceItemSerializer
    ordering = "id"

    def get_queryset(self):
        return items_visible_to(self.request.user).prefetch_related("members").order_by()
