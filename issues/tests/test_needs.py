"""需求 as rows of their own: who answers by when, the answer, a return, the list and what stays hidden."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from core.exceptions import NotAllowed, Refused, StaleVersion
from core.idempotency import new_key
from issues.domain import intake
from issues.domain.needs import lifecycle
from issues.domain.needs.queries import needs_visible_to, waiting_needs
from issues.models import Need, NeedEvent
from issues.tests.needing import needs_on
from notifications.domain.notices import notices_visible_to
from notifications.models import Notice
from tests.cast import NOON, covert_walk, open_walk

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def told_last(person) -> str:
    return Notice.objects.filter(recipient=person).latest("id").text


def act(need, action, actor, *, now=NOON, **data):
    return lifecycle.perform(need=need, action=action, actor=actor, data=data, now=now)


def test_a_need_enters_the_list_when_the_walk_is_reported_with_unit_and_day(cast):
    walk = open_walk(cast)
    intake.add_need(walk=walk, actor=cast.principal, subject="firm", content="希望延时服务")
    assert not needs_visible_to(cast.liaison).exists()
    [need] = needs_on(cast, "希望周六开窗")
    assert (need.state, need.department, need.reply_by) == ("unanswered", cast.unit, date(2022, 6, 29))
    assert need.first_reply_by == need.reply_by
    assert list(Notice.objects.filter(kind="need.register").values_list("recipient__username", flat=True)) == [
        "liaison"
    ]


def test_the_unit_answers_and_an_earlier_answer_stays_in_the_history(cast):
    [need] = needs_on(cast, "希望周六开窗")
    with pytest.raises(Refused, match="回应情况"):
        act(need, "reply", cast.liaison, reply=" ")
    act(need, "reply", cast.liaison, reply="已采纳，7月起实行")
    act(need, "reply", cast.principal, reply="已采纳，8月起实行", now=NOON + timedelta(days=40))
    assert (need.state, need.reply, need.replied_on) == ("replied", "已采纳，8月起实行", date(2022, 6, 8))
    assert [event.note for event in need.events.filter(kind="reply")] == ["已采纳，7月起实行", "已采纳，8月起实行"]


def test_the_lead_names_unit_and_day_and_sends_an_answer_back(cast):
    [need] = needs_on(cast, "希望周六开窗")
    with pytest.raises(Refused, match="拟回应时间"):
        act(need, "assign", cast.lead, department=cast.second_unit, reply_by=date(2022, 6, 7))
    with pytest.raises(Refused, match="本区域"):
        act(need, "assign", cast.lead, department=cast.namesake_unit, reply_by=date(2022, 7, 1))
    act(need, "assign", cast.lead, department=cast.second_unit, reply_by=date(2022, 7, 1))
    assert told_last(cast.liaison) == "需求改由县公安局回应，本单位不再回应：希望周六开窗"
    assert (need.reply_by, need.first_reply_by) == (date(2022, 7, 1), date(2022, 6, 29))
    act(need, "reply", cast.second_liaison, reply="研究中")
    with pytest.raises(Refused, match="退回原因"):
        act(need, "return_reply", cast.office)
    act(need, "return_reply", cast.office, note="没有结果")
    assert (need.state, need.replied_on, need.return_reason) == ("unanswered", None, "没有结果")
    assert told_last(cast.second_liaison) == (
        "需求的回应被退回，请重新回应（2022-07-01 前）：希望周六开窗。退回原因：没有结果"
    )
    act(need, "assign", cast.lead, department=cast.office_unit, reply_by=date(2022, 7, 1))
    [notice] = notices_visible_to(cast.second_liaison).filter(kind="need.taken")
    assert notice.link == reverse("needs")
    act(need, "assign", cast.lead, department=cast.office_unit, reply_by=date(2022, 7, 2))
    assert Notice.objects.filter(kind="need.taken").count() == 2


def test_the_side_that_answers_moves_no_date_and_others_do_nothing(cast):
    [need] = needs_on(cast, "希望周六开窗")
    for actor in (cast.liaison, cast.office_city, cast.supervisor):
        with pytest.raises(NotAllowed):
            act(need, "assign", actor, department=cast.unit, reply_by=date(2022, 7, 1))
    act(need, "assign", cast.office, department=cast.lead_unit, reply_by=date(2022, 7, 1))
    with pytest.raises(NotAllowed):
        act(need, "assign", cast.lead, department=cast.lead_unit, reply_by=date(2022, 8, 1))
    with pytest.raises(NotAllowed):
        act(need, "reply", cast.liaison, reply="已办")


def test_the_same_answer_or_the_same_unit_and_day_again_leaves_no_trace(cast):
    [need] = needs_on(cast, "希望周六开窗")
    same = {"department": cast.unit, "reply_by": need.reply_by}
    act(need, "assign", cast.lead, **same)
    act(need, "reply", cast.liaison, reply="已采纳")
    stale = Need.objects.select_related(*lifecycle.NAMED).get(pk=need.pk)
    version = need.version
    act(need, "reply", cast.principal, reply=" 已采纳 ")
    assert (need.version, need.changed_by) == (version, cast.liaison)
    assert list(need.events.values_list("kind", flat=True)) == ["register", "reply"]
    act(need, "reply", cast.principal, reply="不采纳")
    with pytest.raises(StaleVersion, match=cast.principal.name):
        act(stale, "reply", cast.liaison, reply="已采纳")


def test_two_people_answer_one_need_and_the_second_is_told(cast):
    [need] = needs_on(cast, "希望周六开窗")
    seen = need.version
    other = Need.objects.select_related(*lifecycle.NAMED).get(pk=need.pk)
    act(need, "reply", cast.liaison, reply="已采纳")
    for version in (seen, 0):
        data = {"reply": "不采纳"}
        with pytest.raises(StaleVersion, match=cast.liaison.name):
            lifecycle.perform(need=other, action="reply", actor=cast.principal, data=data, version=version)
        other.refresh_from_db()


def test_the_history_is_append_only_and_the_words_of_a_signed_walk_stay(cast):
    [need] = needs_on(cast, "希望周六开窗")
    with pytest.raises(DatabaseError), transaction.atomic():
        NeedEvent.objects.filter(need=need).update(note="改")
    with pytest.raises(DatabaseError), transaction.atomic():
        Need.objects.filter(pk=need.pk).update(content="改")


def test_a_need_of_a_covert_walk_is_in_no_list_before_it_is_reported(cast):
    walk = covert_walk(cast, day=8)
    Need.objects.create(walk=walk, campaign=cast.campaign, subject="firm", content="暗访")
    for person in (cast.liaison, cast.lead, cast.office, cast.principal):
        assert not needs_visible_to(person).exists()


def test_the_list_filters_counts_and_exports_what_it_shows(client, cast):
    first, second = needs_on(cast, "希望周六开窗", "希望网上预约")
    act(second, "reply", cast.liaison, reply="已开通")
    client.force_login(cast.office, backend="django.contrib.auth.backends.ModelBackend")
    text = client.get("/needs/").content.decode()
    assert "希望周六开窗" in text
    assert "希望网上预约" not in text
    answer = client.get(f"/needs/export/?tab=all&campaign={cast.campaign.code}&subject=citizen")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    cells = [row[2].value for row in sheet.iter_rows() if row[2].value in (first.content, second.content)]
    assert sorted(cells) == sorted([first.content, second.content])
    assert client.get("/needs/?tab=all&subject=firm").context["page"].total == 0


def test_what_the_first_page_counts_is_what_its_link_lists(client, cast):
    own, other = needs_on(cast, "希望周六开窗", "希望网上预约")
    act(other, "assign", cast.lead, department=cast.second_unit, reply_by=date(2022, 7, 1))
    client.force_login(cast.liaison, backend="django.contrib.auth.backends.ModelBackend")
    [group] = [one for one in client.get("/").context["groups"] if one["title"] == "需求待回应"]
    page = client.get(group["url"]).context["page"]
    assert (group["total"], [row["content"] for row in page.rows]) == (1, [own.content])
    client.force_login(cast.supervisor, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(group["url"]).context["page"].total == 2


def test_a_unit_answers_on_the_page_and_an_old_version_comes_back_with_what_stands(client, cast):
    [need] = needs_on(cast, "希望周六开窗")
    client.force_login(cast.liaison, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("need_act", args=[need.public_id, "reply"])
    assert client.get(address).status_code == 200
    pressed = {"idempotency_key": new_key(), "version": need.version, "reply": "已采纳"}
    assert client.post(address, pressed | {"version": 0}).status_code == 400
    assert client.post(address, pressed).status_code == 302
    answer = client.post(address, pressed | {"idempotency_key": new_key(), "reply": "不采纳"})
    assert answer.status_code == 409
    assert "已采纳" in answer.content.decode()
    need.refresh_from_db()
    again = pressed | {"idempotency_key": new_key(), "version": need.version}
    assert "内容没有变化，没有另作记录。" in client.post(address, again, follow=True).text
    assert waiting_needs(cast.liaison) == (0, [])


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_whatever_it_holds(client, cast, rows, django_assert_num_queries):
    needs_on(cast, *(f"希望{number}" for number in range(rows)))
    client.force_login(cast.lead, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/needs/")
    with django_assert_num_queries(10):
        assert client.get("/needs/").status_code == 200
