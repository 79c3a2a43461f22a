"""What offices have brought in from tables of their own, batch by batch, so that it can be taken back."""

import uuid

from django.conf import settings
from django.db import models

from campaigns.models import Campaign
from issues.models import Issue
from ledgers.enums import BATCH_KINDS, RowOutcome
from walks.models import Walk

USER = settings.AUTH_USER_MODEL


class ImportBatch(models.Model):
    """One table that was brought in (导入批次). Written by ``ledgers.domain.batches`` and ``undo``; never deleted
    (trigger).

    ``mapping``: {their column: ours}; ``digest``: of the rows as they were read; ``counts``: {created, updated,
    unchanged: 行}. ``undone_at``: when it was taken back; ``kept``: numbers of what stayed because somebody had worked
    on it. ``actor`` None is the command.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="import_batches")
    kind = models.CharField("种类", max_length=8, choices=[(one.value, one.label) for one in BATCH_KINDS])
    file = models.CharField("文件", max_length=100)
    mapping = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    counts = models.JSONField(default=dict)
    actor = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    kept = models.JSONField(default=list)

    class Meta:
        ordering = ["-at", "id"]
        indexes = [models.Index(fields=["campaign", "-at", "id"], name="import_batch_order")]


class ImportedRow(models.Model):
    """One row of a batch and what came of it. Written by ``ledgers.domain.batches``, its version also by ``undo``;
    never deleted (trigger).

    ``issue`` and ``walk`` are None once the batch was taken back; ``name`` stays: the number of the issue, or the item
    walked. ``fingerprint``: day, unit and normalized text, by which the row is known again; ``content``: digest of all
    it says; ``version``: that of the record after the import: a higher one means that somebody has worked on it.
    ``before``: what an updated record was; ``other_columns``: {column: value} of the columns that are none of ours.
    """

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField("行")
    issue = models.ForeignKey(Issue, null=True, on_delete=models.SET_NULL, related_name="imported_rows")
    walk = models.ForeignKey(Walk, null=True, on_delete=models.SET_NULL, related_name="imported_rows")
    name = models.CharField(max_length=140)
    fingerprint = models.CharField(max_length=64)
    content = models.CharField(max_length=64)
    outcome = models.CharField(max_length=8, choices=RowOutcome.choices)
    version = models.PositiveIntegerField()
    before = models.JSONField(default=dict)
    other_columns = models.JSONField(default=dict)

    class Meta:
        ordering = ["batch_id", "number", "id"]
        indexes = [models.Index(fields=["batch", "number", "id"], name="imported_row_order")]
