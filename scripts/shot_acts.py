"""What is done to a page before its picture is taken: pressed, filled in, opened (scripts/shots.py)."""

import io
import secrets
from collections.abc import Callable

import openpyxl
from playwright.sync_api import Page


def submit_empty(page: Page) -> None:
    """Send the form as it stands: what do the errors look like?"""
    form = page.locator("main form[method=post]").first
    form.evaluate("form => { form.noValidate = true; form.removeAttribute('data-draft'); }")
    button = page.locator("button[type=submit].btn-primary:visible, button[type=submit].btn-outline-danger:visible")
    with page.expect_navigation():
        button.last.click()


def at_once(page: Page) -> None:
    """Take one issue of the list, whatever is ticked, and carry out what the page is for."""
    boxes = page.locator("input[name=chosen]")
    for place in range(boxes.count()):
        boxes.nth(place).set_checked(place == 0)
    with page.expect_navigation():
        page.locator("button[type=submit].btn-primary:visible").last.click()


def far_future(page: Page) -> None:
    """A step that has not happened yet is refused; everything else on the page is in order."""
    page.get_by_label("时间").fill("2099-01-01T09:00")
    with page.expect_navigation():
        page.locator("button[type=submit].btn-primary:visible").last.click()


def open_menus(page: Page) -> None:
    """Every fold and menu of the page's body, open."""
    page.evaluate("document.querySelectorAll('main details').forEach(part => { part.open = true; })")


def upload_template(page: Page) -> None:
    """The product's own template comes back as the office's."""
    with page.expect_download() as sent:
        page.get_by_role("link", name="下载系统版式的模板").click()
    page.get_by_label("模板文件").set_input_files(
        {"name": "工作总结模板.docx", "mimeType": "application/octet-stream", "buffer": sent.value.path().read_bytes()}
    )
    with page.expect_navigation():
        page.get_by_role("button", name="上传并填写").click()


def open_account(page: Page) -> None:
    page.locator("details.account > summary").click()


def more_filters(page: Page) -> None:
    toggle = page.locator("[data-filter-toggle]")
    if toggle.is_visible():
        toggle.click()


def wrong_password(page: Page, times: int = 1) -> None:
    name = f"nobody-{secrets.token_hex(4)}"
    for _ in range(times):
        page.get_by_label("用户名").fill(name)
        page.get_by_label("密码").fill("not-the-password")
        with page.expect_navigation():
            page.get_by_role("button", name="登录", exact=True).click()


def lock_out(page: Page) -> None:
    wrong_password(page, 5)


def send_table(page: Page, text: str) -> None:
    page.get_by_label("统计月份").fill("2022-06")
    page.get_by_label("工单数表格").set_input_files(
        {"name": "六月工单.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    with page.expect_navigation():
        page.locator("button[form=figures-form]:visible").click()


def send_figures(page: Page) -> None:
    send_table(
        page, "序号,单位,工单数,问题类型,所属领域\n1,县公安局,12,噪音扰民、停车,社会治安\n2,县民政局,7,低保,民生保障\n"
    )


def send_bad_figures(page: Page) -> None:
    send_table(page, "序号,单位,工单数\n1,县公安居,十二\n2,县民政局,\n")


def send_unnamed_figures(page: Page) -> None:
    send_table(page, "承办部门,件数,办结率\n县公安局,12,96%\n县民政局,7,100%\n")


def send_rows(text: str, region: str = "", confirm: bool = False) -> Callable[[Page], None]:
    """Choose a table on the page that imports; ``confirm``: import it too, where it changes anything."""

    def do(page: Page) -> None:
        if region:
            page.get_by_label("区域").fill(region)
        table = {"name": "导入的表格.csv", "mimeType": "text/csv", "buffer": text.encode()}
        page.get_by_label("表格", exact=False).set_input_files(table)
        with page.expect_navigation():
            page.get_by_role("button", name="比对并预览").click()
        button = page.get_by_role("button", name="确认导入")
        if confirm and button.count():
            with page.expect_navigation():
                button.click()

    return do


def bring_back(page: Page) -> None:
    """The ledger is exported, edited and sent back: a remark that is written, a class that is not."""
    book = openpyxl.load_workbook(io.BytesIO(page.request.get("/issues/export/?tab=open").body()))
    lines = list(book.active.iter_rows())
    head = next(place for place, line in enumerate(lines) if line[0].value == "序号")
    names = {cell.value: place for place, cell in enumerate(lines[head])}
    lines[head + 1][names["备注"]].value = "已列入本月专班"
    for column, value in (("是否销号", "是"), ("分类", "其他")):
        lines[head + 2][names[column]].value = value
    edited = io.BytesIO()
    book.save(edited)
    table = {"name": "改过的台账.xlsx", "mimeType": "application/octet-stream", "buffer": edited.getvalue()}
    page.get_by_label("表格", exact=False).set_input_files(table)
    with page.expect_navigation():
        page.get_by_role("button", name="比对并预览").click()


def left_to_acts(page: Page) -> None:
    """The same, and what was not written."""
    bring_back(page)
    with page.expect_navigation():
        page.get_by_role("link", name="没有写入，须另行办理").click()


def brought_in(text: str) -> Callable[[Page], None]:
    """The list of batches once this ledger was brought in."""

    def do(page: Page) -> None:
        send_rows(text, confirm=True)(page)
        page.get_by_role("heading", name="导入结果").or_(page.get_by_text("没有需要写入的")).first.wait_for()
        page.goto("/imports/")

    return do


def compile_again(page: Page) -> None:
    with page.expect_navigation():
        page.locator("button[form=compile], form[action*='/compile/'] button").first.click()
    page.wait_for_timeout(2500)


def beside_another(page: Page) -> None:
    """The published version beside the one the page offers first."""
    with page.expect_navigation():
        page.get_by_role("button", name="并排查看").click()


def stale_token(page: Page) -> None:
    """The page was open too long: its token is no longer good."""
    page.get_by_label("用户名").fill("lianluo")
    page.get_by_label("密码").fill("a")
    page.evaluate("document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach(el => { el.value = 'x'; })")
    with page.expect_navigation():
        page.get_by_role("button", name="登录", exact=True).click()


def in_draft(part: str) -> Callable[[Page], None]:
    """The page ``part`` of a campaign that is being drafted; the first picture of all drafts it."""

    def go(page: Page) -> None:
        if page.request.get("/campaigns/CAOGAO/setup/").status != 200:
            page.goto("/campaigns/new/?template=lantian-2022")
            page.get_by_label("活动代码").fill("CAOGAO")
            with page.expect_navigation():
                page.get_by_role("button", name="建立活动").click()
        page.goto(f"/campaigns/CAOGAO/{part}")

    return go


def new_person(page: Page) -> None:
    """A new account, and its password on the answer; every picture makes another one."""
    page.get_by_label("姓名").fill("赵新")
    page.locator("select[name=department]").select_option(index=3)
    page.get_by_label("联络员").check()
    with page.expect_navigation():
        page.get_by_role("button", name="建立账号").click()


def previewing(verb: str, into: str) -> Callable[[Page], None]:
    """What merging or splitting 县财政局 would move; nothing is carried out."""

    def act(page: Page) -> None:
        page.goto("/units/?q=县财政局")
        page.get_by_role("link", name=f"{'合并' if verb == 'merge' else '拆分'} 县财政局").click()
        page.locator("[name=into]").fill(into)
        page.get_by_label("依据").fill("县委编办〔2022〕12号")
        with page.expect_navigation():
            page.get_by_role("button", name="核对内容").click()

    return act


def restoring(page: Page) -> None:
    """The page that brings back a town; the first picture of all abolishes it."""
    page.goto("/units/?q=石桥镇")
    if page.get_by_role("link", name="撤销 石桥镇").count():
        page.get_by_role("link", name="撤销 石桥镇").click()
        page.get_by_label("撤销依据").fill("县委编办〔2022〕12号")
        with page.expect_navigation():
            page.get_by_role("button", name="撤销单位").click()
        page.goto("/units/?q=石桥镇")
    page.get_by_role("link", name="恢复 石桥镇").click()
