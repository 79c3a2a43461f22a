"""What leaves the system: how many notices wait and where to read them, once a person and working day."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import User
from core.exceptions import NotAllowed
from core.idempotency import new_key
from core.models import AuditEntry
from notifications.domain import channels, sending
from notifications.domain.channels import ChannelSettings
from notifications.domain.digests import make_deliveries
from notifications.domain.notices import mark_read
from notifications.enums import Reach
from notifications.models import Channel, Delivery, Notice
from notifications.tests.delivering import MORNING, SITE, set_up, told, write_to
from tests.cast import NOON
from tests.mail_server import MailServer, RobotServer, served

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.clock(NOON)]


def test_nothing_leaves_before_a_channel_is_set_up(cast):
    told(cast.liaison, "a")
    write_to(cast.liaison)
    assert make_deliveries(MORNING) == 0


def test_a_digest_a_working_day_counts_and_says_nothing_else(cast, mail):
    told(cast.liaison, "a")
    told(cast.liaison, "b")
    told(cast.liaison, "covert", reach=Reach.INSIDE)
    told(cast.principal, "a")  # wants no mail
    assert [make_deliveries(MORNING), make_deliveries(MORNING)] == [1, 0]
    assert sending.deliver(MORNING) == {"sent": 1, "failed": 0}
    [message] = mail.taken
    assert message["To"] == "liaison@example.gov.cn"
    text = message.get_payload(decode=True).decode()
    assert text.split() == ["您有", "2", "条消息待处理，请登录查看：", SITE]
    # The same day no second one, the next day none without anything new.
    told(cast.liaison, "c", now=MORNING)
    assert make_deliveries(MORNING + timedelta(hours=2)) == 0
    assert make_deliveries(MORNING + timedelta(days=1)) == 0
    told(cast.liaison, "d", now=MORNING + timedelta(hours=1))
    assert make_deliveries(MORNING + timedelta(days=1)) == 1


@pytest.mark.parametrize("fact", ["closed_at", "superseded"])
def test_a_notice_that_is_over_is_counted_no_more(cast, mail, fact):
    told(cast.liaison, "over", reach=Reach.AT_ONCE)
    Notice.objects.update(**{fact: {"closed_at": NOON, "superseded": True}[fact]})
    assert make_deliveries(MORNING) == 0


def test_nothing_leaves_for_an_account_that_is_switched_off_nor_at_once_what_is_older_than_the_way_out(cast, mail):
    told(cast.liaison, "older", reach=Reach.AT_ONCE, now=NOON - timedelta(days=2))
    assert make_deliveries(MORNING) == 1
    assert Delivery.objects.get().kind == "digest"
    for persona in (cast.liaison, cast.principal):
        told(persona, "new", reach=Reach.AT_ONCE)
    User.objects.filter(pk=cast.liaison.pk).update(is_active=False)
    with served(RobotServer()) as robot:
        set_up(cast, "wecom", webhook=f"http://127.0.0.1:{robot.server_address[1]}/")
        assert make_deliveries(MORNING) == 1
    assert Delivery.objects.latest("pk").people == 1
    # Made before the account was switched off: given up in words, not sent.
    assert sending.deliver(MORNING)["failed"] == 2
    assert mail.taken == []
    assert Delivery.objects.order_by("pk").first().error == "收件人没有登记邮箱，或者账号已停用"


def test_what_cannot_wait_leaves_at_once_and_never_at_night(cast, mail):
    told(cast.liaison, "digested")
    make_deliveries(MORNING)
    told(cast.liaison, "returned", reach=Reach.AT_ONCE, now=MORNING)
    evening, saturday = MORNING.replace(hour=18), MORNING.replace(day=11)
    assert make_deliveries(evening) == make_deliveries(saturday) == 0
    assert make_deliveries(MORNING.replace(day=10, hour=8, minute=59)) == 0
    assert make_deliveries(MORNING + timedelta(minutes=1)) == 1
    assert sending.deliver(evening) == {"sent": 0, "failed": 0}
    assert sending.deliver(MORNING.replace(day=10))["sent"] == 2
    mark_read(user=cast.liaison)
    assert make_deliveries(MORNING.replace(day=10)) == 0


def test_a_group_reads_once_a_day_how_many_people_have_how_much(cast):
    with served(RobotServer()) as robot:
        address = f"http://127.0.0.1:{robot.server_address[1]}/send?key=k"
        for kind in ("wecom", "feishu"):
            set_up(cast, kind, webhook=address)
        for user, key in ((cast.liaison, "a"), (cast.liaison, "b"), (cast.principal, "a")):
            told(user, key)
        assert [make_deliveries(MORNING), make_deliveries(MORNING)] == [2, 0]
        assert sending.deliver(MORNING)["sent"] == 2
        texts = [body["text"]["content"] if "text" in body else body["content"]["text"] for body in robot.taken]
        assert [text.split() for text in texts] == [["2", "人共有", "3", "条消息待处理，请登录查看：", SITE]] * 2
        # A robot that refuses says so in its answer, with status 200.
        robot.code = 93000
        told(cast.liaison, "c", now=MORNING)
        make_deliveries(MORNING + timedelta(days=1))
        assert sending.deliver(MORNING + timedelta(days=1)) == {"sent": 0, "failed": 2}
    assert Delivery.objects.latest("pk").error == "群机器人没有接受这条消息（错误码 93000）"


def test_the_administrator_sets_it_up_and_tries_it_and_no_secret_is_shown(client, cast):
    client.force_login(cast.sysadmin)
    with served(MailServer()) as server:
        url = reverse("channel", args=["email"])
        data = {
            "site": SITE, "host": "127.0.0.1", "port": server.server_address[1], "security": "none", "account": "",
            "password": "Geheim-4711", "sender": "xt@example.gov.cn", "is_on": "on",
        }  # fmt: skip
        page = client.get(url)
        assert page.context["form"]["site"].value() == "http://testserver/"
        hidden = {"seen": page.context["form"]["seen"].value(), "idempotency_key": new_key()}
        assert client.post(url, data | hidden).status_code == 302
        assert "Geheim-4711" not in Channel.objects.get().sealed
        assert channels.settings_of(Channel.objects.get()).password == "Geheim-4711"
        page = client.get(url)
        assert "Geheim-4711" not in page.text
        # Another window: told, and nothing of it saved.
        late = client.post(url, data | hidden | {"idempotency_key": new_key(), "host": "mail"})
        assert (late.status_code, "现在保存的是：" in late.text, "（空）" in late.text) == (409, True, False)
        # An empty password stays as it was.
        hidden = {"seen": page.context["form"]["seen"].value(), "idempotency_key": new_key()}
        client.post(url, data | hidden | {"password": "", "is_on": ""})
        stored = Channel.objects.get()
        assert (stored.is_on, channels.settings_of(stored).password) == (False, "Geheim-4711")
        channels.set_up(
            kind="email",
            settings=ChannelSettings(site=SITE, host="127.0.0.1", port=server.server_address[1], sender="a@b.cn"),
            is_on=False,
            seen=channels.token_of_channel(stored),
            actor=cast.sysadmin,
            now=NOON,
        )
        test = client.post(reverse("channel_test", args=["email"]), {"mail_to": "a@b.cn", "idempotency_key": new_key()})
        assert test.status_code == 302
        wrong = client.post(
            reverse("channel_test", args=["email"]), {"mail_to": "收件人", "idempotency_key": new_key()}
        )
        assert (wrong.status_code, 'value="收件人"' in wrong.text) == (400, True)
        # At any hour, also of a channel that is off.
        assert sending.deliver(NOON.replace(hour=22)) == {"sent": 1, "failed": 0}
        assert server.taken[0]["To"] == "a@b.cn"
    assert "已发送" in client.get(url).text
    entries = AuditEntry.objects.filter(action__in=("channel.set", "channel.tested"))
    assert entries.count() == 4
    assert "Geheim" not in str(list(entries.values_list("detail", flat=True)))


def test_with_another_key_the_settings_are_asked_for_again(client, cast, settings):
    set_up(cast, "email", host="mail", sender="xt@example.gov.cn", password="Geheim-4711")
    settings.SECRET_KEY = "another key" * 5
    client.force_login(cast.sysadmin)
    assert "系统密钥已更换" in client.get(reverse("channel", args=["email"])).text


def test_nobody_else_sets_up_or_sends_again(cast):
    with pytest.raises(NotAllowed):
        channels.set_up(
            kind="email", settings=ChannelSettings(), is_on=True, seen=channels.token_of_channel(None),
            actor=cast.office, now=NOON,
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        sending.ask_test(kind="email", mail_to="a@b.cn", actor=cast.office, now=NOON)


def test_a_person_says_where_mail_goes_and_takes_it_back(client, cast):
    client.force_login(cast.liaison)
    url = reverse("mail_address")

    def send(address, page):
        seen = page.context["form"]["seen"].value()
        return client.post(url, {"address": address, "seen": seen, "idempotency_key": new_key()}).status_code

    first = client.get(url)
    assert "还没有启用邮件" in first.text
    assert [send("liaison@", first), send("liaison@example.gov.cn", first)] == [400, 302]
    assert channels.address_of(cast.liaison).address == "liaison@example.gov.cn"
    # Another window, opened before.
    assert send("other@example.gov.cn", first) == 409
    assert send("", client.get(url)) == 302
    assert channels.address_of(cast.liaison) is None


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_cost_the_same_for_one_row_and_three(client, cast, mail, rows, django_assert_num_queries):
    for number in range(rows):
        told(cast.liaison, f"a{number}")
        make_deliveries(MORNING + timedelta(days=number))
        Delivery.objects.update(state="dead", error="连接不上邮件服务器", made_at=NOON)
    assert Delivery.objects.count() >= 1
    client.force_login(cast.sysadmin)
    client.get(reverse("deliveries"))
    for route, queries in (("deliveries", 6), ("channels", 4)):
        with django_assert_num_queries(queries):
            client.get(reverse(route))


@pytest.mark.parametrize("people", [1, 3])
def test_making_costs_the_same_for_one_person_and_three(cast, mail, people, django_assert_num_queries):
    for user in (cast.liaison, cast.principal, cast.deputy)[:people]:
        write_to(user)
        told(user, "a")
    with django_assert_num_queries(10):
        assert make_deliveries(MORNING) == people


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("host", "a\r\nX: y"), ("host", "邮件"), ("host", "a..b"), ("account", "张三"), ("account", "a\nX: y"),
        ("sender", f"c@{'例' * 63}.cn"),
    ],
)  # fmt: skip
def test_settings_that_no_server_takes_are_refused_in_the_form(client, cast, name, value):
    client.force_login(cast.sysadmin)
    data = {
        "site": SITE,
        "host": "mail",
        "port": "25",
        "security": "none",
        "sender": "a@b.cn",
        "idempotency_key": new_key(),
    }
    data["seen"] = client.get(reverse("channel", args=["email"])).context["form"]["seen"].value()
    answer = client.post(reverse("channel", args=["email"]), data | {name: value})
    assert (answer.status_code, name in answer.context["form"].errors) == (400, True)
    assert not Channel.objects.exists()


@pytest.mark.parametrize("moved", [{"host": "other"}, {"port": "26"}, {"account": "other"}])
def test_a_password_is_not_taken_to_another_server(client, cast, moved):
    set_up(cast, "email", host="mail", sender="a@b.cn", password="Geheim-4711")
    client.force_login(cast.sysadmin)
    url = reverse("channel", args=["email"])
    data = {
        "site": SITE,
        "host": "mail",
        "port": "25",
        "security": "none",
        "sender": "a@b.cn",
        "idempotency_key": new_key(),
    }
    data["seen"] = client.get(url).context["form"]["seen"].value()
    answer = client.post(url, data | moved)
    assert "请重新输入密码" in answer.text
    assert Channel.objects.get().version == 1
