"""配合单位: a unit that helps the responsible one with an issue."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Department
from issues.models.ledger import Issue

USER = settings.AUTH_USER_MODEL


class Cooperation(models.Model):
    """One unit that helps with one issue; made by 交办 or an import, its progress written by
    ``issues.domain.cooperation``.

    ``duty``: what it is to do, in words. ``progress``: the latest word, of ``progress_on``; the history of the issue
    keeps those before. ``done_on``: its part is done; None while it has something to do.
    """

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="cooperations")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="cooperations")
    duty = models.CharField("配合任务", max_length=500, blank=True)
    progress = models.CharField("配合进展", max_length=1000, blank=True)
    progress_on = models.DateField("进展日期", null=True)
    done_on = models.DateField("完成日期", null=True)
    noted_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["issue_id", "id"]
        constraints = [models.UniqueConstraint(fields=["issue", "department"], name="cooperation_once")]
        indexes = [models.Index(fields=["department", "issue"], condition=Q(done_on=None), name="cooperation_open")]
