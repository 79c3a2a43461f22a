"""督查记录: recorded by the office, findings on the ledger like any other, a quarter without one is reminded of."""

import io
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from campaigns.models import Campaign
from campaigns.tests.setup_page import fields_of
from core.exceptions import Conflict, NotAllowed, Refused
from core.idempotency import new_key
from core.models import AuditEntry
from issues.domain import lifecycle
from issues.domain.inspections import records
from issues.domain.inspections.queries import inspections_visible_to
from issues.domain.inspections.reminders import make_inspection_reminders
from issues.models import Inspection, Issue
from notifications.models import Notice
from tests.cast import NOON, TZ
from tests.database import without_triggers

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def recorded(cast, *, actor=None, now=NOON, **data):
    given = {
        "day": now.date(),
        "inspectors": "督查组2人",
        "units": [cast.unit, cast.second_unit],
        "summary": "总体较好",
    }
    return records.record(campaign=cast.campaign, actor=actor or cast.office, now=now, **(given | data))


def found(cast, inspection, **data):
    given = {
        "unit": cast.unit,
        "description": "窗口公示过期",
        "category": "业务办理",
        "actor": cast.office,
        "now": NOON,
    }
    return records.add_finding(inspection=inspection, **(given | data))


def test_a_finding_is_an_issue_with_the_source_of_inspection_and_goes_its_way(cast):
    issue = found(cast, recorded(cast))
    assert (issue.number, issue.state, issue.get_source_display()) == ("QH2022-00001", "registered", "督查")
    assert (issue.found_on, issue.period, issue.discovering_department) == (NOON.date(), "2022-06", cast.office_unit)
    due = date(2022, 6, 28)
    for action, actor, data in (
        ("assign", cast.office, {"department": cast.unit, "due_on": due}),
        ("accept", cast.liaison, {}),
        ("plan", cast.liaison, {"responsible_person": cast.responsible, "measures": "更新公示", "due_on": due}),
        ("request_closing", cast.responsible, {"result": "已更新"}),
        ("approve_closing", cast.office, {}),
    ):
        lifecycle.perform(issue=issue, action=action, actor=actor, data=data, now=NOON)
    assert issue.state == "closed"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"day": date(2022, 6, 9)}, "督查日期"),
        ({"day": date(2022, 5, 24)}, "督查日期"),
        ({"inspectors": " "}, "督查人员"),
        ({"units": []}, "被督查单位"),
        ({"summary": ""}, "督查情况"),
    ],
)
def test_each_missing_part_of_a_record_is_named(cast, data, words):
    with pytest.raises(Refused, match=words):
        recorded(cast, **data)


def test_units_of_another_region_are_not_inspected(cast):
    with pytest.raises(Refused, match="被督查单位"):
        recorded(cast, units=[cast.namesake_unit])
    with pytest.raises(Refused, match="被督查的单位"):
        found(cast, recorded(cast), unit=cast.lead_unit)
    with pytest.raises(Refused, match="分类"):
        found(cast, recorded(cast), category="别的")
    with pytest.raises(Refused, match="发现了什么问题"):
        found(cast, recorded(cast), description=" ")
    ended = cast.campaign.ends_on + timedelta(days=1)
    with pytest.raises(Refused, match="督查日期"):
        recorded(cast, now=NOON.replace(year=ended.year, month=ended.month, day=ended.day))
    cast.second_unit.is_active = False
    with pytest.raises(Refused, match="在册"):
        recorded(cast)


def test_the_office_records_and_others_read_or_not_at_all(cast):
    for persona in ("lead", "liaison", "supervisor", "office_city"):
        with pytest.raises(NotAllowed):
            recorded(cast, actor=cast.people[persona])
    made = recorded(cast)
    for persona in ("lead", "liaison", "supervisor", "office_city"):
        with pytest.raises(NotAllowed):
            found(cast, made, actor=cast.people[persona])
        with pytest.raises(NotAllowed):
            records.strike(inspection=made, reason="误", actor=cast.people[persona], now=NOON)
    seen = {one for one in ("office", "supervisor", "office_city") if inspections_visible_to(cast.people[one]).exists()}
    assert seen == {"office", "supervisor", "office_city"}
    for persona in ("lead", "liaison", "office_other_county"):
        assert not inspections_visible_to(cast.people[persona]).exists()


def test_a_record_is_struck_out_once_and_not_over_findings(cast):
    wrong, right = recorded(cast), recorded(cast)
    found(cast, right)
    with pytest.raises(Refused, match="作废原因"):
        records.strike(inspection=wrong, reason=" ", actor=cast.office)
    records.strike(inspection=wrong, reason="重复", actor=cast.office, now=NOON)
    # Of two people the second is told.
    with pytest.raises(Conflict, match=str(cast.office)):
        records.strike(inspection=wrong, reason="重复", actor=cast.office_second, now=NOON)
    with pytest.raises(Conflict, match="已作废"):
        found(cast, wrong)
    with pytest.raises(Refused, match="不能作废"):
        records.strike(inspection=right, reason="误", actor=cast.office)


def test_a_record_never_changes(cast):
    recorded(cast)
    with pytest.raises(DatabaseError), transaction.atomic():
        Inspection.objects.update(summary="改")
    with pytest.raises(DatabaseError), transaction.atomic():
        Inspection.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Inspection.units.through.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Inspection.units.through.objects.filter(department=cast.unit).update(department=cast.lead_unit)
    records.strike(inspection=Inspection.objects.get(), reason="误", actor=cast.office, now=NOON)
    with pytest.raises(DatabaseError), transaction.atomic():
        Inspection.objects.update(struck_at=None, struck_by=None, struck_reason="")


def on(month: int, day: int) -> datetime:
    return datetime(2022, month, day, 12, 0, tzinfo=TZ)


def asked_each_quarter(cast):
    with without_triggers("campaigns_ruleversion"):
        version = cast.campaign.rule_versions.get()
        version.data["oversight"]["inspection_rhythm"] = "quarterly"
        version.save(update_fields=["data"])


def test_a_quarter_without_one_is_reminded_of_where_the_notice_asks(cast):
    Campaign.objects.filter(pk=cast.campaign.pk).update(state="running")
    assert make_inspection_reminders(on(7, 1))["inspections"] == 0
    asked_each_quarter(cast)
    assert make_inspection_reminders(on(6, 8))["new"] == 0
    assert make_inspection_reminders(on(6, 20))["new"] == 2
    assert make_inspection_reminders(on(7, 1))["new"] == 2
    told = Notice.objects.filter(kind="reminder.inspection.late")
    assert sorted(told.values_list("recipient__username", flat=True)) == ["office", "office_second"]
    one = recorded(cast, now=on(7, 1), day=date(2022, 6, 30))
    make_inspection_reminders(on(7, 1))
    assert not told.filter(closed_at=None).exists()
    records.strike(inspection=one, reason="误记", actor=cast.office, now=on(7, 1))
    # It is owed again, and reminded of anew.
    assert make_inspection_reminders(on(7, 4))["inspections"] == 2
    assert told.filter(closed_at=None).count() == 2


def test_it_is_recorded_on_the_pages(client, cast):
    client.force_login(cast.office)
    url = reverse("inspection_add", args=[cast.campaign.code])
    typed = fields_of(client.get(url).context["form"])
    assert client.post(url, typed).status_code == 400
    typed |= {"inspected_on": "2022-06-08", "inspectors": "甲", "units": [cast.unit.pk], "summary": "好"}
    address = client.post(url, typed)["Location"]
    client.post(url, typed)
    assert Inspection.objects.count() == 1
    finding = fields_of(client.get(address).context["form"]) | {"unit": cast.unit.pk, "description": "台账未更新"}
    assert client.post(address, finding).status_code == 302
    assert "台账未更新" in client.get(address).text
    assert Issue.objects.get().source == "inspection"
    other = recorded(cast)
    strike = reverse("inspection_strike", args=[other.public_id])
    assert client.post(strike, {"idempotency_key": new_key(), "reason": "重复"}).status_code == 302
    assert "已作废" in client.get("/inspections/").text
    entries = AuditEntry.objects.filter(action__startswith="inspection.").order_by("id")
    done = [f"inspection.{what}" for what in ("recorded", "finding", "recorded", "struck")]
    assert list(entries.values_list("action", flat=True)) == done
    # The second of two people is told who was first and when, and reads what was typed.
    client.force_login(cast.office_second)
    late = client.post(strike, {"idempotency_key": new_key(), "reason": "与上周的一次重复"})
    said = f"该督查记录已作废，由{cast.office}于"
    assert (late.status_code, said in late.text, "与上周的一次重复" in late.text) == (409, True, True)
    assert (Inspection.objects.get(pk=other.pk).struck_reason, client.get(address).context["adds"]) == ("重复", True)
    assert not client.get(reverse("inspection", args=[other.public_id])).context["adds"]
    answer = client.get(f"/inspections/export/?campaign={cast.campaign.code}")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    texts = [cell.value for row in sheet.iter_rows() for cell in row]
    assert (texts.count("县民政局"), "已作废：重复" in texts) == (1, True)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_whatever_it_holds(client, cast, rows, django_assert_num_queries):
    for _ in range(rows):
        found(cast, recorded(cast))
    client.force_login(cast.office)
    client.get("/inspections/")
    with django_assert_num_queries(11):
        assert client.get("/inspections/").status_code == 200
