"""Walks of others at the own windows: the visited unit knows of them once they are reported, and of no more."""

import io

import openpyxl
import pytest
from django.urls import reverse

from catalogue.models import ServiceItem
from issues.domain import lifecycle
from issues.domain.hosted import hosted_walks_visible_to
from issues.models import Issue
from tests.cast import NOON, covert_walk, open_walk, reported_walk
from walks.models import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON)]


@pytest.fixture
def abroad(cast):
    """From now on the principal walks at the windows of the second unit."""
    cast.item = ServiceItem.objects.create(department=cast.second_unit, name="居住证办理")
    return cast


def of(user) -> list:
    return list(hosted_walks_visible_to(user).values_list("item_name", "handed"))


@pytest.mark.both_databases
def test_a_walk_at_the_windows_of_another_unit_is_seen_by_both_once_it_is_reported(abroad, client):
    open_walk(abroad)
    covert_walk(abroad)
    assert of(abroad.second_liaison) == []
    walk, [first, _] = reported_walk(abroad, problems=2, proposed=abroad.second_unit)
    assert of(abroad.second_liaison) == [("居住证办理", 0)]
    lifecycle.perform(
        issue=first, action="assign", actor=abroad.lead, data={"department": abroad.second_unit}, now=NOON
    )
    assert of(abroad.second_liaison) == [("居住证办理", 1)]
    for persona in ("principal", "lead", "office", "namesake", "responsible", "supervisor", "sysadmin"):
        assert of(abroad.people[persona]) == [], persona
    client.force_login(abroad.second_liaison)
    page = client.get(reverse("walks_here")).text
    assert all(words in page for words in ("居住证办理", "县民政局", "测试principal", "交本单位的问题 1 件"))
    assert client.get(reverse("walk", args=[walk.pk])).status_code == 404
    reported_walk(abroad, problems=1, proposed=abroad.second_unit)
    shown = client.get(reverse("walks_here"), {"tab": "ours"}).context
    assert ([tab["count"] for tab in shown["tabs"]], shown["page"].total) == ([2, 1], 1)


def test_a_walk_at_the_own_windows_is_no_walk_of_others(cast):
    reported_walk(cast)
    assert of(cast.liaison) == []


def test_the_list_leaves_as_a_file_as_it_is_shown(abroad, client):
    reported_walk(abroad, problems=1, proposed=abroad.second_unit)
    client.force_login(abroad.second_liaison)
    answer = client.get(reverse("walks_here_export"))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    cells = [cell.value for line in book.active.iter_rows() for cell in line if cell.value]
    assert {"县民政局", "居住证办理", "测试principal"} <= set(cells)


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_whatever_it_holds(abroad, client, number, django_assert_num_queries):
    for _ in range(number):
        reported_walk(abroad, problems=1, proposed=abroad.second_unit)
    client.force_login(abroad.second_liaison)
    client.get(reverse("walks_here"))
    assert (Walk.objects.count(), Issue.objects.count()) == (number, number)
    with django_assert_num_queries(9):
        assert client.get(reverse("walks_here")).context["page"].total == number
