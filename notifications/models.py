"""In-app notices: the one place a reminder or a hand-over reaches a person; and the channels that tell people outside
the system that some wait. Knows no Issue."""

import uuid

from django.conf import settings
from django.db import models

from notifications.enums import ChannelKind, DeliveryKind, DeliveryState, Reach


class Notice(models.Model):
    """One message to one person, at most once per ``dedupe_key``. Written by ``notifications.domain.notices``.

    ``superseded`` marks a reminder that was missed while the system was off and is covered by a more urgent one:
    it exists for the record (已合并) and does not count as unread. ``batch`` names the call that made the row.
    ``duty``: what a reminder reminds of, "" for every other notice; once the duty is done ``closed_at`` says since when
    (已办结), and the reminder counts as unread no more.
    ``right``: the right by which the recipient may open it (``accounts.scope.Post.right``); without it the notice is
    not seen. Empty: nothing but the account is needed.
    ``reach``: who learns of it outside, and when; ``inside`` for what concerns a covert walk nobody has reported.
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
    reach = models.CharField(max_length=8, choices=Reach.choices, default=Reach.DIGEST)

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
            models.Index(fields=["link"], condition=models.Q(closed_at=None), name="notice_open_link"),
        ]


class Channel(models.Model):
    """A channel, as 系统管理员 has set it up. Written by ``notifications.domain.channels``.

    ``sealed``: its settings, encrypted (``core.sealed``). ``version`` counts how often they were changed.
    """

    kind = models.CharField("渠道", max_length=10, choices=ChannelKind.choices, unique=True)
    is_on = models.BooleanField("启用", default=False)
    sealed = models.TextField()
    version = models.PositiveIntegerField(default=1)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()


class MailAddress(models.Model):
    """Where a person wants mail; entered by that person, removed with one press."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_address")
    address = models.EmailField("电子邮箱", max_length=120)
    set_at = models.DateTimeField()


class Delivery(models.Model):
    """One message that leaves the system, at most once per ``key``. Written by ``notifications.domain.sending``.

    It holds how many notices wait (``count`` 条, of ``people`` 人) and nothing of them. ``recipient``: None for a
    group. ``mail_to``: the address of a test. ``next_at``: when it is tried (again); ``leased_until``: until when one
    process has it. ``public_id`` names it on pages and, with mail, as its Message-ID: a mail that is sent twice because
    a process died is one message to the reader's mailbox.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="deliveries")
    kind = models.CharField("种类", max_length=8, choices=DeliveryKind.choices)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="deliveries", null=True
    )
    mail_to = models.CharField(max_length=120, blank=True)
    key = models.CharField(max_length=120, unique=True)
    count = models.PositiveIntegerField("条数")
    people = models.PositiveIntegerField("人数", default=1)
    state = models.CharField("状态", max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    next_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    error = models.CharField("未送达原因", max_length=200, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        indexes = [
            models.Index(fields=["next_at", "id"], condition=models.Q(state="waiting"), name="delivery_waiting"),
            models.Index(fields=["state", "-made_at", "-id"], name="delivery_state"),
            models.Index(fields=["recipient", "channel", "kind", "-made_at"], name="delivery_recipient"),
        ]
