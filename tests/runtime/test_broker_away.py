"""Forms are saved while the broker is stopped, frozen or emptied: none is lost, none fails, pages say that reminders
are late, and what was queued is done once the broker is back."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from queue import Empty

import pytest
from django.test import Client
from django.urls import reverse

from core import broker_state
from core.idempotency import new_key
from core.models import Job, JobState
from issues.models import IssueEvent
from reports.models import Summary
from reports.tasks import requeue_stalled_jobs
from tests.cast import NOON, Cast, build_cast, issue_in
from tests.faults.fault import FAILED, rewritten
from tests.plugin import wait_until
from tests.scale import SOAK, sample_of, scaled
from walkthrough.celery import app

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.clock(NOON, tick=True),
    pytest.mark.usefixtures("asked_anew"),
]
DELAYED = "后台队列没有响应：提醒延迟"
FORMS, FEW = scaled(6, 500), 3


@contextmanager
def stopped(process, broker) -> Iterator[None]:
    """The process is killed, and started again."""
    process.finish()
    try:
        yield
    finally:
        process.start()
        wait_until(broker_state.answers, seconds=60)


@contextmanager
def frozen(process, broker) -> Iterator[None]:
    os.kill(process.process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process.process.pid, signal.SIGCONT)


@contextmanager
def emptied(process, broker) -> Iterator[None]:
    """Whatever was queued is gone."""
    yield
    broker.flushall()


AWAY = {"stopped": stopped, "frozen": frozen, "emptied": emptied}


def signed_in(user) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def forms(cast: Cast) -> list[Callable]:
    """Ways to send one form: two of three note progress, the third asks for long work."""
    issue = issue_in(cast, "rectifying")
    responsible, offices = signed_in(cast.responsible), [signed_in(cast.office), signed_in(cast.office_second)]
    url = reverse("issue_act", args=[issue.number, "note_progress"])

    def progress(number: int):
        issue.refresh_from_db()
        hidden = {"version": issue.version, "idempotency_key": new_key()}
        return responsible.post(url, {"note": f"进展{number}", **hidden})

    def compiled(number: int):
        period = ("2022-06", "2022-W22", "2022-W23")[number // 3 % 3]
        return offices[number // 9 % 2].post(reverse("report_compile", args=[cast.campaign.code, period]))

    return [progress, progress, compiled]


def save(ways: list[Callable], number: int) -> None:
    """Every form is answered by its page, without an error."""
    answers = [ways[one % 3](one).status_code for one in range(number)]
    assert answers == [302] * number


def drained(clock, broker) -> None:
    """The minute round sends again what is queued in the database; a worker then does what is in the queue."""
    clock.shift(timedelta(minutes=1))
    requeue_stalled_jobs()
    with app.connection_for_read() as connection, connection.SimpleQueue("celery") as queue:
        while True:
            try:
                message = queue.get_nowait()
            except Empty:
                return
            app.tasks[message.headers["task"]](*message.payload[0])
            message.ack()


def lived_through(kind: str, number: int, clock, process, broker) -> None:
    cast = build_cast()
    ways = forms(cast)
    with AWAY[kind](process, broker):
        save(ways, number)
        page = signed_in(cast.office).get(reverse("home")).text
        assert (DELAYED in page) == (kind != "emptied")
    noted = IssueEvent.objects.filter(kind="note_progress").values_list("note", flat=True)
    assert sorted(noted) == sorted(f"进展{one}" for one in range(number) if one % 3 < 2)
    queued = Job.objects.count()
    assert queued == min(6, len(range(2, number, 3)))
    started = time.monotonic()
    drained(clock, broker)
    assert Job.objects.filter(state=JobState.DONE).count() == Summary.objects.count() == queued
    assert time.monotonic() - started < 60
    broker_state.answers()
    assert DELAYED not in signed_in(cast.office).get(reverse("home")).text


@pytest.mark.parametrize("kind", sample_of(sorted(AWAY), scaled(1, 3), of=__name__))
def test_no_form_is_lost_and_none_fails_while_the_broker_is_away(kind, clock, broker_process, broker):
    lived_through(kind, FORMS, clock, broker_process, broker)


FAULTS = {
    "asked before": (
        "stopped",
        "core.jobs._send_on_commit",
        "broker_state.answers() and send(str(job.pk)), robust=True",
        "send(str(job.pk))",
    ),
    "sent again": ("emptied", "core.jobs.stalled", "filter(lost | waiting)", "filter(lost)"),
}


# The other one waits for a connection until it is given up.
@pytest.mark.parametrize("fault", FAULTS if SOAK else ["sent again"])
def test_without_a_guard_a_form_fails_or_work_is_lost(fault, clock, broker_process, broker):
    kind, *guard = FAULTS[fault]
    with ExitStack() as stack:
        for removal in rewritten(*guard)():
            stack.enter_context(removal)
        with pytest.raises(FAILED):
            lived_through(kind, FEW, clock, broker_process, broker)
