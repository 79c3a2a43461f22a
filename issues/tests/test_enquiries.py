"""举一反三: units are asked whether they have the same problem; 有 opens an issue in that unit."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.domain.memberships import grant_membership
from core.exceptions import Conflict, NotAllowed, Refused
from core.idempotency import new_key
from issues.domain.chases.queries import chases_of, chases_visible_to
from issues.domain.enquiries import chasing, lifecycle
from issues.domain.enquiries.queries import enquiries_of, kin_of, replies_shown_to, reply_rows, tallies
from issues.domain.enquiries.reminders import make_enquiry_reminders
from issues.domain.enquiries.units import units_to_ask
from issues.models import Chase, Enquiry, EnquiryEvent, EnquiryReply, Issue
from notifications.models import Notice
from tests.cast import NOON, issue_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DUE = date(2022, 6, 15)
LATE = NOON.replace(day=17)


def sent(issue, actor, units, now=NOON, **data):
    given = {"question": "有无未一次性告知的情形", "reply_by": DUE} | data
    return lifecycle.send(issue=issue, actor=actor, units=units, now=now, **given)


def reply_of(unit) -> EnquiryReply:
    return EnquiryReply.objects.select_related(*lifecycle.OF_REPLY).get(department=unit)


def answered(unit, actor, action="none", words="逐个窗口排查", now=NOON, **data):
    reply = reply_of(unit)
    return lifecycle.answer(reply=reply, action=action, actor=actor, data={"words": words, **data}, now=now)


def test_every_unit_of_the_roster_but_the_responsible_one_may_be_asked(cast):
    issue = issue_in(cast, "rectifying")
    units = units_to_ask(cast.office, issue, NOON.date())
    assert [unit.name for unit in units] == ["县公安局", "县司法局", "县行政审批局"]
    made = sent(issue, cast.office, units)
    assert list(made.replies.values_list("state", flat=True)) == ["reply_waiting"] * 3
    told = Notice.objects.filter(kind="enquiry.send")
    assert [one.recipient for one in told] == [cast.second_liaison]
    assert sent(issue_in(cast, "closed"), cast.lead, [cast.second_unit]).department == cast.lead_unit


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"units": []}, "被征询单位"),
        ({"question": " "}, "征询内容"),
        ({"reply_by": None}, "答复期限"),
        ({"reply_by": NOON.date() - timedelta(days=1)}, "答复期限"),
        ({"reply_by": NOON.date() + timedelta(days=91)}, "答复期限"),
    ],
)
def test_each_missing_part_of_an_enquiry_is_named(cast, data, words):
    with pytest.raises(Refused, match=words):
        sent(issue_in(cast, "rectifying"), cast.office, **({"units": [cast.second_unit]} | data))


def test_neither_the_responsible_unit_nor_one_of_another_region_nor_one_that_still_answers_is_asked(cast):
    issue = issue_in(cast, "rectifying")
    for unit in (cast.unit, cast.namesake_unit, cast.office_unit):
        with pytest.raises(Refused, match="活动名单内"):
            sent(issue, cast.office, [unit])
    sent(issue, cast.office, [cast.second_unit])
    with pytest.raises(Refused, match="县公安局正在答复"):
        sent(issue, cast.lead, [cast.second_unit, cast.lead_unit])


def test_office_and_lead_send_and_nobody_else(cast):
    issue = issue_in(cast, "rectifying")
    for persona in ("liaison", "supervisor", "office_city", "second_liaison"):
        with pytest.raises(NotAllowed):
            sent(issue, cast.people[persona], [cast.second_unit])
    Issue.objects.filter(pk=issue.pk).update(state="merged")
    with pytest.raises(Conflict, match="并案"):
        sent(Issue.objects.get(pk=issue.pk), cast.office, [cast.second_unit])


def test_found_opens_an_issue_in_that_unit_with_the_class_inherited(cast):
    issue = issue_in(cast, "rectifying")
    sent(issue, cast.office, [cast.second_unit])
    with pytest.raises(Refused, match="请写明本单位存在的问题"):
        answered(cast.second_unit, cast.second_liaison, "found", " ")
    with pytest.raises(Refused, match="本单位的事项"):
        answered(cast.second_unit, cast.second_liaison, "found", item=cast.item)
    reply = answered(cast.second_unit, cast.second_liaison, "found", "户籍窗口未一次性告知")
    child = reply.child
    assert (child.number, child.state, child.get_source_display()) == ("QH2022-00002", "registered", "举一反三")
    assert (child.category, child.stage, child.campaign) == (issue.category, issue.stage, issue.campaign)
    assert child.discovering_department == child.proposed_department == cast.second_unit
    assert (child.lead_department, child.description) == (issue.lead_department, "户籍窗口未一次性告知")
    assert Enquiry.objects.get().state == "enquiry_answered"
    assert Notice.objects.filter(kind="enquiry.found", recipient=cast.office).exists()
    assert Notice.objects.filter(kind="enquiry.complete", recipient=cast.office).exists()


def test_each_side_reads_of_the_other_issue_as_far_as_it_sees_it(cast):
    issue = issue_in(cast, "rectifying")
    sent(issue, cast.office, [cast.second_unit])
    child = answered(cast.second_unit, cast.second_liaison, "found").child
    assert kin_of(child, cast.office)["parent"] == issue.number
    assert kin_of(child, cast.second_liaison)["parent"] == ""
    assert kin_of(issue, cast.office)["children"][0]["number"] == child.number
    assert kin_of(issue, cast.liaison) == {"parent": None, "children": [], "unseen": 1}
    [row] = reply_rows(replies_shown_to(cast.second_liaison), today=NOON.date())
    assert (row["number"], row["child"]) == ("", child.number)
    assert not replies_shown_to(cast.liaison).exists()
    for persona in ("supervisor", "lead", "office_city"):
        assert replies_shown_to(cast.people[persona]).exists()
    [shown] = enquiries_of(issue, cast.liaison, NOON.date())
    assert (shown["asked"], shown["found"], shown["follows"]) == (1, 1, False)


def test_a_child_may_have_children(cast):
    sent(issue_in(cast, "rectifying"), cast.office, [cast.second_unit])
    child = answered(cast.second_unit, cast.second_liaison, "found").child
    sent(child, cast.office, [cast.unit])
    grandchild = answered(cast.unit, cast.liaison, "found").child
    assert kin_of(grandchild, cast.office)["parent"] == child.number


def test_of_two_who_answer_one_wins_and_no_issue_of_the_other_stays(cast):
    grant_membership(user=cast.liaison, department=cast.second_unit, role="liaison")
    cast.liaison.__dict__.pop("_scope", None)
    sent(issue_in(cast, "rectifying"), cast.office, [cast.second_unit])
    first, second = reply_of(cast.second_unit), reply_of(cast.second_unit)
    lifecycle.answer(reply=first, action="none", actor=cast.second_liaison, data={"words": "无"}, now=NOON)
    with pytest.raises(Conflict, match=rf"{cast.second_liaison}.*处于“无”"):
        lifecycle.answer(reply=second, action="found", actor=cast.liaison, data={"words": "有"}, now=NOON)
    assert Issue.objects.count() == 1
    with pytest.raises(NotAllowed):
        lifecycle.answer(reply=first, action="none", actor=cast.principal, data={"words": "无"}, now=NOON)


def test_a_late_answer_is_named(cast):
    sent(issue_in(cast, "rectifying"), cast.office, [cast.second_unit, cast.lead_unit])
    answered(cast.second_unit, cast.second_liaison, now=LATE)
    rows = reply_rows(replies_shown_to(cast.office).order_by("department__order"), today=LATE.date())
    assert [row["late"] for row in rows] == ["逾期 2 个工作日"] * 2
    assert dict(tallies(rows)) == {"征询": 2, "有": 0, "无": 1, "待回复": 1, "已逾期": 1, "逾期答复": 1}


def test_the_sending_side_ends_it_with_a_reason_and_answers_stay(cast):
    made = sent(issue_in(cast, "rectifying"), cast.office, [cast.second_unit, cast.lead_unit])
    answered(cast.second_unit, cast.second_liaison)
    for persona in ("lead", "second_liaison", "supervisor"):
        with pytest.raises(NotAllowed):
            lifecycle.end(enquiry=made, actor=cast.people[persona], data={"note": "重复"}, now=NOON)
    with pytest.raises(Refused, match="终止原因"):
        lifecycle.end(enquiry=made, actor=cast.office, data={"note": " "}, now=NOON)
    lifecycle.end(enquiry=made, actor=cast.office_second, data={"note": "重复"}, now=NOON)
    assert set(made.replies.values_list("state", flat=True)) == {"reply_none", "reply_dropped"}
    with pytest.raises(Conflict, match=rf"{cast.office_second}.*已终止"):
        lifecycle.end(enquiry=made, actor=cast.office, data={"note": "重复"}, now=NOON)


def test_what_was_asked_and_answered_never_changes(cast):
    sent(issue_in(cast, "rectifying"), cast.office, [cast.second_unit, cast.lead_unit])
    answered(cast.second_unit, cast.second_liaison)
    for model, change in (
        (Enquiry, {"question": "别的"}),
        (EnquiryReply, {"words": "改"}),
        (EnquiryEvent, {"note": "改"}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.all()._raw_delete(using="default")


def test_units_are_chased_one_or_all_once_a_day(cast):
    issue = issue_in(cast, "rectifying")
    made = sent(issue, cast.office, [cast.second_unit, cast.lead_unit])
    grant_membership(user=cast.lead, department=cast.lead_unit, role="liaison")
    lines = chasing.lines_of(made, NOON.date())
    assert [line.names for line in lines] == [[str(cast.second_liaison)], [str(cast.lead)]]
    every = [line.reply for line in lines]
    given = {"enquiry": made, "words": "请抓紧", "actor": cast.office, "now": NOON}
    assert chasing.chase(replies=every, again=False, **given) == 2
    with pytest.raises(Refused, match=r"已由.*催办过"):
        chasing.chase(replies=every[:1], again=False, **given)
    assert chasing.chase(replies=every[:1], again=True, **given) == 1
    assert list(Chase.objects.values_list("number", flat=True).order_by("id")) == [1, 1, 2]
    assert reply_of(cast.second_unit).chases == 2
    # The rows stand in the list of chases of those who read the answers, and not among those of the issue itself.
    assert chases_of(issue) == []
    assert chases_visible_to(cast.office).count() == 3
    assert not chases_visible_to(cast.liaison).exists()
    with pytest.raises(NotAllowed):
        chasing.chase(replies=every, again=True, **(given | {"actor": cast.lead}))
    answered(cast.second_unit, cast.second_liaison)
    with pytest.raises(Conflict, match="已经答复"):
        chasing.chase(replies=every, again=True, **given)


def test_reminders_come_before_and_after_the_date_and_close_with_the_answer(cast):
    sent(issue_in(cast, "rectifying"), cast.office, [cast.second_unit])
    assert make_enquiry_reminders(NOON) == {"enquiries": 1, "reminders": 0, "new": 0}
    assert make_enquiry_reminders(NOON.replace(day=14))["new"] == 1
    assert make_enquiry_reminders(NOON.replace(day=16))["new"] >= 2
    told = Notice.objects.filter(kind="reminder.enquiry.late")
    assert {one.recipient.username for one in told} == {"second_liaison", "office", "office_second"}
    answered(cast.second_unit, cast.second_liaison, now=LATE)
    assert not Notice.objects.filter(kind__startswith="reminder.enquiry", closed_at=None).exists()


@pytest.mark.clock(NOON)
def test_the_pages_from_sending_to_the_answer(cast, client):
    issue = issue_in(cast, "rectifying")
    client.force_login(cast.office)
    page = client.get(reverse("enquiry_send", args=[issue.number]))
    assert "县司法局" in page.content.decode()
    body = {"question": "有无同类问题", "workdays": "5", "units": [cast.second_unit.pk], "idempotency_key": new_key()}
    answer = client.post(reverse("enquiry_send", args=[issue.number]), body)
    made = Enquiry.objects.get()
    assert (answer.url, made.reply_by) == (reverse("enquiry", args=[made.public_id]), DUE)
    assert "征询 1 个单位，有 0、无 0、待回复 1" in client.get(reverse("issue", args=[issue.number])).content.decode()
    chase = {"chosen": [made.replies.get().public_id], "note": "请抓紧", "idempotency_key": new_key()}
    assert client.post(reverse("enquiry_chase", args=[made.public_id]), chase).status_code == 302
    client.force_login(cast.second_liaison)
    assert "举一反三待回复" in client.get(reverse("home")).content.decode()
    reply = made.replies.get()
    url = reverse("enquiry_answer", args=[reply.public_id, "found"])
    assert issue.number not in client.get(url).content.decode()
    told = {"words": "户籍窗口同样", "version": reply.version, "idempotency_key": new_key()}
    assert client.post(url, told).status_code == 302
    late = client.post(reverse("enquiry_answer", args=[reply.public_id, "none"]), told | {"idempotency_key": new_key()})
    assert late.status_code == 409
    assert "户籍窗口同样" in late.content.decode(), "what was typed stays"
    client.force_login(cast.office)
    sheet = openpyxl.load_workbook(
        io.BytesIO(b"".join(client.get(reverse("enquiries_export")).streaming_content))
    ).active
    assert [cell.value for cell in sheet[4]][6:9] == ["有", "户籍窗口同样", "QH2022-00002"]


@pytest.mark.clock(NOON)
def test_a_list_of_many_takes_as_many_queries_as_one(cast, client, django_assert_num_queries):
    issue = issue_in(cast, "rectifying")
    client.force_login(cast.office)
    client.get(reverse("enquiries"))
    for units in ([cast.second_unit], [cast.lead_unit]):
        sent(issue, cast.office, units)
        with django_assert_num_queries(12):
            client.get(reverse("enquiries"))
