"""Campaigns with their rule versions and rosters, and the walks (sessions) that follow from them."""

import uuid

from django.conf import settings
from django.db import models

from accounts.models import Department, Region
from campaigns.enums import (
    ActivityKind,
    Assessment,
    CampaignState,
    Capacity,
    SessionState,
    Stage,
    WalkMode,
    WalkRole,
)
from catalogue.models import ServiceItem
from evidence.models import StoredFile

USER = settings.AUTH_USER_MODEL


class Campaign(models.Model):
    """活动, issued by an office under a notice. ``state`` is written by ``campaigns.domain.campaigns`` only."""

    code = models.CharField("代码", max_length=20, unique=True)
    name = models.CharField("名称", max_length=120)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="campaigns")
    office = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="campaigns_run")
    template = models.CharField(max_length=40)
    document_number = models.CharField("发文字号", max_length=60, blank=True)
    state = models.CharField(max_length=12, choices=CampaignState.choices, default=CampaignState.DRAFT)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-starts_on", "id"]
        indexes = [models.Index(fields=["region", "state"], name="campaign_region_state")]

    def __str__(self):
        return self.name


class RuleVersion(models.Model):
    """The campaign's rules as data, frozen once issued; old records keep the version they were made under.

    ``data`` is the canonical form of ``campaigns.domain.rulebook.Rulebook``.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="rule_versions")
    number = models.PositiveSmallIntegerField()
    data = models.JSONField()
    effective_on = models.DateField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["campaign_id", "-number"]
        constraints = [models.UniqueConstraint(fields=["campaign", "number"], name="rule_version_number")]


class RosterEntry(models.Model):
    """A unit bound by the campaign. Summaries start from here, in ``order``, so that silent units stay listed."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="roster")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="roster_entries")
    order = models.PositiveIntegerField()

    class Meta:
        ordering = ["campaign_id", "order", "id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "department"], name="roster_unit_once")]


class Receiver(models.Model):
    """Who receives an activity kind's plans and reports (L22: 走流程/坐窗口/处投诉 → 行政审批局, 跟执法 → 司法局)."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="receivers")
    activity_kind = models.CharField(max_length=30, choices=ActivityKind.choices)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="receives")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "activity_kind"], name="receiver_per_kind")]


class Session(models.Model):
    """体验: one walk of one item. ``state`` and ``version`` are written by ``campaigns.domain.sessions`` only.

    ``walk_date`` is the local date it began; ``period`` the reporting period that date falls in (stored, indexed).
    ``actual_*`` are what the walk met: days 工作日, documents 份, trips 次.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="sessions")
    rules = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="sessions")
    receiver = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="sessions_received")
    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, related_name="sessions")
    walker = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="sessions_walked")
    walker_capacity = models.CharField(max_length=10, choices=Capacity.choices)
    activity_kind = models.CharField("活动类型", max_length=30, choices=ActivityKind.choices)
    mode = models.CharField("体验形式", max_length=12, choices=WalkMode.choices)
    role = models.CharField("体验角色", max_length=10, choices=WalkRole.choices, default=WalkRole.APPLICANT)
    state = models.CharField(max_length=12, choices=SessionState.choices, default=SessionState.IN_PROGRESS)
    version = models.PositiveIntegerField(default=1)
    is_waiting = models.BooleanField("等结果", default=False)
    is_simulated = models.BooleanField("模拟体验", default=False)
    simulation_withdrawn = models.BooleanField("模拟件已撤回", default=False)
    has_authorisation = models.BooleanField("已取得委托授权", default=False)
    place = models.CharField("地点或渠道", max_length=120, blank=True)
    walk_date = models.DateField("体验日期")
    started_at = models.DateTimeField()
    ended_on = models.DateField("结束日期", null=True, blank=True)
    period = models.CharField(max_length=10)
    actual_days = models.PositiveSmallIntegerField("实际办理时限（工作日）", null=True, blank=True)
    actual_documents = models.PositiveSmallIntegerField("实交材料数", null=True, blank=True)
    actual_trips = models.PositiveSmallIntegerField("实际跑动次数", null=True, blank=True)
    zero_explained = models.CharField("未发现问题的说明", max_length=500, blank=True)
    suggestion = models.TextField("意见建议", max_length=2000, blank=True)
    return_reason = models.CharField("退回原因", max_length=500, blank=True)
    signed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)
    signed_digest = models.CharField(max_length=64, blank=True)
    reported_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-started_at"]
        indexes = [
            models.Index(fields=["department", "state", "-started_at"], name="session_unit_state"),
            models.Index(fields=["walker", "state", "-started_at"], name="session_walker_state"),
            models.Index(fields=["receiver", "state", "-started_at"], name="session_receiver_state"),
            models.Index(fields=["campaign", "period", "department", "state"], name="session_period_unit"),
        ]


class Participant(models.Model):
    """A person who took part. 人次 counts leaders (principal, deputy); the walker is always one row."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="participants")
    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="participations")
    capacity = models.CharField(max_length=10, choices=Capacity.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "user"], name="participant_once")]


class Step(models.Model):
    """One thing that happened in a walk, at a stage; appended over days, from any device."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="steps")
    stage = models.CharField("环节", max_length=10, choices=Stage.choices)
    happened_at = models.DateTimeField("时间")
    note = models.TextField("经过", max_length=2000, blank=True)
    assessment = models.CharField("评价", max_length=10, choices=Assessment.choices, blank=True)
    created_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    photos = models.ManyToManyField(StoredFile, through="StepPhoto", related_name="+")

    class Meta:
        ordering = ["happened_at", "id"]
        indexes = [models.Index(fields=["session", "happened_at", "id"], name="step_order")]


class StepPhoto(models.Model):
    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="photo_links")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="step_link")

    class Meta:
        ordering = ["id"]


class SessionEvent(models.Model):
    """What happened to a walk: append-only, one row per change of state or signed content."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20)
    actor = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["session", "at", "id"], name="session_event_order")]
