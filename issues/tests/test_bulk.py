"""批量办理: the same action on many issues, shown before it is done, each issue by itself."""

from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.domain.memberships import grant_membership
from accounts.enums import Role
from accounts.models import Department
from core import storage_state
from core.idempotency import new_key
from core.models import AuditEntry
from evidence.domain.store import accept_photo
from evidence.tests.samples import encoded, scene, upload
from issues.domain import bulk, lifecycle
from issues.domain.openings import evidence_to_read
from issues.models import BulkChange, EvidenceOpening, Issue, IssueEvent
from tests.cast import NOON, PASSWORD, issue_in, reported_walk
from tests.database import without_triggers
from tests.full_disk import full_disk

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON, tick=True), pytest.mark.usefixtures("own_files")]


def fresh(cast, number: int = 1, *, proposed=True) -> list[Issue]:
    return [reported_walk(cast, proposed=cast.second_unit if proposed else None)[1][0] for _ in range(number)]


def page_of(client, user, action: str, issues=(), **query):
    client.force_login(user)
    return client.get(address(action, issues, **query))


def address(action: str, issues=(), **query) -> str:
    picked = [("pick", issue.number) for issue in issues]
    return f"{reverse('issues_bulk', args=[action])}?{urlencode([*picked, *query.items()])}"


def send(client, user, action: str, issues, **data):
    """Open the page of these issues and press the button with every box ticked."""
    page = page_of(client, user, action, issues)
    boxes = [row["box"] for row in page.context["rows"]]
    key = page.context["form"]["idempotency_key"].value()
    return client.post(address(action, issues), {"chosen": boxes, "idempotency_key": key, **data})


def closing(cast, *, with_photo: bool = True) -> Issue:
    issue = issue_in(cast, "rectifying")
    # Each photo of its own, or it would be told that it stands at another issue too.
    data = encoded(scene(), "JPEG", comment=issue.number.encode())
    files = [accept_photo(upload=upload(data, "改后.jpg"), actor=cast.responsible)] if with_photo else []
    data = {"result": "已改", "files": files, "evidence_kind": "after"}
    return lifecycle.perform(issue=issue, action="request_closing", actor=cast.responsible, data=data, now=NOON)


def why(page) -> list[str]:
    return [row["line"].why for row in page.context["rows"]]


def test_what_waits_on_the_list_goes_to_the_units_named_in_one_press(client, cast):
    first, second, elsewhere = fresh(cast, 3)
    client.force_login(cast.lead)
    assert reverse("issues_bulk", args=["assign"]) in client.get(reverse("issues")).text
    answer = send(client, cast.lead, "assign", [first, second], note="按期办结")
    change = BulkChange.objects.get()
    assert answer["Location"] == reverse("issues_change", args=[change.public_id])
    for issue in (first, second):
        issue.refresh_from_db()
        assert (issue.state, issue.responsible_department) == ("assigned", cast.second_unit)
    assert {(event.issue_id, event.note) for event in change.events.all()} == {
        (first.pk, "按期办结"),
        (second.pk, "按期办结"),
    }
    assert Issue.objects.get(pk=elsewhere.pk).state == "registered"
    assert AuditEntry.objects.get(action="issues.bulk").detail == {"action": "assign", "done": 2, "refused": 0}
    done = client.get(answer["Location"])
    assert [event.issue for event in done.context["events"]] == [first, second]
    # Without a box ticked the page lists what the conditions hold from which the action begins.
    assert [row["issue"] for row in page_of(client, cast.lead, "assign", tab="all").context["rows"]] == [elsewhere]


def test_what_all_would_get_alike_is_ticked_by_the_person_where_the_list_had_no_tick(client, cast):
    issues = fresh(cast, 2)
    asked = page_of(client, cast.lead, "reclassify", tab="all")
    assert [row["ticked"] for row in asked.context["rows"]] == [False, False]
    assert "请逐件勾选要改分类的" in asked.text
    data = {"category": "执法", "note": "统一归类", "idempotency_key": new_key()}
    assert client.post(address("reclassify", tab="all"), data).status_code == 400
    assert set(Issue.objects.values_list("category", flat=True)) == {"业务办理"}
    picked = page_of(client, cast.lead, "reclassify", issues)
    assert [row["ticked"] for row in picked.context["rows"]] == [True, True]


def test_sent_twice_is_done_once(client, cast):
    [issue] = fresh(cast)
    page = page_of(client, cast.lead, "assign", [issue])
    data = {"chosen": [page.context["rows"][0]["box"]], "idempotency_key": new_key()}
    answers = [client.post(address("assign", [issue]), data) for _ in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert IssueEvent.objects.filter(issue=issue, kind="assign").count() == 1


def test_one_that_another_changed_meanwhile_stays_and_the_others_are_done(client, cast):
    late, good = fresh(cast, 2)
    page = page_of(client, cast.lead, "assign", [late, good])
    boxes = [row["box"] for row in page.context["rows"]]
    data = {"department": cast.second_unit, "due_on": None}
    lifecycle.perform(issue=late, action="assign", actor=cast.office, data=data, now=NOON)
    answer = client.post(address("assign", [late, good]), {"chosen": boxes, "idempotency_key": new_key()})
    done = client.get(answer["Location"])
    assert [event.issue for event in done.context["events"]] == [good]
    [[number, words]] = done.context["change"].refused
    assert number == late.number
    assert f"该问题已由{cast.office}于 2022-06-08 12:00 修改或办理" in words
    assert f"pick={late.number}" in done.context["again_url"]


def test_an_issue_without_a_unit_and_one_of_the_finders_own_are_ticked_by_nobody_but_the_person(client, cast):
    [own], [issue] = fresh(cast, proposed=False), fresh(cast)
    with without_triggers("issues_issue"):
        Issue.objects.filter(pk=issue.pk).update(proposed_department=None)
    page = page_of(client, cast.lead, "assign", [own, issue])
    assert [row["ticked"] for row in page.context["rows"]] == [False, False]
    assert "要交办的，请勾选" in page.text
    assert "选定上面的责任单位，再勾选" in page.text
    answer = send(client, cast.lead, "assign", [issue])
    assert "请选择责任单位" in answer.text
    send(client, cast.lead, "assign", [issue], department=cast.second_unit.pk)
    issue.refresh_from_db()
    assert issue.responsible_department == cast.second_unit


def test_striking_off_takes_only_issues_whose_evidence_this_person_opened(client, cast):
    opened, unopened, bare = closing(cast), closing(cast), closing(cast, with_photo=False)
    grant_membership(user=cast.deputy, department=cast.lead_unit, role=Role.LEAD)
    file = opened.evidence.exclude(kind="found").get().file
    client.force_login(cast.lead)
    client.get(reverse("file_thumb", args=[file.pk]))
    assert not EvidenceOpening.objects.exists(), "a thumbnail is no look at the evidence"
    for _ in range(2):
        client.get(reverse("file", args=[file.pk]))
    assert [(one.user, one.file) for one in EvidenceOpening.objects.all()] == [(cast.lead, file)]
    issues = [opened, unopened, bare]
    page = page_of(client, cast.lead, "approve_closing", issues)
    assert why(page) == ["", "还有 1 张佐证没有打开看过。", "没有佐证照片，请逐件验收。"]
    assert why(page_of(client, cast.office, "approve_closing", [opened])) == ["还有 1 张佐证没有打开看过。"]
    assert send(client, cast.lead, "approve_closing", issues).status_code == 400
    answer = send(client, cast.lead, "approve_closing", issues, password=PASSWORD, note="属实")
    assert [event.issue for event in client.get(answer["Location"]).context["events"]] == [opened]
    assert [Issue.objects.get(pk=one.pk).state for one in issues] == ["closed", "closing", "closing"]
    shown = unopened.evidence.exclude(kind="found").get().file
    for person in (cast.lead, cast.office):
        client.force_login(person)
        client.get(reverse("file", args=[shown.pk]))
    assert {one.user for one in EvidenceOpening.objects.filter(file=shown)} == {cast.lead, cast.office}
    assert evidence_to_read([unopened.pk], cast.lead) == {unopened.pk: [(shown.pk, True)]}
    Issue.objects.filter(pk=unopened.pk).update(round=2)
    assert evidence_to_read([unopened.pk], cast.lead) == {}, "of the round before"


def test_a_photo_of_an_issue_that_waits_for_nothing_is_opened_without_a_trace(client, cast):
    issue = closing(cast)
    lifecycle.perform(issue=issue, action="return_closing", actor=cast.lead, data={"note": "未改好"}, now=NOON)
    client.force_login(cast.lead)
    file = reverse("file", args=[issue.evidence.exclude(kind="found").get().file_id])
    assert client.get(file).status_code == 200
    assert not EvidenceOpening.objects.exists()
    with without_triggers("issues_issueevidence"):
        issue.evidence.exclude(kind="found").update(withdrawn_at=NOON)
    assert evidence_to_read([issue.pk], cast.lead) == {}
    # A full disk keeps no picture from being shown.
    Issue.objects.filter(pk=issue.pk).update(state="closing")
    with full_disk("issues_evidenceopening"):
        assert client.get(file).status_code == 200
    storage_state.forget()
    assert not EvidenceOpening.objects.exists()


def test_several_are_sent_back_for_one_reason(client, cast):
    issues = [closing(cast), closing(cast)]
    assert send(client, cast.lead, "return_closing", issues).status_code == 400
    send(client, cast.lead, "return_closing", issues, note="照片看不出效果")
    assert {Issue.objects.get(pk=one.pk).state for one in issues} == {"rectifying"}


def test_where_not_one_is_done_what_was_typed_stays_on_the_page(client, cast):
    answer = send(client, cast.lead, "assign", fresh(cast, 2), note="请两周内答复", due_on="2022-06-01")
    assert answer.status_code == 400
    for words in ("没有办理任何一件", "整改时限不能早于今天", "请两周内答复", 'value="2022-06-01"'):
        assert words in answer.text
    assert not BulkChange.objects.exists()


def test_what_a_person_may_not_do_is_said_row_by_row(client, cast):
    own, moved_on = closing(cast), issue_in(cast, "closed")
    grant_membership(user=cast.responsible, department=cast.lead_unit, role=Role.LEAD)
    page = page_of(client, cast.responsible, "return_closing", [own, moved_on])
    assert why(page) == ["您是销号申请人，须由另一人验收。", "现为“已销号”，不能退回整改。"]
    assert page.context["able"] == 0
    [words] = why(page_of(client, cast.office_city, "return_closing", [own]))
    assert "您没有此项权限" in words


def test_who_acts_on_none_at_once_has_no_such_page_and_no_boxes(client, cast):
    fresh(cast)
    assert page_of(client, cast.liaison, "assign").status_code == 403
    assert 'name="pick"' not in client.get(reverse("issues")).text
    assert page_of(client, cast.lead, "defer").status_code == 404
    assert 'name="pick"' in client.get(reverse("issues")).text


def test_what_one_does_not_see_is_not_there_and_a_change_is_its_makers(client, cast):
    [issue] = fresh(cast)
    page = page_of(client, cast.office_other_county, "assign", [issue])
    assert page.context["rows"] == []
    answer = client.post(address("assign", [issue]), {"chosen": [f"{issue.number}:1"], "idempotency_key": new_key()})
    assert answer.status_code == 400
    assert "不在您可见的台账中" in answer.text
    assert send(client, cast.lead, "assign", [issue], department=cast.namesake_unit.pk).status_code == 400
    Department.objects.filter(pk=cast.second_unit.pk).update(is_active=False)
    assert send(client, cast.lead, "assign", [issue], department=cast.second_unit.pk).status_code == 400
    Department.objects.filter(pk=cast.second_unit.pk).update(is_active=True)
    answer = client.post(address("assign", [issue]), {"chosen": [f"{issue.number}:²"], "idempotency_key": new_key()})
    assert answer.status_code == 400, "a version nobody was shown"
    assert not BulkChange.objects.exists()
    send(client, cast.lead, "assign", [issue])
    made = reverse("issues_change", args=[BulkChange.objects.latest("pk").public_id])
    client.force_login(cast.office)
    assert client.get(made).status_code == 404


def test_no_more_than_a_hundred_at_once(client, cast, monkeypatch):
    monkeypatch.setattr(bulk, "MOST", 2)
    monkeypatch.setattr("issues.forms.bulk.MOST", 2)
    issues = fresh(cast, 3)
    page = page_of(client, cast.lead, "assign", tab="all")
    assert (len(page.context["rows"]), page.context["more"]) == (2, 1)
    boxes = [f"{issue.number}:{issue.version}" for issue in issues]
    answer = client.post(address("assign", tab="all"), {"chosen": boxes, "idempotency_key": new_key()})
    assert "一次最多办理 2 件" in answer.text
    assert not BulkChange.objects.exists()


@pytest.mark.parametrize(("action", "count"), [("assign", 7), ("return_closing", 6), ("approve_closing", 9)])
def test_the_number_of_queries_does_not_follow_the_rows(client, cast, action, count):
    make = (lambda: fresh(cast)[0]) if action == "assign" else (lambda: closing(cast))
    issues, found = [make()], []
    page_of(client, cast.lead, action, issues)
    for number in (1, 3):
        issues += [make() for _ in range(number - len(issues))]
        with CaptureQueriesContext(connection) as queries:
            client.get(address(action, issues))
        found.append(len(queries))
    assert found == [count, count]
