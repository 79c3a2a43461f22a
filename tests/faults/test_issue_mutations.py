"""Guards of dates and of what is handed out: each is removed once, and its proof must fail without it."""

from datetime import timedelta
from unittest.mock import patch

import pytest

from core.exceptions import NotAllowed, Refused
from issues.domain import lifecycle, resumption
from issues.models import Issue
from reports.documents.registry import write_paper
from reports.domain.compile import period_in
from reports.domain.figures import FIGURES, ReportQuery
from reports.domain.queries import SYSTEM
from tests.cast import NOON, issue_in, reported_walk
from tests.faults.fault import Fault, FaultTests, replaced

pytestmark = pytest.mark.django_db


def agree(ctx):
    return {}


def act(issue, action, actor, **data):
    return lifecycle.perform(issue=issue, action=action, actor=actor, data=data, now=NOON)


def the_bound_lead_does_not_put_off_its_own_date(cast):
    issue = issue_in(cast, "disputed")
    later = issue.due_on + timedelta(days=1)
    with pytest.raises(Refused):
        act(issue, "assign", cast.lead, department=cast.lead_unit, due_on=later, note="属本单位")


def the_bound_office_does_not_stop_its_own_clock(cast):
    issue = issue_in(cast, "rectifying")
    Issue.objects.filter(pk=issue.pk).update(responsible_department=cast.office_unit)
    issue = Issue.objects.get(pk=issue.pk)
    with pytest.raises(NotAllowed):
        act(issue, "refer", cast.office, referred_to="市民政局")


def no_issue_is_rectified_without_a_date(cast):
    issue = issue_in(cast, "registered")
    act(issue, "fix_on_spot", cast.liaison, measures="改", done_on=NOON.date(), result="好")
    with pytest.raises(Refused):
        act(issue, "return_closing", cast.lead, note="未改好")


def one_refused_issue_keeps_no_other_from_coming_back(cast):
    bad, good = issue_in(cast, "deferred"), issue_in(cast, "deferred")
    Issue.objects.filter(pk=bad.pk).update(due_on=None, review_on=bad.review_on - timedelta(days=1))
    try:
        resumption.resume_due(NOON + timedelta(days=60))
    except Refused:
        pytest.fail("the sweep ended at the first refusal")
    assert Issue.objects.get(pk=good.pk).state == "rectifying"


def lists_of_many_rows_are_not_written_by_one_hand(cast):
    reported_walk(cast, as_conforming=True)  # an issue, and no measure
    query = ReportQuery(cast.campaign, period_in(cast.campaign, "2022-06"), NOON.date(), SYSTEM)
    with patch("core.export_limit.DIRECT_ROWS", 0), pytest.raises(Refused):
        write_paper(query, "three-lists", "xlsx", actor=None)


FAULTS = (
    Fault(the_bound_lead_does_not_put_off_its_own_date, replaced("issues.domain.guards.not_own_date", agree)),
    Fault(the_bound_office_does_not_stop_its_own_clock, replaced("issues.domain.guards.not_own_date", agree)),
    Fault(no_issue_is_rectified_without_a_date, replaced("issues.domain.guards.due_if_none", agree)),
    Fault(
        one_refused_issue_keeps_no_other_from_coming_back, replaced("issues.domain.resumption.DomainError", NotAllowed)
    ),
    Fault(
        lists_of_many_rows_are_not_written_by_one_hand,
        replaced(
            "reports.documents.registry.Paper.rows",
            lambda paper, query: FIGURES["measures"].rows(query).count(),
        ),
    ),
)


class TestFaults(FaultTests):
    pass
