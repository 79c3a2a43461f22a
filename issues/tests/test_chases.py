"""催办: who was chased by whom, when it was read; several at once with a preview; not twice a day unknowingly."""

import io

import openpyxl
import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.domain.memberships import grant_membership
from accounts.models import Membership
from core.exceptions import NotAllowed, Refused, StaleVersion
from core.idempotency import new_key
from core.models import AuditEntry
from issues.domain import lifecycle
from issues.models import Chase, Issue
from notifications.domain.notices import mark_read
from notifications.models import Notice
from tests.cast import AUTUMN, NOON, issue_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def chased(issue, actor, now=NOON, **data):
    return lifecycle.perform(issue=issue, action="chase", actor=actor, data=data, now=now)


def people() -> list[str]:
    return sorted(Chase.objects.values_list("person__username", flat=True))


def test_the_unit_is_chased_and_the_record_says_when_it_was_read(client, cast):
    issue = issue_in(cast, "rectifying")
    version = issue.version
    chased(issue, cast.office, note="请报进展")
    assert people() == ["liaison", "responsible"]
    assert (issue.chases, issue.chased_on, issue.version) == (1, NOON.date(), version)
    assert (issue.events.last().note, issue.events.last().data["people"]) == (
        "请报进展",
        "测试liaison、测试responsible",
    )
    mark_read(user=cast.liaison, ids=Notice.objects.filter(recipient=cast.liaison).values_list("pk", flat=True))
    client.force_login(cast.office)
    rows = client.get(reverse("issue", args=[issue.number])).context["detail"]["chases"]
    assert [(row["person__label"], bool(row["notice__read_at"])) for row in rows] == [
        ("测试responsible", False),
        ("测试liaison", True),
    ]
    assert client.get("/issues/?tab=all&cols=chased_on,chases").context["page"].rows[0]["chases"] == 1


def test_once_it_is_overdue_the_principal_is_chased_too(cast):
    chased(issue_in(cast, "rectifying"), cast.lead, AUTUMN)
    assert people() == ["liaison", "principal", "responsible"]


def test_nobody_is_chased_twice_a_day_without_being_told(cast):
    issue = issue_in(cast, "rectifying")
    chased(issue, cast.lead)
    with pytest.raises(Refused, match="今天 12:00 已由测试lead催办过测试responsible、测试liaison"):
        chased(issue, cast.office)
    chased(issue, cast.office, again=True)
    chased(issue, cast.office, NOON.replace(day=9))
    assert (issue.chases, Chase.objects.count()) == (3, 6)


def test_the_unit_itself_and_readers_do_not_chase(cast):
    issue = issue_in(cast, "rectifying")
    for persona in ("liaison", "supervisor", "office_city"):
        with pytest.raises(NotAllowed):
            chased(issue, cast.people[persona])
    grant_membership(user=cast.lead, department=cast.unit, role="deputy")
    cast.lead.__dict__.pop("_scope", None)
    with pytest.raises(NotAllowed, match="您属于责任单位"):
        chased(issue, cast.lead)


def test_a_unit_without_people_is_named(cast):
    issue = issue_in(cast, "assigned")
    type(cast.second_liaison).objects.filter(pk=cast.second_liaison.pk).update(is_active=False)
    with pytest.raises(Refused, match="没有可以催办"):
        chased(issue, cast.office)


def test_two_people_chase_at_the_same_moment_and_the_second_is_told(cast):
    issue = issue_in(cast, "rectifying")
    stale = Issue.objects.select_related("campaign", "walk").get(pk=issue.pk)
    chased(issue, cast.lead)
    with pytest.raises(StaleVersion, match="测试lead"):
        chased(stale, cast.office)


def test_only_who_is_reached_now_was_chased_before(cast):
    issue, post = issue_in(cast, "rectifying"), Membership.objects.filter(user=cast.responsible)
    chased(issue, cast.lead)
    post.update(department=cast.second_unit)
    chased(issue, cast.lead, NOON.replace(day=9))
    assert issue.events.last().data["people"] == "测试liaison", "who may not open it is not chased"
    post.update(department=cast.unit)
    with pytest.raises(Refused, match="催办过测试liaison，确需"):
        chased(issue, cast.lead, NOON.replace(day=9))
    type(cast.liaison).objects.filter(pk=cast.liaison.pk).update(is_active=False)
    chased(issue, cast.lead, NOON.replace(day=9))
    assert issue.events.last().data["people"] == "测试responsible"


def test_a_preview_says_who_does_not_chase(client, cast, monkeypatch):
    issue, nobodys = issue_in(cast, "rectifying"), issue_in(cast, "assigned")
    type(cast.second_liaison).objects.filter(pk=cast.second_liaison.pk).update(is_active=False)

    def why_not(persona: str) -> list[str]:
        client.force_login(cast.people[persona])
        address = f"/issues/chase/?pick={issue.number}&pick={nobodys.number}"
        return [line.why_not for line in client.get(address).context["lines"]]

    assert why_not("office") == ["", "责任单位没有可以催办的责任人和联络员。"]
    assert why_not("office_city") == ["“催办”由牵头单位、统筹办办理，您没有此项权限。"] * 2
    grant_membership(user=cast.lead, department=cast.unit, role="deputy")
    assert why_not("lead")[0] == "您属于责任单位，催办由其他单位办理。"
    client.force_login(cast.office_other_county)
    assert client.post("/issues/chase/", {"idempotency_key": new_key(), "chosen": [issue.number]}).status_code == 400
    for module in ("views", "forms"):
        monkeypatch.setattr(f"issues.{module}.chases.AT_ONCE", 1)
    client.force_login(cast.office)
    assert len(client.get("/issues/chase/?tab=all").context["lines"]) == 1
    both = {"idempotency_key": new_key(), "chosen": [issue.number, nobodys.number]}
    address = f"/issues/chase/?pick={issue.number}"
    both["chosen"].reverse()
    assert "一次最多催办 1 件" in client.post(address, both).text
    assert not Chase.objects.exists()


def test_who_writes_meanwhile_is_not_disturbed(cast):
    issue = issue_in(cast, "rectifying")
    seen = issue.version
    chased(issue, cast.office)
    data = {"note": "已起草"}
    lifecycle.perform(
        issue=issue, action="note_progress", actor=cast.responsible, data=data, version=seen, now=NOON
    )  # fmt: skip


def test_a_chase_never_changes(cast):
    chased(issue_in(cast, "rectifying"), cast.office)
    with pytest.raises(DatabaseError), transaction.atomic():
        Chase.objects.update(words="改")
    with pytest.raises(DatabaseError), transaction.atomic():
        Chase.objects.all().delete()


def test_several_are_chased_after_a_preview_that_says_what_will_not_happen(client, cast):
    ready, earlier, closed = issue_in(cast, "rectifying"), issue_in(cast, "rectifying"), issue_in(cast, "closed")
    chased(earlier, cast.lead)
    client.force_login(cast.office)
    page = client.get("/issues/chase/?tab=all")
    lines = {line.issue.number: line for line in page.context["lines"]}
    assert (lines[ready.number].why_not, lines[ready.number].earlier) == ("", "")
    assert "已由测试lead催办过" in lines[earlier.number].earlier
    assert lines[closed.number].why_not == "现为“已销号”，不能催办。"
    sent = {"idempotency_key": new_key(), "chosen": [ready.number, earlier.number], "note": "请报进展"}
    answer = client.post("/issues/chase/?tab=all", sent, follow=True)
    assert "已催办 1 件" in answer.text
    assert "已由测试lead催办过" in answer.text
    picked = client.get(answer.context["again_url"]).context["lines"]
    assert [line.issue.number for line in picked] == [earlier.number]
    client.post("/issues/chase/?tab=all", sent)
    assert Chase.objects.filter(issue=ready).count() == 2
    assert AuditEntry.objects.get(action="issues.bulk").detail == {"action": "chase", "done": 1, "refused": 1}
    nothing = client.post("/issues/chase/?tab=all", {"idempotency_key": new_key()})
    assert (nothing.status_code, len(nothing.context["lines"]), nothing.context["ticked"]) == (400, 3, [])
    assert 'href="#id_chosen">勾选的问题</a>' in nothing.text
    assert 'id="id_chosen"' in nothing.text
    client.force_login(cast.liaison)
    assert client.get("/issues/chase/").status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("url", "queries"), [("/issues/chase/?tab=open", 19), ("/chases/", 10)])
def test_a_list_costs_the_same_whatever_it_holds(client, cast, rows, url, queries, django_assert_num_queries):
    for _ in range(rows):
        chased(issue_in(cast, "rectifying"), cast.lead)
    client.force_login(cast.office)
    client.get(url)
    with django_assert_num_queries(queries):
        assert client.get(url).status_code == 200


def test_the_list_of_chases_filters_and_exports_what_it_shows(client, cast):
    issue = issue_in(cast, "rectifying")
    chased(issue, cast.office, note="请报进展")
    client.force_login(cast.office)
    assert client.get("/chases/?tab=unread").context["page"].total == 2
    assert client.get("/chases/?tab=read").context["page"].total == 0
    answer = client.get(f"/chases/export/?tab=mine&campaign={cast.campaign.code}&department={cast.unit.pk}")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    texts = [cell.value for row in sheet.iter_rows() for cell in row]
    assert (texts.count(issue.number), texts.count("未读"), texts.count("请报进展")) == (2, 2, 2)
    client.force_login(cast.second_liaison)
    assert client.get("/chases/").context["page"].total == 0
