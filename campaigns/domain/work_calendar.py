"""Changing the calendar of working days: each change is audited, and every due date follows it at once.

The days themselves are written by `core.calendar`. The due dates of running campaigns live here, so this is where the
use case stands; a shown date never comes forward without the office (see `campaigns.domain.deadlines`).
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from campaigns.domain.deadlines import refresh_all
from core import audit
from core.calendar import SpecialDay, drop_day, edited_rows, lock_days, special_days, write_days
from core.conflicts import taken_already
from core.content_token import content_token, require_unchanged
from core.exceptions import OWN, IllegalTransition, Refused, StaleVersion

FIRST_YEAR, LAST_YEAR = 2000, 2099
REMOVED = "calendar.day_removed"


@dataclass(frozen=True)
class CalendarChange:
    """``days`` really changed, ``deadlines`` (项) that moved or wait for an office because of it."""

    days: int
    deadlines: int


@transaction.atomic
def set_day(
    *,
    day: date,
    is_workday: bool,
    name: str,
    source: str,
    actor: User,
    now: datetime | None = None,
    seen: str | None = None,
) -> CalendarChange:
    """One day rests or works whatever the package says; raises Refused without a source (依据).

    Side effects in order: the day; an audit entry; due dates and notices of ``refresh_all``. None when nothing changed.
    ``seen``: ``token_of_edits`` when a person opened the page; StaleVersion when any day was edited since.
    """
    _require(source, [day])
    _require_seen(seen)
    changed = write_days([SpecialDay(day, is_workday, name.strip(), source.strip())])
    detail = {"works": "上班" if is_workday else "放假", "source": source.strip()}
    return _follow(changed, actor, "calendar.day_set", str(day), detail, now)


@transaction.atomic
def remove_day(*, day: date, actor: User, seen: str, now: datetime | None = None) -> CalendarChange:
    """The day is again what the official notice, or Monday to Friday, makes it; ``seen``: ``token_of_day`` of what the
    page showed.

    Side effects as ``set_day``. Raises IllegalTransition when the day is not edited (any more), saying who undid it and
    when; StaleVersion, telling what it is now, when it was edited again since.
    """
    lock_days()
    edited = next((one for one in special_days(day.year) if one.date == day and one.is_edited), None)
    if edited is None:
        raise _not_edited(day)
    _require_day_seen(edited, seen)
    drop_day(day)
    return _follow(1, actor, REMOVED, str(day), {}, now)


@transaction.atomic
def load_year(
    *,
    year: int,
    days: list[SpecialDay],
    source: str,
    actor: User,
    now: datetime | None = None,
    seen: str | None = None,
) -> CalendarChange:
    """Enter a whole year's notice, read by ``holiday_notice``; days edited before and not named in it stay.

    Side effects and ``seen`` as ``set_day``. The year counts as announced from here on, so that nothing in it is 暂定
    any more.
    """
    _require(source, [one.date for one in days])
    _require_seen(seen)
    named = [SpecialDay(one.date, one.is_workday, one.name, source.strip()) for one in days]
    changed = write_days(named)
    detail = {"rows": len(days), "source": source.strip()}
    return _follow(changed, actor, "calendar.year_loaded", str(year), detail, now)


def token_of_day(day: SpecialDay) -> str:
    """Of what the page shows of one edited day."""
    return content_token([str(day.date), day.is_workday, day.name, day.source])


def token_of_edits() -> str:
    """Of every day edited so far; one query."""
    return content_token(edited_rows())


def _not_edited(day: date) -> IllegalTransition:
    who, at = audit.last_done(REMOVED, object_type="calendar", object_key=day)
    words = f"{day} 的修改已经撤销" if at else f"{day} 没有修改过"
    return taken_already(words, who, at, rule="calendar.day")


def _require_seen(seen: str | None) -> None:
    if seen is not None:
        lock_days()
        require_unchanged(what="工作日历", seen=seen, now=token_of_edits())


def _require_day_seen(edited: SpecialDay, seen: str) -> None:
    if token_of_day(edited) != seen:
        works = "上班" if edited.is_workday else "放假"
        now = f"现在是{works}，名称“{edited.name or '无'}”，依据“{edited.source}”"
        rest = f"{now}，未撤销。请核对后再撤销。"
        said, own = f"{edited.date} 在本页打开以后已有改动，{rest}", f"{OWN}刚修改了 {edited.date}，{rest}"
        raise StaleVersion(said, rule="calendar.stale", own=own)


def _require(source: str, days: list[date]) -> None:
    if not source.strip():
        raise Refused("请写明依据，如国务院办公厅通知的文号。", fields={"source": "请写明依据"})
    if any(not FIRST_YEAR <= day.year <= LAST_YEAR for day in days):
        raise Refused(f"日期应在 {FIRST_YEAR} 至 {LAST_YEAR} 年之间。", fields={"date": "日期超出范围"})


def _follow(changed: int, actor: User, action: str, key: str, detail: dict, now: datetime | None) -> CalendarChange:
    if not changed:
        return CalendarChange(0, 0)
    now = now or timezone.now()
    audit.record(actor=actor, action=action, object_type="calendar", object_key=key, detail=detail)
    return CalendarChange(changed, refresh_all(today=timezone.localtime(now).date(), now=now))
