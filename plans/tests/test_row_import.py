"""A plan from and to the table F1: read forgivingly, every fault by row and column, nothing stored before saving."""

import io
from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.domain.memberships import grant_membership
from accounts.models import User
from catalogue.models import ServiceItem
from core.idempotency import new_key
from core.models import AuditEntry
from core.tabular import read_day
from plans.domain.queries import rows_of
from plans.domain.row_import import read_plan
from plans.tests.planning import FIRST_DAY, build_planning, draft_plan, plan_in, row
from plans.views.grid import desk_of

pytestmark = [pytest.mark.django_db, pytest.mark.clock(FIRST_DAY)]
HEAD = (
    "序号,单位,体验事项,体验人及职务,是否委托及理由,体验形式,角色,线上/线下,"
    "体验地点或渠道,计划时间,陪同人员,拟关注问题,备注"
)


@pytest.fixture
def cast():
    return build_planning()


def upload(client, plan, *lines, way="replace", head=HEAD, name="计划.csv"):
    text = "\n".join(["县民政局体验计划", head, *lines])
    file = SimpleUploadedFile(name, text.encode("gb18030"))
    return client.post(f"/plans/{plan.pk}/import/", {"file": file, "way": way})


def told(answer):
    return [(error.row, error.column) for error in answer.context["errors"]]


GOOD = (
    "1,县民政局,新生儿出生一件事,测试principal 局长,否,亲身办,办事群众,线下,县政务大厅,2023年3月28日,2,材料能否复用,",
    "2,,公民婚育一件事,测试deputy,是：事项较多,代理办,,,,2023.4.3,政务服务业务人员1人,,先约人",
    "合计,,,,,,,,,,,,",
    ",填报人：宋某,,,,,联系电话：,,,,,,",
)


def test_a_table_is_shown_in_the_grid_first_and_stored_only_when_saved(client, cast):
    plan = draft_plan(cast, [row(cast, place="原来的一行")])
    client.force_login(cast.liaison)
    answer = upload(client, plan, *GOOD)
    assert answer.status_code == 200
    assert "已读取文件中的 2 行" in answer.text
    assert [one.place for one in rows_of(plan)] == ["原来的一行"]
    grid = answer.context["form"]
    data = {"version": plan.version, "idempotency_key": new_key(), "row": [one.number for one in grid.rows]}
    for one in grid.rows:
        data |= {one.add_prefix(name): one[name].value() or "" for name in one.fields}
    assert client.post(f"/plans/{plan.pk}/edit/", data).status_code == 302
    first, second = rows_of(plan)
    assert (first.item, first.walker, first.planned_on) == (cast.bundles[0], cast.principal, date(2023, 3, 28))
    assert first.companions == {"business": 1, "technical": 1}
    assert (second.mode, second.walker, second.delegation_reason) == ("on_behalf", cast.deputy, "many_items")
    assert (second.companions, second.remark) == ({"business": 1}, "先约人")


def test_appending_keeps_the_rows_that_stand(client, cast):
    plan = draft_plan(cast, [row(cast, place="原来的一行")])
    client.force_login(cast.liaison)
    grid = upload(client, plan, GOOD[1], way="append").context["form"]
    assert [one["place"].value() for one in grid.rows][:2] == ["原来的一行", ""]


def test_replacing_keeps_the_identity_of_a_row_with_the_same_item(client, cast):
    plan = draft_plan(cast)
    second = rows_of(plan)[1]
    client.force_login(cast.liaison)
    grid = upload(client, plan, GOOD[1]).context["form"]
    assert grid.rows[0]["pk"].value() == second.pk


def test_every_fault_is_told_by_row_and_column_at_once_and_nothing_is_stored(client, cast):
    plan = draft_plan(cast)
    before = list(rows_of(plan).values())
    client.force_login(cast.liaison)
    answer = upload(
        client,
        plan,
        GOOD[0],
        "2,县公安局,没有的事项,王某,想委托,飞行办,路人,半空,,2023-02-30,若干,,",
        "3,,公民婚育一件事,,否,线上办,,线下,,三月底,,,",
    )
    assert answer.status_code == 400
    columns = [
        "单位",
        "体验事项",
        "体验人及职务",
        "是否委托及理由",
        "体验形式",
        "角色",
        "线上/线下",
        "计划时间",
        "陪同人员",
    ]
    assert sorted(told(answer)) == sorted(
        [(4, column) for column in columns] + [(5, name) for name in ("体验人及职务", "线上/线下", "计划时间")]
    )
    assert list(rows_of(plan).values()) == before


@pytest.mark.parametrize(
    ("name", "head", "words"),
    [
        ("计划.csv", "事项,形式", "没有找到表头"),
        ("计划.csv", "序号,体验事项,备注", "缺少“体验人及职务”“体验形式”一列"),
        ("计划.csv", HEAD, "没有填写任何一行计划"),
    ],
)
def test_a_file_that_is_no_plan_is_refused_in_words(client, cast, name, head, words):
    plan = draft_plan(cast)
    client.force_login(cast.liaison)
    answer = upload(client, plan, head=head, name=name)
    assert answer.status_code == 400
    assert words in answer.text


def test_a_damaged_workbook_and_no_file_are_refused(client, cast):
    plan = draft_plan(cast)
    client.force_login(cast.liaison)
    broken = SimpleUploadedFile("计划.xlsx", b"PK\x03\x04nothing")
    assert "已损坏" in client.post(f"/plans/{plan.pk}/import/", {"file": broken, "way": "replace"}).text
    nothing = client.post(f"/plans/{plan.pk}/import/", {"way": "replace"})
    assert (nothing.status_code, "请选择要导入的表格" in nothing.text) == (400, True)


def workbook(*sheets):
    """A workbook of (name, rows) as bytes."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for cells in rows:
            sheet.append(cells)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


@pytest.mark.parametrize("item", ["新生儿出生一件事", "没有的事项"])
def test_a_second_sheet_that_was_not_read_is_named(client, cast, item):
    plan = draft_plan(cast, [])
    client.force_login(cast.liaison)
    line = [1, None, item, "测试principal", "否", "亲身办"]
    first = ("第一批", [HEAD.split(","), line])
    data = workbook(first, ("第二批", [HEAD.split(","), line]), ("空表", []))
    answer = client.post(f"/plans/{plan.pk}/import/", {"file": SimpleUploadedFile("计划.xlsx", data), "way": "replace"})
    assert answer.status_code == (200 if item in GOOD[0] else 400)
    assert "没有读取：第二批。" in answer.text


def test_a_walk_marked_as_the_principals_own_is_refused_beside_a_deputy(client, cast):
    plan = draft_plan(cast, [])
    client.force_login(cast.liaison)
    head = HEAD + ",是否须本人体验"
    answer = upload(client, plan, f"{GOOD[0]},是", f"{GOOD[1]},是", head=head)
    assert told(answer) == [(4, "是否须本人体验")]
    assert "须由主要负责同志本人体验，不得委托测试deputy" in answer.text


def test_a_reason_beside_the_principal_is_not_read_and_that_is_said(client, cast):
    plan = draft_plan(cast, [])
    client.force_login(cast.liaison)
    answer = upload(client, plan, GOOD[0].replace(",否,", ",事项较多,"))
    assert answer.context["form"].rows[0]["delegation_reason"].value() == ""
    assert "第 3 行由主要负责同志本人体验，没有读入委托理由“事项较多”。" in answer.text


def test_a_name_that_holds_another_means_the_longer_one(client, cast):
    longer = User.objects.create(username="longer", name="测试deputy甲")
    grant_membership(user=longer, department=cast.unit, role="deputy")
    plan = draft_plan(cast, [])
    client.force_login(cast.liaison)
    grid = upload(client, plan, GOOD[1].replace("测试deputy", "测试deputy甲")).context["form"]
    assert grid.rows[0]["walker"].value() == longer.pk


def test_a_filed_plan_takes_no_import(client, cast):
    plan = plan_in(cast, "filed")
    client.force_login(cast.liaison)
    assert upload(client, plan, *GOOD).status_code == 409


@pytest.mark.parametrize(
    "value",
    [
        "2022-06-08",
        "2022.6.8",
        "2022/6/8",
        "2022年6月8日",
        "２０２２．６．８",
        "20220608",
        44720,
        "44720",
        datetime(2022, 6, 8),
    ],
)
def test_a_day_is_read_in_every_way_people_write_it(value):
    assert read_day(value) == date(2022, 6, 8)


@pytest.mark.parametrize("value", ["2022-13-01", "20220231", "下周三", "6月8日"])
def test_what_is_no_day_is_refused(value):
    with pytest.raises(ValueError, match="日"):
        read_day(value)


CASES = settings.BASE_DIR / "tests" / "data" / "tables"
WINDOW = (date(2022, 5, 25), date(2022, 12, 31))


def read_case(cast, name, leader):
    """A case as a plan of this unit reads it; ``leader`` takes the name the file writes."""
    plan = draft_plan(cast, [])
    User.objects.filter(pk=leader.pk).update(name="吕行简")
    for item in ("结婚登记", "残疾人证办理", "高龄津贴申请受理", "残疾人两项补贴"):
        ServiceItem.objects.get_or_create(department=cast.unit, name=item)
    return read_plan(CASES / name, replace(desk_of(plan), window=WINDOW))


@pytest.mark.parametrize(("name", "days"), [("B24_plan_text_datetime.xlsx", (14, 15, 16, 17)), ("B24_min.csv", (14,))])
def test_days_with_a_time_and_without_a_year_are_read(cast, name, days):
    reading = read_case(cast, name, cast.principal)
    assert [row.planned_on for row in reading.rows] == [date(2022, 9, day) for day in days], reading.errors


def test_a_walker_merged_over_rows_walks_each(cast):
    reading = read_case(cast, "B26_plan_merged_walker.xlsx", cast.principal)
    assert [row.walker_id for row in reading.rows] == [cast.principal.pk] * 2, reading.errors
    assert reading.notes == ["第 24 行是填报人、说明等表下文字，没有作为数据读入。"]


def book(answer):
    return openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]


def lines_of(sheet):
    return [list(line) for line in sheet.iter_rows(values_only=True)]


def test_a_plan_goes_out_in_the_layout_f1_and_comes_back_unchanged(client, cast):
    plan = draft_plan(cast, [row(cast, item, remark="=1+1") for item in cast.bundles])
    client.force_login(cast.liaison)
    answer = client.get(f"/plans/{plan.pk}/export/")
    data = b"".join(answer.streaming_content)
    lines = lines_of(openpyxl.load_workbook(io.BytesIO(data)).worksheets[0])
    assert lines[0][0] == "县民政局“一把手走流程”体验计划（一件事一次办行动）"
    assert lines[1][0] == "填报单位（盖章）：县民政局"
    assert lines[2][:6] == ["序号", "单位", "体验事项", "事项类别", "是否须本人体验", "体验人及职务"]
    assert lines[3][11] == datetime(2023, 3, 28)
    assert lines[-1][0] == "填报人："
    assert AuditEntry.objects.filter(action="plan.exported").count() == 1
    file = SimpleUploadedFile("计划.xlsx", data)
    grid = client.post(f"/plans/{plan.pk}/import/", {"file": file, "way": "replace"}).context["form"]
    stored = list(rows_of(plan))
    for shown, one in zip(grid.rows, stored, strict=False):
        assert (shown["pk"].value(), shown["planned_on"].value(), shown["remark"].value()) == (
            one.pk,
            one.planned_on,
            "=1+1",
        )
        assert shown["companions_technical"].value() == 1


def test_the_template_names_what_must_be_planned_offers_lists_and_can_be_read(client, cast):
    plan = draft_plan(cast, [])
    client.force_login(cast.liaison)
    sheet = book(client.get(f"/plans/{plan.pk}/template/"))
    lines = lines_of(sheet)
    assert [line[2] for line in lines[3:6]] == ["新生儿出生一件事", "公民婚育一件事", None]
    lists = [str(rule.formula1) for rule in sheet.data_validations.dataValidation]
    assert any("亲身办,帮代办,陪同办,线上办" in one for one in lists)
    assert any("事项较多" in one for one in lists)
