"""Which enquiries (举一反三) and replies a person sees, which wait for whom, and the list."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window

from accounts.domain.units import in_charge
from accounts.models import User
from accounts.scope import scope_of
from catalogue.models import ServiceItem
from core.calendar import work_calendar
from core.workdays import late_words
from issues.domain.queries import issues_visible_to
from issues.enums import EnquiryState, IssueState, ReplyState
from issues.models import Enquiry, EnquiryEvent, EnquiryReply, Issue

ROW: tuple[str, ...] = ("public_id", "state", "reply_by", "words", "answered_on", "chases", "department__name")
ROW += ("answered_by__label", "enquiry__public_id", "enquiry__question", "enquiry__sent_at", "enquiry__sent_by__label")
ROW += ("enquiry__issue__number", "enquiry__issue__description", "campaign__name", "child__number")
WAITING, FOUND, NONE = Q(state=ReplyState.WAITING), Q(state=ReplyState.FOUND), Q(state=ReplyState.NONE)


def _follows(user: User, path: str = "") -> Q:
    """Enquiries whose every answer the person reads: office and supervisors of the region and of those above, the lead
    of the issue. ``path`` leads to the enquiry, with ``__``."""
    scope = scope_of(user)
    return Q(**{f"{path}issue__lead_department_id__in": scope.leads}) | Q(
        **{f"{path}campaign__region_id__in": scope.read_regions}
    )


def enquiries_visible_to(user: User) -> QuerySet[Enquiry]:
    """Enquiries with all their answers: for those who follow them. The responsible unit of the issue reads on its page
    how many answered what, and no answer of another unit."""
    return Enquiry.objects.filter(_follows(user))


def running_enquiries(user: User, *, limit: int = 10) -> list[dict]:
    """The first enquiries by date that still wait for answers and whose answers the person reads, with how many units
    were asked and how many of them wait (个); one query."""
    waiting = Count("replies", filter=Q(replies__state=ReplyState.WAITING))
    rows = enquiries_visible_to(user).filter(state=EnquiryState.OPEN).annotate(asked=Count("replies"), waiting=waiting)
    fields = ("public_id", "reply_by", "question", "asked", "waiting", "issue__number")
    return [dict(row) for row in rows.order_by("reply_by", "id").values(*fields)[:limit]]


def replies_visible_to(user: User) -> QuerySet[EnquiryReply]:
    """Replies of the person's own units, and all of enquiries the person follows."""
    own = Q(department_id__in=scope_of(user).units)
    return EnquiryReply.objects.filter(own | _follows(user, "enquiry__"))


def hold(enquiry: Enquiry) -> None:
    """Whoever answers, chases or ends the enquiry at the same moment waits until the caller's transaction is over: the
    first lock of each of these steps, so that none waits for a reply while it holds another one."""
    Enquiry.objects.select_for_update(no_key=True).get(pk=enquiry.pk)


def late_reply_q(today: date) -> Q:
    """Replies whose day has passed without an answer."""
    return WAITING & Q(reply_by__lt=today)


def waiting_q(user: User) -> Q:
    """Replies that the person's own units owe."""
    return WAITING & Q(department_id__in=scope_of(user).units)


def views_of(user: User, today: date) -> dict[str, Q]:
    """{tab: which replies}; ``mine`` for people of a unit only."""
    mine = {"mine": waiting_q(user)} if scope_of(user).units else {}
    late = late_reply_q(today)
    return mine | {"waiting": WAITING, "late": late, "found": FOUND, "none": NONE, "all": Q()}


def replies_shown_to(user: User) -> QuerySet[EnquiryReply]:
    """``replies_visible_to``, each with ``sees_issue`` and ``sees_child``: whether the person sees the issue it was
    made from, and the one it opened."""
    seen = issues_visible_to(user)
    return replies_visible_to(user).annotate(
        sees_issue=Exists(seen.filter(pk=OuterRef("enquiry__issue_id"))),
        sees_child=Exists(seen.filter(pk=OuterRef("child_id"))),
    )


def reply_rows(rows: QuerySet[EnquiryReply], *, today: date) -> list[dict]:
    """The rows of ``replies_shown_to`` for a page or a workbook, codes with their labels, lateness in words; two
    queries. The number of an issue that the reader does not see is left out."""
    found = [dict(row) for row in rows.values("sees_issue", "sees_child", *ROW)]
    calendar = work_calendar() if found else None
    for row in found:
        row["state_label"] = ReplyState(row["state"]).label
        judged = today if row["state"] == ReplyState.WAITING else row["answered_on"]
        row["late"] = late_words(row["reply_by"], judged, calendar) if calendar and judged else ""
        row["number"] = row["enquiry__issue__number"] if row["sees_issue"] else ""
        row["child"] = row["child__number"] if row["child__number"] and row["sees_child"] else ""
    return found


def in_order_of_units(rows: QuerySet[EnquiryReply]) -> QuerySet[EnquiryReply]:
    """Replies in the fixed order of units."""
    return rows.order_by("department__order", "department_id")


def tallies(rows: Iterable[dict]) -> list[tuple[str, int]]:
    """(what, 个) of ``reply_rows``: asked, answered 有 and 无, waiting, of these late, and answered late."""
    found = list(rows)
    waiting = [row for row in found if row["state"] == ReplyState.WAITING]
    answered = [row for row in found if row["answered_on"]]
    return [
        ("征询", len(found)),
        ("有", sum(row["state"] == ReplyState.FOUND for row in found)),
        ("无", sum(row["state"] == ReplyState.NONE for row in found)),
        ("待回复", len(waiting)),
        ("已逾期", sum(bool(row["late"]) for row in waiting)),
        ("逾期答复", sum(bool(row["late"]) for row in answered)),
    ]


def events_of_enquiry(enquiry: Enquiry) -> QuerySet[EnquiryEvent]:
    """What happened to the enquiry as a whole, in order, with who did it; answers stand in its list."""
    return EnquiryEvent.objects.filter(enquiry=enquiry, reply=None).select_related("actor")


def enquiries_of(issue: Issue, user: User, today: date) -> list[dict]:
    """The enquiries made from an issue, the first first, with how many units were asked, wait, are late, answered 有
    and 无 (个); ``follows``: whether the person reads the answers. One query."""
    counts = {
        "asked": Count("replies"),
        "waiting": Count("replies", filter=Q(replies__state=ReplyState.WAITING)),
        "late": Count("replies", filter=Q(replies__state=ReplyState.WAITING, replies__reply_by__lt=today)),
        "found": Count("replies", filter=Q(replies__state=ReplyState.FOUND)),
        "none": Count("replies", filter=Q(replies__state=ReplyState.NONE)),
    }
    seen = enquiries_visible_to(user).filter(pk=OuterRef("pk"))
    rows = Enquiry.objects.filter(issue=issue).annotate(follows=Exists(seen), **counts).order_by("id")
    fields = ("public_id", "question", "reply_by", "state", "sent_at", "sent_by__label", "follows", *counts)
    return [dict(row) | {"label": EnquiryState(row["state"]).label} for row in rows.values(*fields)]


def kin_of(issue: Issue, user: User) -> dict:
    """{"parent": the number of the issue from whose enquiry this one came, None where it came otherwise, "" where the
    person does not see it; "children": [{"number", "unit", "at", "label"}] of those its enquiries opened and the person
    sees; "unseen": how many more (件)}. Two queries."""
    seen = issues_visible_to(user)
    source = EnquiryReply.objects.filter(child=issue)
    source = source.annotate(sees=Exists(seen.filter(pk=OuterRef("enquiry__issue_id"))))
    origins = source.values_list("enquiry__issue__number", "sees")
    parent = next((number if sees else "" for number, sees in origins), None)
    opened = EnquiryReply.objects.filter(enquiry__issue=issue, child__isnull=False).order_by("child__number")
    opened = opened.annotate(sees=Exists(seen.filter(pk=OuterRef("child_id"))))
    rows = opened.values("sees", number=F("child__number"), unit=F("department__name"), at=F("child__state"))
    found = [dict(row) | {"label": IssueState(row["at"]).label} for row in rows]
    children = [row for row in found if row["sees"]]
    return {"parent": parent, "children": children, "unseen": len(found) - len(children)}


def items_to_name(reply: EnquiryReply) -> QuerySet[ServiceItem]:
    """Items in use of the unit that answers, of the kind of the issue's own where it has one."""
    rows = ServiceItem.objects.filter(department=in_charge(reply.department), is_active=True)
    item = reply.enquiry.issue.item
    return (rows.filter(kind=item.kind) if item else rows).order_by("name", "pk")


def waiting_replies(user: User, *, limit: int = 3) -> tuple[int, list[dict]]:
    """(how many, the first ``limit`` by date) of ``waiting_q``; one query, none for people without a unit."""
    if not scope_of(user).units:
        return 0, []
    rows = replies_visible_to(user).filter(waiting_q(user)).annotate(total=Window(Count("pk")))
    shown = rows.order_by("reply_by", "id").values("total", "public_id", "reply_by", "enquiry__question")
    found: list[dict] = [{**row} for row in shown[:limit]]
    return (found[0]["total"] if found else 0), found
