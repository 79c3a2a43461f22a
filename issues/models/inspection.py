"""督查记录: one inspection by the office, whose findings are issues."""

import uuid

from django.conf import settings
from django.db import models

from accounts.models import Department
from campaigns.models import Campaign

USER = settings.AUTH_USER_MODEL


class Inspection(models.Model):
    """督查记录 (F16 三（三）, L22 督导检查). Written by ``issues.domain.inspections.records``; never changed but for
    being struck out with a reason (trigger). What it found are issues with the source 督查 (``Issue.inspection``)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="inspections")
    inspected_on = models.DateField("督查日期")
    inspectors = models.CharField("督查人员", max_length=200)
    units = models.ManyToManyField(Department, related_name="+")
    summary = models.TextField("督查情况", max_length=2000)
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    struck_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    struck_at = models.DateTimeField(null=True)
    struck_reason = models.CharField("作废原因", max_length=300, blank=True)

    class Meta:
        ordering = ["-inspected_on", "-id"]
        indexes = [
            models.Index(fields=["campaign", "-inspected_on", "-id"], name="inspection_campaign"),
            models.Index(fields=["-inspected_on", "-id"], name="inspection_day"),
        ]
