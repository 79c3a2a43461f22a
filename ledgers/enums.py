"""The choices of an import."""

from django.db import models

from campaigns.enums import TableKind

# What a batch brings in.
BATCH_KINDS = (TableKind.LEDGER, TableKind.WALKS)


class RowOutcome(models.TextChoices):
    """What an import did with a row; a row it left as it stands is not kept."""

    CREATED = "created", "新增"
    UPDATED = "updated", "更新"
