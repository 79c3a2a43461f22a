"""The office asks a unit to walk again for a struck-off issue. The one writer of ``LookBackRequest``."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import Department, User
from accounts.scope import scope_of
from core import audit
from core.conflicts import taken_already
from core.exceptions import Conflict, Refused
from issues.domain import due_dates
from issues.domain.enquiries.units import units_to_ask
from issues.domain.lookback import notices
from issues.domain.lookback.draws import draws_in, require_office
from issues.enums import IssueState
from issues.models import Issue, LookBackRequest

NAMED = ("issue__campaign", "issue__item", "department", "asked_by", "withdrawn_by")
# Still asked for: not taken back, and the issue is struck off in the round it was asked about.
OPEN = Q(withdrawn_at=None, issue__state=IssueState.CLOSED, issue__round=F("round"))


def open_requests() -> QuerySet[LookBackRequest]:
    """Requests that wait for a walk, of every unit."""
    return LookBackRequest.objects.filter(OPEN)


def may_ask(user: User, issue: Issue) -> bool:
    """Whether the person asks a unit about the issue: the office of its campaign, while it is struck off."""
    return issue.state == IssueState.CLOSED and draws_in(user, issue.campaign)


def require_askable(issue: Issue, user: User) -> None:
    """Raise what would keep the person from asking, whatever is entered: as ``ask``."""
    require_office(user, issue.campaign)
    if issue.state != IssueState.CLOSED:
        raise Conflict(f"该问题处于“{issue.get_state_display()}”，不需要回头看。", rule="look_back.issue")
    if stands := open_requests().filter(issue=issue).select_related("asked_by").first():
        raise taken_already("该问题已安排单位回头看", stands.asked_by, stands.asked_at, rule="look_back.asked")


@transaction.atomic
def ask(
    *, issue: Issue, department: Department, due_on: date, note: str, actor: User, now: datetime | None = None
) -> LookBackRequest:
    """Ask a unit to walk again. Side effects in order: the request; the people of the unit are told; an audit entry.
    The responsible unit is not told: a look-back is not announced.

    Raises NotAllowed (403) for anybody but the office of the campaign's own level, Conflict (409) for an issue that is
    not struck off or has been asked about, Refused (400) for a unit that is not bound today or is responsible itself,
    and for a day beyond those that need nobody's confirmation.
    """
    now = now or timezone.now()
    # Whoever asks at the same moment waits here, and then finds the unit asked.
    held = Issue.objects.select_for_update(no_key=True, of=("self",)).select_related("campaign").get(pk=issue.pk)
    require_askable(held, actor)
    today, missing = timezone.localtime(now).date(), {}
    if not units_to_ask(actor, held, today).filter(pk=department.pk).exists():
        missing["department"] = "请选择参加本活动的责任单位以外的单位"
    last = due_dates.longest_free(today)
    if not today <= due_on <= last:
        missing["due_on"] = f"请填写今天至 {last} 之间的日期"
    if missing:
        raise Refused(f"没有安排：{'；'.join(missing.values())}。", rule="look_back.request", fields=missing)
    made = LookBackRequest.objects.create(
        issue=held, campaign=held.campaign, round=held.round, department=department, due_on=due_on,
        note=note.strip()[:300], asked_by=actor, asked_at=now,
    )  # fmt: skip
    notices.asked(made, actor=actor, now=now)
    _audit(made, actor, "asked")
    return made


@transaction.atomic
def withdraw(*, request: LookBackRequest, reason: str, actor: User, now: datetime | None = None) -> LookBackRequest:
    """Take a request back. Side effects in order: the request; reminders are closed and the unit is told; an audit
    entry. Raises NotAllowed (403), Conflict (409) where it was taken back or done, Refused (400) without a reason."""
    now = now or timezone.now()
    require_office(actor, request.issue.campaign)
    require_open(request)
    if not reason.strip():
        raise Refused("请写明撤回原因。", rule="look_back.reason", fields={"reason": "请写明撤回原因"})
    facts = {"withdrawn_by": actor, "withdrawn_at": now, "withdrawal_reason": reason.strip()[:300]}
    if not LookBackRequest.objects.filter(pk=request.pk, withdrawn_at=None).update(**facts):
        require_open(LookBackRequest.objects.select_related(*NAMED).get(pk=request.pk))
    request.refresh_from_db(fields=list(facts))
    notices.withdrawn(request, actor=actor, now=now)
    _audit(request, actor, "withdrawn")
    return request


def require_open(request: LookBackRequest) -> None:
    """Raise Conflict (409), naming who was first, where the request waits no more."""
    if request.withdrawn_at is not None and request.withdrawn_by is not None:
        raise taken_already("本次安排已撤回", request.withdrawn_by, request.withdrawn_at, rule="look_back.asked")
    if not open_requests().filter(pk=request.pk).exists():
        raise Conflict("该问题已回头看，不再需要走一遍。", rule="look_back.asked")


def requests_visible_to(user: User) -> QuerySet[LookBackRequest]:
    """Requests to the person's own units, and those of the regions read from above (office, supervisor)."""
    scope = scope_of(user)
    return LookBackRequest.objects.filter(
        Q(department_id__in=scope.units) | Q(campaign__region_id__in=scope.read_regions)
    )


def request_about(user: User, issue: Issue) -> LookBackRequest | None:
    """The request that stands about the issue, as far as the person sees it; one query, none while nothing is to be
    looked back on."""
    if issue.state != IssueState.CLOSED:
        return None
    return requests_visible_to(user).filter(OPEN, issue=issue).select_related("department").first()


def waiting_q(user: User) -> Q:
    """Requests that wait for the person's own units."""
    return OPEN & Q(department_id__in=scope_of(user).units)


def _audit(request: LookBackRequest, actor: User, what: str) -> None:
    detail = {"unit": request.department.name, "due_on": str(request.due_on)}
    audit.record(
        actor=actor,
        action=f"look_back.{what}",
        object_type="issue",
        object_key=request.issue.number or "",
        detail=detail,
    )
