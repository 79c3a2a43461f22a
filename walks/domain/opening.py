"""How a walk comes into being: opened at once, or planned in secret by its walker (暗访).

The life that follows is ``walks.domain.lifecycle``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.domain.memberships import capacity_in
from accounts.models import Department, Membership, User
from accounts.scope import in_force
from campaigns.domain.receivers import receivers_of_unit
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.domain.versions import rules_of
from campaigns.enums import ActivityKind, CovertRule
from campaigns.models import Campaign, RuleVersion
from catalogue.models import ServiceItem
from core.exceptions import Refused
from walks.domain import delegation, frozen
from walks.domain.guards import require_on_roster, require_plan_day, require_window
from walks.domain.lifecycle import write_event
from walks.enums import ROLE_OF_KIND, Capacity, WalkEventKind, WalkState
from walks.models import Clearance, Participant, Walk


@dataclass(frozen=True)
class WalkDraft:
    """What a person says of a walk to come; the rules in force on its day decide the rest.

    ``walker`` None: whoever opens the walk. ``delegation_reason`` is asked for when somebody else than the principal
    walks, ``place`` is where or through which channel.
    """

    campaign: Campaign
    department_id: int
    item: ServiceItem
    mode: str
    activity_kind: str = ActivityKind.PROCESS
    walker: User | None = None
    delegation_reason: str = ""
    place: str = ""


@transaction.atomic
def start(draft: WalkDraft, *, actor: User, now: datetime | None = None) -> Walk:
    """Open a walk at once: nothing but item and mode is asked for; the rest may follow over days.

    In a campaign whose walks are all covert the walk is covert, for the walker and whoever opens it. Side effects in
    order: those of ``_make``; an event. Raises Refused as ``_make``, when the day lies outside the campaign,
    or when it does not bind the unit.
    """
    now = now or timezone.now()
    day = timezone.localtime(now).date()
    require_window(draft.campaign, day)
    require_on_roster(draft.campaign.pk, draft.department_id)
    version, rules = rules_of(draft.campaign.pk, day)
    is_covert = rules.planning.covert == CovertRule.REQUIRED
    state = WalkState.IN_PROGRESS
    walk = _make(draft, version=version, day=day, now=now, actor=actor, is_covert=is_covert, state=state)
    write_event(walk, WalkEventKind.STARTED, actor, now)
    return walk


@transaction.atomic
def plan_covert(
    draft: WalkDraft, *, actor: User, planned_on: date, named: Iterable[int] = (), now: datetime | None = None
) -> Walk:
    """暗访计划: a covert walk to come, made by its walker (whoever ``draft`` names); it exists only for the walker and
    the ``named`` (user ids).

    It gets no number and enters no count before it is reported. Side effects in order: those of ``_make``; an event. No
    notice to anybody. Raises Refused as ``_make`` and ``require_plan_day``, or where covert walks are not used.
    """
    now, draft = now or timezone.now(), replace(draft, walker=actor)
    require_plan_day(draft.campaign, planned_on, now)
    version, rules = rules_of(draft.campaign.pk, planned_on)
    fault = delegation.covert_fault(rules)
    if fault:
        raise Refused(fault, rule="covert")
    state = WalkState.PLANNED
    walk = _make(draft, version=version, day=planned_on, now=now, actor=actor, is_covert=True, state=state)
    clear(walk=walk, user_ids=named, actor=actor, now=now)
    write_event(walk, WalkEventKind.PLANNED, actor, now)
    return walk


@transaction.atomic
def clear(*, walk: Walk, user_ids: Iterable[int], actor: User, now: datetime | None = None) -> int:
    """Let people know of a covert walk; returns how many are new (人)."""
    now = now or timezone.now()
    have = set(walk.clearances.values_list("user_id", flat=True))
    fresh = [user_id for user_id in dict.fromkeys(user_ids) if user_id not in have]
    Clearance.objects.bulk_create(
        [Clearance(walk=walk, user_id=user_id, granted_by=actor, granted_at=now) for user_id in fresh]
    )
    return len(fresh)


def _make(
    draft: WalkDraft, *, version: RuleVersion, day: date, now: datetime, actor: User, is_covert: bool, state: str
) -> Walk:
    """The walk's row with period and receivers fixed from the rules in force, its walker as participant, and for a
    covert one the clearances of walker and actor. Raises Refused when mode or kind is not part of the campaign, or the
    rules forbid that somebody else than the principal walks, or a covert one is opened out of the unit visited."""
    rules, walker = Rulebook.from_data(version.data), draft.walker or actor
    capacity = _capacity(draft, rules, walker)
    if is_covert and actor.pk != walker.pk:
        _require_blind(actor, draft.item, draft.department_id)
    receiver, *others = receivers_of_unit(draft.campaign.pk, draft.activity_kind, draft.department_id, day)
    units = Department.objects.in_bulk({receiver, draft.department_id})
    names = frozen.snapshot(
        item=draft.item, department=units[draft.department_id], receiver=units[receiver], walker=walker
    )  # fmt: skip
    walk = Walk.objects.create(
        campaign=draft.campaign,
        rules=version,
        department_id=draft.department_id,
        receiver_id=receiver,
        item=draft.item,
        walker=walker,
        walker_capacity=capacity,
        delegation_reason=delegation.kept_reason(capacity, draft.delegation_reason),
        activity_kind=draft.activity_kind,
        mode=draft.mode,
        role=ROLE_OF_KIND[draft.activity_kind],
        is_covert=is_covert,
        state=state,
        walk_date=day,
        started_at=now,
        period=rules.period_of(day).code,
        place=draft.place,
        created_by=actor,
        **names,
    )
    walk.also_received_by.set(others)
    Participant.objects.create(walk=walk, user=walker, capacity=capacity)
    if is_covert:
        clear(walk=walk, user_ids=[walker.pk, actor.pk], actor=actor, now=now)
    return walk


def _capacity(draft: WalkDraft, rules: Rulebook, walker: User) -> str:
    """In which capacity the walker walks; raises Refused when the rules take no such walk."""
    if draft.mode not in rules.walking.modes or draft.activity_kind not in rules.activity_kinds:
        raise Refused("本活动不采用所选的体验形式或活动类型，请重新选择。", rule="mode")
    capacity = capacity_in(user_id=walker.pk, department_id=draft.department_id) or Capacity.OTHER
    wrong = delegation.delegation_fault(rules, capacity=capacity, item=draft.item, reason=draft.delegation_reason)
    if wrong:
        raise Refused("".join(wrong.values()), rule="delegation", fields=wrong)
    return capacity


def _require_blind(actor: User, item: ServiceItem, department_id: int) -> None:
    """The unit that is visited learns nothing, not through somebody who opens the walk for its walker either."""
    if item.department_id == department_id:
        return
    if Membership.objects.filter(in_force(), user=actor, department_id=item.department_id).exists():
        raise Refused(
            f"您是被体验单位（{item.department.name}）的人员，不能代为登记这次暗访，请由体验人本人登记。",
            rule="covert.visited",
        )
