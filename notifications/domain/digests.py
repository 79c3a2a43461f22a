"""Which messages must leave the system by a moment: one digest a person and working day, at once only what cannot wait.

A message says how many notices wait and where to read them, and nothing of them. What concerns a covert walk nobody
has reported is counted in none (docs/trust.md B4).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from core.calendar import work_calendar
from core.workdays import WorkCalendar
from notifications.domain import channels
from notifications.enums import ChannelKind, DeliveryKind, Reach
from notifications.models import Channel, Delivery, Notice

OPENS, CLOSES = time(9), time(18)
# How long what was made is kept; a notice that is older is no news.
KEPT = timedelta(days=90)
CHUNK = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """Of one person: how many notices wait (条), and when the newest was made."""

    user_id: int
    count: int
    newest: datetime


def is_working_time(now: datetime, calendar: WorkCalendar) -> bool:
    """Between nine and six of a working day: outside it nobody is disturbed."""
    local = timezone.localtime(now)
    return calendar.is_workday(local.date()) and OPENS <= local.time() < CLOSES


def digests(
    waiting: Iterable[Waiting], mailed: dict[int, datetime], since: datetime, wanted: frozenset[int], day: date
) -> list[tuple[int, int, str]]:
    """Pure: (person, 条, key) of the mails of a day. ``wanted``: who wants mail; ``mailed``: {person: when the last
    digest was made}, of those kept ``since``. Who has nothing new since then gets none."""
    return [
        (one.user_id, one.count, f"digest:{day}:{one.user_id}")
        for one in waiting
        if one.user_id in wanted and one.newest > mailed.get(one.user_id, since)
    ]


@transaction.atomic
def make_deliveries(now: datetime) -> int:
    """Make every message that must leave by ``now`` and does not exist; how many are new. Nothing outside working
    hours: what came meanwhile is made in the next one. Safe to run twice and in two places at once. A fixed number of
    queries for each 200 messages."""
    used = channels.open_channels()
    if not used or not is_working_time(now, work_calendar()):
        return 0
    day, drafts = timezone.localtime(now).date(), list[Delivery]()
    waiting, since = _waiting(), now - KEPT
    if mail := used.get(ChannelKind.EMAIL):
        wanted = frozenset(channels.addresses().values_list("user_id", flat=True))
        drafts += [
            _draft(mail, DeliveryKind.DIGEST, key, count, now, recipient_id=person)
            for person, count, key in digests(waiting, _mailed(mail, now), since, wanted, day)
        ]
        drafts += [
            _draft(mail, DeliveryKind.AT_ONCE, f"at_once:{notice}", 1, now, recipient_id=person)
            for notice, person in _at_once(mail, since).filter(recipient__in=wanted).values_list("pk", "recipient_id")
        ]
    if waiting:
        total = sum(one.count for one in waiting)
        drafts += [
            _draft(one, DeliveryKind.DIGEST, f"digest:{day}:{kind}", total, now, people=len(waiting))
            for kind, one in used.items()
            if kind != ChannelKind.EMAIL
        ]
    return _insert_missing(drafts)


def _open_notices() -> QuerySet[Notice]:
    rows = Notice.objects.filter(read_at=None, superseded=False, closed_at=None, recipient__is_active=True)
    return rows.exclude(reach=Reach.INSIDE)


def _waiting() -> list[Waiting]:
    rows = _open_notices().order_by().values_list("recipient_id").annotate(n=Count("pk"), newest=Max("created_at"))
    return [Waiting(*row) for row in rows.order_by("recipient_id")]


def _mailed(mail: Channel, now: datetime) -> dict[int, datetime]:
    """{person: when the last digest was made}; what a clock that ran ahead made tells nothing of what came before."""
    rows = Delivery.objects.filter(channel=mail, kind=DeliveryKind.DIGEST, recipient__isnull=False, made_at__lte=now)
    rows = rows.order_by()
    return dict(rows.values_list("recipient_id").annotate(last=Max("made_at")))


def _at_once(mail: Channel, since: datetime) -> QuerySet[Notice]:
    """Notices that cannot wait, made since the channel was set up, as long as it is known whether they left."""
    return _open_notices().filter(reach=Reach.AT_ONCE, created_at__gte=max(mail.set_at, since))


def _draft(channel: Channel, kind: str, key: str, count: int, now: datetime, **facts: object) -> Delivery:
    return Delivery(channel=channel, kind=kind, key=key, count=count, made_at=now, next_at=now, **facts)


def _insert_missing(drafts: list[Delivery]) -> int:
    new = 0
    for start in range(0, len(drafts), CHUNK):
        chunk = drafts[start : start + CHUNK]
        have = set(Delivery.objects.filter(_keys(chunk)).values_list("key", flat=True))
        missing = [one for one in chunk if one.key not in have]
        Delivery.objects.bulk_create(missing, ignore_conflicts=True)
        new += len(missing)
    return new


def _keys(drafts: Iterable[Delivery]) -> Q:
    return Q(key__in=[one.key for one in drafts])
