"""Guards of bringing an edited ledger back: each is removed once, and its proof must fail without it."""

import tempfile
from datetime import date
from pathlib import Path

import pytest

from core.exceptions import DomainError
from issues.domain import lifecycle
from issues.models import Issue, Measure
from ledgers.domain.returned.work import bring_back
from ledgers.tests.tables import edited, exported
from tests.cast import NOON, Cast, issue_in
from tests.database import without_triggers
from tests.faults.fault import Fault, FaultTests, replaced, rewritten

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON)]
PLAN = "ledgers.domain.returned.plan"
PHONE = "13800001111"


def brought_back(cast: Cast, actor, between=lambda: None, sender=None, **values):
    """What comes of an export of ``actor`` that ``sender`` brings back with these values in each row; ``between`` is
    done before it comes back."""

    def change(cells):
        for column, value in values.items():
            cells[column].value = value

    with tempfile.TemporaryDirectory() as folder:
        path = edited(exported(Path(folder), actor), change)
        between()
        return bring_back(path=path, actor=sender or actor)


def what_changed_since_is_not_overwritten(cast):
    issue = issue_in(cast, "rectifying")

    def note():
        lifecycle.perform(issue=issue, action="note_progress", actor=cast.liaison, data={"note": "正在招标"}, now=NOON)

    brought_back(cast, cast.responsible, note, 整改进展="已到货")
    assert Issue.objects.get().progress == "正在招标"


def a_masked_number_is_never_written(cast):
    issue = issue_in(cast, "rectifying")
    with without_triggers("issues_issue"):
        Issue.objects.filter(pk=issue.pk).update(progress=f"找王工 {PHONE}")
    brought_back(cast, cast.responsible, 整改进展="找王工 138****1111，已到货")
    assert Issue.objects.get().progress == f"找王工 {PHONE}，已到货"


def a_starred_number_that_is_not_theirs_is_refused(cast):
    issue_in(cast, "rectifying")
    brought_back(cast, cast.responsible, 联系电话="139****2222")
    assert "*" not in Issue.objects.get().contact_phone


def whoever_does_not_do_the_action_writes_nothing(cast):
    issue_in(cast, "rectifying")
    brought_back(cast, cast.lead, 整改进展="改好了")
    assert Issue.objects.get().progress != "改好了"


def what_only_an_action_changes_is_not_written(cast):
    issue_in(cast, "rectifying")
    done = brought_back(cast, cast.responsible, 分类="其他")
    assert (done.updated, [ask["column"] for ask in done.asks]) == (0, ["分类"])


def an_emptied_cell_takes_nothing_away(cast):
    issue = issue_in(cast, "rectifying")
    lifecycle.perform(issue=issue, action="amend", actor=cast.office, data={"remark": "第一批"}, now=NOON)
    brought_back(cast, cast.office, 备注=None)
    assert Issue.objects.get().remark == "第一批"


def progress_is_written_to_the_measure_it_names(cast):
    issue = issue_in(cast, "rectifying")
    with without_triggers("issues_issue"):
        Measure.objects.create(issue=issue, order=2, text="培训")
    brought_back(cast, cast.responsible, 措施进展="已培训两场")
    assert not Measure.objects.exclude(progress="").exists()


def progress_of_measures_beyond_the_date_breaks_no_file(cast):
    issue = issue_in(cast, "rectifying")
    with without_triggers("issues_issue"):
        Measure.objects.filter(issue=issue).update(due_on=date(2023, 1, 1))
    assert len(brought_back(cast, cast.responsible, 措施进展="已印发").asks) == 1


def a_version_of_another_row_is_refused(cast):
    issue_in(cast, "rectifying")
    done = brought_back(cast, cast.office, 版本="QH2022-00009/1/00000000", 备注="第一批")
    assert [fault.column for fault in done.errors] == ["版本"]


def an_issue_that_is_not_theirs_is_not_written(cast):
    issue_in(cast, "rectifying")
    done = brought_back(cast, cast.office, 备注="第一批", sender=cast.office_other_county)
    assert (Issue.objects.get().remark, [fault.column for fault in done.errors]) == ("", ["问题编号"])


FAULTS = [
    Fault(
        what_changed_since_is_not_overwritten,
        rewritten(f"{PLAN}.ReturnPlan._line", "mark.version == issue.version", "True"),
    ),
    Fault(a_masked_number_is_never_written, replaced(f"{PLAN}.with_numbers", lambda text, full: text)),
    Fault(a_starred_number_that_is_not_theirs_is_refused, replaced(f"{PLAN}.is_masked", lambda text, full: False)),
    Fault(whoever_does_not_do_the_action_writes_nothing, replaced(f"{PLAN}._why_not", lambda *_: "")),
    Fault(
        what_only_an_action_changes_is_not_written,
        replaced(f"{PLAN}.ReturnPlan._compare", lambda self, line, issue, stored: None),
    ),
    Fault(an_emptied_cell_takes_nothing_away, replaced(f"{PLAN}.EMPTY", "")),
    Fault(
        progress_is_written_to_the_measure_it_names,
        replaced(f"{PLAN}.words_of_each", lambda text, count: [text] * count),
    ),
    Fault(progress_of_measures_beyond_the_date_breaks_no_file, replaced(f"{PLAN}._unfit", lambda *_: "")),
    Fault(
        a_version_of_another_row_is_refused,
        rewritten(f"{PLAN}.ReturnPlan._mark", "mark.number != number", "False"),
    ),
    Fault(
        an_issue_that_is_not_theirs_is_not_written,
        rewritten(f"{PLAN}.ReturnPlan._issues", "issues_visible_to(self.actor)", "Issue.objects"),
    ),
]


class TestGuardsOfReturns(FaultTests):
    """What a guard let by is met by the writer's own."""

    also = (DomainError,)
