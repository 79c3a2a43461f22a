"""Name, phone and posts of an account, changed on its page."""

import pytest

from accounts.domain.person_edit import edit_person, token_of_person
from accounts.models import Membership, User
from core.exceptions import NotAllowed, StaleVersion
from core.idempotency import new_key
from core.models import AuditEntry
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


def press(client, cast, **data):
    client.force_login(cast.sysadmin, backend="django.contrib.auth.backends.ModelBackend")
    url = f"/people/{cast.principal.pk}/edit/"
    form = client.get(url).context["form"]
    sent = {field.name: field.value() or "" for field in form if field.name not in ("password", "idempotency_key")}
    sent |= {"reason": "任免通知", "password": PASSWORD, "idempotency_key": new_key()}
    return client.post(url, sent | data)


def post_of(person) -> str:
    return f"title_{Membership.objects.get(user=person).pk}"


def test_name_phone_and_post_change_and_the_audit_tells_old_and_new(client, cast):
    sent = {"name": "张三", "phone": "13900002222", post_of(cast.principal): "党组书记、局长"}
    assert press(client, cast, **sent).url == f"/people/{cast.principal.pk}/"
    person = User.objects.get(pk=cast.principal.pk)
    assert (person.name, person.label, person.phone) == ("张三", "张三", "13900002222")
    assert Membership.objects.get(user=person).title == "党组书记、局长"
    entry = AuditEntry.objects.get(action="user.changed")
    assert (entry.object_key, entry.detail) == (
        "principal",
        {
            "姓名": "测试principal → 张三",
            "手机": "138****1111 → 139****2222",
            "县民政局主要负责同志职务": "局长 → 党组书记、局长",
            "reason": "任免通知",
        },
    )
    assert "13900002222" not in client.get(f"/people/{person.pk}/edit/").text
    assert "修改信息" in client.get(f"/people/{person.pk}/").text


@pytest.mark.parametrize(
    ("sent", "word"),
    [
        ({}, "没有改动"),
        ({"name": ""}, "请填写姓名"),
        ({"phone": "abc"}, "应为电话号码"),
        ({"name": "张三", "reason": ""}, "请写明原因"),
        ({"name": "张三", "password": "falsch"}, "密码不正确"),
    ],
)
def test_what_is_refused_changes_nothing(client, cast, sent, word):
    answer = press(client, cast, **sent)
    assert (answer.status_code, word in answer.text) == (400, True)
    assert User.objects.get(pk=cast.principal.pk).name == "测试principal"


def test_of_two_who_edit_the_second_sees_what_stands_and_nobody_else_edits(client, cast):
    seen = token_of_person(cast.principal)
    given = {"user": cast.principal, "phone": "", "titles": {}, "reason": "更正"}
    edit_person(**given, name="张三", actor=cast.sysadmin, seen=seen)
    answer = press(client, cast, name="李四", seen=seen)
    assert (answer.status_code, "张三" in answer.text) == (409, True)
    with pytest.raises(StaleVersion):
        edit_person(**given, name="李四", actor=cast.sysadmin, seen=seen)
    with pytest.raises(NotAllowed):
        edit_person(**given, name="李四", actor=cast.secadmin, seen=token_of_person(cast.principal))
