"""Due dates as they were shown: kept, moved later by themselves, moved earlier only with the office's approval.

The only writer of ``Deadline``. What the dates are is computed in ``campaigns.domain.due``; trust.md E9 says why a
shown date never comes forward unseen.
"""

from datetime import date, timedelta

from django.db import transaction

from campaigns.domain.due import Deadline as Computed
from campaigns.domain.due import deadlines
from campaigns.domain.queries import versions_in_force
from campaigns.enums import OPEN_CAMPAIGNS
from campaigns.models import Campaign, Deadline
from core import audit
from core.calendar import work_calendar
from core.exceptions import IllegalTransition

AHEAD = timedelta(days=366)


@transaction.atomic
def refresh(*, campaign: Campaign, today: date, amended: bool = False) -> int:
    """Bring a campaign's due dates up to the rules and calendar in force, a year ahead; returns how many changed.

    Missing dates are made. A later date is taken over at once, an earlier one waits in ``proposed_on``. With
    ``amended`` (the office itself has just issued other rules) an earlier one holds at once, and dates of periods still
    to end that the rules no longer give go. Dates that have passed stay as they are.
    """
    calendar, horizon = work_calendar(), max(today, campaign.starts_on) + AHEAD
    known = {(row.kind, row.period): row for row in campaign.deadlines.all()}
    wanted: dict[tuple[str, str], tuple[Computed, int]] = {}
    for version, rules, since, until in versions_in_force(campaign):
        for one in deadlines(rules, calendar, until=horizon):
            if since <= one.period.ends_on < until:
                wanted[(one.kind, one.period.code)] = (one, version.pk)
    fresh = [_row(campaign, one, version) for key, (one, version) in wanted.items() if key not in known]
    Deadline.objects.bulk_create(fresh)
    moved = [
        row
        for key, row in known.items()
        if key in wanted and row.due_on >= today and _settle(row, *wanted[key], at_once=amended)
    ]
    Deadline.objects.bulk_update(moved, ["due_on", "is_provisional", "proposed_on", "rules"])
    if amended:
        gone = [row.pk for key, row in known.items() if key not in wanted and row.ends_on >= today]
        Deadline.objects.filter(pk__in=gone).delete()
    return len(fresh) + len(moved)


def refresh_all(*, today: date) -> int:
    """``refresh`` for every open campaign: each morning, and after the calendar was changed."""
    return sum(refresh(campaign=one, today=today) for one in Campaign.objects.filter(state__in=OPEN_CAMPAIGNS))


@transaction.atomic
def approve(*, deadline: Deadline, actor) -> None:
    """The office lets an earlier date hold; raises IllegalTransition when none waits (any more)."""
    row = Deadline.objects.select_for_update().select_related("campaign").get(pk=deadline.pk)
    if row.proposed_on is None:
        raise IllegalTransition("该期限没有待批准的新日期，可能已经办理。", rule="deadline.proposed")
    detail = {"kind": row.kind, "period": row.period, "from": str(row.due_on), "to": str(row.proposed_on)}
    row.due_on, row.proposed_on = row.proposed_on, None
    row.save(update_fields=["due_on", "proposed_on"])
    audit.record(
        actor=actor,
        action="campaign.deadline_approved",
        object_type="campaign",
        object_key=row.campaign.code,
        detail=detail,
    )


@transaction.atomic
def keep(*, deadline: Deadline, actor) -> None:
    """The office keeps the date that was shown; the earlier one is dropped until the calendar changes again."""
    row = Deadline.objects.select_for_update().select_related("campaign").get(pk=deadline.pk)
    if row.proposed_on is None:
        raise IllegalTransition("该期限没有待批准的新日期，可能已经办理。", rule="deadline.proposed")
    detail = {"kind": row.kind, "period": row.period, "kept": str(row.due_on), "dropped": str(row.proposed_on)}
    row.kept_on, row.proposed_on = row.proposed_on, None
    row.save(update_fields=["kept_on", "proposed_on"])
    audit.record(
        actor=actor,
        action="campaign.deadline_kept",
        object_type="campaign",
        object_key=row.campaign.code,
        detail=detail,
    )


def _row(campaign: Campaign, one: Computed, version_id: int) -> Deadline:
    return Deadline(
        campaign=campaign,
        rules_id=version_id,
        kind=one.kind,
        period=one.period.code,
        starts_on=one.period.starts_on,
        ends_on=one.period.ends_on,
        due_on=one.due_on,
        first_due_on=one.due_on,
        is_provisional=one.is_provisional,
    )


def _settle(row: Deadline, one: Computed, version_id: int, *, at_once: bool) -> bool:
    """Fit a shown date to the computed one; True when the row changed."""
    before = (row.due_on, row.is_provisional, row.proposed_on, row.rules_id)
    row.is_provisional, row.rules_id = one.is_provisional, version_id
    if one.due_on >= row.due_on or at_once:
        row.due_on, row.proposed_on = one.due_on, None
    elif one.due_on != row.kept_on:
        row.proposed_on = one.due_on
    return before != (row.due_on, row.is_provisional, row.proposed_on, row.rules_id)
