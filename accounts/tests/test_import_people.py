"""``import_people``."""

import csv
import json
import stat

import pytest
from django.core.management import CommandError, call_command

from accounts.enums import Role
from accounts.models import Department, Membership, Region, User
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
HEAD = "序号,姓名,用户名,单位,职务,角色,手机\n"
GOOD = (
    "1,甲,jia,县民政局,局长,主要负责同志,13800001111\n2,乙,yi,县民政局,干事,联络员、整改责任人,\n3,丙,bing,,,审计员,\n"
)


@pytest.fixture
def county():
    region = Region.objects.create(name="青禾县")
    Department.objects.create(region=region, name="县民政局")
    Department.objects.create(region=region, name="县公安局")
    return region


@pytest.fixture
def run(capsys):
    def call(path, *args) -> dict:
        """What ``--json`` prints, with the exit status."""
        status = 0
        try:
            call_command("import_people", str(path), "--json", *args)
        except SystemExit as ended:
            status = ended.code
        return json.loads(capsys.readouterr().out) | {"status": status}

    return call


@pytest.fixture
def table(tmp_path):
    def write(text: str):
        path = tmp_path / "人员.csv"
        path.write_text(HEAD + text, encoding="utf-8")
        return path

    return write


def held() -> set[tuple]:
    return set(Membership.objects.values_list("user__username", "department__name", "role", "title"))


def test_people_come_with_units_roles_and_titles(run, table, county):
    answer = run(table(GOOD))
    assert (answer["created"], answer["errors"]) == (3, [])
    assert held() == {
        ("jia", "县民政局", "principal", "局长"),
        ("yi", "县民政局", "liaison", "干事"),
        ("yi", "县民政局", "responsible", "干事"),
    }
    assert User.objects.get(username="bing").kind == "auditor"
    assert User.objects.get(username="jia").phone == "13800001111"
    assert {user.must_change_password for user in User.objects.all()} == {True}


def test_without_a_password_file_nobody_can_sign_in_and_that_is_said(table, county, capsys):
    call_command("import_people", str(table(GOOD)))
    assert not any(user.has_usable_password() for user in User.objects.all())
    assert "新账号没有初始密码，暂不能登录" in capsys.readouterr().err


def test_initial_passwords_stand_once_in_a_private_file(run, table, county, tmp_path):
    target = tmp_path / "密码.csv"
    run(table(GOOD), "--passwords", str(target))
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with target.open(encoding="utf-8-sig") as file:
        written = {row["用户名"]: row["初始密码"] for row in csv.DictReader(file)}
    assert set(written) == {"jia", "yi", "bing"}
    assert len(set(written.values())) == 3
    for username, password in written.items():
        user = User.objects.get(username=username)
        assert user.check_password(password)
        assert user.must_change_password


def test_an_existing_password_file_is_never_overwritten_and_nobody_is_imported(table, county, tmp_path):
    target = tmp_path / "密码.csv"
    target.write_text("别的")
    with pytest.raises(CommandError, match="无法新建密码文件"):
        call_command("import_people", str(table(GOOD)), "--passwords", str(target))
    assert target.read_text() == "别的"
    assert User.objects.count() == 0


def test_a_second_import_changes_nothing_and_writes_no_passwords(run, table, county, tmp_path):
    run(table(GOOD))
    before = list(User.objects.values()), held(), AuditEntry.objects.count()
    second = run(table(GOOD), "--passwords", str(tmp_path / "密码.csv"))
    assert (second["created"], second["updated"], second["unchanged"]) == (0, 0, 3)
    assert (list(User.objects.values()), held(), AuditEntry.objects.count()) == before
    assert not (tmp_path / "密码.csv").exists()


def test_a_person_of_two_units_stands_on_two_lines(run, table, county):
    answer = run(table("1,甲,jia,县民政局,局长,主要负责同志,\n2,甲,jia,县公安局,,联络员,\n"))
    assert (answer["created"], answer["updated"]) == (1, 1)
    assert run(table("1,甲,jia,县民政局,局长,主要负责同志,\n2,甲,jia,县公安局,,联络员,\n"))["unchanged"] == 2
    assert held() == {("jia", "县民政局", "principal", "局长"), ("jia", "县公安局", "liaison", "")}


def test_all_errors_come_at_once_and_nothing_is_written(run, table, county):
    User.objects.create(username="taken", name="早")
    User.objects.create(username="boss", name="管", kind="sysadmin")
    lines = (
        "1,,jia,县民政,局长,主要负责同志,\n"
        "2,晚,taken,县民政局,,国王,abc\n"
        "3,管,boss,县民政局,,联络员,\n"
        "4,丁,ding,县民政局,,审计员、联络员,\n"
        "5,戊,wu,,,联络员,\n"
        "6,己,ji,县民政局,,联络员,1\n"
        "7,己,ji,县民政局,,整改责任人,2\n"
    )
    answer = run(table(lines))
    assert answer["status"] == 1
    assert {(error["row"], error["column"]): error["message"] for error in answer["errors"]} == {
        (2, "姓名"): "不能为空",
        (2, "单位"): "没有这个单位。相近的有：县民政局",
        (3, "用户名"): "已由“早”使用，请换一个用户名",
        (
            3,
            "角色",
        ): f"没有角色“国王”，可填：{'、'.join([*Role.labels, '系统管理员', '安全管理员', '审计员'])}",
        (3, "手机"): "应为电话号码",
        (4, "角色"): "该账号是系统管理员，三员与业务角色不得兼任",
        (5, "角色"): "三员之间、三员与业务角色之间不得兼任",
        (5, "单位"): "三员不属于业务单位，此格应为空",
        (6, "单位"): "不能为空",
        (8, "手机"): "同一用户名在前面写的是另一个号码",
        (8, "用户名"): "与第 7 行重复：同一人在同一单位的角色请写在一行，用“、”隔开",
    }
    assert User.objects.count() == 2
    assert held() == set()


def test_a_unit_of_several_regions_asks_for_the_region(run, table, county):
    other = Region.objects.create(name="白石县")
    Department.objects.create(region=other, name="县民政局")
    line = table("1,甲,jia,县民政局,局长,主要负责同志,\n")
    [error] = run(line)["errors"]
    assert error["message"] == "多个区域有同名单位（青禾县、白石县），请用 --region 指明区域"
    assert run(line, "--region", "白石县")["created"] == 1
    assert Membership.objects.get().department.region == other


def test_an_unknown_region_is_told_with_the_nearest(run, table, county):
    [error] = run(table(GOOD), "--region", "青禾")["errors"]
    assert (error["row"], error["message"]) == (None, "没有名为“青禾”的区域。相近的有：青禾县。")


def test_missing_units_are_created_on_request_in_the_named_region(run, table, county):
    line = table("1,甲,jia,县档案局,局长,主要负责同志,\n")
    [error] = run(line, "--create-missing")["errors"]
    assert error["message"] == "没有这个单位；要新建它，请用 --region 指明区域"
    assert run(line, "--create-missing", "--region", "青禾县")["created"] == 1
    assert Department.objects.get(name="县档案局").region == county


def test_a_dry_run_writes_neither_people_nor_passwords(run, table, county, tmp_path):
    answer = run(table(GOOD), "--dry-run", "--passwords", str(tmp_path / "密码.csv"))
    assert (answer["created"], User.objects.count()) == (3, 0)
    assert not (tmp_path / "密码.csv").exists()


def test_a_space_inside_a_units_name_makes_no_difference(run, table, county):
    answer = run(table("1,甲,jia,县 公安局,局长,主要负责同志,\n2,乙,yi,县　民政局,干事,联络员,\n"))
    assert (answer["created"], answer["errors"]) == (2, [])
    assert {unit for _, unit, _, _ in held()} == {"县公安局", "县民政局"}
