"""Campaigns with their rule versions, rosters, receivers, due dates and must-walk items."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.enums import DepartmentKind
from accounts.models import Department, Region
from campaigns.enums import ActivityKind, CampaignState, DeadlineAnswer, DeadlineKind, Provenance
from catalogue.models import ServiceItem

USER = settings.AUTH_USER_MODEL


class Campaign(models.Model):
    """活动, issued by an office under a notice. ``state`` is written by ``campaigns.domain.states`` only.

    ``letterhead``: the 发文机关标志 of the red head on papers the office issues; empty: they are plain. ``publisher``:
    which of several offices of the region publishes the periods (F16); None: any of them. ``follows``: the campaign it
    goes on from, as whose copy it was drawn up. ``left_open``: in words, what was not finished when it was summed up
    (总结) and was confirmed so. Archived, neither it nor what is recorded under it changes (triggers).
    """

    code = models.CharField("代码", max_length=20, unique=True)
    name = models.CharField("名称", max_length=120)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="campaigns")
    office = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="campaigns_run")
    template = models.CharField(max_length=40)
    document_number = models.CharField("发文字号", max_length=60, blank=True)
    document_dated_on = models.DateField("成文日期", null=True)
    letterhead = models.CharField("发文机关标志", max_length=30, blank=True)
    publisher = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", null=True)
    state = models.CharField(max_length=12, choices=CampaignState.choices, default=CampaignState.DRAFT)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    is_demo = models.BooleanField(default=False)
    created_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    issued_at = models.DateTimeField("印发时间", null=True)
    follows = models.ForeignKey("self", on_delete=models.PROTECT, related_name="followed_by", null=True)
    left_open = models.JSONField("总结时尚未完成", default=list)
    summarised_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    summarised_at = models.DateTimeField("总结时间", null=True)
    archived_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    archived_at = models.DateTimeField("归档时间", null=True)

    class Meta:
        ordering = ["-starts_on", "id"]
        indexes = [models.Index(fields=["region", "state"], name="campaign_region_state")]

    def __str__(self):
        return self.name


class RuleVersion(models.Model):
    """The campaign's rules as data; old records keep the version they were made under.

    ``data`` is the canonical form of ``campaigns.domain.rulebook.rulebook.Rulebook``. A version is a draft, which the
    office edits, until ``issued_at``; then it never changes (database trigger) and holds from ``effective_on``.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="rule_versions")
    number = models.PositiveSmallIntegerField()
    data = models.JSONField()
    effective_on = models.DateField("生效日期")
    reason = models.CharField("调整原因", max_length=200, blank=True)
    created_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    issued_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["campaign_id", "-number"]
        constraints = [models.UniqueConstraint(fields=["campaign", "number"], name="rule_version_number")]


class RosterEntry(models.Model):
    """A unit bound by the campaign. Summaries start from here, in ``order``, so that none is left out.

    ``left_on``: from that day the unit owes nothing new (abolished, or taken off the list); its records stay.
    ``joined_on``: a unit taken in later owes nothing that fell due before; None for those bound from the start.
    ``away``: earlier absences of a unit that left and came back, as [first day off, day it came back] in ISO form.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="roster")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="roster_entries")
    order = models.PositiveIntegerField()
    joined_on = models.DateField("加入日期", null=True)
    left_on = models.DateField("退出日期", null=True)
    away = models.JSONField("曾退出期间", default=list)

    class Meta:
        ordering = ["campaign_id", "order", "id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "department"], name="roster_unit_once")]


class Receiver(models.Model):
    """Who receives an activity kind's plans and reports from units of a kind (empty: any), and who comes next.

    L22: 走流程、坐窗口、处投诉 → 行政审批局, 跟执法 → 司法局, both → 营商办. F16: two receivers, of whom the first
    (``order`` 0) leads. ``then`` empty: the coordinating office. A row holds from ``since`` (None: from the start)
    until the day before ``until`` (None: it still does): who received in a past period stays on record.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="receivers")
    activity_kind = models.CharField(max_length=30, choices=ActivityKind.choices)
    unit_kind = models.CharField(max_length=10, choices=DepartmentKind.choices, blank=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="receives")
    then = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", null=True)
    order = models.PositiveSmallIntegerField(default=0)
    since = models.DateField("自何日起", null=True)
    until = models.DateField("至何日止（不含）", null=True)
    reason = models.CharField("调整原因", max_length=200, blank=True)

    class Meta:
        ordering = ["campaign_id", "activity_kind", "unit_kind", "order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "activity_kind", "unit_kind", "department"],
                condition=Q(until=None),
                name="receiver_once",
            ),
            models.UniqueConstraint(
                fields=["campaign", "activity_kind", "unit_kind"],
                condition=Q(order=0, until=None),
                name="one_lead_per_route",
            ),
        ]


class Deadline(models.Model):
    """A due date as it was shown. Written by ``campaigns.domain.deadlines`` only.

    ``is_provisional`` 暂定: it depends on a year whose calendar is not announced. When the calendar or the rules give
    another date later than the shown one, ``due_on`` follows; an earlier one waits in ``proposed_on`` for the office,
    who lets it hold or drops it (``kept_on``: the date dropped last, not proposed again). ``answer``, ``answered_by``,
    ``answered_at``: what the office said to the last earlier date, until another is proposed.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="deadlines")
    rules = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=DeadlineKind.choices)
    period = models.CharField(max_length=10)
    starts_on = models.DateField()
    ends_on = models.DateField()
    due_on = models.DateField("截止日期")
    first_due_on = models.DateField("首次公布日期")
    is_provisional = models.BooleanField("暂定", default=False)
    proposed_on = models.DateField("待批准的新日期", null=True)
    kept_on = models.DateField(null=True)
    answer = models.CharField("答复", max_length=8, choices=DeadlineAnswer.choices, blank=True)
    answered_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["campaign_id", "due_on", "id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "kind", "period"], name="deadline_once")]
        indexes = [models.Index(fields=["campaign", "due_on", "id"], name="deadline_order")]


class PoolItem(models.Model):
    """必走事项: an item that must be walked, with where it comes from (H22 益阳: 亲点、申报、征集)."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="pool")
    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, related_name="pools")
    provenance = models.CharField("来源", max_length=10, choices=Provenance.choices)
    note = models.CharField("说明", max_length=200, blank=True)
    added_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["campaign_id", "item__department__order", "item__order", "id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "item"], name="pool_item_once")]
