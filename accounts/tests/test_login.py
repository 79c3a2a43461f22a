"""Signing in, being locked out, the idle screen, the first password."""

import pytest
from axes.models import AccessAttempt
from django.urls import reverse

from accounts.domain.sessions import SEEN
from accounts.models import User
from core.models import AuditEntry
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


def sign_in(client, username="liaison", password=PASSWORD, **extra):
    return client.post(reverse("login"), {"username": username, "password": password}, **extra)


def test_the_right_password_leads_home_with_a_new_session(cast, client):
    client.get(reverse("login"))
    response = sign_in(client)
    assert response.status_code == 302
    assert response.url == reverse("home")


def test_a_wrong_name_and_a_wrong_password_get_the_same_words(cast, client):
    wrong_password = sign_in(client, password="nein").content.decode()
    wrong_name = sign_in(client, username="nobody", password="nein").content.decode()
    assert "用户名或密码不正确" in wrong_password
    assert "用户名或密码不正确" in wrong_name


@pytest.mark.both_databases
def test_a_name_longer_than_any_account_gets_the_same_words_and_is_recorded_nowhere(cast, client):
    answer = sign_in(client, username="长" * 300)
    assert (answer.status_code, "用户名或密码不正确" in answer.text) == (200, True)
    assert not AccessAttempt.objects.exists()


def test_a_disabled_account_cannot_sign_in(cast, client):
    assert "用户名或密码不正确" in sign_in(client, username="disabled").content.decode()


def test_five_wrong_passwords_lock_this_account_from_this_address_only(cast, client):
    for _ in range(5):
        response = sign_in(client, password="nein")
    assert response.status_code == 429
    assert sign_in(client).status_code == 429
    assert sign_in(client, REMOTE_ADDR="10.1.2.3").status_code == 302
    assert sign_in(client, username="principal").status_code == 302


def test_an_idle_session_ends_and_says_so(cast, client, settings):
    sign_in(client)
    client.get(reverse("notices"))
    session = client.session
    session[SEEN] -= settings.SESSION_IDLE_SECONDS + 1
    session.save()
    response = client.get(reverse("notices"))
    assert response.status_code == 302
    assert response.url.startswith(reverse("login"))


def test_a_first_password_must_be_changed_before_anything_else(cast, client):
    User.objects.filter(pk=cast.liaison.pk).update(must_change_password=True)
    sign_in(client)
    assert client.get(reverse("notices")).url == reverse("password")
    new = "Xin-mima-2022"
    data = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post(reverse("password"), data).status_code == 302
    assert client.get(reverse("notices")).status_code == 200


@pytest.mark.parametrize("new", ["short1A!", "onlysmallletters", "123456789012"])
def test_a_plain_new_password_is_refused_in_words(cast, client, new):
    sign_in(client)
    data = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    response = client.post(reverse("password"), data)
    assert response.status_code == 200
    assert "密码" in response.content.decode()


def test_signed_in_pages_are_never_stored_by_a_shared_cache(cast, client):
    sign_in(client)
    assert client.get(reverse("notices"))["Cache-Control"] == "private, no-store"


def test_a_sign_in_leaves_an_audit_entry_with_its_address(cast, client):
    sign_in(client, REMOTE_ADDR="10.9.8.7")
    entry = AuditEntry.objects.get(action="user.signed_in")
    assert (entry.actor_id, entry.ip) == (cast.liaison.pk, "10.9.8.7")


def entries(*actions: str) -> list[tuple]:
    rows = AuditEntry.objects.filter(action__in=actions).order_by("seq")
    return list(rows.values_list("action", "actor_label", "object_key", "detail", "ip"))


def test_wrong_passwords_stand_in_the_audit_until_the_account_is_locked(cast, client):
    for _ in range(7):
        sign_in(client, password="nein", REMOTE_ADDR="10.9.8.7")
    failed = [("user.sign_in_failed", "未登录", "liaison", {"failures": n}, "10.9.8.7") for n in range(1, 5)]
    locked = ("user.locked_out", "未登录", "liaison", {"failures": 5}, "10.9.8.7")
    assert entries("user.sign_in_failed", "user.locked_out") == [*failed, locked]


def test_what_was_typed_for_an_account_that_does_not_exist_is_not_kept(cast, client):
    sign_in(client, username="Mein-Passwort-2022", password="nein")
    assert [row[2] for row in entries("user.sign_in_failed")] == ["（没有此账号）"]
    sign_in(client, username="", password="")
    assert len(entries("user.sign_in_failed")) == 1


def test_a_wrong_password_asked_again_names_who_sits_there(cast, client):
    sign_in(client)
    data = {"old_password": "nein", "new_password1": "Xin-mima-2022", "new_password2": "Xin-mima-2022"}
    client.post(reverse("password"), data)
    assert [row[1:3] for row in entries("user.sign_in_failed")] == [("测试liaison", "liaison")]
