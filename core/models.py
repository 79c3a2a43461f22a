"""Tables of the core. Each is written only by the function its docstring names."""

import uuid

from django.conf import settings
from django.db import models


class CalendarDay(models.Model):
    """One day on which the official calendar is overridden; written by the system administrator.

    ``is_workday`` True is 调休上班, False is 放假.
    """

    date = models.DateField("日期", unique=True)
    is_workday = models.BooleanField("是否工作日")
    name = models.CharField("名称", max_length=40, blank=True)
    source = models.CharField("依据", max_length=120, blank=True)

    class Meta:
        ordering = ["date"]


class AuditChain(models.TextChoices):
    OPEN = "open", "公开"
    COVERT = "covert", "暗访"


class AuditEntry(models.Model):
    """Proof of who did what; append-only, each row with an HMAC over the one before. Written by ``core.audit.record``.

    What concerns a covert walk before it is reported is kept in a chain of its own, so that the open chain shows no
    gap.
    Database triggers refuse UPDATE and DELETE on both databases.
    """

    chain = models.CharField(max_length=6, choices=AuditChain.choices, default=AuditChain.OPEN)
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=150, blank=True)
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60, blank=True)
    object_key = models.CharField(max_length=80, blank=True)
    detail = models.JSONField(default=dict)
    ip = models.GenericIPAddressField(null=True)
    prev_mac = models.CharField(max_length=64)
    mac = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["chain", "seq"]
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="audit_chain_seq")]
        indexes = [
            models.Index(fields=["object_type", "object_key", "seq"], name="audit_object"),
            models.Index(fields=["at", "chain", "seq"], name="audit_time"),
            models.Index(fields=["chain", "actor_id", "seq"], name="audit_actor"),
            models.Index(fields=["chain", "action", "seq"], name="audit_action"),
        ]


class IdempotencyKey(models.Model):
    """One accepted submit of one person. Written by ``core.idempotency.once``.

    ``digest``: of what must be equal when the submit comes twice; ``sent``: of every field as it was sent by a page, ""
    where no page sent it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    scope = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    sent = models.CharField(max_length=64, blank=True)
    result = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_submit_per_key")]


class JobState(models.TextChoices):
    HELD = "held", "待放行"
    QUEUED = "queued", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "未完成"
    CANCELLED = "cancelled", "已取消"


class Job(models.Model):
    """A piece of long work with its progress, lease and result. ``state`` is written only by ``core.jobs``.

    ``rights``: digest of the rights its owner held when asking; with other rights the job is neither seen nor done.
    ``decided_by``, ``decided_at``: who released a held job, refused it or called it off, and when.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    label = models.CharField("名称", max_length=120)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="jobs", null=True)
    rights = models.CharField(max_length=64, blank=True)
    params = models.JSONField(default=dict)
    dedupe_key = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    progress = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    message = models.CharField("说明", max_length=500, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    result_url = models.CharField(max_length=200, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    file_path = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["owner", "-created_at"], name="job_owner"),
            models.Index(fields=["state", "lease_until"], name="job_state_lease"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["dedupe_key"],
                condition=models.Q(state__in=["held", "queued", "running"]) & ~models.Q(dedupe_key=""),
                name="one_live_job_per_key",
            )
        ]


class StagedTable(models.Model):
    """A table somebody sent that was read and previewed and waits for that person to confirm it.

    Written by ``core.staging`` only; deleted when it expires. ``rows``: [{"number", "cells": [[column, text]]}] as the
    reader found them, emptied once they are imported. ``params``: what was asked beside the file. ``preview``: what the
    page shows (``core.resources.Preview``); after the import it says what was done. ``rights``: as with
    ``Job``, because the preview tells what is stored.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    rights = models.CharField(max_length=64, blank=True)
    file = models.CharField("文件", max_length=100)
    params = models.JSONField(default=dict)
    rows = models.JSONField(default=list)
    preview = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)
    imported_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
