"""Every figure of a period in one registry: its words, and the one function that gives the rows it counts.

Screen, workbook, command and row list all use ``Figure.rows`` or, for many figures at once, the same condition over the
same source (``reports.domain.tally``): a figure and its list cannot differ.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from campaigns.domain.duty_facts import entries_matching, unit_of
from campaigns.domain.rulebook.duties import Unit
from campaigns.models import Campaign
from catalogue.models import ServiceItem
from core.periods import Period
from issues.domain.as_of import AS_OF, as_of, needs_as_of, needs_on_list
from issues.domain.intake import SOURCE_OF_KIND
from issues.domain.overdue import closed_in_time_q, overdue_q
from issues.enums import CLOSED_STATES, ENDED_STATES, OPEN_STATES, IssueState, ReductionKind, Track
from issues.models import Measure, Need
from reports.domain.names import Names
from reports.domain.queries import ReportScope
from walks.domain.as_of import end_of, reported_on
from walks.domain.queries import falls_short
from walks.enums import LEADER_CAPACITIES, Capacity
from walks.models import Participant


@dataclass(frozen=True)
class ReportQuery:
    """What is asked: which campaign and period, in whose scope, and on which day the time limits are judged.

    ``unit_id``, ``category`` and ``activity`` narrow to one cell of the tables ("" is 未分类, None all);
    ``activities`` to what goes to one receiver. ``names``: what units and items are called; by default as they are
    called now. ``joined``: the same question put to several campaigns at once, each with its own days
    (``reports.domain.regions``); they stand in place of ``campaign`` and ``period``.
    """

    campaign: Campaign
    period: Period
    as_of: date
    report_scope: ReportScope
    unit_id: int | None = None
    category: str | None = None
    activity: str | None = None
    activities: tuple[str, ...] | None = None
    names: Names = field(default_factory=Names, compare=False)
    joined: tuple["ReportQuery", ...] = ()

    @property
    def parts(self) -> tuple["ReportQuery", ...]:
        """The question for each campaign asked of."""
        return self.joined or (self,)

    @property
    def past_day(self) -> date | None:
        """The day of judging when it has passed; None: everything is judged as it stands."""
        return self.as_of if self.as_of < timezone.localdate() else None


def walks(query: ReportQuery) -> QuerySet:
    """Walks that count: handed in, not sent back, not 未达标."""
    return reported_walks(query).filter(~falls_short())


def short_walks(query: ReportQuery) -> QuerySet:
    """Walks handed in and not sent back that are 未达标: they count in this figure alone."""
    return reported_walks(query).filter(falls_short())


def reported_walks(query: ReportQuery) -> QuerySet:
    """Walks handed in by the day of judging and not sent back, of the period by the day of the walk."""
    asked = _asked(query, lambda days: Q(walk_date__range=days))
    rows = reported_on(query.report_scope.walks().filter(asked), query.past_day)
    if query.unit_id is not None:
        rows = rows.filter(department_id=query.unit_id)
    if query.activity is not None:
        rows = rows.filter(activity_kind=query.activity)
    if query.activities is not None:
        rows = rows.filter(activity_kind__in=query.activities)
    return rows


def issues(query: ReportQuery) -> QuerySet:
    """Issues on the ledger on the day of judging, of the period of the walk that found them, each as it stood that day
    (``as_of_…``); 并案 and 不予采纳 are counted nowhere. What a 未达标 walk found counts."""
    campaign_ids = [part.campaign.pk for part in query.parts]
    rows = as_of(query.report_scope.issues(), query.past_day, campaign_ids=campaign_ids)
    rows = rows.filter(_asked(query, lambda days: Q(walk__walk_date__range=days) | Q(walk=None, found_on__range=days)))
    rows = rows.exclude(as_of_state__in=ENDED_STATES)
    if query.unit_id is not None:
        rows = rows.filter(discovering_department_id=query.unit_id)
    if query.category is not None:
        rows = rows.filter(category=query.category)
    if query.activity is not None:
        rows = rows.filter(walk__activity_kind=query.activity)
    if query.activities is not None:
        rows = rows.filter(walk__activity_kind__in=query.activities)
    return rows


def _asked(query: ReportQuery, within: Callable[[tuple[date, date]], Q]) -> Q:
    """Rows of each campaign asked of, within its days; a whole campaign has no other rows. ``within``: the condition
    that a row lies in a range of days."""
    by_days: dict[tuple[date, date] | None, list[int]] = defaultdict(list)
    for part in query.parts:
        days = None if part.period.kind == "whole" else (part.period.starts_on, part.period.ends_on)
        by_days[days].append(part.campaign.pk)
    return reduce(or_, (Q(campaign_id__in=ids) & (within(days) if days else Q()) for days, ids in by_days.items()))


def participants(query: ReportQuery) -> QuerySet:
    """Leaders' participations in those walks; companions and other staff are in no figure."""
    return Participant.objects.filter(walk__in=walks(query), capacity__in=LEADER_CAPACITIES)


def people(query: ReportQuery) -> QuerySet:
    """Leaders who took part, each once, with ``times`` 人次."""
    taken_part = Q(participations__in=participants(query))
    return User.objects.filter(taken_part).annotate(times=Count("participations"))


def items(query: ReportQuery) -> QuerySet:
    """Service items walked, each once, with ``times`` 次: 0 where a ledger that was brought in is all that tells."""
    counted = walks(query)
    found = Q(pk__in=counted.values("item_id")) | Q(pk__in=told_by_ledger(query).values("item_id"))
    return ServiceItem.objects.filter(found).annotate(times=Count("walks", filter=Q(walks__in=counted)))


def told_by_ledger(query: ReportQuery) -> QuerySet:
    """Issues found on walks that no record of a walk tells: brought in with an office's own ledger, item named."""
    return issues(query).filter(walk=None, item__isnull=False, source__in=SOURCE_OF_KIND.values())


def measures(query: ReportQuery) -> QuerySet:
    """Measures of all rounds on the issues found, set by the day of judging."""
    rows = Measure.objects.filter(issue__in=issues(query).values("pk"))
    return rows.filter(added_at__lt=end_of(query.past_day)) if query.past_day else rows


def needs(query: ReportQuery) -> QuerySet:
    """Needs noted on the walks, those of a 未达标 walk too: as with problems, what was found counts. On a past day
    those on the list by then, each as it stood that day (``as_of_…``)."""
    rows = Need.objects.filter(walk__in=reported_walks(query))
    return needs_as_of(needs_on_list(rows, query.past_day) if query.past_day else rows, query.past_day)


def bound_by_campaign(query: ReportQuery) -> dict[int, list[Unit]]:
    """{campaign id: units of its list bound on the last day of the period, or on the day of judging where that comes
    first, in the order of the list}: without those that left before or joined after; one query."""
    last = {part.campaign.pk: min(part.period.ends_on, part.campaign.ends_on, query.as_of) for part in query.parts}
    which = Q(pk__in=query.report_scope.roster().filter(campaign_id__in=list(last)).values("pk"))
    if query.unit_id is not None:
        which &= Q(department_id=query.unit_id)
    found: dict[int, list[Unit]] = {pk: [] for pk in last}
    for entry in entries_matching(which):
        unit = unit_of(entry)
        if unit.is_bound(last[entry.campaign_id], query.as_of):
            found[entry.campaign_id].append(unit)
    return found


def units_bound(query: ReportQuery) -> list[Unit]:
    """``bound_by_campaign`` of a question about one campaign."""
    return bound_by_campaign(query)[query.campaign.pk]


def units(query: ReportQuery) -> QuerySet:
    """The lines of the campaign's list of ``units_bound``; one query before the rows are read."""
    rows = query.report_scope.roster().filter(campaign=query.campaign)
    return rows.filter(department_id__in=[unit.id for unit in units_bound(query)])


SOURCES: dict[str, Callable[[ReportQuery], QuerySet]] = {
    function.__name__: function
    for function in (walks, short_walks, participants, people, items, issues, measures, needs, units)
}


def _all(query: ReportQuery) -> Q:
    return Q()


def _fixed_on_spot(query: ReportQuery) -> Q:
    return Q(track=Track.ON_SPOT, as_of_state__in=CLOSED_STATES)


def _on_ledger(query: ReportQuery) -> Q:
    return ~Q(track=Track.ON_SPOT) | Q(as_of_state__in=OPEN_STATES)


def _closed(query: ReportQuery) -> Q:
    return Q(as_of_state__in=CLOSED_STATES)


def _verified(query: ReportQuery) -> Q:
    return Q(as_of_state=IssueState.VERIFIED)


def _rebounded(query: ReportQuery) -> Q:
    return Q(as_of_round__gt=1)


def _closed_in_time(query: ReportQuery) -> Q:
    return closed_in_time_q(AS_OF)


def _overdue(query: ReportQuery) -> Q:
    return overdue_q(query.as_of, AS_OF)


def _not_due(query: ReportQuery) -> Q:
    # An issue without a date is neither: NOT over an empty date would leave it out.
    return Q(as_of_state__in=OPEN_STATES) & (Q(as_of_due_on=None) | ~overdue_q(query.as_of, AS_OF))


def _judged(query: ReportQuery) -> Q:
    return Q(as_of_state__in=CLOSED_STATES, as_of_due_on__isnull=False) | overdue_q(query.as_of, AS_OF)


def _replied(query: ReportQuery) -> Q:
    return Q(as_of_replied_on__isnull=False)


def _waiting(query: ReportQuery) -> Q:
    return Q(as_of_replied_on=None)


def _walked(query: ReportQuery) -> Q:
    return Q(department_id__in=walks(query).values("department_id"))


def _silent(query: ReportQuery) -> Q:
    return ~_walked(query)


def _principals(query: ReportQuery) -> Q:
    return Q(capacity=Capacity.PRINCIPAL)


def claims(query: ReportQuery, kind: str | None = None) -> Q:
    """Measures of the round an issue is in, on closed issues, that claim a reduction with both numbers."""
    kinds = Q(reduction=kind) if kind else ~Q(reduction="")
    closed = issues(query).filter(_closed(query), pk=OuterRef("issue_id"), as_of_round=OuterRef("round"))
    return kinds & Q(Exists(closed), before__isnull=False, after__isnull=False)


@dataclass(frozen=True)
class Figure:
    """One figure: ``source`` names the rows, ``condition`` which of them count, ``unit`` the measure word."""

    key: str
    label: str
    unit: str
    source: str
    definition: str
    condition: Callable[[ReportQuery], Q] = _all

    def rows(self, query: ReportQuery) -> QuerySet:
        """The rows the figure counts, each once; its value is their number."""
        return SOURCES[self.source](query).filter(self.condition(query))


def _effect(kind: str, label: str) -> Figure:
    words = f"已销号问题的本轮措施中声明“{ReductionKind(kind).label}”且填有前后数字的；压减 = 压减前合计 − 压减后合计。"
    return Figure(f"effect_{kind}", label, "条", "measures", words, lambda query: claims(query, kind))


REPORTED = "本期已报送（含已接收）、未被退回、不属未达标的体验"
COUNTED = "本期体验发现并登记入账的问题（并案、不予采纳的不计；未达标的体验发现的也计）"
GATHERED = "本期已报送（含已接收）、未被退回的体验中登记的需求"
TOLD_TOO = "导入的台账中来源为体验、没有体验记录的问题所列事项也计。"
# What is known only as it stands now; said beside figures of a day that has passed.
NOT_AS_OF = "按现在情况：体验是否达标、压减的前后数字、问题分类和查看范围"
_ALL_FIGURES = (
    Figure(
        "units_total",
        "参加单位",
        "个",
        "units",
        "期末（统计日在前的，为统计日）仍在活动名单内的单位，按名单固定顺序，同一单位只计一次。",
    ),
    Figure("units_walked", "已开展单位", "个", "units", f"名单内至少有一次{REPORTED}的单位。", _walked),
    Figure("units_not_reported", "未开展单位", "个", "units", f"名单内没有{REPORTED}的单位。", _silent),
    Figure("sessions", "活动次数", "次", "walks", f"{REPORTED}，一次体验计一次。"),
    Figure("person_times", "参与人次", "人次", "participants", f"{REPORTED}中，主要、分管负责同志参与的人次之和。"),
    Figure(
        "principal_person_times",
        "其中：主要负责同志",
        "人次",
        "participants",
        "参与人次中主要负责同志本人参与的；分管负责同志代为参与的不计。",
        _principals,
    ),
    Figure("people", "参与人数", "人", "people", "参与人次中的不同人员，一人多次只计一人。"),
    Figure("items", "体验事项", "个", "items", f"{REPORTED}涉及的不同事项，同一事项只计一个；{TOLD_TOO}"),
    Figure("item_walks", "体验项次", "项次", "walks", f"{REPORTED}，每体验一个事项一次计一项次。"),
    Figure(
        "short",
        "未达标",
        "次",
        "short_walks",
        "本期已报送（含已接收）、未被退回，但通知规定的环节不齐的体验；不计入其他各项，发现的问题和需求照计。",
    ),
    Figure("needs", "收集需求", "条", "needs", f"{GATHERED}。"),
    Figure("needs_replied", "已回应需求", "条", "needs", f"{GATHERED}中已有回应、未被退回重新回应的。", _replied),
    Figure("needs_waiting", "待回应需求", "条", "needs", f"{GATHERED}中还没有回应、或回应被退回的。", _waiting),
    Figure("issues_found", "发现问题", "个", "issues", f"{COUNTED}，计入发现单位。"),
    Figure(
        "fixed_on_spot", "立行立改", "个", "issues", "发现问题中整改类型为立行立改、且已验收销号的。", _fixed_on_spot
    ),
    Figure("on_ledger", "挂账", "个", "issues", "发现问题中除已验收的立行立改以外的全部问题。", _on_ledger),
    Figure("closed", "已销号", "个", "issues", "发现问题中已验收销号的，含立行立改、含回头看通过。", _closed),
    Figure("verified", "回头看通过", "个", "issues", "已销号问题中经回头看确认整改到位的。", _verified),
    Figure("rebounds", "反弹", "个", "issues", "发现问题中曾经回头看未通过、重新整改的。", _rebounded),
    Figure(
        "not_due", "未到期", "个", "issues", "未销号且截至统计日未逾期的，含未定时限、长期挂账和已转上级。", _not_due
    ),
    Figure(
        "overdue",
        "逾期",
        "个",
        "issues",
        "尚未销号、整改时限早于统计日的；时限内已申请销号待验收的、长期挂账和已转上级的不计。",
        _overdue,
    ),
    Figure(
        "closed_in_time", "按期销号", "个", "issues", "已销号且验收通过的销号申请不晚于整改时限的。", _closed_in_time
    ),
    Figure("judged", "应办结", "个", "issues", "定有整改时限且已销号的，加截至统计日已逾期的。", _judged),
    Figure("measures", "整改措施", "条", "measures", "发现问题的整改措施，一个问题可有多条，各轮都计。"),
    _effect("days", "减时间"),
    _effect("documents", "减材料"),
    _effect("steps", "减环节"),
    _effect("trips", "减跑动"),
)
FIGURES: dict[str, Figure] = {figure.key: figure for figure in _ALL_FIGURES}

# What a rate means; numerator and denominator are figures (reports.domain.summary.RATES).
RATE_WORDS = {
    "rectification_rate": ("整改率", "（已验收的立行立改 + 挂账后已销号）÷ 发现问题；并案、不予采纳的不计入分子分母。"),
    "on_time_rate": ("按期率", "按期销号 ÷ 应办结；应办结为定有时限且已销号的加已逾期的，按统计日判断。"),
    "on_spot_rate": ("立行立改率", "已验收的立行立改 ÷ 发现问题。"),
    "coverage_rate": (
        "开展率",
        "已开展单位 ÷ 参加单位。只说明是否开展过，不反映是否按期报送、次数是否足够和问题整改情况。",
    ),
}
