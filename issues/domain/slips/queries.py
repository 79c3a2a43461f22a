"""Which 督办单 a person sees, which wait for whom; which issues the rule proposes for one."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.scope import scope_of
from campaigns.models import Campaign
from core.calendar import work_calendar
from core.workdays import late_words
from issues.domain.overdue import overdue_q
from issues.domain.queries import issues_visible_to
from issues.domain.rulebooks import held_by
from issues.domain.slips.rule import cut_offs
from issues.enums import SlipColour, SlipState
from issues.models import Issue, Slip, SlipEvent
from issues.rules import work_units

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

ROW: tuple[str, ...] = (
    "public_id",
    "number",
    "colour",
    "state",
    "demand",
    "reply_by",
    "replied_on",
    "reply",
    "opinion",
)
ROW += ("signed_at", "signed_by__label", "late_workdays", "late_reason", "ended_on", "department__name")
ROW += ("issue__number", "issue__description", "campaign__name")
TONES = {SlipColour.BLUE: "blue", SlipColour.YELLOW: "yellow", SlipColour.RED: "red"}


class Colours(TypedDict):
    """What ``proposals_for`` adds to an issue: the colour by the rule, and the highest signed in this round."""

    colour_due: int
    colour_last: int


def slips_visible_to(user: User) -> QuerySet[Slip]:
    """督办单 on issues the person sees."""
    return Slip.objects.filter(issue__in=issues_visible_to(user))


def views_of(user: User, today: date) -> dict[str, Q]:
    """{tab: which slips}; ``mine`` for people of a unit: what their units have to answer."""
    units = work_units(scope_of(user))
    mine = {"mine": Q(state=SlipState.ISSUED, department_id__in=units)} if units else {}
    late = Q(state=SlipState.ISSUED, reply_by__lt=today)
    return mine | {
        "issued": Q(state=SlipState.ISSUED),
        "late": late,
        "answered": Q(state=SlipState.ANSWERED),
        "accepted": Q(state=SlipState.ACCEPTED),
        "all": Q(),
    }


def slip_rows(rows: QuerySet[Slip], *, today: date) -> list[dict]:
    """The rows of a page or a workbook, codes with their labels, lateness in words; two queries."""
    found = [dict(row) for row in rows.values(*ROW)]
    calendar = work_calendar() if found else None
    for row in found:
        row["colour_label"], row["tone"] = SlipColour(row["colour"]).label, TONES[row["colour"]]
        row["state_label"] = SlipState(row["state"]).label
        waits = row["state"] == SlipState.ISSUED
        judged = today if waits else row["replied_on"]
        row["late"] = late_words(row["reply_by"], judged, calendar) if calendar and judged else ""
    return found


def slips_of(issue: Issue) -> QuerySet[Slip]:
    """The slips of an issue, the first first."""
    return Slip.objects.filter(issue=issue).select_related("department", "signed_by", "replied_by")


def slip_events_of(issue: Issue) -> QuerySet[SlipEvent]:
    """What happened to the slips of an issue, with slip and who did it."""
    return SlipEvent.objects.filter(slip__issue=issue).select_related("slip", "actor")


def events_of_slip(slip: Slip) -> QuerySet[SlipEvent]:
    """What happened to the slip, in order, with who did it."""
    return SlipEvent.objects.filter(slip=slip).select_related("actor")


def proposals_for(user: User, today: date) -> "QuerySet[WithAnnotations[Issue, Colours]]":
    """Overdue issues for which the rule calls for a higher colour than was signed in this round, of the campaigns whose
    slips the person signs; each with ``colour_due``, by the version of rules of its walk. Two queries more."""
    scope = scope_of(user)
    seen = issues_visible_to(user).filter(overdue_q(today), open_key=1, campaign__region_id__in=scope.act_regions)
    seen = seen.exclude(responsible_department=None).exclude(responsible_department_id__in=scope.workplaces)
    signed = Slip.objects.filter(issue=OuterRef("pk"), round=OuterRef("round")).order_by("-colour")
    last = Coalesce(Subquery(signed.values("colour")[:1]), Value(0))
    rows = seen.annotate(colour_due=_colour_due(scope.act_regions, today), colour_last=last)
    return rows.filter(colour_due__gt=F("colour_last"))


def proposal_rows(issues: "QuerySet[WithAnnotations[Issue, Colours]]", *, today: date) -> list[dict]:
    """The rows of the page or the workbook of ``proposals_for``: {"issue", "due", "tone", "last" colour by name or "",
    "late" in words}; two queries."""
    calendar = work_calendar()
    return [
        {
            "issue": one,
            "due": SlipColour(one.colour_due),
            "tone": TONES[SlipColour(one.colour_due)],
            "last": SlipColour(one.colour_last).label if one.colour_last else "",
            "late": late_words(one.due_on, today, calendar),
        }
        for one in issues.select_related("responsible_department", "campaign")
    ]


def _colour_due(regions: Iterable[int], today: date) -> Case:
    """The colour by the rules of each version: those of the highest colour are asked first."""
    calendar, whens = work_calendar(), []
    for under, rules in held_by(Campaign.objects.filter(region_id__in=regions)):
        dates = cut_offs(today, rules.rectification.slip_workdays, calendar)
        whens += [
            When(under & Q(due_on__lte=dates[colour - 1]), then=Value(colour.value))
            for colour in (SlipColour.RED, SlipColour.YELLOW, SlipColour.BLUE)
        ]
    return Case(*whens, default=Value(0), output_field=IntegerField())


def waiting_slips(user: User, today: date, *, limit: int = 3) -> tuple[list[dict], list[dict], list[dict]]:
    """(slips the person's units have to answer, answers the person may check, issues the rule proposes): what 等我办
    counts; the first ``limit`` rows, each with their ``total``; a query for each, for proposals three."""
    scope, units = scope_of(user), work_units(scope_of(user))
    answer = _rows(user, Q(state=SlipState.ISSUED, department_id__in=units), limit) if units else []
    check: list[dict] = []
    if scope.act_regions:
        q = Q(state=SlipState.ANSWERED, campaign__region_id__in=scope.act_regions)
        check = _rows(user, q & ~Q(department_id__in=scope.workplaces), limit)
    return answer, check, _proposed(user, today, limit) if scope.act_regions else []


def _proposed(user: User, today: date, limit: int) -> list[dict]:
    rows = proposals_for(user, today).annotate(total=Window(Count("pk"))).order_by("due_key", "id")
    shown = rows.values("total", "number", "description", "due_on", "colour_due", "responsible_department__name")
    return [dict(row) for row in shown[:limit]]


def _rows(user: User, which: Q, limit: int) -> list[dict]:
    rows = slips_visible_to(user).filter(which).annotate(total=Window(Count("pk"))).order_by("reply_by", "id")
    shown = rows.values("total", "public_id", "number", "colour", "reply_by", "department__name", "issue__description")
    return [dict(row) for row in shown[:limit]]
