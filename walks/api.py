"""Walks, read-only, in the caller's scope."""

from rest_framework import serializers, viewsets

from core.paging import KeyPagination
from walks.domain.shown import BY_ITSELF, IN_API, walks_shown_to
from walks.models import Walk


class WalkSerializer(serializers.ModelSerializer):
    campaign = serializers.SlugRelatedField(slug_field="code", read_only=True)
    walker = serializers.CharField(source="walker_name", read_only=True)

    class Meta:
        model = Walk
        fields = [
            "id",
            "campaign",
            "department",
            "receiver",
            "item",
            "walker",
            "walker_capacity",
            "activity_kind",
            "mode",
            "role",
            "state",
            "version",
            "walk_date",
            "period",
            "place",
            "is_waiting",
            "zero_explained",
            "conforms",
            "shortfall",
            "suggestion",
            "signed_at",
            "reported_at",
            "accepted_at",
        ]


class WalkViewSet(viewsets.ReadOnlyModelViewSet):
    """体验: the walks the caller may know of."""

    serializer_class = WalkSerializer
    ordering = ("-started_at", "id")

    def get_queryset(self):
        where = BY_ITSELF if self.detail else IN_API
        shown = walks_shown_to(self.request.user, where=where, per_page=KeyPagination.page_size)
        return shown.select_related("campaign")
