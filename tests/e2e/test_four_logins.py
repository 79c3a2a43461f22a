"""The main line in four logins: a head on a phone, the liaison, the office, a supervisor with Excel."""

import io
import re
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from django.utils import timezone
from PIL import Image

from issues.columns import workbook_columns
from issues.models import Issue
from tests.cast import PASSWORD
from walks.models import Walk

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PROBLEM = "窗口未一次性告知需带户口簿，多跑了一趟"
MEASURE = "重印一次性告知单并在窗口摆放"
RESULT = "=告知单已更新"  # begins like a formula and must stay text


def photo_with_position() -> dict:
    """A picture as a phone takes it: large, with a GPS position in its EXIF."""
    picture, exif = Image.new("RGB", (3200, 2400), "steelblue"), Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010F] = "Phone"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_a_walk_becomes_a_numbered_issue_is_struck_off_and_exported(sign_in):
    head = sign_in("principal", phone=True)
    walk_path = start_walk_in_two_taps(head)
    note_step_and_problem(head)
    assert_photo_has_no_exif(head)

    liaison = sign_in("liaison")
    complete_walk(liaison, walk_path)
    sign_walk(head, walk_path)
    number = report_walk(liaison, walk_path)
    rectify(liaison, number)

    office = sign_in("office")
    strike_off(office, number)
    assert Issue.objects.get(number=number).state == "closed"

    supervisor = sign_in("supervisor")
    compare_workbook_with_page(supervisor, number)


def start_walk_in_two_taps(page) -> str:
    page.get_by_role("radio", name=re.compile("结婚登记")).tap()
    page.get_by_role("button", name="亲身办").tap()
    page.wait_for_url(re.compile(r"/walks/[0-9a-f-]{36}/"))
    assert Walk.objects.get().mode == "in_person"
    assert not has_sideways_scroll(page)
    return re.search(r"/walks/[0-9a-f-]{36}/", page.url)[0]


def note_step_and_problem(page) -> None:
    page.get_by_role("link", name="登记步骤").first.tap()
    page.get_by_text("受理", exact=True).tap()
    page.get_by_role("radio", name="不顺").tap()
    page.get_by_label("经过").fill("取号后等了四十分钟，窗口说缺户口簿")
    page.locator("input[type=file]").set_input_files([photo_with_position()])
    assert not has_sideways_scroll(page)
    page.get_by_role("button", name="保存并登记问题").last.tap()
    page.get_by_label("发现了什么问题").fill(PROBLEM)
    page.get_by_role("button", name="保存", exact=True).last.tap()
    page.get_by_text(PROBLEM).first.wait_for()
    assert Issue.objects.get().state == "draft"


def assert_photo_has_no_exif(page) -> None:
    source = page.locator("a[href^='/files/']").first.get_attribute("href")
    answer = page.request.get(source)
    assert answer.headers["content-type"] == "image/jpeg"
    picture = Image.open(io.BytesIO(answer.body()))
    assert dict(picture.getexif()) == {}
    assert max(picture.size) <= 2560


def complete_walk(page, path: str) -> None:
    page.goto(f"{path}complete/")
    page.get_by_role("combobox", name="分类").select_option("业务办理")
    page.get_by_role("combobox", name="涉及单位").select_option(label="县民政局")
    page.get_by_role("button", name="登记完成").first.click()
    page.wait_for_url(f"**{path}")
    assert Walk.objects.get().state == "recorded"


def sign_walk(page, path: str) -> None:
    page.goto(path)
    page.get_by_role("link", name="签字").first.tap()
    page.get_by_text(PROBLEM).first.wait_for()
    page.get_by_label("登录密码").first.fill(PASSWORD)
    page.get_by_role("button", name="签字").last.tap()
    page.wait_for_url(f"**{path}")
    assert Walk.objects.get().state == "signed"


def report_walk(page, path: str) -> str:
    page.goto(path)
    page.get_by_role("link", name="报送").first.click()
    page.get_by_role("button", name="报送").first.click()
    page.wait_for_url(f"**{path}")
    number = Issue.objects.get().number
    page.get_by_text(number).first.wait_for()
    return number


def rectify(page, number: str) -> None:
    due = timezone.localdate() + timedelta(days=14)
    act(page, number, "自行整改")
    act(page, number, "定措施", {"整改措施": MEASURE, "责任人姓名": "周民安", "整改时限": due.isoformat()})
    act(page, number, "申请销号", {"整改结果": RESULT})
    issue = Issue.objects.get()
    assert (issue.state, issue.due_on, issue.first_due_on) == ("closing", due, due)


def act(page, number: str, label: str, fields: dict[str, str] | None = None) -> None:
    """Press an action on the issue's page, fill its form, send it."""
    page.goto(f"/issues/{number}/")
    page.get_by_role("link", name=label).first.click()
    for name, value in (fields or {}).items():
        page.get_by_label(name).first.fill(value)
    page.get_by_role("button", name=label, exact=True).first.click()
    page.wait_for_url(re.compile(rf"/issues/{number}/(\?.*)?$"))


def strike_off(page, number: str) -> None:
    page.get_by_text("待验收").first.wait_for()
    act(page, number, "销号", {"验收意见": "核对属实", "登录密码": PASSWORD})


def compare_workbook_with_page(page, number: str) -> None:
    keys = [column.key for column in workbook_columns()]
    page.goto("/issues/?" + "&".join(f"cols={key}" for key in keys))
    shown = {}
    for column in workbook_columns():
        cell = page.locator(f"#i-{number} td[data-label='{column.label}']")
        if column.key == "number":
            cell = page.locator(f"#i-{number} td.cell-number")
        elif column.kind == "title":
            cell = page.locator(f"#i-{number} td.cell-title")
        shown[column.label] = (cell.locator(".due-day") if column.kind == "due" else cell).inner_text().strip()
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 Excel").click()
    assert re.fullmatch(r"\d{8}_青禾县_问题整改台账\.xlsx", download.value.suggested_filename)
    sheet = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes())).active
    head = next(row for row in sheet.iter_rows() if row[0].value == "序号")
    headers = [cell.value for cell in head]
    assert headers == ["序号", *shown, "措施进展", "版本"]
    cells = [sheet.cell(head[0].row + 1, index + 1) for index in range(len(headers))]
    assert cells[0].value == 1
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert {name: as_shown(cell.value) for name, cell in zip(headers[1:-2], cells[1:-2], strict=True)} == shown
    assert shown["存在问题"] == PROBLEM
    assert shown["是否销号"] == "是"


def as_shown(value) -> str:
    if value is None or value == "":
        return "—"
    return value.strftime("%Y-%m-%d") if isinstance(value, date | datetime) else str(value)


def has_sideways_scroll(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
