"""The ledger page: what stands in the address decides what is listed."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils.html import escape

from issues.models import Issue
from tests.cast import AUTUMN, NOON, county_with, reported_walk

pytestmark = [pytest.mark.django_db, pytest.mark.clock(AUTUMN)]
STATES = ("registered", "assigned", "disputed", "planning", "rectifying", "deferred", "referred", "closing", "closed")

CONDITIONS = [
    ("state=closing", {"closing"}),
    ("state=open", set(STATES) - {"closed"}),
    ("state=done", {"closed", "verified"}),
    ("state=assigned&category=业务办理", {"assigned"}),
    ("category=执法", set()),
    ("source=walk&state=planning", {"planning"}),
    ("source=hotline", set()),
    ("period=2022-06&state=planning", {"planning"}),
    ("period=2022-07", set()),
    ("campaign=QH2022&state=planning", {"planning"}),
    ("due_from=2022-06-28&due_to=2022-06-28&state=rectifying", {"rectifying"}),
    ("due_to=2022-06-27", set()),
    ("due_from=2022-06-29&due_to=2030-01-01", set()),
    ("overdue=1", {"assigned", "disputed", "rectifying"}),
    ("tab=overdue", {"assigned", "disputed", "rectifying"}),
    ("overdue=0&state=open", {"registered", "planning", "deferred", "referred", "closing"}),
    ("tab=open", set(STATES) - {"closed"}),
    ("tab=closing", {"closing"}),
    ("tab=closed", {"closed", "verified"}),
    ("tab=closed&state=closing", set()),
    ("tab=due", set()),
]
MEANINGLESS = [
    "state=nonsense",
    "unit=999999",
    "unit=1 OR 1=1",
    "due_from=2022-02-30",
    "due_to=yesterday",
    "overdue=maybe",
    "period=2022-13",
    "source=' --",
    "campaign=XX",
    "tab=secret",
    "sort=password",
    "page=abc",
    "after=forged",
    "before=forged",
    "q=" + "长" * 101,
]


@pytest.fixture
def county(db, clock):
    return county_with((*STATES, "verified"))


@pytest.fixture
def cast(county):
    return county[0]


@pytest.fixture
def ledger(county):
    """{state: issue}, one in each state, all of June 2022."""
    return county[1]


def get(client, user, query: str = ""):
    client.force_login(user)
    response = client.get(f"{reverse('issues')}?{query}")
    assert response.status_code == 200
    return response


def listed(client, user, query: str = "") -> list[str]:
    """Numbers of the rows, in the order of the page."""
    return [row["number"] for row in get(client, user, query).context["page"].rows]


def numbers(*issues) -> set[str]:
    return {issue.number for issue in issues}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("persona", "query", "queries"),
    [
        ("office", "", 12),
        ("office", "cols=measures&sort=-updated_at&state=open&q=jh", 13),
        ("liaison", "", 11),
        ("lead", "tab=mine", 11),
        ("supervisor", "tab=overdue", 12),
    ],
)
def test_the_number_of_queries_does_not_follow_the_rows(
    client, db, clock, django_assert_num_queries, rows, persona, query, queries
):
    cast, _ = county_with((*STATES, *("rectifying",) * rows))
    user = cast.people[persona]
    get(client, user)  # the first request of a login writes the session
    with django_assert_num_queries(queries):
        client.get(f"{reverse('issues')}?{query}")


@pytest.mark.both_databases
def test_newest_numbers_come_first_and_each_row_has_an_anchor_and_a_way_back(client, cast, ledger):
    response = get(client, cast.office, "state=open&sort=-found_on")
    assert listed(client, cast.office) == sorted(numbers(*ledger.values()), reverse=True)
    html = response.content.decode()
    number = ledger["rectifying"].number
    assert f'id="i-{number}"' in html
    url = re.search(rf'href="(/issues/{number}/[^"]*)"', html)[1].replace("&amp;", "&")
    back = client.get(url).context["back_url"]
    assert back == f"/issues/?state=open&sort=-found_on#i-{number}"


@pytest.mark.both_databases
def test_each_condition_lists_exactly_the_rows_it_names(client, cast, ledger, subtests):
    for query, states in CONDITIONS:
        with subtests.test(query):
            assert set(listed(client, cast.office, query)) == numbers(*(ledger[state] for state in states))


def test_units_filter_by_responsible_and_by_discovering_unit(client, cast, ledger):
    theirs = numbers(ledger["assigned"], ledger["disputed"])
    assert set(listed(client, cast.office, f"unit={cast.second_unit.pk}")) == theirs
    assert set(listed(client, cast.office, f"found_by={cast.unit.pk}")) == numbers(*ledger.values())
    assert listed(client, cast.office, f"found_by={cast.second_unit.pk}") == []


@time_machine.travel(datetime(2022, 12, 15, 4, tzinfo=UTC), tick=True)
@pytest.mark.both_databases
def test_due_this_month_lists_running_issues_of_the_month(client, cast, ledger):
    first, end = date(2022, 12, 1), date(2022, 12, 31)
    for state, due in (("rectifying", first), ("closing", end), ("assigned", end + timedelta(days=1)), ("closed", end)):
        Issue.objects.filter(pk=ledger[state].pk).update(due_on=due)
    assert set(listed(client, cast.office, "tab=due")) == numbers(ledger["rectifying"], ledger["closing"])


@pytest.mark.both_databases
def test_every_sortable_column_sorts_both_ways_with_undated_rows_last_in_time(client, cast, ledger, subtests):
    for key in ("number", "found_on", "due_on", "state", "updated_at"):
        with subtests.test(key):
            up, down = listed(client, cast.office, f"sort={key}"), listed(client, cast.office, f"sort=-{key}")
            assert up == down[::-1]
            assert set(up) == numbers(*ledger.values())
    undated = listed(client, cast.office, "sort=due_on")[-2:]
    assert set(undated) == numbers(ledger["registered"], ledger["planning"])


def test_a_value_that_means_nothing_is_ignored_and_said(client, cast, ledger, subtests):
    for query in MEANINGLESS:
        with subtests.test(query):
            response = get(client, cast.office, query)
            assert len(response.context["page"].rows) == len(ledger)
            [note] = response.context["notes"]
            assert escape(note) in response.content.decode()


def test_a_unit_of_another_county_does_not_exist_as_a_choice_nor_as_a_value(client, cast, ledger):
    response = get(client, cast.office, f"unit={cast.namesake_unit.pk}")
    assert len(response.context["notes"]) == 1
    assert f'<option value="{cast.namesake_unit.pk}"' not in response.content.decode()
    city = get(client, cast.office_city, f"unit={cast.namesake_unit.pk}")
    assert city.context["notes"] == []
    assert "白石县 · 县民政局" in city.content.decode()


def test_what_each_person_finds_is_their_scope(client, cast, ledger):
    everything = numbers(*ledger.values())
    for persona in ("principal", "liaison", "lead", "office", "office_city", "supervisor"):
        assert set(listed(client, cast.people[persona])) == everything, persona
    assert set(listed(client, cast.second_liaison)) == numbers(ledger["assigned"], ledger["disputed"])
    for persona in ("namesake", "office_other_county", "sysadmin", "secadmin", "auditor"):
        assert listed(client, cast.people[persona]) == [], persona


@pytest.mark.both_databases
def test_tabs_count_what_they_list_and_nothing_else(client, cast, ledger):
    for persona in ("office", "liaison", "lead", "second_liaison", "supervisor"):
        user = cast.people[persona]
        for tab in get(client, user).context["tabs"]:
            if tab["count"] is not None:
                assert len(listed(client, user, tab["url"][1:])) == int(tab["count"] or 0), (persona, tab["label"])
    assert "等我办" not in [tab["label"] for tab in get(client, cast.supervisor).context["tabs"]]


def test_a_tab_counts_no_further_than_ninety_nine(client, cast):
    reported_walk(cast, problems=101)
    tabs = {tab["label"]: tab["count"] for tab in get(client, cast.liaison).context["tabs"]}
    assert tabs["等我办"] == "99+"


def test_phones_are_masked_and_chosen_columns_are_shown(client, cast, ledger):
    html = get(client, cast.office, "cols=phone&cols=measures&state=rectifying").content.decode()
    assert "138****1111" in html
    assert "13800001111" not in html
    assert "修订一次性告知单" in html
    assert 'data-label="分类"' not in html


def test_a_changed_date_shows_the_first_one_and_a_provisional_one_says_so(client, cast, ledger):
    Issue.objects.filter(pk=ledger["rectifying"].pk).update(due_on=date(2022, 7, 9), due_provisional=True)
    html = get(client, cast.office, "state=rectifying").content.decode()
    assert "2022-07-09" in html
    assert "首次 2022-06-28" in html
    assert "暂定" in html
    assert "逾期 39 个工作日" in html


def test_drafts_never_reach_the_ledger(client, cast):
    reported_walk(cast, problems=2)
    draft = Issue.objects.create(
        campaign=cast.campaign,
        region=cast.county,
        discovering_department=cast.unit,
        lead_department=cast.lead_unit,
        reported_by=cast.principal,
        description="草稿",
        found_on=NOON.date(),
        period="2022-06",
        search_text="草稿",
    )
    for persona in ("principal", "office", "lead", "supervisor"):
        response = get(client, cast.people[persona], "q=草稿")
        assert response.context["page"].total == 0
    assert draft.state == "draft"


def test_an_empty_ledger_says_how_it_fills_and_an_empty_search_how_to_get_out(client, cast):
    assert "台账里还没有问题" in get(client, cast.office_other_county).content.decode()
    assert "没有符合条件的问题" in get(client, cast.office, "q=无此内容").content.decode()
