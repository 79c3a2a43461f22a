"""Which version of the rules the setup page shows, and what issuing another one changes of the due dates."""

from datetime import date, timedelta

import pytest
import time_machine

from campaigns.domain.lifecycle import amend, edit_rules, issue, token_of
from campaigns.domain.rulebook.due_rule import Due
from campaigns.domain.setup import working_version
from campaigns.enums import DueWay
from campaigns.tests.setup_page import DRAFT, TODAY, drafted

pytestmark = [pytest.mark.django_db, pytest.mark.clock(TODAY)]
QH = "/campaigns/QH2022/"


@pytest.fixture
def office(client, cast):
    client.force_login(cast.office)
    return client


def amended(cast, group="reporting", **values):
    amend(campaign=cast.campaign, effective_on=date(2022, 9, 1), reason="改", actor=cast.office, today=TODAY.date())
    seen = token_of(working_version(cast.campaign)[1], group)
    edit_rules(campaign=cast.campaign, group=group, values=values, actor=cast.office, seen=seen)


def moved(client) -> list[tuple]:
    return [
        (one.line.kind, one.line.code, str(one.was), str(one.now))
        for one in client.get(f"{QH}issue/").context["changes"]
    ]


def test_a_version_to_come_says_so_and_which_one_holds_today(office, cast):
    first = "下面是第 1 版规则，自活动开始起施行。"
    assert first in office.get(f"{QH}setup/").text
    assert "今天适用" not in office.get(f"{QH}setup/").text
    amended(cast, "cadence", minimum=3)
    assert "下面是正在调整的第 2 版规则，尚未印发。<strong>今天适用第 1 版</strong>" in office.get(f"{QH}setup/").text
    issue(campaign=cast.campaign, actor=cast.office, now=TODAY)
    page = office.get(f"{QH}setup/").text
    assert "每月至少体验 3 次" in page
    assert "下面是第 2 版规则，自 2022年9月1日起施行。<strong>今天适用第 1 版</strong>" in page
    assert f'<a href="{QH}rules/">看第 1 版</a>' in page
    campaign = office.get(f"{QH}rules/").text
    assert 'id="rules"' in campaign
    assert "每月至少体验 1 次" in campaign


def test_from_its_day_the_version_shown_is_the_one_that_holds(office, cast):
    amended(cast, "cadence", minimum=3)
    issue(campaign=cast.campaign, actor=cast.office, now=TODAY)
    with time_machine.travel(TODAY + timedelta(days=90), tick=False):
        office.force_login(cast.office)
        page = office.get(f"{QH}setup/").text
    assert "下面是第 2 版规则，自 2022年9月1日起施行。</p>" in page


def test_a_new_campaign_has_no_version_to_tell_of(office, cast):
    drafted(cast)
    assert "shown-version" not in office.get(f"{DRAFT}setup/").text


def test_before_issuing_an_amendment_the_dates_that_move_stand_first(office, cast):
    amended(cast, due=Due(DueWay.MONTH_DAY, n=24))
    found = moved(office)
    assert found[:2] == [
        ("report", "2022-09", "2022-09-20", "2022-09-24"),
        ("report", "2022-10", "2022-10-20", "2022-10-24"),
    ]
    assert {kind for kind, *_ in found} == {"report"}
    page = office.get(f"{QH}issue/").text
    assert page.index("变动的期限") < page.index("最近的期限")
    assert '2022-09-20</span> → <strong class="nowrap">2022-09-24 星期六</strong>' in page


def test_a_date_that_goes_and_one_that_comes_are_told_too(office, cast):
    amended(cast, summary_due=Due())
    assert moved(office)[0] == ("summary", "2022-09", "2022-09-22", "None")
    assert '取消，原为 <span class="nowrap">2022-09-22</span>' in office.get(f"{QH}issue/").text


def test_rules_that_move_no_date_say_so(office, cast):
    amended(cast, "cadence", minimum=3)
    assert moved(office) == []
    assert "各项期限的日期都不变。" in office.get(f"{QH}issue/").text
    drafted(cast)
    assert "变动的期限" not in office.get(f"{DRAFT}issue/").text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_before_issuing_costs_the_same_for_one_date_and_three(office, cast, rows, django_assert_num_queries):
    amended(cast, due=Due(DueWay.MONTH_DAY, n=24))
    keep = list(cast.campaign.deadlines.order_by("due_on").values_list("pk", flat=True)[:rows])
    cast.campaign.deadlines.exclude(pk__in=keep).delete()
    office.get(f"{QH}issue/")
    with django_assert_num_queries(25):
        office.get(f"{QH}issue/")
