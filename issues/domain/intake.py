"""A walk's problems: noted in three fields on the spot, completed by the liaison, numbered when it is reported."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.domain.units import in_charge
from accounts.models import Department, User
from campaigns.domain.versions import rules_of
from campaigns.enums import ActivityKind, Component
from catalogue.models import ServiceItem
from core.exceptions import IllegalTransition, Refused
from evidence.models import StoredFile
from issues.domain import lifecycle
from issues.domain.effects import attach
from issues.domain.lookback import lifecycle as look_backs
from issues.domain.needs.lifecycle import register_needs
from issues.domain.signature_check import content_digest
from issues.enums import EvidenceKind, IssueSource, IssueState
from issues.models import Issue, IssueEvidence, Need
from walks.domain import lifecycle as walk_lifecycle
from walks.domain.stored import require_as_seen, require_not_withdrawn, with_photos
from walks.domain.withdrawal import mark, require_reason, told
from walks.enums import WalkEventKind
from walks.models import Step, Walk

SOURCE_OF_KIND: dict[str, IssueSource] = {
    ActivityKind.PROCESS: IssueSource.WALK,
    ActivityKind.WINDOW: IssueSource.WINDOW,
    ActivityKind.ENFORCEMENT: IssueSource.ENFORCEMENT,
    ActivityKind.COMPLAINT: IssueSource.COMPLAINT,
}
# Problems met in these components of an activity have a source of their own (L22 二).
SOURCE_OF_COMPONENT: dict[str, IssueSource] = {
    Component.APPROVAL_DESK: IssueSource.WINDOW,
    Component.BUSINESS_CHECK: IssueSource.CHECK,
    Component.SERVICE_CALLBACK: IssueSource.CALLBACK,
    Component.DISCUSSION: IssueSource.MEETING,
    Component.FILE_REVIEW: IssueSource.FILE_REVIEW,
}


def _walk_of(draft: Issue) -> Walk:
    """The walk a draft was noted on; ValueError for an issue without one, which is no draft."""
    if draft.walk is None:
        raise ValueError(f"issue {draft.pk} was noted on no walk")
    return draft.walk


@transaction.atomic
def capture(
    *,
    walk: Walk,
    actor: User,
    description: str,
    stage: str,
    step: Step | None = None,
    files: Iterable[StoredFile] = (),
    now: datetime | None = None,
) -> Issue:
    """Note a problem on an open walk: what, at which stage ("" in a component that is no stage of the service), photos
    if any. A draft: no number, in no count.

    Side effects in order: the walk's version; the draft; its photos. Raises Refused without a description.
    """
    walk_lifecycle.require_open(walk)
    if not description.strip():
        raise Refused("请写明发现了什么问题。", fields={"description": "请写明发现了什么问题"})
    walk_lifecycle.touch(walk=walk, actor=actor)
    now = now or timezone.now()
    # The unit whose service was walked, which need not be the walker's own.
    visited = walk.item.department
    issue = Issue.objects.create(
        campaign_id=walk.campaign_id,
        region_id=walk.department.region_id,
        walk=walk,
        step=step,
        item_id=walk.item_id,
        discovering_department_id=walk.department_id,
        proposed_department=visited,
        proposed_name=visited.name,
        lead_department_id=walk.receiver_id,
        reported_by=actor,
        description=description.strip(),
        stage=stage,
        source=SOURCE_OF_COMPONENT.get(step.component if step else "", SOURCE_OF_KIND[walk.activity_kind]),
        found_on=timezone.localtime(step.happened_at if step else now).date(),
        period=walk.period,
    )
    attach(issue, actor, files, EvidenceKind.FOUND)
    return issue


@transaction.atomic
def classify(
    *,
    issue: Issue,
    actor: User,
    description: str,
    stage: str,
    category: str,
    department: Department,
    files: Iterable[StoredFile] = (),
) -> Issue:
    """The liaison's part on a draft: class and unit concerned, photos added. Raises when the walk is no longer open."""
    walk = _walk_of(issue)
    walk_lifecycle.require_open(walk)
    walk_lifecycle.touch(walk=walk, actor=actor)
    unit = {"proposed_department": department, "proposed_name": department.name}
    changed = Issue.objects.filter(pk=issue.pk, state=IssueState.DRAFT).update(
        description=description.strip(), stage=stage, category=category, **unit
    )
    if not changed:
        raise IllegalTransition("该问题已登记入账，不能再按草稿修改。", rule="issue.draft")
    attach(issue, actor, files, EvidenceKind.FOUND)
    issue.refresh_from_db()
    return issue


def stored_problem(issue: Issue) -> dict:
    """The values the form over a draft changes, by field of the form."""
    facts = {name: getattr(issue, name) for name in ("description", "stage", "category")}
    return facts | {"department": issue.proposed_department_id}


def whole_problem(issue: Issue) -> dict:
    """What the form that takes a draft back is opened on: its values and photos; one query."""
    return with_photos(stored_problem(issue), issue.evidence.filter(kind=EvidenceKind.FOUND))


@transaction.atomic
def edit_problem(*, issue: Issue, actor: User, seen: str, files: Iterable[StoredFile] = (), **facts: Any) -> Issue:
    """Change a draft from a page opened on ``seen`` (the token of ``stored_problem``); ``facts`` as ``classify``.

    Raises Refused without ``seen``, StaleVersion when somebody else has changed the draft since, IllegalTransition
    when it was taken back, and as ``classify``.
    """

    _require_seen(issue, seen, stored_problem)
    return classify(issue=issue, actor=actor, files=files, **facts)


def _require_seen(issue: Issue, seen: str, stored: Callable[[Issue], dict], act: str = "") -> None:
    """Lock the walk; the draft is still there and as the page showed it, ``stored`` being what that page shows."""

    def read() -> dict:
        now = Issue.objects.filter(pk=issue.pk, state=IssueState.DRAFT).first()
        if now is None:
            require_not_withdrawn(walk=_walk_of(issue), subject=issue.public_id, what="这个问题")
            raise IllegalTransition("该问题已登记入账，本次操作未执行。", rule="issue.draft")
        return stored(now)

    require_as_seen(walk=_walk_of(issue), what="这个问题", seen=seen, read=read, act=act)


def stored_completion(walk: Walk) -> dict:
    """The values the liaison's page changes: the facts as they are stored, and ``classes``: {public id of a draft:
    class and unit}; two queries."""
    facts = Walk.objects.values(*walk_lifecycle.FACTS).get(pk=walk.pk)
    drafts = Issue.objects.filter(walk=walk, state=IssueState.DRAFT).order_by("id")
    rows = drafts.values_list("public_id", "category", "proposed_department_id")
    return facts | {"classes": {str(pk): {"category": one, "department": unit} for pk, one, unit in rows}}


@transaction.atomic
def complete(
    *, walk: Walk, actor: User, seen: str, facts: dict, classes: Iterable[tuple[Issue, str, Department]]
) -> None:
    """Everything the liaison's page holds, in one go: the facts, then ``classes``: (draft, class, unit) triples.

    ``seen``: the token of ``stored_completion`` when the page was opened; Refused without it, StaleVersion when
    somebody else has changed any of it since. Raises as ``walks.write_facts`` and ``classify`` too; all or nothing.
    """
    require_as_seen(walk=walk, what="登记内容", seen=seen, read=lambda: stored_completion(walk))
    walk_lifecycle.write_facts(walk=walk, actor=actor, facts=facts)
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
def withdraw(*, issue: Issue, actor: User, reason: str, seen: str) -> None:
    """Take back a draft noted by mistake, from a page opened on ``seen`` (the token of ``whole_problem``).

    Its words and the reason stay in the walk's history. Registered issues never go.

    Raises Refused without a reason, IllegalTransition for a registered issue or a walk no longer open, StaleVersion
    when somebody else has changed the draft since.
    """
    require_reason(reason)
    _require_seen(issue, seen, whole_problem, act="撤回")
    walk = _open_draft(issue, actor)
    note = told(issue.description, reason)
    walk_lifecycle.write_event(
        walk, WalkEventKind.DRAFT_WITHDRAWN, actor, timezone.now(), note, subject=issue.public_id
    )
    issue.evidence.all().delete()
    Issue.objects.filter(pk=issue.pk, state=IssueState.DRAFT).delete()


@transaction.atomic
def withdraw_photo(*, photo: IssueEvidence, actor: User, reason: str) -> None:
    """Take back one photo of a draft; it is kept, and shown as such on the walk's page. Errors as ``withdraw``."""
    require_reason(reason)
    walk, now = _open_draft(photo.issue, actor), timezone.now()
    mark(IssueEvidence.objects.filter(pk=photo.pk), actor, reason, now)
    note = told(f"{photo.issue.description[:200]}：{photo.file.original_name}", reason)
    walk_lifecycle.write_event(walk, WalkEventKind.PHOTO_WITHDRAWN, actor, now, note)


def _open_draft(issue: Issue, actor: User) -> Walk:
    """The draft's walk, its version moved on; IllegalTransition when walk or draft no longer takes changes."""
    walk = _walk_of(issue)
    walk_lifecycle.require_open(walk)
    walk_lifecycle.touch(walk=walk, actor=actor)
    if issue.state != IssueState.DRAFT:
        raise IllegalTransition("该问题已登记入账，不能删除。", rule="issue.draft")
    return walk


@transaction.atomic
def add_need(*, walk: Walk, actor: User, subject: str, content: str) -> Need:
    """Note a need (需求) of a firm, a citizen or the unit on an open walk."""
    walk_lifecycle.require_open(walk)
    if not content.strip():
        raise Refused("请填写需求内容。", fields={"content": "请填写需求内容"})
    walk_lifecycle.touch(walk=walk, actor=actor)
    return Need.objects.create(walk=walk, campaign_id=walk.campaign_id, subject=subject, content=content.strip())


def counts(walk: Walk) -> tuple[int, int]:
    """(problems noted, of which without a class or a unit), in 件."""
    rows = Issue.objects.filter(walk=walk).values_list("state", "category", "proposed_department_id")
    open_ones = [1 for state, category, unit in rows if state == IssueState.DRAFT and (not category or not unit)]
    return len(rows), len(open_ones)


def findings_of(walk: Walk) -> dict[str, int]:
    """What ``missing_for_record`` asks of the walk's problems and look-backs; two queries."""
    total, unclassified = counts(walk)
    open_ones, failed = look_backs.verdict_counts(walk)
    return {
        "issues_total": total,
        "issues_unclassified": unclassified,
        "look_backs_open": open_ones,
        "look_backs_failed": failed,
    }


@transaction.atomic
def record_walk(*, walk: Walk, actor: User, now: datetime | None = None) -> None:
    """The walk is complete: in_progress or returned → recorded (guards in ``walks.domain.guards``)."""
    walk_lifecycle.perform(walk=walk, action="record", actor=actor, data=findings_of(walk), now=now)


@transaction.atomic
def sign_walk(*, walk: Walk, actor: User, now: datetime | None = None) -> None:
    """The principal signs what stands there now; its digest is kept."""
    data = {"content_digest": content_digest(walk)}
    walk_lifecycle.perform(walk=walk, action="sign", actor=actor, data=data, now=now)


@transaction.atomic
def report_walk(
    *, walk: Walk, actor: User, now: datetime | None = None, stamped: Iterable[StoredFile] = ()
) -> list[Issue]:
    """Hand the walk in, with the ``stamped`` pages where the campaign demands them: reported, every need enters the
    list of needs, what it says of the issues it looked back on takes effect, and every draft gets its number and
    enters the ledger, in the order noted.

    One transaction: either the walk is reported and all its problems are numbered, or nothing happened.
    """
    now = now or timezone.now()
    walk_lifecycle.perform(walk=walk, action="report", actor=actor, data={"stamped": stamped}, now=now)
    register_needs(walk=walk, now=now)
    look_backs.apply_all(walk=walk, now=now)
    drafts = Issue.objects.filter(walk=walk, state=IssueState.DRAFT).order_by("id")
    return [lifecycle.perform(issue=issue, action="register", actor=None, now=now) for issue in drafts]


@transaction.atomic
def open_similar(
    *, origin: Issue, unit: Department, item: ServiceItem | None, description: str, actor: User, now: datetime
) -> Issue:
    """What a unit found in itself after an enquiry (举一反三) from ``origin`` enters the ledger: campaign, class, stage
    and lead are those of ``origin``; without an ``item`` the unit's own of the same name, if it has one. Where the
    unit that was asked is abolished, the issue is its successor's.

    Side effects in order: the issue; its number and event as by every registering.
    """
    unit, day = in_charge(unit), min(timezone.localtime(now).date(), origin.campaign.ends_on)
    if item is None and origin.item is not None:
        items = ServiceItem.objects.filter(department=unit, is_active=True, kind=origin.item.kind)
        item = items.filter(name=origin.item.name).order_by("pk").first()
    issue = Issue.objects.create(
        state=IssueState.DRAFT,
        source=IssueSource.SIMILAR,
        campaign=origin.campaign,
        region_id=unit.region_id,
        item=item,
        discovering_department=unit,
        lead_department=in_charge(origin.lead_department),
        proposed_department=unit,
        proposed_name=unit.name,
        reported_by=actor,
        description=description[:2000],
        stage=origin.stage,
        category=origin.category,
        found_on=day,
        period=rules_of(origin.campaign_id, day)[1].period_of(day).code,
    )
    return lifecycle.perform(issue=issue, action="register", actor=None, now=now)
