"""Jobs of the caller, read-only."""

from rest_framework import serializers, viewsets

from core.jobs import jobs_visible_to
from core.models import Job


class JobSerializer(serializers.ModelSerializer):
    class Meta:
        model = Job
        fields = ["id", "kind", "label", "state", "progress", "total", "message", "created_at", "finished_at"]


class JobViewSet(viewsets.ReadOnlyModelViewSet):
    """后台任务: the caller's own."""

    serializer_class = JobSerializer
    ordering = ("-created_at", "id")

    def get_queryset(self):
        return jobs_visible_to(self.request.user)
