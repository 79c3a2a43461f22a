"""Regions and departments, read-only, in the caller's scope."""

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets

from accounts.models import Department, Region
from accounts.scope import departments_visible_to, regions_visible_to


class RegionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Region
        fields = ["id", "name", "level", "parent"]


class DepartmentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Department
        fields = ["id", "region", "name", "kind", "order", "is_approval", "is_enforcement", "is_utility", "is_active"]


@extend_schema_view(
    list=extend_schema(summary="区域列表", tags=["基础资料"]),
    retrieve=extend_schema(summary="一个区域", tags=["基础资料"]),
)
class RegionViewSet(viewsets.ReadOnlyModelViewSet):
    """区域: the regions the caller belongs to or reads from above."""

    serializer_class = RegionSerializer
    ordering = "id"

    def get_queryset(self):
        return regions_visible_to(self.request.user)


@extend_schema_view(
    list=extend_schema(summary="单位列表", tags=["基础资料"]),
    retrieve=extend_schema(summary="一个单位", tags=["基础资料"]),
)
class DepartmentViewSet(viewsets.ReadOnlyModelViewSet):
    """单位, in those regions, ``order`` being the fixed order of the roster."""

    serializer_class = DepartmentSerializer
    ordering = ("region_id", "order", "id")

    def get_queryset(self):
        return departments_visible_to(self.request.user)
