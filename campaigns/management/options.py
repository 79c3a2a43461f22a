"""What the commands about campaigns share."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import IO

from django.core.management.base import CommandError
from django.utils import timezone

from accounts.models import User
from campaigns.models import Campaign
from core.files import Result, write_atomically
from core.oserrors import why
from core.periods import OUT_OF_RANGE, in_range


def campaign_option(code: str) -> Campaign:
    """The campaign with that code, with its region and office; CommandError in words when there is none."""
    found = Campaign.objects.filter(code=code).select_related("region", "office").first()
    if found is None:
        raise CommandError(f"没有代码为“{code}”的活动。")
    return found


def user_option(username: str) -> User | None:
    """The person to act for, None for the system; CommandError in words for nobody, or for a disabled account."""
    if not username:
        return None
    found = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise CommandError(f"没有用户“{username}”，或账号已停用。")
    return found


def output_option(path: Path, write_to: Callable[[IO[bytes]], Result]) -> Result:
    """Write the file named on the command line, whole or not at all; CommandError in words when it cannot be."""
    try:
        return write_atomically(path, write_to)
    except OSError as error:
        raise CommandError(f"无法写入 {path}：{why(error)}。") from error


def day_option(option: str, text: str) -> date:
    """A date given on the command line; CommandError in words when it is none, or none a campaign may have."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{option} 的值“{text}”无法识别：应形如 2022-05-25。") from error
    if not in_range(day):
        raise CommandError(f"{option} 的值“{text}”超出范围：{OUT_OF_RANGE}")
    return day


def moment_option(option: str, text: str) -> datetime:
    """A moment in Asia/Shanghai given on the command line; CommandError in words when it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{option} 的值“{text}”无法识别：应形如 2022-06-19T09:00。") from error
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
