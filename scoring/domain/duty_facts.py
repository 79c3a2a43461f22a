"""How units did what they owe in a period: plans, walks, reports. One query each, for every unit at once.

A covert walk (暗访) that was not reported is in none of them (docs/rules.md rule 2).
"""

from collections import defaultdict
from datetime import date

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery

from campaigns.domain.rulebook.duties import Duty
from campaigns.domain.rulebook.plans_owed import plans_owed
from campaigns.enums import DeadlineKind, ScoreRule
from core.workdays import late_words
from plans.models import Plan
from reports.models import Submission
from scoring.domain.asked import Asked, Found, day_of
from scoring.domain.sheet import Record
from walks.domain.as_of import end_of, reported_on
from walks.domain.covert import not_hidden
from walks.domain.queries import falls_short
from walks.enums import Capacity, WalkEventKind
from walks.models import Walk, WalkEvent


def plans_late(asked: Asked, found: Found) -> None:
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


def walks_owed(asked: Asked, found: Found) -> None:
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
        counted = [one for one in walked[duty.unit_id] if one[0] in duty.activity_kinds and one[1] in duty.period]
        _owed(duty, sum(one[2] for one in counted), sum(one[3] for one in counted), found)


def _owed(duty: Duty, total: int, own: int, found: Found) -> None:
    done = min(duty.minimum, total)
    said = f"{duty.period.label}应体验 {duty.minimum} 次，到 {duty.due_on} 已体验并报送 {total} 次"
    if done < duty.minimum:
        found[duty.unit_id, ScoreRule.WALK_OWED].append(Record("duty", "", said, number=duty.minimum - done))
    if own < done:
        words = f"{said}，其中主要负责同志 {own} 次"
        found[duty.unit_id, ScoreRule.HEAD_OWED].append(Record("duty", "", words, number=done - own))


def reports_late(asked: Asked, found: Found) -> None:
    """Walks first reported after the day on which the report of their period was due; a period with none at all, unless
    a 零报告 was sent by that day."""
    duties = asked.owed.of(DeadlineKind.REPORT)
    first = WalkEvent.objects.filter(walk=OuterRef("pk"), kind=WalkEventKind.REPORTED).order_by("at", "id")
    rows = Walk.objects.filter(not_hidden(), campaign=asked.campaign, period__in={one.period.code for one in duties})
    rows = rows.annotate(first=Subquery(first.values("at")[:1])).filter(first__lt=end_of(asked.as_of))
    given = defaultdict(list)
    for unit, code, pk, item, moment in rows.order_by("first", "pk").values_list(
        "department_id", "period", "pk", "item_name", "first"
    ):
        given[unit, code].append((str(pk), item, day_of(moment)))
    sent = _zero_reports(asked)
    for duty in duties:
        records = [
            Record("walk", pk, _late(item, duty.due_on, day, asked), workdays=asked.late(duty.due_on, day))
            for pk, item, day in given[duty.unit_id, duty.period.code]
            if day > duty.due_on
        ]
        zero = sent.get((duty.unit_id, duty.period.code))
        judged = zero or asked.as_of
        if not given[duty.unit_id, duty.period.code] and duty.due_on < judged:
            what = f"{duty.period.label}{'零报告' if zero else '体验材料未报'}"
            words = _late(what, duty.due_on, judged, asked)
            records = [Record("duty", "", words, workdays=asked.late(duty.due_on, judged))]
        found[duty.unit_id, ScoreRule.REPORT_LATE] += records


def _zero_reports(asked: Asked) -> dict[tuple[int, str], date]:
    """{(unit, period code): the day on which it was first said that nothing was walked}."""
    rows = Submission.objects.filter(campaign=asked.campaign, first_sent_at__lt=end_of(asked.as_of))
    grouped = rows.exclude(zero_reason="").order_by().values_list("department_id", "period")
    return {(unit, code): day_of(at) for unit, code, at in grouped.annotate(at=Min("first_sent_at"))}


def walks_short(asked: Asked, found: Found) -> None:
    """Reported walks that lack a 环节 the notice asks for."""
    rows = _reported(asked).filter(falls_short(), asked.days("walk_date")).order_by("walk_date", "pk")
    for unit, pk, item, day, lacks in rows.values_list("department_id", "pk", "item_name", "walk_date", "shortfall"):
        found[unit, ScoreRule.WALK_SHORT].append(Record("walk", str(pk), f"{day} {item}：{lacks or '环节不齐'}"))


def walks_returned(asked: Asked, found: Found) -> None:
    """Reports sent back, once for each time."""
    rows = WalkEvent.objects.filter(asked.moments("at"), not_hidden("walk__"), kind=WalkEventKind.RETURNED)
    rows = rows.filter(walk__campaign=asked.campaign).order_by("at", "id")
    for unit, pk, item, at in rows.values_list("walk__department_id", "walk_id", "walk__item_name", "at"):
        found[unit, ScoreRule.WALK_RETURNED].append(Record("walk", str(pk), f"{item}：{day_of(at)} 被退回补正"))


def _reported(asked: Asked) -> QuerySet[Walk]:
    return reported_on(Walk.objects.filter(not_hidden(), campaign=asked.campaign), asked.past_day)


def _late(what: str, due_on: date, day: date, asked: Asked) -> str:
    return f"{what}，{late_words(due_on, day, asked.calendar)}（应报 {due_on}）"
