"""The pages of submissions: the list by name, the unit's press, one submission with its steps, several at once."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.urls import reverse

from campaigns.domain.lifecycle import create_campaign
from campaigns.models import Deadline, RosterEntry
from core.idempotency import new_key
from reports.domain.compile import period_in
from reports.domain.submissions.inbox import owed_reports, waiting_in, waiting_submissions
from reports.models import Submission
from reports.tests.submitting import lines, on, sent, step
from tests.database import without_triggers

LIST = "/reports/QH2022/2022-06/submissions/"


def press(client, address: str, **data):
    page = client.get(address)
    assert page.status_code == 200, page.content.decode()
    hidden = {field.name: field.value() for field in page.context["form"].hidden_fields()}
    return client.post(address, hidden | {"idempotency_key": new_key()} | data)


def test_everybody_is_named_in_the_fixed_order_and_the_day_runs_to_midnight(world):
    cast = world.cast
    sent(cast, now=on(20, 23, 59))
    sent(cast, persona="second_liaison", now=on(21, 0, 1))
    evening = lines(cast.office, cast.campaign, now=on(20, 23, 59))
    assert [(line.unit, line.status) for line in evening if line.status == "waiting"] == [
        ("县司法局", "waiting"),
        ("县行政审批局", "waiting"),
    ]
    after = lines(cast.office, cast.campaign, now=on(21, 0, 1))
    assert [(line.unit, line.status, line.late) for line in after] == [
        ("县公安局", "late", "逾期 1 个工作日"),
        ("县民政局", "on_time", ""),
        ("县司法局", "overdue", "逾期 1 个工作日"),
        ("县行政审批局", "overdue", "逾期 1 个工作日"),
    ]


def test_the_unit_sends_on_its_page_and_what_went_out_stands_there(world, sign_in):
    cast = world.cast
    client = sign_in("liaison")
    address = f"/reports/QH2022/2022-06/send/{cast.unit.pk}/"
    assert address in client.get(LIST).text
    answer = press(client, address)
    assert answer.status_code == 302
    row = Submission.objects.get()
    assert row.sent_by == cast.liaison
    text = client.get(answer["Location"]).content.decode()
    assert "2022年6月材料已报送" in text
    assert address not in text
    assert "本期已经报送" in client.get(address).content.decode()
    assert "报送后没有变动" in client.get(reverse("submission", args=[row.public_id])).content.decode()


def test_the_page_of_a_unit_that_has_left_the_roster_sends_what_was_returned(world, sign_in):
    cast = world.cast
    [one] = sent(cast)
    step(one, "return", cast.lead, note="缺照片")
    RosterEntry.objects.filter(campaign=cast.campaign, department=cast.unit).update(left_on=date(2022, 6, 1))
    client = sign_in("liaison")
    address = f"/reports/QH2022/2022-06/send/{cast.unit.pk}/"
    assert address in client.get(reverse("submission", args=[one.public_id])).text
    assert press(client, address).status_code == 302
    assert Submission.objects.get().state == "sent"
    assert client.get(f"/reports/QH2022/2022-07/send/{cast.unit.pk}/").status_code == 404


def test_a_unit_whose_walks_are_not_reported_yet_finds_no_button(world, sign_in):
    cast = world.cast
    with without_triggers("walks_walk"):
        cast.campaign.walks.filter(department=cast.unit).update(state="in_progress", reported_at=None)
    page = sign_in("liaison").get(f"/reports/QH2022/2022-06/send/{cast.unit.pk}/")
    assert "都还没有报送" in page.text
    assert 'form="send-form"' not in page.text


def test_a_unit_whose_walks_were_all_sent_back_finds_no_button(world, sign_in):
    cast = world.cast
    with without_triggers("walks_walk"):
        cast.campaign.walks.filter(department=cast.unit).update(state="returned")
    page = sign_in("liaison").get(f"/reports/QH2022/2022-06/send/{cast.unit.pk}/")
    assert 'form="send-form"' not in page.text
    assert "退回补正：不计入本次报送" in page.text


def test_a_zero_report_is_one_press_with_a_reason(world, sign_in):
    cast = world.cast
    client = sign_in("second_liaison")
    address = f"/reports/QH2022/2022-07/send/{cast.second_unit.pk}/"
    assert press(client, address).status_code == 400
    opened = client.get(address).context["form"]
    assert press(client, address, note="窗口搬迁").status_code == 302
    # Who was second is told and keeps what was typed.
    stale = {"idempotency_key": new_key(), "seen": opened["seen"].value(), "zero": opened["zero"].value()}
    second = client.post(address, stale | {"note": "系统升级停办"})
    assert second.status_code == 409
    assert "系统升级停办" in second.text
    assert Submission.objects.get().content == "zero"
    assert "零报告" in client.get("/reports/QH2022/2022-07/submissions/").content.decode()


@pytest.mark.clock(on(17))
def test_a_zero_report_is_not_offered_while_a_working_day_is_left(world, sign_in):
    with without_triggers("walks_walk"):
        world.cast.campaign.walks.filter(department=world.cast.unit).update(state="cancelled")
    page = sign_in("liaison").get(f"/reports/QH2022/2022-06/send/{world.cast.unit.pk}/")
    assert "零报告自 2022年6月20日起办理" in page.text
    assert 'form="send-form"' not in page.text


def test_a_walk_reported_between_page_and_press_is_refused_in_words(world, sign_in):
    cast = world.cast
    client = sign_in("liaison")
    address = f"/reports/QH2022/2022-06/send/{cast.unit.pk}/"
    page = client.get(address)
    hidden = {field.name: field.value() for field in page.context["form"].hidden_fields()}
    answer = client.post(address, hidden | {"zero": "True", "note": "没有", "idempotency_key": new_key()})
    assert answer.status_code == 400
    assert "不能零报告" in answer.content.decode()


def test_the_lead_returns_with_a_reason_and_locks_several_at_once(world, sign_in):
    cast = world.cast
    [one] = sent(cast)
    sent(cast, persona="second_liaison")
    client = sign_in("lead")
    act = reverse("submission_act", args=[one.public_id, "return"])
    assert press(client, act).status_code == 400
    assert press(client, act, note="缺照片", version="0").status_code == 400
    assert press(client, act, note="缺照片").status_code == 302
    sent(cast)
    rows = Submission.objects.filter(state="sent")
    boxes = [f"{row.public_id}:{row.version}" for row in rows]
    unseen = {"idempotency_key": new_key(), "chosen": [f"{one.public_id}:0"], "action": "lock"}
    assert client.post(f"{LIST}bulk/", unseen).status_code == 302
    assert "县民政局：本件已" in client.get(LIST).content.decode()
    late = client.get(reverse("submission_act", args=[one.public_id, "send_on"]))
    assert late.status_code == 409
    assert f'href="{reverse("submission", args=[one.public_id])}"' in late.text
    bulk = {"idempotency_key": new_key(), "chosen": boxes}
    assert client.post(f"{LIST}bulk/", bulk | {"action": "lock"}).status_code == 302
    assert {row.state for row in Submission.objects.all()} == {"locked"}
    assert "已锁定 2 件" in client.get(LIST).content.decode()
    answer = client.post(f"{LIST}bulk/", {"idempotency_key": new_key(), "chosen": ["x:y"], "action": "lock"})
    assert answer.status_code == 302
    assert "请先勾选单位" in client.get(LIST).content.decode()


@pytest.mark.both_databases
def test_who_sees_which_lines(world):
    cast = world.cast
    for person, units in (
        (cast.liaison, ["县民政局"]),
        (cast.office_city, ["县公安局", "县民政局", "县司法局", "县行政审批局"]),
        (cast.lead, ["县公安局", "县民政局", "县司法局", "县行政审批局"]),
    ):
        assert [line.unit for line in lines(person, cast.campaign, now=on(20))] == units


def test_a_period_of_another_rhythm_is_refused_in_words(world, sign_in):
    answer = sign_in("office").get("/reports/QH2022/2022Q2/submissions/")
    assert answer.status_code == 400
    assert "不是本活动的报送周期" in answer.content.decode()


@pytest.mark.clock(on(20, 23, 59))
def test_the_workbook_has_the_lines_of_the_page(world, sign_in):
    cast = world.cast
    sent(cast)
    answer = sign_in("office").get(f"{LIST}export/")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    text = [[cell.value for cell in row] for row in sheet.iter_rows()]
    found = [row[1:] for row in text if row[1] in ("县公安局", "县民政局", "县司法局", "县行政审批局")]
    assert [row[0] for row in found] == ["县公安局", "县民政局", "县司法局", "县行政审批局"]
    assert [row[5] for row in found] == ["未报", "按期报送", "未报", "未报"]


@pytest.mark.parametrize("rows", [1, 2])
def test_the_list_costs_the_same_whatever_was_sent(world, sign_in, rows, django_assert_num_queries):
    for persona in ("liaison", "second_liaison")[:rows]:
        sent(world.cast, persona=persona)
    client = sign_in("lead")
    client.get(LIST)
    with django_assert_num_queries(17):
        assert client.get(LIST).status_code == 200


@pytest.mark.both_databases
def test_what_waits_for_whom(world):
    cast = world.cast
    today = on(16).date()
    [owed] = owed_reports(cast.liaison, today=today)
    assert (owed.period.code, owed.late) == ("2022-06", "")
    assert owed_reports(cast.liaison, today=today - timedelta(days=2)) == []
    assert owed_reports(cast.liaison, today=on(21).date())[0].late == "逾期 1 个工作日"
    [one] = sent(cast)
    assert owed_reports(cast.liaison, today=today) == []
    steps = (
        (None, "check", cast.lead),
        ("lock", "send_on", cast.lead),
        ("send_on", "receive", cast.office),
        ("send_back", "resend", cast.liaison),
    )
    for action, task, person in steps:
        if action:
            step(one, action, cast.office if action == "send_back" else cast.lead, note="数字不符")
        assert list(waiting_submissions(person)) == [(task, cast.campaign.pk, "2022-06")]
        found = waiting_in(person, cast.campaign, period_in(cast.campaign, "2022-06"))
        assert {name: pks for name, pks in found.items() if pks} == {task: {one.pk}}
    assert list(waiting_submissions(cast.office)) == []


@pytest.mark.clock(on(21, month=7))
def test_each_period_that_waits_stands_on_the_home_page_with_exactly_its_rows(world, sign_in):
    cast = world.cast
    sent(cast)
    sent(cast, persona="second_liaison")
    sent(cast, persona="second_liaison", period="2022-07", zero=True, note="窗口搬迁", now=on(20, month=7))
    client = sign_in("lead")
    groups = [one for one in client.get("/").context["groups"] if "材料待审核" in one["title"]]
    assert [(one["title"], one["total"]) for one in groups] == [("2022年6月材料待审核", 2), ("2022年7月材料待审核", 1)]
    assert groups[0]["rows"][0]["meta"].startswith("报县行政审批局 · 2022年6月")
    for group in groups:
        page = client.get(group["url"])
        assert len(page.context["rows"]) == group["total"]
        assert [tab["count"] for tab in page.context["tabs"] if tab["active"]] == [group["total"]]
    owed = [one for one in sign_in("liaison").get("/").context["groups"] if "材料待报送" in one["title"]]
    assert [(one["title"], one["total"], len(one["rows"]), one["url"]) for one in owed] == [
        ("2022年7月材料待报送", 1, 1, "")
    ]


@pytest.mark.clock(on(20))
@pytest.mark.parametrize(("code", "due", "is_provisional"), [("2024Q3", "2024年10月12日", False), ("2029Q1", "", True)])
def test_a_period_far_ahead_shows_the_date_the_rules_give(world, sign_in, code, due, is_provisional):
    """Dates are kept a year ahead. F16 asks for a quarter by the fifth working day after it: in October 2024 the 8th to
    the 11th and Saturday the 12th."""
    window = {"start": date(2022, 6, 1), "end": date(2030, 12, 31)}
    create_campaign(
        template="fushun-2016", code="FS", name="换位体验", region_name="青禾县", region=world.cast.county, **window
    )
    page = sign_in("office").get(f"/reports/FS/{code}/submissions/")
    assert page.context["due"][1] is is_provisional
    assert due in page.text
    assert [line.status for line, _ in page.context["rows"]] == ["waiting"] * len(page.context["rows"])
    assert not Deadline.objects.filter(campaign__code="FS", period=code).exists()


def test_an_empty_list_says_why(world, sign_in):
    client = sign_in("office")
    assert "换一个标签再看" in client.get(f"{LIST}?status=zero").text
    RosterEntry.objects.update(left_on=date(2022, 5, 1))
    assert "本期没有应报送的单位" in client.get(LIST).text
