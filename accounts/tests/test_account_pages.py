"""One account on pages: made, its password reset, its lock taken away, roles granted for some days."""

import re
from datetime import date, timedelta

import pytest
import time_machine

from accounts.domain.new_account import propose_username
from accounts.domain.terms import apply_days
from accounts.models import Membership, RoleRequest, User
from accounts.scope import scope_of
from core.idempotency import new_key
from core.models import AuditEntry
from tests.cast import NOON, PASSWORD

pytestmark = pytest.mark.django_db
SHOWN = re.compile(r"[\w]{5}-[\w]{5}-[\w]{5}-Z9a")


def press(client, actor, url, **data):
    client.force_login(actor, backend="django.contrib.auth.backends.ModelBackend")
    return client.post(url, opened(client, url) | data)


def opened(client, url) -> dict:
    """What the page of an act would send."""
    seen = client.get(url).context["form"].initial.get("seen")
    sent = {"reason": "任免通知", "password": PASSWORD, "idempotency_key": new_key()}
    return sent | ({"seen": seen} if seen else {})


def make(client, cast, **data):
    sent = {"name": "张三", "department": cast.unit.pk, "roles": ["liaison"], "title": "科长", **data}
    return press(client, cast.sysadmin, "/people/new/", **sent)


def sign_in(client, username, password):
    client.logout()
    return client.post("/login/", {"username": username, "password": password})


def test_an_account_is_made_with_a_password_shown_once_and_its_role_waits(client, cast):
    key = new_key()
    answer = make(client, cast, idempotency_key=key)
    [password] = SHOWN.findall(answer.text)
    made = User.objects.get(username="zhangsan")
    assert (made.name, made.kind, made.must_change_password) == ("张三", "staff", True)
    assert not Membership.objects.filter(user=made).exists()
    assert RoleRequest.objects.get(user=made).title == "科长"
    assert answer["Cache-Control"] == "private, no-store"
    again = make(client, cast, idempotency_key=key)
    assert (again.status_code, User.objects.filter(name="张三").count()) == (302, 1)
    assert not AuditEntry.objects.filter(detail__icontains=password).exists()
    assert sign_in(client, "zhangsan", password).status_code == 302
    assert client.get("/notices/").url == "/password/"


def test_a_user_name_is_proposed_from_the_reading_and_never_taken_twice(client, cast):
    assert propose_username("张三") == "zhangsan"
    User.objects.create(username="ZhangSan", name="张三")
    assert propose_username("张三") == "zhangsan2"
    answer = make(client, cast, username="zhangSAN")
    assert (answer.status_code, "已由“张三”使用，可改为 zhangsan2" in answer.text) == (400, True)


@pytest.mark.parametrize(
    ("sent", "word"),
    [
        ({"name": ""}, "请填写姓名"),
        ({"roles": []}, "请选择角色"),
        ({"roles": ["king"]}, "没有这一角色"),
        ({"department": ""}, "请选择单位"),
        ({"department": 999999}, "没有这个单位"),
        ({"roles": ["auditor", "liaison"]}, "不得兼任"),
        ({"roles": ["auditor"]}, "三员不属于业务单位"),
        ({"username": "张 三"}, "用户名由 2 至 40 个字母"),
        ({"phone": "电话"}, "应为电话号码"),
    ],
)
def test_what_is_wrong_with_a_new_account_is_told_and_nothing_is_made(client, cast, sent, word):
    before = User.objects.count()
    answer = make(client, cast, **sent)
    assert (answer.status_code, word in answer.text, User.objects.count()) == (400, True, before)


def test_a_reset_ends_sessions_and_works_once_for_some_days(client, cast):
    answer = press(client, cast.sysadmin, f"/people/{cast.liaison.pk}/password/")
    [password] = SHOWN.findall(answer.text)
    assert AuditEntry.objects.get(action="user.password_reset").detail == {"reason": "任免通知"}
    with time_machine.travel(NOON + timedelta(days=8), tick=False):
        assert "一次性密码已过期" in sign_in(client, "liaison", password).text
        assert "用户名或密码不正确" in sign_in(client, "liaison", PASSWORD).text
    assert sign_in(client, "liaison", password).status_code == 302
    new = {"old_password": password, "new_password1": "Xin-mima-2022", "new_password2": "Xin-mima-2022"}
    assert client.post("/password/", new).status_code == 302
    with time_machine.travel(NOON + timedelta(days=8), tick=False):
        assert sign_in(client, "liaison", "Xin-mima-2022").status_code == 302


@pytest.mark.parametrize(("persona", "word"), [("sysadmin", "自己的密码"), ("secadmin", "三员的密码不在页面上重置")])
def test_whose_password_is_not_reset_on_a_page(client, cast, persona, word):
    answer = press(client, cast.sysadmin, f"/people/{cast.people[persona].pk}/password/")
    assert (answer.status_code, word in answer.text) == (400, True)
    assert cast.people[persona].password == User.objects.get(pk=cast.people[persona].pk).password


def test_of_two_who_reset_a_password_the_second_is_told_and_the_first_one_works(client, cast):
    client.force_login(cast.sysadmin, backend="django.contrib.auth.backends.ModelBackend")
    url = f"/people/{cast.liaison.pk}/password/"
    first, second = opened(client, url), opened(client, url)
    [password] = SHOWN.findall(client.post(url, first).text)
    answer = client.post(url, second | {"reason": "本人来电"})
    assert (answer.status_code, SHOWN.findall(answer.text), "本人来电" in answer.text) == (409, [], True)
    assert "您在另一处刚修改了该账号的密码，未重置" in answer.text
    assert sign_in(client, "liaison", password).status_code == 302


def test_a_locked_account_is_unlocked_by_the_security_administrator(client, cast):
    for _ in range(5):
        sign_in(client, "liaison", "nein")
    assert sign_in(client, "liaison", PASSWORD).status_code == 429
    url = f"/people/{cast.liaison.pk}/"
    client.force_login(cast.secadmin, backend="django.contrib.auth.backends.ModelBackend")
    assert "账号已从某一地址锁定" in client.get(url).text
    assert press(client, cast.secadmin, f"{url}unlock/").status_code == 302
    assert "没有被锁定" in press(client, cast.secadmin, f"{url}unlock/").text
    assert AuditEntry.objects.filter(action="user.unlocked").count() == 1
    assert sign_in(client, "liaison", PASSWORD).status_code == 302


def grant(client, cast, person, **data):
    sent = {"department": cast.second_unit.pk, "role": "deputy", "title": "副局长", **data}
    return press(client, cast.secadmin, f"/people/{person.pk}/grant/", **sent)


def held(user) -> set:
    return set(Membership.objects.filter(user=user).values_list("department__name", "role", "since", "until"))


def roles_of(user) -> set[str]:
    user.__dict__.pop("_scope", None)
    return {role for role, _ in scope_of(user).roles}


@pytest.mark.parametrize(
    ("sent", "word"),
    [
        ({"since": "2022-06-10", "until": "2022-06-09"}, "截止日期不能早于起始日期"),
        ({"until": "2022-06-07"}, "也不能早于今天"),
        ({"reason": ""}, "请写明原因"),
        ({"password": "nein"}, "密码不正确"),
        ({"role": "sysadmin"}, "没有这一选项"),
    ],
)
def test_a_role_is_granted_with_sound_days_a_reason_and_the_password(client, cast, sent, word):
    answer = grant(client, cast, cast.responsible, **sent)
    assert (answer.status_code, word in answer.text) == (400, True)
    assert roles_of(cast.responsible) == {"responsible"}


def test_a_role_begins_and_ends_on_its_days(client, cast):
    assert grant(client, cast, cast.responsible, since="2022-06-10", until="2022-06-12").status_code == 302
    assert roles_of(cast.responsible) == {"responsible"}
    for day, expected in ((9, {"responsible"}), (10, {"responsible", "deputy"}), (12, {"responsible", "deputy"})):
        with time_machine.travel(NOON.replace(day=day), tick=False):
            assert apply_days(date(2022, 6, day)) == (int(day == 10), 0)
            assert roles_of(cast.responsible) == expected
    with time_machine.travel(NOON.replace(day=13), tick=False):
        assert roles_of(cast.responsible) == {"responsible"}, "before the round that takes the row away"
        assert apply_days(date(2022, 6, 13)) == (0, 1)
        assert apply_days(date(2022, 6, 13)) == (0, 0)
    assert AuditEntry.objects.get(action="membership.ended").detail["reason"] == "任期届满"


def test_a_role_whose_unit_is_gone_on_its_first_day_is_refused_with_the_reason(client, cast):
    grant(client, cast, cast.responsible, since="2022-06-10")
    type(cast.second_unit).objects.filter(pk=cast.second_unit.pk).update(is_active=False)
    with time_machine.travel(NOON.replace(day=10), tick=False):
        assert apply_days(date(2022, 6, 10)) == (0, 0)
    one = RoleRequest.objects.get(user=cast.responsible)
    assert (one.decision, "县公安局已撤销" in one.reason) == ("refused", True)


def test_a_role_granted_anew_takes_the_days_that_are_said_now(client, cast):
    for until in ("2022-06-12", "2022-07-31"):
        assert grant(client, cast, cast.responsible, until=until).status_code == 302
    assert ("县公安局", "deputy", date(2022, 6, 8), date(2022, 7, 31)) in held(cast.responsible)


def test_of_two_who_grant_the_second_is_told_of_the_days_of_the_first(client, cast):
    client.force_login(cast.secadmin, backend="django.contrib.auth.backends.ModelBackend")
    url = f"/people/{cast.responsible.pk}/grant/"
    sent = {"department": cast.second_unit.pk, "role": "deputy", "title": "副局长"}
    first, second = opened(client, url), opened(client, url)
    assert client.post(url, first | sent | {"until": "2022-06-12"}).status_code == 302
    answer = client.post(url, second | sent | {"reason": "另一份通知"})
    assert (answer.status_code, "另一份通知" in answer.text) == (409, True)
    assert "您在另一处刚修改了测试responsible的角色，未授予" in answer.text
    assert ("县公安局", "deputy", date(2022, 6, 8), date(2022, 6, 12)) in held(cast.responsible)
    again = {"seen": answer.context["form"]["seen"].value(), "idempotency_key": new_key()}
    assert client.post(url, second | sent | again).status_code == 302
    assert ("县公安局", "deputy", date(2022, 6, 8), None) in held(cast.responsible)


def test_a_role_may_end_on_a_day_to_come(client, cast):
    [one] = Membership.objects.filter(user=cast.liaison)
    url, chosen = f"/people/{cast.liaison.pk}/", {"chosen": [one.pk]}
    assert press(client, cast.secadmin, url, until="2022-06-07", **chosen).status_code == 400
    assert press(client, cast.secadmin, url, until="2022-06-08", **chosen).status_code == 302
    assert roles_of(cast.liaison) == {"liaison"}
    with time_machine.travel(NOON.replace(day=9), tick=False):
        assert roles_of(cast.liaison) == set()


def test_no_administrator_is_granted_a_business_role_on_the_page(client, cast):
    answer = grant(client, cast, cast.auditor)
    assert (answer.status_code, "不得兼任业务角色" in answer.text) == (400, True)
    own = grant(client, cast, cast.secadmin)
    assert (own.status_code, "不能给自己授予角色" in own.text) == (400, True)


def test_the_last_administrator_of_a_kind_is_not_disabled(client, cast):
    answer = press(client, cast.sysadmin, f"/people/{cast.secadmin.pk}/", wanted="disabled")
    assert (answer.status_code, "唯一在用的安全管理员" in answer.text) == (400, True)
    User.objects.create(username="second", name="第二人", kind="secadmin")
    assert press(client, cast.sysadmin, f"/people/{cast.secadmin.pk}/", wanted="disabled").status_code == 302


def test_imported_accounts_get_their_first_passwords_once_as_a_list(client, cast):
    for name in ("甲", "乙"):
        User.objects.create(username=f"new-{name}", name=name, password="!unusable", must_change_password=True)
    page = client.get("/people/passwords/")
    assert press(client, cast.sysadmin, "/people/passwords/", password="nein").status_code == 400
    answer = press(client, cast.sysadmin, "/people/passwords/")
    shown = SHOWN.findall(answer.text)
    assert (page.status_code, len(set(shown)), "测试liaison" in answer.text) == (302, 2, False)
    assert sign_in(client, "new-乙", shown[0]).status_code == 302
    assert "没有缺少密码的账号" in press(client, cast.sysadmin, "/people/passwords/").text
