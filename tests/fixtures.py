"""The people every test speaks of, and the moment they live in."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.cast import NOON, Cast, build_cast

# A worker process reads the real clock; who waits for one does too.
REAL_CLOCK = "start_worker"


@pytest.fixture(autouse=True)
def clock(request) -> Iterator[time_machine.Traveller | None]:
    """The clock stands at noon of 8 June 2022 in every test that uses the cast, so that no test depends on the day.

    ``pytest.mark.clock(moment)`` chooses another moment, also for a test without the cast; ``tick=True`` lets it run
    on from there. The value moves the clock: ``clock.move_to(moment)``, ``clock.shift(delta)``.
    """
    marker = request.node.get_closest_marker("clock")
    names = request.fixturenames
    if marker is None and ("cast" not in names or REAL_CLOCK in names):
        yield None
        return
    moment = marker.args[0] if marker and marker.args else NOON
    with time_machine.travel(moment, tick=bool(marker and marker.kwargs.get("tick"))) as traveller:
        yield traveller


@pytest.fixture
def cast(db, clock) -> Cast:
    """The fixed cast of tests/cast.py, fresh for each test. A module that needs another defines its own ``cast``."""
    return build_cast()


@pytest.fixture(autouse=True)
def no_anchors(settings) -> None:
    """No test finds the anchors that another wrote for a database of its own."""
    settings.AUDIT_ANCHORS.unlink(missing_ok=True)


@pytest.fixture
def own_files(settings, tmp_path) -> None:
    """Uploaded files go to the test's own folder."""
    settings.MEDIA_ROOT = tmp_path / "files"
