"""回头看: which struck-off issues were drawn for it, and the walks that are bound to one."""

import uuid

from django.conf import settings
from django.db import models

from accounts.models import Department
from campaigns.models import Campaign
from issues.enums import LookBackState, LookBackVerdict
from issues.models.ledger import Issue
from walks.models import Walk

USER = settings.AUTH_USER_MODEL


class LookBackDraw(models.Model):
    """抽取 of issues for 回头看 among those that no rule names one by one. Written by ``issues.domain.lookback.draws``,
    never changed (trigger).

    ``population``: the numbers of the issues in order, ``chosen``: those drawn, in the order of their digests; the same
    ``seed`` over the same population draws the same again.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="look_back_draws")
    number = models.PositiveSmallIntegerField("第几次抽取")
    share = models.PositiveSmallIntegerField("抽查比例（%）")
    seed = models.CharField("随机种子", max_length=64)
    population = models.JSONField()
    chosen = models.JSONField()
    drawn_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField("抽取时间")

    class Meta:
        ordering = ["campaign_id", "-number"]
        constraints = [models.UniqueConstraint(fields=["campaign", "number"], name="look_back_draw_once")]


class LookBackTicket(models.Model):
    """One issue of the population of a draw, with the round it was in: no issue is in two draws of one round."""

    draw = models.ForeignKey(LookBackDraw, on_delete=models.PROTECT, related_name="tickets")
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="look_back_tickets")
    round = models.PositiveSmallIntegerField()
    is_chosen = models.BooleanField(default=False)

    class Meta:
        ordering = ["draw_id", "id"]
        constraints = [models.UniqueConstraint(fields=["issue", "round"], name="look_back_ticket_once")]


class LookBack(models.Model):
    """A walk bound to an issue that was struck off (体验一个、解决一个、回头看一个). Made, and ``state`` written, by
    ``issues.domain.lookback.lifecycle`` only.

    ``round``: of the issue when it was bound; ``stage``: where the problem was met. ``verdict``, ``finding`` and, where
    it failed, ``due_on`` (the new 整改时限) are entered on the walk and take effect when that is reported. Of a covert
    walk it exists, like the walk, for the people named on it only. ``ended``: why it came to nothing.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="look_backs")
    walk = models.ForeignKey(Walk, on_delete=models.CASCADE, related_name="look_backs")
    round = models.PositiveSmallIntegerField("轮次")
    stage = models.CharField("环节", max_length=10, blank=True)
    state = models.CharField("状态", max_length=20, choices=LookBackState.choices, default=LookBackState.BOUND)
    version = models.PositiveIntegerField(default=1)
    verdict = models.CharField("结论", max_length=4, choices=LookBackVerdict.choices, blank=True)
    finding = models.CharField("回头看情况", max_length=450, blank=True)
    due_on = models.DateField("新的整改时限", null=True)
    judged_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    bound_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    bound_at = models.DateTimeField("安排时间")
    ended = models.CharField("不作数的原因", max_length=300, blank=True)
    changed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["walk_id", "id"]
        constraints = [models.UniqueConstraint(fields=["issue", "walk"], name="look_back_once")]
        indexes = [models.Index(fields=["issue", "round", "state"], name="look_back_issue")]


class LookBackRequest(models.Model):
    """A unit is asked by the office to walk again for a struck-off issue. Written by ``issues.domain.lookback.asking``.

    It stands for the round it was made in: done once the issue is verified or opened anew, by whoever did it; taken
    back with ``withdrawn_at``.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="look_back_requests")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField("轮次")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField("回头看期限")
    note = models.CharField("回头看要求", max_length=300, blank=True)
    asked_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("安排时间")
    withdrawn_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    withdrawal_reason = models.CharField("撤回原因", max_length=300, blank=True)

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "round"], condition=models.Q(withdrawn_at=None), name="look_back_asked_once"
            )
        ]
        indexes = [
            models.Index(fields=["department", "due_on", "id"], name="look_back_asked_unit"),
            models.Index(fields=["campaign", "due_on", "id"], name="look_back_asked_campaign"),
        ]
