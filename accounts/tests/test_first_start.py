"""The first start of an empty system, and administrators made on the server."""

import io
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.domain.first_start import TRIES, is_right, new_code
from accounts.models import Department, Region, StartCode, User
from core.exceptions import Refused
from core.models import AuditEntry
from tests.cast import NOON

pytestmark = pytest.mark.django_db
SHOWN = re.compile(r"\w{5}-\w{5}-\w{5}-Z9a")
PLACES = "云岭市 > 青禾县 > 城关镇\n云岭市＞青禾县＞石桥镇\n\n云岭市 → 白石县"
SENT = {
    "system_name": "赵一", "system_username": "xitong", "security_name": "钱二", "security_username": "anquan",
    "audit_name": "孙三", "audit_username": "shenji", "places": PLACES, "office": "县营商办", "office_place": "青禾县",
}  # fmt: skip


def press(client, **data):
    return client.post("/start/", SENT | data)


def test_an_empty_system_leads_to_the_page_and_is_set_up_once(client):
    assert client.get("/login/").url == "/start/"
    code = new_code()
    answer = press(client, code=code)
    passwords = SHOWN.findall(answer.text)
    assert len(set(passwords)) == 3
    kinds = dict(User.objects.values_list("username", "kind"))
    assert kinds == {"xitong": "sysadmin", "anquan": "secadmin", "shenji": "auditor"}
    tree = set(Region.objects.values_list("name", "level", "parent__name"))
    assert tree == {
        ("云岭市", "city", None),
        ("青禾县", "county", "云岭市"),
        ("白石县", "county", "云岭市"),
        ("城关镇", "town", "青禾县"),
        ("石桥镇", "town", "青禾县"),
    }
    assert Department.objects.get().region.name == "青禾县"
    assert client.get("/start/").status_code == press(client, code=code).status_code == 404
    assert client.get("/login/").status_code == 200
    assert AuditEntry.objects.filter(action="user.created").count() == 3
    said = str(list(AuditEntry.objects.values_list("detail", flat=True)))
    assert not any(word in said for word in (*passwords, code))
    signed_in = client.post(reverse("login"), {"username": "xitong", "password": passwords[0]})
    assert signed_in.status_code == 302
    assert client.get("/people/").url == "/password/"


@pytest.mark.parametrize(
    ("sent", "word"),
    [
        ({"code": "falsch"}, "口令不正确或已失效"),
        ({"audit_username": "Xitong"}, "三员由三个人分别担任"),
        ({"audit_username": "张 三"}, "由 2 至 40 个字母"),
        ({"office_place": "黑水县"}, "不在上面的区域之中"),
        ({"places": "青禾县 > 青禾县"}, "第 1 行写法有误"),
        ({"places": "云岭市 > 青禾县\n白石县 > 青禾县"}, "写在另一个上级之下"),
        ({"office": ""}, "请填写统筹办名称"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_made(client, sent, word):
    answer = press(client, **{"code": new_code(), **sent})
    assert (answer.status_code, word in answer.text) == (400, True)
    assert (User.objects.count(), Region.objects.count()) == (0, 0)


def test_a_code_is_void_after_five_wrong_ones_a_day_or_a_newer_one():
    code = new_code()
    for _ in range(TRIES):
        assert not is_right("falsch")
    assert not is_right(code)
    older, newer = new_code(), new_code()
    assert (is_right(older), is_right(newer)) == (False, True)
    with time_machine.travel(NOON + timedelta(hours=25)):
        late = new_code()
    with time_machine.travel(NOON + timedelta(hours=51)):
        assert not is_right(late)


def test_faults_elsewhere_cost_no_try(client):
    new_code()
    press(client, code="falsch", office="")
    assert StartCode.objects.get().tries == 0


def test_there_is_no_code_once_there_is_an_administrator(cast):
    with pytest.raises(Refused, match="已有管理员"):
        new_code()
    with pytest.raises(CommandError, match="已有管理员"):
        call_command("first_code")


def run(*args) -> str:
    out = io.StringIO()
    call_command("create_admin", *args, stdout=out, stderr=io.StringIO())
    return out.getvalue().strip()


def test_the_command_makes_an_administrator_and_resets_one(client, cast):
    first = run("second", "--kind", "security", "--name", "钱二")
    User.objects.filter(username="second").update(is_active=False)
    again = run("second", "--reset")
    assert SHOWN.fullmatch(first)
    for password, status in ((first, 200), (again, 302)):
        assert client.post("/login/", {"username": "second", "password": password}).status_code == status
    for wrong in (("liaison", "--reset"), ("third",), ("SECOND", "--kind", "auditor", "--name", "乙")):
        with pytest.raises(CommandError):
            run(*wrong)


def test_a_system_that_was_set_up_is_not_filled_with_the_demonstration(client):
    press(client, code=new_code())
    call_command("demo", if_empty=True)
    assert User.objects.count() == 3
