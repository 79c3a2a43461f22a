"""What counts as an activity of L22: four 环节 of 走流程、坐窗口, three of 跟执法 and of 处投诉 (二（一）至（三）)."""

from datetime import date

import pytest

from campaigns.domain.rulebook.rulebook import load_template
from walks.domain.requirements import NotedStep, component_statuses, links_met, shortfall

L22 = load_template("lantian-2022")
DAY, MAY, JUNE, APRIL = date(2022, 6, 8), date(2022, 5, 12), date(2022, 6, 1), date(2022, 4, 30)
STAGE = NotedStep("", DAY)
DESK = NotedStep("approval_desk", DAY)
MEETING = NotedStep("discussion_meeting", DAY)


def checks(number: int) -> list[NotedStep]:
    return [NotedStep("business_check", DAY, item_id=place) for place in range(number)]


def callbacks(number: int, *, served_on: date | None = MAY, is_valid: bool = True) -> list[NotedStep]:
    return [NotedStep("service_callback", DAY, served_on=served_on, is_valid=is_valid) for _ in range(number)]


def lacks(done, kind="process_walkthrough") -> str:
    return shortfall(L22.activity_of(kind), kind, done)


def test_all_four_links_make_an_activity():
    assert lacks([STAGE, DESK, *checks(2), *callbacks(3), MEETING]) == ""


def test_two_valid_callbacks_are_one_too_few():
    assert lacks([STAGE, DESK, *checks(2), *callbacks(2), MEETING]) == "完成 3/4 个环节（有效回访 2/3 个）"


@pytest.mark.parametrize("more", [callbacks(1, served_on=JUNE), callbacks(1, served_on=APRIL),
                                  callbacks(1, is_valid=False), callbacks(1, served_on=None)])  # fmt: skip
def test_a_callback_counts_only_when_reached_and_served_the_month_before(more):
    assert "有效回访 2/3 个" in lacks([STAGE, DESK, *checks(2), *callbacks(2), *more, MEETING])


def test_in_january_the_month_before_is_december():
    called = [NotedStep("service_callback", date(2023, 1, 9), served_on=date(2022, 12, 31), is_valid=True)] * 3
    assert lacks([STAGE, DESK, *checks(3), *called, MEETING]) == ""


@pytest.mark.parametrize(
    ("number", "words"), [(1, "业务检查 1/2 项"), (4, "业务检查 4 项，最多 3 项"), (0, "业务检查 0/2 项")]
)
def test_two_or_three_items_are_checked(number, words):
    assert lacks([STAGE, DESK, *checks(number), *callbacks(3), MEETING]) == f"完成 3/4 个环节（{words}）"


def test_the_same_item_checked_twice_is_one_item():
    assert "业务检查 1/2 项" in lacks([STAGE, DESK, *checks(1), *checks(1), *callbacks(3), MEETING])


def test_both_sides_of_the_counter_make_the_first_link():
    assert lacks([STAGE, *checks(2), *callbacks(3), MEETING]) == "完成 3/4 个环节（坐窗口 0/1 次）"
    assert lacks([STAGE, *checks(2), *callbacks(3), MEETING], "window_duty") == "完成 3/4 个环节（走流程 0/1 次）"


def test_everything_missing_is_named():
    assert lacks([]) == (
        "完成 0/4 个环节（走流程 0/1 次、坐窗口 0/1 次；业务检查 0/2 项；有效回访 0/3 个；座谈交流 0/1 次）"
    )


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("enforcement_ride_along", ["enforcement_check", "enforcement_case", "case_file_review"]),
        ("complaint_handling", ["hotline_desk", "hotline_study", "hotline_case"]),
    ],
)
def test_riding_along_and_handling_complaints_have_three_links_each(kind, codes):
    done = [NotedStep(code, DAY) for code in codes]
    assert lacks(done, kind) == ""
    assert lacks([STAGE, *done[:2]], kind).startswith("完成 2/3 个环节（")


def test_a_notice_without_links_asks_for_none():
    m18 = load_template("mudanjiang-2018")
    assert shortfall(m18.activity_of("process_walkthrough"), "process_walkthrough", []) == ""
    assert shortfall(None, "process_walkthrough", []) == ""


def test_the_figure_tells_how_many_are_wanted():
    found = component_statuses(L22.activity_of("process_walkthrough"), "process_walkthrough", [STAGE, *checks(1)])
    assert [one.figure for one in found] == ["1/1 次", "0/1 次", "1/2—3 项", "0/3 个", "0/1 次"]
    assert links_met(found) == 0
