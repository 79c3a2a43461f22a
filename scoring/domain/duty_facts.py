"""How units did what they owe in a period: plans, walks, reports. One query each, for every unit at once.

A covert walk (暗访) that was not reported is in none of them (docs/rules.md rule 2).
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery

from campaigns.domain.rulebook.duties import Duty
from campaigns.domain.rulebook.plans_owed import plans_owed
from campaigns.enums import DeadlineKind, ScoreRule
from core.workdays import late_words
from plans.models import Plan
from reports.enums import SubmissionContent
from reports.models import Submission
from scoring.domain.asked import Found, ScoreQuery, day_of
from scoring.domain.sheet import Record
from walks.domain.as_of import end_of, reported_on
from walks.domain.covert import not_hidden
from walks.domain.queries import falls_short
from walks.enums import Capacity, WalkEventKind
from walks.models import Walk, WalkEvent


def plans_late(asked: ScoreQuery, found: Found) -> None:
    """Plans not handed in, or handed in late for the first time; judged by the first complete submit."""
    owed = asked.owed
    dates = [one for one in owed.due_dates if one.kind == DeadlineKind.PLAN]
    dates += [one for one in owed.wanted if one.kind == DeadlineKind.WALK]
    duties = plans_owed(
        asked.rules, owed.units, dates, today=asked.as_of, calendar=asked.calendar, hotline=owed.hotline
    )  # fmt: skip
    rows = Plan.objects.filter(campaign=asked.campaign, submitted_on__lte=asked.as_of).order_by()
    first = rows.values_list("department_id", "period").annotate(day=Min("submitted_on"), which=Min("pk"))
    handed_in = {(unit, code): (day, pk) for unit, code, day, pk in first}
    for duty in duties:
        day, pk = handed_in.get((duty.unit_id, duty.period.code), (None, None))
        judged = day or asked.as_of
        if duty.due_on and judged > duty.due_on:
            said = late_words(duty.due_on, judged, asked.calendar)
            words = f"{duty.period.label}体验计划{'' if day else '未报，'}{said}（应报 {duty.due_on}）"
            kind, ref = ("plan", str(pk)) if pk else ("duty", "")
            found[duty.unit_id, ScoreRule.PLAN_LATE].append(
                Record(kind, ref, words, workdays=asked.late(duty.due_on, judged))
            )


def walks_owed(asked: ScoreQuery, found: Found) -> None:
    """Walks owed and not made, and those made by somebody else than the principal."""
    duties = [one for one in asked.owed.of(DeadlineKind.WALK) if one.due_on < asked.as_of]
    if not duties:
        return
    days = min(one.period.starts_on for one in duties), max(one.period.ends_on for one in duties)
    rows = _reported(asked).filter(~falls_short(), walk_date__range=days).order_by()
    grouped = rows.values_list("department_id", "activity_kind", "walk_date").annotate(
        total=Count("pk"), own=Count("pk", filter=Q(walker_capacity=Capacity.PRINCIPAL))
    )
    walked: dict[int, list[tuple[str, date, int, int]]] = defaultdict(list)
    for unit, *rest in grouped:
        walked[unit].append(tuple(rest))
    for duty in duties:
        own = [one for unit in asked.owed.fulfilled_by(duty.unit_id) for one in walked[unit]]
        counted = [one for one in own if one[0] in duty.activity_kinds and one[1] in duty.period]
        _owed(duty, sum(one[2] for one in counted), sum(one[3] for one in counted), found)


def _owed(duty: Duty, total: int, own: int, found: Found) -> None:
    done = min(duty.minimum, total)
    said = f"{duty.period.label}应体验 {duty.minimum} 次，到 {duty.due_on} 已体验并报送 {total} 次"
    if done < duty.minimum:
        found[duty.unit_id, ScoreRule.WALK_OWED].append(Record("duty", "", said, number=duty.minimum - done))
    if own < done:
        words = f"{said}，其中主要负责同志 {own} 次"
        found[duty.unit_id, ScoreRule.HEAD_OWED].append(Record("duty", "", words, number=done - own))


def reports_late(asked: ScoreQuery, found: Found) -> None:
    """Material of a period that came late or not at all.

    From the first period on for which a unit of the campaign sent its pack, the pack is judged, or the 零报告 in its
    place: the first sending beside the date then shown. Before that, and where no unit ever sent one, the walks are.
    """
    duties, sent = asked.owed.of(DeadlineKind.REPORT), _packs_sent(asked)
    since = _packs_since(asked, sent)
    _packs_late([one for one in duties if since and one.period.starts_on >= since], sent, asked, found)
    _walks_late([one for one in duties if not since or one.period.starts_on < since], asked, found)


def _packs_sent(asked: ScoreQuery) -> dict[tuple[int, str], Submission]:
    """{(unit, period code): the part it sent first}."""
    rows = Submission.objects.filter(campaign=asked.campaign, first_sent_at__lt=end_of(asked.as_of))
    rows = rows.only("public_id", "department_id", "period", "content", "due_on", "first_sent_at")
    found: dict[tuple[int, str], Submission] = {}
    for row in rows.order_by("first_sent_at", "pk"):
        found.setdefault((row.department_id, row.period), row)
    return found


def _packs_since(asked: ScoreQuery, sent: Iterable[tuple[int, str]]) -> date | None:
    """The first day of the first period for which a pack was sent."""
    used = {code for _, code in sent}
    dates = [one.period.starts_on for one in asked.owed.due_dates if one.period.code in used]
    return min(dates, default=None)


def _packs_late(duties: list[Duty], sent: dict[tuple[int, str], Submission], asked: ScoreQuery, found: Found) -> None:
    for duty in duties:
        parts = (sent.get((unit, duty.period.code)) for unit in asked.owed.fulfilled_by(duty.unit_id))
        row = next(filter(None, parts), None)
        if row is None or row.first_sent_at is None:
            record, due_on, day = ("duty", "", f"{duty.period.label}材料未报"), duty.due_on, asked.as_of
        else:
            what = "零报告" if row.content == SubmissionContent.ZERO else "材料"
            record = ("submission", str(row.public_id), f"{duty.period.label}{what}")
            due_on, day = row.due_on, day_of(row.first_sent_at)
        if due_on < day:
            kind, ref, words = record
            found[duty.unit_id, ScoreRule.REPORT_LATE].append(
                Record(kind, ref, _late(words, due_on, day, asked), workdays=asked.late(due_on, day))
            )


def _walks_late(duties: list[Duty], asked: ScoreQuery, found: Found) -> None:
    """Walks first reported after the day on which the report of their period was due; a period with none at all."""
    first = WalkEvent.objects.filter(walk=OuterRef("pk"), kind=WalkEventKind.REPORTED).order_by("at", "id")
    rows = Walk.objects.filter(not_hidden(), campaign=asked.campaign, period__in={one.period.code for one in duties})
    rows = rows.annotate(first=Subquery(first.values("at")[:1])).filter(first__lt=end_of(asked.as_of))
    given = defaultdict(list)
    for unit, code, pk, item, moment in rows.order_by("first", "pk").values_list(
        "department_id", "period", "pk", "item_name", "first"
    ):
        given[unit, code].append((str(pk), item, day_of(moment)))
    for duty in duties:
        records = [
            Record("walk", pk, _late(item, duty.due_on, day, asked), workdays=asked.late(duty.due_on, day))
            for pk, item, day in given[duty.unit_id, duty.period.code]
            if day > duty.due_on
        ]
        units = asked.owed.fulfilled_by(duty.unit_id)
        if not any(given[unit, duty.period.code] for unit in units) and duty.due_on < asked.as_of:
            words = _late(f"{duty.period.label}体验材料未报", duty.due_on, asked.as_of, asked)
            records = [Record("duty", "", words, workdays=asked.late(duty.due_on, asked.as_of))]
        found[duty.unit_id, ScoreRule.REPORT_LATE] += records


def walks_short(asked: ScoreQuery, found: Found) -> None:
    """Reported walks that lack a 环节 the notice asks for."""
    rows = _reported(asked).filter(falls_short(), asked.days("walk_date")).order_by("walk_date", "pk")
    for unit, pk, item, day, lacks in rows.values_list("department_id", "pk", "item_name", "walk_date", "shortfall"):
        found[unit, ScoreRule.WALK_SHORT].append(Record("walk", str(pk), f"{day} {item}：{lacks or '环节不齐'}"))


def walks_returned(asked: ScoreQuery, found: Found) -> None:
    """Reports sent back, once for each time."""
    rows = WalkEvent.objects.filter(asked.moments("at"), not_hidden("walk__"), kind=WalkEventKind.RETURNED)
    rows = rows.filter(walk__campaign=asked.campaign).order_by("at", "id")
    for unit, pk, item, at in rows.values_list("walk__department_id", "walk_id", "walk__item_name", "at"):
        found[unit, ScoreRule.WALK_RETURNED].append(Record("walk", str(pk), f"{item}：{day_of(at)} 被退回补正"))


def _reported(asked: ScoreQuery) -> QuerySet[Walk]:
    return reported_on(Walk.objects.filter(not_hidden(), campaign=asked.campaign), asked.past_day)


def _late(what: str, due_on: date, day: date, asked: ScoreQuery) -> str:
    return f"{what}，{late_words(due_on, day, asked.calendar)}（应报 {due_on}）"
