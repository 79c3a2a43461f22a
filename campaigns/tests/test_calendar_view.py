"""The calendar page: for the system administrator alone; each change moves due dates and is audited."""

from datetime import date
from io import BytesIO
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.domain.lifecycle import create_campaign
from campaigns.domain.work_calendar import token_of_edits
from campaigns.models import Deadline
from core.calendar import official_calendar, year_is_loaded
from core.models import AuditEntry, CalendarDay
from tests.cast import NOON

URL = "/calendar/"
LAST = max(official_calendar().known_years)
NEXT = LAST + 1
IN_NOVEMBER = NOON.replace(year=LAST, month=11, day=20)
pytestmark = [pytest.mark.django_db, pytest.mark.clock(IN_NOVEMBER)]
TEXT = f"元旦：{NEXT}年1月1日至3日放假，共3天。\n国庆节：10月1日至7日放假调休，共7天。"


@pytest.fixture
def admin(client, cast):
    client.force_login(cast.sysadmin)
    return client


def send(client, url, **data):
    return client.post(url, {"idempotency_key": uuid4().hex, "seen": token_of_edits()} | data)


def test_the_years_stand_with_their_state_and_the_missing_one_is_announced(admin):
    answer = admin.get(URL)
    states = {one["year"]: one["label"] for one in answer.context["years"]}
    assert (states[LAST], states[NEXT]) == ("官方已公布", "暂定")
    assert f"{NEXT} 年放假安排尚未录入，按工作日推算的该年期限均为“暂定”" in answer.text
    assert "按法律推算" in admin.get(URL, {"year": NEXT}).text


def test_a_years_rest_and_make_up_days_are_listed_with_their_source(admin):
    rows = {row["day"].date: row["day"] for row in admin.get(URL, {"year": 2022}).context["rows"]}
    assert not rows[date(2022, 10, 4)].is_workday
    assert rows[date(2022, 10, 8)].is_workday
    assert "国庆" in rows[date(2022, 10, 1)].name


def test_a_single_day_is_edited_with_its_source_and_taken_back(admin):
    data = {"date": f"{LAST}-12-07", "works": "0", "name": "防汛停工", "source": "县政府办通知"}
    assert send(admin, URL + "day/", **data).status_code == 302
    row = CalendarDay.objects.get()
    assert (row.date, row.is_workday, row.source) == (date(LAST, 12, 7), False, "县政府办通知")
    assert "防汛停工" in admin.get(URL).text
    [shown] = [row for row in admin.get(URL).context["rows"] if row["day"].is_edited]
    assert send(admin, f"{URL}{LAST}-12-07/remove/", seen=shown["seen"]).status_code == 302
    assert not CalendarDay.objects.exists()
    actions = list(AuditEntry.objects.filter(object_type="calendar").order_by("seq").values_list("action", flat=True))
    assert actions == ["calendar.day_set", "calendar.day_removed"]


def test_without_a_source_nothing_is_changed_and_what_was_typed_is_kept(admin):
    answer = send(admin, URL + "day/", date=f"{LAST}-12-07", works="0", name="停工")
    assert answer.status_code == 400
    assert "请写明依据" in answer.text
    assert "停工" in answer.text
    assert not CalendarDay.objects.exists()


def test_sending_twice_changes_once(admin):
    data = {"date": f"{LAST}-12-07", "works": "0", "source": "通知", "idempotency_key": "k", "seen": token_of_edits()}
    assert [admin.post(URL + "day/", data).status_code for _ in range(2)] == [302, 302]
    assert AuditEntry.objects.filter(action="calendar.day_set").count() == 1


def test_a_day_set_to_what_it_is_leaves_no_trace(admin):
    data = {"date": f"{LAST}-12-07", "works": "0", "source": "通知"}
    send(admin, URL + "day/", **data)
    send(admin, URL + "day/", **data)
    assert AuditEntry.objects.filter(action="calendar.day_set").count() == 1


def test_a_day_that_was_not_edited_cannot_be_taken_back(admin):
    assert send(admin, f"{URL}{LAST}-10-01/remove/").status_code == 409
    assert send(admin, f"{URL}morgen/remove/").status_code == 404


def test_the_pasted_notice_loads_the_year_and_due_dates_follow_in_the_same_step(admin, cast):
    create_campaign(
        template="fushun-2016", code="FS", name="换位体验", region_name="青禾县", region=cast.county,
        start=date(LAST, 7, 1), end=date(NEXT, 12, 31),
    )  # fmt: skip
    assert Deadline.objects.get(campaign__code="FS", kind="report", period=f"{LAST}Q4").is_provisional
    answer = send(admin, URL + "year/", year=NEXT, source="国办发明电", text=TEXT)
    assert answer.status_code == 302
    assert year_is_loaded(NEXT)
    assert not Deadline.objects.get(campaign__code="FS", kind="report", period=f"{LAST}Q4").is_provisional
    page = admin.get(URL, {"year": NEXT})
    assert "已录入，共 10 天" in page.text
    assert {one["year"]: one["label"] for one in page.context["years"]}[NEXT] == "已录入"
    assert page.context["missing"] is None


def test_every_fault_of_the_notice_is_shown_and_nothing_written(admin):
    answer = send(admin, URL + "year/", year=NEXT, source="国办发明电", text="1月1日至3日放假，共4天\n2月30日上班")
    assert answer.status_code == 400
    assert "共 4 天" in answer.text
    assert "没有 " in answer.text
    assert "2月30日上班" in answer.text
    assert not CalendarDay.objects.exists()


def test_a_sheet_of_days_is_read_too(admin):
    book = openpyxl.Workbook()
    book.active.append(["序号", "日期", "安排", "名称"])
    for number, (day, works, name) in enumerate(
        [
            (date(NEXT, 1, 1), "放假", "元旦"),
            (date(NEXT, 2, 14), "上班", "春节调休"),
            (date(NEXT, 10, 1), "放假", "国庆节"),
        ],
        1,
    ):
        book.active.append([number, day, works, name])
    file = BytesIO()
    book.save(file)
    upload = SimpleUploadedFile("放假.xlsx", file.getvalue())
    assert send(admin, URL + "year/", year=NEXT, source="国办发明电", file=upload).status_code == 302
    assert CalendarDay.objects.get(date=date(NEXT, 2, 14)).is_workday


@pytest.mark.parametrize("data", [{}, {"text": TEXT, "file": SimpleUploadedFile("a.csv", b"x")}])
def test_text_or_sheet_one_of_them_is_asked_for(admin, data):
    answer = send(admin, URL + "year/", year=NEXT, source="通知", **data)
    assert answer.status_code == 400


@pytest.mark.parametrize("year", ["1066", "zwölf", "99999999999999999999"])
def test_a_year_that_is_none_is_said(admin, year):
    answer = admin.get(URL, {"year": year})
    assert answer.context["year"] == LAST
    assert "已忽略" in answer.text


@pytest.mark.parametrize("persona", ["office", "liaison", "supervisor", "secadmin", "auditor"])
def test_for_everybody_else_the_calendar_does_not_exist(client, cast, persona):
    client.force_login(cast.people[persona])
    assert {client.get(URL + part).status_code for part in ("", "day/", "year/")} == {404}
    assert send(client, URL + "day/", date=f"{LAST}-12-07", works="0", source="通知").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_whatever_its_length(admin, rows, django_assert_num_queries):
    CalendarDay.objects.bulk_create(CalendarDay(date=date(LAST, 8, n), is_workday=False) for n in range(1, rows + 1))
    with django_assert_num_queries(10):
        assert sum(row["day"].is_edited for row in admin.get(URL).context["rows"]) == rows
