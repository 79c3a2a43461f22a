"""Submissions through the API: the lines of the page by its filter, and one of them with what was sent."""

import pytest

from reports.models import Submission
from reports.tests.submitting import on, sent, step

URL = "/api/v1/submissions/"
JUNE = {"campaign": "QH2022", "period": "2022-06"}
pytestmark = pytest.mark.clock(on(21))


def units(answer) -> list[tuple]:
    return [(one["department_name"], one["status"], one["late"]) for one in answer.json()["results"]]


def test_the_list_is_that_of_the_page_with_who_sent_nothing(world, sign_in):
    cast = world.cast
    sent(cast, now=on(20))
    sent(cast, persona="second_liaison", now=on(21))
    answer = sign_in("office").get(URL, JUNE)
    assert units(answer) == [
        ("县公安局", "late", "逾期 1 个工作日"),
        ("县民政局", "on_time", ""),
        ("县司法局", "overdue", "逾期 1 个工作日"),
        ("县行政审批局", "overdue", "逾期 1 个工作日"),
    ]
    assert (answer.json()["next"], answer.json()["results"][2]["id"]) == (None, None)
    overdue = sign_in("office").get(URL, JUNE | {"status": "overdue"})
    assert [name for name, *_ in units(overdue)] == ["县司法局", "县行政审批局"]
    assert [name for name, *_ in units(sign_in("liaison").get(URL, JUNE))] == ["县民政局"]


def test_a_zero_report_is_told_with_its_reason_and_one_is_read_with_its_figures(world, sign_in):
    cast = world.cast
    sent(cast, persona="second_liaison", period="2022-07", now=on(20, month=7), zero=True, note="窗口搬迁")
    [line] = sign_in("second_liaison").get(URL, JUNE | {"period": "2022-07"}).json()["results"]
    assert (line["status"], line["content"], line["zero_reason"]) == ("zero", "zero", "窗口搬迁")
    [one] = sent(cast, now=on(20))
    step(one, "return", cast.lead, note="缺照片")
    answer = sign_in("lead").get(f"{URL}{one.public_id}/")
    shown = answer.json()
    assert (shown["campaign"], shown["period"], shown["state"], shown["return_reason"]) == (
        "QH2022",
        "2022-06",
        "returned",
        "缺照片",
    )
    assert shown["figures"]["sessions"] == 2
    assert answer["ETag"] == f'"{one.version}"'


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ({}, 400, "请写明活动代码"),
        ({"campaign": "QH2022"}, 400, "请写明期间"),
        (JUNE | {"unit": "1"}, 400, "没有名为“unit”的查询条件"),
        (JUNE | {"status": "nothing"}, 400, "查询条件有误"),
        (JUNE | {"offset": "abc"}, 400, "查询条件有误"),
        (JUNE | {"limit": "51"}, 400, "查询条件有误"),
        (JUNE | {"period": "2022Q2"}, 400, "不是本活动的报送周期"),
        (JUNE | {"campaign": "NICHTS"}, 404, "没有找到该记录"),
    ],
)
def test_what_cannot_be_asked_is_said_in_words(world, sign_in, asked, status, words):
    answer = sign_in("office").get(URL, asked)
    assert answer.status_code == status
    assert words in answer.content.decode()


def test_an_address_that_is_none_and_a_write_are_refused(world, sign_in):
    client = sign_in("office")
    assert client.get(f"{URL}abc/").status_code == 404
    assert client.post(URL, {}, content_type="application/json").status_code == 405


@pytest.mark.parametrize("rows", [1, 2])
def test_the_list_costs_the_same_whatever_was_sent(world, sign_in, rows, django_assert_num_queries):
    for persona in ("liaison", "second_liaison")[:rows]:
        sent(world.cast, persona=persona, now=on(20))
    client = sign_in("lead")
    with django_assert_num_queries(18):
        assert len(client.get(URL, JUNE).json()["results"]) == 4
    assert Submission.objects.count() == rows
