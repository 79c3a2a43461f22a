"""The backup of every day with the notices about it."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from accounts.domain.people import administrators
from accounts.enums import AccountKind
from core.backup import nightly, status
from evidence.domain.names import stored_names
from notifications.domain.notices import Draft, close, ensure
from walkthrough import __version__

DUTY = "backup"


def run(now: datetime) -> nightly.BackupOutcome:
    """Side effects: those of ``core.backup.nightly.back_up``; when it failed the system administrators are told, once a
    day; when it succeeded what they were told before is closed."""
    outcome = nightly.back_up(stored_names=stored_names, version=__version__, now=now)
    if outcome is nightly.BackupOutcome.FAILED:
        _tell(now)
    elif outcome is nightly.BackupOutcome.MADE:
        close([DUTY], now=now)
    return outcome


def _tell(now: datetime) -> None:
    day, reason = timezone.localdate(now), status.read().reason
    drafts = [
        Draft(
            recipient_id=user_id,
            kind="backup",
            key=f"backup-failed:{day}",
            text=f"{day:%Y年%-m月%-d日}的备份没有写成：{reason}以前的备份没有删除。",
            right="",
            link=reverse("system"),
            duty=DUTY,
        )
        for user_id in administrators(AccountKind.SYSADMIN)
    ]
    ensure(drafts, now=now)
