"""How a walk comes into being: opened at once, or planned in secret by its walker (暗访).

The life that follows is ``walks.domain.lifecycle``.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.domain.people import capacity_in
from accounts.models import Membership
from campaigns.domain.receivers import receivers_of_unit
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.domain.versions import rules_of
from campaigns.enums import ActivityKind, CovertRule
from campaigns.models import Campaign, RuleVersion
from catalogue.models import ServiceItem
from core.exceptions import Refused
from walks.domain import eligibility
from walks.domain.lifecycle import require_on_roster, require_plan_day, write_event
from walks.enums import Capacity, WalkRole, WalkState
from walks.models import Clearance, Participant, Walk

S = WalkState
ROLE_OF_KIND = {
    ActivityKind.PROCESS: WalkRole.APPLICANT,
    ActivityKind.WINDOW: WalkRole.STAFF,
    ActivityKind.ENFORCEMENT: WalkRole.OFFICER,
    ActivityKind.COMPLAINT: WalkRole.OPERATOR,
}


@transaction.atomic
def start(
    *,
    actor,
    campaign: Campaign,
    department_id: int,
    item: ServiceItem,
    mode: str,
    activity_kind: str = ActivityKind.PROCESS,
    walker=None,
    delegation_reason: str = "",
    now: datetime | None = None,
) -> Walk:
    """Open a walk at once: nothing but item and mode is asked for; the rest may follow over days.

    In a campaign whose walks are all covert the walk is covert, for the walker and whoever opens it. Side effects in
    order: those of ``_make``; an event. Raises Refused as ``_make``, when the day lies outside the campaign,
    or when it does not bind the unit.
    """
    now, walker = now or timezone.now(), walker or actor
    day = timezone.localtime(now).date()
    if not campaign.starts_on <= day <= campaign.ends_on:
        raise Refused(f"今天不在活动时间内（{campaign.starts_on} 至 {campaign.ends_on}），体验未开始。", rule="window")
    require_on_roster(campaign.pk, department_id)
    version, rules = rules_of(campaign.pk, day)
    is_covert = rules.planning.covert == CovertRule.REQUIRED
    walk = _make(
        version=version,
        rules=rules,
        day=day,
        now=now,
        actor=actor,
        campaign=campaign,
        department_id=department_id,
        item=item,
        mode=mode,
        activity_kind=activity_kind,
        walker=walker,
        delegation_reason=delegation_reason,
        is_covert=is_covert,
        state=S.IN_PROGRESS,
    )
    write_event(walk, "started", actor, now)
    return walk


@transaction.atomic
def plan_covert(
    *,
    actor,
    campaign: Campaign,
    department_id: int,
    item: ServiceItem,
    mode: str,
    planned_on: date,
    named=(),
    place: str = "",
    delegation_reason: str = "",
    now: datetime | None = None,
) -> Walk:
    """暗访计划: a covert walk to come, made by its walker; it exists only for the walker and the ``named`` (user ids).

    It gets no number and enters no count before it is reported. Side effects in order: those of ``_make``; an event. No
    notice to anybody. Raises Refused as ``_make`` and ``require_plan_day``, or where covert walks are not used.
    """
    now = now or timezone.now()
    require_plan_day(campaign, planned_on, now)
    version, rules = rules_of(campaign.pk, planned_on)
    fault = eligibility.covert_fault(rules)
    if fault:
        raise Refused(fault, rule="covert")
    walk = _make(
        version=version,
        rules=rules,
        day=planned_on,
        now=now,
        actor=actor,
        campaign=campaign,
        department_id=department_id,
        item=item,
        mode=mode,
        activity_kind=ActivityKind.PROCESS,
        walker=actor,
        delegation_reason=delegation_reason,
        is_covert=True,
        state=S.PLANNED,
        place=place,
    )
    clear(walk=walk, user_ids=named, actor=actor, now=now)
    write_event(walk, "planned", actor, now)
    return walk


@transaction.atomic
def clear(*, walk: Walk, user_ids, actor, now: datetime | None = None) -> int:
    """Let people know of a covert walk; returns how many are new (人)."""
    now = now or timezone.now()
    have = set(walk.clearances.values_list("user_id", flat=True))
    fresh = [user_id for user_id in dict.fromkeys(user_ids) if user_id not in have]
    Clearance.objects.bulk_create(
        [Clearance(walk=walk, user_id=user_id, granted_by=actor, granted_at=now) for user_id in fresh]
    )
    return len(fresh)


def _make(
    *,
    version: RuleVersion,
    rules: Rulebook,
    day: date,
    now: datetime,
    actor,
    campaign: Campaign,
    department_id: int,
    item: ServiceItem,
    mode: str,
    activity_kind: str,
    walker,
    delegation_reason: str,
    is_covert: bool,
    state: str,
    place: str = "",
) -> Walk:
    """The walk's row with period and receivers fixed from the rules in force, its walker as participant, and for a
    covert one the clearances of walker and actor. Raises Refused when mode or kind is not part of the campaign, or the
    rules forbid that somebody else than the principal walks, or a covert one is opened out of the unit visited."""
    if mode not in rules.walking.modes or activity_kind not in rules.activity_kinds:
        raise Refused("本活动不采用所选的体验形式或活动类型，请重新选择。", rule="mode")
    capacity = capacity_in(user_id=walker.pk, department_id=department_id) or Capacity.OTHER
    wrong = eligibility.delegation_fault(rules, capacity=capacity, item=item, reason=delegation_reason)
    if wrong:
        raise Refused("".join(wrong.values()), rule="delegation", fields=wrong)
    if is_covert and actor.pk != walker.pk:
        _require_blind(actor, item, department_id)
    receiver, *others = receivers_of_unit(campaign.pk, activity_kind, department_id, day)
    walk = Walk.objects.create(
        campaign=campaign,
        rules=version,
        department_id=department_id,
        receiver_id=receiver,
        item=item,
        walker=walker,
        walker_capacity=capacity,
        delegation_reason=eligibility.kept_reason(capacity, delegation_reason),
        activity_kind=activity_kind,
        mode=mode,
        role=ROLE_OF_KIND[activity_kind],
        is_covert=is_covert,
        state=state,
        walk_date=day,
        started_at=now,
        period=rules.period_of(day).code,
        place=place,
        created_by=actor,
    )
    walk.also_received_by.set(others)
    Participant.objects.create(walk=walk, user=walker, capacity=capacity)
    if is_covert:
        clear(walk=walk, user_ids=[walker.pk, actor.pk], actor=actor, now=now)
    return walk


def _require_blind(actor, item: ServiceItem, department_id: int) -> None:
    """The unit that is visited learns nothing, not through somebody who opens the walk for its walker either."""
    if item.department_id == department_id:
        return
    if Membership.objects.filter(user=actor, department_id=item.department_id).exists():
        raise Refused(
            f"您是被体验单位（{item.department.name}）的人员，不能代为登记这次暗访，请由体验人本人登记。",
            rule="covert.visited",
        )
