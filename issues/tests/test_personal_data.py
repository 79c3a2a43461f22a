"""Identity numbers and phones typed into texts: pointed out once before saving, masked wherever they are shown."""

import io
import re
from datetime import timedelta
from html import unescape

import openpyxl
import pytest
from django.test import Client

from core.idempotency import new_key
from core.models import AuditEntry
from evidence.models import WaitingPhoto
from issues.domain.search import index_text
from issues.models import Issue
from tests.access.world import photo
from tests.cast import PASSWORD, issue_in, open_walk
from tests.database import without_triggers
from tests.tokens import key_for

pytestmark = pytest.mark.django_db
PHONE = "138 1234-5678"
TYPED = f"群众（{PHONE}）反映告知不清"
MASKED = "群众（138 ****-5678）反映告知不清"


def capture(client, walk, **answer):
    data = {"description": TYPED, "stage": "consult", "idempotency_key": new_key(), **answer}
    return client.post(f"/walks/{walk.pk}/problems/add/", data)


@pytest.fixture
def walk(cast, client):
    client.force_login(cast.principal)
    return open_walk(cast)


def test_a_number_is_pointed_out_once_with_what_was_typed_kept(client, walk):
    answer = capture(client, walk)
    assert answer.status_code == 400
    assert "手机号 138 ****-5678" in answer.text
    assert f"{TYPED}</textarea>" in answer.text
    assert 'name="personal_data" value="mask"' in answer.text
    assert 'name="personal_data" value="keep"' in answer.text
    assert not Issue.objects.exists()


@pytest.mark.parametrize(("answer", "stored"), [("mask", MASKED), ("keep", TYPED)])
def test_one_press_masks_and_another_saves_as_it_is(client, walk, answer, stored):
    assert capture(client, walk, personal_data=answer).status_code == 302
    assert Issue.objects.get().description == stored


def test_the_button_that_was_pressed_counts_when_the_form_comes_back(client, walk):
    data = {"stage": "consult", "note": TYPED, "happened_at": "2022-06-08T11:00", "idempotency_key": new_key()}
    page = client.post(f"/walks/{walk.pk}/steps/add/", data | {"then_problem": "1"})
    assert page.status_code == 400
    assert '<input type="hidden" name="then_problem" value="1">' in page.text


def test_what_a_record_held_before_is_not_asked_about_again(client, walk):
    capture(client, walk, personal_data="keep")
    problem = Issue.objects.get()
    url = f"/walks/{walk.pk}/problems/{problem.public_id}/"
    form = client.get(url).context["form"]
    data = {
        "description": TYPED,
        "stage": "prepare",
        "category": "",
        "department": form["department"].field.choices[0][0],
    }
    hidden = {bound.name: bound.value() for bound in form.hidden_fields()}
    assert client.post(url, data | hidden).status_code == 302


def kept(cast):
    issue = issue_in(cast, "rectifying")
    with without_triggers("issues_issue"):
        Issue.objects.filter(pk=issue.pk).update(
            description=TYPED, progress=f"电话{PHONE}", contact_phone="13800001111"
        )
    return issue


def test_no_page_workbook_or_answer_of_the_api_shows_a_number_that_was_kept(client, cast):
    issue = kept(cast)
    client.force_login(cast.office)
    for url in ("/", "/issues/?cols=description&cols=doing", f"/issues/{issue.number}/"):
        page = client.get(url).text
        assert PHONE not in page
        assert MASKED in page or url == "/"
    content = b"".join(client.get("/issues/export/").streaming_content)
    cells = [cell.value for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row]
    assert MASKED in cells
    assert not any(PHONE in str(cell) for cell in cells)
    headers = {"Authorization": f"Token {key_for(cast.office)}"}
    assert client.get(f"/api/v1/issues/{issue.number}/", headers=headers).json()["description"] == MASKED


def test_a_form_still_holds_what_is_to_be_edited(client, cast, walk):
    capture(client, walk, personal_data="keep")
    page = client.get(f"/walks/{walk.pk}/problems/{Issue.objects.get().public_id}/").text
    assert TYPED in page


def test_the_api_points_it_out_too(client, cast):
    issue = issue_in(cast, "rectifying")
    headers = {"Authorization": f"Token {key_for(cast.responsible)}"}

    def note(**more):
        sent = {**headers, "Idempotency-Key": new_key(), "If-Match": f'"{issue.version}"'}
        url = f"/api/v1/issues/{issue.number}/actions/note_progress/"
        return client.post(url, {"note": TYPED, **more}, content_type="application/json", headers=sent)

    assert "疑似含有手机号" in note().json()["fields"]["note"]
    assert note(personal_data="mask").status_code == 200
    issue.refresh_from_db()
    assert issue.progress == MASKED


def show(client, issue, password=PASSWORD):
    data = {"reason": "电话回访整改结果", "password": password, "idempotency_key": new_key()}
    return client.post(f"/issues/{issue.number}/unmask/", data)


def test_a_number_is_shown_for_a_reason_and_the_password_for_five_minutes(client, cast, clock):
    issue = kept(cast)
    client.force_login(cast.office)
    page = f"/issues/{issue.number}/"
    assert show(client, issue, password="nein").status_code == 400
    assert "13800001111" not in client.get(page).text
    assert show(client, issue).status_code == 302
    shown = client.get(page)
    assert "13800001111" in shown.text
    assert TYPED in shown.text
    assert PHONE not in client.get("/issues/?cols=description").text
    clock.shift(timedelta(minutes=5, seconds=1))
    assert "13800001111" not in client.get(page).text
    entries = AuditEntry.objects.filter(object_key=issue.number, action__startswith="personal.")
    assert [(one.action, one.actor_id) for one in entries.order_by("seq")] == [
        ("personal.unmasked", cast.office.pk),
        ("personal.viewed", cast.office.pk),
    ]
    assert entries.get(action="personal.unmasked").detail == {"reason": "电话回访整改结果"}


def test_another_session_of_the_same_person_sees_nothing_of_it(client, cast):
    issue = kept(cast)
    client.force_login(cast.office)
    show(client, issue)
    other = Client()
    other.force_login(cast.office)
    assert "13800001111" not in other.get(f"/issues/{issue.number}/").text


def test_the_phones_in_the_list_of_people_are_shown_the_same_way(client, cast):
    client.force_login(cast.sysadmin)
    assert "13800001111" not in client.get("/people/").text
    client.post("/people/unmask/", {"reason": "通知开会", "password": PASSWORD, "idempotency_key": new_key()})
    assert "13800001111" in client.get("/people/").text
    assert AuditEntry.objects.filter(action="personal.viewed", object_type="people").count() == 1


def test_a_masked_number_cannot_be_found_out_by_searching(cast):
    issue = issue_in(cast, "rectifying")
    with without_triggers("issues_issue"):
        Issue.objects.filter(pk=issue.pk).update(description=TYPED)
    issue.refresh_from_db()
    assert PHONE not in index_text(issue)
    assert "1234" not in index_text(issue)


def test_photos_chosen_on_a_form_that_points_out_a_number_are_kept_for_one_press(client, cast, walk):
    form = capture(client, walk, photos=[photo()]).context["form"]
    [kept] = form.fields["photos"].kept
    assert capture(client, walk, photos_kept=kept["token"], personal_data="mask").status_code == 302
    problem = Issue.objects.get()
    assert (problem.description, [one.file.original_name for one in problem.evidence.all()]) == (MASKED, ["现场.jpg"])
    assert not WaitingPhoto.objects.exists()


def test_photos_of_an_act_that_points_out_a_number_are_kept_for_one_press(client, cast):
    issue, url = issue_in(cast, "rectifying"), ""
    url = f"/issues/{issue.number}/request_closing/"
    client.force_login(cast.responsible)
    data = {"version": issue.version, "result": TYPED, "evidence_kind": "proof", "idempotency_key": new_key()}
    form = client.post(url, data | {"files": [photo()]}).context["form"]
    [kept] = form.fields["files"].kept
    again = data | {"files_kept": kept["token"], "personal_data": "mask"}
    assert client.post(url, again).status_code == 302
    assert [one.file.original_name for one in issue.evidence.all()] == ["现场.jpg"]


def test_a_searched_number_is_in_no_link_no_title_and_no_trace_and_the_links_find_the_same(client, cast):
    issue = issue_in(cast, "rectifying")
    number = "13812345678"
    with without_triggers("issues_issue"):
        Issue.objects.filter(pk=issue.pk).update(description=f"来电人{number}")
    issue.refresh_from_db()
    Issue.objects.filter(pk=issue.pk).update(search_text=index_text(issue, issue.number))
    client.force_login(cast.office)
    sent_on = client.get("/issues/", {"q": number, "sort": "due_on"})
    assert (sent_on.status_code, sent_on["Location"]) == (302, "/issues/?q=138%2A%2A%2A%2A5678&sort=due_on")
    page = client.get(sent_on["Location"])
    assert [row["number"] for row in page.context["page"].rows] == [issue.number]
    assert number not in page.text
    assert client.get("/issues/", {"q": "13912345678"}, follow=True).context["page"].rows == []
    export, *_ = re.findall(r'href="(/issues/export/[^"]*)"', page.text)
    sent = client.get(unescape(export))
    assert number not in sent["Content-Disposition"]
    content = b"".join(sent.streaming_content)
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row]
    assert number not in "".join(cells) + book.properties.title
    assert "来电人138****5678" in cells
    assert "138****5678" in str(AuditEntry.objects.get(action="ledger.exported").detail)
