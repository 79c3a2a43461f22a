"""The life of a walk. The only writer of ``Session.state`` and ``version``."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.domain.people import capacity_in
from campaigns.domain import notify
from campaigns.domain.queries import rules_of
from campaigns.enums import EDITABLE_STATES, ActivityKind, Capacity, SessionState, WalkMode, WalkRole, stages_for
from campaigns.models import Campaign, Participant, Receiver, Session, SessionEvent, Step, StepPhoto
from catalogue.models import ServiceItem
from core import audit
from core.exceptions import IllegalTransition, NotAllowed, Refused, StaleVersion

S = SessionState
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
    now: datetime | None = None,
) -> Session:
    """Open a walk at once: nothing but item and mode is asked for; the rest may follow over days.

    Side effects in order: the session (period and receiver fixed from the rules in force), the walker as
    participant, an event. Raises Refused when mode or kind is not part of the campaign, when the item must be
    walked in person and the walker is not the principal, or when the day lies outside the campaign.
    """
    now, walker = now or timezone.now(), walker or actor
    version, rules = rules_of(campaign.pk)
    if mode not in rules.modes or activity_kind not in rules.activity_kinds:
        raise Refused("本活动不采用所选的体验形式或活动类型，请重新选择。", rule="mode")
    day = timezone.localtime(now).date()
    if not campaign.starts_on <= day <= campaign.ends_on:
        raise Refused(f"今天不在活动时间内（{campaign.starts_on} 至 {campaign.ends_on}），体验未开始。", rule="window")
    capacity = capacity_in(user_id=walker.pk, department_id=department_id) or Capacity.OTHER
    if item.must_walk_in_person and capacity != Capacity.PRINCIPAL:
        raise Refused(f"“{item.name}”须由主要负责同志本人体验，不得委托。", rule="must_walk_in_person")
    receiver = Receiver.objects.get(campaign=campaign, activity_kind=activity_kind)
    session = Session.objects.create(
        campaign=campaign,
        rules=version,
        department_id=department_id,
        receiver_id=receiver.department_id,
        item=item,
        walker=walker,
        walker_capacity=capacity,
        activity_kind=activity_kind,
        mode=mode,
        role=ROLE_OF_KIND[activity_kind],
        walk_date=day,
        started_at=now,
        period=rules.period_of(day).code,
        created_by=actor,
    )
    Participant.objects.create(session=session, user=walker, capacity=capacity)
    _event(session, "started", actor, now)
    return session


@transaction.atomic
def add_step(
    *,
    session: Session,
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
    _lock_open(session, actor)
    if stage not in stages_for(session.mode):
        raise Refused("所选环节不属于本次体验形式，请重新选择。", fields={"stage": "请选择列出的环节"})
    step = Step.objects.create(
        session=session,
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
    _lock_open(step.session, actor)
    if stage not in stages_for(step.session.mode):
        raise Refused("所选环节不属于本次体验形式，请重新选择。", fields={"stage": "请选择列出的环节"})
    step.stage, step.note, step.assessment, step.happened_at = stage, note, assessment, happened_at
    step.save(update_fields=["stage", "note", "assessment", "happened_at"])
    StepPhoto.objects.bulk_create([StepPhoto(step=step, file=file) for file in files])
    return step


@transaction.atomic
def set_waiting(*, session: Session, waiting: bool, actor, now: datetime | None = None) -> None:
    """Flag the walk as waiting for the result (等结果), or take the flag off; leaves an event."""
    _lock_open(session, actor)
    Session.objects.filter(pk=session.pk).update(is_waiting=waiting)
    _event(session, "waiting" if waiting else "resumed", actor, now or timezone.now())


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
)


@transaction.atomic
def write_facts(*, session: Session, actor, facts: dict) -> None:
    """Store what the liaison completes (only the names in FACTS) on an open walk."""
    _lock_open(session, actor)
    Session.objects.filter(pk=session.pk).update(**{name: facts[name] for name in FACTS if name in facts})


def missing_for_record(session: Session, *, issues_total: int, issues_unclassified: int) -> dict[str, str]:
    """{field: what is missing} before a walk may be recorded; empty when complete.

    ``issues_total`` and ``issues_unclassified`` (件) come from the higher app that owns issues. An explained zero is
    asked for when nothing was found; 代理办 needs an authorisation; a simulated case must be withdrawn.
    """
    missing = {}
    if not session.steps.exists():
        missing["steps"] = "至少登记一个环节"
    if issues_unclassified:
        missing["issues"] = f"还有 {issues_unclassified} 个问题没有选择分类或涉及单位"
    if not issues_total and not session.zero_explained.strip():
        missing["zero_explained"] = "未发现问题的，请说明体验情况"
    if session.mode == WalkMode.ON_BEHALF and not session.has_authorisation:
        missing["has_authorisation"] = "代理办须取得办事人的委托授权"
    if session.is_simulated and not session.simulation_withdrawn:
        missing["simulation_withdrawn"] = "模拟件须确认已撤回"
    return missing


@transaction.atomic
def record(
    *, session: Session, actor, issues_total: int, issues_unclassified: int, now: datetime | None = None
) -> None:
    """in_progress, returned → recorded. Raises Refused naming every missing part."""
    missing = missing_for_record(session, issues_total=issues_total, issues_unclassified=issues_unclassified)
    if missing:
        raise Refused(f"还不能登记完成：{'；'.join(missing.values())}。", rule="incomplete", fields=missing)
    _move(
        session,
        sources=(S.IN_PROGRESS, S.RETURNED),
        target=S.RECORDED,
        kind="recorded",
        actor=actor,
        now=now,
        is_waiting=False,
    )


@transaction.atomic
def sign(*, session: Session, actor, content_digest: str, now: datetime | None = None) -> None:
    """recorded → signed, with the digest of what was signed: a later change is a new version, never unseen."""
    now = now or timezone.now()
    changes = {"signed_by": actor, "signed_at": now, "signed_digest": content_digest}
    _move(session, sources=(S.RECORDED,), target=S.SIGNED, kind="signed", actor=actor, now=now, **changes)
    audit.record(
        actor=actor,
        action="session.signed",
        object_type="session",
        object_key=session.pk,
        detail={"digest": content_digest, "version": session.version},
    )


@transaction.atomic
def reopen(*, session: Session, actor, reason: str, now: datetime | None = None) -> None:
    """recorded, signed → in_progress with a reason; the signature falls and the event keeps who had signed."""
    if not reason.strip():
        raise Refused("请写明重新修改的原因。", fields={"reason": "请写明原因"})
    changes = {"signed_by": None, "signed_at": None, "signed_digest": ""}
    _move(
        session,
        sources=(S.RECORDED, S.SIGNED),
        target=S.IN_PROGRESS,
        kind="reopened",
        actor=actor,
        now=now,
        note=reason,
        **changes,
    )


@transaction.atomic
def mark_reported(*, session: Session, actor, now: datetime) -> None:
    """signed → reported; numbering the issues is the caller's part of the same transaction (issues.domain.intake)."""
    _move(session, sources=(S.SIGNED,), target=S.REPORTED, kind="reported", actor=actor, now=now, reported_at=now)
    audit.record(actor=actor, action="session.reported", object_type="session", object_key=session.pk)


@transaction.atomic
def accept(*, session: Session, actor, now: datetime | None = None) -> None:
    """reported → accepted by the receiving side."""
    now = now or timezone.now()
    _move(session, sources=(S.REPORTED,), target=S.ACCEPTED, kind="accepted", actor=actor, now=now, accepted_at=now)


@transaction.atomic
def send_back(*, session: Session, actor, reason: str, now: datetime | None = None) -> None:
    """reported → returned 退回补正, with a reason. Numbers already given stay; the signature falls."""
    if not reason.strip():
        raise Refused("请写明退回原因，便于对方补正。", fields={"reason": "请写明退回原因"})
    changes = {"return_reason": reason, "signed_by": None, "signed_at": None, "signed_digest": ""}
    _move(
        session, sources=(S.REPORTED,), target=S.RETURNED, kind="returned", actor=actor, now=now, note=reason, **changes
    )


@transaction.atomic
def cancel(*, session: Session, actor, reason: str, now: datetime | None = None) -> None:
    """in_progress, recorded → cancelled with a reason; nothing is deleted. A reported walk cannot be cancelled."""
    if not reason.strip():
        raise Refused("请写明取消原因。", fields={"reason": "请写明取消原因"})
    if session.reported_at:
        raise IllegalTransition("本次体验已经报送过，不能取消，只能补正后再报送。", rule="session.cancel")
    _move(
        session,
        sources=(S.IN_PROGRESS, S.RECORDED),
        target=S.CANCELLED,
        kind="cancelled",
        actor=actor,
        now=now,
        note=reason,
    )


def require_open(session: Session) -> None:
    """Raise IllegalTransition when nothing may be added to the walk any more."""
    if session.state not in EDITABLE_STATES:
        raise _not_open(session)


def require_version(session: Session, version: int) -> None:
    """Raise StaleVersion when the walk is no longer the one the person was shown."""
    if version != session.version:
        raise _stale(session)


def touch(*, session: Session, actor) -> None:
    """Bump the version of an open walk on behalf of a higher app that adds content to it."""
    _lock_open(session, actor)


def _lock_open(session: Session, actor) -> None:
    """Bump the version of an open walk, so that content never changes under a signature being given."""
    won = Session.objects.filter(pk=session.pk, state__in=[S.IN_PROGRESS, S.RETURNED]).update(
        version=F("version") + 1, changed_by=actor, changed_at=timezone.now()
    )
    if not won:
        session.refresh_from_db(fields=["state"])
        raise _not_open(session)
    session.version += 1


def _stale(session: Session) -> StaleVersion:
    last = Session.objects.select_related("changed_by").get(pk=session.pk)
    who = last.changed_by or last.walker
    when = timezone.localtime(last.changed_at or last.started_at).strftime("%m月%d日 %H:%M")
    return StaleVersion(
        f"本次体验已由{who}于{when}修改，您看到的内容不是最新的，本次操作未执行。请刷新后核对再办理。",
        rule="session.version",
    )


def _not_open(session: Session) -> IllegalTransition:
    return IllegalTransition(
        f"本次体验处于“{session.get_state_display()}”，不能再改。需要修改时请先点“重新修改”。", rule="session.open"
    )


def _move(
    session: Session, *, sources, target: str, kind: str, actor, now: datetime | None, note: str = "", **changes
) -> None:
    now = now or timezone.now()
    won = Session.objects.filter(pk=session.pk, state__in=sources, version=session.version).update(
        state=target, version=F("version") + 1, changed_by=actor, changed_at=now, **changes
    )
    if not won:
        current = Session.objects.only("state", "version").get(pk=session.pk)
        if current.state in sources:
            raise _stale(session)
        raise IllegalTransition(
            f"本次体验处于“{current.get_state_display()}”，不能执行此操作。", rule=f"session.{kind}"
        )
    session.refresh_from_db()
    _event(session, kind, actor, now, note)
    notify.after(kind=kind, session=session, actor=actor, now=now)


def _event(session: Session, kind: str, actor, now: datetime, note: str = "") -> None:
    SessionEvent.objects.create(session=session, kind=kind, actor=actor, at=now, note=note)


def require(allowed: bool) -> None:
    """Turn a refused predicate into 403 in words."""
    if not allowed:
        raise NotAllowed("您可以查看本次体验，但没有执行此操作的权限。", rule="permission")
