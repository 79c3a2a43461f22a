"""What is done before the pages of scores are taken: a campaign that scores, which the demonstration does not have."""

from collections.abc import Callable

from playwright.sync_api import Page

CODE = "PINGFEN"
# Long past, so that nothing of it is due on the pages of today.
FIRST_DAY, LAST_DAY = "2021-01-01", "2021-06-30"


def scored(part: str = "", *, month: str = "2021-03", settle: bool = False) -> Callable[[Page], None]:
    """The page ``part`` of the scores of a month; the first picture of all draws up and issues the campaign, with
    ``settle`` its first version is settled too."""

    def go(page: Page) -> None:
        base = f"/reports/{CODE}/{month}/scores/"
        if page.request.get(base).status != 200:
            _draw_up(page)
        if settle and "已确定第" not in page.request.get(base).text():
            page.goto(f"{base}settle/")
            _press(page, "确定评分")
        page.goto(base + part)

    return go


def ended(page: Page) -> None:
    """The page of 总结 of that campaign, which is over."""
    scored()(page)
    page.goto(f"/campaigns/{CODE}/end/summarise/")


def first_sheet(then: str = "", *, month: str = "2021-03") -> Callable[[Page], None]:
    """The sheet of the first unit whose scores the person reads, or the page ``then`` behind it."""

    def go(page: Page) -> None:
        page.goto(f"/reports/{CODE}/{month}/scores/")
        address = page.locator("td.cell-title a").first.get_attribute("href") or ""
        page.goto(address.partition("?")[0] + then)

    return go


def objection(page: Page) -> None:
    """The unit's objection, sent by the first picture of all."""
    first_sheet()(page)
    if not page.locator(".score-matter").count():
        first_sheet("object/")(page)
        page.get_by_label("评分项").select_option(index=1)
        page.get_by_label("申诉理由").fill("本月已按要求开展，材料附后。")
        _press(page, "提交申诉")


def answering(page: Page) -> None:
    """The page on which the office answers it."""
    page.goto(f"/reports/{CODE}/2021-03/scores/?version=live")
    page.locator("#waiting ~ ul a").first.click()
    page.locator(".score-matter .row-actions a").first.click()


def _draw_up(page: Page) -> None:
    page.goto("/campaigns/new/?template=lantian-2022")
    page.get_by_label("活动代码").fill(CODE)
    page.get_by_label("开始日期").fill(FIRST_DAY)
    page.get_by_label("结束日期").fill(LAST_DAY)
    _press(page, "建立活动")
    page.goto(f"/campaigns/{CODE}/rules/scoring/")
    page.get_by_label("对各单位评分").check()
    _press(page, "保存")
    page.goto(f"/campaigns/{CODE}/issue/")
    _press(page, "确认印发")


def _press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name).last.click()
