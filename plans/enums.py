"""The choices of a plan."""

from django.db import models


class PlanState(models.TextChoices):
    """计划 states. The one writer is ``plans.domain.lifecycle``, which follows ``plans.domain.transitions``."""

    DRAFT = "draft", "起草"
    SUBMITTED = "submitted", "已报送"
    FILED = "filed", "已备案"
    RETURNED = "returned", "退回修改"
    SUPERSEDED = "superseded", "已调整"
    DISCARDED = "discarded", "已放弃"


# A plan that is not in force yet; a unit has at most one of them for a period.
IN_WRITING = (PlanState.DRAFT, PlanState.SUBMITTED, PlanState.RETURNED)
HANDED_IN = (PlanState.SUBMITTED, PlanState.FILED, PlanState.RETURNED)
GONE = (PlanState.SUPERSEDED, PlanState.DISCARDED)


class PlanActor(models.TextChoices):
    """In which part a person acts on a plan; who holds which is decided in ``plans.rules``."""

    UNIT = "unit", "报送单位"
    RECEIVER = "receiver", "接收单位"
    OFFICE = "office", "统筹办"
    SYSTEM = "system", "系统"
