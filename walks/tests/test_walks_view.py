"""The list of walks."""

from datetime import timedelta

import pytest

from core import listing
from core.templatetags.ui import cndate
from tests.cast import NOON, open_walk, reported_walk
from walks.domain import lifecycle, lists
from walks.enums import WalkState

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
URL = "/walks/"


def listed(answer):
    return [row["id"] for row in answer.context["page"].rows]


def counts(answer):
    return {tab["label"]: tab["count"] for tab in answer.context["tabs"]}


def test_each_tab_lists_as_many_walks_as_it_says(client, cast):
    open_walk(cast)
    open_walk(cast, mode="online")
    reported_walk(cast)
    client.force_login(cast.liaison)
    answer = client.get(URL)
    assert counts(answer) == {"进行中": 2, "待签字": 0, "待报送": 0, "已报送": 1, "全部": 3}
    for tab, number in {"open": 2, "sign": 0, "report": 0, "reported": 1, "all": 3}.items():
        assert len(listed(client.get(URL, {"tab": tab}))) == number


def test_the_lead_sees_a_walk_from_the_moment_it_is_reported(client, cast):
    hidden = open_walk(cast)
    shown, _ = reported_walk(cast)
    client.force_login(cast.lead)
    answer = client.get(URL)
    assert listed(answer) == [str(shown.pk)]
    assert counts(answer) == {"待接收": 1, "已接收": 0, "全部": 1}
    assert str(hidden.pk) not in client.get(URL, {"tab": "all"}).text


def test_pages_found_by_their_place_keep_the_order(client, cast, monkeypatch):
    monkeypatch.setattr(listing, "DEEPEST_NUMBERED", 1)
    monkeypatch.setattr(lists, "PER_PAGE", 2)
    opened = [str(open_walk(cast, now=NOON - timedelta(hours=hours)).pk) for hours in range(6)]
    client.force_login(cast.liaison)
    last = client.get(URL, {"page": "last"})
    assert listed(last) == opened[-2:]
    middle = client.get(URL + client.get(URL).context["page"].next_url)
    assert listed(middle) == opened[2:4]
    third = client.get(URL + middle.context["page"].next_url)
    back = client.get(URL + third.context["page"].prev_url)
    assert "before=" in third.context["page"].prev_url
    assert listed(back) == opened[2:4]


@pytest.mark.parametrize("persona", ["namesake", "second_liaison", "responsible", "sysadmin", "office_other_county"])
def test_others_see_no_walk_and_no_count(client, cast, persona):
    open_walk(cast)
    reported_walk(cast)
    client.force_login(cast.people[persona])
    answer = client.get(URL, {"tab": "all"})
    assert listed(answer) == []
    assert set(counts(answer).values()) == {0}


def test_filters_stand_in_the_address_and_narrow_list_and_counts_alike(client, cast):
    paper, online = open_walk(cast), open_walk(cast, mode="online")
    client.force_login(cast.liaison)
    answer = client.get(URL, {"mode": "online"})
    assert listed(answer) == [str(online.pk)]
    assert counts(answer)["进行中"] == 1
    assert "mode=online" in answer.context["tabs"][0]["url"]
    assert listed(client.get(URL, {"since": "2022-06-09"})) == []
    assert sorted(listed(client.get(URL, {"until": "2022-06-08"}))) == sorted([str(paper.pk), str(online.pk)])


@pytest.mark.parametrize(("text", "found"), [("结婚", 1), ("jhdj", 1), ("测试principal", 1), ("民政", 1), ("公安", 0)])
def test_text_looks_in_item_unit_and_walker(client, cast, text, found):
    open_walk(cast)
    client.force_login(cast.liaison)
    assert len(listed(client.get(URL, {"q": text}))) == found


def test_mine_lists_only_what_waits_for_this_hand(client, cast):
    walk = open_walk(cast)
    client.force_login(cast.deputy)
    assert listed(client.get(URL, {"tab": "open"})) == [str(walk.pk)]
    assert listed(client.get(URL, {"tab": "open", "mine": "1"})) == []
    client.force_login(cast.liaison)
    assert listed(client.get(URL, {"tab": "open", "mine": "1"})) == [str(walk.pk)]


def test_a_value_that_is_no_choice_is_left_out_and_said(client, cast):
    walk = open_walk(cast)
    client.force_login(cast.liaison)
    answer = client.get(
        URL, {"mode": "by_drone", "since": "昨天", "tab": "nowhere", "page": "x", "department": "999999"}
    )
    assert answer.status_code == 200
    assert listed(answer) == [str(walk.pk)]
    assert "体验形式" in answer.text
    assert "已忽略" in answer.text


def test_the_newest_comes_first_and_the_list_goes_on_over_pages(client, cast):
    for _ in range(21):
        newest = open_walk(cast)
    lifecycle.set_waiting(walk=newest, waiting=True, actor=cast.principal, now=NOON)
    client.force_login(cast.liaison)
    first = client.get(URL)
    assert len(listed(first)) == 20
    second = client.get(URL + first.context["page"].next_url)
    assert len(listed(second)) == 1
    assert set(listed(first)).isdisjoint(listed(second))
    assert cndate(newest.walk_date) in first.text


def test_an_empty_list_says_what_to_do(client, cast):
    client.force_login(cast.principal)
    assert "选一个事项、一种形式" in client.get(URL).text
    client.force_login(cast.supervisor)
    assert "没有可以查看的体验" in client.get(URL).text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(client, cast, rows, django_assert_num_queries):
    for _ in range(rows):
        open_walk(cast)
    client.force_login(cast.liaison)
    client.get(URL)
    with django_assert_num_queries(8):
        assert len(listed(client.get(URL))) == rows


def test_a_cancelled_walk_is_kept_under_all(client, cast):
    walk = open_walk(cast)
    lifecycle.perform(walk=walk, action="cancel", actor=cast.principal, data={"reason": "窗口停办"}, now=NOON)
    client.force_login(cast.liaison)
    assert listed(client.get(URL)) == []
    assert listed(client.get(URL, {"tab": "all"})) == [str(walk.pk)]
    assert WalkState.CANCELLED.label in client.get(URL, {"tab": "all"}).text
