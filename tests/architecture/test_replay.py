"""What tests write again is what the product's functions wrote: with the same keys, and only into the same rows."""

import pytest
from django.db import connection

from issues.models import Issue, IssueEvent
from tests.cast import build_cast, issue_in

pytestmark = [pytest.mark.django_db, pytest.mark.clock]


def what_stands() -> list:
    return [list(model.objects.order_by("pk").values()) for model in (Issue, IssueEvent)]


@pytest.mark.parametrize("turn", range(3))
@pytest.mark.parametrize("moved", [0, 5])
def test_an_issue_written_again_hangs_together_wherever_the_keys_go_on(moved, turn):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = 'issues_issue'")
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('issues_issue', %s)", [moved])
    issue = issue_in(build_cast(), "planning")
    assert issue.pk == moved + 1
    assert set(IssueEvent.objects.values_list("issue", flat=True)) == {issue.pk}
    connection.check_constraints()


def test_after_any_other_write_everything_is_built():
    cast = build_cast()
    first = issue_in(cast, "planning")
    Issue.objects.filter(pk=first.pk).update(remark="另记")
    second = issue_in(cast, "planning")
    assert second.pk != first.pk
    assert len(what_stands()[0]) == 2
