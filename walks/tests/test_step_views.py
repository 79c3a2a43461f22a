"""Steps of a walk: added, changed, with photos; and the waiting flag."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.idempotency import new_key
from evidence.models import StoredFile
from evidence.tests.samples import photo
from issues.domain import intake
from tests.cast import AUTUMN, NOON, open_walk
from walks.domain import lifecycle
from walks.domain.stored import token_of_step
from walks.models import Step, Walk

pytestmark = [pytest.mark.django_db, pytest.mark.clock(AUTUMN), pytest.mark.usefixtures("own_files")]


@pytest.fixture
def walk(cast):
    return open_walk(cast)


def add_url(walk):
    return f"/walks/{walk.pk}/steps/add/"


def sent(**changes):
    body = {"stage": "queue", "assessment": "blocked", "note": "取号后等了40分钟", "happened_at": "2022-06-08T14:30"}
    return {**body, "idempotency_key": new_key(), **changes}


def picture(name="大厅.jpg", data=None):
    return SimpleUploadedFile(name, data if data is not None else photo(), "image/jpeg")


def test_a_step_keeps_stage_note_assessment_time_and_photos(client, cast, walk):
    client.force_login(cast.principal)
    answer = client.post(add_url(walk), sent(photos=[picture("一.jpg"), picture("二.jpg")]))
    step = Step.objects.latest("id")
    assert answer.url == f"/walks/{walk.pk}/"
    assert (step.stage, step.assessment, step.note) == ("queue", "blocked", "取号后等了40分钟")
    assert timezone.localtime(step.happened_at).isoformat() == "2022-06-08T14:30:00+08:00"
    assert (step.created_by, step.photos.count()) == (cast.principal, 2)


def test_a_stage_is_enough_and_the_time_is_now(client, cast, walk):
    client.force_login(cast.principal)
    client.post(add_url(walk), sent(assessment="", note="", happened_at=""))
    step = Step.objects.latest("id")
    assert abs(step.happened_at - timezone.now()) < timedelta(minutes=1)


def test_the_form_proposes_the_stage_after_the_last_one(client, cast, walk):
    client.force_login(cast.principal)
    assert client.get(add_url(walk)).context["form"]["stage"].value() == "prepare"
    assert client.get(add_url(walk), {"stage": "result"}).context["form"]["stage"].value() == "result"
    assert client.get(add_url(walk), {"stage": "nonsense"}).context["form"]["stage"].value() == "prepare"


def test_an_online_walk_offers_the_online_stages_only(client, cast):
    walk = open_walk(cast, mode="online")
    client.force_login(cast.principal)
    page = client.get(add_url(walk)).text
    assert "申报提交" in page
    assert "取号排队" not in page
    answer = client.post(add_url(walk), sent(stage="queue"))
    assert answer.status_code == 400
    assert walk.steps.count() == 1


def test_a_double_submit_makes_one_step_and_one_set_of_photos(client, cast, walk):
    client.force_login(cast.principal)
    body = sent()
    first = client.post(add_url(walk), {**body, "photos": [picture()]})
    again = client.post(add_url(walk), {**body, "photos": [picture()]})
    assert first.url == again.url
    assert walk.steps.count() == 2
    assert StoredFile.objects.count() == 1
    assert "没有重复登记" in client.get(f"/walks/{walk.pk}/").text


def test_the_same_key_with_another_note_keeps_the_text_and_gets_a_fresh_key(client, cast, walk):
    client.force_login(cast.principal)
    body = sent()
    client.post(add_url(walk), body)
    answer = client.post(add_url(walk), {**body, "note": "补充：叫号屏坏了"})
    assert answer.status_code == 422
    assert "补充：叫号屏坏了" in answer.text
    assert "data-unsaved" in answer.text
    fresh = answer.context["form"]["idempotency_key"].value()
    assert fresh != body["idempotency_key"]
    client.post(add_url(walk), {**body, "note": "补充：叫号屏坏了", "idempotency_key": fresh})
    assert walk.steps.count() == 3


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"%PDF-1.7 not a picture", "不是可以接受的照片"), (b"", "空文件"), (photo()[:300], "已损坏或不完整")],
)
def test_a_bad_photo_is_told_at_its_field_and_the_text_stays(client, cast, walk, data, words):
    client.force_login(cast.principal)
    answer = client.post(add_url(walk), sent(photos=[picture(data=data)]))
    assert answer.status_code == 400
    assert words in answer.context["form"].errors["photos"][0]
    assert "取号后等了40分钟" in answer.text
    assert "2022-06-08T14:30" in answer.text
    assert walk.steps.count() == 1
    assert StoredFile.objects.count() == 0


def test_one_bad_photo_among_good_ones_keeps_none(client, cast, walk):
    client.force_login(cast.principal)
    answer = client.post(add_url(walk), sent(photos=[picture(), picture(data=photo()[:300])]))
    assert answer.status_code == 400
    assert StoredFile.objects.count() == 0


@pytest.mark.parametrize(
    ("moment", "words"),
    [("2099-01-01T00:00", "不能晚于现在"), ("2022-05-24T23:59", "不能早于活动开始"), ("下午两点", "年-月-日 时:分")],
)
def test_a_time_that_cannot_be_is_refused_in_words(client, cast, walk, moment, words):
    client.force_login(cast.principal)
    answer = client.post(add_url(walk), sent(happened_at=moment))
    assert answer.status_code == 400
    assert words in answer.context["form"].errors["happened_at"][0]
    assert walk.steps.count() == 1


def test_control_characters_are_taken_out_and_line_breaks_stay(client, cast, walk):
    client.force_login(cast.principal)
    client.post(add_url(walk), sent(note="第一行\r\n第\x07二\u202e行𠮷😀"))
    assert Step.objects.latest("id").note == "第一行\n第二行𠮷😀"


def test_save_and_note_a_problem_goes_on_to_the_problem_of_this_step(client, cast, walk):
    client.force_login(cast.principal)
    answer = client.post(add_url(walk), sent(then_problem="1"))
    assert answer.url == f"/walks/{walk.pk}/problems/add/?step={Step.objects.latest('id').public_id}"


def test_a_step_is_changed_and_photos_are_added_to_it(client, cast, walk):
    step = walk.steps.get()
    client.force_login(cast.liaison)
    url = f"/walks/{walk.pk}/steps/{step.public_id}/"
    assert "电话咨询一次说清" in client.get(url).text
    client.post(url, sent(note="改正：问了两次", photos=[picture()], seen=token_of_step(step)))
    step.refresh_from_db()
    assert (step.note, step.stage, step.photos.count()) == ("改正：问了两次", "queue", 1)
    assert step.created_by == cast.principal


def test_a_step_of_another_walk_is_not_found(client, cast, walk):
    other = open_walk(cast)
    client.force_login(cast.principal)
    assert client.get(f"/walks/{walk.pk}/steps/{other.steps.get().public_id}/").status_code == 404


@pytest.mark.parametrize(
    "persona", ["second_liaison", "namesake", "responsible", "lead", "office", "supervisor", "sysadmin"]
)
def test_a_walk_one_may_not_see_takes_no_step(client, cast, walk, persona):
    client.force_login(cast.people[persona])
    for url in (add_url(walk), f"/walks/{walk.pk}/steps/{walk.steps.get().public_id}/"):
        assert client.get(url).status_code == 404
        assert client.post(url, sent()).status_code == 404
    assert client.post(f"/walks/{walk.pk}/waiting/", {"waiting": "1"}).status_code == 404
    assert walk.steps.count() == 1


def test_a_reported_walk_may_be_seen_by_the_lead_but_takes_no_step_from_it(client, cast, walk):
    lifecycle.write_facts(walk=walk, actor=walk.walker, facts={"zero_explained": "全程顺畅，逐项核对了材料"})
    walk.refresh_from_db()
    intake.record_walk(walk=walk, actor=cast.liaison, now=NOON)
    client.force_login(cast.principal)
    answer = client.post(add_url(walk), sent())
    assert (answer.status_code, "取号后等了40分钟" in answer.text) == (409, True)
    intake.sign_walk(walk=walk, actor=cast.principal, now=NOON)
    intake.report_walk(walk=walk, actor=cast.liaison, now=NOON)
    client.force_login(cast.lead)
    assert client.post(add_url(walk), sent()).status_code == 403
    assert walk.steps.count() == 1


def test_waiting_for_the_result_is_switched_on_and_off_once_per_press(client, cast, walk):
    client.force_login(cast.principal)
    url, body = f"/walks/{walk.pk}/waiting/", {"waiting": "1", "idempotency_key": new_key()}
    for _ in range(2):
        assert client.post(url, body).url == f"/walks/{walk.pk}/"
    assert Walk.objects.get().is_waiting
    assert walk.events.filter(kind="waiting").count() == 1
    client.post(url, {"waiting": "0", "idempotency_key": new_key()})
    assert not Walk.objects.get().is_waiting
    assert client.get(url).status_code == 405


def test_a_waiting_press_without_a_key_changes_nothing_and_says_so(client, cast, walk):
    client.force_login(cast.principal)
    answer = client.post(f"/walks/{walk.pk}/waiting/", {"waiting": "1"}, follow=True)
    assert "页面已过期" in answer.text
    assert not Walk.objects.get().is_waiting
