"""来件: what came with a problem that was reported rather than met on a walk."""

from django.conf import settings
from django.db import models

from issues.enums import Satisfaction
from issues.models.ledger import Issue

USER = settings.AUTH_USER_MODEL


class Incoming(models.Model):
    """Who reported a problem (反映人) and what was answered: the one place in which the ledger keeps a reporter's
    personal data, and the only one that is emptied when it is erased. Written by ``issues.domain.incoming.records``.

    ``phone`` is masked before it is stored. The reference of the reporting system is ``Issue.source_number``.
    """

    issue = models.OneToOneField(Issue, on_delete=models.CASCADE, related_name="incoming")
    name = models.CharField("反映人", max_length=60, blank=True)
    phone = models.CharField("反映人电话", max_length=40, blank=True)
    reply = models.CharField("答复", max_length=1000, blank=True)
    satisfaction = models.CharField("满意度", max_length=12, choices=Satisfaction.choices, blank=True)
    entered_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True)
    entered_at = models.DateTimeField()
    erased_at = models.DateTimeField("清除时间", null=True)
