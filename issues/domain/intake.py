"""A walk's problems: noted in three fields on the spot, completed by the liaison, numbered when it is reported."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Department
from campaigns.enums import ActivityKind, Component
from core import audit
from core.exceptions import IllegalTransition, Refused
from issues.domain import lifecycle
from issues.domain.effects import attach
from issues.domain.queries import photo_digests
from issues.enums import EvidenceKind, IssueSource, IssueState
from issues.models import Issue, Need
from walks.domain import components
from walks.domain import lifecycle as walk_lifecycle
from walks.enums import EDITABLE_STATES
from walks.models import Session, SessionEvent, Step

SOURCE_OF_KIND = {
    ActivityKind.PROCESS: IssueSource.WALK,
    ActivityKind.WINDOW: IssueSource.WINDOW,
    ActivityKind.ENFORCEMENT: IssueSource.ENFORCEMENT,
    ActivityKind.COMPLAINT: IssueSource.COMPLAINT,
}
# Problems met in these parts of an activity have a source of their own (L22 二).
SOURCE_OF_COMPONENT = {
    Component.APPROVAL_DESK: IssueSource.WINDOW,
    Component.BUSINESS_CHECK: IssueSource.CHECK,
    Component.SERVICE_CALLBACK: IssueSource.CALLBACK,
    Component.DISCUSSION: IssueSource.MEETING,
    Component.FILE_REVIEW: IssueSource.FILE_REVIEW,
}


def _open(session: Session) -> None:
    if session.state not in EDITABLE_STATES:
        raise IllegalTransition(f"本次体验处于“{session.get_state_display()}”，不能再增改问题。", rule="session.open")


@transaction.atomic
def capture(
    *, session: Session, actor, description: str, stage: str, step: Step | None = None, files=(), now=None
) -> Issue:
    """Note a problem on an open walk: what, at which stage ("" in a part that is no stage of the service), photos if
    any. A draft: no number, in no count.

    Side effects in order: the walk's version; the draft; its photos. Raises Refused without a description.
    """
    _open(session)
    if not description.strip():
        raise Refused("请写明发现了什么问题。", fields={"description": "请写明发现了什么问题"})
    walk_lifecycle.touch(session=session, actor=actor)
    now = now or timezone.now()
    issue = Issue.objects.create(
        campaign_id=session.campaign_id,
        region_id=session.department.region_id,
        session=session,
        step=step,
        item_id=session.item_id,
        discovering_department_id=session.department_id,
        # The unit whose service was walked, which need not be the walker's own.
        proposed_department_id=session.item.department_id,
        lead_department_id=session.receiver_id,
        reported_by=actor,
        description=description.strip(),
        stage=stage,
        source=SOURCE_OF_COMPONENT.get(step.component if step else "", SOURCE_OF_KIND[session.activity_kind]),
        found_on=timezone.localtime(step.happened_at if step else now).date(),
        period=session.period,
    )
    attach(issue, actor, files, EvidenceKind.FOUND)
    return issue


@transaction.atomic
def classify(
    *, issue: Issue, actor, description: str, stage: str, category: str, department: Department, files=()
) -> Issue:
    """The liaison's part on a draft: class and unit concerned, photos added. Raises when the walk is no longer open."""
    _open(issue.session)
    walk_lifecycle.touch(session=issue.session, actor=actor)
    changed = Issue.objects.filter(pk=issue.pk, state=IssueState.DRAFT).update(
        description=description.strip(), stage=stage, category=category, proposed_department=department
    )
    if not changed:
        raise IllegalTransition("该问题已登记入账，不能再按草稿修改。", rule="issue.draft")
    attach(issue, actor, files, EvidenceKind.FOUND)
    issue.refresh_from_db()
    return issue


@transaction.atomic
def complete(*, session: Session, actor, facts: dict, classes) -> None:
    """Everything the liaison's page holds, in one go: the facts, then ``classes``: (draft, class, unit) triples.

    Raises as ``sessions.write_facts`` and ``classify``; all or nothing.
    """
    walk_lifecycle.write_facts(session=session, actor=actor, facts=facts)
    for issue, category, department in classes:
        classify(
            issue=issue,
            actor=actor,
            description=issue.description,
            stage=issue.stage,
            category=category,
            department=department,
        )


@transaction.atomic
def withdraw(*, issue: Issue, actor) -> None:
    """Take back a draft noted by mistake; its words stay in the walk's history. Registered issues never go."""
    _open(issue.session)
    walk_lifecycle.touch(session=issue.session, actor=actor)
    if issue.state != IssueState.DRAFT:
        raise IllegalTransition("该问题已登记入账，不能删除。", rule="issue.draft")
    SessionEvent.objects.create(
        session=issue.session, kind="draft_withdrawn", actor=actor, at=timezone.now(), note=issue.description[:500]
    )
    issue.evidence.all().delete()
    Issue.objects.filter(pk=issue.pk, state=IssueState.DRAFT).delete()


@transaction.atomic
def add_need(*, session: Session, actor, subject: str, content: str) -> Need:
    """Note a need (需求) of a firm, a citizen or the unit on an open walk."""
    _open(session)
    if not content.strip():
        raise Refused("请填写需求内容。", fields={"content": "请填写需求内容"})
    walk_lifecycle.touch(session=session, actor=actor)
    return Need.objects.create(session=session, subject=subject, content=content.strip())


def counts(session: Session) -> tuple[int, int]:
    """(problems noted, of which without a class or a unit), in 件."""
    rows = Issue.objects.filter(session=session).values_list("state", "category", "proposed_department_id")
    open_ones = [1 for state, category, unit in rows if state == IssueState.DRAFT and (not category or not unit)]
    return len(rows), len(open_ones)


@transaction.atomic
def record_session(*, session: Session, actor, now: datetime | None = None) -> None:
    """The walk is complete: in_progress or returned → recorded (guards in ``walks.domain.lifecycle``)."""
    total, unclassified = counts(session)
    walk_lifecycle.record(session=session, actor=actor, issues_total=total, issues_unclassified=unclassified, now=now)


@transaction.atomic
def sign_session(*, session: Session, actor, now: datetime | None = None) -> None:
    """The principal signs what stands there now; its digest is kept."""
    walk_lifecycle.sign(session=session, actor=actor, content_digest=content_digest(session), now=now)


@transaction.atomic
def report_session(*, session: Session, actor, now: datetime | None = None, stamped=()) -> list[Issue]:
    """Hand the walk in, with the ``stamped`` pages where the campaign demands them: reported, and every draft gets its
    number and enters the ledger, in the order noted.

    One transaction: either the walk is reported and all its problems are numbered, or nothing happened.
    """
    now = now or timezone.now()
    walk_lifecycle.mark_reported(session=session, actor=actor, now=now, stamped=stamped)
    drafts = Issue.objects.filter(session=session, state=IssueState.DRAFT).order_by("id")
    return [lifecycle.perform(issue=issue, action="register", actor=None, now=now) for issue in drafts]


def content_digest(session: Session) -> str:
    """SHA-256 over everything a signature covers: the walk's facts, steps, photos, problems and needs."""
    facts = {name: getattr(session, name) for name in walk_lifecycle.FACTS}
    photos: dict[int, list[str]] = {}
    for issue_id, sha in photo_digests(session):
        photos.setdefault(issue_id, []).append(sha)
    steps = [
        [
            step.stage or step.component, step.happened_at, step.note, step.assessment,
            *(getattr(step, name) for name in components.DETAILS),
            sorted(str(file.sha256) for file in step.photos.all()),
        ]
        for step in session.steps.prefetch_related("photos")
    ]  # fmt: skip
    problems = [
        [issue.description, issue.stage, issue.category, issue.proposed_department_id, photos.get(issue.pk, [])]
        for issue in Issue.objects.filter(session=session).order_by("id")
    ]
    needs = list(session.needs.values_list("subject", "content"))
    head = [session.pk, session.item_id, session.mode, session.activity_kind, session.walker_id, session.started_at]
    return audit.digest({"head": head, "facts": facts, "steps": steps, "problems": problems, "needs": needs})
