"""What the commands about campaigns share."""

from datetime import date, datetime

from django.core.management.base import CommandError
from django.utils import timezone


def day_option(option: str, text: str) -> date:
    """A date given on the command line; CommandError in words when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{option} 的值“{text}”无法识别：应形如 2022-05-25。") from error


def moment_option(option: str, text: str) -> datetime:
    """A moment in Asia/Shanghai given on the command line; CommandError in words when it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{option} 的值“{text}”无法识别：应形如 2022-06-19T09:00。") from error
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
