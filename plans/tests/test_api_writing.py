"""A plan written by a program: rows saved as a whole, handed in, filed, told beforehand, walked."""

import pytest

from plans.models import Plan
from plans.tests.planning import FIRST_DAY, build_planning, draft_plan, plan_in
from tests.api import Program

pytestmark = [pytest.mark.django_db, pytest.mark.clock(FIRST_DAY)]


@pytest.fixture
def cast():
    return build_planning()


def row_of(cast, number: int, **changes) -> dict:
    values = {
        "item": cast.bundles[number].name,
        "mode": "in_person",
        "walker": cast.principal.pk,
        "planned_on": "2023-03-28",
        "place": "县政务大厅",
        "companions_business": 1,
        "companions_technical": 1,
        "questions": "材料能否免提交",
    }
    return values | changes


def test_a_plan_is_written_sent_filed_told_beforehand_and_walked(cast):
    program = Program(cast.liaison)
    [asked] = program.get("/plans/start/").json()["fields"]
    [place] = [one["value"] for one in asked["choices"] if "一件事" in one["label"]]
    plan = program.done("/plans/start/", {"place": place})
    path = f"/plans/{plan['id']}"
    saved = program.done(f"{path}/edit/", {"rows": [row_of(cast, 0), row_of(cast, 1)]})
    assert [one["place"] for one in saved["rows"]] == ["县政务大厅"] * 2
    told = program.get(f"{path}/edit/").json()
    assert [one["name"] for one in told["fields"]][:3] == ["pk", "item", "mode"]
    assert [one["item"] for one in told["rows"]] == [one.name for one in cast.bundles]
    again = [{**told["rows"][1], "remark": "先走"}, told["rows"][0]]
    assert [one["id"] for one in program.done(f"{path}/edit/", {"rows": again})["rows"]] == [
        told["rows"][1]["id"],
        told["rows"][0]["id"],
    ]
    assert program.done(f"{path}/actions/submit/")["state"] == "submitted"
    assert program.get(f"{path}/edit/").status_code == 409
    assert Program(cast.receiving).done(f"{path}/actions/file/", {"note": "同意"})["state"] == "filed"
    first = told["rows"][0]["id"]
    early = program.post(f"{path}/rows/{first}/start/")
    assert (early.status_code, early.json()["rule"]) == (400, "notice")
    program.done(f"{path}/rows/{first}/notice/", {"when": "2023-03-15T09:00"})
    key = "walk"
    walks = [program.post(f"{path}/rows/{first}/start/", key=key).json()["id"] for _ in range(2)]
    assert walks[0] == walks[1]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("x", "应为各行的列表"),
        ([{"mode": "in_person"}], "第 1 行没有填写 item"),
        ([{"item": "甲", "gibt": 1}], "没有名为“gibt”"),
        ([{"item": "甲", "id": 99999}], "不是这份计划的行"),
        ([{"item": "没有的事项"}], "没有这个事项"),
    ],
)
def test_rows_that_cannot_be_read_are_named_and_nothing_is_saved(cast, rows, words):
    plan, program = draft_plan(cast), Program(cast.liaison)
    answer = program.post(f"/plans/{plan.pk}/edit/", {"rows": rows}, version=f'"{plan.version}"')
    assert answer.status_code == 400
    assert words in str(answer.json())
    assert Plan.objects.get(pk=plan.pk).version == plan.version


def test_somebody_else_saved_first(cast):
    plan = draft_plan(cast)
    path, rows = f"/plans/{plan.pk}/edit/", {"rows": [row_of(cast, 0)]}
    seen = Program(cast.liaison).version(path)
    assert Program(cast.principal).post(path, rows, version=seen).status_code == 200
    late = Program(cast.liaison).post(path, rows, version=seen)
    assert (late.status_code, "测试principal" in late.json()["detail"]) == (409, True)


def test_a_plan_is_returned_with_a_reason_by_its_receiver_alone(cast):
    plan = plan_in(cast, "submitted")
    path = f"/plans/{plan.pk}/actions/return/"
    assert Program(cast.liaison).get(path).status_code == 403
    receiver = Program(cast.receiving)
    assert receiver.change(path).json()["fields"] == {"note": "请写明退回原因。"}
    assert receiver.done(path, {"note": "时间写具体些"})["return_reason"] == "时间写具体些"
