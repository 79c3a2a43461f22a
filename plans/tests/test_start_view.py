"""Opening a walk: two taps."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.domain.memberships import grant_membership
from accounts.enums import Role
from campaigns.models import Campaign, RosterEntry
from catalogue.models import ServiceItem
from core.idempotency import new_key
from core.text import search_text
from walks.models import Walk

pytestmark = pytest.mark.django_db
URL = "/walks/start/"


def sent(cast, **changes):
    return {"item": cast.item.pk, "mode": "in_person", "idempotency_key": new_key(), **changes}


def test_an_item_and_a_mode_are_all_that_opens_a_walk(client, cast):
    client.force_login(cast.principal)
    answer = client.post(URL, {**sent(cast)})
    walk = Walk.objects.get()
    assert answer.url == reverse("walk", args=[walk.pk])
    assert (walk.item, walk.mode, walk.state) == (cast.item, "in_person", "in_progress")
    assert (walk.walker, walk.walker_capacity, walk.department) == (cast.principal, "principal", cast.unit)
    assert walk.walk_date == timezone.localdate()


@pytest.mark.parametrize("mode", ["in_person", "on_behalf", "accompany", "online"])
def test_the_start_page_offers_each_mode_as_a_button(client, cast, mode):
    client.force_login(cast.deputy)
    assert f'name="mode" value="{mode}"' in client.get(URL).text
    client.post(URL, sent(cast, mode=mode))
    assert Walk.objects.get().mode == mode


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        ("window_duty", "staff"),
        ("enforcement_ride_along", "officer"),
        ("complaint_handling", "operator"),
        ("", "applicant"),
    ],
)
def test_window_enforcement_and_hotline_are_chosen_in_the_fold(client, cast, kind, role):
    client.force_login(cast.principal)
    client.post(URL, sent(cast, kind=kind))
    walk = Walk.objects.select_related("receiver").get()
    assert (walk.activity_kind, walk.role) == (kind or "process_walkthrough", role)
    assert walk.receiver.name == ("县司法局" if kind == "enforcement_ride_along" else "县行政审批局")


def test_a_mode_pressed_before_an_item_asks_for_the_item_and_opens_nothing(client, cast):
    client.force_login(cast.principal)
    answer = client.post(URL, sent(cast, item=""))
    assert answer.status_code == 400
    assert "请先选择事项" in answer.text
    assert not Walk.objects.exists()


def test_a_double_press_opens_one_walk_and_leads_to_it_twice(client, cast):
    client.force_login(cast.principal)
    body = sent(cast)
    first, second = client.post(URL, body), client.post(URL, body)
    assert first.url == second.url
    assert Walk.objects.count() == 1


def test_a_used_key_with_another_item_is_refused_and_the_page_gets_a_fresh_key(client, cast):
    other = ServiceItem.objects.create(department=cast.unit, name="离婚登记", search_text=search_text("离婚登记"))
    client.force_login(cast.principal)
    body = sent(cast)
    client.post(URL, body)
    answer = client.post(URL, {**body, "item": other.pk})
    assert answer.status_code == 422
    assert answer.context["start"]["idempotency_key"].value() != body["idempotency_key"]
    assert Walk.objects.count() == 1


def test_a_submit_without_a_key_is_refused_in_words_with_the_choice_kept(client, cast):
    client.force_login(cast.principal)
    answer = client.post(URL, sent(cast, idempotency_key=""))
    assert answer.status_code == 400
    assert "刷新页面" in answer.text
    assert f'value="{cast.item.pk}" checked' in answer.text
    assert (
        client.post(URL, sent(cast, idempotency_key=answer.context["start"]["idempotency_key"].value())).status_code
        == 302
    )


def test_an_item_of_another_county_does_not_exist(client, cast):
    foreign = ServiceItem.objects.create(
        department=cast.namesake_unit, name="外县事项", search_text=search_text("外县事项")
    )
    client.force_login(cast.principal)
    assert "外县事项" not in client.get(URL).text
    answer = client.post(URL, sent(cast, item=foreign.pk))
    assert answer.status_code == 400
    assert "没有找到所选事项" in answer.text
    assert not Walk.objects.exists()


def test_an_item_that_asks_for_the_principal_is_refused_to_a_deputy_in_words(client, cast):
    ServiceItem.objects.filter(pk=cast.item.pk).update(must_walk_in_person=True)
    client.force_login(cast.deputy)
    answer = client.post(URL, sent(cast))
    assert "须由主要负责同志本人体验" in answer.text
    assert not Walk.objects.exists()


def test_a_liaison_opens_a_walk_only_for_a_named_leader_of_the_unit(client, cast):
    client.force_login(cast.liaison)
    page = client.get(URL).text
    assert cast.principal.name in page
    assert "请选择体验人" in client.post(URL, sent(cast)).text
    client.post(URL, sent(cast, walker=cast.principal.pk))
    walk = Walk.objects.get()
    assert (walk.walker, walk.created_by, walk.walker_capacity) == (cast.principal, cast.liaison, "principal")


def test_a_leader_of_another_unit_cannot_be_named_as_walker(client, cast):
    grant_membership(user=cast.second_liaison, department=cast.second_unit, role=Role.PRINCIPAL)
    client.force_login(cast.liaison)
    answer = client.post(URL, sent(cast, walker=cast.second_liaison.pk))
    assert answer.status_code == 400
    assert not Walk.objects.exists()


@pytest.mark.parametrize("persona", ["responsible", "lead", "office", "supervisor", "sysadmin", "auditor"])
def test_those_who_do_not_walk_are_refused(client, cast, persona):
    client.force_login(cast.people[persona])
    assert client.get(URL).status_code == 403
    assert client.post(URL, sent(cast)).status_code == 403
    assert not Walk.objects.exists()


def test_a_unit_in_no_running_campaign_is_told_what_to_do(client, cast):
    cast.campaign.starts_on = timezone.localdate() + timedelta(days=1)
    cast.campaign.save()
    client.force_login(cast.principal)
    page = client.get(URL).text
    assert "不在实施中的活动名单内" in page
    assert 'name="mode"' not in page
    assert "不在实施中的活动名单内" in client.post(URL, sent(cast)).text


@pytest.mark.parametrize("text", ["结婚", "jhdj", "ＪＨＤＪ"])
def test_items_are_found_by_name_and_by_pinyin_initials(client, cast, text):
    ServiceItem.objects.create(department=cast.unit, name="老年人优待证", search_text=search_text("老年人优待证"))
    client.force_login(cast.principal)
    page = client.get(URL, {"q": text}).text
    assert "结婚登记" in page
    assert "老年人优待证" not in page
    assert "没有找到相符的事项" in client.get(URL, {"q": "没有这样的事项"}).text


def test_items_walked_lately_and_own_ones_come_first(client, cast):
    names = ["身份证补领", "老年人优待证"]
    for unit, name in zip((cast.second_unit, cast.unit), names, strict=True):
        ServiceItem.objects.create(department=unit, name=name, order=9, search_text=search_text(name))
    client.force_login(cast.principal)
    assert [item.name for item in client.get(URL).context["items"]] == ["结婚登记", "老年人优待证", "身份证补领"]
    client.post(URL, sent(cast, item=ServiceItem.objects.get(name="身份证补领").pk))
    assert next(item.name for item in client.get(URL).context["items"]) == "身份证补领"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_whatever_the_number_of_items(client, cast, rows, django_assert_num_queries):
    for number in range(rows - 1):
        ServiceItem.objects.create(department=cast.unit, name=f"事项{number}", search_text=search_text(f"事项{number}"))
    client.force_login(cast.principal)
    client.get(URL)
    with django_assert_num_queries(8):
        assert len(client.get(URL).context["items"]) == rows


def test_the_form_offers_what_the_notice_knows_in_its_own_words(client, cast):
    version = cast.campaign.rule_versions.get()
    walking = version.data["walking"] | {"modes": ["in_person", "on_behalf"], "mode_names": {"on_behalf": "帮代办"}}
    cast.campaign.rule_versions.create(
        number=2,
        data=version.data | {"walking": walking},
        effective_on=version.effective_on,
        issued_at=version.issued_at,
    )
    client.force_login(cast.principal)
    form = client.get("/walks/start/").context["start"]
    assert form.fields["mode"].choices == [("in_person", "亲身办"), ("on_behalf", "帮代办")]
    answer = client.post("/walks/start/", {"item": cast.item.pk, "mode": "online", "idempotency_key": "k"})
    assert (answer.status_code, "没有这种体验形式" in answer.text) == (400, True)
    opened = client.post("/walks/start/", {"item": cast.item.pk, "mode": "on_behalf", "idempotency_key": "k2"})
    assert "帮代办 ·" in client.get(opened["Location"]).text


def second_campaign(cast, **walking):
    """The unit's other campaign, whose rules of walking differ by ``walking``."""
    version = cast.campaign.rule_versions.get()
    other = Campaign.objects.get(pk=cast.campaign.pk)
    other.pk, other.code, other.name = None, "ZWL", "另一活动"
    other.save(force_insert=True)
    data = version.data | {"walking": version.data["walking"] | walking}
    other.rule_versions.create(number=1, data=data, effective_on=version.effective_on, issued_at=version.issued_at)
    RosterEntry.objects.create(campaign=other, department=cast.unit, order=1)
    return other


def test_of_several_campaigns_each_says_what_it_takes_and_what_one_refuses_is_not_chosen_beforehand(client, cast):
    client.force_login(cast.deputy)
    assert client.get(URL).context["start"].fields["delegation_reason"].initial == "many_items"
    other = second_campaign(cast, delegation_reasons=[], modes=["in_person"])
    form = client.get(URL).context["start"]
    assert form.fields["delegation_reason"].initial is None
    fits = json.loads(form.fields["place"].widget.attrs["data-fits"])
    first, second = (fits[f"{one.pk}-{cast.unit.pk}"] for one in (cast.campaign, other))
    assert (first["delegation_reason"], second["delegation_reason"]) == (["many_items"], [])
    assert second["mode"] == ["in_person"]
    assert set(first["mode"]) == {"in_person", "on_behalf", "accompany", "online"}
