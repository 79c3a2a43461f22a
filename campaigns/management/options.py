"""What the commands about campaigns share."""

from datetime import date, datetime

from django.core.management.base import CommandError
from django.utils import timezone

from core.periods import OUT_OF_RANGE, in_range


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
