"""Walks, who takes part, their steps and history, and who may know of a covert one."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Department
from campaigns.enums import ActivityKind, Component, DelegationReason, WalkMode
from campaigns.models.campaign import Campaign, RuleVersion
from catalogue.models import ServiceItem
from evidence.models import StoredFile
from walks.enums import Assessment, Capacity, Stage, WalkRole, WalkState

USER = settings.AUTH_USER_MODEL


class Walk(models.Model):
    """体验: one walk of one item. ``state`` and ``version`` are written by ``walks.domain.lifecycle`` only.

    ``walk_date`` is the local date it began (of a covert plan: the date planned, ``started_at`` then when it was
    planned); ``period`` the reporting period that date falls in (stored, indexed). ``is_covert`` 暗访: until
    ``reported_at`` it exists only for people with a ``Clearance``. ``companions``: {CompanionKind: 人}.
    ``actual_*`` are what the walk met: days 工作日, documents 份, trips 次. ``conforms``: whether it had every 环节 the
    notice asks for, judged when it was last recorded (None: not asked for, or not recorded yet); ``shortfall``: what
    it lacked, in words. The ``*_name`` and ``promised_*`` columns are the names and the guide's figures as they stood
    when the walk began (``walks.domain.frozen``): what was signed does not follow the catalogue or the list of units.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="walks")
    rules = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="walks")
    receiver = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="walks_received")
    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, related_name="walks")
    walker = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="walks_walked")
    walker_capacity = models.CharField(max_length=10, choices=Capacity.choices)
    activity_kind = models.CharField("活动类型", max_length=30, choices=ActivityKind.choices)
    mode = models.CharField("体验形式", max_length=12, choices=WalkMode.choices)
    role = models.CharField("体验角色", max_length=10, choices=WalkRole.choices, default=WalkRole.APPLICANT)
    state = models.CharField(max_length=12, choices=WalkState.choices, default=WalkState.IN_PROGRESS)
    version = models.PositiveIntegerField(default=1)
    is_covert = models.BooleanField("暗访", default=False)
    delegation_reason = models.CharField("委托理由", max_length=12, choices=DelegationReason.choices, blank=True)
    companions = models.JSONField("陪同人员", default=dict)
    also_received_by = models.ManyToManyField(Department, related_name="+", blank=True)
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
    conforms = models.BooleanField("规定环节齐全", null=True)
    shortfall = models.CharField("未达标情况", max_length=300, blank=True)
    return_reason = models.CharField("退回原因", max_length=500, blank=True)
    item_name = models.CharField("事项名称", max_length=120)
    department_name = models.CharField("体验单位", max_length=80)
    receiver_name = models.CharField("接收单位", max_length=80)
    walker_name = models.CharField("体验人", max_length=220)
    promised_days = models.PositiveSmallIntegerField("承诺时限（工作日）", null=True)
    promised_documents = models.PositiveSmallIntegerField("承诺材料数", null=True)
    promised_steps = models.PositiveSmallIntegerField("承诺环节数", null=True)
    promised_trips = models.PositiveSmallIntegerField("承诺跑动次数", null=True)
    signed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    signer_name = models.CharField("签字人", max_length=220, blank=True)
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
            models.Index(fields=["department", "state", "-started_at"], name="walk_unit_state"),
            models.Index(fields=["walker", "state", "-started_at"], name="walk_walker_state"),
            models.Index(fields=["receiver", "state", "-started_at"], name="walk_receiver_state"),
            models.Index(fields=["campaign", "period", "department", "state"], name="walk_period_unit"),
            models.Index(fields=["campaign", "department", "walk_date"], name="walk_unit_date"),
            models.Index(fields=["campaign", "item"], name="walk_item"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(is_covert=False) | Q(companions={}), name="covert_walk_is_alone"),
        ]

    @property
    def is_hidden(self) -> bool:
        """A covert walk not yet reported: it exists for the people named only."""
        return self.is_covert and self.reported_at is None


class Clearance(models.Model):
    """Who may know of a covert walk before it is reported (M18 三2); rows, never roles: a role only subtracts.

    The walker, the people the walker names, and named readers in the receiving office. Written by
    ``walks.domain.covert_planning``.
    """

    walk = models.ForeignKey(Walk, on_delete=models.CASCADE, related_name="clearances")
    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="clearances")
    granted_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()

    class Meta:
        ordering = ["walk_id", "id"]
        constraints = [models.UniqueConstraint(fields=["walk", "user"], name="clearance_once")]
        indexes = [models.Index(fields=["user", "walk"], name="clearance_user")]


class Participant(models.Model):
    """A person who took part. 人次 counts leaders (principal, deputy); the walker is always one row."""

    walk = models.ForeignKey(Walk, on_delete=models.CASCADE, related_name="participants")
    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="participations")
    capacity = models.CharField(max_length=10, choices=Capacity.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["walk", "user"], name="participant_once")]


class Withdrawable(models.Model):
    """What may be taken back with a reason while its walk is open (``walks.domain.withdrawal``), and is kept."""

    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    withdrawn_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_reason = models.CharField("撤回原因", max_length=200, blank=True)

    class Meta:
        abstract = True


class Step(Withdrawable):
    """One thing that happened in a walk, appended over days, from any device: at a ``stage`` of the service, or one
    piece of a ``component`` the activity must have (L22 二: 业务检查 of one item, one callback, a 座谈…).

    Of a component: ``item`` that was checked, ``item_name`` as it was then; ``personal`` who was called or took part
    (``person_digest`` is its digest), ``served_on`` the day that person was served, ``is_valid`` reached and answered;
    ``ratings``: {element of the notice: Rating}. ``public_id`` stands for it in addresses: a running number over all
    walks would show by its gaps that there are others.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    walk = models.ForeignKey(Walk, on_delete=models.CASCADE, related_name="steps")
    stage = models.CharField("环节", max_length=10, choices=Stage.choices, blank=True)
    component = models.CharField("规定环节", max_length=20, choices=Component.choices, blank=True)
    happened_at = models.DateTimeField("时间")
    note = models.TextField("经过", max_length=2000, blank=True)
    assessment = models.CharField("评价", max_length=10, choices=Assessment.choices, blank=True)
    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, related_name="+", null=True)
    item_name = models.CharField("检查事项", max_length=120, blank=True)
    person_digest = models.CharField(max_length=64, blank=True)
    served_on = models.DateField("办理或咨询日期", null=True)
    is_valid = models.BooleanField("有效回访", default=False)
    ratings = models.JSONField("要素评价", default=dict)
    created_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    photos = models.ManyToManyField(StoredFile, through="StepPhoto", related_name="+")

    class Meta:
        ordering = ["happened_at", "id"]
        indexes = [models.Index(fields=["walk", "happened_at", "id"], name="step_order")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(component="") & ~Q(stage="")) | (Q(stage="") & ~Q(component="")),
                name="step_of_stage_or_component",
            ),
        ]

    @property
    def place_label(self) -> str:
        """受理, or 业务检查 where the step is of a component."""
        return Component(self.component).brief if self.component else Stage(self.stage).label

    @property
    def person(self) -> str:
        """Who was called or took part; "" when nobody was noted or the name was erased."""
        return self.personal.name if hasattr(self, "personal") else ""

    @property
    def phone(self) -> str:
        """The masked phone number; "" when none was noted or it was erased."""
        return self.personal.phone if hasattr(self, "personal") else ""

    @property
    def is_person_erased(self) -> bool:
        return hasattr(self, "personal") and self.personal.erased_at is not None


class StepPerson(models.Model):
    """The citizen behind a step: the one place in which a walk keeps personal data. Written by
    ``walks.domain.personal``.

    ``Step.person_digest`` is SHA-256 over ``salt``, ``name`` and ``phone`` (masked before it is stored); a signature
    covers that digest. Erasing empties all three: what was signed still verifies, and without the salt nobody can find
    the value by trying.
    """

    step = models.OneToOneField(Step, on_delete=models.CASCADE, related_name="personal")
    name = models.CharField("对象或参加人员", max_length=200, blank=True)
    phone = models.CharField("联系电话", max_length=20, blank=True)
    salt = models.CharField(max_length=32, blank=True)
    erased_at = models.DateTimeField("清除时间", null=True)


class StepPhoto(Withdrawable):
    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="photo_links")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="step_link")

    class Meta:
        ordering = ["id"]


class StampedPage(models.Model):
    """签字盖章件 (W23 六（三）): a picture of the paper that principal and unit signed and stamped.

    ``digest``: of what was signed (``Walk.signed_digest``); handed in anew, the walk brings a paper of its own.
    """

    walk = models.ForeignKey(Walk, on_delete=models.CASCADE, related_name="stamped_pages")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="stamped_link")
    digest = models.CharField(max_length=64)
    added_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class WalkEvent(models.Model):
    """What happened to a walk: append-only, one row per change of state or signed content.

    ``subject``: public id of the step, record or problem that was taken back; a problem's row is gone by then.
    """

    walk = models.ForeignKey(Walk, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20)
    actor = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)
    subject = models.UUIDField(null=True, editable=False)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["walk", "at", "id"], name="walk_event_order")]


class Draw(models.Model):
    """随机抽取 of service items for a 业务检查 (L22 二（一）2: 2-3项). Written by ``walks.domain.draws`` only.

    ``pool`` and ``drawn`` are item ids in order; the same ``seed`` over the same pool draws the same again. A further
    draw needs a reason and leaves the earlier ones standing (database trigger).
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="draws")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="draws")
    month = models.CharField(max_length=7)
    number = models.PositiveSmallIntegerField("第几次抽取", default=1)
    seed = models.CharField("随机种子", max_length=64)
    pool = models.JSONField()
    drawn = models.JSONField()
    reason = models.CharField("重抽原因", max_length=200, blank=True)
    drawn_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()

    class Meta:
        ordering = ["campaign_id", "department_id", "-month", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "department", "month", "number"], name="draw_number")
        ]
