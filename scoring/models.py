"""Objections to scores, manual points, settled scores."""

from django.conf import settings
from django.db import models

from accounts.models import Department
from campaigns.models import Campaign, RuleVersion
from scoring.enums import ScoreState

USER = settings.AUTH_USER_MODEL


class ScoreMatter(models.Model):
    """What people add to the score of one unit for one period: at which ``point`` of the rubric (its name), by how
    many tenths of a 分 (``amount``), why (``text``), and what the other side said (``answer``)."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    period = models.CharField("期间", max_length=10)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    point = models.CharField("评分项", max_length=40)
    text = models.CharField("情况", max_length=500)
    amount = models.PositiveSmallIntegerField("分值（十分之一分）", default=0)
    state = models.CharField(max_length=10, choices=ScoreState.choices, default=ScoreState.OPEN)
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    answer = models.CharField("答复", max_length=500, blank=True)
    answered_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class ScoreObjection(ScoreMatter):
    """申诉 of a unit against one point; agreed to, ``amount`` goes back to its score. Written by
    ``scoring.domain.lifecycle`` only."""

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "period", "department", "point"],
                condition=models.Q(state=ScoreState.OPEN),
                name="one_open_objection",
            )
        ]
        indexes = [models.Index(fields=["campaign", "period", "department"], name="score_objection_period")]


class ScoreNote(ScoreMatter):
    """人工评定: noted by one person of the office, it counts once another one has agreed. Written by
    ``scoring.domain.lifecycle`` only."""

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["campaign", "period", "department"], name="score_note_period")]


class ScoreSheet(models.Model):
    """The scores of a period as they were settled, a version each time; triggers on both databases refuse every later
    write. Written by ``scoring.domain.freeze`` only.

    ``data`` holds every unit's lines with the records they count; ``digest`` is SHA-256 over its canonical JSON;
    ``rules`` the version whose rubric it was scored by; ``as_of`` the day on which it was judged; ``receivers``
    {id of a unit: ids of the units that received its activities in the period}, by which a lead reads its score.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="score_sheets")
    period = models.CharField("期间", max_length=10)
    version = models.PositiveSmallIntegerField("版次")
    rules = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="+")
    data = models.JSONField()
    receivers = models.JSONField(default=dict)
    as_of = models.DateField("统计日")
    digest = models.CharField(max_length=64)
    reason = models.CharField("更正原因", max_length=500, blank=True)
    frozen_at = models.DateTimeField("确定时间")
    frozen_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["campaign", "period", "version"], name="score_sheet_version")]
