"""Walks, read-only, in the caller's scope."""

from rest_framework import serializers, viewsets

from walks.domain.covert import IN_API, note_shown, note_view
from walks.domain.queries import sessions_visible_to
from walks.models import Session


class SessionSerializer(serializers.ModelSerializer):
    campaign = serializers.SlugRelatedField(slug_field="code", read_only=True)
    walker = serializers.CharField(source="walker.name", read_only=True)

    class Meta:
        model = Session
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


class SessionViewSet(viewsets.ReadOnlyModelViewSet):
    """体验: the walks the caller may know of. Reading a sealed one leaves a trace."""

    serializer_class = SessionSerializer
    ordering = ("-started_at", "id")

    def get_object(self):
        session = super().get_object()
        note_view(session, self.request.user)
        return session

    def paginate_queryset(self, queryset):
        page = super().paginate_queryset(queryset)
        note_shown(self.request.user, [session.pk for session in page if session.is_hidden], where=IN_API)
        return page

    def get_queryset(self):
        return sessions_visible_to(self.request.user).select_related("campaign", "walker")
