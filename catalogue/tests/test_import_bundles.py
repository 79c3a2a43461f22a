"""``import_items``: bundles (一件事) and what they consist of."""

import pytest
from django.conf import settings

from accounts.domain.unit_imports import import_units
from accounts.models import Department
from catalogue.domain.imports import import_items
from catalogue.models import ServiceItem
from core.models import AuditEntry

pytestmark = pytest.mark.django_db
DATA = settings.BASE_DIR / "data"
HEAD = "序号,事项名称,事项类别,主管部门,包含事项\n"
BIRTH = "1,新生儿出生,一件事,县卫健局,出生医学证明、新生儿落户，新生儿医保登记\n"


@pytest.fixture
def county():
    import_units(path=DATA / "lantian-2022-units.csv", region_name="青禾县")
    import_items(path=DATA / "service-items-named-in-sources.csv")


@pytest.fixture
def table(tmp_path):
    def write(text: str, head: str = HEAD):
        path = tmp_path / "一件事.csv"
        path.write_text(head + text, encoding="utf-8")
        return path

    return write


def members(name: str) -> set[str]:
    return set(ServiceItem.objects.get(name=name).members.values_list("name", flat=True))


def test_the_thirteen_bundles_of_the_national_list_find_their_lead_units(county):
    result = import_items(path=DATA / "bundles-2022-32.csv")
    assert (result.errors, result.created) == ([], 13)
    bundles = ServiceItem.objects.filter(kind="bundle")
    owners = dict(bundles.values_list("name", "department__name"))
    assert len(owners) == 13
    assert owners["企业准营（以餐饮、便利店为例）"] == "县市场监管局"
    assert owners["军人退役"] == "县民政局"
    assert owners["二手房转移登记及水电气联动过户"] == "县资源规划局"
    assert import_items(path=DATA / "bundles-2022-32.csv").unchanged == 13


def test_members_are_found_across_units_and_a_second_import_changes_nothing(county, table):
    assert import_items(path=table(BIRTH)).created == 1
    assert members("新生儿出生") == {"出生医学证明", "新生儿落户", "新生儿医保登记"}
    entries = AuditEntry.objects.count()
    second = import_items(path=table(BIRTH))
    assert (second.updated, second.unchanged, AuditEntry.objects.count()) == (0, 1, entries)


def test_other_members_replace_those_that_stood_and_an_empty_cell_leaves_them(county, table):
    import_items(path=table(BIRTH))
    assert import_items(path=table("1,新生儿出生,一件事,县卫健局,\n")).unchanged == 1
    assert len(members("新生儿出生")) == 3
    assert import_items(path=table("1,新生儿出生,一件事,县卫健局,新生儿落户、医保缴费\n")).updated == 1
    assert members("新生儿出生") == {"新生儿落户", "医保缴费"}


def test_a_member_may_stand_further_down_in_the_same_file_or_hold_a_comma_in_its_name(county, table):
    lines = "1,企业开办,一件事,县市场监管局,企业设立登记、印章刻制、企业设立、注销及变更登记\n"
    lines += "2,印章刻制,审批,县公安局,\n3,企业设立、注销及变更登记,审批,县市场监管局,\n"
    result = import_items(path=table(lines))
    assert result.errors == []
    assert members("企业开办") == {"企业设立登记", "印章刻制", "企业设立、注销及变更登记"}


def test_unknown_members_are_refused_together_with_the_nearest_offered(county, table):
    result = import_items(path=table("1,新生儿出生,一件事,县卫健局,出生医学证名、新生儿落户、没有的\n"))
    [error] = result.errors
    assert (error.row, error.column) == (2, "包含事项")
    assert "没有事项“出生医学证名”。相近的有：出生医学证明" in error.message
    assert "没有事项“没有的”" in error.message
    assert not ServiceItem.objects.filter(name="新生儿出生").exists()


def test_a_name_of_two_units_asks_for_the_unit(county, table):
    ServiceItem.objects.create(department=Department.objects.get(name="县民政局"), name="新生儿落户")
    [error] = import_items(path=table("1,新生儿出生,一件事,县卫健局,新生儿落户\n")).errors
    assert error.message == "有多个单位有事项“新生儿落户”，请写成“单位：事项”"
    assert import_items(path=table("1,新生儿出生,一件事,县卫健局,县公安局：新生儿落户\n")).errors == []
    assert ServiceItem.objects.get(name="新生儿出生").members.get().department.name == "县公安局"


def test_only_a_bundle_has_members_and_never_itself(county, table):
    [plain] = import_items(path=table("1,出生医学证明,公共服务,县卫健局,新生儿落户\n")).errors
    assert plain.message == "只有事项类别为“一件事”的才能填写"
    [own] = import_items(path=table("1,新生儿出生,一件事,县卫健局,新生儿出生\n")).errors
    assert own.message == "“新生儿出生”是这项“一件事”自己"


def test_members_of_another_county_are_not_found(county, table):
    import_units(path=DATA / "lantian-2022-units.csv", region_name="白石县")
    owner = Department.objects.get(name="县公安局", region__name="白石县")
    ServiceItem.objects.create(department=owner, name="外县事项")
    path = table("1,新生儿出生,一件事,县卫健局,外县事项\n")
    [error] = import_items(path=path, region_name="青禾县").errors
    assert error.message.startswith("没有事项“外县事项”")
