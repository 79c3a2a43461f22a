"""Problems that may be the same are offered to whoever sees them, and merged by picking."""

import pytest
from django.urls import reverse

from issues.domain.duplicates import likely_of
from issues.models import Issue
from issues.tests.acting import send, url_of
from tests.cast import NOON, issue_in, open_walk
from tests.database import without_triggers

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON, tick=True)]


@pytest.fixture
def pair(cast) -> tuple[Issue, Issue]:
    """Two registered issues of one unit, item and class, told in nearly the same words."""
    return issue_in(cast, "registered"), issue_in(cast, "rectifying")


def numbers(found) -> list[str]:
    return [one.number for one in found]


def test_only_issues_of_the_same_unit_item_class_and_campaign_are_offered(cast, pair):
    copy, kept = pair
    assert numbers(likely_of(cast.office, copy)) == [kept.number]
    for change in ({"category": "执法"}, {"item": None}, {"description": "停车位不足"}):
        with without_triggers("issues_issue"):
            Issue.objects.filter(pk=kept.pk).update(**change)
        assert likely_of(cast.office, copy) == [], change
        with without_triggers("issues_issue"):
            values = {"category": copy.category, "item": copy.item, "description": copy.description}
            Issue.objects.filter(pk=kept.pk).update(**values)
    Issue.objects.filter(pk=kept.pk).update(responsible_department=cast.second_unit)
    assert likely_of(cast.office, copy) == []


def test_what_the_reader_does_not_see_is_not_offered(cast, pair):
    copy, kept = pair
    assert numbers(likely_of(cast.lead, copy)) == [kept.number]
    assert likely_of(cast.second_liaison, copy) == []
    assert likely_of(cast.office_other_county, copy) == []


def test_a_draft_like_an_issue_says_so_on_the_walk_and_where_it_is_classed(client, cast, pair):
    walk = open_walk(cast, problems=1)
    client.force_login(cast.liaison)
    for route in ("walk", "walk_complete"):
        page = client.get(reverse(route, args=[walk.pk])).text
        assert "台账上有相近的问题" in page
        assert all(issue.number in page for issue in pair)


def test_the_office_is_offered_what_is_alike_and_merges_by_picking(client, cast, pair):
    copy, kept = pair
    client.force_login(cast.office)
    page = client.get(reverse("issue", args=[copy.number])).text
    assert f"{url_of(copy, 'merge')}?target={kept.number}" in page
    form = client.get(url_of(copy, "merge") + f"?target={kept.number}").context["form"]
    assert [value for value, _ in form.fields["target"].choices] == [kept.number]
    assert form["target"].value() == kept.number
    assert send(client, cast.office, copy, "merge", target=kept.number).status_code == 302
    copy.refresh_from_db()
    assert (copy.state, copy.merged_into) == ("merged", kept)
    told = client.get(reverse("issue", args=[kept.number])).text
    assert f"{copy.number}（{copy.discovering_department.name} {copy.reported_by.label}）" in told


def test_what_is_not_alike_is_found_by_a_search_and_nothing_else_can_be_picked(client, cast, pair):
    copy, kept = pair
    with without_triggers("issues_issue"):
        Issue.objects.filter(pk=kept.pk).update(description="停车位不足", search_text="停车位不足")
    client.force_login(cast.office)
    nothing = client.get(url_of(copy, "merge"))
    assert list(nothing.context["form"].fields["target"].choices) == []
    assert 'form="act-form"' not in nothing.text, "nothing can be chosen, nothing is offered"
    found = client.get(url_of(copy, "merge") + "?q=停车位").context["form"].fields["target"].choices
    assert [value for value, _ in found] == [kept.number]
    assert "没有查到" in client.get(url_of(copy, "merge") + "?q=没有这样的").text
    for wrong in ("QH2022-99999", copy.number):
        assert send(client, cast.office, copy, "merge", target=wrong).status_code == 400
    assert "请选择并入哪一件" in send(client, cast.office, copy, "merge").text


def test_one_query_however_many_are_compared(cast, pair, django_assert_num_queries):
    copy, _ = pair
    likely_of(cast.office, copy)
    for _ in range(2):
        with django_assert_num_queries(1):
            likely_of(cast.office, copy)
        issue_in(cast, "registered")
