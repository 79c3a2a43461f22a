"""配合单位: who helps with an issue, what each has to do and how far it is. The one writer of ``Cooperation`` beside
``issues.domain.imported``; called by the effects of the actions."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from accounts.models import Department, User
from accounts.scope import scope_of
from core.guards import at_step
from issues.domain.context import IssueContext
from issues.domain.transitions import WITH_HELP
from issues.models import Cooperation, Issue
from issues.rules import work_units


def helps(user: User | None, issue: Issue) -> bool:
    """Whether the person works in a unit that helps with the issue; one query, none for people of no unit."""
    units = work_units(scope_of(user)) if user else frozenset()
    return bool(units) and Cooperation.objects.filter(issue=issue, department_id__in=units).exists()


def helping_units(issue: Issue) -> QuerySet[Cooperation]:
    """The units that help, in the fixed order of units, with who noted the progress of each."""
    rows = Cooperation.objects.filter(issue=issue).select_related("department", "noted_by")
    return rows.order_by("department__order", "department_id")


def set_units(ctx: IssueContext, department: Department) -> None:
    """The units that help from now on, each with its duty; the progress of those that stay is kept."""
    units = [unit for unit in ctx.data.get("cooperating") or () if unit.pk != department.pk]
    duty = str(ctx.data.get("duty") or "").strip()[:500]
    ctx.issue.cooperating.set(units)
    if duty:
        Cooperation.objects.filter(issue=ctx.issue).update(duty=duty, done_on=None)


def note_help(ctx: IssueContext) -> dict[str, object]:
    """The progress of the person's units, and whether their part is done."""
    rows = Cooperation.objects.filter(issue=ctx.issue, department_id__in=work_units(scope_of(ctx.person)))
    rows.update(
        progress=ctx.data["note"].strip()[:1000],
        progress_on=ctx.today,
        done_on=ctx.today if ctx.data.get("is_done") else None,
        noted_by=ctx.person,
    )
    return {"progressed_on": ctx.today}


@at_step
def help_told(ctx: IssueContext) -> dict[str, str]:
    """note_help: how far it is, in words."""
    return {} if str(ctx.data.get("note") or "").strip() else {"note": "请填写配合进展"}


def help_awaits_q(user: User) -> Q:
    """Issues for which units of this person still have something to do as helpers."""
    units = work_units(scope_of(user))
    if not units:
        return Q(pk__in=())
    open_ones = Cooperation.objects.filter(department_id__in=units, done_on=None)
    return Q(pk__in=open_ones.values("issue_id"), state__in=WITH_HELP)


def with_open_help() -> Q:
    """Issues for which some unit still has something to do as a helper."""
    return Q(pk__in=Cooperation.objects.filter(done_on=None).values("issue_id"), state__in=WITH_HELP)


def open_helpers(issues: Sequence[Issue]) -> dict[int, list[int]]:
    """{issue id: the units that still have something to do as helpers}; one query."""
    found: dict[int, list[int]] = {}
    rows = Cooperation.objects.filter(issue__in=list(issues), done_on=None).order_by("issue_id", "id")
    for issue_id, unit in rows.values_list("issue_id", "department_id"):
        found.setdefault(issue_id, []).append(unit)
    return found
