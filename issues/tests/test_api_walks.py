"""A walk recorded by a program: the forms of the pages, the same domain calls, and never a signature."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from evidence.tests.samples import photo
from issues.domain import intake
from issues.models import Issue, Need
from tests.api import Program
from tests.cast import PASSWORD, issue_in, open_walk, reported_walk
from walks.models import Step, StepPhoto, Walk

pytestmark = pytest.mark.django_db


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("现场.jpg", photo(), content_type="image/jpeg")


def test_a_walk_is_recorded_a_person_signs_and_the_program_reports(cast, own_files):
    program = Program(cast.liaison)
    asked = {one["name"]: one for one in program.get("/walks/start/").json()["fields"]}
    assert asked["walker"]["choices"][0]["label"].startswith("测试principal")
    opening = {"item": cast.item.pk, "mode": "in_person", "walker": cast.principal.pk}
    walk = f"/walks/{program.done('/walks/start/', opening)['id']}"
    step = program.done(
        f"{walk}/steps/add/", {"stage": "consult", "note": "一次说清", "photos": picture()}, as_form=True
    )
    assert (step["place"], len(step["photos"])) == ("咨询查询", 1)
    assert program.get(f"/files/{step['photos'][0]}/")["Content-Type"] == "image/jpeg"
    meeting = program.done(f"{walk}/components/discussion_meeting/add/", {"person": "窗口人员2人", "note": "增设窗口"})
    assert (meeting["component"], meeting["person"]) == ("discussion_meeting", "窗口人员2人")
    problem = program.done(f"{walk}/problems/add/", {"description": "未一次性告知", "stage": "consult"})
    program.done(f"{walk}/problems/{problem['id']}/", {"category": "业务办理", "department": cast.unit.pk})
    program.done(f"{walk}/needs/add/", {"subject": "citizen", "content": "增设自助机"})
    program.done(f"{walk}/complete/", {"place": "县政务服务大厅", "actual_trips": 1})
    assert program.get(f"{walk}/content/").json()["missing"] == []
    assert program.done(f"{walk}/actions/record/")["state"] == "recorded"

    refused = program.post(f"{walk}/actions/sign/", {"password": PASSWORD}, version='"1"')
    assert (refused.status_code, refused.json()["rule"]) == (403, "token.never")
    assert "须由本人登录网页" in refused.json()["detail"]
    assert Program(cast.principal).get(f"{walk}/actions/sign/").status_code == 403
    signed = Program(cast.principal, in_session=True).change(f"{walk}/actions/sign/", {"password": PASSWORD})
    assert signed.json()["state"] == "signed"
    assert program.done(f"{walk}/actions/report/")["state"] == "reported"
    [found] = program.get(f"{walk}/content/").json()["problems"]
    assert found["number"] == Issue.objects.get().number
    assert Need.objects.get().content == "增设自助机"


def test_a_request_that_comes_again_gives_the_first_answer_though_the_walk_is_closed(cast):
    program, walk = Program(cast.liaison), open_walk(cast)
    path, body = f"/walks/{walk.pk}/steps/add/", {"stage": "consult", "note": "甲"}
    first = program.post(path, body, key="k")
    assert (first.status_code, first["Idempotent-Replay"]) == (201, "false")
    program.done(f"/walks/{walk.pk}/actions/cancel/", {"reason": "重复"})
    again = program.post(path, body, key="k")
    assert (again.status_code, again["Idempotent-Replay"], again.json()["id"]) == (200, "true", first.json()["id"])
    assert program.post(path, body | {"note": "乙"}, key="k").status_code == 422
    assert program.post(path, body).status_code == 409
    assert Step.objects.filter(walk=walk, note="甲").count() == 1


@pytest.mark.parametrize(
    ("headers", "rule"),
    [({}, "idempotency_key"), ({"Idempotency-Key": "很长"}, "idempotency_key"), ({"Idempotency-Key": "k"}, "if_match")],
)
def test_what_lacks_in_the_headers_is_said(cast, headers, rule):
    walk = open_walk(cast)
    step = walk.steps.get()
    answer = Program(cast.liaison).client.post(
        f"/api/v1/walks/{walk.pk}/steps/{step.public_id}/", {"note": "新"}, format="json",
        headers={name: value.encode().decode("latin-1") for name, value in headers.items()},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["rule"]) == (400, rule)


def test_a_change_keeps_what_is_not_sent_and_is_refused_on_another_version(cast):
    walk = open_walk(cast)
    step, program = walk.steps.get(), Program(cast.liaison)
    path = f"/walks/{walk.pk}/steps/{step.public_id}/"
    seen = program.version(path)
    changed = program.post(path, {"assessment": "smooth"}, version=seen)
    assert changed.status_code == 200, changed.json()
    assert (changed.json()["note"], changed.json()["assessment"]) == (step.note, "smooth")
    late = Program(cast.principal).post(path, {"note": "另一版"}, version=seen)
    assert (late.status_code, "测试liaison" in late.json()["detail"]) == (409, True)
    step.refresh_from_db()
    assert step.note != "另一版"


def test_a_record_and_a_problem_are_taken_back_with_a_reason(cast):
    walk, program = open_walk(cast, problems=1), Program(cast.liaison)
    problem, base = walk.issues.get(), f"/walks/{walk.pk}"
    undone = program.change(f"{base}/problems/{problem.public_id}/withdraw/", {"what": "whole"})
    assert undone.json()["fields"] == {"reason": "请写明撤回原因。"}
    program.done(f"{base}/problems/{problem.public_id}/withdraw/", {"reason": "记错"})
    step = walk.steps.get()
    assert program.done(f"{base}/records/{step.public_id}/withdraw/", {"reason": "记错"})["withdrawn_at"]
    assert program.get(f"{base}/steps/{step.public_id}/").status_code == 409
    program.done(f"{base}/waiting/", {"waiting": "1"})
    assert (Issue.objects.count(), Walk.objects.get().is_waiting) == (0, True)


def test_a_photo_that_is_none_is_refused_and_nothing_is_saved(cast, own_files):
    walk, program = open_walk(cast), Program(cast.liaison)
    path = f"/walks/{walk.pk}/steps/add/"
    fake = SimpleUploadedFile("现场.jpg", b"<script>", content_type="image/jpeg")
    answer = program.post(path, {"stage": "consult", "photos": fake}, as_form=True)
    assert (answer.status_code, "photos" in answer.json()["fields"]) == (400, True)
    other = program.post(path, {"stage": "consult", "anlage": picture()}, as_form=True)
    assert (other.status_code, "anlage" in other.json()["fields"]) == (400, True)
    assert program.post(path, {"stage": "consult", "photos": "a.jpg"}).status_code == 400
    assert (walk.steps.count(), StepPhoto.objects.count()) == (1, 0)


def test_measures_are_seen_to_one_by_one_and_evidence_comes_with_the_request(cast, own_files):
    issue, program = issue_in(cast, "rectifying"), Program(cast.responsible)
    path = f"/issues/{issue.number}"
    [measure] = program.get(f"{path}/measures/").json()
    program.done(f"{path}/actions/track_measures/", {f"owner_{measure['id']}": "李四"})
    program.done(f"{path}/actions/track_measures/", {f"progress_{measure['id']}": "已修订"})
    [told] = program.get(f"{path}/measures/").json()
    assert (told["owner"], told["progress"]) == ("李四", "已修订")
    program.done(f"{path}/actions/request_closing/", {"result": "已上墙", "files": picture()}, as_form=True)
    assert issue.evidence.get().file.original_name == "现场.jpg"


def test_what_was_reported_is_accepted_or_sent_back_with_a_reason(cast):
    (first, _), (second, _), lead = reported_walk(cast), reported_walk(cast), Program(cast.lead)
    assert lead.done(f"/walks/{first.pk}/actions/accept/")["state"] == "accepted"
    path = f"/walks/{second.pk}/actions/send_back/"
    assert Program(cast.liaison).get(path).status_code == 403
    assert lead.change(path).json()["fields"] == {"reason": "请写明退回原因。"}
    assert lead.done(path, {"reason": "缺照片"})["state"] == "returned"
    assert "可用的操作" in lead.get(f"/walks/{first.pk}/actions/delete/").json()["detail"]


@pytest.mark.parametrize("steps", [1, 3])
def test_the_content_of_a_walk_costs_the_same_for_one_and_for_three(cast, steps, django_assert_num_queries):
    walk = open_walk(cast, problems=steps)
    program = Program(cast.liaison)
    program.get(f"/walks/{walk.pk}/content/")
    with django_assert_num_queries(11):
        program.get(f"/walks/{walk.pk}/content/")


def test_a_covert_walk_through_the_api_is_the_walkers_alone(cast):
    walk = open_walk(cast)
    Walk.objects.filter(pk=walk.pk).update(is_covert=True)
    assert Program(cast.liaison).get(f"/walks/{walk.pk}/content/").status_code == 404
    assert Program(cast.liaison).post(f"/walks/{walk.pk}/steps/add/", {"stage": "consult"}).status_code == 404
    assert intake.counts(walk) == (0, 0)
