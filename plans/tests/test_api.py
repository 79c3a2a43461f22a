"""Plans through the API: the same rows as on the pages, no walk among them."""

import pytest

from plans.tests.planning import FIRST_DAY, build_planning, draft_plan, plan_in, row

pytestmark = [pytest.mark.django_db, pytest.mark.clock(FIRST_DAY)]
URL = "/api/v1/plans/"


@pytest.fixture
def cast():
    return build_planning()


def test_a_plan_comes_with_its_rows_and_names_no_walk(client, cast):
    plan = plan_in(cast, "filed")
    client.force_login(cast.receiving)
    [shown] = client.get(URL).json()["results"]
    assert (shown["id"], shown["campaign"], shown["state"]) == (plan.pk, "W23", "filed")
    assert [(one["order"], one["planned_on"]) for one in shown["rows"]] == [(1, "2023-03-28"), (2, "2023-03-28")]
    assert "walk" not in shown["rows"][0]


def test_a_draft_is_the_units_own(client, cast):
    plan = draft_plan(cast)
    for persona, number in (("liaison", 1), ("receiving", 0), ("office", 0)):
        client.force_login(cast.people[persona])
        assert len(client.get(URL).json()["results"]) == number
    assert client.get(f"{URL}{plan.pk}/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_row_and_three(client, cast, rows, django_assert_num_queries):
    draft_plan(cast, [row(cast) for _ in range(rows)])
    client.force_login(cast.liaison)
    client.get(URL)
    with django_assert_num_queries(6):
        client.get(URL)
