"""The plan's grid in a real browser: pasted from a spreadsheet, moved about by keyboard, kept when the page is lost."""

import pytest
from django.utils import timezone

from catalogue.models import ServiceItem
from plans.domain import lifecycle as plan_lifecycle
from plans.domain.queries import rows_of

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
PASTE = """(cell, text) => {
  const carried = new DataTransfer();
  carried.setData("text/plain", text);
  cell.focus();
  cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def plan(cast):
    ServiceItem.objects.create(department=cast.unit, name="婚姻登记档案查询", order=2)
    period = f"{timezone.localdate():%Y-%m}"
    return plan_lifecycle.open_plan(
        actor=cast.liaison, campaign=cast.campaign, department_id=cast.unit.pk, period=period
    )


def cell(page, row, name):
    return page.locator("[data-grid-row]").nth(row).locator(f"[data-cell={name}]")


def paste(page, row, name, text):
    cell(page, row, name).evaluate(PASTE, text)


def test_lines_of_a_spreadsheet_fill_rows_and_are_saved_as_they_stand(sign_in, cast, plan):
    page = sign_in("liaison")
    page.goto(f"/plans/{plan.pk}/edit/")
    day = timezone.localdate()
    written = f"{day.year}.{day.month}.{day.day}"
    kinds = [
        f"{item}\t走流程\t线上办\t测试deputy\t事项较多\t{written}" for item in ("结婚登记", "婚姻登记档案查询") * 2
    ]
    paste(page, 0, "item", "\r\n".join(kinds) + "\r\n")
    assert page.locator("[data-grid-row]").count() == 4
    assert "已粘贴 4 行" in page.locator(".plan-tip").inner_text()
    paste(page, 1, "place", '政务服务网\t2\t"甲""乙\n丙"')
    page.locator("[data-grid-row]").nth(3).locator("[data-op=drop]").click()
    page.locator("[data-grid-row]").nth(2).locator("[data-op=up]").click()
    page.get_by_role("button", name="保存", exact=True).last.click()
    page.wait_for_url(f"**/plans/{plan.pk}/")
    stored = list(rows_of(plan).values_list("item__name", "mode", "walker__username", "planned_on", "place"))
    assert stored == [
        ("结婚登记", "online", "deputy", day, ""),
        ("结婚登记", "online", "deputy", day, ""),
        ("婚姻登记档案查询", "online", "deputy", day, "政务服务网"),
    ]
    last = rows_of(plan).last()
    assert (last.questions, last.companions, last.delegation_reason) == ('甲"乙 丙', {"other": 2}, "many_items")


def test_what_no_cell_can_hold_is_left_empty_marked_and_named(sign_in, cast, plan):
    page = sign_in("liaison")
    page.goto(f"/plans/{plan.pk}/edit/")
    lines = [
        "结婚登记\t走流程\t飞行办\t王某\t\t三月底\t\t1.5",
        "结婚登记\t走流程\t陪同办\t测试principal（局长）\t\t\t\t-1",
        "结婚登记\t走流程\t陪同办\t测试principal\t\t\t\t２人",
    ]
    paste(page, 0, "item", "\n".join(lines))
    said = page.locator(".plan-tip").inner_text()
    assert "有 5 格没有填入，请手工填写：第 1 行“体验形式”的“飞行办”；第 1 行“体验人”的“王某”" in said
    assert "第 2 行“陪同人员”的“-1”" in said
    emptied = ("mode", "walker", "planned_on", "companions_other")
    assert [cell(page, 0, name).input_value() for name in emptied] == ["", "", "", ""]
    assert [cell(page, row, "companions_other").input_value() for row in (1, 2)] == ["", "2"]
    assert cell(page, 1, "mode").input_value() == "accompany"
    assert cell(page, 1, "walker").input_value() == str(cast.principal.pk)
    assert page.locator("td.has-error").count() == 5
    cell(page, 0, "mode").select_option("online")
    assert page.locator("td.has-error").count() == 4


F1 = (
    "序号\t单位\t体验事项\t事项类别\t是否须本人体验\t体验人及职务\t是否委托及理由\t体验形式\t角色\t线上/线下\t"
    "体验地点或渠道\t计划时间\t陪同人员\t拟关注问题\t备注"
)
F1_LINES = (
    "1\t县民政局\t结婚登记\t政务服务\t否\t测试deputy\t事项较多\t线上办\t办事群众\t线上\t政务服务网\t{day}\t陪同人员2人\t能否免提交\t先约",
    "2\t县民政局\t婚姻登记档案查询\t政务服务\t否\t测试principal\t否\t亲身办\t办事群众\t线下\t大厅\t{day}\t无\t\t",
)


def stored_rows(page, plan):
    page.get_by_role("button", name="保存", exact=True).last.click()
    page.wait_for_url(f"**/plans/{plan.pk}/")
    names = ("item__name", "mode", "walker__username", "delegation_reason", "place", "questions", "remark")
    return list(rows_of(plan).values_list(*names, "planned_on", "companions"))


@pytest.mark.parametrize("start", ["head", "title", "number", "unit", "item"])
def test_lines_copied_from_the_exported_table_find_their_cells(sign_in, plan, start):
    day = timezone.localdate()
    lines = [line.format(day=day) for line in F1_LINES]
    before = {"head": [F1], "title": ["县民政局体验计划", "", F1]}.get(start, [])
    left_out = {"unit": 1, "item": 2}.get(start, 0)
    cut = ["\t".join(line.split("\t")[left_out:]) for line in lines]
    page = sign_in("liaison")
    page.goto(f"/plans/{plan.pk}/edit/")
    foot = ["", "填报人：宋某\t\t\t\t联系电话："] if start == "title" else []
    paste(page, 0, "item", "\n".join([*before, *cut, *foot]))
    said = page.locator(".plan-tip").inner_text()
    assert "已粘贴 2 行。已按计划表的列名、列序对应填入，没有用到：" in said
    assert "没有填入" not in said
    assert stored_rows(page, plan) == [
        ("结婚登记", "online", "deputy", "many_items", "政务服务网", "能否免提交", "先约", day, {"other": 2}),
        ("婚姻登记档案查询", "in_person", "principal", "", "大厅", "", "", day, {}),
    ]


def test_a_column_pasted_with_a_gap_keeps_its_lines(sign_in, plan):
    page = sign_in("liaison")
    page.goto(f"/plans/{plan.pk}/edit/")
    paste(page, 0, "place", "甲\n\n丙")
    assert [cell(page, row, "place").input_value() for row in range(3)] == ["甲", "", "丙"]


def test_enter_goes_down_and_opens_a_row_at_the_end_and_never_sends(sign_in, cast, plan):
    page = sign_in("liaison")
    page.goto(f"/plans/{plan.pk}/edit/")
    cell(page, 0, "place").fill("甲")
    for text in ("乙", "丙", "丁"):
        page.keyboard.press("Enter")
        page.keyboard.type(text)
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("丙二")
    page.keyboard.press("ArrowUp")
    page.keyboard.type("乙二")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("3")
    places = [cell(page, row, "place").input_value() for row in range(4)]
    assert places == ["甲", "乙二", "丙二", "丁"]
    assert cell(page, 1, "companions_other").input_value() == "3"
    assert page.url.endswith("/edit/")
    assert rows_of(plan).count() == 0


def test_rows_typed_before_the_page_was_lost_come_back(sign_in, plan):
    page = sign_in("liaison")
    page.goto(f"/plans/{plan.pk}/edit/")
    page.locator("[data-grid-row]").nth(1).locator("[data-op=drop]").click()
    page.get_by_role("button", name="添加一行").click()
    page.get_by_role("button", name="添加一行").click()
    cell(page, 3, "item").fill("结婚登记")
    cell(page, 3, "place").fill("一层大厅")
    page.reload()
    assert page.locator("[data-grid-row]").count() == 4
    assert "已恢复未提交的内容" in page.locator(".draft-bar").inner_text()
    assert cell(page, 3, "place").input_value() == "一层大厅"
    page.get_by_role("button", name="保存", exact=True).last.click()
    page.wait_for_url(f"**/plans/{plan.pk}/")
    assert rows_of(plan).get().place == "一层大厅"


@pytest.mark.parametrize("width", [768, 1024, 1366, 1440])
def test_no_cell_of_a_row_lies_out_of_sight(sign_in, plan, width):
    page = sign_in("liaison")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"/plans/{plan.pk}/edit/")
    row = page.locator("[data-grid-row]").first
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    boxes = [one.bounding_box() for one in row.locator("[data-cell]:visible, [data-op]").all()]
    assert len(boxes) == 14
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)
    hidden = """cell => {
      const box = cell.getBoundingClientRect();
      const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      return top !== cell && !cell.contains(top);
    }"""
    assert not any(one.evaluate(hidden) for one in row.locator("[data-cell]:visible").all())


def test_on_a_phone_rows_are_cards_and_nothing_sticks_out(sign_in, plan):
    page = sign_in("liaison", phone=True)
    page.goto(f"/plans/{plan.pk}/edit/")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    heights = page.locator(".grid input:visible, .grid select:visible, .grid-do button:visible").evaluate_all(
        "cells => cells.map(cell => cell.getBoundingClientRect().height)"
    )
    assert min(heights) >= 44
