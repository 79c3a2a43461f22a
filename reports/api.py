"""Compiled periods and the caller's jobs, read-only."""

from rest_framework import serializers, viewsets

from core.models import Job
from reports.domain.queries import jobs_visible_to, summaries_visible_to
from reports.models import Summary


class SummarySerializer(serializers.ModelSerializer):
    campaign = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Summary
        fields = ["id", "campaign", "period", "version", "state", "as_of", "compiled_at", "digest", "data"]


class JobSerializer(serializers.ModelSerializer):
    class Meta:
        model = Job
        fields = ["id", "kind", "label", "state", "progress", "total", "message", "created_at", "finished_at"]


class SummaryViewSet(viewsets.ReadOnlyModelViewSet):
    """汇总: the periods whose whole figures the caller may read; ``data`` has the keys of the ``summary`` command."""

    serializer_class = SummarySerializer
    ordering = ("-period", "-version", "id")

    def get_queryset(self):
        return summaries_visible_to(self.request.user).select_related("campaign")


class JobViewSet(viewsets.ReadOnlyModelViewSet):
    """后台任务: the caller's own."""

    serializer_class = JobSerializer
    ordering = ("-created_at", "id")

    def get_queryset(self):
        return jobs_visible_to(self.request.user)
