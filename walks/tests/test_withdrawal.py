"""Steps, records and photos noted by mistake: taken back with a reason, kept, counted nowhere."""

import pytest

from core.content_token import content_token
from core.exceptions import IllegalTransition, Refused
from core.idempotency import new_key
from evidence.domain.store import accept_photo
from evidence.tests.samples import photo, upload
from issues.domain import intake
from tests.cast import NOON, open_walk
from walks.domain import lifecycle, withdrawal
from walks.domain.guards import missing_for_record
from walks.domain.queries import steps_of
from walks.domain.stored import whole_step
from walks.models import Step, StepPhoto

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]


@pytest.fixture
def walk(cast):
    return open_walk(cast)


@pytest.fixture
def step(cast, walk):
    files = [accept_photo(upload=upload(photo(), name), actor=cast.principal) for name in ("一.jpg", "二.jpg")]
    return lifecycle.add_step(
        walk=walk, actor=cast.principal, stage="queue", note="取号后等了很久", happened_at=NOON, files=files
    )


def page(step):
    return f"/walks/{step.walk_id}/steps/{step.public_id}/"


def sent(step, **given):
    return {"withdraw": "1", "idempotency_key": new_key(), "seen": seen(step), **given}


def seen(step):
    return content_token(whole_step(Step.objects.get(pk=step.pk)))


def take_back(cast, step):
    withdrawal.withdraw_step(step=step, actor=cast.principal, reason="记错", seen=seen(step), now=NOON)


def test_a_step_taken_back_is_kept_with_its_reason_and_stands_on_no_sheet(client, cast, walk, step):
    client.force_login(cast.liaison)
    before = intake.content_digest(walk)
    answer = client.post(page(step), sent(step, reason="登记错了事项"))
    assert answer.url == f"/walks/{walk.pk}/"
    step.refresh_from_db()
    assert (step.withdrawn_by, step.withdrawn_reason) == (cast.liaison, "登记错了事项")
    text = client.get(answer.url).text
    assert "<del>取号排队：取号后等了很久</del>" in text
    assert "登记错了事项" in text
    assert "取号后等了很久" not in client.get(f"/walks/{walk.pk}/cancel/").text
    assert list(steps_of(walk).values_list("stage", flat=True)) == ["consult"]
    assert intake.content_digest(walk) != before
    assert walk.events.get(kind="step_withdrawn").note == "取号排队：取号后等了很久。撤回原因：登记错了事项"


def test_a_walk_whose_only_step_was_taken_back_lacks_a_step(cast, walk):
    take_back(cast, walk.steps.get())
    assert "steps" in missing_for_record(walk, issues_total=1, issues_unclassified=0)


def test_one_photo_is_taken_back_and_the_other_stays(client, cast, walk, step):
    first, second = step.photo_links.all()
    client.force_login(cast.principal)
    client.post(page(step), sent(step, what=str(first.file_id), reason="拍到了他人证件"))
    assert [link.file for link in step.photo_links.filter(withdrawn_at=None)] == [second.file]
    assert StepPhoto.objects.get(pk=first.pk).withdrawn_reason == "拍到了他人证件"
    assert "取号排队的照片" in client.get(f"/walks/{walk.pk}/").text
    assert walk.events.get(kind="photo_withdrawn").note == "取号排队：一.jpg。撤回原因：拍到了他人证件"


def test_without_a_reason_nothing_is_taken_back_and_the_page_asks_for_it(client, cast, step):
    client.force_login(cast.principal)
    answer = client.post(page(step), sent(step, reason="　"))
    assert (answer.status_code, "请写明撤回原因。" in answer.text) == (400, True)
    step.refresh_from_db()
    assert step.withdrawn_at is None


def test_twice_is_said_to_be_done_already(cast, step):
    take_back(cast, step)
    with pytest.raises(IllegalTransition):
        take_back(cast, step)
    with pytest.raises(IllegalTransition, match="已经撤回，由测试principal于 2022-06-08 12:00 办理，没有重复办理"):
        withdrawal.mark(Step.objects.filter(pk=step.pk), cast.liaison, "记错", NOON)


def test_a_recorded_walk_gives_nothing_back(cast, walk):
    lifecycle.write_facts(walk=walk, actor=walk.walker, facts={"zero_explained": "顺畅"})
    walk.refresh_from_db()
    intake.record_walk(walk=walk, actor=cast.liaison, now=NOON)
    with pytest.raises(IllegalTransition):
        take_back(cast, walk.steps.get())


def test_a_step_with_a_problem_stays(cast, walk, step):
    intake.capture(walk=walk, actor=cast.principal, description="叫号屏坏了", stage="queue", step=step, now=NOON)
    with pytest.raises(Refused):
        take_back(cast, step)
