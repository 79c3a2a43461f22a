"""Problems told twice are alike, others of the same window are not; results are the same text or not."""

import pytest

from issues.domain.alike import alikeness, is_alike, pairs_of, result_key

SAME = (
    ("窗口未一次性告知所需材料", "窗口人员没有一次性告知需要的材料，跑了两趟"),
    ("窗口排队时间长，叫号慢", "排队等候时间过长，窗口叫号太慢"),
    ("自助打印机缺纸，无法打印证明", "自助打印机没有纸，打印不了证明"),
    ("办事指南列的材料与窗口要求不一致", "窗口要求的材料与办事指南不一致"),
    ("网上申报系统打不开", "“网上申报”系统经常打不开，多次刷新才进入"),
    ("停车位不足", "停车位不足！"),
    ("ＡＰＰ闪退", "app 闪退"),
)
OTHER = (
    ("窗口未一次性告知所需材料", "窗口排队时间过长"),
    ("办事指南列的材料与窗口要求不一致", "办事指南没有写明办理时限"),
    ("自助打印机缺纸", "自助取号机坏了"),
    ("网上申报系统打不开", "网上预约名额太少"),
    ("排队", "窗口排队时间长，叫号慢，没有人引导"),
    ("", ""),
)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_a_problem_told_twice_is_alike(one, other):
    assert is_alike(pairs_of(one), pairs_of(other))
    assert is_alike(pairs_of(other), pairs_of(one))


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_two_problems_of_one_window_are_not_alike(one, other):
    assert not is_alike(pairs_of(one), pairs_of(other))


def test_likeness_goes_from_nothing_to_the_same():
    assert alikeness(pairs_of("甲乙丙"), pairs_of("丁戊己")) is None
    assert alikeness(pairs_of("甲乙丙"), pairs_of("甲乙丙")) == 1
    assert alikeness(pairs_of(""), pairs_of("")) is None


def test_results_of_the_same_words_have_one_key_and_short_ones_none():
    first = result_key("已修订办事指南，并在政务网公开。")
    assert first == result_key("已修订办事指南 并在政务网公开")
    assert first != result_key("已修订办事指南，并在大厅公开。")
    assert result_key("已按要求全部整改到位。") == ""
