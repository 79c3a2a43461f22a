"""The must-walk list: who sees it, who keeps it, where its items come from."""

from io import BytesIO
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.domain import must_walk
from campaigns.models import Campaign, PoolItem
from catalogue.models import ServiceItem
from core.exceptions import IllegalTransition, Refused
from core.models import AuditEntry
from core.text import search_text
from tests.cast import NOON, build_cast, reported_walk

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON)]
URL = "/campaigns/QH2022/pool/"


@pytest.fixture
def cast():
    found = build_cast()
    for n, name in enumerate(("户口迁移", "居民身份证办理")):
        ServiceItem.objects.create(
            department=found.second_unit, name=name, order=n, search_text=search_text(name, "县公安局")
        )
    return found


def item(name):
    return ServiceItem.objects.get(name=name)


def add(cast, *chosen, provenance="leader", note=""):
    return must_walk.add(
        campaign=cast.campaign, items=chosen, provenance=provenance, note=note, actor=cast.office, today=NOON.date()
    )


def sheet(*rows, header=("序号", "事项名称", "主管部门", "来源", "说明")):
    book = openpyxl.Workbook()
    book.active.append(["必走事项清单"])
    book.active.append(header)
    for number, row in enumerate(rows, start=1):
        book.active.append([number, *row])
    file = BytesIO()
    book.save(file)
    return SimpleUploadedFile("必走事项.xlsx", file.getvalue())


def send(client, url, **data):
    return client.post(url, {"idempotency_key": uuid4().hex} | data)


def listed():
    return set(PoolItem.objects.values_list("item__name", "provenance", "note"))


def test_the_office_adds_several_items_with_where_they_come_from(client, cast):
    client.force_login(cast.office)
    chosen = [item("户口迁移").pk, cast.item.pk]
    answer = send(client, URL + "add/", items=chosen, provenance="hotline", note="5月工单 31 件")
    assert answer.status_code == 302
    assert listed() == {("户口迁移", "hotline", "5月工单 31 件"), ("结婚登记", "hotline", "5月工单 31 件")}
    assert "12345热线" in client.get(URL).text
    assert set(AuditEntry.objects.get(action="pool.added").detail["added"]) == {"户口迁移", "结婚登记"}


@pytest.mark.both_databases
def test_sending_twice_adds_once(client, cast):
    client.force_login(cast.office)
    data = {"items": [cast.item.pk], "provenance": "leader", "idempotency_key": "k1"}
    assert [client.post(URL + "add/", data).status_code for _ in range(2)] == [302, 302]
    assert PoolItem.objects.count() == AuditEntry.objects.filter(action="pool.added").count() == 1


def test_an_item_is_found_by_its_initials_and_one_on_the_list_is_not_offered_again(client, cast):
    add(cast, item("户口迁移"))
    client.force_login(cast.office)
    assert "居民身份证办理" in client.get(URL + "add/", {"q": "jmsfz"}).text
    assert "户口迁移" not in client.get(URL + "add/").text
    assert "没有可添加的事项" in client.get(URL + "add/", {"q": "户口"}).text


def test_an_item_of_another_county_cannot_be_smuggled_in(client, cast):
    far = ServiceItem.objects.create(department=cast.namesake_unit, name="外县事项")
    client.force_login(cast.office)
    answer = send(client, URL + "add/", items=[far.pk], provenance="leader")
    assert answer.status_code == 400
    assert "所选事项" in answer.text
    with pytest.raises(Refused):
        add(cast, far)
    assert listed() == set()


def test_what_is_missing_is_said_at_the_field_and_what_was_typed_is_kept(client, cast):
    client.force_login(cast.office)
    answer = send(client, URL + "add/", note="书记点题")
    assert answer.status_code == 400
    assert "请至少勾选一个事项" in answer.text
    assert "请选择来源" in answer.text
    assert "书记点题" in answer.text


def test_an_item_on_the_list_keeps_where_it_came_from(cast):
    add(cast, cast.item)
    assert add(cast, cast.item, provenance="public") == 0
    assert listed() == {("结婚登记", "leader", "")}


def test_the_office_takes_an_item_off_and_its_walks_stay(client, cast):
    add(cast, cast.item)
    walk, _ = reported_walk(cast)
    client.force_login(cast.office)
    row = PoolItem.objects.get()
    assert send(client, f"{URL}{row.pk}/remove/").status_code == 302
    assert listed() == set()
    assert send(client, f"{URL}{row.pk + 7}/remove/").status_code == 404, "it never stood on the list"
    with pytest.raises(IllegalTransition, match=f"已经移出清单，由{cast.office}于"):
        must_walk.remove(row=row, actor=cast.office_second, today=NOON.date())
    assert send(client, URL + "add/", items=["²", "9" * 30], provenance="leader").status_code == 400
    assert type(walk).objects.filter(pk=walk.pk).exists()
    assert AuditEntry.objects.filter(action="pool.removed").count() == 1


@pytest.mark.parametrize("persona", ["liaison", "lead", "supervisor", "responsible"])
def test_everybody_of_the_county_sees_the_list_and_only_the_office_writes(client, cast, persona):
    add(cast, cast.item)
    client.force_login(cast.people[persona])
    answer = client.get(URL)
    assert "结婚登记" in answer.text
    assert "移出" not in answer.text
    assert send(client, URL + "add/", items=[cast.item.pk], provenance="leader").status_code == 403
    assert send(client, f"{URL}{PoolItem.objects.get().pk}/remove/").status_code == 403


@pytest.mark.parametrize("persona", ["namesake", "office_other_county", "auditor"])
def test_for_outsiders_it_does_not_exist(client, cast, persona):
    client.force_login(cast.people[persona])
    assert client.get(URL).status_code == client.get(URL + "add/").status_code == 404


def test_once_the_campaign_has_ended_the_list_stands(client, cast):
    add(cast, cast.item)
    Campaign.objects.filter(pk=cast.campaign.pk).update(ends_on=NOON.date().replace(day=7))
    client.force_login(cast.office)
    assert "添加事项" not in client.get(URL).text
    assert client.get(URL + "add/").status_code == 409
    assert send(client, f"{URL}{PoolItem.objects.get().pk}/remove/").status_code == 409
    cast.campaign.refresh_from_db()
    with pytest.raises(IllegalTransition, match="不能再改"):
        add(cast, item("户口迁移"))


@pytest.mark.both_databases
def test_coverage_is_told_for_each_provenance_and_an_empty_one_has_none(client, cast):
    add(cast, cast.item, item("户口迁移"))
    add(cast, item("居民身份证办理"), provenance="public")
    reported_walk(cast, as_conforming=True)
    client.force_login(cast.office)
    rates = {one["label"]: one["rate"] for one in client.get(URL).context["rates"]}
    assert rates == {"合计": 33.3, "领导点题": 50.0, "部门申报": None, "企业群众征集": 0.0, "12345热线": None}


def test_a_unit_is_shown_its_own_walks_and_no_rate_over_its_neighbours(client, cast):
    add(cast, cast.item)
    reported_walk(cast)
    client.force_login(cast.second_liaison)
    answer = client.get(URL)
    assert answer.context["rates"] == []
    assert [row["walks"] for row in answer.context["rows"]] == [0]


@pytest.mark.both_databases
def test_a_sheet_is_read_in_whole_and_twice_changes_nothing(client, cast):
    client.force_login(cast.office)
    rows = [("结婚登记", "民政局", "领导点题", "县长点题"), ("户口迁移", "", "12345热线", None)]
    assert send(client, URL + "import/", file=sheet(*rows)).status_code == 302
    assert listed() == {("结婚登记", "leader", "县长点题"), ("户口迁移", "hotline", "")}
    assert send(client, URL + "import/", file=sheet(*rows)).status_code == 302
    assert PoolItem.objects.count() == 2
    assert AuditEntry.objects.filter(action="pool.imported").count() == 1
    send(client, URL + "import/", file=sheet(("结婚登记", "", "部门申报", "")))
    assert ("结婚登记", "unit", "") in listed()


@pytest.mark.parametrize(
    ("word", "provenance"),
    [
        *((word, "hotline") for word in ("12345", 12345, "１２３４５", "12345 热线", "12345市民热线")),
        *((word, "leader") for word in ("领导", "领导点题")),
        *((word, "unit") for word in ("部门", "申报", "部门申报")),
        *((word, "public") for word in ("群众", "企业群众", "征集", "企业群众征集")),
    ],
)
def test_the_words_an_office_uses_for_a_source_are_understood(client, cast, word, provenance):
    client.force_login(cast.office)
    assert send(client, URL + "import/", file=sheet(("结婚登记", "", word, ""))).status_code == 302
    assert listed() == {("结婚登记", provenance, "")}


def test_every_fault_of_a_sheet_is_told_at_once_and_nothing_written(client, cast):
    client.force_login(cast.office)
    rows = [
        ("结婚登记", "", "领导点题", ""), ("结昏登记", "", "书记点题", ""), ("户口迁移", "县民政局", "", ""),
        ("结婚登记", "", "部门申报", ""),
    ]  # fmt: skip
    answer = send(client, URL + "import/", file=sheet(*rows))
    assert answer.status_code == 400
    faults = {(error.row, error.column) for error in answer.context["result"].errors}
    assert faults == {(4, "事项名称"), (4, "来源"), (5, "主管部门"), (5, "来源"), (6, "事项名称")}
    assert "相近的有：结婚登记" in answer.text
    assert listed() == set()


def test_a_file_that_is_no_table_is_refused_in_words(client, cast):
    client.force_login(cast.office)
    answer = send(client, URL + "import/", file=SimpleUploadedFile("必走.xlsx", b"PK\x03\x04broken"))
    assert answer.status_code == 400
    assert "已损坏" in answer.text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(client, cast, rows, django_assert_num_queries):
    add(cast, *ServiceItem.objects.filter(department__region=cast.county)[:rows])
    client.force_login(cast.office)
    client.get(URL)
    with django_assert_num_queries(8):
        assert len(client.get(URL).context["rows"]) == rows


def test_a_sheet_without_a_column_of_notes_leaves_the_one_somebody_wrote(client, cast):
    add(cast, item("结婚登记"), note="书记点题")
    client.force_login(cast.office)
    short = sheet(("结婚登记", "部门申报"), ("户口迁移", "部门申报"), header=("序号", "事项名称", "来源"))
    assert send(client, URL + "import/", file=short).status_code == 302
    assert listed() == {("结婚登记", "unit", "书记点题"), ("户口迁移", "unit", "")}
