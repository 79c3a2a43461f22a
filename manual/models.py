"""意见建议: what a user wrote about the product, and what 系统管理员 answered."""

import uuid

from django.conf import settings
from django.db import models

TEXT_LIMIT = 1000


class Suggestion(models.Model):
    """``about``: the heading of the manual that speaks of the page it was written on, "" for none. Answered once."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=100, blank=True, default="")
    text = models.TextField(max_length=TEXT_LIMIT)
    sent_at = models.DateTimeField()
    answer = models.TextField(max_length=TEXT_LIMIT, blank=True, default="")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_at=None, answered_by=None, answer="")
                | models.Q(answered_at__isnull=False, answered_by__isnull=False) & ~models.Q(answer=""),
                name="suggestion_is_answered_whole",
            )
        ]
        indexes = [
            models.Index(fields=["author", "sent_at", "id"], name="suggestion_author"),
            models.Index(fields=["answered_at", "sent_at", "id"], name="suggestion_answered"),
            models.Index(fields=["sent_at", "id"], name="suggestion_sent"),
        ]

    def __str__(self):
        return f"{self.sent_at:%Y-%m-%d} {self.text[:20]}"
