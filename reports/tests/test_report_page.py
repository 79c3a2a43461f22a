"""The page of a period: the right figures for the right person, each opening its rows."""

import re
from datetime import timedelta

import pytest

from reports.domain.by_activity import COUNTS
from reports.domain.compile import compile_period, period_in
from reports.domain.figures import RATE_WORDS
from reports.tests.pages import table_rows
from reports.tests.test_compile import NOW
from tests.database import without_triggers
from walks.domain.lifecycle import perform

URL = "/reports/QH2022/2022-06/"
QUERY = {"as_of": "2022-06-25"}
TILE = re.compile(
    r'<div class="stat-label">(?P<label>[^<]+)</div>\s*<div class="stat-value"><a href="(?P<url>[^"]+)"'
    r"[^>]*><span>(?P<value>[^<]+)</span>"
)


def tiles(html: str) -> dict[str, tuple[str, str]]:
    return {match["label"]: (match["value"], match["url"].replace("&amp;", "&")) for match in TILE.finditer(html)}


def page(client, **query) -> str:
    response = client.get(URL, {"as_of": "2022-06-25"} | query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("persona", "expected"),
    [
        ("office", 200),
        ("office_city", 200),
        ("supervisor", 200),
        ("lead", 200),
        ("principal", 200),
        ("liaison", 200),
        ("responsible", 404),
        ("namesake", 404),
        ("office_other_county", 404),
        ("sysadmin", 404),
        ("auditor", 404),
    ],
)
def test_who_may_open_it(sign_in, persona, expected):
    assert sign_in(persona).get(URL).status_code == expected


@pytest.mark.parametrize("period", ["2022-13", "abc", "2021-06"])
def test_a_period_that_cannot_be_asked_is_refused_in_words_and_only_to_who_sees_the_campaign(sign_in, period):
    answer = sign_in("office").get(f"/reports/QH2022/{period}/")
    assert answer.status_code == 400
    assert "无法识别" in answer.text or "不在活动时间" in answer.text
    assert sign_in("office").get(f"/reports/NONE/{period}/").status_code == 404
    assert sign_in("namesake").get(f"/reports/QH2022/{period}/").status_code == 404


@pytest.mark.parametrize("persona", ["office", "lead", "liaison"])
def test_every_tile_opens_as_many_rows_as_it_shows(sign_in, persona):
    client = sign_in(persona)
    found = tiles(page(client))
    assert len(found) == 29
    for label, (value, url) in found.items():
        rows = client.get(url)
        assert rows.status_code == 200
        if label.startswith("减") or value.endswith("%") or value == "—":
            continue
        assert f"共 <b>{value}</b>" in rows.content.decode(), label


@pytest.mark.parametrize("persona", ["office", "lead", "liaison"])
def test_every_number_by_kind_of_activity_opens_its_rows(sign_in, persona):
    client = sign_in(persona)
    shown = {row["name"]: row for row in client.get(URL, QUERY).context["activity_rows"]}
    assert ("跟执法" in shown) == (persona == "office")
    assert shown["走流程"]["sessions"] == 2
    for row in shown.values():
        for key in COUNTS:
            answer = client.get(row[f"{key}_url"])
            assert answer.context["page"].total == row[key], (row["name"], key)
            assert row["name"] in answer.context["heading"]
    assert client.get(f"{URL}rows/sessions/?activity=none").status_code == 404


def test_the_office_sees_every_unit_in_fixed_order_and_the_silent_ones_marked(sign_in):
    rows = table_rows(page(sign_in("office")), "unit-table")
    assert [row[1] for row in rows[2:]] == ["县公安局", "县民政局", "县司法局", "县行政审批局", "合计"]
    assert [row[-1] for row in rows[2:]] == ["—", "—", "未开展", "未开展", "—"]
    assert set(rows[4][2:-1]) == {"—"}


def test_a_unit_sees_its_own_line_headed_as_such(sign_in):
    html = page(sign_in("liaison"))
    assert "本单位（县民政局）" in html
    assert "县公安局" not in html
    assert tiles(html)["发现问题"][0] == "8"


def test_a_rate_says_what_it_is_made_of(sign_in):
    html = page(sign_in("office"))
    for label, definition in RATE_WORDS.values():
        assert label in html
        assert definition in html
    assert tiles(html)["整改率"][0] == "44.4%"
    assert "4 ÷ 9" in html


def test_a_rate_without_a_denominator_is_a_dash(sign_in):
    response = sign_in("office").get("/reports/QH2022/2022-08/")
    assert tiles(response.content.decode())["整改率"][0] == "—"


def test_a_day_that_cannot_be_read_is_said_and_today_taken(sign_in):
    html = sign_in("office").get(URL, {"as_of": "昨天"}).content.decode()
    assert "统计日“昨天”无法识别" in html


def test_what_changed_since_it_was_compiled_is_named(world, sign_in):
    period = period_in(world.cast.campaign, "2022-06")
    summary = compile_period(campaign=world.cast.campaign, period=period, actor=world.cast.office, now=NOW)
    html = page(sign_in("office"))
    assert summary.digest[:8] in html
    assert "此后没有变动" in html
    walk = world.cast.campaign.walks.get(walker=world.cast.deputy)
    perform(walk=walk, action="send_back", actor=world.cast.lead, now=NOW, data={"reason": "请补材料"})
    changed = page(sign_in("supervisor"))
    assert "汇总后有变动" in changed
    assert "活动次数 3 → 2" in changed


def test_another_day_of_judging_is_no_change(world, sign_in):
    period = period_in(world.cast.campaign, "2022-06")
    compile_period(campaign=world.cast.campaign, period=period, actor=None, now=NOW - timedelta(days=1))
    assert "此后没有变动" in page(sign_in("office"))
    compile_period(campaign=world.cast.campaign, period=period, actor=None, now=NOW + timedelta(days=30))
    html = page(sign_in("office"))
    assert "下面按更早的统计日统计，不与这一版比较" in html
    assert "各版汇总（2 版）" in html


@pytest.mark.parametrize(
    ("persona", "offered"), [("office", True), ("office_city", False), ("supervisor", False), ("lead", False)]
)
def test_only_the_office_of_its_own_level_is_offered_to_compile(sign_in, persona, offered):
    assert ('action="/reports/QH2022/2022-06/compile/"' in page(sign_in(persona))) is offered


@pytest.mark.parametrize(
    ("persona", "status"), [("supervisor", 403), ("liaison", 403), ("namesake", 404), ("office_other_county", 404)]
)
def test_nobody_else_compiles_by_hand_written_request(sign_in, persona, status):
    assert sign_in(persona).post(f"{URL}compile/").status_code == status


def test_pressing_twice_leads_to_the_same_job(sign_in):
    client = sign_in("office")
    first, second = (client.post(f"{URL}compile/") for _ in range(2))
    assert first.status_code == 302
    assert first["Location"] == second["Location"]
    assert client.get(first["Location"]).status_code == 200


@pytest.mark.parametrize("walks", [1, 3])
def test_the_page_costs_a_fixed_number_of_queries(world, sign_in, walks, django_assert_num_queries):
    if walks == 1:
        with without_triggers("walks_walk"):
            world.cast.campaign.walks.exclude(walker=world.cast.deputy).update(state="cancelled")
    client = sign_in("office")
    client.get(URL)
    # Walk and user, scope with its subtree, campaign, rules four times, seven of the table, four by kind of activity,
    # 零报告, summary, publications, unread.
    with django_assert_num_queries(25):
        client.get(URL)
