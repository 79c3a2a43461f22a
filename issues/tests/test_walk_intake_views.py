"""Problems and needs, noted from inside a walk."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalogue.models import ServiceItem
from core.content_token import content_token
from core.idempotency import new_key
from evidence.domain.store import accept_photo
from evidence.models import StoredFile
from evidence.tests.samples import photo, upload
from issues.domain import intake
from issues.models import Issue, Need
from issues.views.walk_sheet import problem_cards
from tests.cast import NOON, open_walk, reported_walk
from walks.domain import opening

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]


@pytest.fixture
def walk(cast):
    return open_walk(cast)


def add_url(walk, step=None):
    return f"/walks/{walk.pk}/problems/add/" + (f"?step={step.public_id}" if step else "")


def seen(problem):
    return content_token(intake.stored_problem(problem))


def whole(problem):
    return content_token(intake.whole_problem(problem))


def edit_url(walk, problem):
    return f"/walks/{walk.pk}/problems/{problem.public_id}/"


def sent(**changes):
    return {"description": "窗口没有一次告知全部材料", "stage": "prepare", "idempotency_key": new_key(), **changes}


def picture(data=None):
    return SimpleUploadedFile("窗口.jpg", data if data is not None else photo(), "image/jpeg")


def test_a_problem_takes_three_fields_from_inside_a_step(client, cast, walk):
    step = walk.steps.get()
    client.force_login(cast.principal)
    form = client.get(add_url(walk, step)).context["form"]
    assert [field.name for field in form.visible_fields()] == ["description", "stage", "photos"]
    assert form["stage"].value() == step.stage
    answer = client.post(add_url(walk, step), sent(photos=[picture()]))
    assert answer.url == f"/walks/{walk.pk}/"
    problem = Issue.objects.get()
    assert (problem.description, problem.stage, problem.step) == ("窗口没有一次告知全部材料", "prepare", step)
    assert (problem.state, problem.number, problem.reported_by) == ("draft", None, cast.principal)
    assert problem.evidence.get().kind == "found"


@pytest.mark.parametrize("raw", ["", "999999", "abc", "９", "1" * 30])
def test_a_step_that_is_none_of_this_walk_is_left_out(client, cast, walk, raw):
    client.force_login(cast.principal)
    url = f"{add_url(walk)}?step={raw}"
    assert client.get(url).status_code == 200
    client.post(url, sent())
    assert Issue.objects.get().step is None


def test_a_double_submit_notes_one_problem_with_one_photo(client, cast, walk):
    client.force_login(cast.principal)
    body = sent()
    for _ in range(2):
        assert client.post(add_url(walk), {**body, "photos": [picture()]}).status_code == 302
    assert Issue.objects.count() == StoredFile.objects.count() == 1


def test_a_bad_photo_keeps_what_was_typed(client, cast, walk):
    client.force_login(cast.principal)
    answer = client.post(add_url(walk), sent(photos=[picture(b"<html>")]))
    assert answer.status_code == 400
    assert "不是可以接受的照片" in answer.context["form"].errors["photos"][0]
    assert "窗口没有一次告知全部材料" in answer.text
    assert not Issue.objects.exists()


@pytest.mark.parametrize("words", ["", "   ", "\x00\x07"])
def test_a_problem_without_words_is_refused_at_its_field(client, cast, walk, words):
    client.force_login(cast.principal)
    answer = client.post(add_url(walk), sent(description=words))
    assert answer.status_code == 400
    assert answer.context["form"].errors["description"]
    assert not Issue.objects.exists()


def test_the_liaison_gives_class_and_unit_and_adds_a_photo(client, cast, walk):
    problem = intake.capture(walk=walk, actor=cast.principal, description="排队太久", stage="queue", now=NOON)
    client.force_login(cast.liaison)
    client.post(
        edit_url(walk, problem),
        sent(
            description="排队40分钟",
            stage="queue",
            category="政务服务",
            department=cast.second_unit.pk,
            photos=[picture()],
            seen=seen(problem),
        ),
    )
    problem.refresh_from_db()
    assert (problem.description, problem.category) == ("排队40分钟", "政务服务")
    assert (problem.proposed_department, problem.evidence.count()) == (cast.second_unit, 1)


@pytest.mark.parametrize("field", ["category", "department"])
def test_a_class_or_unit_that_is_not_offered_is_refused(client, cast, walk, field):
    problem = intake.capture(walk=walk, actor=cast.principal, description="排队太久", stage="queue", now=NOON)
    client.force_login(cast.liaison)
    values = {"category": "政务服务", "department": cast.unit.pk}
    values[field] = {"category": "别的分类", "department": cast.namesake_unit.pk}[field]
    answer = client.post(edit_url(walk, problem), sent(**values))
    assert answer.status_code == 400
    assert answer.context["form"].errors[field]
    problem.refresh_from_db()
    assert (problem.category, problem.proposed_department) == ("", cast.unit)


def test_a_problem_noted_by_mistake_is_taken_back_once_and_its_words_stay(client, cast, walk):
    problem = intake.capture(walk=walk, actor=cast.principal, description="记错了的", stage="queue", now=NOON)
    client.force_login(cast.principal)
    body = {"withdraw": "1", "reason": "重复登记", "idempotency_key": new_key(), "seen": whole(problem)}
    for _ in range(2):
        assert client.post(edit_url(walk, problem), body).url == f"/walks/{walk.pk}/"
    assert not Issue.objects.exists()
    assert walk.events.get(kind="draft_withdrawn").note == "记错了的。撤回原因：重复登记"
    assert "记错了的" in client.get(f"/walks/{walk.pk}/").text


def test_one_photo_of_a_problem_is_taken_back_and_the_problem_stays(client, cast, walk):
    files = [accept_photo(upload=upload(photo(), name), actor=cast.principal) for name in ("一.jpg", "二.jpg")]
    problem = intake.capture(
        walk=walk, actor=cast.principal, description="排队太久", stage="queue", files=files, now=NOON
    )
    client.force_login(cast.principal)
    before = intake.content_digest(walk)
    body = {"withdraw": "1", "what": str(files[0].pk), "idempotency_key": new_key(), "seen": whole(problem)}
    assert client.post(edit_url(walk, problem), body).status_code == 400
    body |= {"reason": "拍到了他人", "idempotency_key": new_key()}
    assert client.post(edit_url(walk, problem), body).url == f"/walks/{walk.pk}/"
    [card] = problem_cards(walk, cast.principal)
    assert [one["caption"] for one in card["files"]] == ["二.jpg"]
    assert walk.events.get(kind="photo_withdrawn").note == "排队太久：一.jpg。撤回原因：拍到了他人"
    assert "<del>问题的照片：排队太久</del>" in client.get(f"/walks/{walk.pk}/").text
    assert intake.content_digest(walk) != before


def test_the_liaison_comes_back_to_the_completion_it_left(client, cast, walk):
    problem = intake.capture(walk=walk, actor=cast.principal, description="排队太久", stage="queue", now=NOON)
    client.force_login(cast.liaison)
    assert f"{edit_url(walk, problem)}?from=complete" in client.get(f"/walks/{walk.pk}/complete/").text
    body = sent(stage="queue", category="执法", department=cast.unit.pk, seen=seen(problem))
    assert client.post(f"{edit_url(walk, problem)}?from=complete", body).url == f"/walks/{walk.pk}/complete/"


def test_the_stage_of_the_last_step_is_preselected_without_tying_the_problem_to_it(client, cast, walk):
    client.force_login(cast.principal)
    assert client.get(add_url(walk)).context["form"]["stage"].value() == walk.steps.get().stage
    client.post(add_url(walk), sent())
    assert Issue.objects.get().step is None


def test_a_registered_problem_is_no_longer_changed_here(client, cast):
    walk, [issue] = reported_walk(cast)
    client.force_login(cast.liaison)
    assert client.get(edit_url(walk, issue)).status_code == 409
    assert client.post(edit_url(walk, issue), {"withdraw": "1", "idempotency_key": new_key()}).status_code == 409
    issue.refresh_from_db()
    assert issue.state == "registered"


def test_a_problem_of_another_walk_is_not_found(client, cast, walk):
    other = open_walk(cast, problems=1)
    client.force_login(cast.principal)
    assert client.get(edit_url(walk, other.issues.get())).status_code == 404


def test_a_need_is_noted_once(client, cast, walk):
    client.force_login(cast.principal)
    url = f"/walks/{walk.pk}/needs/add/"
    assert client.get(url).status_code == 200
    body = {"subject": "firm", "content": "希望开通网上预约", "idempotency_key": new_key()}
    for _ in range(2):
        assert client.post(url, body).url == f"/walks/{walk.pk}/"
    assert (Need.objects.get().subject, Need.objects.get().content) == ("firm", "希望开通网上预约")
    assert client.post(url, {**body, "content": "", "idempotency_key": new_key()}).status_code == 400


@pytest.mark.parametrize(
    "persona", ["second_liaison", "namesake", "responsible", "lead", "office", "supervisor", "auditor"]
)
def test_a_walk_one_may_not_see_takes_neither_problem_nor_need(client, cast, persona):
    walk = open_walk(cast, problems=1)
    client.force_login(cast.people[persona])
    for url in (add_url(walk), edit_url(walk, walk.issues.get()), f"/walks/{walk.pk}/needs/add/"):
        assert client.get(url).status_code == 404
        assert client.post(url, sent()).status_code == 404
    assert (walk.issues.count(), walk.needs.count()) == (1, 0)


def test_the_lead_reads_a_reported_walk_and_adds_nothing(client, cast):
    walk, _ = reported_walk(cast)
    client.force_login(cast.lead)
    assert client.post(add_url(walk), sent()).status_code == 403
    assert client.post(f"/walks/{walk.pk}/needs/add/", {"subject": "firm", "content": "x"}).status_code == 403


def test_a_problem_concerns_at_first_the_unit_whose_service_was_walked(cast):
    item = ServiceItem.objects.create(department=cast.second_unit, name="户口迁移", search_text="户口迁移")
    walk = opening.start(
        opening.WalkDraft(campaign=cast.campaign, department_id=cast.unit.pk, item=item, mode="in_person"),
        actor=cast.principal,
        now=NOON,
    )
    problem = intake.capture(walk=walk, actor=cast.principal, description="窗口脱岗", stage="accept", now=NOON)
    assert (problem.discovering_department, problem.proposed_department) == (cast.unit, cast.second_unit)
