"""来本单位的体验: walks of other units at the windows of the reader's unit, which knows of each that was reported.

It reads when, who, what and how many problems it was made responsible for. The walk itself, with what was said and
noted there, stays with those who walked and received it.
"""

from datetime import date
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.scope import scope_of
from campaigns.enums import WalkMode
from issues.enums import IssueState
from issues.models import Issue
from walks.enums import WalkState
from walks.models import Walk

ROW = ("id", "started_at", "walk_date", "department_name", "walker_name", "item_name", "mode", "state", "handed")


def hosted_walks_visible_to(user: User) -> QuerySet[Walk]:
    """Reported walks of other units about items of the person's own units (principal, deputies, liaisons), each with
    how many of its problems the visited unit is responsible for (``handed``). Before it is reported no walk is here."""
    units = scope_of(user).units
    own = Issue.objects.filter(walk=OuterRef("pk"), responsible_department=OuterRef("item__department"))
    handed = own.exclude(state=IssueState.DRAFT).order_by().values("walk").annotate(many=Count("pk")).values("many")
    rows = Walk.objects.filter(item__department_id__in=units, reported_at__isnull=False)
    rows = rows.exclude(state=WalkState.CANCELLED).exclude(department_id=F("item__department_id"))
    return rows.annotate(handed=Coalesce(Subquery(handed, output_field=IntegerField()), 0))


def hosted_views(user: User, today: date) -> dict[str, Q]:
    """{tab: which of them}."""
    return {"all": Q(), "ours": Q(handed__gt=0)}


def hosted_rows(rows: QuerySet[Walk]) -> list[dict[str, Any]]:
    """The rows of a page or a workbook, codes in words; one query."""
    found = [dict(row) for row in rows.values(*ROW)]
    for row in found:
        row |= {"mode_label": WalkMode(row["mode"]).label, "state_label": WalkState(row["state"]).label}
    return found
