"""催办: a person was asked to get on with an issue."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Department
from issues.models.enquiry import EnquiryReply
from issues.models.ledger import Issue
from notifications.models import Notice

USER = settings.AUTH_USER_MODEL


class Chase(models.Model):
    """One person chased about one issue, or about the ``reply`` of a unit to an enquiry made from it; written by
    ``issues.domain.chases.records``, never changed (trigger).

    ``number``: which time the issue or reply was chased, the same for everybody chased at once. ``department``: the
    responsible unit then, one that helps, or the one that is asked. ``notice``: it was read when that was opened.
    """

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="chased")
    reply = models.ForeignKey(EnquiryReply, on_delete=models.PROTECT, related_name="chased", null=True)
    number = models.PositiveSmallIntegerField("第几次")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, related_name="+")
    words = models.CharField("催办要求", max_length=500, blank=True)
    chased_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    chased_at = models.DateTimeField("催办时间")
    # Stands for the row in addresses; a running number would tell of others.
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        ordering = ["issue_id", "number", "id"]
        constraints = [
            models.UniqueConstraint(fields=["issue", "number", "person"], condition=Q(reply=None), name="chase_once"),
            models.UniqueConstraint(
                fields=["reply", "number", "person"], condition=Q(reply__isnull=False), name="chase_reply_once"
            ),
        ]
        indexes = [
            models.Index(fields=["-chased_at", "-id"], name="chase_order"),
            models.Index(fields=["department", "-chased_at", "-id"], name="chase_unit"),
        ]
