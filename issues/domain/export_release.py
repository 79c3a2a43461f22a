"""放行: a ledger export that is large or unmasked is carried out only after a second person of the office released it
(docs/trust.md A7). The request is the job itself, which waits in the state 待放行."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from accounts.domain.memberships import rights_with_role
from accounts.enums import Role
from accounts.models import Department, User
from accounts.scope import scope_of
from core import audit, jobs
from core.conflicts import wrong_state
from core.exceptions import NotAllowed, Refused
from core.models import Job, JobState
from core.transitions import Transition
from notifications.domain.notices import Draft, ensure

KIND = "ledger.export"
RELEASED, REFUSED = "released", "refused"
STEPS = {
    RELEASED: Transition(RELEASED, "放行", (JobState.HELD,), JobState.QUEUED, (Role.OFFICE,)),
    REFUSED: Transition(REFUSED, "不予放行", (JobState.HELD,), JobState.CANCELLED, (Role.OFFICE,)),
}


def region_of(user: User) -> int | None:
    """The region whose office releases what this person asks for: the own office's, else that of the first post."""
    scope = scope_of(user)
    return min(scope.act_regions, default=None) or (scope.posts[0].region_id if scope.posts else None)


@transaction.atomic
def tell_office(*, job: Job, now: datetime) -> int:
    """Tell the office of the job's region, but not the one who asked; returns how many notices (条) are new."""
    units = Department.objects.filter(region_id=job.params["region"], memberships__role=Role.OFFICE).distinct()
    people = rights_with_role(department_ids=units.values_list("pk", flat=True), roles=[Role.OFFICE])
    text = f"{job.owner}申请{job.label}（{job.params['rows']} 条），请审核放行"
    told = {user: right for found in people.values() for user, right in found.items() if user != job.owner_id}
    link, key = reverse("export_release", args=[job.pk]), f"export:{job.pk}:asked"
    drafts = [
        Draft(recipient_id=user, kind="export.asked", key=key, text=text, right=right, link=link)
        for user, right in told.items()
    ]
    return ensure(drafts, now=now)


def releases_visible_to(user: User) -> QuerySet[Job]:
    """Exports that wait to be released in the regions the person reads as an office, the own ones among them; for
    anybody else none."""
    return exports_asked_of(user).filter(state=JobState.HELD)


def release_rows(rows: Iterable[Job]) -> list[dict]:
    """What each asks for, for a workbook; what somebody wrote as its purpose is masked as on the page."""
    return [
        {
            "label": job.label,
            "rows": job.params["rows"],
            "owner": job.owner.label if job.owner else "",
            "asked_at": job.created_at,
            "reason": job.params["reason"],
            "numbers": "含未遮盖号码" if job.params["unmasked"] else "已遮盖",
        }
        for job in rows
    ]


def exports_asked_of(user: User) -> QuerySet[Job]:
    """The same with those that were decided or called off, which a link in a notice may still lead to."""
    regions = {region for post in scope_of(user).posts if post.role == Role.OFFICE for region in post.below}
    asked = Job.objects.filter(kind=KIND).select_related("owner", "decided_by")
    return asked.filter(params__region__in=regions) if regions else asked.none()


def waiting_releases(user: User, *, limit: int = 3) -> tuple[int, list[Job]]:
    """(how many, the first ``limit``) that this person may release, the oldest first; none for who is no office."""
    if not scope_of(user).offices:
        return 0, []
    found = list(releases_visible_to(user).exclude(owner=user).order_by("created_at", "pk"))
    return len(found), found[:limit]


def require_second_person(*, job: Job, actor: User) -> None:
    """Raise NotAllowed for the one who asked."""
    if job.owner_id == actor.pk:
        raise NotAllowed("导出须由统筹办另一人放行，您本人不能放行自己的申请。", rule="export.second_person")


def require_held(*, job: Job, decision: str = RELEASED) -> None:
    """Raise IllegalTransition, saying by whom and when, for an export that was decided or called off."""
    if job.state != JobState.HELD:
        step = STEPS.get(decision, STEPS[RELEASED])
        who, at = job.decided_by, job.decided_at
        raise wrong_state("这项导出", job.get_state_display(), step, rule="export.held", who=who, at=at)


@transaction.atomic
def decide(*, job: Job, actor: User, decision: str, reason: str, send: Callable[[str], object], now: datetime) -> None:
    """放行 or 不予放行. Side effects in order: the job, which is queued and sent or ends; an audit entry; a notice to
    the one who asked. Raises NotAllowed for the one who asked, Refused for releasing what could not be carried out any
    more, IllegalTransition when it no longer waits."""
    require_second_person(job=job, actor=actor)
    is_released = decision == RELEASED
    if is_released:
        _require_same_rights(job)
    if is_released:
        done = jobs.release(job=job, actor=actor, now=now, send=send)
    else:
        done = jobs.end_held(job=job, actor=actor, now=now, message=f"统筹办未予放行：{reason}")
    if not done:
        job.refresh_from_db()
        require_held(job=job, decision=decision)
    detail = {"rows": job.params["rows"], "unmasked": job.params["unmasked"], "reason": reason}
    audit.record(actor=actor, action=f"export.{decision}", object_type="job", object_key=job.pk, detail=detail)
    words = "已放行，正在生成文件" if is_released else "未予放行"
    if job.owner is not None:
        _tell_owner(job, job.owner, decision, words, now)


def _require_same_rights(job: Job) -> None:
    """Raise Refused where the one who asked has left or holds other rights by now: no file would be made."""
    owner = job.owner
    if owner is None or not owner.is_active or scope_of(owner).fingerprint != job.rights:
        words = "申请人的账号或角色在申请以后已有变动，放行也不会生成文件。请选择“不予放行”，由其重新申请。"
        raise Refused(words, rule="export.rights", fields={"decision": words})


def _tell_owner(job: Job, owner: User, decision: str, words: str, now: datetime) -> None:
    """Nothing is told to who holds no right any more: the job is gone with it."""
    text, link = f"您申请的{job.label}{words}", reverse("job", args=[job.pk])
    kind, key = f"export.{decision}", f"export:{job.pk}:{decision}"
    rights = scope_of(owner).rights[:1]
    ensure([Draft(owner.pk, kind=kind, key=key, text=text, right=right, link=link) for right in rights], now=now)
