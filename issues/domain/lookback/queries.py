"""回头看: the list of struck-off issues by whether they are due, arranged or done, and what is bound to a walk."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Window
from django.utils import timezone

from accounts.models import User
from accounts.scope import scope_of
from campaigns.domain.queries import campaigns_visible_to
from campaigns.models import Campaign
from core.calendar import work_calendar
from core.workdays import late_words
from issues.domain.lookback.asking import OPEN, open_requests, requests_visible_to, waiting_q
from issues.domain.lookback.rule import due_q, has_red_slip, pool_q, was_drawn
from issues.domain.queries import issues_visible_to
from issues.enums import IssueState, LookBackState, Track
from issues.models import Issue, LookBack, LookBackRequest
from walks.domain.covert import hidden
from walks.domain.queries import walks_visible_to
from walks.domain.shown import TracedRows
from walks.enums import Stage, WalkState
from walks.models import Walk

ROW: tuple[str, ...] = ("number", "description", "state", "stage", "track", "closed_on", "closed_by__label")
ROW += ("closer_name", "look_back_note", "responsible_department__name", "item__name", "campaign__name")
ROW += ("is_red", "is_drawn", "arranged_on", "arranged_by", "hidden_walk", "asked_unit", "asked_by_day")
REQUEST: tuple[str, ...] = ("public_id", "round", "due_on", "note", "asked_at", "asked_by__label", "department__name")
REQUEST += ("withdrawn_at", "issue__number", "issue__description", "issue__state", "issue__round")
REQUEST += ("issue__item__name", "campaign__name")
REQUEST_STATES = {"waiting": "待回头看", "done": "已回头看", "withdrawn": "已撤回"}
CLOSED = Q(state=IssueState.CLOSED)
IN_LIST, ON_ISSUE = "回头看清单", "问题页"


class ShownLookBacks(TracedRows[Issue]):
    """Issues, by ``values()`` with ``hidden_walk``, that show walks bound to them: a trace for each still covert."""

    def hidden_walks(self, rows: Sequence) -> list[UUID]:
        return [row["hidden_walk"] for row in rows if row["hidden_walk"]]

    def hidden_condition(self) -> Q:
        return Q(hidden_walk__isnull=False)


class ShownBindings(TracedRows[LookBack]):
    """Walks bound to an issue, to be shown on its page: a trace for each still covert."""

    def hidden_walks(self, rows: Sequence) -> list[UUID]:
        return [row.walk_id for row in rows if row.walk.is_hidden]

    def hidden_condition(self) -> Q:
        return hidden("walk__")


def _bound(user: User) -> QuerySet[LookBack]:
    """Walks bound to the issue of the outer query in its present round, as far as the person sees them: a covert one
    exists for those named on it only, and for everybody else the issue stays due."""
    rows = LookBack.objects.filter(issue=OuterRef("pk"), round=OuterRef("round"), state=LookBackState.BOUND)
    return rows.filter(walk__in=walks_visible_to(user)).exclude(walk__state=WalkState.CANCELLED).order_by("id")


def struck_off_issues(user: User) -> QuerySet[Issue]:
    """Issues the person sees that are struck off or were looked back on."""
    looked = Q(state=IssueState.VERIFIED) | ~Q(look_back_note="")
    return issues_visible_to(user).filter(CLOSED | looked)


def look_backs_shown_to(user: User) -> ShownLookBacks:
    """``struck_off_issues``, each with why it is due by name and the walk that is bound to it."""
    bound = _bound(user)
    asked = requests_visible_to(user).filter(OPEN, issue=OuterRef("pk"))
    return ShownLookBacks.over(struck_off_issues(user), user, where=IN_LIST).annotate(
        is_red=has_red_slip(),
        is_drawn=was_drawn(is_chosen=True),
        arranged_on=Subquery(bound.values("walk__walk_date")[:1]),
        arranged_by=Subquery(bound.values("walk__walker_name")[:1]),
        asked_unit=Subquery(asked.values("department__name")[:1]),
        asked_by_day=Subquery(asked.values("due_on")[:1]),
        hidden_walk=Subquery(bound.filter(hidden("walk__")).values("walk_id")[:1]),
    )


def views_of(user: User, today: date) -> dict[str, Q]:
    """{tab: which issues}; one query."""
    due = due_q(list(campaigns_visible_to(user)), today)
    asked = Q(pk__in=requests_visible_to(user).filter(OPEN).values("issue_id"))
    return {
        "due": due & Q(arranged_on=None) & ~asked,
        "arranged": CLOSED & (Q(arranged_on__isnull=False) | asked),
        "done": ~CLOSED & (Q(state=IssueState.VERIFIED) | ~Q(look_back_note="")),
    }


def look_back_rows(rows: QuerySet[Issue]) -> list[dict]:
    """The rows of a page or a workbook, codes in words; one query."""
    found = [dict(row) for row in rows.values(*ROW)]
    for row in found:
        row["state_label"] = IssueState(row["state"]).label
        row["stage_label"] = dict(Stage.choices).get(row["stage"], "")
        row["closer"] = row["closed_by__label"] or row["closer_name"]
        at_once = row["track"] == Track.ON_SPOT
        why = (("红色督办", row["is_red"]), (Track.ON_SPOT.label, at_once), ("抽取", row["is_drawn"]))
        row["why"] = "、".join(label for label, holds in why if holds) or "逐个"
    return found


def views_of_requests(user: User, today: date) -> dict[str, Q]:
    """{tab: which requests}; ``mine`` for people of a unit only."""
    mine = {"mine": waiting_q(user)} if scope_of(user).units else {}
    done = Q(withdrawn_at=None) & ~Q(pk__in=open_requests())
    return mine | {"waiting": OPEN, "late": OPEN & Q(due_on__lt=today), "done": done, "all": Q()}


def request_rows(rows: QuerySet[LookBackRequest], *, today: date) -> list[dict]:
    """The rows of a page or a workbook, lateness and state in words; one query, and one for the calendar."""
    found = [dict(row) for row in rows.values(*REQUEST)]
    calendar = work_calendar() if found else None
    for row in found:
        waits = row["issue__state"] == IssueState.CLOSED and row["issue__round"] == row["round"]
        state = "withdrawn" if row["withdrawn_at"] else "waiting" if waits else "done"
        row |= {"state": f"look_back_{state}", "state_label": REQUEST_STATES[state]}
        row["asked_on"] = timezone.localtime(row["asked_at"]).date()
        row["late"] = late_words(row["due_on"], today, calendar) if calendar and state == "waiting" else ""
    return found


def waiting_requests(user: User, *, limit: int = 3) -> tuple[int, list[dict]]:
    """(how many, the first ``limit`` by date) of the requests to the person's own units; one query, none for people
    without a unit."""
    if not scope_of(user).units:
        return 0, []
    rows = requests_visible_to(user).filter(waiting_q(user)).annotate(total=Window(Count("pk")))
    shown = rows.order_by("due_on", "id").values("total", "public_id", "due_on", "issue__number", "issue__description")
    found: list[dict] = [{**row} for row in shown[:limit]]
    return (found[0]["total"] if found else 0), found


def look_backs_of(walk: Walk) -> QuerySet[LookBack]:
    """What the walk is bound to; scope is the walk's. One query."""
    return look_backs_by_walk([walk.pk])


def look_backs_by_walk(walk_ids: Collection[UUID]) -> QuerySet[LookBack]:
    """What these walks are bound to, without what was taken back; scope is the walks'. One query."""
    rows = LookBack.objects.filter(walk__in=walk_ids).exclude(state=LookBackState.VOID, verdict="")
    return rows.select_related("issue__campaign", "issue__responsible_department", "judged_by", "walk").order_by("id")


def look_back_of(walk: Walk, public_id: UUID) -> LookBack | None:
    """One binding of the walk with what its pages name; scope is the walk's."""
    named = (
        "issue__campaign",
        "issue__item",
        "walk__walker",
        "walk__item",
        "walk__department",
        "changed_by",
        "bound_by",
    )
    return LookBack.objects.filter(walk=walk, public_id=public_id).select_related(*named).first()


def look_backs_on(issue: Issue, user: User) -> ShownBindings:
    """Walks bound to the issue that the person sees, the latest first; one query."""
    rows = LookBack.objects.filter(issue=issue, walk__in=walks_visible_to(user)).exclude(state=LookBackState.VOID)
    return ShownBindings.over(rows.select_related("walk").order_by("-id"), user, where=ON_ISSUE)


def re_walks_of(issue: Issue, user: User) -> ShownBindings:
    """Reported walks that looked back on the issue and that the person sees, the first one first; for a file that is
    passed on, so none that is still covert. One query."""
    return look_backs_on(issue, user).filter(walk__reported_at__isnull=False).order_by("id")


def issues_to_bind(walk: Walk, user: User) -> QuerySet[Issue]:
    """Struck-off issues the person sees, or the walking unit was asked about, that this walk could look back on: of its
    campaign, of its item or of none, not of the walking unit and not struck off by the walker."""
    asked = requests_visible_to(user).filter(OPEN, department_id=walk.department_id)
    seen = Q(pk__in=issues_visible_to(user)) | Q(pk__in=asked.values("issue_id"))
    rows = Issue.objects.filter(seen, CLOSED, Q(item=None) | Q(item_id=walk.item_id), campaign_id=walk.campaign_id)
    rows = rows.exclude(responsible_department_id=walk.department_id).exclude(closed_by_id=walk.walker_id)
    return rows.exclude(look_backs__walk=walk).order_by("number")


def campaigns_to_draw(user: User) -> QuerySet[Campaign]:
    """Issued campaigns for whose office the press 抽取 is; the newest first."""
    return campaigns_visible_to(user).filter(region_id__in=scope_of(user).act_regions).order_by("-starts_on", "pk")


def pools_to_draw(user: User, today: date) -> dict[tuple[str, str], int]:
    """{(code, name) of a campaign: issues among which its office, of which the person is, still has to draw}; two
    queries, none for anybody else."""
    if not scope_of(user).act_regions:
        return {}
    campaigns = campaigns_to_draw(user).order_by()
    rows = Issue.objects.filter(pool_q(campaigns, today), campaign__in=campaigns).order_by("-campaign__starts_on")
    counted = rows.values_list("campaign__code", "campaign__name").annotate(Count("pk"))
    return {(code, name): number for code, name, number in counted}
