"""来件: reported problems are entered by hand, found by their reference, answered; the reporter can be erased."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.urls import reverse
from pytest_django.asserts import assertRedirects

from core.exceptions import Conflict, NotAllowed, Refused
from core.idempotency import new_key
from core.models import AuditEntry
from issues.domain import lifecycle
from issues.domain.incoming import records
from issues.domain.incoming.reporter import Reporter
from issues.domain.ledger import filter_choices
from issues.domain.queries import issues_visible_to
from issues.enums import IssueSource
from issues.filters import LedgerFilter
from issues.models import Incoming, Issue
from tests.cast import NOON, issue_in

PHONE = "13800001111"
TOLD = Reporter(name="甲某", phone=PHONE, reply="已告知本周办结", satisfaction="good")


def entered(cast, *, actor=None, **data):
    given = {"source": IssueSource.HOTLINE, "description": "居住证办理须跑两次", "found_on": NOON.date(), "told": TOLD}
    return records.enter(campaign=cast.campaign, actor=actor or cast.office, now=NOON, **(given | data))


def test_who_enters_for_one_campaign_is_led_straight_to_the_form(client, cast):
    client.force_login(cast.office)
    assertRedirects(client.get(reverse("incoming")), reverse("incoming_add", args=[cast.campaign.code]))


@pytest.mark.both_databases
def test_a_reported_problem_is_an_issue_that_goes_its_way(cast):
    issue = entered(cast, source_number="GD20220608-01", unit=cast.unit, item=cast.item, category="业务办理")
    assert (issue.number, issue.state, issue.get_source_display()) == ("QH2022-00001", "registered", "12345热线")
    assert (issue.discovering_department, issue.lead_department) == (cast.office_unit, cast.office_unit)
    assert (issue.proposed_department, issue.item, issue.period, issue.walk) == (cast.unit, cast.item, "2022-06", None)
    assert (issue.incoming.name, issue.incoming.phone) == ("甲某", "138****1111")
    due = date(2022, 6, 28)
    for action, actor, data in (
        ("assign", cast.office, {"department": cast.unit, "due_on": due}),
        ("accept", cast.liaison, {}),
        ("plan", cast.liaison, {"responsible_person": cast.responsible, "measures": "联网核验", "due_on": due}),
        ("request_closing", cast.responsible, {"result": "一次办结"}),
        ("approve_closing", cast.office, {}),
    ):
        lifecycle.perform(issue=issue, action=action, actor=actor, data=data, now=NOON)
    assert issue.state == "closed"
    assert AuditEntry.objects.filter(action="incoming.entered", actor_id=cast.office.pk).count() == 1


def test_a_lead_enters_for_its_own_unit_and_the_unit_may_stay_open(cast):
    issue = entered(cast, actor=cast.lead, source=IssueSource.INSTRUCTION)
    assert (issue.discovering_department, issue.lead_department) == (cast.lead_unit, cast.lead_unit)
    assert (issue.proposed_department, issue.get_source_display()) == (None, "领导批示")
    for persona in ("liaison", "supervisor", "office_other_county", "office_city", "sysadmin"):
        with pytest.raises(NotAllowed):
            entered(cast, actor=cast.people[persona])


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"source": IssueSource.WALK}, "source"),
        ({"source": IssueSource.VISIT}, "source"),
        ({"description": " "}, "description"),
        ({"found_on": NOON.date() + timedelta(days=1)}, "found_on"),
        ({"found_on": date(2021, 1, 1)}, "found_on"),
        ({"category": "没有的类"}, "category"),
    ],
)
def test_what_is_missing_is_named(cast, data, field):
    with pytest.raises(Refused) as refused:
        entered(cast, **data)
    assert set(refused.value.fields) == {field}
    assert not Issue.objects.exists()


def test_no_unit_and_no_item_of_another_region(cast):
    cast.item.department = cast.namesake_unit
    with pytest.raises(Refused) as refused:
        entered(cast, unit=cast.namesake_unit, item=cast.item)
    assert set(refused.value.fields) == {"unit", "item"}


def test_a_reference_is_found_and_not_entered_twice(cast):
    issue = entered(cast, source_number="GD20220608-01")
    with pytest.raises(Refused) as refused:
        entered(cast, source_number="GD20220608-01")
    assert refused.value.fields == {"source_number": f"这一来源编号已经登记为 {issue.number}，请勿重复登记"}
    assert entered(cast, source=IssueSource.MEDIA, source_number="GD20220608-01").number != issue.number
    # Of an issue the lead does not see it is given no hint.
    assert entered(cast, actor=cast.lead, source_number="GD20220608-01").number
    today = NOON.date()
    seen, choices = issues_visible_to(cast.office), filter_choices(cast.office, today)
    assert LedgerFilter({"q": "gd20220608-01"}, seen, choices=choices, today=today).qs.count() == 3


def test_the_reporter_is_told_to_office_and_lead_alone(client, cast):
    issue = entered(cast, unit=cast.unit, source_number="GD-1")
    lifecycle.perform(issue=issue, action="assign", actor=cast.office, data={"department": cast.unit}, now=NOON)
    shown = {}
    for persona in ("office", "supervisor", "liaison"):
        client.force_login(cast.people[persona])
        shown[persona] = client.get(reverse("issue", args=[issue.number])).content.decode()
    assert ["甲某" in shown[persona] for persona in ("office", "supervisor", "liaison")] == [True, True, False]
    assert all(word in shown["liaison"] for word in ("GD-1", "已告知本周办结", "满意"))


@pytest.mark.both_databases
def test_an_answer_is_noted_and_its_words_stand_nowhere_but_where_they_are_erased(cast):
    issue = entered(cast, told=None)
    data = {"reply": "已电话告知甲某", "satisfaction": "very_good"}
    lifecycle.perform(issue=issue, action="note_reply", actor=cast.office, data=data, now=NOON)
    held = Incoming.objects.get()
    assert (held.reply, held.satisfaction) == ("已电话告知甲某", "very_good")
    assert issue.events.last().note == "已登记答复；满意度：非常满意"
    records.erase(issue=issue, actor=cast.office, reason="本人申请")
    held.refresh_from_db()
    assert (held.name, held.phone, held.reply, held.satisfaction) == ("", "", "", "very_good")
    issue = Issue.objects.get(pk=issue.pk)
    with pytest.raises(Conflict):
        lifecycle.perform(issue=issue, action="note_reply", actor=cast.office, data=data, now=NOON)
    with pytest.raises(Refused):
        records.erase(issue=issue, actor=cast.office, reason="本人申请")
    with pytest.raises(DatabaseError), transaction.atomic():
        Incoming.objects.update(name="甲某")


def test_what_a_walk_found_has_nobody_to_answer(cast):
    issue = issue_in(cast, "rectifying")
    assert "note_reply" not in {row.action for row in lifecycle.available(cast.office, issue)}
    with pytest.raises(Conflict):
        lifecycle.perform(issue=issue, action="note_reply", actor=cast.office, data={"reply": "好"}, now=NOON)


def test_the_command_erases_with_a_reason(cast, capsys):
    issue = entered(cast)
    call_command("erase_reporter", "--issue", issue.number, "--reason", "本人申请", "--as", "office")
    assert "已清除" in capsys.readouterr().out
    entry = AuditEntry.objects.get(action="incoming.erased")
    assert (entry.actor_id, entry.object_key, entry.detail["reason"]) == (cast.office.pk, issue.number, "本人申请")


def test_the_page_enters_once_and_answers_on_the_page_of_the_act(client, cast):
    client.force_login(cast.office)
    assert "登记来件" in client.get(reverse("issues")).content.decode()
    url = reverse("incoming_add", args=[cast.campaign.code])
    data = {"source": "survey", "found_on": "2022-06-08", "description": "窗口排队", "phone": PHONE}
    sent = data | {"idempotency_key": new_key()}
    first = client.post(url, sent)
    issue = Issue.objects.get()
    assert first.url == reverse("issue", args=[issue.number])
    assert client.post(url, sent).status_code == 302
    more = client.post(url, data | {"then_more": "1", "idempotency_key": new_key()})
    assert (more.url, Issue.objects.count()) == (url, 2)
    act = {"reply": "已告知", "version": issue.version, "idempotency_key": new_key()}
    assert client.post(reverse("issue_act", args=[issue.number, "note_reply"]), act).status_code == 302
    assert Incoming.objects.get(issue=issue).reply == "已告知"
