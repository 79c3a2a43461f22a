"""Which needs a person sees, which wait for whom, and the list."""

from datetime import date

from django.db.models import Count, F, Q, QuerySet, Window

from accounts.models import User
from accounts.scope import scope_of
from core.calendar import work_calendar
from core.workdays import late_words
from issues.enums import NeedState
from issues.models import Need, NeedEvent, NeedSubject
from walks.models import Walk

ROW: tuple[str, ...] = ("public_id", "subject", "content", "state", "reply_by", "reply", "replied_on", "return_reason")
ROW += ("department__name", "walk__department_name", "walk__walk_date", "walk__item_name", "campaign__name")


def needs_visible_to(user: User) -> QuerySet[Need]:
    """Needs the person may know of, once the walk was reported.

    - principal, deputies and liaisons of the walking unit and of the unit that answers
    - staff of the units that received the walk; office and supervisors of the region and of those above
    - before the walk is reported a need stands on the page of the walk alone, so that no covert one is told of here
    """
    scope = scope_of(user)
    if scope.user_id is None:
        return Need.objects.none()
    also = Walk.also_received_by.through.objects.filter(department_id__in=scope.leads)
    mine = Q(department_id__in=scope.units) | Q(walk__department_id__in=scope.units)
    mine |= Q(walk__receiver_id__in=scope.leads) | Q(walk_id__in=also.values("walk_id"))
    mine |= Q(campaign__region_id__in=scope.read_regions)
    return Need.objects.exclude(state=NeedState.NOTED).filter(mine)


def overdue_need_q(today: date) -> Q:
    """Needs whose day has passed without an answer."""
    return Q(state=NeedState.OPEN, reply_by__lt=today)


def waiting_q(user: User) -> Q:
    """Needs that the person's own units have to answer."""
    return Q(state=NeedState.OPEN, department_id__in=scope_of(user).units)


def views_of(user: User, today: date) -> dict[str, Q]:
    """{tab: which needs}; ``mine`` for people of a unit only."""
    mine = {"mine": waiting_q(user)} if scope_of(user).units else {}
    return mine | {
        "open": Q(state=NeedState.OPEN),
        "late": overdue_need_q(today),
        "replied": Q(state=NeedState.REPLIED),
        "all": Q(),
    }


def need_rows(needs: QuerySet[Need], *, today: date) -> list[dict]:
    """The rows of a page or a workbook, codes with their labels, lateness in words; two queries."""
    rows = list(needs.values("id", *ROW))
    calendar = work_calendar() if rows else None
    for row in rows:
        row["subject_label"] = NeedSubject(row["subject"]).label
        row["state_label"] = NeedState(row["state"]).label
        judged = row["replied_on"] or today
        row["late"] = late_words(row["reply_by"], judged, calendar) if calendar else ""
    return rows


def events_of_need(need: Need) -> QuerySet[NeedEvent]:
    """What happened to the need, in order, with who did it."""
    return NeedEvent.objects.filter(need=need).select_related("actor")


def waiting_needs(user: User, *, limit: int = 3) -> tuple[int, list[dict]]:
    """(how many, the first ``limit`` by date) of ``waiting_q``; one query, none for people without a unit."""
    if not scope_of(user).units:
        return 0, []
    rows = needs_visible_to(user).filter(waiting_q(user))
    rows = rows.annotate(total=Window(Count("pk"))).order_by(F("reply_by").asc(), "id")
    found = list(rows.values("total", *ROW)[:limit])
    return (found[0]["total"] if found else 0), found
