"""What the commands about campaigns share."""

from datetime import date

from django.core.management.base import CommandError


def day_option(option: str, text: str) -> date:
    """A date given on the command line; CommandError in words when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{option} 的值“{text}”无法识别：应形如 2022-05-25。") from error
