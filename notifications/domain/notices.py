"""Make, read and count in-app notices. The unique key decides; running twice sends once."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.text import Truncator

from accounts.models import User
from accounts.scope import scope_of
from notifications.enums import Reach
from notifications.models import Notice

LONGEST = 300  # characters of a notice; a longer text is cut and ends in …
ROW = ("id", "public_id", "text", "link", "superseded", "closed_at", "created_at", "read_at")
CHUNK = 200  # rows per insert: SQLite bounds the variables of one statement


@dataclass(frozen=True)
class Draft:
    """A notice that must exist. ``key`` names (what, kind, date) and is unique together with the recipient.

    ``right``: by which the recipient may open ``link`` (``accounts.scope.rights_to_open``); "" where the account alone
    is enough. ``duty``: what a reminder reminds of, by which ``close`` finds it. ``reach``: who learns of it
    outside; what concerns a covert walk nobody has reported stays inside.
    """

    recipient_id: int
    kind: str
    key: str
    text: str
    right: str
    link: str = ""
    superseded: bool = False
    duty: str = ""
    reach: str = Reach.DIGEST

    @property
    def dedupe_key(self) -> str:
        return f"{self.key}:{self.recipient_id}"


@dataclass(frozen=True, slots=True)
class OpenReminder:
    """A reminder that nobody has closed; ``key``: the key of its draft and the recipient."""

    pk: int
    duty: str
    key: str


@dataclass(frozen=True, slots=True)
class ToldPerson:
    """Who reads what; ``is_merged``: kept for the record alone (已合并)."""

    username: str
    label: str
    kind: str
    text: str
    is_merged: bool


@transaction.atomic
def ensure(drafts: list[Draft], *, now: datetime | None = None) -> int:
    """Insert the notices that do not exist yet; return how many were new.

    Safe in two processes at once: the database's unique key keeps the first, the other's insert does nothing. One that
    exists and was closed at a time that is still to come, by a clock that ran ahead, is opened again.
    """
    now, batch = now or timezone.now(), uuid.uuid4()
    wanted = list({draft.dedupe_key: draft for draft in drafts}.values())
    new = 0
    for start in range(0, len(wanted), CHUNK):
        new += _insert_missing(wanted[start : start + CHUNK], now, batch)
    return new


def _insert_missing(drafts: list[Draft], now: datetime, batch: uuid.UUID) -> int:
    keys = [draft.dedupe_key for draft in drafts]
    have = dict(Notice.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", "closed_at"))
    # ``now`` was taken when the run began: what was done since then stays closed.
    present = max(now, timezone.now())
    if too_soon := [key for key, closed_at in have.items() if closed_at and closed_at > present]:
        Notice.objects.filter(dedupe_key__in=too_soon).update(closed_at=None)
    rows = [
        Notice(
            recipient_id=draft.recipient_id,
            kind=draft.kind,
            text=Truncator(draft.text).chars(LONGEST, truncate="…"),
            right=draft.right,
            link=draft.link,
            dedupe_key=draft.dedupe_key,
            superseded=draft.superseded,
            duty=draft.duty,
            reach=draft.reach,
            batch=batch,
            created_at=now,
        )
        for draft in drafts
        if draft.dedupe_key not in have
    ]
    if not rows:
        return 0
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return Notice.objects.filter(dedupe_key__in=keys, batch=batch).count()


def notices_visible_to(user: User) -> QuerySet[Notice]:
    """A person's own notices about what the person may still open, newest first; merged ones stay listed."""
    return Notice.objects.filter(recipient=user, right__in=("", *scope_of(user).rights))


def unread(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """Those of the given notices that still ask for attention: merged ones and those of a duty that is done do not."""
    return notices.filter(read_at=None, superseded=False, closed_at=None)


def unread_count(user: User) -> int:
    """In 条, shown in the header of every page."""
    return unread(notices_visible_to(user)).count()


def notice_rows(notices: QuerySet[Notice]) -> list[dict]:
    """The rows of a page, one query."""
    return [dict(row) for row in notices.values(*ROW)]


def mark_read(*, user: User, ids: Iterable[int] | None = None) -> int:
    """Mark the given (or all) notices of this person as read; returns how many changed."""
    rows = Notice.objects.filter(recipient=user, read_at=None)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    return rows.update(read_at=timezone.now())


def open_reminders(prefix: str) -> list[OpenReminder]:
    """The reminders that nobody has closed, of duties whose name begins so; one query."""
    rows = _open().filter(duty__startswith=prefix).order_by("pk").values_list("pk", "duty", "dedupe_key")
    return [OpenReminder(*row) for row in rows]


@transaction.atomic
def close(duties: Iterable[str], *, now: datetime | None = None) -> int:
    """These duties are done: their reminders ask for nothing any more; returns how many (条) were open."""
    return _close("duty__in", sorted(set(duties)), now)


@transaction.atomic
def close_reminders(ids: Iterable[int], *, now: datetime | None = None) -> int:
    """These reminders (ids of notices) ask for nothing any more; returns how many (条) were open."""
    return _close("pk__in", sorted(set(ids)), now)


def close_links(links: Iterable[str], *, kinds: Q | None = None, now: datetime | None = None) -> int:
    """Close whatever leads to one of these pages, which are gone; with ``kinds`` that alone; how many (条)."""
    wanted, closed = sorted(set(links)), 0
    for start in range(0, len(wanted), CHUNK):
        rows = Notice.objects.filter(kinds or Q(), link__in=wanted[start : start + CHUNK], closed_at=None)
        closed += rows.update(closed_at=now or timezone.now())
    return closed


def last_notice() -> int:
    """The id of the newest notice, 0 where there is none."""
    return Notice.objects.aggregate(last=Max("pk"))["last"] or 0


def told_after(pk: int, now: datetime) -> list[ToldPerson]:
    """Who reads what of the notices made at ``now`` after that one, in the order in which they were made; one query."""
    rows = Notice.objects.filter(pk__gt=pk, created_at=now).order_by("pk")
    columns = ("recipient__username", "recipient__label", "kind", "text", "superseded")
    return [ToldPerson(*row) for row in rows.values_list(*columns)]


def _open() -> QuerySet[Notice]:
    return Notice.objects.filter(closed_at=None).exclude(duty="")


def _close(lookup: str, values: Sequence[int] | Sequence[str], now: datetime | None) -> int:
    closed_at = now or timezone.now()
    return sum(
        _open().filter(**{lookup: values[start : start + CHUNK]}).update(closed_at=closed_at)
        for start in range(0, len(values), CHUNK)
    )
