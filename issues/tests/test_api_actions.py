"""The API ends in the same domain calls as the pages, with the same answers."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from core.exceptions import OWN
from issues.domain.transitions import TABLE
from issues.forms.actions import ACTION_FORMS
from issues.models import IssueEvent
from tests.cast import PASSWORD, issue_in
from tests.tokens import key_for

pytestmark = pytest.mark.django_db


def caller(user) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {key_for(user)}")
    return client


def act(user, issue, action, body=None, *, key="key-1", version=None, **headers):
    url = reverse("api-issue-act", kwargs={"number": issue.number, "act": action})
    headers = {"Idempotency-Key": key, "If-Match": f'"{version or issue.version}"'} | headers
    client = caller(user)
    if action == "approve_closing":
        client = APIClient()
        client.force_login(user)
    return client.post(url, {"password": PASSWORD, **(body or {})}, format="json", headers=headers)


def test_every_action_of_the_table_but_the_systems_own_has_a_form():
    assert {row.action for row in TABLE} - set(ACTION_FORMS) == {"register"}


def test_an_issue_read_gives_its_version_as_etag_and_masks_the_phone(cast):
    issue = issue_in(cast, "rectifying")
    response = caller(cast.office).get(reverse("api-issue-detail", args=[issue.number]))
    assert response["ETag"] == f'"{issue.version}"'
    assert response.json()["contact_phone"] == "138****1111"


@pytest.mark.parametrize(
    ("state", "action", "persona", "body", "target"),
    [
        ("rectifying", "defer", "office", {"note": "需省级改造", "review_on": "DUE"}, "deferred"),
        ("rectifying", "refer", "office", {"referred_to": "市民政局"}, "referred"),
        ("deferred", "resume", "office", {}, "rectifying"),
        ("closed", "look_back_pass", "office", {"note": "抽查无误"}, "verified"),
        ("closed", "look_back_fail", "principal_of_other", {"note": "仍未改", "due_on": "DUE"}, None),
        ("closed", "look_back_fail", "office", {"note": "仍未改", "due_on": "DUE"}, "rectifying"),
        ("closing", "approve_closing", "lead", {"note": "属实"}, "closed"),
        (
            "planning",
            "plan",
            "liaison",
            {"responsible_name": "张三", "measures": "1.改\n2.查", "due_on": "DUE"},
            "rectifying",
        ),
    ],
)
def test_actions_outside_the_pages_work_through_the_api(cast, state, action, persona, body, target):
    from_today = str(_soon())
    issue = issue_in(cast, state)
    body = {name: from_today if value == "DUE" else value for name, value in body.items()}
    user = cast.namesake if persona == "principal_of_other" else cast.people[persona]
    response = act(user, issue, action, body)
    if target is None:
        assert response.status_code == 404
        return
    assert response.status_code == 200, response.json()
    assert response.json()["state"] == target
    assert response["ETag"] == f'"{issue.version + 1}"'


def _soon():
    return timezone.localdate() + timedelta(days=20)


def test_dismissing_takes_two_people(cast):
    issue = issue_in(cast, "registered")
    assert act(cast.office, issue, "dismiss").status_code == 409
    assert act(cast.office, issue, "propose_dismissal", {"note": "重复"}, key="k2").status_code == 200
    issue.refresh_from_db()
    assert act(cast.office, issue, "dismiss", key="k3").status_code == 403
    assert act(cast.office_second, issue, "dismiss", key="k4").json()["state"] == "dismissed"


def test_merging_keeps_both_numbers(cast):
    first, second = issue_in(cast, "registered"), issue_in(cast, "registered")
    assert act(cast.office, second, "merge", {"target": first.number}).json()["state"] == "merged"
    second.refresh_from_db()
    assert second.merged_into == first


def test_the_same_key_gives_the_first_answer_and_one_event(cast):
    issue = issue_in(cast, "closing")
    before = IssueEvent.objects.count()
    answers = [act(cast.lead, issue, "approve_closing", {"note": "属实"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [answer["Idempotent-Replay"] for answer in answers] == ["false", "true"]
    assert IssueEvent.objects.count() == before + 1
    again = act(cast.lead, issue, "approve_closing", key="k2")
    assert (again.status_code, f"已由{OWN}于" in again.json()["detail"]) == (409, True)


def test_the_same_key_with_another_body_is_refused(cast):
    issue = issue_in(cast, "closing")
    act(cast.lead, issue, "approve_closing", {"note": "好"})
    assert act(cast.lead, issue, "approve_closing", {"note": "不好"}).status_code == 422


def test_a_stale_version_is_refused_naming_who_changed_it(cast):
    issue = issue_in(cast, "closing")
    response = act(cast.lead, issue, "approve_closing", {"note": "属实"}, version=issue.version - 1)
    assert response.status_code == 409
    assert cast.responsible.name in response.json()["detail"]
    assert response.json()["rule"] == "issue.version"


def test_an_illegal_step_names_its_rule(cast):
    response = act(cast.office, issue_in(cast, "closed"), "assign", {"department": cast.unit.pk})
    assert response.status_code == 409
    assert response.json()["rule"] == "issue.assign"


@pytest.mark.parametrize("header", ["Idempotency-Key", "If-Match"])
def test_a_missing_header_is_refused_in_words(cast, header):
    issue = issue_in(cast, "closing")
    response = act(cast.lead, issue, "approve_closing", **{header: ""})
    assert response.status_code == 400
    assert header in response.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        {"measures": "x" * 5000},
        {"due_on": "2022-13-45"},
        {"responsible_person": 99999999},
        {"due_on": {"a": 1}},
        {"due_on": ["2022-06-20", "x"]},
    ],
)
def test_bad_input_is_a_400_in_words_and_changes_nothing(cast, body):
    issue = issue_in(cast, "planning")
    response = act(cast.liaison, issue, "plan", body)
    assert response.status_code == 400
    assert response.json()["fields"]
    issue.refresh_from_db()
    assert issue.state == "planning"


def test_control_signs_and_lone_surrogates_never_reach_the_ledger(cast):
    issue = issue_in(cast, "planning")
    body = {"measures": "MARK", "responsible_name": "张三", "due_on": str(_soon())}
    raw = json.dumps(body).replace("MARK", r"a\u0000b\ud800")
    url = reverse("api-issue-act", kwargs={"number": issue.number, "act": "plan"})
    headers = {"Idempotency-Key": "k", "If-Match": f'"{issue.version}"'}
    response = caller(cast.liaison).post(url, raw, content_type="application/json", headers=headers)
    assert response.status_code == 200, response.json()
    assert issue.measures.get().text == "ab\ufffd"


@pytest.mark.parametrize("raw", ["[1, 2]", '"text"', "null", "{", '{"note": 1e999}'])
def test_a_body_that_is_no_object_is_a_400(cast, raw):
    issue = issue_in(cast, "closing")
    url = reverse("api-issue-act", kwargs={"number": issue.number, "act": "return_closing"})
    headers = {"Idempotency-Key": "k", "If-Match": '"1"'}
    response = caller(cast.lead).post(url, raw, content_type="application/json", headers=headers)
    assert response.status_code in (400, 409)
    assert json.loads(response.content)["detail"]


def test_a_unit_of_another_county_does_not_exist_for_an_assignment(cast):
    issue = issue_in(cast, "registered")
    response = act(cast.lead, issue, "assign", {"department": cast.namesake_unit.pk})
    assert response.status_code == 400
    assert "department" in response.json()["fields"]


def test_the_list_costs_the_same_for_one_and_for_three(cast, django_assert_num_queries):
    issue_in(cast, "registered")
    client = caller(cast.office)
    # Once an hour a token notes that it is used.
    client.get(reverse("api-issue-list"))
    with django_assert_num_queries(4):
        assert len(client.get(reverse("api-issue-list")).json()["results"]) == 1
    for _ in range(2):
        issue_in(cast, "closing")
    with django_assert_num_queries(4):
        assert len(client.get(reverse("api-issue-list")).json()["results"]) == 3


def test_the_schema_describes_the_actions_and_needs_a_sign_in(cast):
    assert APIClient().get(reverse("api-schema")).status_code == 401
    schema = caller(cast.office).get(reverse("api-schema"), {"format": "json"}).content.decode()
    assert "/api/v1/issues/{number}/actions/{act}/" in schema
    assert "Idempotency-Key" in schema
