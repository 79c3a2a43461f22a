"""The pages: upload, which column is which, preview, confirm, what changed, undo."""

import re

import pytest
from django.urls import reverse

from accounts.models import Department
from campaigns.models import Campaign, HeadMapping
from core.idempotency import new_key
from core.models import AuditEntry, StagedTable
from issues.domain import lifecycle
from issues.models import Issue
from ledgers.domain.imports import import_ledger
from ledgers.models import ImportBatch
from ledgers.tests.tables import LAYOUTS, ledger, row
from ledgers.tests.test_import_walks import WALK, register
from tests.cast import AUTUMN
from walks.models import Walk

CONFIRMED = {"confirmed": "on"}
PLANNED = {"责任人": "丙某", "整改措施": "更换叫号机", "整改时限": "2022-06-30"}


@pytest.fixture
def office(cast, client):
    client.force_login(cast.office)
    return client


def send(client, path, cast, kind="ledger", **more):
    with path.open("rb") as file:
        return press(client, reverse(f"{kind}_import"), {"file": file, "campaign": cast.campaign.pk, **more})


def press(client, url, data=None, **how):
    return client.post(url, (data or {}) | {"idempotency_key": new_key()}, **how)


def value(page, name: str) -> str:
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.content.decode())[1]


def confirm(client, url):
    return press(client, url, {"seen": value(client.get(url), "seen")})


def test_a_ledger_is_looked_at_confirmed_and_taken_back(office, cast, tmp_path):
    answer = send(office, ledger(tmp_path, row(问题编号="7", **PLANNED | {"整改时限": "6月底前"})), cast)
    preview = office.get(answer.url)
    assert "将新增 <b>1</b>" in preview.content.decode()
    assert "“整改时限”的“6月底前”读作“2022-06-30”（第 2 行）。" in preview.content.decode()
    assert not Issue.objects.exists()
    assert confirm(office, answer.url).status_code == 302
    batch, issue = ImportBatch.objects.get(), Issue.objects.get()
    assert (batch.actor, issue.reported_by) == (cast.office, cast.office)
    assert "台账.csv" in office.get(reverse("imports")).content.decode()
    page = reverse("import_batch", args=[batch.pk])
    assert issue.number in office.get(page).content.decode()
    untouched = press(office, page)
    assert (untouched.status_code, "没有撤销任何内容" in untouched.content.decode()) == (400, True)
    answer = press(office, page, CONFIRMED, follow=True)
    assert "已撤销：删除问题 1 件，恢复 0 件。" in answer.content.decode()
    assert not Issue.objects.exists()
    again = press(office, page, CONFIRMED)
    assert (again.status_code, "没有重复办理" in again.content.decode()) == (409, True)


def test_every_fault_is_shown_at_its_cell(office, cast, tmp_path):
    answer = send(office, ledger(tmp_path, row(发现日期="某日", 责任单位="某局"), row(整改类型="改")), cast)
    shown = answer.content.decode()
    assert (answer.status_code, StagedTable.objects.count()) == (400, 0)
    assert "有 3 处需要修改，没有写入任何内容" in shown
    assert "无法识别的日期" in shown


@pytest.mark.both_databases
@pytest.mark.clock(AUTUMN)
def test_columns_are_named_once(office, cast):
    path = next(LAYOUTS.glob("L2*"))
    answer = send(office, path, cast)
    page = office.get(answer.url)
    shown = page.content.decode()
    assert "表头没有“序号”一列，请核对各列的对应。" in shown
    assert "复查人的用户ID (3)" in shown
    fields = {name: bound.value() for name, bound in ((one.name, one) for one in page.context["form"].columns())}
    problem = next(name for name, chosen in fields.items() if chosen == "存在问题")
    refused = press(office, answer.url, fields | {problem: ""})
    assert (refused.status_code, "请指明哪一列是“存在问题”。" in refused.content.decode()) == (400, True)
    named = press(office, answer.url, fields)
    assert confirm(office, named.url).status_code == 302
    assert Issue.objects.get().description == "居住证办理须跑两次"
    assert HeadMapping.objects.get().office == cast.office_unit
    again = office.get(send(office, path, cast).url)
    assert "与系统中的内容完全相同，没有需要写入的。" in again.content.decode()


def test_an_issue_worked_on_meanwhile_asks_for_another_look(office, cast, tmp_path):
    import_ledger(campaign=cast.campaign, path=ledger(tmp_path, row(问题编号="7", **PLANNED)))
    url = send(office, ledger(tmp_path, row(问题编号="7", **PLANNED | {"责任人": "丁某"})), cast).url
    assert "丁某" in office.get(url).content.decode()
    issue = Issue.objects.get()
    lifecycle.perform(issue=issue, action="note_progress", actor=cast.liaison, data={"note": "已在采购"})
    answer = confirm(office, url)
    assert answer.status_code == 409
    assert "导入后已经办理，没有改动" in answer.content.decode()
    issue.refresh_from_db()
    assert issue.responsible_name == "丙某"


def test_what_was_worked_on_is_named_before_and_after_undoing(office, cast, tmp_path):
    done = import_ledger(campaign=cast.campaign, path=ledger(tmp_path, row(**PLANNED), row(存在问题="排队")))
    first = Issue.objects.get(description="窗口未一次性告知")
    lifecycle.perform(issue=first, action="note_progress", actor=cast.liaison, data={"note": "已在采购"})
    page = reverse("import_batch", args=[done.batch])
    assert first.number in office.get(page).content.decode()
    assert f"导入后已经办理的没有撤销：{first.number}。" in press(office, page, CONFIRMED, follow=True).content.decode()
    assert list(Issue.objects.all()) == [first]


def test_a_batch_of_which_all_was_worked_on_offers_nothing_to_take_back(office, cast, tmp_path):
    done = import_ledger(campaign=cast.campaign, path=ledger(tmp_path, row(**PLANNED)))
    page = reverse("import_batch", args=[done.batch])
    assert "撤销这一批" in office.get(page).content.decode()
    lifecycle.perform(issue=Issue.objects.get(), action="note_progress", actor=cast.liaison, data={"note": "在采购"})
    shown = office.get(page).content.decode()
    assert ("这一批没有可以撤销的内容" in shown, "撤销这一批" in shown) == (True, False)


def test_the_preview_and_the_command_say_the_same(office, cast, tmp_path):
    path = ledger(tmp_path, row(**PLANNED), row(责任单位="某局", 整改时限="何时"), row(问题编号="1"), row(问题编号="1"))
    told = import_ledger(campaign=cast.campaign, path=path, dry_run=True)
    shown = send(office, path, cast).context
    assert [error.as_dict() for error in shown["errors"]] == [error.as_dict() for error in told.errors]
    assert shown["notes"] == told.notes


def test_a_register_of_walks_is_looked_at_confirmed_and_taken_back(office, cast, tmp_path):
    answer = send(office, register(tmp_path, WALK | {"发现问题": "①排队长②指南旧"}), cast, kind="walks")
    shown = office.get(answer.url).content.decode()
    assert "测试principal（主要负责同志）" in shown
    assert "排队长，待定措施，县民政局" in shown
    assert confirm(office, answer.url).status_code == 302
    page = reverse("import_batch", args=[ImportBatch.objects.get().pk])
    assert f'href="{reverse("walk", args=[Walk.objects.get().pk])}"' in office.get(page).content.decode()
    told = press(office, page, CONFIRMED, follow=True).content.decode()
    assert "已撤销：删除体验 1 次，删除问题 2 件，恢复 0 件。" in told
    assert (Walk.objects.count(), Issue.objects.count()) == (0, 0)


def test_a_table_may_be_looked_at_column_by_column(office, cast, tmp_path):
    answer = send(office, ledger(tmp_path, row()), cast, name_columns="on")
    assert answer.url.endswith("/columns/")
    again = reverse("ledger_import")
    assert f'href="{again}"' in office.get(answer.url).content.decode()


@pytest.mark.both_databases
def test_what_nobody_knows_is_made_when_that_is_ticked_and_not_before_it_is_confirmed(office, cast, tmp_path):
    path = ledger(tmp_path, row(责任单位="县气象局", 体验事项="气象证明"))
    refused = send(office, path, cast)
    assert (refused.status_code, "没有这个单位" in refused.content.decode()) == (400, True)
    answer = send(office, path, cast, create_missing="on")
    shown = office.get(answer.url).content.decode()
    assert "将新建单位 1 个：县气象局。" in shown
    assert "将新建事项 1 个：气象证明。" in shown
    assert not Department.objects.filter(name="县气象局").exists()
    assert confirm(office, answer.url).status_code == 302
    assert Issue.objects.get().responsible_department.name == "县气象局"
    entry = AuditEntry.objects.get(action="ledger.made_missing")
    assert (entry.actor_id, entry.detail["单位"]) == (cast.office.pk, ["县气象局"])


@pytest.mark.parametrize("name", ["县民证局", "青禾县公安局", "县民政局。"])
def test_a_unit_that_looks_like_an_old_one_is_asked_about(office, cast, tmp_path, name):
    path = ledger(tmp_path, row(责任单位=name))
    asked = send(office, path, cast, create_missing="on").content.decode()
    assert "名称相近的确是新单位" in asked
    assert "是同一单位的，请改用现有名称" in asked
    answer = send(office, path, cast, create_missing="on", make_alike="on")
    assert f"将新建单位 1 个：{name}。" in office.get(answer.url).content.decode()


def test_a_page_makes_no_account_of_a_walker(office, cast, tmp_path):
    answer = send(office, register(tmp_path, WALK | {"体验人": "无名氏"}), cast, kind="walks", create_missing="on")
    assert (answer.status_code, "没有这个人" in answer.content.decode()) == (400, True)


def test_a_table_waits_for_its_sender_alone_and_for_an_issued_campaign(office, cast, tmp_path):
    path = ledger(tmp_path, row(**PLANNED))
    pages = [send(office, path, cast).url, send(office, path, cast, name_columns="on").url]
    office.force_login(cast.office_second)
    assert [office.get(url).status_code for url in pages] == [404, 404]
    Campaign.objects.filter(pk=cast.campaign.pk).update(issued_at=None)
    assert office.get(reverse("imports")).status_code == 404
    cast.campaign.refresh_from_db()
    [fault] = import_ledger(campaign=cast.campaign, path=path).errors
    assert "尚未印发，不能导入" in fault.message


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_take_as_many_queries_with_one_row_as_with_three(
    office, cast, tmp_path, rows, django_assert_num_queries
):
    for number in range(rows):
        lines = [row(问题编号=f"{number}-{one}") for one in range(rows)]
        done = import_ledger(campaign=cast.campaign, path=ledger(tmp_path, *lines))
    office.get(reverse("imports"))
    with django_assert_num_queries(8):
        office.get(reverse("imports"))
    with django_assert_num_queries(13):
        office.get(reverse("import_batch", args=[done.batch]))
