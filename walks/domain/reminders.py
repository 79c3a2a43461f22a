"""Reminders of results that were promised: of a walk that waits for its result, on the day by which the guide promises
it and on the working day after it. A covert walk enters none before it is reported."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.db.models import QuerySet
from django.urls import reverse

from accounts.domain.memberships import rights_with_role
from accounts.enums import Role
from core.calendar import work_calendar
from core.workdays import WorkCalendar
from notifications.domain.dated import DatedDuty, ReminderMessage, ReminderStep, morning_after, morning_of
from notifications.domain.reminder_delivery import make_reminders
from walks.domain.covert import not_hidden
from walks.models import Walk

DUTY = "result:"
COLUMNS = ("id", "item_name", "walk_date", "promised_days", "walker_id", "department_id")


def duty_of(walk_id: object) -> str:
    """The name of the duty to record the result of a walk."""
    return f"{DUTY}{walk_id}"


def make_result_reminders(now: datetime) -> dict:
    """Make every reminder of promised results that must exist by ``now`` and does not; safe to run twice.

    Returns {"results": 次 that wait for a promised result, "reminders": 条 that must exist, "new": 条 made now}. Side
    effects: notices; those of walks that wait no more are closed.
    """
    rows = list(_waiting().values(*COLUMNS))
    duties = list(_duties(rows, work_calendar())) if rows else []
    return {"results": len(rows), **make_reminders(DUTY, duties, now)}


def _waiting() -> QuerySet[Walk]:
    return Walk.objects.filter(not_hidden(), is_waiting=True, promised_days__isnull=False).order_by("walk_date", "id")


def _duties(rows: Sequence[dict], calendar: WorkCalendar) -> Iterator[DatedDuty]:
    """The walker and the liaisons of the unit are told; who walked for another unit's head is one of them."""
    units = {row["department_id"] for row in rows}
    liaisons = rights_with_role(department_ids=units, roles=(Role.LIAISON,))
    leaders = rights_with_role(department_ids=units, roles=(Role.PRINCIPAL, Role.DEPUTY))
    for row in rows:
        unit, due_on = row["department_id"], calendar.add_workdays(row["walk_date"], row["promised_days"])
        walker = {pk: right for pk, right in leaders.get(unit, {}).items() if pk == row["walker_id"]}
        yield _duty(row, due_on, liaisons.get(unit, {}) | walker, calendar)


def _duty(row: dict, due_on: date, people: dict[int, str], calendar: WorkCalendar) -> DatedDuty:
    link = reverse("walk", args=[row["id"]])
    what = f"《{row['item_name']}》承诺 {row['promised_days']} 个工作日办结，应于 {due_on} 前出结果"
    steps = (
        ("due", morning_of(due_on, calendar), f"{what}，请核实并登记结果"),
        ("late", morning_after(due_on, calendar), f"{what}，已超过承诺时限，请核实；没有办结的，可以登记为问题"),
    )
    told = tuple(ReminderStep(name, at, (ReminderMessage(people, text, link),)) for name, at, text in steps)
    return DatedDuty(duty_of(row["id"]), "result", due_on, row["walk_date"], told)
