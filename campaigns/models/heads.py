"""What somebody said of the headings of a table that comes in again and again."""

from django.conf import settings
from django.db import models

from accounts.models import Department
from campaigns.enums import TableKind


class HeadMapping(models.Model):
    """Which of ours each column of an office's own table is, as somebody of that office said. ``head``: digest of the
    names of its columns. Written by ``campaigns.domain.remembered_columns``."""

    office = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=TableKind.choices)
    head = models.CharField(max_length=64)
    mapping = models.JSONField()
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "kind", "head"], name="one_mapping_per_head")]
