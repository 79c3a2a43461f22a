"""Compiled periods, read-only."""

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets

from reports.domain.queries import summaries_visible_to
from reports.models import Summary


class SummarySerializer(serializers.ModelSerializer):
    campaign = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Summary
        fields = ["id", "campaign", "period", "version", "state", "as_of", "compiled_at", "digest", "data"]


@extend_schema_view(
    list=extend_schema(summary="汇总列表", tags=["汇总"]),
    retrieve=extend_schema(summary="一期汇总", tags=["汇总"]),
)
class SummaryViewSet(viewsets.ReadOnlyModelViewSet):
    """汇总: the periods whose whole figures the caller may read; ``data`` has the keys of the ``summary`` command."""

    serializer_class = SummarySerializer
    ordering = ("-period", "-version", "id")

    def get_queryset(self):
        return summaries_visible_to(self.request.user).select_related("campaign")
