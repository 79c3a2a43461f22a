"""The page on which 系统管理员 imports the units of a region."""

import pytest
from django.core.management import call_command

from accounts.domain.unit_imports import import_units
from accounts.models import Department, Region
from campaigns.management.commands.import_units import Command
from core.models import AuditEntry, StagedTable
from core.tests.tables import cells, confirm, outcomes, send, sheet
from tests.cast import build_cast

pytestmark = pytest.mark.django_db
URL = "/units/import/"
HEAD = "序号,单位名称,单位类型,审批服务单位,行政执法单位,公共服务企业,是否撤销\n"
GOOD = "5,县民政局,县级部门,是,是,否,\n4,县公安局,县级部门,是,否,否,是\n30,县档案局,县级部门,否,否,否,\n"


@pytest.fixture
def cast():
    return build_cast()


@pytest.fixture
def keeper(client, cast):
    client.force_login(cast.sysadmin)
    return client


def sent(client, text: str, region: str = "青禾县"):
    return send(client, URL, HEAD + text, region=region)


def stored(region: str) -> list[tuple]:
    fields = ("order", "name", "kind", "is_approval", "is_enforcement", "is_utility", "is_active", "abolished_on")
    return list(Department.objects.filter(region__name=region).order_by("order", "name").values_list(*fields))


def test_the_preview_says_what_is_new_changed_and_abolished(keeper, cast):
    shown = sent(keeper, GOOD)
    assert outcomes(shown) == {"县民政局": "updated", "县公安局": "updated", "县档案局": "created"}
    assert cells(shown, "县民政局") == {"行政执法单位": ("否", "是")}
    assert cells(shown, "县公安局") == {"是否撤销": ("否", "是")}
    assert not Department.objects.filter(name="县档案局").exists()
    assert "新增 <b>1</b>，更新 <b>2</b>" in confirm(keeper, shown).text
    gone = Department.objects.get(name="县公安局")
    assert (gone.is_active, gone.abolished_by) == (False, "导入表.csv")
    actions = AuditEntry.objects.filter(actor_id=cast.sysadmin.pk).values_list("action", flat=True)
    assert list(actions) == ["unit.abolished", "units.imported"]
    assert set(outcomes(sent(keeper, GOOD)).values()) == {"unchanged"}


def test_a_region_that_is_not_there_is_told_and_made_with_its_units(keeper):
    shown = sent(keeper, "1,县民政局,县级部门,是,否,否,\n", region="黑水县")
    assert "“黑水县”是新的区域，随本次导入建立" in shown.text
    assert not Region.objects.filter(name="黑水县").exists()
    confirm(keeper, shown)
    assert stored("黑水县") == [(1, "县民政局", "county", True, False, False, True, None)]


def test_a_row_without_a_number_stands_behind_the_one_above(keeper):
    confirm(keeper, sent(keeper, "7,县水务局,县级部门,是,否,否,\n,县林业局,县级部门,是,否,否,\n", region="黑水县"))
    assert [row[:2] for row in stored("黑水县")] == [(7, "县林业局"), (7, "县水务局")]
    made = Department.objects.filter(region__name="黑水县").order_by("order", "id")
    assert [unit.name for unit in made] == ["县水务局", "县林业局"]


def test_a_head_without_rows_is_told_as_such(keeper):
    text = sent(keeper, "").text
    assert "表头以下没有数据行" in text
    assert "完全相同" not in text


def test_a_unit_a_campaign_needs_is_not_abolished(keeper, cast):
    shown = sent(keeper, "20,县行政审批局,县级部门,是,否,否,是\n")
    assert shown.status_code == 400
    [error] = shown.context["errors"]
    assert (error.row, error.column) == (2, "是否撤销")
    assert StagedTable.objects.count() == 0


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "x,县民政局,别的,也许,否,否,\n1,县民政局,县级部门,是,否,否,\n2,,县级部门,是,否,否,\n3,新的,县级部门,是,否,否,是\n"
        "4,县行政审批局,县级部门,是,否,否,是\n",
    ],
)
def test_page_and_command_give_the_same_for_the_same_file(keeper, cast, tmp_path, text):
    path = tmp_path / "表.csv"
    path.write_text(HEAD + text, encoding="utf-8")
    shown = sent(keeper, text)
    if shown.status_code == 400:
        assert sorted(map(str, shown.context["errors"])) == errors_of_the_command(path)
        return
    before = stored("青禾县")
    trial = import_units(path=path, region_name="青禾县", dry_run=True)
    assert shown.context["counts"] == trial.counts()
    confirm(keeper, shown)
    by_page = stored("青禾县")
    put_back(before)
    call_command("import_units", str(path), "--region", "青禾县", "--json")
    assert stored("青禾县") == by_page


def errors_of_the_command(path) -> list[str]:
    found = Command().run(path, {"region": "青禾县", "dry_run": False})
    assert (found.created, found.updated) == (0, 0)
    return sorted(map(str, found.errors))


def put_back(before: list[tuple]) -> None:
    names = {row[1] for row in before}
    Department.objects.filter(region__name="青禾县").exclude(name__in=names).delete()
    for order, name, kind, approval, enforcement, utility, active, on in before:
        Department.objects.filter(region__name="青禾县", name=name).update(
            order=order, kind=kind, is_approval=approval, is_enforcement=enforcement, is_utility=utility,
            is_active=active, abolished_on=on, abolished_by="",
        )  # fmt: skip


def test_a_change_in_between_is_told(keeper, cast):
    shown = sent(keeper, GOOD)
    Department.objects.create(region=cast.county, name="县档案局", order=30)
    stale = confirm(keeper, shown)
    assert (stale.status_code, outcomes(stale)["县档案局"]) == (409, "unchanged")
    assert Department.objects.get(name="县公安局").is_active


def test_what_is_downloaded_can_be_imported_again_and_changes_nothing(keeper, cast, tmp_path):
    confirm(keeper, sent(keeper, GOOD))
    path = tmp_path / "单位.xlsx"
    path.write_bytes(b"".join(keeper.get("/units/export/", {"region": "青禾县"}).streaming_content))
    found = import_units(path=path, region_name="青禾县")
    assert (found.errors, found.created, found.updated) == ([], 0, 0)
    assert found.unchanged == Department.objects.filter(region=cast.county).count()
    [entry] = AuditEntry.objects.filter(action="units.exported")
    assert entry.detail == {"rows": found.rows}


@pytest.mark.parametrize("persona", ["secadmin", "auditor", "office", "principal"])
def test_for_everybody_else_the_pages_do_not_exist(client, cast, persona):
    client.force_login(cast.people[persona])
    for url in (URL, "/units/export/", "/units/export/?region=青禾县"):
        assert client.get(url).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_comparing_reads_the_same_number_of_times_for_one_row_and_three(keeper, rows, django_assert_num_queries):
    lines = "".join(f"{n},新单位{n},县级部门,是,否,否,\n" for n in range(rows))
    confirm(keeper, sent(keeper, lines))
    posted = {"idempotency_key": "n", "region": "青禾县", "file": sheet(HEAD + lines.replace("是,否,否", "否,否,否"))}
    with django_assert_num_queries(18):
        assert keeper.post(URL, posted).status_code == 302


def test_a_unit_like_an_existing_one_is_made_only_where_the_box_was_ticked(keeper, cast):
    row = "40,县民证局,县级部门,否,否,否,\n"
    shown = sent(keeper, row)
    assert shown.status_code == 400
    [error] = shown.context["errors"]
    assert "名称相近" in error.message
    assert 'name="make_alike"' in shown.text
    assert StagedTable.objects.count() == 0
    ticked = send(keeper, URL, HEAD + row, region="青禾县", make_alike="on")
    assert outcomes(ticked) == {"县民证局": "created"}
    confirm(keeper, ticked)
    assert Department.objects.filter(name="县民证局").exists()
