"""Tables as offices send them: units like those that stand, people who moved, user names that differ by case."""

import json

import pytest
from django.conf import settings
from django.core.management import call_command

from accounts.domain.imports import import_people
from accounts.domain.memberships import grant_membership
from accounts.domain.unit_imports import import_units
from accounts.enums import DEPARTMENT_KIND_WORDS, DepartmentKind, Role
from accounts.models import Department, Membership, User
from core.near_names import alike
from core.text import normalize_text

CASES = settings.BASE_DIR / "tests" / "data" / "tables"
REGION = "青禾县"
OLD = "贾文博（zerenren）还有县民政局整改责任人的角色"


@pytest.fixture
def county(db, tmp_path):
    path = tmp_path / "单位.csv"
    names = ("县民政局", "县公安局", "县卫健局", "县文旅局")
    path.write_text("序号,单位名称\n" + "".join(f"{n},{name}\n" for n, name in enumerate(names)), encoding="utf-8")
    assert import_units(path=path, region_name=REGION).errors == []
    return {unit.name: unit for unit in Department.objects.all()}


def test_a_new_unit_like_an_existing_one_is_asked_about_first(county):
    asked = import_units(path=CASES / "B19_renamed_units.xlsx", region_name=REGION)
    assert [(error.row, error.message.split("名称相近")[0]) for error in asked.errors] == [
        (2, "与现有的县文旅局"), (3, "与现有的县民政局"), (4, "与现有的县公安局"), (5, "与现有的县公安局"),
        (6, "与现有的县卫健局"),
    ]  # fmt: skip
    assert Department.objects.count() == 4
    assert import_units(path=CASES / "B19_renamed_units.xlsx", region_name=REGION, make_alike=True).created == 5


@pytest.mark.parametrize(("one", "other"), [("县财政局", "县民政局"), ("县教育局", "县体育局")])
def test_names_of_two_units_are_not_alike(one, other):
    assert not alike(one, other)


def test_user_names_that_differ_by_case_only_are_refused(county):
    User.objects.create_user(username="zerenren", name="贾文博")
    result = import_people(path=CASES / "B20_same_people.xlsx", region_name=REGION)
    found = {(error.row, error.column): error.message for error in result.errors}
    assert found[2, "用户名"] == "与“zerenren”只有大小写不同，请写成同一个用户名"
    assert User.objects.count() == 1


def test_the_old_role_of_somebody_who_moved_is_named_and_ended_on_request(county, capsys):
    user = User.objects.create_user(username="zerenren", name="贾文博")
    grant_membership(user=user, department=county["县民政局"], role=Role.RESPONSIBLE)
    path = CASES / "B21_people_moved.xlsx"
    kept = import_people(path=path, region_name=REGION)
    assert kept.notes[0].startswith(f"{OLD}，仍然保留；已调离的，可在导入时一并结束")
    assert Membership.objects.filter(user=user).count() == 2
    call_command("import_people", str(path), "--region", REGION, "--end-old-roles", "--json")
    ended = json.loads(capsys.readouterr().out)
    assert (ended["updated"], ended["notes"]) == (
        1,
        [f"{OLD}，导入时一并结束。"],
    )
    assert [one.department for one in Membership.objects.filter(user=user)] == [county["县公安局"]]
    assert import_people(path=path, region_name=REGION, end_old=True).unchanged == 1


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("省直部门", DepartmentKind.COUNTY), ("旗直部门", DepartmentKind.COUNTY), ("党委部门", DepartmentKind.COUNTY),
        ("群团", DepartmentKind.COUNTY), ("乡镇", DepartmentKind.TOWN), ("街道", DepartmentKind.TOWN),
        ("苏木", DepartmentKind.TOWN), ("国有企业", DepartmentKind.UTILITY), ("县级部门", DepartmentKind.COUNTY),
    ],
)  # fmt: skip
def test_units_come_in_as_offices_name_their_kind(db, tmp_path, word, kind):
    path = tmp_path / "单位.csv"
    path.write_text(f"序号,单位名称,单位类型\n1,某某单位,{word}\n", encoding="utf-8")
    assert import_units(path=path, region_name=REGION).errors == []
    assert Department.objects.get(name="某某单位").kind == kind


def test_no_word_contradicts_a_label():
    labels = {normalize_text(label): kind for kind, label in DepartmentKind.choices}
    assert all(labels.get(normalize_text(word), kind) == kind for word, kind in DEPARTMENT_KIND_WORDS.items())
