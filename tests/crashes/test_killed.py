"""kill -9 anywhere in background work: the next process takes it up, nothing is lost and nothing is there twice.

A process of its own does the work on the same database and kills itself, at places named in ``works`` and at statements
drawn by the seed. What is there once the next process has gone over it must equal what an undisturbed run leaves.
"""

import random
from contextlib import ExitStack
from uuid import uuid4

import pytest

from tests.cast import NOON
from tests.crashes.killing import Point, Statement, killed, statements_of
from tests.crashes.works import COMPILING, ISSUES, LEDGER, NOTICES, POINTS, SENDING, TRANSPORTS, WORKS, Work
from tests.faults.fault import FAILED, replaced, rewritten
from tests.scale import SEED, sample_of, scaled

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True), pytest.mark.clock(NOON)]
NAMED, DRAWN = 3, 2


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.JOBS_ROOT = tmp_path / "jobs"


def undisturbed(work: Work) -> tuple[object, int]:
    """What the work leaves, and how many statements it takes."""
    work.anew()
    statements = statements_of(work.begin)
    return work.outcome(), statements


def left_after(work: Work, at) -> object:
    work.anew()
    assert killed(work.begin, at), f"it never came to {at}"
    work.again()
    return work.outcome()


@pytest.mark.parametrize("name", WORKS)
def test_whatever_is_killed_is_taken_up_and_done_once(name):
    with WORKS[name]() as work:
        whole, statements = undisturbed(work)
        draw = random.Random(f"{SEED} {name}")
        drawn = [Statement(draw.randint(1, statements), draw.random() < 0.5) for _ in range(scaled(DRAWN, 25))]
        named = sample_of(POINTS[name], scaled(NAMED, len(POINTS[name])), of=name)
        for at in (*named, *drawn):
            assert left_after(work, at) == whole, at


def test_every_work_is_killed_in_enough_places_that_have_a_name():
    assert set(POINTS) == set(WORKS)
    assert sum(len(points) for points in POINTS.values()) >= 24


NEW_KEY = property(lambda draft: f"{draft.key}:{draft.recipient_id}:{uuid4().hex[:8]}")
# Which work, killed where, goes wrong without which guard.
FAULTS = {
    "one key of a reminder": (
        "reminders", Point(f"{ISSUES}.ensure", "after"), replaced(f"{NOTICES}.Draft.dedupe_key", NEW_KEY)
    ),
    "a lease of a message that ends": (
        "deliveries",
        Point(f"{SENDING}._lease", "after"),
        rewritten(f"{SENDING}._is_free", " | Q(leased_until__lt=now)"),
    ),
    "one Message-ID": (
        "deliveries",
        Point(f"{TRANSPORTS}.send_mail", "after"),
        rewritten(f"{SENDING}._transport", "=delivery.public_id", "=__import__('uuid').uuid4()"),
    ),
    "sent and marked one by one": (
        "deliveries",
        Point(f"{SENDING}._send", "after", 3),
        rewritten(f"{SENDING}._send", "Delivery.objects.filter(pk=delivery.pk).update", "dict"),
    ),
    "summary and job in one": (
        "summaries", Point(f"{COMPILING}.compile_period", "after"),
        rewritten(f"{COMPILING}.run_job", "with transaction.atomic():", "if True:"),
    ),
    "a lease of a job that ends": (
        "summaries", Point(f"{COMPILING}.compile_period", "before"),
        rewritten("core.jobs._lease_is_over", "Q(lease_until__lt=now) | ", ""),
    ),
    "audit and job in one": (
        "exports", Point(f"{LEDGER}.note_exported", "after"),
        rewritten(f"{LEDGER}.run_job", "with transaction.atomic():", "if True:"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", sample_of(sorted(FAULTS), scaled(2, len(FAULTS)), of=__name__))
def test_without_a_guard_something_is_lost_or_there_twice(fault):
    name, at, remove = FAULTS[fault]
    with WORKS[name]() as work, ExitStack() as stack:
        whole, _ = undisturbed(work)
        for removal in remove():
            stack.enter_context(removal)
        with pytest.raises(FAILED):
            assert left_after(work, at) == whole
