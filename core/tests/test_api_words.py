"""What an API answers when the request itself cannot be read: Chinese, in the form of every other refusal."""

import json

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from core.api_schema import is_chinese
from tests.cast import build_cast, issue_in
from tests.tokens import key_for

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("body", ["{", "不是JSON", '{"note": 1', b"\xff\xfe"])
def test_broken_json_is_refused_in_words(body):
    cast = build_cast()
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {key_for(cast.office)}")
    url = reverse("api-issue-act", kwargs={"number": issue_in(cast, "registered").number, "act": "assign"})
    answer = client.post(url, body, content_type="application/json", HTTP_IDEMPOTENCY_KEY="k", HTTP_IF_MATCH='"1"')
    assert answer.status_code == 400
    assert answer.json() == {
        "detail": "提交的内容不是有效的 JSON，没有保存。请检查格式后重新提交。", "rule": "json", "fields": {},
    }  # fmt: skip


def test_a_method_the_address_does_not_take_is_named_in_chinese():
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {key_for(build_cast().office)}")
    answer = client.put("/api/v1/issues/", {}, format="json")
    assert answer.status_code == 405
    assert "PUT" in answer.json()["detail"]
    assert "not allowed" not in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (json.dumps({"note": "长" * 2_000_000}), "application/json"),
        ("&".join(["a=1"] * 10), "application/x-www-form-urlencoded"),
        ("--x\r\n", "multipart/form-data"),
        ("".join(f'--x\r\nContent-Disposition: form-data; name="n{n}"\r\n\r\n1\r\n' for n in range(2100)) + "--x--",
         "multipart/form-data; boundary=x"),
    ],
)  # fmt: skip
def test_what_is_too_long_or_of_another_kind_is_refused_in_words(body, kind):
    cast = build_cast()
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {key_for(cast.office)}")
    url = reverse("api-issue-act", kwargs={"number": issue_in(cast, "registered").number, "act": "assign"})
    answer = client.generic("POST", url, body, content_type=kind, HTTP_IDEMPOTENCY_KEY="k", HTTP_IF_MATCH='"1"')
    assert answer.status_code in (400, 413, 415)
    assert is_chinese(answer.json()["detail"])
