"""What 运行状况 says of messages that wait: the oldest that has not left stands there, whenever it is tried next."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from notifications.domain import sending
from notifications.domain.digests import make_deliveries
from notifications.models import Delivery
from notifications.tests.delivering import MORNING, told
from tests.cast import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON)]


def said(cast) -> tuple[str, str]:
    client = Client()
    client.force_login(cast.sysadmin, backend="django.contrib.auth.backends.ModelBackend")
    [line] = [one for one in client.get(reverse("system")).context["lines"] if one.label == "对外通知"]
    return line.state, line.text


def test_a_message_that_fails_again_and_again_is_told_while_it_waits_for_its_next_try(cast, mail, clock):
    told(cast.liaison, "a")
    clock.move_to(MORNING)
    assert said(cast) == ("in_order", "没有等待发送的")
    make_deliveries(MORNING)
    assert said(cast) == ("in_order", "1 条等待发送，最早的已等 0 分钟")
    mail.refuses = True
    for minutes in (0, 1, 6, 36):
        assert sending.deliver(MORNING + timedelta(minutes=minutes))["failed"] == 1
    # The next try is two hours away.
    clock.move_to(MORNING + timedelta(minutes=70))
    assert said(cast) == ("attention", "1 条等待发送，最早的已等 70 分钟，其中 1 条发送失败过，稍后再试")
    Delivery.objects.update(state="dead")
    assert said(cast) == ("attention", "1 条未能送达")
