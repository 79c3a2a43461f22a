"""The rubric is edited on the page of rules, in the version that is being drafted."""

import pytest

from campaigns.domain.setup import working_version
from campaigns.tests.setup_page import DRAFT, TODAY, drafted, press

pytestmark = [pytest.mark.django_db, pytest.mark.clock(TODAY)]
PAGE = f"{DRAFT}rules/scoring/"


@pytest.fixture
def office(client, cast):
    client.force_login(cast.office)
    client.campaign = drafted(cast)
    return client


def scoring(campaign):
    return working_version(campaign)[1].scoring


def test_switching_on_keeps_the_points_and_a_line_is_changed_and_added(office):
    answer = press(
        office,
        PAGE,
        on="on",
        p11_maximum="7.5",
        p12_head="2",
        p12_name="举一反三",
        p12_rule="rebound",
        p12_maximum="2.5",
        p12_deduction="0.5",
    )
    assert "“考核”已保存。" in answer.text
    found = scoring(office.campaign)
    assert (found.on, len(found.points)) == (True, 13)
    assert (found.points[11].maximum, found.points[12].deduction) == (75, 5)
    assert found.points[12].head == "长效机制建立情况"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"p0_rule": "rectification_rate"}, "按整改率等比率评分，不能采用"),
        ({"p0_rule": "issues_found"}, "按问题数量评分，不能采用"),
        ({"p0_rule": "else"}, "没有这种评分规则"),
        ({"p11_name": "登录次数"}, "登录次数不计分"),
        ({"p0_maximum": "0"}, "分值应大于 0"),
        ({"p0_deduction": None}, "每次扣分应大于 0"),
        ({"p3_per": "workday"}, "没有期限，不能按工作日扣分"),
        ({"p1_name": "按时报送体验计划"}, "“按时报送体验计划”重复了"),
        ({"p0_head": "5"}, "所选的考核内容没有名称"),
    ],
)
def test_what_cannot_be_scored_is_refused_in_words_and_nothing_is_saved(office, given, words):
    answer = press(office, PAGE, **given)
    assert answer.status_code == 400
    assert words in answer.text
    assert not scoring(office.campaign).on


def test_a_notice_without_a_rubric_shows_the_proposal_and_stores_it_only_when_switched_on(client, cast):
    campaign = drafted(cast, "fushun-2016")
    client.force_login(cast.office)
    assert "所列为参考方案" in client.get(PAGE).text
    press(client, PAGE)
    assert scoring(campaign).points == ()
    press(client, PAGE, on="on")
    assert len(scoring(campaign).points) == 12
