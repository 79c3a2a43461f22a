"""Three days without power while much fell due: one round makes and sends all of it. In ``make soak`` 10,000 within a
minute."""

import time
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from issues.domain.reminder_delivery import make_due_reminders
from issues.models import Issue
from notifications.domain import sending
from notifications.enums import DeliveryKind
from notifications.models import Channel, Delivery, Notice
from notifications.tests.delivering import MORNING, set_up, write_to
from reports.domain.reminding import make_all_reminders
from tests.cast import NOON, TZ, issue_in
from tests.mail_server import MailServer, served
from tests.scale import SOAK, scaled

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON)]
ISSUES, MAILS = scaled(40, 1250), scaled(120, 2500)
A_MINUTE = 60


def on(day: int) -> datetime:
    return datetime(2022, 6, day, 9, tzinfo=TZ)


def within_a_minute(act):
    started = time.monotonic()
    answer = act()
    assert not SOAK or time.monotonic() - started < A_MINUTE
    return answer


@pytest.mark.both_databases
def test_one_round_makes_every_reminder_of_three_days_and_merges_what_was_missed(cast):
    model = issue_in(cast, "rectifying")
    fields = {
        field.attname: getattr(model, field.attname) for field in Issue._meta.concrete_fields if not field.generated
    }
    copies = [
        Issue(**fields | {"id": None, "public_id": uuid4(), "number": f"QH2022-1{n:04}"}) for n in range(1, ISSUES)
    ]
    Issue.objects.bulk_create(copies)
    # Due on Tuesday the 28th: reminded of on the 24th, then off from the 27th to the 29th.
    assert make_due_reminders(on(24))["new"] == 2 * ISSUES
    made = within_a_minute(lambda: make_all_reminders(on(29)))
    assert made["issues"] == ISSUES
    reminders = Notice.objects.filter(kind__in=("reminder.T-3", "reminder.T-0", "reminder.overdue"))
    assert reminders.count() == 10 * ISSUES
    assert reminders.filter(superseded=True).count() == 2 * ISSUES
    assert make_all_reminders(on(29))["new"] == 0


def test_one_round_sends_every_message_that_waits_once(cast):
    with served(MailServer()) as server:
        mail: Channel = set_up(
            cast, "email", host="127.0.0.1", port=server.server_address[1], sender="xt@example.gov.cn"
        )
        write_to(cast.liaison)
        facts = {"channel": mail, "kind": DeliveryKind.DIGEST, "recipient": cast.liaison, "count": 1}
        facts |= {"made_at": NOON, "next_at": NOON}
        Delivery.objects.bulk_create(Delivery(key=f"k{n}", **facts) for n in range(MAILS))
        # What a process has that died stands at the head and holds up nothing.
        held = Delivery.objects.filter(key__in=[f"k{n}" for n in range(60)])
        held.update(leased_until=MORNING + timedelta(minutes=2))
        rounds = [within_a_minute(lambda: sending.deliver(MORNING))]
        rounds.append(sending.deliver(MORNING + timedelta(minutes=3)))
        assert [one["sent"] for one in rounds] == [MAILS - 60, 60]
        assert len({message["Message-ID"] for message in server.taken}) == len(server.taken) == MAILS
