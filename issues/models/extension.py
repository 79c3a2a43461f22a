"""延期: more time that was asked for, and what became of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Department
from issues.enums import Actor, ExtensionState
from issues.models.ledger import Issue

USER = settings.AUTH_USER_MODEL


class Extension(models.Model):
    """延期申请: the responsible unit asks before 整改时限 has passed, somebody else decides. Written by
    ``issues.domain.extensions.lifecycle``; the date itself is moved by ``issues.domain.due_dates``.

    ``old_due_on`` was in force when it was asked, ``asked_due_on`` is the date asked for; ``granted_due_on`` lies later
    where the clock stood still in between. ``side``: who decides, the lead or the office. ``department``: the
    responsible unit. What was asked never changes, and an ended request neither (trigger).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="extensions")
    round = models.PositiveSmallIntegerField("轮次", default=1)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=10, choices=ExtensionState.choices, default=ExtensionState.ASKED)
    side = models.CharField("答复方", max_length=12, choices=Actor.choices)
    old_due_on = models.DateField("原时限")
    asked_due_on = models.DateField("申请延至")
    reason = models.CharField("延期理由", max_length=500)
    asked_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("申请时间")
    granted_due_on = models.DateField("同意延至", null=True)
    words = models.CharField("答复意见", max_length=500, blank=True)
    decided_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField("答复时间", null=True)

    class Meta:
        ordering = ["issue_id", "asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue"], condition=Q(state=ExtensionState.ASKED), name="extension_one_open"
            ),
            models.CheckConstraint(
                condition=~Q(state=ExtensionState.GRANTED) | Q(granted_due_on__isnull=False),
                name="extension_granted_date",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "old_due_on", "id"], name="extension_state"),
            models.Index(fields=["department", "state", "old_due_on", "id"], name="extension_unit_state"),
        ]
