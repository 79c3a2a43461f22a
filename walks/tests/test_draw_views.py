"""The pages of random draws."""

import pytest

from catalogue.models import ServiceItem
from core.idempotency import new_key
from tests.cast import NOON, build_cast
from walks.models import Draw

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON)]
URL = "/campaigns/QH2022/draws/"


@pytest.fixture
def cast():
    cast = build_cast()
    for unit in (cast.unit, cast.second_unit):
        for number in range(3):
            ServiceItem.objects.create(department=unit, name=f"{unit}事项{number}")
    return cast


def sent(cast, **changes):
    return {"department": cast.unit.pk, "n": 2, "idempotency_key": new_key(), **changes}


def test_a_press_draws_and_the_page_shows_what_is_needed_to_check_it(client, cast):
    client.force_login(cast.principal)
    answer = client.post(URL, sent(cast))
    record = Draw.objects.get()
    assert answer.url == f"{URL}{record.pk}/"
    page = client.get(answer.url).text
    assert record.seed in page
    assert "复核一致" in page
    assert "把“种子:事项号”逐项计算 SHA-256，按结果从小到大排列，取前 2 项" in page
    for item in ServiceItem.objects.filter(department=cast.unit):
        assert item.name in page


def test_a_double_press_makes_one_draw(client, cast):
    client.force_login(cast.principal)
    once = sent(cast)
    assert client.post(URL, once).url == client.post(URL, once).url
    assert Draw.objects.count() == 1


def test_again_in_the_same_month_asks_for_a_reason_and_shows_both(client, cast):
    client.force_login(cast.liaison)
    assert 'name="reason"' not in client.get(URL).text
    client.post(URL, sent(cast))
    refused = client.post(URL, sent(cast, n=3))
    assert refused.status_code == 400
    assert "再次抽取须写明原因，前次结果保留" in refused.text
    page = client.get(client.post(URL, sent(cast, reason="抽中事项无办件")).url).text
    assert "第1次" in page
    assert "第2次" in page
    assert "抽中事项无办件" in page
    assert Draw.objects.count() == 2


def test_the_office_draws_for_any_unit_a_unit_only_for_itself(client, cast):
    client.force_login(cast.office)
    client.post(URL, sent(cast, department=cast.second_unit.pk))
    assert Draw.objects.get().department == cast.second_unit
    client.force_login(cast.liaison)
    answer = client.post(URL, sent(cast, department=cast.second_unit.pk))
    assert answer.status_code == 400
    assert "没有找到所选单位" in answer.text
    assert Draw.objects.count() == 1


def test_who_sees_a_draw(client, cast):
    client.force_login(cast.principal)
    url = client.post(URL, sent(cast)).url
    for persona, status in {
        "liaison": 200,
        "deputy": 200,
        "lead": 200,
        "office": 200,
        "supervisor": 200,
        "office_city": 200,
        "second_liaison": 404,
        "responsible": 404,
        "namesake": 404,
        "auditor": 404,
    }.items():
        client.force_login(cast.people[persona])
        assert client.get(url).status_code == status, persona
        if client.get(URL).status_code == 200:
            assert (url in client.get(URL).text) is (status == 200), persona


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_whatever_the_number_of_draws(client, cast, rows, django_assert_num_queries):
    client.force_login(cast.office)
    for number in range(rows):
        client.post(URL, sent(cast, reason=f"第{number}次"))
    client.get(URL)
    with django_assert_num_queries(12):
        assert len(client.get(URL).context["page"].rows) == rows


@pytest.mark.parametrize("items", [0, 2])
def test_the_page_of_a_draw_costs_the_same_whatever_the_pool(client, cast, items, django_assert_num_queries):
    for number in range(items):
        ServiceItem.objects.create(department=cast.unit, name=f"另一事项{number}")
    client.force_login(cast.principal)
    url = client.post(URL, sent(cast)).url
    client.get(url)
    with django_assert_num_queries(8):
        assert len(client.get(url).context["tickets"]) == 4 + items
