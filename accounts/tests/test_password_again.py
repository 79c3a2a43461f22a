"""The password asked again, the brake on guessing it, the last five barred, sessions that end and stay ended."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.test import Client
from django.urls import reverse

from accounts.domain.people import disable_user, enable_user
from accounts.models import OldPassword, User
from core.idempotency import new_key
from tests.cast import NOON, PASSWORD, issue_in
from tests.tokens import key_for

pytestmark = pytest.mark.django_db
PASSWORD_PAGE = "/password/"


@pytest.fixture
def signed(client, cast):
    """The liaison, signed in through the page."""
    client.post(reverse("login"), {"username": "liaison", "password": PASSWORD})
    return client


def change(client, old: str, new: str):
    return client.post(PASSWORD_PAGE, {"old_password": old, "new_password1": new, "new_password2": new})


def strike_off(client, issue, **data):
    posted = {"version": issue.version, "idempotency_key": new_key(), "note": "核对无误", **data}
    return client.post(f"/issues/{issue.number}/approve_closing/", posted)


@pytest.mark.clock(NOON)
def test_a_session_ends_ten_hours_after_the_sign_in_however_busy(signed, clock):
    for _ in range(39):  # every quarter of an hour, so never idle
        clock.shift(timedelta(minutes=15))
        assert signed.get("/notices/").status_code == 200
    clock.shift(timedelta(minutes=15, seconds=1))
    answer = signed.get("/notices/", follow=True)
    assert answer.redirect_chain[0][0].startswith(reverse("login"))
    assert "登录已满 10 小时" in answer.text


def test_sessions_and_tokens_of_a_disabled_account_do_not_come_back(signed, cast):
    token = key_for(cast.liaison)
    disable_user(user=cast.liaison, actor=cast.secadmin)
    assert signed.get("/notices/").status_code == 302
    enable_user(user=cast.liaison, actor=cast.secadmin)
    assert signed.get("/notices/").status_code == 302
    assert Client().get("/api/v1/walks/", headers={"Authorization": f"Token {token}"}).status_code == 401
    assert Client().post(reverse("login"), {"username": "liaison", "password": PASSWORD}).status_code == 302


def test_no_token_opens_the_api_until_the_first_password_is_changed(cast):
    headers = {"Authorization": f"Token {key_for(cast.liaison)}"}
    assert Client().get("/api/v1/walks/", headers=headers).status_code == 200
    User.objects.filter(pk=cast.liaison.pk).update(must_change_password=True)
    answer = Client().get("/api/v1/walks/", headers=headers)
    assert (answer.status_code, "修改密码" in answer.json()["detail"]) == (401, True)


def test_the_last_five_passwords_are_barred_and_the_sixth_is_free_again(signed, cast):
    used = [PASSWORD, *(f"Xin-mima-{n}!" for n in range(2022, 2026))]
    for old, new in pairwise(used):
        assert change(signed, old, new).status_code == 302
    for barred in used:
        answer = change(signed, used[-1], barred)
        assert (answer.status_code, "最近 5 次用过" in answer.text) == (200, True), barred
    assert change(signed, used[-1], "Di-liu-ge-2022").status_code == 302
    assert change(signed, "Di-liu-ge-2022", PASSWORD).status_code == 302
    assert OldPassword.objects.filter(user=cast.liaison).count() == 4


def test_guessing_the_old_password_is_braked_as_the_sign_in_is(signed):
    for _ in range(4):
        assert "旧密码不正确" in change(signed, "nein", "Xin-mima-2022").text
    assert change(signed, "nein", "Xin-mima-2022").status_code == 429
    assert change(signed, PASSWORD, "Xin-mima-2022").status_code == 429


def test_striking_off_asks_the_password_each_time_and_keeps_what_was_typed(client, cast):
    first, second = issue_in(cast, "closing"), issue_in(cast, "closing")
    client.force_login(cast.lead)
    for password in ("", "nein"):
        answer = strike_off(client, first, password=password)
        assert (answer.status_code, "核对无误" in answer.text) == (400, True)
    answer = strike_off(client, first, password=PASSWORD)
    assert answer.status_code == 302
    assert strike_off(client, second).status_code == 400
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("closed", "closing")


def test_a_right_password_takes_the_count_of_wrong_ones_back(client, cast):
    client.force_login(cast.lead)
    for _ in range(2):
        issue = issue_in(cast, "closing")
        for _ in range(4):
            assert strike_off(client, issue, password="nein").status_code == 400
        assert strike_off(client, issue, password=PASSWORD).status_code == 302


def test_the_api_asks_the_same_password_and_counts_wrong_ones(cast):
    issue = issue_in(cast, "closing")
    url = reverse("api-issue-act", kwargs={"number": issue.number, "act": "approve_closing"})
    person = Client()
    person.force_login(cast.lead)

    def act(password: str, client=person, **more):
        headers = {"Idempotency-Key": new_key(), "If-Match": f'"{issue.version}"'} | more
        body = {"note": "属实"} | ({"password": password} if password else {})
        return client.post(url, body, content_type="application/json", headers=headers)

    # A program has no password to be asked for: no token strikes off, whatever it says.
    never = act(PASSWORD, Client(), Authorization=f"Token {key_for(cast.lead)}")
    assert (never.status_code, never.json()["rule"]) == (403, "token.never")
    assert "password" in act("").json()["fields"]
    assert [act("nein").status_code for _ in range(5)] == [400] * 4 + [429]
    locked = act(PASSWORD)
    assert (locked.status_code, locked.json()["rule"]) == (429, "locked")
    issue.refresh_from_db()
    assert issue.state == "closing"
