"""Fixtures of real services, and the rule that nothing is left out under CI."""

import gc
import importlib
import os
import sys
import time
from collections.abc import Callable, Iterator

import hypothesis
import hypothesis.core
import pytest
import redis
from django.conf import settings
from django.db import connection
from django.template.base import Template
from django.test import SimpleTestCase
from django.test.signals import template_rendered

from core import broker_state, heartbeat
from core.call_stack import with_room
from tests.scale import DRAWN, SEED, SOAK, drawn_plays, drawn_rows, drawn_tests, sample_of, scaled
from walkthrough import embedded
from walkthrough.processes import Child, Service

UNDER_CI = os.environ.get("CI", "").lower() in {"1", "true"}
# A loaded machine must not fail a property.
hypothesis.settings.register_profile("product", deadline=None, max_examples=scaled(60, 2000))
hypothesis.core.global_force_seed = SEED
hypothesis.settings.load_profile("product")
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}
LONGEST = ("tests/twin/", "demo/tests/test_demo.py", "reports/tests/test_bench_command.py")
LEFT_OUT = ("skipped", "xfailed", "xpassed")


@pytest.fixture(scope="session", autouse=True)
def pages_are_told(django_test_environment) -> None:
    """``response.context`` holds what a page was given; Django would copy it for each of its two hundred pieces too."""

    def render(template, context):
        if context.template is template:
            template_rendered.send(sender=template, template=template, context=context)
        return template.nodelist.render(context)

    Template._render = render


@pytest.fixture(scope="session")
def broker_process() -> Iterator[Child]:
    """A real Valkey on settings.VALKEY_SOCKET, one per test process; who stops it starts it again."""
    (settings.VAR_DIR / "run").mkdir(exist_ok=True)
    server = Child(embedded.valkey())
    server.start()
    wait_until(broker_state.answers, seconds=60)
    yield server
    server.finish()


@pytest.fixture(scope="session", autouse=True)
def broker(broker_process) -> Iterator[redis.Redis]:
    """Its client: `.delay()` works in every test."""
    with heartbeat.broker_client() as client:
        yield client


@pytest.fixture
def start_worker(broker, transactional_db) -> Iterator[Callable[[], Child]]:
    """Call it to start one more real Celery worker process on the test database; all are killed at the end."""
    broker.flushall()
    started: list[Child] = []

    def start() -> Child:
        argv = [sys.executable, "-W", "ignore", "-m", "celery", "--quiet", "-A", "walkthrough", "worker"]
        argv += ["--loglevel", "WARNING", "--concurrency", "1", "--hostname", f"test{len(started)}@localhost"]
        environment = ["env", f"TEST_DATABASE_URL={test_database_url()}"]
        child = Child(Service("worker", [*environment, *argv], cwd=settings.BASE_DIR))
        child.start()
        started.append(child)
        return child

    yield start
    for child in started:
        child.finish()
    broker.flushall()


def test_database_url() -> str:
    """The address of the database this test process uses, for a process that runs the product's settings."""
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    return f"postgres://{values['USER']}@/{values['HOST']}/{values['NAME']}"


test_database_url.__test__ = False


def wait_until(condition: Callable[[], object], *, seconds: float = 30.0) -> None:
    """Ask ``condition`` every 50 ms until it is true; fails the test after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not true within {seconds:g} s: {condition}"
        time.sleep(0.05)


def pytest_collection_modifyitems(config, items):
    """The longest tests first, so that no process ends up with them alone.

    On the second database only tests whose answer may depend on it run again, in ``make soak`` whatever touches a
    database. The mark ``both_databases`` of a module or a test says so. It stands where triggers, constraints, locks,
    races or raw SQL are tried; where rows are chosen, ordered, searched, paged, added up or written many at once; on
    submits that count once, jobs, the audit chain and reminders; on the flows, the faults that take triggers
    away, and one group of the paired worlds, which opens every page. What a page or a notice says, how many
    queries it takes, who may open what, which guard refuses, how a form answers and what a file looks like are asked
    once, on SQLite. What ``make test`` draws of both is in ``tests/scale.py``.
    """
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))
    repeated = [item for item in items if _asked_of_postgresql(item) and _touches_a_database(item)]
    on_second = bool(os.environ.get("TEST_DATABASE_URL"))
    chosen = repeated if on_second else items[:]
    if DRAWN:
        names = [item.nodeid for item in repeated]
        kept = drawn_tests(names) if on_second else drawn_rows([item.nodeid for item in items], repeated=names)
        starts = [item.nodeid for item in items if item.get_closest_marker("own_start")]
        kept -= set(starts) - set(sample_of(starts, (len(starts) + 1) // 2, of="starts"))
        plays = [item.nodeid for item in items if item.get_closest_marker("e2e")]
        kept -= set(plays) - drawn_plays(plays)
        chosen = [item for item in chosen if item.nodeid in kept]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(chosen)])
    items[:] = chosen


def pytest_ignore_collect(collection_path, config):
    """A run that takes few of the files reads no others: to import them all takes seconds in every process."""
    first = config.option.markexpr.split(" ")[0]
    wanted = {f"mark.{first}"} if first in ("runtime", "e2e") else set()
    if os.environ.get("TEST_DATABASE_URL") and not SOAK:
        wanted = wanted or {"both_databases", "no_triggers"}
    if not wanted or collection_path.suffix != ".py":
        return None
    text = collection_path.read_text(encoding="utf-8")
    return None if any(word in text for word in wanted) else True


def pytest_collection(session):
    """Processes that start together each prepare a part of the files first: to rewrite the assertions of all of them,
    as a new clone needs, takes a process ten seconds."""
    worker = getattr(session.config, "workerinput", None)
    if worker is None:
        return
    root = session.config.rootpath
    # Tests of these rules run pytest on folders of their own.
    places = [place for name in session.config.args if (place := root / name).is_relative_to(root)]
    files = sorted(file for place in places for file in place.rglob("test_*.py") if place.is_dir())
    read = [file for file in files if not pytest_ignore_collect(file, session.config)]
    for file in read[int(worker["workerid"][2:]) :: worker["workercount"]]:
        importlib.import_module(".".join(file.relative_to(root).with_suffix("").parts))


def pytest_collection_finish():
    """What has been collected stays to the end: it is not searched for garbage again and again, a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    """As pytest runs a test, with room for its calls, as a page of the product has."""
    return with_room(item.config.pluginmanager.getplugin("runner").pytest_runtest_protocol, item, nextitem)


def _asked_of_postgresql(item) -> bool:
    if item.get_closest_marker("sqlite_file"):
        return False
    return SOAK or item.get_closest_marker("both_databases") is not None


def _touches_a_database(item) -> bool:
    return (
        bool(DATABASE_FIXTURES.intersection(getattr(item, "fixturenames", ())))
        or issubclass(getattr(item, "cls", None) or object, SimpleTestCase)
        or item.get_closest_marker("django_db") is not None
    )


def left_out(config) -> int:
    """How many tests of this run did not really run: skipped, expected to fail, or passed against expectation."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return sum(len(reporter.stats.get(kind, [])) for kind in LEFT_OUT)


def pytest_sessionfinish(session, exitstatus):
    if UNDER_CI and not hasattr(session.config, "workerinput") and left_out(session.config) and not exitstatus:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    terminalreporter.write_line(f"SOAK_SEED={SEED}")
    if UNDER_CI and (count := left_out(config)):
        terminalreporter.write_line(f"ERROR: {count} tests were left out; under CI every test must run.", red=True)
