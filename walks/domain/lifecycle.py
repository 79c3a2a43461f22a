"""The life of a walk. The only writer of ``Walk.state`` and ``version``."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from campaigns.domain.queries import on_roster
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.enums import WalkMode
from campaigns.models import Campaign
from core import audit
from core.exceptions import IllegalTransition, NotAllowed, Refused, StaleVersion
from walks.domain import notices, requirements
from walks.domain.eligibility import companions_fault
from walks.domain.queries import done_of
from walks.enums import EDITABLE_STATES, WalkState, stages_for
from walks.models import StampedPage, Step, StepPhoto, Walk, WalkEvent

S = WalkState


@transaction.atomic
def begin(*, walk: Walk, actor, now: datetime | None = None) -> None:
    """planned → in_progress: the planned walk begins today, whatever day was planned. Raises Refused outside the
    campaign's days, and for a unit the campaign no longer binds; the plan is kept."""
    now = now or timezone.now()
    day = timezone.localtime(now).date()
    campaign = walk.campaign
    if not campaign.starts_on <= day <= campaign.ends_on:
        raise Refused(f"今天不在活动时间内（{campaign.starts_on} 至 {campaign.ends_on}），体验未开始。", rule="window")
    require_on_roster(walk.campaign_id, walk.department_id)
    rules = Rulebook.from_data(walk.rules.data)
    changes = {"started_at": now, "walk_date": day, "period": rules.period_of(day).code}
    _move(walk, sources=(S.PLANNED,), target=S.IN_PROGRESS, kind="started", actor=actor, now=now, **changes)


@transaction.atomic
def postpone(*, walk: Walk, actor, planned_on: date, now: datetime | None = None) -> None:
    """改期: a walk still planned gets another day; raises as ``require_plan_day``."""
    require_plan_day(walk.campaign, planned_on, now or timezone.now())
    rules = Rulebook.from_data(walk.rules.data)
    changes = {"walk_date": planned_on, "period": rules.period_of(planned_on).code}
    note = f"{walk.walk_date} 改为 {planned_on}"
    _move(walk, sources=(S.PLANNED,), target=S.PLANNED, kind="postponed", actor=actor, now=now, note=note, **changes)


@transaction.atomic
def add_step(
    *,
    walk: Walk,
    actor,
    stage: str,
    note: str = "",
    assessment: str = "",
    happened_at: datetime | None = None,
    files=(),
) -> Step:
    """Append a step with its photos to an open walk (in_progress or returned).

    Raises Refused for a stage this mode does not have, IllegalTransition when the walk is no longer open.
    """
    _lock_open(walk, actor)
    if stage not in stages_for(walk.mode):
        raise Refused("所选环节不属于本次体验形式，请重新选择。", fields={"stage": "请选择列出的环节"})
    step = Step.objects.create(
        walk=walk,
        stage=stage,
        note=note,
        assessment=assessment,
        happened_at=happened_at or timezone.now(),
        created_by=actor,
    )
    StepPhoto.objects.bulk_create([StepPhoto(step=step, file=file) for file in files])
    return step


@transaction.atomic
def edit_step(*, step: Step, actor, stage: str, note: str, assessment: str, happened_at: datetime, files=()) -> Step:
    """Change a step of an open walk and append photos; raises as ``add_step``."""
    _lock_open(step.walk, actor)
    if stage not in stages_for(step.walk.mode):
        raise Refused("所选环节不属于本次体验形式，请重新选择。", fields={"stage": "请选择列出的环节"})
    step.stage, step.note, step.assessment, step.happened_at = stage, note, assessment, happened_at
    step.save(update_fields=["stage", "note", "assessment", "happened_at"])
    StepPhoto.objects.bulk_create([StepPhoto(step=step, file=file) for file in files])
    return step


@transaction.atomic
def set_waiting(*, walk: Walk, waiting: bool, actor, now: datetime | None = None) -> None:
    """Flag the walk as waiting for the result (等结果), or take the flag off; leaves an event."""
    _lock_open(walk, actor)
    Walk.objects.filter(pk=walk.pk).update(is_waiting=waiting)
    write_event(walk, "waiting" if waiting else "resumed", actor, now or timezone.now())


FACTS = (
    "place",
    "ended_on",
    "is_simulated",
    "simulation_withdrawn",
    "has_authorisation",
    "actual_days",
    "actual_documents",
    "actual_trips",
    "zero_explained",
    "suggestion",
    "companions",
)


@transaction.atomic
def write_facts(*, walk: Walk, actor, facts: dict) -> None:
    """Store what the liaison completes (only the names in FACTS) on an open walk.

    Raises Refused for companions the rules of the walk do not allow.
    """
    rules = Rulebook.from_data(walk.rules.data)
    fault = companions_fault(rules, companions=facts.get("companions", {}), is_covert=walk.is_covert)
    if fault:
        raise Refused(fault, rule="companions", fields={"companions": fault})
    _lock_open(walk, actor)
    Walk.objects.filter(pk=walk.pk).update(**{name: facts[name] for name in FACTS if name in facts})


def missing_for_record(walk: Walk, *, issues_total: int, issues_unclassified: int) -> dict[str, str]:
    """{field: what is missing} before a walk may be recorded; empty when complete.

    ``issues_total`` and ``issues_unclassified`` (件) come from the higher app that owns issues. An explained zero is
    asked for when nothing was found; 代理办 needs an authorisation; a simulated case must be withdrawn; a photo where
    the campaign makes evidence a condition (W23 六（三）, M18 三5).
    """
    missing = {}
    if not walk.steps.exists():
        missing["steps"] = "至少登记一个环节"
    if _lacks_evidence(walk):
        missing["photos"] = "本活动要求附照片，请在环节里至少附一张"
    if issues_unclassified:
        missing["issues"] = f"还有 {issues_unclassified} 个问题没有选择分类或涉及单位"
    if not issues_total and not walk.zero_explained.strip():
        missing["zero_explained"] = "未发现问题的，请说明体验情况"
    if walk.mode == WalkMode.ON_BEHALF and not walk.has_authorisation:
        missing["has_authorisation"] = "代理办须取得办事人的委托授权"
    if walk.is_simulated and not walk.simulation_withdrawn:
        missing["simulation_withdrawn"] = "模拟件须确认已撤回"
    return missing


@transaction.atomic
def record(*, walk: Walk, actor, issues_total: int, issues_unclassified: int, now: datetime | None = None) -> None:
    """in_progress, returned → recorded, judged by the 环节 the notice asks for (docs/rules.md section 4: incomplete
    ones are accepted, marked 未达标, and do not count). Raises Refused naming every missing part.
    """
    missing = missing_for_record(walk, issues_total=issues_total, issues_unclassified=issues_unclassified)
    if missing:
        raise Refused(f"还不能登记完成：{'；'.join(missing.values())}。", rule="incomplete", fields=missing)
    activity = Rulebook.from_data(walk.rules.data).activity_of(walk.activity_kind)
    short = requirements.shortfall(activity, walk.activity_kind, done_of(walk.steps.all()))
    _move(
        walk,
        sources=(S.IN_PROGRESS, S.RETURNED),
        target=S.RECORDED,
        kind="recorded",
        actor=actor,
        now=now,
        is_waiting=False,
        conforms=not short if activity and activity.links else None,
        shortfall=short,
    )


@transaction.atomic
def sign(*, walk: Walk, actor, content_digest: str, now: datetime | None = None) -> None:
    """recorded → signed, with the digest of what was signed: a later change is a new version, never unseen."""
    now = now or timezone.now()
    changes = {"signed_by": actor, "signed_at": now, "signed_digest": content_digest}
    _move(walk, sources=(S.RECORDED,), target=S.SIGNED, kind="signed", actor=actor, now=now, **changes)
    audit.record(
        actor=actor,
        action="walk.signed",
        object_type="walk",
        object_key=walk.pk,
        detail={"digest": content_digest, "version": walk.version},
        covert=walk.is_hidden,
    )


@transaction.atomic
def reopen(*, walk: Walk, actor, reason: str, now: datetime | None = None) -> None:
    """recorded, signed → in_progress with a reason; the signature falls and the event keeps who had signed."""
    if not reason.strip():
        raise Refused("请写明重新修改的原因。", fields={"reason": "请写明原因"})
    changes = {"signed_by": None, "signed_at": None, "signed_digest": ""}
    _move(
        walk,
        sources=(S.RECORDED, S.SIGNED),
        target=S.IN_PROGRESS,
        kind="reopened",
        actor=actor,
        now=now,
        note=reason,
        **changes,
    )


def wants_stamp(walk: Walk) -> bool:
    """True when the walk is handed in with the signed and stamped paper; after a return the paper is handed in anew."""
    return Rulebook.from_data(walk.rules.data).reporting.stamp


@transaction.atomic
def mark_reported(*, walk: Walk, actor, now: datetime, stamped=()) -> None:
    """signed → reported; numbering the issues is the caller's part of the same transaction (issues.domain.intake).

    ``stamped``: pictures of the signed and stamped paper, without which a campaign that demands the stamp takes no
    report (W23 六（三）: 主要负责同志签字并加盖单位公章); Refused then.
    A covert walk comes into the open: what the audit kept covert about it may be read from here on.
    """
    if wants_stamp(walk) and not stamped:
        words = "本活动要求主要负责同志签字并加盖单位公章，请附上签字盖章件的照片，再报送。"
        raise Refused(words, rule="stamp", fields={"photos": words})
    StampedPage.objects.bulk_create(
        StampedPage(walk=walk, file=file, digest=walk.signed_digest, added_by=actor, added_at=now) for file in stamped
    )
    was_hidden = walk.is_hidden
    _move(walk, sources=(S.SIGNED,), target=S.REPORTED, kind="reported", actor=actor, now=now, reported_at=now)
    audit.record(actor=actor, action="walk.reported", object_type="walk", object_key=walk.pk)
    if was_hidden:
        audit.record(actor=actor, action="walk.released", object_type="walk", object_key=walk.pk)


@transaction.atomic
def accept(*, walk: Walk, actor, now: datetime | None = None) -> None:
    """reported → accepted by the receiving side."""
    now = now or timezone.now()
    _move(walk, sources=(S.REPORTED,), target=S.ACCEPTED, kind="accepted", actor=actor, now=now, accepted_at=now)


@transaction.atomic
def send_back(*, walk: Walk, actor, reason: str, now: datetime | None = None) -> None:
    """reported → returned 退回补正, with a reason. Numbers already given stay; the signature falls."""
    if not reason.strip():
        raise Refused("请写明退回原因，便于对方补正。", fields={"reason": "请写明退回原因"})
    changes = {"return_reason": reason, "signed_by": None, "signed_at": None, "signed_digest": ""}
    _move(walk, sources=(S.REPORTED,), target=S.RETURNED, kind="returned", actor=actor, now=now, note=reason, **changes)


@transaction.atomic
def cancel(*, walk: Walk, actor, reason: str, now: datetime | None = None) -> None:
    """planned, in_progress, recorded → cancelled with a reason; nothing is deleted. A reported walk cannot be."""
    if not reason.strip():
        raise Refused("请写明取消原因。", fields={"reason": "请写明取消原因"})
    if walk.reported_at:
        raise IllegalTransition("本次体验已经报送过，不能取消，只能补正后再报送。", rule="walk.cancel")
    _move(
        walk,
        sources=(S.PLANNED, S.IN_PROGRESS, S.RECORDED),
        target=S.CANCELLED,
        kind="cancelled",
        actor=actor,
        now=now,
        note=reason,
    )


def require_plan_day(campaign: Campaign, day: date, now: datetime) -> None:
    """Raise Refused unless a walk may be planned for that day: of the campaign's days, today or later."""
    if not campaign.starts_on <= day <= campaign.ends_on:
        shown = f"{campaign.starts_on} 至 {campaign.ends_on}"
        raise Refused(f"计划日期不在活动时间内（{shown}）。", fields={"planned_on": f"请选择 {shown} 之间的日期"})
    if day < timezone.localtime(now).date():
        raise Refused("计划日期已经过去，请选择今天或以后的日期。", fields={"planned_on": "请选择今天或以后的日期"})


def require_on_roster(campaign_id: int, department_id: int) -> None:
    """Raise Refused when the campaign does not bind the unit (any more): it takes no new walk."""
    if not on_roster(campaign_id, department_id):
        raise Refused("本单位已不在活动名单内，体验未开始。如有疑问，请与统筹单位联系。", rule="roster")


def require_open(walk: Walk) -> None:
    """Raise IllegalTransition when nothing may be added to the walk any more."""
    if walk.state not in EDITABLE_STATES:
        raise _not_open(walk)


def require_version(walk: Walk, version: int) -> None:
    """Raise StaleVersion when the walk is no longer the one the person was shown."""
    if version != walk.version:
        raise _stale(walk)


def touch(*, walk: Walk, actor) -> None:
    """Bump the version of an open walk on behalf of a higher app that adds content to it."""
    _lock_open(walk, actor)


def _lacks_evidence(walk: Walk) -> bool:
    reporting = Rulebook.from_data(walk.rules.data).reporting
    if not (reporting.evidence_required and reporting.evidence):
        return False
    return not StepPhoto.objects.filter(step__walk=walk).exists()


def _lock_open(walk: Walk, actor) -> None:
    """Bump the version of an open walk, so that content never changes under a signature being given."""
    won = Walk.objects.filter(pk=walk.pk, state__in=[S.IN_PROGRESS, S.RETURNED]).update(
        version=F("version") + 1, changed_by=actor, changed_at=timezone.now()
    )
    if not won:
        walk.refresh_from_db(fields=["state"])
        raise _not_open(walk)
    walk.version += 1


def _stale(walk: Walk) -> StaleVersion:
    last = Walk.objects.select_related("changed_by").get(pk=walk.pk)
    who = last.changed_by or last.walker
    when = timezone.localtime(last.changed_at or last.started_at).strftime("%m月%d日 %H:%M")
    return StaleVersion(
        f"本次体验已由{who}于{when}修改，您看到的内容不是最新的，本次操作未执行。请刷新后核对再办理。",
        rule="walk.version",
    )


def _not_open(walk: Walk) -> IllegalTransition:
    return IllegalTransition(
        f"本次体验处于“{walk.get_state_display()}”，不能再改。需要修改时请先点“重新修改”。", rule="walk.open"
    )


def _move(
    walk: Walk, *, sources, target: str, kind: str, actor, now: datetime | None, note: str = "", **changes
) -> None:
    now = now or timezone.now()
    won = Walk.objects.filter(pk=walk.pk, state__in=sources, version=walk.version).update(
        state=target, version=F("version") + 1, changed_by=actor, changed_at=now, **changes
    )
    if not won:
        current = Walk.objects.only("state", "version").get(pk=walk.pk)
        if current.state in sources:
            raise _stale(walk)
        raise IllegalTransition(f"本次体验处于“{current.get_state_display()}”，不能执行此操作。", rule=f"walk.{kind}")
    walk.refresh_from_db()
    write_event(walk, kind, actor, now, note)
    notices.after(kind=kind, walk=walk, actor=actor, now=now)


def write_event(walk: Walk, kind: str, actor, now: datetime, note: str = "") -> None:
    """One line of the walk's history."""
    WalkEvent.objects.create(walk=walk, kind=kind, actor=actor, at=now, note=note)


def require(allowed: bool) -> None:
    """Turn a refused predicate into 403 in words."""
    if not allowed:
        raise NotAllowed("您可以查看本次体验，但没有执行此操作的权限。", rule="permission")
