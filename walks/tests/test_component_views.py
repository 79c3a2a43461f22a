"""The pages of a walk's components: each recorded by itself, masked, judged when the walk is recorded."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.tests.setup_page import fields_of
from catalogue.models import ServiceItem
from issues.domain import intake
from issues.models import Issue
from tests.cast import NOON, do_components, open_walk, reported_walk
from walks.domain import components, lifecycle
from walks.domain.draws import make_draw
from walks.domain.stored import token_of_step
from walks.models import Step, Walk

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON)]
MAY = "2022-05-12"


@pytest.fixture
def walk(cast):
    return open_walk(cast, now=NOON)


def url(walk, code: str) -> str:
    return f"/walks/{walk.pk}/components/{code}/add/"


def withdrawal_of(client, page) -> dict:
    return fields_of(client.get(page).context["withdrawal"]) | {"withdraw": "1"}


def called(**changes) -> dict:
    return {
        "idempotency_key": "k1", "person": "王女士", "phone": "13912345678", "served_on": MAY, "is_valid": "on",
        "r0": "good", "r4": "poor", "note": "希望周末也能办", **changes,
    }  # fmt: skip


def test_a_callback_is_kept_with_its_elements_and_never_the_whole_number(client, cast, walk):
    client.force_login(cast.principal)
    assert client.post(url(walk, "service_callback"), called()).status_code == 302
    step = walk.steps.get(component="service_callback")
    assert (step.person, step.phone, f"{step.served_on}", step.is_valid) == ("王女士", "139****5678", MAY, True)
    assert step.ratings == {"服务态度": "good", "办事体验": "poor"}
    text = client.get(f"/walks/{walk.pk}/").text
    assert "139****5678" in text
    assert "13912345678" not in text
    assert "1/3 个" in text


def test_sending_it_twice_makes_one_record(client, cast, walk):
    client.force_login(cast.principal)
    for _ in range(2):
        assert client.post(url(walk, "service_callback"), called()).status_code == 302
    assert walk.steps.filter(component="service_callback").count() == 1


def test_a_callback_to_somebody_served_this_month_is_shown_as_not_counting(client, cast, walk):
    client.force_login(cast.principal)
    client.post(url(walk, "service_callback"), called(served_on="2022-06-02"))
    text = client.get(f"/walks/{walk.pk}/").text
    assert "不计：不是上月办理" in text
    assert "0/3 个" in text


@pytest.mark.parametrize(
    ("code", "sent", "field", "words"),
    [
        ("service_callback", called(served_on=""), "served_on", "须写明对方办理或咨询的日期"),
        ("service_callback", called(served_on="2022-06-09"), "served_on", "不能晚于回访日期"),
        ("service_callback", called(served_on="上个月"), "served_on", "请按“年-月-日”填写日期"),
        ("service_callback", called(r0="很好"), "r0", "请选择好、一般或差"),
        ("discussion_meeting", {"idempotency_key": "k", "note": "意见"}, "person", "请写明参加座谈的人员"),
        ("business_check", {"idempotency_key": "k"}, "item", "请选择检查的事项"),
        ("business_check", {"idempotency_key": "k", "item": "999999"}, "item", "没有找到所选事项"),
        ("approval_desk", {"idempotency_key": "k"}, "note", "请写明参与情况"),
        ("approval_desk", {"idempotency_key": "k", "note": "x", "happened_at": "2030-01-01T08:00"}, "happened_at",
         "时间不能晚于现在"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_saved(client, cast, walk, code, sent, field, words):
    client.force_login(cast.principal)
    answer = client.post(url(walk, code), sent)
    assert answer.status_code == 400
    assert words in "".join(answer.context["form"].errors[field])
    assert not walk.steps.exclude(component="").exists()


def test_the_same_item_is_not_checked_twice_in_one_walk(client, cast, walk):
    client.force_login(cast.principal)
    client.post(url(walk, "business_check"), {"idempotency_key": "a", "item": cast.item.pk})
    answer = client.post(url(walk, "business_check"), {"idempotency_key": "b", "item": cast.item.pk})
    assert answer.status_code == 400
    assert "本次已检查过" in answer.text


def test_items_drawn_this_month_come_first_and_are_marked(client, cast, walk):
    names = ["离婚登记", "收养登记"]
    for name in names:
        ServiceItem.objects.create(department=cast.unit, name=name, search_text=name)
    record = make_draw(campaign=cast.campaign, department=cast.unit, n=2, actor=cast.principal, now=timezone.now())
    client.force_login(cast.principal)
    choices = client.get(url(walk, "business_check")).context["form"].fields["item"].choices
    assert {pk for pk, label in choices[1:3]} == set(record.drawn)
    assert all(label.endswith("（本月抽取）") for _, label in choices[1:3])
    assert not choices[3][1].endswith("（本月抽取）")


def test_a_part_the_activity_does_not_have_is_not_there(client, cast, walk):
    client.force_login(cast.principal)
    assert client.get(url(walk, "enforcement_check")).status_code == 404
    assert client.get(url(walk, "unfug")).status_code == 404


def test_a_stage_is_not_edited_as_a_part_nor_a_part_as_a_stage(client, cast, walk):
    meeting = components.add(
        walk=walk, actor=cast.principal, code="discussion_meeting", happened_at=NOON, person="两人"
    )
    stage = walk.steps.get(component="")
    client.force_login(cast.principal)
    assert client.get(f"/walks/{walk.pk}/components/{stage.public_id}/").status_code == 404
    assert client.get(f"/walks/{walk.pk}/steps/{meeting.public_id}/").status_code == 404
    assert client.get(f"/walks/{walk.pk}/components/{meeting.public_id}/").status_code == 200


def test_a_record_is_changed_and_its_time_stays_when_left_empty(client, cast, walk):
    step = components.add(walk=walk, actor=cast.principal, code="discussion_meeting", happened_at=NOON, person="两人")
    step.refresh_from_db()
    client.force_login(cast.principal)
    page = f"/walks/{walk.pk}/components/{step.public_id}/"
    client.post(page, {"idempotency_key": "k", "person": "五人", "happened_at": "", "seen": token_of_step(step)})
    step.refresh_from_db()
    assert (step.person, step.happened_at) == ("五人", NOON)


def test_a_record_made_by_mistake_is_withdrawn_and_its_words_stay(client, cast, walk):
    step = components.add(walk=walk, actor=cast.principal, code="approval_desk", happened_at=NOON, note="记错了单位")
    client.force_login(cast.principal)
    page = f"/walks/{walk.pk}/components/{step.public_id}/"
    sent = withdrawal_of(client, page) | {"idempotency_key": "w", "reason": "记错"}
    for _ in range(2):
        assert client.post(page, sent).status_code == 302
    assert Step.objects.get(pk=step.pk).withdrawn_by == cast.principal
    assert walk.events.get(kind="step_withdrawn").note == "坐窗口：记错了单位。撤回原因：记错"


def test_a_record_with_a_problem_stays_until_the_problem_is_dealt_with(client, cast, walk):
    step = components.add(walk=walk, actor=cast.principal, code="approval_desk", happened_at=NOON, note="坐窗口")
    intake.capture(walk=walk, actor=cast.principal, description="系统卡顿", stage="", step=step)
    client.force_login(cast.principal)
    page = f"/walks/{walk.pk}/components/{step.public_id}/"
    answer = client.post(page, withdrawal_of(client, page) | {"reason": "记错"})
    assert "请先处理该问题" in answer.text
    assert Step.objects.filter(pk=step.pk, withdrawn_at=None).exists()


def test_save_and_note_a_problem_asks_for_no_stage_and_keeps_the_source(client, cast, walk):
    client.force_login(cast.principal)
    answer = client.post(
        url(walk, "discussion_meeting"), {"idempotency_key": "k", "person": "三人", "then_problem": "1"}, follow=True
    )
    assert "stage" not in answer.context["form"].fields
    client.post(answer.redirect_chain[-1][0], {"idempotency_key": "p", "description": "群众反映排队久"})
    problem = Issue.objects.get()
    assert (problem.source, problem.stage) == ("meeting", "")


def test_save_and_one_more_stays_on_the_form(client, cast, walk):
    client.force_login(cast.principal)
    answer = client.post(url(walk, "service_callback"), called(then_more="1"))
    assert answer.url == url(walk, "service_callback")


def test_nothing_is_added_once_recorded(client, cast):
    walk, _ = reported_walk(cast)
    client.force_login(cast.principal)
    assert client.get(url(walk, "discussion_meeting")).status_code == 409


def test_a_complete_walk_conforms_and_an_incomplete_one_is_accepted_marked_and_told_why(cast):
    full, _ = reported_walk(cast, with_components=True)
    short = open_walk(cast)
    do_components(cast, short, callbacks=2)
    lifecycle.write_facts(walk=short, actor=cast.liaison, facts={"zero_explained": "顺畅"})
    short.refresh_from_db()
    intake.record_walk(walk=short, actor=cast.liaison, now=NOON)
    assert (full.conforms, full.shortfall) == (True, "")
    assert (short.conforms, short.shortfall) == (False, "完成 3/4 个环节（有效回访 2/3 个）")


def test_it_is_judged_anew_when_it_is_recorded_again(cast):
    walk, _ = reported_walk(cast, problems=1)
    assert walk.conforms is False
    lifecycle.perform(walk=walk, action="send_back", actor=cast.lead, data={"reason": "请补规定环节"}, now=NOON)
    do_components(cast, walk)
    walk.refresh_from_db()
    intake.record_walk(walk=walk, actor=cast.liaison, now=NOON)
    assert (walk.conforms, walk.shortfall) == (True, "")


def test_the_liaison_is_told_before_recording_what_will_not_count(client, cast, walk):
    client.force_login(cast.liaison)
    text = client.get(f"/walks/{walk.pk}/complete/").text
    assert "完成 0/4 个环节（坐窗口 0/1 次；业务检查 0/2 项；有效回访 0/3 个；座谈交流 0/1 次）" in text
    assert "现在登记完成会标注“未达标”" in text
    do_components(cast, walk)
    assert "未达标" not in client.get(f"/walks/{walk.pk}/complete/").text


def test_a_signature_covers_the_parts(cast):
    walk = open_walk(cast)
    before = intake.content_digest(walk)
    step = components.add(walk=walk, actor=cast.principal, code="approval_desk", happened_at=NOON, note="甲")
    between = intake.content_digest(walk)
    step.refresh_from_db()
    changed = {"note": "甲", "ratings": {"受理条件": "poor"}, "happened_at": NOON}
    components.edit(step=step, actor=cast.principal, seen=token_of_step(step), **changed)
    assert len({before, between, intake.content_digest(walk)}) == 3


def test_a_walk_that_falls_short_fulfils_nothing_and_the_board_opens_it(client, cast):
    short, _ = reported_walk(cast)
    reported_walk(cast, with_components=True, now=NOON + timedelta(hours=1))
    client.force_login(cast.office)
    board = client.get(f"/campaigns/{cast.campaign.code}/board/")
    line = next(one for one in board.context["board"].lines if one.unit.name == "县民政局")
    assert (line.walked, line.short, line.fulfilled) == (1, 1, 1)
    row = next(one for one in board.context["rows"] if one["line"] is line)
    listed = client.get(row["urls"]["short"])
    assert [one["id"] for one in listed.context["page"].rows] == [str(short.pk)]
    assert "未达标" in listed.text


def test_an_old_register_that_tells_nothing_of_parts_is_not_judged(cast):
    walk = open_walk(cast)
    assert Walk.objects.get(pk=walk.pk).conforms is None


@pytest.mark.parametrize("records", [1, 3])
def test_the_page_of_a_part_costs_the_same_whatever_the_walk_holds(
    client, cast, walk, records, django_assert_num_queries
):
    for _ in range(records):
        components.add(walk=walk, actor=cast.principal, code="approval_desk", happened_at=NOON, note="坐窗口")
    client.force_login(cast.principal)
    client.get(url(walk, "business_check"))
    with django_assert_num_queries(8):
        client.get(url(walk, "business_check"))


def test_a_masked_number_stays_as_it_is_when_the_record_is_changed(client, cast, walk):
    client.force_login(cast.principal)
    client.post(url(walk, "service_callback"), called())
    step = walk.steps.get(component="service_callback")
    page = f"/walks/{walk.pk}/components/{step.public_id}/"
    shown = client.get(page).context["form"]["phone"].value()
    client.post(page, called(idempotency_key="again", phone=shown, person="王先生", seen=token_of_step(step)))
    step.refresh_from_db()
    assert (step.person, step.phone) == ("王先生", "139****5678")
