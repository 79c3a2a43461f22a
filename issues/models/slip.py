"""三色督办单: an overdue issue is supervised by a signed, numbered slip."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Department
from campaigns.models import Campaign
from issues.enums import SlipColour, SlipState
from issues.models.ledger import Issue

USER = settings.AUTH_USER_MODEL


class SlipSequence(models.Model):
    """The next number of 督办单 of a campaign in a year; never goes back."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    next_value = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "year"], name="slip_sequence_once")]


class Slip(models.Model):
    """督办单 (F8). Made by signing it, ``state`` and the answer written by ``issues.domain.slips.lifecycle`` only; what
    was signed never changes (trigger).

    ``department``: the responsible unit (承办单位) then. ``late_workdays``: by how many 工作日 the issue was overdue
    when it was signed, 0 when it was not. ``jump_reason``: why a colour was passed over or comes before the rule.
    ``reply``, ``late_reason``: 办理情况 and 未按期原因; ``opinion``: 核验意见.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="slips")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="slips")
    round = models.PositiveSmallIntegerField("轮次", default=1)
    year = models.PositiveSmallIntegerField()
    sequence = models.PositiveIntegerField()
    number = models.CharField("督办编号", max_length=30)
    colour = models.PositiveSmallIntegerField("颜色", choices=SlipColour.choices)
    state = models.CharField("状态", max_length=16, choices=SlipState.choices, default=SlipState.ISSUED)
    version = models.PositiveIntegerField(default=1)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    late_workdays = models.PositiveIntegerField("逾期工作日", default=0)
    due_on = models.DateField("整改时限", null=True)
    demand = models.CharField("督办要求", max_length=500)
    jump_reason = models.CharField("越级或提前督办的理由", max_length=500, blank=True)
    reply_by = models.DateField("反馈期限")
    signed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField("签发时间")
    reply = models.CharField("办理情况", max_length=1000, blank=True)
    late_reason = models.CharField("未按期原因", max_length=500, blank=True)
    replied_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    replied_on = models.DateField("反馈日期", null=True)
    opinion = models.CharField("核验意见", max_length=500, blank=True)
    ended_on = models.DateField("办结日期", null=True)
    changed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["issue_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "year", "sequence"], name="slip_number_once"),
            models.UniqueConstraint(fields=["issue", "round", "colour"], name="slip_colour_once"),
        ]
        indexes = [
            models.Index(fields=["state", "reply_by", "id"], name="slip_state"),
            models.Index(fields=["department", "state", "reply_by", "id"], name="slip_unit_state"),
            models.Index(fields=["campaign", "state", "reply_by", "id"], name="slip_campaign_state"),
            models.Index(
                fields=["issue", "round"], condition=Q(state__in=("slip_issued", "slip_answered")), name="slip_open"
            ),
        ]

    def __str__(self):
        return self.number


class SlipEvent(models.Model):
    """What happened to a 督办单: append-only (trigger), one row per step."""

    slip = models.ForeignKey(Slip, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20)
    actor = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    note = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["slip_id", "at", "id"]
        indexes = [models.Index(fields=["slip", "at", "id"], name="slip_event_order")]
