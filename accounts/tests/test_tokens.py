"""接口令牌: made for a purpose with a scope and a last day, shown once; what no token does."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.domain.tokens import MOST, end_token, make_token
from accounts.models import ApiToken, User
from core.exceptions import Refused
from core.idempotency import new_key
from core.models import AuditEntry
from tests.cast import NOON, PASSWORD, issue_in
from tests.tokens import key_for

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON)]
WALKS = "/api/v1/walks/"


def asked(key: str, method: str = "get", url: str = WALKS):
    return getattr(Client(), method)(url, headers={"Authorization": f"Token {key}"})


def told(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["detail"]


def test_it_is_made_with_the_password_shown_once_used_and_ended(client, cast):
    client.force_login(cast.liaison)
    url, data = reverse("token_add"), {"purpose": "办公系统读取台账", "scope": "read", "expires_on": "2022-07-08"}
    wrong = client.post(url, data | {"password": "nein", "idempotency_key": new_key()})
    assert (wrong.status_code, "办公系统读取台账" in wrong.text) == (400, True)
    data |= {"password": PASSWORD, "idempotency_key": new_key()}
    key = client.post(url, data).context["key"]
    again = client.post(url, data, follow=True)
    assert key not in again.text
    assert "令牌只显示一次" in again.text
    stored = ApiToken.objects.get()
    assert key not in (stored.digest, str(list(AuditEntry.objects.values_list("detail", flat=True))))
    assert asked(key).status_code == 200
    assert "没有用过" not in client.get(reverse("tokens")).text
    # It reads, and changes nothing.
    assert told(asked(key, "post", "/api/v1/issues/X/actions/take/")) == (
        403, "该令牌只能读取，没有办理。需要办理的，请另建一个“读取和办理”的令牌。",
    )  # fmt: skip
    client.post(reverse("token_end", args=[stored.pk]))
    assert told(asked(key)) == (401, "令牌“办公系统读取台账”已经停用。")
    assert "已经停用" in client.post(reverse("token_end", args=[stored.pk]), follow=True).text
    assert list(AuditEntry.objects.filter(action__startswith="token.").values_list("action", flat=True)) == [
        "token.made", "token.ended",
    ]  # fmt: skip


def test_it_works_to_its_last_day_and_no_longer(cast, clock):
    key = key_for(cast.liaison)
    clock.shift(timedelta(days=30))
    assert asked(key).status_code == 200
    used = ApiToken.objects.get().last_used_at
    # When it was used is written once an hour.
    for minutes, written in ((59, False), (2, True)):
        clock.shift(timedelta(minutes=minutes))
        assert asked(key).status_code == 200
        assert (ApiToken.objects.get().last_used_at > used) == written
    clock.shift(timedelta(days=1))
    assert told(asked(key))[0] == 401
    assert "已经到期" in told(asked(key))[1]
    assert "令牌不正确" in told(asked("nein"))[1]


@pytest.mark.parametrize("days", [-1, 367])
def test_a_last_day_out_of_bounds_is_refused(cast, days):
    with pytest.raises(Refused) as refused:
        make_token(
            user=cast.liaison, purpose="测试", scope="read", now=NOON,
            expires_on=timezone.localtime(NOON).date() + timedelta(days=days),
        )  # fmt: skip
    assert "有效期应在" in refused.value.message


def test_ten_at_once_are_enough_and_others_are_nobodys(client, cast):
    for _ in range(MOST):
        key_for(cast.liaison)
    with pytest.raises(Refused):
        key_for(cast.liaison)
    client.force_login(cast.principal)
    assert client.get(reverse("tokens")).context["rows"].count() == 0
    first = ApiToken.objects.first()
    assert client.post(reverse("token_end", args=[first.pk])).status_code == 404
    # The ten of one person are nobody else's, and one that ended makes room.
    assert asked(key_for(cast.principal)).status_code == 200
    end_token(token=first, user=cast.liaison, now=NOON)
    assert asked(key_for(cast.liaison)).status_code == 200


def test_it_works_for_no_account_that_is_switched_off(cast):
    key = key_for(cast.liaison)
    User.objects.filter(pk=cast.liaison.pk).update(is_active=False)
    assert told(asked(key)) == (401, "令牌“测试”已经停用。")


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_token_and_three(client, cast, count, django_assert_num_queries):
    for _ in range(count):
        key_for(cast.liaison)
    client.force_login(cast.liaison)
    with django_assert_num_queries(8):
        client.get(reverse("tokens"))


def test_the_command_makes_one_and_refuses_in_words(cast, capsys):
    call_command("drf_create_token", "office", days=10)
    key = capsys.readouterr().out.split()[2]
    assert asked(key).status_code == 200
    for wrong in (["niemand"], ["office", "--days", "400"]):
        with pytest.raises(CommandError, match="没有建立令牌"):
            call_command("drf_create_token", *wrong)


def test_it_ends_with_the_own_password_too(client, cast):
    key = key_for(cast.liaison)
    client.force_login(cast.liaison)
    data = {"old_password": PASSWORD, "new_password1": "Xin-mima-2022", "new_password2": "Xin-mima-2022"}
    assert client.post(reverse("password"), data).status_code == 302
    assert asked(key).status_code == 401


@pytest.mark.parametrize("body", ['{"a":' * 3000, "[" * 100_000])
def test_what_is_nested_too_deep_is_refused_as_unreadable(cast, body):
    headers = {"Authorization": f"Token {key_for(cast.liaison)}", "Idempotency-Key": "k", "If-Match": '"1"'}
    number = issue_in(cast, "registered").number
    url = f"/api/v1/issues/{number}/actions/take/"
    answer = Client().post(url, body, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["rule"]) == (400, "json")


@pytest.mark.parametrize(
    ("body", "named"),
    [({"remark": "急"}, "remark"), ({"note": {"text": "办"}}, "note"), ({"note": [1, [2]]}, "note")],
)
def test_what_is_sent_and_not_read_is_refused(cast, body, named):
    issue = issue_in(cast, "registered")
    headers = {
        "Authorization": f"Token {key_for(cast.liaison)}",
        "Idempotency-Key": "k",
        "If-Match": f'"{issue.version}"',
    }
    url = f"/api/v1/issues/{issue.number}/actions/take/"
    answer = Client().post(url, body, content_type="application/json", headers=headers)
    assert (answer.status_code, named in answer.json()["fields"]) == (400, True)


@pytest.mark.parametrize("given", ["[]", "%", "_", "", "bz0x", "eD0x"])
def test_a_cursor_that_holds_nothing_is_not_the_first_page(cast, given):
    headers = {"Authorization": f"Token {key_for(cast.liaison)}"}
    answer = Client().get(WALKS, {"cursor": given}, headers=headers)
    assert answer.status_code == (200 if given == "bz0x" else 404)


def test_no_token_sums_up_a_campaign(cast):
    headers = {"Authorization": f"Token {key_for(cast.office)}", "Idempotency-Key": "k"}
    url = reverse("api-campaign-end", kwargs={"code": cast.campaign.code, "act": "summarise"})
    answer = Client().post(url, {"password": PASSWORD}, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["rule"]) == (403, "token.never")
