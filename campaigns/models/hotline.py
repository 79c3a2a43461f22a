"""12345 figures of a month, and the units listed to follow tickets."""

from django.conf import settings
from django.db import models

from accounts.models import Department
from campaigns.enums import HotlineState
from campaigns.models.campaign import Campaign

USER = settings.AUTH_USER_MODEL


class HotlineMonth(models.Model):
    """A month of 12345 figures, and the 跟单处理单位 it gives for the next (L22 一（二）3, 三（四）).

    ``state`` is written by ``campaigns.domain.hotline`` only; once issued neither figures nor list change (trigger).
    ``cut``: how many units at the head of the ranking are listed; ``duty_month`` is the month they serve (``2022-07``).
    ``changed_by``, ``changed_at``: who brought the figures or chose the list last, and when.
    ``made_by``: the unit whose people brought the figures, and issued the list (L22: 县行政审批局每月统计).
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="hotline_months")
    month = models.CharField("统计月份", max_length=7)
    duty_month = models.CharField("跟单月份", max_length=7)
    state = models.CharField(max_length=10, choices=HotlineState.choices, default=HotlineState.DRAFT)
    cut = models.PositiveSmallIntegerField("列入单位数", null=True)
    made_by = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+", null=True)
    file_name = models.CharField(max_length=200, blank=True)
    changed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    changed_at = models.DateTimeField(null=True)
    issued_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    issued_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["campaign_id", "-month"]
        constraints = [models.UniqueConstraint(fields=["campaign", "month"], name="hotline_month_once")]


class HotlineRow(models.Model):
    """One unit's tickets (件) of a month. ``types`` 问题类型 and ``field`` 所属领域 as the hotline writes them."""

    month = models.ForeignKey(HotlineMonth, on_delete=models.CASCADE, related_name="rows")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="hotline_rows")
    tickets = models.PositiveIntegerField("工单数")
    types = models.CharField("问题类型", max_length=200, blank=True)
    field = models.CharField("所属领域", max_length=100, blank=True)
    is_listed = models.BooleanField("跟单处理单位", default=False)

    class Meta:
        ordering = ["month_id", "-tickets", "department__order", "id"]
        constraints = [models.UniqueConstraint(fields=["month", "department"], name="hotline_row_once")]
