"""What is said of an issue beside its course: another class, marks, its cause, a good practice."""

import io

import openpyxl
import pytest
from django.urls import reverse

from core.exceptions import Refused
from core.listing import read_order
from issues.columns import page_columns
from issues.domain import lifecycle
from issues.domain.ledger import read_rows
from issues.domain.practices import practices_visible_to
from issues.models import Issue
from issues.tests.acting import send
from issues.tests.test_bulk import send as send_at_once
from tests.cast import NOON, issue_in

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON, tick=True)]


def act(issue, action: str, actor, **data):
    return lifecycle.perform(issue=issue, action=action, actor=actor, data=data, now=NOON)


def page_of(client, user, issue) -> str:
    client.force_login(user)
    return client.get(reverse("issue", args=[issue.number])).text


def test_another_class_is_told_with_the_old_one_and_the_reason(client, cast):
    issue = issue_in(cast, "registered")
    assert send(client, cast.lead, issue, "reclassify", category="执法", note="属执法问题").status_code == 302
    issue.refresh_from_db()
    assert issue.category == "执法"
    assert issue.events.last().data["category"] == "业务办理 → 执法"
    assert "分类：业务办理 → 执法" in page_of(client, cast.office, issue)
    for wrong in ("执法", "没有这一类"):
        with pytest.raises(Refused) as refused:
            act(issue, "reclassify", cast.lead, category=wrong, note="再改")
        assert set(refused.value.fields) == {"category"}


def test_many_are_classed_anew_at_once_and_those_of_that_class_already_are_left(client, cast):
    first, same = issue_in(cast, "registered"), issue_in(cast, "rectifying")
    act(same, "reclassify", cast.lead, category="执法", note="属执法问题")
    answer = send_at_once(client, cast.lead, "reclassify", [first, same], category="执法", note="统一归类")
    done = client.get(answer["Location"])
    assert [event.issue for event in done.context["events"]] == [first]
    assert "现在就是“执法”" in done.text
    assert Issue.objects.get(pk=first.pk).category == "执法"


def test_marks_are_set_with_a_reason_shown_filtered_and_written_to_the_workbook(client, cast):
    issue, other = issue_in(cast, "rectifying"), issue_in(cast, "rectifying")
    data = {"is_priority": "on", "is_frequent": "on", "note": "县长批示"}
    assert send(client, cast.office, issue, "set_marks", **data).status_code == 302
    assert "重点、高频" in page_of(client, cast.liaison, issue)
    assert issue.events.last().data["marks"] == "无 → 重点、高频"
    page = client.get(reverse("issues") + "?mark=is_frequent&cols=marks").text
    assert issue.number in page
    assert other.number not in page
    order, _ = read_order("", page_columns(), "-number", public="number")
    [row] = read_rows([issue.pk], order, NOON.date())
    assert (row["marks"], row["note"]) == ("重点、高频", "重点、高频")
    with pytest.raises(Refused):
        act(Issue.objects.get(pk=issue.pk), "set_marks", cast.office, is_priority=True, is_frequent=True, note="再标")


def test_the_cause_and_how_far_it_reaches_stand_on_the_issue_and_can_be_filtered(client, cast):
    issue, other = issue_in(cast, "rectifying"), issue_in(cast, "rectifying")
    data = {"cause": "告知单多年没有更新", "cause_depth": "mechanism"}
    assert send(client, cast.responsible, issue, "note_cause", **data).status_code == 302
    page = page_of(client, cast.lead, issue)
    assert "告知单多年没有更新" in page
    assert "机制：制度机制" in page
    listed = client.get(reverse("issues") + "?depth=mechanism").text
    assert issue.number in listed
    assert other.number not in listed


def test_a_good_practice_is_listed_for_those_who_see_the_issue_and_can_be_taken_off(client, cast):
    issue = issue_in(cast, "closed")
    assert send(client, cast.lead, issue, "mark_practice", note="一次告知单上墙").status_code == 302
    for user, seen in ((cast.liaison, True), (cast.second_liaison, False), (cast.office_other_county, False)):
        client.force_login(user)
        assert ("一次告知单上墙" in client.get(reverse("practices") + "?tab=all").text) is seen
    client.force_login(cast.office)
    content = b"".join(client.get(reverse("practices_export")).streaming_content)
    rows = openpyxl.load_workbook(io.BytesIO(content)).active
    assert "一次告知单上墙" in [cell.value for row in rows.iter_rows() for cell in row]
    assert send(client, cast.office, issue, "unmark_practice", note="没有推广价值").status_code == 302
    assert not practices_visible_to(cast.office).exists()
    assert send(client, cast.office, issue, "unmark_practice", note="再来").status_code == 409


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_practices_costs_the_same_whatever_it_holds(client, cast, number, django_assert_num_queries):
    for _ in range(number):
        act(issue_in(cast, "closed"), "mark_practice", cast.lead, note="一次告知单上墙")
    client.force_login(cast.lead)
    client.get(reverse("practices"))
    with django_assert_num_queries(9):
        client.get(reverse("practices"))
