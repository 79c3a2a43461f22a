"""Words of ledgers, and lists in one cell."""

import pytest

from ledgers.domain.walkers import capacity_of, read_person
from ledgers.domain.words import read_look_back, read_source, read_struck_off, split_points


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("1.更换叫号机\n2.安排引导员", ["更换叫号机", "安排引导员"]),
        ("①更换取号机②更新指南", ["更换取号机", "更新指南"]),
        ("1.取号机坏；2.指南旧", ["取号机坏", "指南旧"]),
        ("（1）甲\n（2）乙", ["甲", "乙"]),
        ("甲\n乙\n", ["甲", "乙"]),
        ("总的：\n1、甲\n2、乙", ["总的：", "甲", "乙"]),
        ("时限由 1.5 天改为 2.0 天", ["时限由 1.5 天改为 2.0 天"]),
        ("甲，乙。", ["甲，乙"]),
        ("", []),
    ],
)
def test_the_points_of_a_cell(text, points):
    assert split_points(text) == points


@pytest.mark.parametrize(
    ("text", "told"),
    [
        *[("是", (True, False)), ("已销号", (True, False)), ("否", (False, False)), ("", (False, False))],
        *[("未销号", (False, False)), ("整改中", (False, False)), ("已整改", (False, True)), ("也许", None)],
    ],
)
def test_struck_off_or_not(text, told):
    assert read_struck_off(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        *[
            ("通过", "passed"),
            ("6月7日抽查，整改到位", "passed"),
            ("未通过：仍排队", "failed"),
            ("整改不到位", "failed"),
        ],
        *[("有反弹", "failed"), ("无反弹", "failed"), ("", ""), ("未开展", ""), ("待定", None)],
    ],
)
def test_what_a_look_back_found(text, told):
    assert read_look_back(text) == told


@pytest.mark.parametrize(
    ("text", "source"),
    [("", "walk"), ("走流程（体验）", "walk"), ("12345", "hotline"), ("暗访", "visit"), ("巡察", None)],
)
def test_where_a_problem_comes_from(text, source):
    assert read_source(text) == source


def test_a_title_beside_a_name_says_the_capacity():
    assert read_person("甲某（局长）") == ("甲某", "局长")
    assert [capacity_of(title) for title in ("局长", "副局长", "科长", "")] == ["principal", "deputy", "other", "other"]
