"""The choices of a plan."""

from django.db import models


class PlanState(models.TextChoices):
    DRAFT = "draft", "起草"
    SUBMITTED = "submitted", "已报送"
    FILED = "filed", "已备案"
    RETURNED = "returned", "退回修改"
    SUPERSEDED = "superseded", "已调整"
    DISCARDED = "discarded", "已放弃"
