"""What the rules of a notice say of one walk: who walks, who comes along, covert or not."""

from types import SimpleNamespace

import pytest

from campaigns.domain.rulebook.rulebook import changed, load_template
from walks.domain.delegation import companion_kinds, companions_fault, covert_fault, delegation_fault

M18, W23, L22 = (load_template(name) for name in ("mudanjiang-2018", "wushen-2023", "lantian-2022"))


def item(*, must: bool = False, reason: str = ""):
    return SimpleNamespace(name="结婚登记", must_walk_in_person=must, in_person_reason=reason)


def test_a_covert_walk_with_one_companion_is_refused_with_the_reason():
    assert companions_fault(M18, companions={"other": 1}, is_covert=True) == "暗访不安排陪同人员（现填 1 人）。"
    assert companions_fault(L22, companions={"other": 1}, is_covert=True) == "暗访不安排陪同人员（现填 1 人）。"
    assert companions_fault(M18, companions={"other": 1}, is_covert=False) == "本活动不安排陪同人员（现填 1 人）。"


@pytest.mark.parametrize(
    ("companions", "fault"),
    [
        ({}, ""),
        ({"business": 1}, ""),
        ({"business": 1, "technical": 1}, ""),
        ({"business": 2}, "政务服务业务人员最多 1 人（现填 2 人）。"),
        ({"business": 1, "technical": 1, "other": 1}, "本活动陪同人员最多 2 人（现填 3 人）。"),
        ({"other": 1}, "其他陪同人员最多 0 人（现填 1 人）。"),
    ],
)
def test_wushen_allows_one_of_each_of_two_kinds(companions, fault):
    assert companions_fault(W23, companions=companions, is_covert=False) == fault


def test_where_the_notice_is_silent_anybody_may_come_along():
    assert companions_fault(L22, companions={"other": 9}, is_covert=False) == ""
    assert companion_kinds(L22, is_covert=False) == ["business", "technical", "other"]
    assert companion_kinds(W23, is_covert=False) == ["business", "technical"]
    assert companion_kinds(L22, is_covert=True) == companion_kinds(M18, is_covert=False) == []


@pytest.mark.parametrize("reason", ["important", "core", "strong_public"])
def test_a_flagged_item_refuses_a_deputy_and_quotes_the_clause(reason):
    fault = delegation_fault(M18, capacity="deputy", item=item(must=True, reason=reason), reason="many_items")
    assert set(fault) == {"item"}
    assert "须由主要负责同志本人体验，不得委托" in fault["item"]
    assert "重要的、涉及核心职能的以及群众反映强烈的审批事项，一把手必须亲身体验" in fault["item"]
    assert delegation_fault(M18, capacity="principal", item=item(must=True, reason=reason), reason="") == {}


@pytest.mark.parametrize(
    ("template", "clause"),
    [
        ("mudanjiang-2018", "一1 重要的、涉及核心职能的以及群众反映强烈的审批事项，一把手必须亲身体验"),
        ("fushun-2016", "二（三）领导干部要带头深入服务窗口、走进工作一线；三（一）由一把手负总责"),
        ("wushen-2023", "三 因事项较多或时间跨度较大，可以安排分管负责同志接替"),
        ("lantian-2022", "一（二）涉及事项较多的单位，可委托分管负责同志代为体验部分事项"),
        ("hunan-2022", "省税务局三：“一把手”走流程的第一责任人是各级税务机关的主要负责人"),
    ],
)
def test_every_notice_is_quoted_when_a_flagged_item_refuses_a_deputy(template, clause):
    rules = load_template(template)
    fault = delegation_fault(rules, capacity="deputy", item=item(must=True), reason="many_items")["item"]
    assert f"通知规定：{clause}。" in fault
    assert ("须本人体验的事项由统筹办列定" in fault) == (template != "mudanjiang-2018")


def test_a_clause_the_office_changed_is_not_quoted_any_more():
    rules = changed(W23, "walking", {"delegation_reasons": ("many_items",)})
    fault = delegation_fault(rules, capacity="deputy", item=item(must=True), reason="many_items")["item"]
    assert fault.endswith("不得委托。委托规则由统筹办设定。须本人体验的事项由统筹办列定。")


def test_other_items_need_a_reason_the_notice_knows():
    fault = delegation_fault(W23, capacity="deputy", item=item(), reason="")
    assert fault == {"delegation_reason": "由分管负责同志体验的，请选择委托理由：事项较多、时间跨度较大。"}
    assert delegation_fault(W23, capacity="deputy", item=item(), reason="long_span") == {}
    assert set(delegation_fault(L22, capacity="deputy", item=item(), reason="long_span")) == {"delegation_reason"}
    assert delegation_fault(L22, capacity="deputy", item=item(), reason="many_items") == {}


def test_where_the_date_is_told_beforehand_nothing_is_covert():
    assert covert_fault(W23) == "本活动要求体验前报备，不采用暗访。"
    assert covert_fault(M18) == covert_fault(L22) == ""
