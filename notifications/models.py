"""In-app notices: the one place a reminder or a hand-over reaches a person. Knows no Issue."""

import uuid

from django.conf import settings
from django.db import models


class Notice(models.Model):
    """One message to one person, at most once per ``dedupe_key``. Written by ``notifications.domain.notices``.

    ``superseded`` marks a reminder that was missed while the system was off and is covered by a more urgent one:
    it exists for the record (已合并) and does not count as unread. ``batch`` names the call that made the row.
    ``duty``: what a reminder reminds of, "" for every other notice; once the duty is done ``closed_at`` says since when
    (已办结), and the reminder counts as unread no more.
    ``right``: the right by which the recipient may open it (``accounts.scope.Post.right``); without it the notice is
    not seen. Empty: nothing but the account is needed.
    ``public_id`` stands for it on the page: a running number would reveal how many other people have.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=30)
    text = models.CharField("内容", max_length=300)
    right = models.CharField(max_length=60, blank=True)
    link = models.CharField(max_length=200, blank=True)
    dedupe_key = models.CharField(max_length=120, unique=True)
    superseded = models.BooleanField("已合并", default=False)
    duty = models.CharField(max_length=60, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True)
    batch = models.UUIDField()
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["recipient", "-created_at", "-id"], name="notice_inbox"),
            models.Index(
                fields=["recipient"],
                condition=models.Q(read_at=None, superseded=False, closed_at=None),
                name="notice_unread",
            ),
            models.Index(
                fields=["duty"], condition=models.Q(closed_at=None) & ~models.Q(duty=""), name="notice_open_duty"
            ),
        ]
