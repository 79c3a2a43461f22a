"""Two sides beside each other: versions of one period, and of two periods that count rows of their own. Pure."""

from datetime import date

from reports.domain.comparison import FROZEN, ComparedSide, compare

DATA = dict.fromkeys(FROZEN, 0) | {"units_not_reported": [], "units": []}


def side(period: str, *numbers: str, state: str = "整改中", **figures) -> ComparedSide:
    issues = {number: {"unit": "县民政局", "day": "2022-06-08", "state": state} for number in numbers}
    rows = {"walks": {number: {"unit": "县民政局", "day": "2022-06-08"} for number in numbers}, "issues": issues}
    return ComparedSide(f"{period}第 1 版", period, date(2022, 7, 22), DATA | figures, rows, {"month-report": period})


def test_in_one_period_a_row_of_one_side_only_is_a_difference():
    found = compare(side("2022-06", "甲-1"), side("2022-06", "甲-1", "甲-2"))
    assert [one.key for one in found.rows if one.kind == "issues"] == ["甲-2"]
    assert (found.alone, found.papers) == ("", [])


def test_of_two_periods_only_figures_and_the_rows_of_both_are_compared():
    june, july = side("2022-06", "甲-1", "甲-2", issues_found=2), side("2022-07", "甲-3", issues_found=1)
    found = compare(june, july)
    assert (found.rows, found.papers) == ([], None)
    assert [(one.before, one.after, one.step) for one in found.figures if one.figure.key == "issues_found"] == [
        (2, 1, "-1")
    ]
    assert found.alone == (
        "仅前者计入体验 2 次、问题 2 个，仅后者计入体验 1 次、问题 1 个，两者都计入体验 0 次、问题 0 个"
    )
    quarter = side("2022Q2", "甲-1", "甲-9", state="已销号")
    assert [one.words for one in compare(june, quarter).rows] == ["问题 甲-1：状态 整改中 → 已销号"]
