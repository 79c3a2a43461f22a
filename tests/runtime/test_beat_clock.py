"""The scheduler while the clock of the machine is put right: nothing waits until it is as late as it was."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from walkthrough.beat import Scheduler
from walkthrough.celery import app


@pytest.mark.parametrize("days", [2, -2])
def test_a_clock_that_was_put_back_or_forward_keeps_no_task_waiting(broker, tmp_path, days):
    broker.flushall()
    scheduler = Scheduler(app=app, schedule_filename=str(tmp_path / "beat"), lazy=True)
    scheduler.setup_schedule()
    now, minute = timezone.now(), timedelta(minutes=1)
    with time_machine.travel(now, tick=False):
        scheduler.tick()
    often = [name for name, entry in scheduler.schedule.items() if hasattr(entry.schedule, "run_every")]
    runs = {name: scheduler.schedule[name].total_run_count for name in often}
    with time_machine.travel(now - timedelta(days=days), tick=False) as clock:
        scheduler.tick()
        clock.shift(6 * minute)
        for _ in scheduler.schedule:
            scheduler.tick()
    assert {name: scheduler.schedule[name].total_run_count > count for name, count in runs.items()} == dict.fromkeys(
        often, True
    )
    assert broker.llen("celery") >= len(often)
    scheduler.close()
    broker.flushall()
