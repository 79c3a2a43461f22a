"""零报告 in the figures of a period: who walked nothing and said why, for which of the reporting periods in it."""

from dataclasses import replace

from django.db.models import Q, QuerySet

from campaigns.domain.rulebook.due_dates import ending_in
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.domain.versions import rules_for
from core.periods import Period, short_labels
from reports.domain.figures import ReportQuery
from reports.domain.submissions.queries import submissions_visible_to, zero_reports
from reports.domain.summary import ZERO, SummaryTable, ZeroReports
from reports.domain.tally import table_of
from reports.models import Submission


def table_with_zero(query: ReportQuery, rules: Rulebook | None = None) -> SummaryTable:
    """The figures of a period as ``table_of`` counts them, with the 零报告 given by the day of judging; two more
    queries.

    A period by which units do not report (the month of a weekly campaign) has those of the reporting periods that end
    in it, each by name; who walked in another week of that month stands among them too. ``rules``: those of the period,
    where they are at hand; one query less.
    """
    table = table_of(query)
    rules = rules or rules_for(query.campaign.pk, query.period, query.as_of)[1]
    asked = {one.code: one for one in ending_in(rules, query.period)}
    found: dict[str, dict[int, str]] = {code: {} for code in asked}
    rows = zero_reports(query.campaign, asked, until=query.as_of).filter(pk__in=_seen(query).values("pk"))
    for code, unit, name in rows.values_list("period", "department_id", "department__name"):
        found[code][unit] = query.names.unit(unit, name)
    zero = tuple(ZeroReports(asked[code], tuple(units.items())) for code, units in found.items() if units)
    words = _by_unit(query.period, zero)
    return replace(
        table, zero=zero, lines=tuple(replace(line, zero=words.get(line.unit_id, "")) for line in table.lines)
    )


def _seen(query: ReportQuery) -> QuerySet[Submission]:
    """What was sent, as far as the figures of the scope cover it."""
    scope = query.report_scope
    rows = Submission.objects.all() if scope.user is None else submissions_visible_to(scope.user)
    if scope.kind == "all":
        return rows
    if scope.kind == "unit":
        return rows.filter(department_id__in=scope.departments)
    also = Submission.also_received_by.through.objects.filter(department_id__in=scope.departments)
    return rows.filter(Q(receiver_id__in=scope.departments) | Q(pk__in=also.values("submission_id")))


def _by_unit(asked: Period, zero: tuple[ZeroReports, ...]) -> dict[int | None, str]:
    """{unit: 零报告, or with the reporting periods in the one asked for}."""
    found: dict[int | None, list[Period]] = {}
    for one in zero:
        for unit, _ in one.units:
            found.setdefault(unit, []).append(one.period)
    return {
        unit: ZERO if given == [asked] else f"{ZERO}（{'、'.join(short_labels(given))}）"
        for unit, given in found.items()
    }
