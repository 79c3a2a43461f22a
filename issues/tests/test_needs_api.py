"""Needs through the API: the rows of the page by its filters."""

from datetime import date

import pytest

from campaigns.domain.lifecycle import create_campaign
from core.personal_data import mask_all
from issues.domain.needs import lifecycle
from issues.models import Need
from issues.tests.needing import needs_on
from tests.cast import NOON
from tests.database import without_triggers

URL = "/api/v1/needs/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client, cast):
    def login(persona: str):
        client.force_login(cast.people[persona], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return login


def contents(answer) -> list[str]:
    return [one["content"] for one in answer.json()["results"]]


def test_the_filters_are_those_of_the_page(cast, signed_in):
    own, other, done = needs_on(cast, "希望周六开窗", "希望网上预约", "希望延时服务，联系 13912345678")
    named = {"department": cast.second_unit, "reply_by": date(2022, 7, 1)}
    lifecycle.perform(need=other, action="assign", actor=cast.lead, data=named, now=NOON)
    lifecycle.perform(need=done, action="reply", actor=cast.liaison, data={"reply": "已采纳"}, now=NOON)
    everything = [own.content, mask_all(done.content), other.content]
    elsewhere, _ = create_campaign(
        template="mudanjiang-2018",
        code="M18",
        name="走流程",
        region_name="青禾县",
        start=date(2022, 6, 1),
        end=date(2022, 6, 15),
        region=cast.county,
    )
    with without_triggers("issues_need"):
        Need.objects.filter(pk=other.pk).update(campaign=elsewhere)
    for persona, asked, expected in (
        ("office", {}, everything),
        ("office", {"tab": "open", "campaign": "QH2022", "subject": "citizen"}, [own.content]),
        ("office", {"campaign": "M18"}, [other.content]),
        ("office", {"department": cast.second_unit.pk}, [other.content]),
        ("office", {"tab": "replied", "department": cast.unit.pk}, [mask_all(done.content)]),
        ("liaison", {"tab": "mine"}, [own.content]),
        ("second_liaison", {}, [other.content]),
        ("responsible", {}, []),
        ("namesake", {}, []),
    ):
        assert contents(signed_in(persona).get(URL, asked)) == expected, (persona, asked)


def test_one_need_is_read_with_its_dates_and_only_by_who_sees_it(cast, signed_in):
    [need] = needs_on(cast, "希望周六开窗")
    shown = signed_in("lead").get(f"{URL}{need.public_id}/").json()
    assert (shown["id"], shown["campaign"], shown["state"], shown["late"]) == (
        str(need.public_id),
        "QH2022",
        "unanswered",
        "",
    )
    assert (shown["department_name"], shown["reply_by"], shown["found_by"]) == ("县民政局", "2022-06-29", "县民政局")
    assert signed_in("namesake").get(f"{URL}{need.public_id}/").status_code == 404


@pytest.mark.parametrize(
    ("persona", "asked", "words"),
    [
        ("office", {"q": "周六"}, "没有名为“q”的查询条件，可用的有：campaign、department、subject、tab。"),
        ("office", {"subject": "nobody"}, "查询条件有误"),
        ("supervisor", {"tab": "mine"}, "查询条件有误"),
    ],
)
def test_what_cannot_be_asked_is_said_in_words(cast, signed_in, persona, asked, words):
    needs_on(cast, "希望周六开窗")
    answer = signed_in(persona).get(URL, asked)
    assert answer.status_code == 400
    assert words in answer.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(cast, signed_in, rows, django_assert_num_queries):
    needs_on(cast, *(f"希望{number}" for number in range(rows)))
    client = signed_in("lead")
    with django_assert_num_queries(8):
        assert len(client.get(URL).json()["results"]) == rows
