"""Due dates as they were shown: kept, moved later by themselves, moved earlier only with the office's approval.

The only writer of ``Deadline``. The dates are computed in ``campaigns.domain.rulebook.due_dates``; why a shown date
never comes forward unseen: docs/trust.md E9.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.domain.memberships import rights_with_role
from accounts.enums import Role
from accounts.models import User
from campaigns.domain.rulebook.due_dates import DueDate as Computed
from campaigns.domain.rulebook.due_dates import deadlines, in_time
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.domain.states import ISSUED
from campaigns.domain.versions import versions_in_force
from campaigns.enums import OPEN_CAMPAIGNS, DeadlineAnswer
from campaigns.models import Campaign, Deadline, RuleVersion
from core import audit
from core.calendar import work_calendar
from core.conflicts import wrong_state
from core.exceptions import IllegalTransition, StaleVersion
from core.periods import Kind, Period, parse_period
from core.transitions import Transition
from notifications.domain.notices import Draft, ensure

AHEAD = timedelta(days=366)
ANSWER = ("answer", "answered_by", "answered_at")
STEPS = {
    DeadlineAnswer.APPROVE: Transition(DeadlineAnswer.APPROVE, "批准提前", (), None, (Role.OFFICE,)),
    DeadlineAnswer.KEEP: Transition(DeadlineAnswer.KEEP, "维持原期限", (), None, (Role.OFFICE,)),
}


@transaction.atomic
def refresh(*, campaign: Campaign, today: date, amended: bool = False) -> int:
    """Bring a campaign's due dates up to the rules and calendar in force, a year ahead; returns how many changed.

    Missing dates are made. A later date is taken over at once, an earlier one waits in ``proposed_on``. With
    ``amended`` (the office itself has just issued other rules) an earlier one holds at once, and dates of periods still
    to end that the rules no longer give go. Dates that have passed stay as they are.
    """
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    known = {(row.kind, row.period): row for row in campaign.deadlines.select_for_update()}
    wanted = _wanted(versions_in_force(campaign), max(today, campaign.starts_on) + AHEAD)
    fresh = [_row(campaign, one, version) for key, (one, version) in wanted.items() if key not in known]
    Deadline.objects.bulk_create(fresh)
    moved = [
        row
        for key, row in known.items()
        if key in wanted and row.due_on >= today and _write_row(row, *wanted[key], at_once=amended)
    ]
    Deadline.objects.bulk_update(moved, ["due_on", "is_provisional", "proposed_on", "rules", *ANSWER])
    if amended:
        gone = [row.pk for key, row in known.items() if key not in wanted and row.ends_on >= today]
        Deadline.objects.filter(pk__in=gone).delete()
    return len(fresh) + len(moved)


def outcome(*, campaign: Campaign, today: date) -> list[Computed]:
    """The due dates as they will stand once the version being drafted is issued today, in the order of time: what
    ``refresh`` will make of them. Periods that end before the version holds keep the dates of the rules before."""
    versions = versions_in_force(campaign, drafted_from=today)
    wanted = _wanted(versions, max(today, campaign.starts_on) + AHEAD)
    known = {(row.kind, row.period): row for row in campaign.deadlines.all()}
    stays = {key for key, row in known.items() if row.due_on < today or (key not in wanted and row.ends_on < today)}
    found = [one for key, (one, _) in wanted.items() if key not in stays]
    found += [_as_shown(known[key]) for key in stays]
    return sorted(found, key=in_time)


def dates_to_come(campaign: Campaign, period: Period, *, today: date) -> list[Computed]:
    """The due dates of a period still to begin, for a caller that found none kept (``refresh`` keeps a year ahead), as
    the rules and the calendar give them now, in the order of time; nothing is stored. Two queries, none for a period
    that has begun."""
    if period.starts_on <= today:
        return []
    wanted = _wanted(versions_in_force(campaign), period.starts_on)
    return sorted((one for (_, code), (one, _) in wanted.items() if code == period.code), key=in_time)


@transaction.atomic
def refresh_all(*, today: date, now: datetime | None = None) -> int:
    """``refresh`` for every open campaign: each morning, and after the calendar was changed.

    Side effects in order: due dates; a notice to the office for each earlier date that waits for its approval.
    """
    campaigns = list(Campaign.objects.filter(state__in=OPEN_CAMPAIGNS).order_by("pk"))
    changed = sum(refresh(campaign=one, today=today) for one in campaigns)
    _tell_offices(campaigns, now)
    return changed


@transaction.atomic
def approve(*, deadline: Deadline, actor: User, seen: tuple[date, date], today: date | None = None) -> None:
    """The office lets an earlier date hold; ``seen``: the date in force and the earlier one as the page showed them.

    Raises StaleVersion, naming the dates, when they are others by now; IllegalTransition when none waits, saying who
    answered and when, or when it has passed already: nobody becomes late by an approval.
    """
    today = today or timezone.localdate()
    row, proposed = _waiting(deadline, seen, DeadlineAnswer.APPROVE)
    if proposed < today:
        raise IllegalTransition(
            f"新日期 {proposed} 已过，批准会使各单位随即逾期，请维持原期限 {row.due_on}。",
            rule="deadline.passed",
        )
    dates = {"from": str(row.due_on), "to": str(proposed)}
    row.due_on = proposed
    _answer(row, DeadlineAnswer.APPROVE, actor, "due_on")
    _note(row, actor=actor, action="campaign.deadline_approved", dates=dates)


@transaction.atomic
def keep(*, deadline: Deadline, actor: User, seen: tuple[date, date]) -> None:
    """The office keeps the date that was shown; the earlier one is dropped until the calendar changes again.

    ``seen`` and errors as ``approve``."""
    row, proposed = _waiting(deadline, seen, DeadlineAnswer.KEEP)
    dates = {"kept": str(row.due_on), "dropped": str(proposed)}
    row.kept_on = proposed
    _answer(row, DeadlineAnswer.KEEP, actor, "kept_on")
    _note(row, actor=actor, action="campaign.deadline_kept", dates=dates)


def _waiting(deadline: Deadline, seen: tuple[date, date], answer: DeadlineAnswer) -> tuple[Deadline, date]:
    """The row, locked, and the earlier date that waits for this ``answer``; raises as ``approve``."""
    rows = Deadline.objects.select_for_update(of=("self",)).select_related("campaign", "answered_by")
    row = rows.get(pk=deadline.pk)
    if row.proposed_on is None:
        state, done = row.get_answer_display() or "没有待批准的新日期", (row.answered_by, row.answered_at)
        raise wrong_state("该期限", state, STEPS[answer], rule="deadline.proposed", who=done[0], at=done[1])
    if seen != (row.due_on, row.proposed_on):
        words = (
            f"该期限刚有变动，未办理：您看到的是由 {seen[0]} 提前到 {seen[1]}，"
            f"现在是由 {row.due_on} 提前到 {row.proposed_on}。请核对后重新选择。"
        )
        raise StaleVersion(words, rule="deadline.stale")
    return row, row.proposed_on


def _answer(row: Deadline, answer: DeadlineAnswer, actor: User, moved: str) -> None:
    """The answer stands, the date that ``moved`` with it, and no earlier one waits any more."""
    row.proposed_on, row.answer, row.answered_by, row.answered_at = None, answer, actor, timezone.now()
    row.save(update_fields=[moved, "proposed_on", *ANSWER])


def _note(row: Deadline, *, actor: User, action: str, dates: dict) -> None:
    detail = {"kind": row.get_kind_display(), "period": row.period, **dates}
    audit.record(actor=actor, action=action, object_type="campaign", object_key=row.campaign.code, detail=detail)


def _tell_offices(campaigns: list[Campaign], now: datetime | None) -> None:
    waiting = Deadline.objects.filter(campaign__in=campaigns, proposed_on__isnull=False).select_related("campaign")
    offices = rights_with_role(department_ids={one.office_id for one in campaigns}, roles=(Role.OFFICE,))
    ensure([draft for row in waiting for draft in _notices(row, offices.get(row.campaign.office_id, {}))], now=now)


def _notices(row: Deadline, people: dict[int, str]) -> Iterator[Draft]:
    period = "活动全程" if row.period == "all" else parse_period(row.period).label
    text = (
        f"{row.campaign}：{period}“{row.get_kind_display()}”的期限按新的放假安排应为 {row.proposed_on}，"
        f"早于已公布的 {row.due_on}，未经批准不提前，请批准或维持原期限"
    )
    for user_id, right in people.items():
        yield Draft(
            recipient_id=user_id,
            kind="deadline.proposed",
            key=f"deadline:{row.pk}:proposed:{row.proposed_on}",
            text=text,
            right=right,
            link=reverse("campaign_preview", args=[row.campaign.code]),
        )


def _wanted(
    versions: list[tuple[RuleVersion, Rulebook, date, date]], until: date
) -> dict[tuple[str, str], tuple[Computed, int]]:
    """{(kind, period): (due date, its version)}: each period by the version that holds on its last day."""
    calendar = work_calendar()
    return {
        (one.kind, one.period.code): (one, version.pk)
        for version, rules, since, before in versions
        for one in deadlines(rules, calendar, until=until)
        if since <= one.period.ends_on < before
    }


def _as_shown(row: Deadline) -> Computed:
    kind: Kind = "whole" if row.period == "all" else parse_period(row.period).kind
    return Computed(row.kind, Period(row.period, kind, row.starts_on, row.ends_on), row.due_on, row.is_provisional)


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


def _write_row(row: Deadline, one: Computed, version_id: int, *, at_once: bool) -> bool:
    """Fit a shown date to the computed one; True when the row changed."""
    before = (row.due_on, row.is_provisional, row.proposed_on, row.rules_id)
    row.is_provisional, row.rules_id = one.is_provisional, version_id
    if one.due_on >= row.due_on or at_once:
        row.due_on, row.proposed_on = one.due_on, None
    else:
        row.proposed_on = None if one.due_on == row.kept_on else one.due_on
    if row.proposed_on:
        row.answer, row.answered_by, row.answered_at = "", None, None
    return before != (row.due_on, row.is_provisional, row.proposed_on, row.rules_id)


def deadline_gone(campaign: Campaign, pk: int) -> IllegalTransition | None:
    """What to say of an earlier date that went with the rules before: who issued the others, and when; None where no
    others were issued or the date is another campaign's."""
    issued = campaign.rule_versions.filter(number__gt=1, issued_at__isnull=False)
    if not issued.exists() or Deadline.objects.filter(pk=pk).exists():
        return None
    who, at = audit.last_done(ISSUED, object_type="campaign", object_key=campaign.code)
    state = "已随规则调整取消"
    return wrong_state("该期限", state, STEPS[DeadlineAnswer.APPROVE], rule="deadline.gone", who=who, at=at)
