"""One account: roles ended by 安全管理员, the account disabled and enabled by 系统管理员."""

import pytest

from accounts.models import Membership, User
from core.idempotency import new_key
from core.models import AuditEntry
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


def press(client, user, person, **data):
    client.force_login(user)
    sent = {"reason": "任免通知", "password": PASSWORD, "idempotency_key": new_key(), **data}
    return client.post(f"/people/{person.pk}/", sent)


def test_roles_are_ended_with_a_reason_and_nothing_of_them_is_left(client, cast):
    held = Membership.objects.get(user=cast.liaison)
    for missing in ({"reason": ""}, {"password": "nein"}, {"chosen": []}):
        assert press(client, cast.secadmin, cast.liaison, **{"chosen": [held.pk], **missing}).status_code == 400
    assert press(client, cast.secadmin, cast.liaison, chosen=[held.pk]).status_code == 302
    assert not Membership.objects.filter(user=cast.liaison).exists()
    assert AuditEntry.objects.get(action="membership.ended").detail["reason"] == "任免通知"


def test_another_persons_role_is_no_choice(client, cast):
    other = Membership.objects.get(user=cast.principal)
    assert press(client, cast.secadmin, cast.liaison, chosen=[other.pk]).status_code == 400
    assert Membership.objects.filter(pk=other.pk).exists()


def test_an_account_is_disabled_and_enabled_and_never_the_own_one(client, cast):
    for active, action in ((False, "user.disabled"), (True, "user.enabled")):
        wanted = "active" if active else "disabled"
        assert press(client, cast.sysadmin, cast.liaison, wanted=wanted).status_code == 302
        # Somebody else had the same button on the screen: it must not switch the account back.
        assert press(client, cast.sysadmin, cast.liaison, wanted=wanted).status_code == 409
        assert User.objects.get(pk=cast.liaison.pk).is_active is active
        assert AuditEntry.objects.get(action=action).detail == {"reason": "任免通知"}
    assert "不能停用自己的账号" in press(client, cast.sysadmin, cast.sysadmin, wanted="disabled").text
