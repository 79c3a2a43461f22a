"""Lists of the API by the filters of the pages: the same rows, and what means nothing is refused, never ignored."""

import pytest
from rest_framework.test import APIClient

from issues.filters import LedgerFilter
from plans.tests.test_inbox import plan_of
from tests.cast import NOON, issue_in, open_walk
from walks.forms.walks import WALK_TABS

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON)]


@pytest.fixture
def ask(cast):
    def ask(persona: str, path: str, **params):
        client = APIClient()
        client.force_login(cast.people[persona])
        return client.get(f"/api/v1/{path}/", params)

    return ask


def shown(answer, key: str) -> set:
    assert answer.status_code == 200, answer.json()
    return {row[key] for row in answer.json()["results"]}


def test_issues_by_what_the_ledger_is_filtered_by(cast, ask, client):
    registered, closed = issue_in(cast, "registered"), issue_in(cast, "closed")
    assert shown(ask("office", "issues", tab="open"), "number") == {registered.number}
    assert shown(ask("office", "issues", state="closed", unit=cast.unit.pk), "number") == {closed.number}
    assert shown(ask("office", "issues", q=str(int(closed.number[-5:]))), "number") == {closed.number}
    client.force_login(cast.office)
    for name, one in LedgerFilter.base_filters.items():
        value = next((str(value) for value, _ in one.extra.get("choices", ()) if value), "2022-06-30")
        if name in ("unit", "found_by", "category", "period", "campaign", "carried", "q"):
            continue  # their choices are the reader's
        page = client.get("/issues/", {name: value}).context["page"].total
        assert len(shown(ask("office", "issues", **{name: value}), "number")) == page, name


@pytest.mark.parametrize(
    ("path", "params", "named"),
    [
        ("issues", {"overdu": "1"}, "overdu"),
        ("issues", {"state": "nein"}, "state"),
        ("issues", {"tab": "nein"}, "tab"),
        ("walks", {"since": "gestern"}, "since"),
        ("walks", {"tab": "nein"}, "tab"),
        ("plans", {"state": "nein"}, "state"),
        ("plans", {"period": "2022-06"}, "period"),
        ("departments", {"name": "县民政局"}, "没有查询条件"),
    ],
)
def test_what_means_nothing_is_refused(ask, path, params, named):
    answer = ask("office", path, **params)
    assert answer.status_code == 400
    assert named in answer.json()["detail"] or named in answer.json()["fields"]


def test_walks_and_plans_by_what_their_pages_are_filtered_by(cast, ask):
    walk, plan = open_walk(cast), plan_of(cast)
    assert shown(ask("liaison", "walks", tab="open", mode=walk.mode), "id") == {str(walk.pk)}
    assert shown(ask("liaison", "walks", since="2022-06-09"), "id") == set()
    assert [tab for tab in WALK_TABS if ask("liaison", "walks", tab=tab).status_code != 200] == []
    assert shown(ask("lead", "plans", state="submitted", campaign=cast.campaign.pk), "id") == {plan.pk}
    assert shown(ask("lead", "plans", state="filed"), "id") == set()


def test_an_issue_tells_its_measures_and_what_happened(cast, ask, django_assert_num_queries):
    issue = issue_in(cast, "closed")
    [measure] = ask("office", f"issues/{issue.number}/measures").json()
    assert (measure["text"], measure["percent"]) == ("修订一次性告知单", None)
    told = ask("office", f"issues/{issue.number}/events").json()
    assert [one["action"] for one in told][-2:] == ["request_closing", "approve_closing"]
    assert (told[-1]["label"], told[-1]["to_state"], told[-1]["actor"]) == ("销号", "closed", cast.lead.label)
    client = APIClient()
    client.force_authenticate(cast.office)
    client.get(f"/api/v1/issues/{issue.number}/")
    for path in ("measures", "events"):
        with django_assert_num_queries(2):
            client.get(f"/api/v1/issues/{issue.number}/{path}/")
