"""角色授予: 安全管理员 decides what 系统管理员 asked for."""

import pytest

from accounts.domain.role_requests import ask, decide
from accounts.enums import Decision
from accounts.models import Membership, RoleRequest, User
from core.exceptions import NotAllowed, Refused
from core.idempotency import new_key
from core.models import AuditEntry
from tests.cast import PASSWORD, build_cast

pytestmark = pytest.mark.django_db
URL = "/roles/"


@pytest.fixture
def cast():
    return build_cast()


@pytest.fixture
def keeper(client, cast):
    client.force_login(cast.secadmin)
    return client


@pytest.fixture
def wanted(cast) -> list[RoleRequest]:
    """甲 as liaison of the unit, 乙 as liaison of the second one, 丙 as auditor."""
    people = [User.objects.create(username=f"new{n}", name=name) for n, name in enumerate("甲乙丙")]
    places = [(cast.unit, "liaison"), (cast.second_unit, "liaison"), (None, "auditor")]
    requests = [
        RoleRequest(user=user, department=unit, role=role, title="干事", requested_by=cast.sysadmin)
        for user, (unit, role) in zip(people, places, strict=True)
    ]
    ask(requests=requests, actor=cast.sysadmin)
    return requests


def press(client, tab: str = "waiting", **posted):
    sent = {"idempotency_key": new_key(), "reason": "任职通知", "password": PASSWORD}
    return client.post(f"{URL}?tab={tab}", sent | posted)


def decisions() -> dict[str, str]:
    return dict(RoleRequest.objects.values_list("user__name", "decision"))


def test_one_is_granted_and_the_others_wait(keeper, cast, wanted):
    assert press(keeper, chosen=[wanted[0].pk], decision="granted").status_code == 302
    assert decisions() == {"甲": "granted", "乙": "waiting", "丙": "waiting"}
    [given] = Membership.objects.filter(user__username__startswith="new")
    assert (given.user.name, given.department, given.role, given.title) == ("甲", cast.unit, "liaison", "干事")
    [entry] = AuditEntry.objects.filter(action="role.granted")
    assert (entry.actor_id, entry.object_key) == (cast.secadmin.pk, "new0")
    assert entry.detail == {"role": "联络员", "unit": "青禾县/县民政局", "reason": "任职通知"}
    # What follows from it is told of by the unit's name too, never by a number of ours.
    granted = AuditEntry.objects.get(action="membership.granted", object_key="new0")
    assert granted.detail["unit"] == "青禾县/县民政局"


def test_all_that_were_shown_are_granted_and_one_that_came_later_is_not(keeper, cast, wanted):
    newest = keeper.get(URL).context["newest"]
    late = User.objects.create(username="late", name="丁")
    ask(requests=[RoleRequest(user=late, department=cast.unit, role="deputy")], actor=cast.sysadmin)
    press(keeper, every="on", upto=newest, decision="granted")
    assert decisions() == {"甲": "granted", "乙": "granted", "丙": "granted", "丁": "waiting"}
    assert User.objects.get(name="丙").kind == "auditor"


def test_a_refused_role_does_not_work_and_may_be_granted_later(keeper, wanted):
    press(keeper, chosen=[wanted[0].pk, wanted[2].pk], decision="refused")
    assert decisions() == {"甲": "refused", "乙": "waiting", "丙": "refused"}
    assert not Membership.objects.filter(user__username__startswith="new").exists()
    assert "任职通知" in keeper.get(URL, {"tab": "refused"}).text
    press(keeper, "refused", chosen=[wanted[0].pk], decision="granted")
    assert decisions()["甲"] == "granted"
    assert Membership.objects.filter(user__name="甲").count() == 1


@pytest.mark.parametrize(
    ("posted", "word"),
    [
        ({"decision": "granted"}, "请勾选要办理的角色"),
        ({"decision": "granted", "reason": "", "every": "on", "upto": 9999}, "请写明理由"),
        ({"every": "on", "upto": 9999}, "请选择授予或不予授予"),
        ({"decision": "granted", "chosen": [987654]}, "所选角色中有已经办理的"),
        ({"decision": "granted", "chosen": ["x"]}, "所选角色中有已经办理的"),
        ({"decision": "king", "every": "on", "upto": 9999}, "没有这一选项"),
    ],
)
def test_what_is_missing_is_told_and_nothing_happens(keeper, wanted, posted, word):
    answer = press(keeper, **posted)
    assert (answer.status_code, word in answer.text) == (400, True)
    assert set(decisions().values()) == {"waiting"}


def test_a_double_press_decides_once(keeper, wanted):
    posted = {"idempotency_key": "k", "reason": "任职通知", "chosen": [wanted[0].pk], "decision": "granted"}
    posted["password"] = PASSWORD
    assert [keeper.post(URL, posted).status_code for _ in range(2)] == [302, 302]
    assert AuditEntry.objects.filter(action="role.granted").count() == 1


def test_nobody_becomes_an_administrator_beside_a_business_role(keeper, cast, wanted):
    Membership.objects.create(user=wanted[2].user, department=cast.unit, role="liaison")
    answer = press(keeper, every="on", upto=wanted[2].pk, decision="granted")
    assert (answer.status_code, "不得兼任审计员" in answer.text) == (400, True)
    assert set(decisions().values()) == {"waiting"}


def test_a_role_in_an_abolished_unit_is_not_granted(keeper, cast, wanted):
    type(cast.unit).objects.filter(pk=cast.unit.pk).update(is_active=False)
    answer = press(keeper, chosen=[wanted[0].pk], decision="granted")
    assert (answer.status_code, "县民政局已撤销" in answer.text) == (400, True)
    assert press(keeper, chosen=[wanted[0].pk], decision="refused").status_code == 302


@pytest.mark.parametrize("persona", ["sysadmin", "auditor", "office", "principal"])
def test_nobody_else_decides(client, cast, wanted, persona):
    client.force_login(cast.people[persona])
    assert client.get(URL).status_code == 404
    assert press(client, every="on", upto=9999, decision="granted").status_code == 404
    with pytest.raises(NotAllowed):
        decide(ids=[wanted[0].pk], decision=Decision.GRANTED, reason="x", actor=cast.people[persona])
    with pytest.raises(Refused):
        decide(ids=[wanted[0].pk], decision=Decision.GRANTED, reason="", actor=cast.secadmin)
    assert set(decisions().values()) == {"waiting"}


def test_the_first_page_says_how_many_wait(keeper, wanted):
    assert "有 3 项角色待决定" in keeper.get("/").text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_one_row_and_three(keeper, cast, rows, django_assert_num_queries):
    people = [User.objects.create(username=f"row{n}", name=f"行{n}") for n in range(rows)]
    ask(requests=[RoleRequest(user=user, department=cast.unit, role="deputy") for user in people], actor=cast.sysadmin)
    keeper.get(URL)
    with django_assert_num_queries(6):
        assert len(keeper.get(URL).context["page"].rows) == rows
