"""Below /api/ every answer is JSON, an error met outside the views of the API too: a program reads no page."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import build_cast, issue_in
from tests.tokens import key_for

pytestmark = pytest.mark.django_db


def told(answer) -> dict:
    assert answer["Content-Type"].startswith("application/json")
    said = answer.json()
    assert set(said) == {"detail", "rule", "fields"}
    assert not said["detail"].isascii()
    return said


def caller(user) -> Client:
    return Client(raise_request_exception=False, headers={"Authorization": f"Token {key_for(user)}"})


@pytest.mark.parametrize(
    ("address", "status", "rule"),
    [
        ("/api/v1/issues/?q=%00", 400, "request"),
        ("/api/v1/issues/a%00b/", 404, "absent"),
        ("/api/v1/nowhere/", 404, "absent"),
        ("/api/v2/issues/", 404, "absent"),
    ],
)
def test_what_no_view_of_the_api_answers_is_json_too(address, status, rule):
    answer = caller(build_cast().office).get(address)
    assert (answer.status_code, told(answer)["rule"]) == (status, rule)


def test_a_foreign_host_is_told_so_in_json():
    answer = Client(raise_request_exception=False).get("/api/v1/issues/", HTTP_HOST="elsewhere.example")
    assert (answer.status_code, told(answer)["rule"]) == (400, "request")


def test_a_body_larger_than_a_form_may_be_is_not_read(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    cast = build_cast()
    url = reverse("api-issue-act", kwargs={"number": issue_in(cast, "registered").number, "act": "take"})
    body = '{"note": "' + "字" * 400 + '"}'
    answer = caller(cast.liaison).post(
        url, body.encode(), content_type="application/json", headers={"Idempotency-Key": "k", "If-Match": '"1"'}
    )
    assert (answer.status_code, told(answer)["rule"]) == (413, "size")


def test_a_session_that_is_over_is_refused_and_not_sent_to_the_sign_in_page(settings):
    client, cast = Client(), build_cast()
    client.force_login(cast.office, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["last_seen_at"] = 1
    session.save()
    answer = client.get("/api/v1/issues/")
    assert answer.status_code == 401
    assert client.get("/api/v1/issues/").status_code == 401


def test_a_first_password_that_was_not_changed_is_refused_and_not_sent_to_its_page():
    client, cast = Client(), build_cast()
    client.force_login(cast.office, backend="django.contrib.auth.backends.ModelBackend")
    type(cast.office).objects.filter(pk=cast.office.pk).update(must_change_password=True)
    answer = client.get("/api/v1/issues/")
    assert (answer.status_code, told(answer)["rule"]) == (403, "password")
