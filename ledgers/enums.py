"""The choices of an import."""

from django.db import models


class BatchKind(models.TextChoices):
    LEDGER = "ledger", "问题整改台账"
    WALKS = "walks", "走流程情况登记表"


class RowOutcome(models.TextChoices):
    """What an import did with a row; a row it left as it stands is not kept."""

    CREATED = "created", "新增"
    UPDATED = "updated", "更新"
