"""举一反三: units are asked whether they have the same problem as an issue."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Department
from campaigns.models import Campaign
from issues.enums import EnquiryState, ReplyState
from issues.models.ledger import Issue

USER = settings.AUTH_USER_MODEL


class Enquiry(models.Model):
    """举一反三 (L22). Made, and ``state`` written, by ``issues.domain.enquiries.lifecycle`` only; what was asked never
    changes (trigger).

    ``department``: on whose behalf it was sent, the office or the lead; ``question`` is all that a unit that is asked
    reads of the issue.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="enquiries")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="enquiries")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    question = models.CharField("征询内容", max_length=500)
    reply_by = models.DateField("答复期限")
    state = models.CharField("状态", max_length=20, choices=EnquiryState.choices, default=EnquiryState.OPEN)
    version = models.PositiveIntegerField(default=1)
    sent_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField("发起时间")
    end_reason = models.CharField("终止原因", max_length=300, blank=True)
    changed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["issue_id", "id"]


class EnquiryReply(models.Model):
    """What one unit answers, 有 or 无; ``state`` is written by ``issues.domain.enquiries.lifecycle`` only, and what was
    answered never changes (trigger).

    ``child``: the issue that 有 opened in that unit. ``chases``, ``chased_on``: how often it was chased and when last
    (``issues.domain.enquiries.chasing``). Late is computed from dates, never stored.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="replies")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    reply_by = models.DateField("答复期限")
    state = models.CharField("答复", max_length=20, choices=ReplyState.choices, default=ReplyState.WAITING)
    version = models.PositiveIntegerField(default=1)
    words = models.CharField("答复说明", max_length=1000, blank=True)
    answered_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    answered_on = models.DateField("答复日期", null=True)
    child = models.OneToOneField(Issue, on_delete=models.PROTECT, related_name="found_by_reply", null=True)
    chases = models.PositiveSmallIntegerField("催办次数", default=0)
    chased_on = models.DateField("最近催办", null=True)
    changed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["enquiry_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["enquiry", "department"], name="enquiry_unit_once"),
            models.CheckConstraint(
                condition=Q(child=None) | Q(state=ReplyState.FOUND), name="enquiry_child_of_found_alone"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "reply_by", "id"], name="enquiry_reply_state"),
            models.Index(fields=["department", "state", "reply_by", "id"], name="enquiry_reply_unit"),
            models.Index(fields=["campaign", "state", "reply_by", "id"], name="enquiry_reply_campaign"),
        ]


class EnquiryEvent(models.Model):
    """What happened to an enquiry: append-only (trigger), one row per step; ``reply``: of which unit, None for all."""

    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="events")
    reply = models.ForeignKey(EnquiryReply, on_delete=models.PROTECT, related_name="events", null=True)
    kind = models.CharField(max_length=20)
    actor = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    note = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["enquiry_id", "at", "id"]
        indexes = [models.Index(fields=["enquiry", "at", "id"], name="enquiry_event_order")]
