"""Duties that nobody holds any more: the person named has left the unit, or nobody of the unit is left.

Such an issue falls to the unit's liaisons; the office is shown it as 无人负责 (docs/rules.md section 4).
"""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Window

from accounts.models import Membership, User
from accounts.scope import in_force, scope_of
from campaigns.models import Campaign
from issues.enums import IssueState as S
from issues.models import Issue
from issues.rules import WORK_ROLES

# States in which the responsible unit has something to do or will have it again.
OWED = (S.ASSIGNED, S.PLANNING, S.RECTIFYING, S.DEFERRED, S.REFERRED)
ROW = ("number", "description", "state", "due_on", "responsible_department__name", "responsible_name", "item__name")


def _workers() -> QuerySet[Membership]:
    """Memberships by which somebody can work on an issue today."""
    held = Membership.objects.filter(in_force(), role__in=WORK_ROLES)
    return held.filter(user__is_active=True, department__is_active=True)


def unheld_q() -> Q:
    """Issues whose duty nobody holds; ``unheld_words`` says the same of one."""
    of_unit = _workers().filter(department=OuterRef("responsible_department"))
    left = Q(responsible_person__isnull=False) & ~Q(Exists(of_unit.filter(user=OuterRef("responsible_person"))))
    owed = Q(open_key=1, state__in=OWED, responsible_department__isnull=False)
    return owed & (left | ~Q(Exists(of_unit)))


def unheld_for(user: User, queryset: QuerySet[Issue]) -> QuerySet[Issue]:
    """Those of the queryset that the person is shown as the office of the campaign; for anybody else none."""
    regions = scope_of(user).act_regions
    if not regions:
        return queryset.none()
    own = Campaign.objects.filter(region_id__in=regions).values("pk")
    return queryset.filter(unheld_q(), campaign_id__in=own)


def unheld_rows(user: User, queryset: QuerySet[Issue], *, limit: int = 3) -> tuple[int, list[dict]]:
    """(how many, the first ``limit`` by due date) for 等我办; one query, none for who is no office."""
    if not scope_of(user).act_regions:
        return 0, []
    found = unheld_for(user, queryset).annotate(total=Window(Count("pk"))).order_by("due_key", "id")
    rows = list(found.values("total", *ROW)[:limit])
    return (rows[0]["total"] if rows else 0), rows


def unheld_words(issue: Issue) -> str:
    """Who of the unit should hold the duty and does not, in words; "" when somebody does. One query."""
    unit = issue.responsible_department
    if unit is None or issue.state not in OWED:
        return ""
    held = set(_workers().filter(department=unit).values_list("user_id", flat=True))
    if not held:
        return f"无人负责：{unit.name}没有可以办理的人员，请统筹办与该单位联系。"
    if issue.responsible_person_id is None or issue.responsible_person_id in held:
        return ""
    return f"无人负责：责任人{issue.responsible_name}现无{unit.name}的角色，暂由该单位联络员办理。"
