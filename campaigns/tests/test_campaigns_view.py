"""The list of campaigns."""

from datetime import date

import pytest

from campaigns.domain.lifecycle import create_campaign

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
URL = "/campaigns/"


def another(region, code):
    made, _ = create_campaign(
        template="lantian-2022",
        code=code,
        name=f"活动{code}",
        region_name=region.name,
        region=region,
        start=date(2023, 1, 1),
        end=date(2023, 12, 31),
    )
    return made


def codes(answer):
    return [row["code"] for row in answer.context["rows"]]


def test_a_person_sees_the_campaigns_of_his_county_newest_first(client, cast):
    another(cast.county, "QH2023")
    another(cast.other_county, "BS2023")
    client.force_login(cast.liaison)
    answer = client.get(URL)
    assert codes(answer) == ["QH2023", "QH2022"]
    assert [row["units"] for row in answer.context["rows"]] == [4, 4]


def test_the_city_sees_those_of_every_county_below(client, cast):
    another(cast.other_county, "BS2023")
    client.force_login(cast.office_city)
    assert codes(client.get(URL)) == ["BS2023", "QH2022"]


def test_an_administrator_sees_none(client, cast):
    client.force_login(cast.sysadmin)
    answer = client.get(URL)
    assert codes(answer) == []
    assert "还没有活动" in answer.text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_one_row_and_three(client, cast, rows, django_assert_num_queries):
    for number in range(1, rows):
        another(cast.county, f"QH{number}")
    client.force_login(cast.liaison)
    client.get(URL)
    with django_assert_num_queries(5):
        assert len(codes(client.get(URL))) == rows
