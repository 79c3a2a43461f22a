"""What a rubric may say: conduct alone, points that add up to their headings."""

from dataclasses import replace

import pytest

from campaigns.domain.rulebook.rubric import ScorePoint, faults, faults_of, forbidden
from campaigns.domain.rulebook.rulebook import Rulebook, changed, load_template
from campaigns.domain.rulebook.wording import clauses
from campaigns.enums import ScorePer, ScoreRule

L22 = load_template("lantian-2022")
ON = replace(L22.scoring, on=True)
POINT = ScorePoint("执行情况", "按时整改", ScoreRule.OVERDUE, maximum=100, deduction=25)


def test_the_proposal_is_off_and_adds_up_to_40_40_20():
    assert not L22.scoring.on
    assert list(faults(ON)) == []
    sums = {head: sum(one.maximum for one in ON.points if one.head == head) for head in ON.weights}
    assert list(sums.values()) == [400, 400, 200]


def test_points_come_back_from_their_stored_form():
    assert Rulebook.from_data(L22.as_data()).scoring.points == L22.scoring.points


def test_the_closed_list_holds_conduct_alone():
    assert set(ScoreRule.values) == {
        "plan_late", "walk_owed", "head_owed", "walk_short", "report_late", "walk_returned",
        "overdue", "closed_late", "reply_late", "closing_returned", "rebound", "manual",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "rectification_rate",
        "on_time_rate",
        "issues_found",
        "整改率达标",
        "发现问题数",
        "登录次数",
        "上传照片数",
        "销号率",
    ],
)
def test_a_rate_a_count_of_issues_a_log_in_or_an_upload_is_refused_with_its_reason(text):
    assert "不计分" in forbidden(text)
    assert dict(faults_of(replace(POINT, name=text)))["name"] == forbidden(text)
    assert dict(faults_of(replace(POINT, rule=text)))["rule"] == forbidden(text)


@pytest.mark.parametrize("text", ["按时限完成整改", "问题整改及时", "建立健全制度机制", "整改质量"])
def test_words_of_conduct_are_no_rate(text):
    assert forbidden(text) == ""


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({"rule": "unknown"}, "rule"),
        ({"maximum": 0}, "maximum"),
        ({"deduction": 0}, "deduction"),
        ({"deduction": 101}, "deduction"),
        ({"rule": ScoreRule.REBOUND, "per": ScorePer.WORKDAY}, "per"),
        ({"per": "year"}, "per"),
    ],
)
def test_a_point_that_cannot_be_is_told_at_its_field(given, part):
    assert [name for name, _ in faults_of(replace(POINT, **given))] == [part]


def test_a_rubric_that_does_not_add_up_or_names_a_point_twice_is_not_issued():
    twice = replace(ON, points=(*ON.points[:-1], replace(ON.points[-1], name=ON.points[0].name)))
    assert list(faults(twice)) == ["评分项“按时报送体验计划”重复"]
    astray = replace(ON, points=(*ON.points[:-1], replace(ON.points[-1], head="其他")))
    assert list(faults(astray)) == ["评分项所属的“其他”不在考核内容中", "“长效机制建立情况”20 分，所列评分项合计 10 分"]


def test_the_rule_of_a_point_is_told_in_words_while_scoring_is_on():
    assert POINT.words == "整改时限落在本期、截至统计日仍逾期的问题；每件扣 2.5 分，扣完 10 分为止"
    assert "每逾期 1 个工作日（不足 1 个的计 1 个）扣" in replace(POINT, per=ScorePer.WORKDAY).words
    assert [one.heading for one in clauses(L22, "scoring")] == ["考核"]
    on = changed(L22, "scoring", {"on": True})
    assert [one.heading for one in clauses(on, "scoring")] == ["考核", "评分项"]
