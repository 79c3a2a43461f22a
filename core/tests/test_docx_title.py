"""Titles break into lines of about equal length, at meaning: no word, name, number, date or bracket is broken."""

import pytest

from core.docx_title import title_lines

NAMES = ("青禾县", "抚河市", "湘河市", "县政务服务局")


@pytest.mark.parametrize(
    ("title", "most", "lines"),
    [
        ("青禾县工作总结", 20, ["青禾县工作总结"]),
        ("县政务服务局“一把手”走流程专项报告", 20, ["县政务服务局“一把手”走流程专项报告"]),
        (
            "关于对青禾县“一把手走流程”活动2022年6月有关单位的通报批评", 20,
            ["关于对青禾县“一把手走流程”活动", "2022年6月有关单位的通报批评"],
        ),
        (
            "关于抚河市持续开展换位体验改进和优化公共服务流程工作2016年第2季度开展情况的通报", 20,
            ["关于抚河市持续开展换位体验", "改进和优化公共服务流程工作", "2016年第2季度开展情况的通报"],
        ),
        (
            "牡河市进一步做好“一把手走流程”工作2018年7月3日—2018年7月20日情况统计表", 29,
            ["牡河市进一步做好“一把手走流程”工作", "2018年7月3日—2018年7月20日情况统计表"],
        ),
        (
            "湘河市“走流程、解难题、优服务”行动2022年第23周工作总结", 20,
            ["湘河市“走流程、解难题、优服务”行动", "2022年第23周工作总结"],
        ),
        (
            "关于一件事一次办行动2018年7月3日—2018年7月20日开展情况的通报", 20,
            ["关于一件事一次办行动", "2018年7月3日—2018年7月20日", "开展情况的通报"],
        ),
        # Words nobody named, longer than a line: nothing is lost.
        ("甲" * 45, 20, ["甲" * 15] * 3),
        ("“" + "甲" * 40, 20, ["“" + "甲" * 13, "甲" * 14, "甲" * 13]),
    ],
)  # fmt: skip
def test_its_lines_are_even_and_end_at_meaning(title, most, lines):
    found = title_lines(title, most, NAMES)
    assert (found, "".join(found)) == (lines, title)
