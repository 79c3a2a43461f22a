"""The plan's grid in a real browser: pasted from a spreadsheet, moved about by keyboard, kept when the page is lost."""

import pytest
from django.utils import timezone

from campaigns.domain import plans
from campaigns.domain.planlist import rows_of
from catalogue.models import ServiceItem

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
    return plans.open_plan(actor=cast.liaison, campaign=cast.campaign, department_id=cast.unit.pk, period=period)


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


def test_what_no_list_offers_is_said_and_not_filled_in(sign_in, plan):
    page = sign_in("liaison")
    page.goto(f"/plans/{plan.pk}/edit/")
    paste(page, 0, "item", "结婚登记\t走流程\t飞行办\t王某\n结婚登记\t走流程\t陪同办\t测试principal（局长）")
    assert "有 2 格的内容不在可选范围内" in page.locator(".plan-tip").inner_text()
    assert cell(page, 1, "mode").input_value() == "accompany"


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


def test_on_a_phone_rows_are_cards_and_nothing_sticks_out(sign_in, plan):
    page = sign_in("liaison", phone=True)
    page.goto(f"/plans/{plan.pk}/edit/")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    heights = page.locator(".grid input:visible, .grid select:visible, .grid-do button:visible").evaluate_all(
        "cells => cells.map(cell => cell.getBoundingClientRect().height)"
    )
    assert min(heights) >= 44
