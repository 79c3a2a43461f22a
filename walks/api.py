"""Walks, read-only, in the caller's scope."""

from rest_framework import serializers, viewsets

from walks.domain.covert import IN_API, note_shown, note_view
from walks.domain.queries import walks_visible_to
from walks.models import Walk


class WalkSerializer(serializers.ModelSerializer):
    campaign = serializers.SlugRelatedField(slug_field="code", read_only=True)
    walker = serializers.CharField(source="walker.name", read_only=True)

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
    """体验: the walks the caller may know of. Reading a covert one leaves a trace."""

    serializer_class = WalkSerializer
    ordering = ("-started_at", "id")

    def get_object(self):
        walk = super().get_object()
        note_view(walk, self.request.user)
        return walk

    def paginate_queryset(self, queryset):
        page = super().paginate_queryset(queryset)
        note_shown(self.request.user, [walk.pk for walk in page if walk.is_hidden], where=IN_API)
        return page

    def get_queryset(self):
        return walks_visible_to(self.request.user).select_related("campaign", "walker")
