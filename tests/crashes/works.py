"""What is killed: a piece of background work on the database, how it is taken up again, and what must be there then."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import time_machine
from django.conf import settings

from accounts.scope import scope_of
from core import jobs
from core.models import AuditEntry, Job
from issues.exports import ledger as exports
from issues.tasks import export_ledger_job
from notifications.domain import sending
from notifications.domain.digests import make_deliveries
from notifications.domain.notices import Draft, ensure
from notifications.enums import Reach
from notifications.models import Delivery, Notice
from notifications.tests.delivering import MORNING, set_up, told, write_to
from reports.domain.compile import period_in, request
from reports.domain.reminding import make_all_reminders
from reports.models import Summary
from reports.tasks import compile_summary
from tests.cast import TZ, Cast, build_cast, issue_in
from tests.crashes.killing import Point
from tests.mail_server import MailServer, RobotServer, served

LATE = datetime(2022, 6, 29, 9, 0, tzinfo=TZ)
# By then every lease has run out.
LATER = timedelta(minutes=10)

NOTICES, DATED = "notifications.domain.notices", "notifications.domain.reminder_delivery"
ISSUES, PACKS = "issues.domain.reminder_delivery", "reports.domain.submissions.reminder_delivery"
DIGESTS, SENDING = "notifications.domain.digests", "notifications.domain.sending"
TRANSPORTS, COMPILING = "notifications.domain.transports", "reports.domain.compile"
LEDGER = "issues.exports.ledger"

# {work: where it is killed by name}
POINTS: dict[str, tuple[Point, ...]] = {
    "reminders": (
        Point(f"{ISSUES}._drafts", "after"),
        Point(f"{NOTICES}._insert_missing", "before"),
        Point(f"{NOTICES}._insert_missing", "after"),
        Point(f"{NOTICES}._insert_missing", "after", 2),
        Point(f"{ISSUES}.ensure", "after"),
        Point(f"{DATED}.ensure", "before"),
        Point(f"{DATED}.ensure", "after"),
        Point(f"{PACKS}.ensure", "after"),
        Point(f"{PACKS}.close_reminders", "before"),
        Point(f"{PACKS}.close_reminders", "after"),
    ),
    "deliveries": (
        Point(f"{DIGESTS}.digests", "before"),
        Point(f"{DIGESTS}._insert_missing", "before"),
        Point(f"{DIGESTS}._insert_missing", "after"),
        Point(f"{SENDING}.deliver", "before"),
        Point(f"{SENDING}._lease", "before"),
        Point(f"{SENDING}._lease", "after"),
        Point(f"{SENDING}._lease", "after", 3),
        Point(f"{TRANSPORTS}.send_mail", "before"),
        Point(f"{TRANSPORTS}.send_mail", "after"),
        Point(f"{TRANSPORTS}.send_mail", "after", 2),
        Point(f"{TRANSPORTS}.send_to_group", "before"),
        Point(f"{TRANSPORTS}.send_to_group", "after"),
        Point(f"{SENDING}._send", "after"),
    ),
    "exports": (
        Point("core.jobs.claim", "before"),
        Point("core.jobs.claim", "after"),
        Point("core.jobs.advance", "after"),
        Point(f"{LEDGER}.write_selection", "before"),
        Point(f"{LEDGER}.write_selection", "after"),
        Point("os.fsync", "before"),
        Point("pathlib.Path.rename", "before"),
        Point("pathlib.Path.rename", "after"),
        Point(f"{LEDGER}.note_exported", "after"),
        Point("core.jobs.finish", "before"),
        Point("core.jobs.finish", "after"),
    ),
    "summaries": (
        Point("core.jobs.claim", "after"),
        Point(f"{COMPILING}.compile_period", "before"),
        Point(f"{COMPILING}.keep_version", "before"),
        Point(f"{COMPILING}.keep_version", "after"),
        Point(f"{COMPILING}.compile_period", "after"),
        Point("core.jobs.finish", "before"),
        Point("core.jobs.finish", "after"),
        Point(f"{COMPILING}.run_job", "after"),
    ),
}


@dataclass
class Work:
    """``begin`` is what the killed process does, ``again`` what the next one does; ``outcome`` tells what is there, and
    nothing that differs between two runs; ``anew`` takes it away."""

    begin: Callable[[], object]
    again: Callable[[], object]
    outcome: Callable[[], object]
    anew: Callable[[], object]


@contextmanager
def reminders() -> Iterator[Work]:
    """Every reminder of a day on which much is due; one of a duty that was done meanwhile is closed."""
    cast = build_cast()
    for _ in range(3):
        issue_in(cast, "rectifying")

    def anew() -> None:
        Notice.objects.all().delete()
        done = Draft(cast.liaison.pk, "reminder.pack.eve", "reminder:pack:9:x:unit:9:eve:2022-05-20", "旧", "")
        ensure([Draft(**{**vars(done), "duty": "pack:9:x:unit:9"})], now=LATE - timedelta(days=9))

    def outcome() -> list:
        rows = Notice.objects.values_list("dedupe_key", "recipient", "text", "superseded", "closed_at")
        # The moment of the round stands in the words of one of them.
        return sorted(
            (key, who, text.replace("09:10", "09:00"), merged, bool(at)) for key, who, text, merged, at in rows
        )

    yield Work(
        begin=lambda: make_all_reminders(LATE),
        again=lambda: make_all_reminders(LATE + LATER),
        outcome=outcome,
        anew=anew,
    )


@contextmanager
def deliveries() -> Iterator[Work]:
    """The digest of a day and what cannot wait, by mail and by a robot of a group."""
    cast = build_cast()
    with ExitStack() as stack:
        mail, robot = (stack.enter_context(served(server)) for server in (MailServer(), RobotServer()))
        set_up(cast, "email", host="127.0.0.1", port=mail.server_address[1], sender="xt@example.gov.cn")
        set_up(cast, "wecom", webhook=f"http://127.0.0.1:{robot.server_address[1]}/send")
        for person in (cast.liaison, cast.principal, cast.office):
            write_to(person)
            told(person, "a")
        told(cast.liaison, "returned", reach=Reach.AT_ONCE)

        def round_at(now: datetime) -> None:
            make_deliveries(now)
            sending.deliver(now)

        def anew() -> None:
            Delivery.objects.all().delete()
            mail.taken.clear()
            robot.taken.clear()

        def outcome() -> list:
            """Each message once; a mail twice only as the same one, and in all no more than one of them twice."""
            ids = Counter(message["Message-ID"] for message in mail.taken)
            twice = sum(ids.values()) - len(ids) + max(0, len(robot.taken) - 1)
            assert twice <= 1, "one process died, and more than one message was sent twice"
            rows = Delivery.objects.order_by("key").values_list("key", "count", "people", "state", "leased_until")
            return [list(rows), len(ids), bool(robot.taken)]

        yield Work(
            begin=lambda: round_at(MORNING),
            again=lambda: round_at(MORNING + LATER),
            outcome=outcome,
            anew=anew,
        )


def _take_up(kind: str, run: Callable[[str], object], now: datetime) -> None:
    """As the minute round of the jobs does, without the broker."""
    with time_machine.travel(now + LATER, tick=False):
        for job_id, found in jobs.stalled():
            assert found == kind
            run(job_id)


@contextmanager
def exports_of_the_ledger() -> Iterator[Work]:
    cast = build_cast()
    issue_in(cast, "rectifying")
    facts: dict = {}

    def anew() -> None:
        with time_machine.travel(LATE, tick=False):
            job = jobs.enqueue(
                kind=exports.JOB_KIND, label="导出", owner=cast.office, params={"query": "sort=number"},
                send=lambda pk: None, rights=scope_of(cast.office).fingerprint,
            )  # fmt: skip
        facts.update(job=str(job.pk), told=_told("ledger.exported"))

    def begin() -> None:
        with time_machine.travel(LATE, tick=False):
            export_ledger_job(facts["job"])

    def outcome() -> list:
        job = Job.objects.get(pk=facts["job"])
        whole = (Path(settings.JOBS_ROOT) / job.file_path).read_bytes()
        is_whole = hashlib.sha256(whole).hexdigest() == job.digest
        return [job.state, job.message, is_whole, whole[:2], _told("ledger.exported") - facts["told"]]

    yield Work(
        begin=begin,
        again=lambda: _take_up(exports.JOB_KIND, export_ledger_job, LATE),
        outcome=outcome,
        anew=anew,
    )


@contextmanager
def summaries() -> Iterator[Work]:
    cast: Cast = build_cast()
    issue_in(cast, "rectifying")
    facts: dict = {}

    def anew() -> None:
        with time_machine.travel(LATE, tick=False):
            period = period_in(cast.campaign, "2022-06")
            job = request(campaign=cast.campaign, period=period, actor=cast.office, send=lambda pk: None)
        facts.update(job=str(job.pk), told=_told("summary.compiled"), versions=Summary.objects.count())

    def begin() -> None:
        with time_machine.travel(LATE, tick=False):
            compile_summary(facts["job"])

    def outcome() -> list:
        made = (_told("summary.compiled") - facts["told"], Summary.objects.count() - facts["versions"])
        digests = set(Summary.objects.values_list("digest", flat=True))
        return [Job.objects.get(pk=facts["job"]).state, made, len(digests)]

    yield Work(
        begin=begin,
        again=lambda: _take_up("summary", compile_summary, LATE),
        outcome=outcome,
        anew=anew,
    )


def _told(action: str) -> int:
    return AuditEntry.objects.filter(action=action).count()


WORKS = {
    "reminders": reminders,
    "deliveries": deliveries,
    "exports": exports_of_the_ledger,
    "summaries": summaries,
}
