"""Campaigns, read-only, in the caller's scope."""

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets

from campaigns.domain.queries import campaigns_visible_to
from campaigns.models import Campaign


class CampaignSerializer(serializers.ModelSerializer):
    class Meta:
        model = Campaign
        fields = [
            "code", "name", "region", "office", "template", "document_number", "document_dated_on", "state",
            "starts_on", "ends_on",
        ]  # fmt: skip


@extend_schema_view(
    list=extend_schema(summary="活动列表", tags=["基础资料"]),
    retrieve=extend_schema(summary="一个活动", tags=["基础资料"]),
)
class CampaignViewSet(viewsets.ReadOnlyModelViewSet):
    """活动 of the caller's regions, by code."""

    serializer_class = CampaignSerializer
    lookup_field = "code"
    ordering = "id"

    def get_queryset(self):
        return campaigns_visible_to(self.request.user)
