"""Rows written straight into a table are those that the model itself would write."""

from datetime import UTC, date, datetime

import pytest

from core.bulk_insert import insert_rows
from issues.enums import IssueSource, IssueState
from issues.models import Issue, IssueEvent
from tests.cast import issue_in

NOW = datetime(2022, 6, 8, 4, 0, tzinfo=UTC)


@pytest.mark.both_databases
def test_rows_are_as_the_model_writes_them(cast):
    issue = issue_in(cast, "rectifying")
    given = {"issue_id": issue.pk, "version": 7, "due_on": date(2022, 6, 30), "data": {"source": "表“甲”"}}
    common = {"kind": "import", "at": NOW, "track": IssueSource.WALK}
    own = IssueEvent.objects.create(**given, **common)
    insert_rows(IssueEvent, [given], columns=tuple(given), common=common)
    straight = IssueEvent.objects.exclude(pk=own.pk).latest("pk")
    values = [{**row, "id": None} for row in IssueEvent.objects.filter(pk__in=(own.pk, straight.pk)).values()]
    assert values[0] == values[1]


def test_one_column_alone_and_a_member_of_an_enumeration_are_written(cast):
    issue = issue_in(cast, "rectifying")
    common = {"issue_id": issue.pk, "kind": "import", "at": NOW, "version": 1}
    insert_rows(IssueEvent, [{"to_state": IssueState.CLOSING}], columns=("to_state",), common=common)
    assert IssueEvent.objects.latest("pk").to_state == "closing"


def test_no_rows_are_no_statement(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        insert_rows(IssueEvent, [], columns=("issue_id",), common={})


def test_a_column_nobody_has_and_one_that_follows_are_refused(db):
    for name in ("nothing", "due_key", "id"):
        with pytest.raises(ValueError, match=name):
            insert_rows(Issue, [{name: 1}], columns=(name,), common={})
