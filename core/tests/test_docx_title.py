"""Titles break into lines of about equal length, and neither a date nor a number is broken."""

import pytest

from core.docx_title import _lines, narrower_by


@pytest.mark.parametrize(
    ("title", "most", "lines"),
    [
        ("青禾县工作总结", 20, ["青禾县工作总结"]),
        (
            "关于对青禾县“一把手走流程”活动2022年6月有关单位的通报批评", 20,
            ["关于对青禾县“一把手走流程”活动", "2022年6月有关单位的通报批评"],
        ),
        (
            "关于抚河市持续开展换位体验改进和优化公共服务流程工作2016年第2季度开展情况的通报", 20,
            ["关于抚河市持续开展换位体验改进和优", "化公共服务流程工作2016年第2季度", "开展情况的通报"],
        ),
        (
            "牡河市进一步做好“一把手走流程”工作2018年7月3日—2018年7月20日情况统计表", 29,
            ["牡河市进一步做好“一把手走流程”工作2018年7月3日—", "2018年7月20日情况统计表"],
        ),
    ],
)  # fmt: skip
def test_its_lines_are_even_and_keep_dates_whole(title, most, lines):
    assert _lines(title, most - narrower_by(title, most)) == lines
