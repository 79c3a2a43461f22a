"""Photos sent with an action on an issue: kept with their kind, once, and for whoever sent them."""

import io

import pytest
from django.urls import reverse

from evidence.models import StoredFile
from issues.tests.acting import photo, send
from tests.cast import NOON, issue_in

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON, tick=True)]
TODAY = NOON.date()


def test_photos_are_kept_with_their_kind_and_shown_on_the_issue(client, cast):
    issue = issue_in(cast, "rectifying")
    data = {"result": "已更新", "evidence_kind": "before", "files": [photo(), photo("二.jpg")]}
    assert send(client, cast.liaison, issue, "request_closing", **data).status_code == 302
    assert list(issue.evidence.values_list("kind", "round", "added_by")) == [("before", 1, cast.liaison.pk)] * 2
    page = client.get(reverse("issue", args=[issue.number])).context["evidence"]
    assert [(group["label"], len(group["tiles"])) for group in page] == [("整改前", 2)]


def test_an_after_photo_stands_for_the_result_of_a_fix_on_the_spot(client, cast):
    issue = issue_in(cast, "registered")
    data = {"measures": "更换屏幕", "done_on": TODAY}
    refused = send(client, cast.liaison, issue, "fix_on_spot", **data)
    assert set(refused.context["form"].errors) == {"result"}
    assert send(client, cast.liaison, issue, "fix_on_spot", files=photo(), **data).status_code == 302
    assert list(issue.evidence.values_list("kind", flat=True)) == ["after"]


def test_a_file_that_is_no_photo_is_refused_in_words_and_the_text_is_kept(client, cast):
    issue = issue_in(cast, "rectifying")
    fake = io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    fake.name = "图.jpg"
    response = send(client, cast.liaison, issue, "request_closing", result="已更新", files=fake)
    assert response.status_code == 400
    assert "JPG、PNG" in response.context["form"].errors["files"][0]
    assert "已更新" in response.content.decode()
    assert not StoredFile.objects.exists()


def test_photos_of_a_refused_step_stand_in_the_form_for_the_next_try(client, cast):
    issue = issue_in(cast, "rectifying")
    response = send(client, cast.liaison, issue, "request_closing", files=photo())
    form = response.context["form"]
    assert (set(form.errors), issue.evidence.count()) == ({"result"}, 0)
    [kept] = form.fields["files"].kept
    assert f"{kept['name']}（已上传" in response.content.decode()
    answer = send(client, cast.liaison, issue, "request_closing", result="已更新", files_kept=kept["token"])
    assert (answer.status_code, issue.evidence.count(), StoredFile.objects.count()) == (302, 1, 1)
    again = send(client, cast.liaison, issue, "request_closing", result="再来", files_kept=kept["token"])
    assert again.status_code == 409


def test_a_photo_of_another_persons_form_cannot_be_taken(client, cast):
    issue = issue_in(cast, "rectifying")
    response = send(client, cast.liaison, issue, "request_closing", files=photo())
    token = response.context["form"].fields["files"].kept[0]["token"]
    for person, given in ((cast.responsible, token), (cast.liaison, "nonsense")):
        answer = send(client, person, issue, "request_closing", result="已更新", files_kept=given)
        assert (answer.status_code, "不能再用" in answer.content.decode()) == (400, True)
    assert issue.evidence.count() == 0
