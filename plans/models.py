"""Plans (体验计划), their rows and history."""

from django.conf import settings
from django.db import models

from accounts.models import Department
from campaigns.enums import ActivityKind, DelegationReason, WalkMode
from campaigns.models.campaign import Campaign, RuleVersion
from catalogue.models import ServiceItem
from plans.enums import PlanState
from walks.models import Walk

USER = settings.AUTH_USER_MODEL


class Plan(models.Model):
    """计划 of one unit for one period. ``state`` and ``version`` are written by ``plans.domain.lifecycle`` only.

    ``submitted_on`` is the day of the first complete submit, by which lateness is judged against ``due_on``. Beside the
    filed plan of a unit and period at most one stands in writing: its adjustment, which takes over when it is filed.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="plans")
    rules = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="plans")
    receiver = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="plans_received")
    period = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    round = models.PositiveSmallIntegerField("第几稿", default=1)
    due_on = models.DateField("应报日期", null=True)
    submitted_on = models.DateField("报送日期", null=True)
    submitted_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    filed_on = models.DateField("备案日期", null=True)
    filed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    return_reason = models.CharField("退回原因", max_length=500, blank=True)
    created_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["campaign_id", "period", "department__order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "period", "department"],
                condition=models.Q(state=PlanState.FILED),
                name="one_plan_in_force",
            ),
            models.UniqueConstraint(
                fields=["campaign", "period", "department"],
                condition=models.Q(state__in=[PlanState.DRAFT, PlanState.SUBMITTED, PlanState.RETURNED]),
                name="one_plan_in_writing",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "state", "id"], name="plan_unit_state"),
            models.Index(fields=["receiver", "state", "id"], name="plan_receiver_state"),
        ]


class PlanRow(models.Model):
    """One planned walk (F1). ``walk``: the walk that followed. ``noticed_at``: when the date was 报备 (W23 四).

    ``source``: in an adjustment, the row of the plan in force that this one goes on from.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="rows")
    order = models.PositiveSmallIntegerField("序号")
    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, related_name="+")
    activity_kind = models.CharField("活动类型", max_length=30, choices=ActivityKind.choices)
    mode = models.CharField("体验形式", max_length=12, choices=WalkMode.choices)
    walker = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="walks_planned")
    delegation_reason = models.CharField("委托理由", max_length=12, choices=DelegationReason.choices, blank=True)
    planned_on = models.DateField("计划时间", null=True)
    place = models.CharField("体验地点或渠道", max_length=120, blank=True)
    companions = models.JSONField("陪同人员", default=dict)
    questions = models.CharField("拟关注问题", max_length=500, blank=True)
    remark = models.CharField("备注", max_length=200, blank=True)
    noticed_at = models.DateTimeField("报备时间", null=True)
    walk = models.OneToOneField(Walk, on_delete=models.SET_NULL, related_name="plan_row", null=True)
    source = models.ForeignKey("self", on_delete=models.SET_NULL, related_name="copies", null=True)

    class Meta:
        ordering = ["plan_id", "order", "id"]
        indexes = [models.Index(fields=["walker", "planned_on", "id"], name="plan_row_walker")]


class PlanEvent(models.Model):
    """What happened to a plan: append-only, one row per change of state."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20)
    actor = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["at", "id"]
