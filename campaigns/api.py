"""Campaigns, plans and walks, read-only, in the caller's scope."""

from rest_framework import serializers, viewsets

from campaigns.domain.planlist import plans_visible_to
from campaigns.domain.queries import campaigns_visible_to, sessions_visible_to
from campaigns.domain.sealed import IN_API, note_shown, note_view
from campaigns.models import Campaign, Plan, PlanRow, Session


class CampaignSerializer(serializers.ModelSerializer):
    class Meta:
        model = Campaign
        fields = [
            "code", "name", "region", "office", "template", "document_number", "document_dated_on", "state",
            "starts_on", "ends_on",
        ]  # fmt: skip


class PlanRowSerializer(serializers.ModelSerializer):
    walker = serializers.CharField(source="walker.name", read_only=True)

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


class CampaignViewSet(viewsets.ReadOnlyModelViewSet):
    """活动 of the caller's regions, by code."""

    serializer_class = CampaignSerializer
    lookup_field = "code"
    ordering = "id"

    def get_queryset(self):
        return campaigns_visible_to(self.request.user)


class PlanViewSet(viewsets.ReadOnlyModelViewSet):
    """计划 the caller may know of, with their rows; superseded ones included."""

    serializer_class = PlanSerializer
    ordering = "id"

    def get_queryset(self):
        return plans_visible_to(self.request.user).select_related("campaign").prefetch_related("rows__walker")


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
