"""A message that does not arrive: tried later, given up in words, sent once, and no other one is kept back by it."""

import socket
import threading
from datetime import timedelta

import pytest

from core.exceptions import IllegalTransition, NotAllowed
from core.sealed import seal
from notifications.domain import sending, transports
from notifications.domain.digests import make_deliveries
from notifications.enums import Reach
from notifications.models import Channel, Delivery
from notifications.tests.delivering import MORNING, set_up, told, write_to
from tests.cast import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.clock(NOON)]


def test_a_mail_sent_twice_is_one_message_and_failures_are_tried_later_and_given_up(cast, mail):
    told(cast.liaison, "a")
    make_deliveries(MORNING)
    mail.answers = False
    assert sending.deliver(MORNING) == {"sent": 0, "failed": 1}
    waiting = Delivery.objects.get()
    assert (waiting.state, waiting.attempts, waiting.error) == ("waiting", 1, "邮件服务器没有接受这封邮件")
    assert sending.deliver(MORNING)["sent"] == 0  # not before its time
    mail.answers = True
    assert sending.deliver(waiting.next_at)["sent"] == 1
    assert len({message["Message-ID"] for message in mail.taken}) == 1
    assert len(mail.taken) == 2

    told(cast.liaison, "b", now=MORNING + timedelta(hours=1))
    assert make_deliveries(MORNING + timedelta(days=1)) == 1
    mail.refuses = True
    waits = []
    for _ in range(6):
        at = MORNING + timedelta(days=1)
        assert sending.deliver(at) == {"sent": 0, "failed": 1}
        waits.append((Delivery.objects.latest("pk").next_at - at) / timedelta(minutes=1))
        Delivery.objects.filter(state="waiting").update(next_at=MORNING)
    assert waits[:5] == [1, 5, 30, 120, 360]
    given_up = Delivery.objects.latest("pk")
    assert (given_up.state, given_up.attempts, given_up.error) == ("dead", 6, "邮件服务器不接受收件地址")
    sending.try_again(delivery=given_up, actor=cast.sysadmin, now=MORNING)
    mail.refuses = False
    assert sending.deliver(MORNING + timedelta(days=1))["sent"] == 1


def test_one_process_has_a_message_at_a_time(cast, mail):
    told(cast.liaison, "a")
    make_deliveries(MORNING)
    Delivery.objects.update(leased_until=MORNING + timedelta(minutes=1))
    assert sending.deliver(MORNING) == {"sent": 0, "failed": 0}
    # Who had it died: its lease runs out.
    assert sending.deliver(MORNING + timedelta(minutes=2))["sent"] == 1


def test_what_another_process_sends_meanwhile_is_sent_once(cast, mail, monkeypatch):
    for user in (cast.liaison, cast.principal):
        write_to(user)
        told(user, "a")
    make_deliveries(MORNING)
    others, send_mail = [], transports.send_mail

    def while_the_other_one_works(*args, **kwargs):
        if not others:
            others.append(None)
            others[0] = sending.deliver(MORNING)
        send_mail(*args, **kwargs)

    monkeypatch.setattr(transports, "send_mail", while_the_other_one_works)
    # The first is under way and left alone; the second is sent by the other process, and not once more by this one.
    assert (sending.deliver(MORNING)["sent"], others[0]["sent"]) == (1, 1)
    assert sorted(message["To"] for message in mail.taken) == ["liaison@example.gov.cn", "principal@example.gov.cn"]


def test_what_was_written_with_another_key_or_by_a_way_out_that_is_off_waits_in_words(cast, mail, settings):
    told(cast.liaison, "a")
    make_deliveries(MORNING)
    Channel.objects.update(is_on=False)
    assert sending.deliver(MORNING) == {"sent": 0, "failed": 1}
    assert Delivery.objects.get().error == "渠道已停用"
    Channel.objects.update(is_on=True)
    settings.SECRET_KEY = "another key" * 5
    assert sending.deliver(MORNING + timedelta(minutes=1))["failed"] == 1
    assert Delivery.objects.get().error == "系统密钥已更换，请重新填写渠道设置"


def test_whatever_is_wrong_with_one_message_the_next_one_leaves(cast, mail):
    told(cast.liaison, "a")
    set_up(cast, "feishu", webhook="http://127.0.0.1:9/")
    Channel.objects.filter(kind="feishu").update(sealed=seal("[]"))
    make_deliveries(MORNING)
    Delivery.objects.filter(channel__kind="feishu").update(next_at=MORNING - timedelta(minutes=1))
    assert sending.deliver(MORNING) == {"sent": 1, "failed": 1}
    assert Delivery.objects.get(state="waiting").error == "无法发送，请核对渠道设置和收件地址"


def test_a_test_is_tried_once_and_what_was_given_up_can_be_sent_again_by_its_keeper_alone(cast):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    set_up(cast, "email", host="127.0.0.1", port=port, sender="a@b.cn")
    made = sending.ask_test(kind="email", mail_to="a@b.cn", actor=cast.sysadmin, now=NOON)
    assert sending.deliver(NOON) == {"sent": 0, "failed": 1}
    made.refresh_from_db()
    assert (made.state, made.error) == ("dead", "连接不上邮件服务器")
    with pytest.raises(NotAllowed):
        sending.try_again(delivery=made, actor=cast.office, now=NOON)
    Delivery.objects.update(attempts=6)
    sending.try_again(delivery=made, actor=cast.sysadmin, now=NOON)
    made.refresh_from_db()
    assert (made.state, made.attempts) == ("waiting", 0)
    with pytest.raises(IllegalTransition):
        sending.try_again(delivery=made, actor=cast.sysadmin, now=NOON)


def test_after_ninety_days_what_was_sent_is_deleted_and_what_waits_is_kept(cast, mail):
    told(cast.liaison, "a", reach=Reach.AT_ONCE)
    assert make_deliveries(MORNING) == 2
    assert sending.deliver(MORNING)["sent"] == 2
    made = sending.ask_test(kind="email", mail_to="a@b.cn", actor=cast.sysadmin, now=MORNING)
    assert sending.purge_deliveries(MORNING + timedelta(days=90)) == 0
    sending.purge_deliveries(MORNING + timedelta(days=91))
    assert made in Delivery.objects.all()
    assert not Delivery.objects.filter(kind="at_once").exists()
    # Nothing is new since, and so nothing is told again.
    assert make_deliveries(MORNING + timedelta(days=91)) == 0


@pytest.mark.parametrize(
    "facts",
    [
        {"account": "张三", "password": "x"},
        {"host": "a..b"},
        {"host": "a" * 70},
        {"sender": f"c@{'例' * 63}.cn"},
    ],
)
def test_what_the_protocol_does_not_know_ends_one_message_and_no_other(cast, mail, facts):
    told(cast.liaison, "a")
    make_deliveries(MORNING)
    first = Delivery.objects.get()
    good = {"host": "127.0.0.1", "port": mail.server_address[1], "sender": "xt@example.gov.cn"}
    set_up(cast, "email", **good | facts)
    assert sending.deliver(MORNING) == {"sent": 0, "failed": 1}
    first.refresh_from_db()
    assert (first.attempts, bool(first.error)) == (1, True)
    # The next one leaves.
    set_up(cast, "email", **good)
    assert sending.deliver(MORNING + timedelta(minutes=2))["sent"] == 1


@pytest.mark.parametrize("answer", [b"rubbish\r\n\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"])
def test_a_robot_that_answers_rubbish_ends_one_message(cast, answer):
    def robot():
        connection, _ = listener.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=robot)
        thread.start()
        set_up(cast, "wecom", webhook=f"http://127.0.0.1:{listener.getsockname()[1]}/send")
        told(cast.liaison, "a")
        make_deliveries(MORNING)
        assert sending.deliver(MORNING) == {"sent": 0, "failed": 1}
        thread.join()
