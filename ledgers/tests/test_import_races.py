"""Imports at the same moment, and an undo while somebody works: one outcome, nobody's work is lost."""

import pytest

from campaigns.domain.own_tables import read_fitted
from campaigns.enums import TableKind
from core.exceptions import Conflict
from core.idempotency import new_key
from core.models import StagedTable
from core.staging import StalePreview, carry_out, stage, stage_table
from issues.domain import lifecycle
from issues.models import Issue
from ledgers.domain.imports import import_ledger
from ledgers.domain.shapes import LEDGER
from ledgers.domain.undo import undo_batch
from ledgers.models import ImportBatch
from ledgers.tests.tables import edited, exported, ledger, row
from ledgers.views.desks import desk_of
from ledgers.views.returned import DESK
from tests.cast import NOON, build_cast, issue_in
from tests.race import at_once

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True), pytest.mark.clock(NOON)]
PLANNED = {"责任人": "丙某", "整改措施": "更换叫号机", "整改时限": "2022-06-30"}


@pytest.fixture
def cast():
    return build_cast()


def staged(cast, path) -> tuple:
    desk = desk_of("ledger", {cast.campaign.pk: cast.campaign})
    read = read_fitted(path, LEDGER, TableKind.LEDGER, cast.campaign)
    params = {"campaign": cast.campaign.pk, "title": [], "mapping": read.mapping}
    pk, preview = stage_table(desk=desk, table=read.rows, params=params, owner=cast.office, key=new_key())
    return desk, StagedTable.objects.get(pk=pk), preview.digest


def test_a_table_confirmed_twice_at_once_is_brought_in_once(cast, tmp_path):
    desk, table, seen = staged(cast, ledger(tmp_path, row(**PLANNED), row(存在问题="排队")))
    ends = at_once(*[lambda: carry_out(desk=desk, staged=table, seen=seen, key=new_key())] * 2)
    assert ends == [None, None]
    assert (ImportBatch.objects.count(), Issue.objects.count()) == (1, 2)


def test_of_two_imports_of_one_file_at_once_the_second_finds_what_the_first_made(cast, tmp_path):
    path, done = ledger(tmp_path, row(**PLANNED), row(存在问题="排队")), []
    ends = at_once(*[lambda: done.append(import_ledger(campaign=cast.campaign, path=path, now=NOON))] * 2)
    assert ends == [None, None]
    assert sorted((one.created, one.unchanged) for one in done) == [(0, 2), (2, 0)]
    assert sorted(Issue.objects.values_list("number", flat=True)) == ["QH2022-00001", "QH2022-00002"]


def test_an_undo_and_an_act_at_once_lose_nobodys_work(cast, tmp_path):
    done = import_ledger(campaign=cast.campaign, path=ledger(tmp_path, row(**PLANNED)), now=NOON)
    issue = Issue.objects.select_related("campaign").get()
    batch = ImportBatch.objects.get(pk=done.batch)
    undone, acted = at_once(
        lambda: undo_batch(batch=batch, actor=cast.office, now=NOON),
        lambda: lifecycle.perform(
            issue=issue, action="note_progress", actor=cast.liaison, data={"note": "在改"}, now=NOON
        ),
    )
    assert undone is None
    batch.refresh_from_db()
    if acted is None:
        assert (batch.kept, Issue.objects.get().progress) == ([issue.number], "在改")
    else:
        assert isinstance(acted, Conflict)
        assert (batch.kept, Issue.objects.count()) == ([], 0)


def test_two_people_who_confirm_a_returned_ledger_at_once_write_it_once(cast, tmp_path):
    issue, tables = issue_in(cast, "rectifying"), []

    def change(cells):
        cells["备注"].value = "第一批"

    path = edited(exported(tmp_path, cast.office), change)
    for owner in (cast.office, cast.office_second):
        pk, shown = stage(desk=DESK, path=path, params={}, owner=owner, key=new_key())
        tables.append((StagedTable.objects.get(pk=pk), shown.digest))
    ends = at_once(
        *[lambda one=table, seen=seen: carry_out(desk=DESK, staged=one, seen=seen, key=new_key())
          for table, seen in tables]
    )  # fmt: skip
    assert sorted(type(end) for end in ends if end) == [StalePreview]
    assert issue.events.filter(kind="amend").count() == 1
