"""What people keep of the ledger's list: conditions under a name, columns under a name, the columns they look at."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Department
from issues.enums import Audience, SavedKind

USER = settings.AUTH_USER_MODEL


class SavedView(models.Model):
    """A filter of the ledger (its conditions), a set of columns for export, or the columns a person looks at. Written
    by ``issues.domain.saved`` only.

    It holds words, never rows: whoever uses it gets the rows of the own scope. ``query``: the address of a filter,
    without its place; ``columns``: keys of ``issues.columns.LEDGER``. ``department``: whose people share it; of what is
    shared by 统筹办 the office, and then everybody who works in its region has it; None where it is the owner's alone.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=8, choices=SavedKind.choices)
    audience = models.CharField("谁可以用", max_length=8, choices=Audience.choices, default=Audience.OWN)
    owner = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="+", null=True)
    name = models.CharField("名称", max_length=20, blank=True)
    query = models.CharField(max_length=2000, blank=True)
    columns = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["saved_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(audience=Audience.OWN, department=None)
                | (~Q(audience=Audience.OWN) & Q(department__isnull=False)),
                name="saved_view_audience",
            ),
            models.UniqueConstraint(
                fields=["owner", "kind", "name"], condition=Q(audience=Audience.OWN), name="saved_view_own_name"
            ),
            models.UniqueConstraint(
                fields=["department", "audience", "kind", "name"],
                condition=~Q(audience=Audience.OWN),
                name="saved_view_shared_name",
            ),
        ]

    def __str__(self):
        return self.name
