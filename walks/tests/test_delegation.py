"""委托: who may walk in place of the principal under each notice, asked for on the start page."""

from datetime import date, datetime

import pytest
import time_machine
from django.utils import timezone

from campaigns.domain.lifecycle import create_campaign
from campaigns.models import Campaign
from catalogue.models import InPersonReason, ServiceItem
from core.idempotency import new_key
from tests.cast import TZ, build_cast
from walks.models import Walk

pytestmark = pytest.mark.django_db
URL = "/walks/start/"
NOTICES = {
    "mudanjiang-2018": (date(2018, 7, 3), date(2018, 7, 20), datetime(2018, 7, 5, 10, 0, tzinfo=TZ)),
    "wushen-2023": (date(2023, 3, 14), date(2023, 4, 30), datetime(2023, 3, 20, 10, 0, tzinfo=TZ)),
    "lantian-2022": (date(2022, 5, 25), date(2022, 12, 31), datetime(2022, 6, 8, 10, 0, tzinfo=TZ)),
}
M18_CLAUSE = "一1 重要的、涉及核心职能的以及群众反映强烈的审批事项，一把手必须亲身体验"


@pytest.fixture
def under():
    """``under("wushen-2023")`` → the cast with that campaign alone, on one of its days."""
    travelling = []

    def place(template: str):
        start, end, now = NOTICES[template]
        moment = time_machine.travel(now, tick=False)
        moment.start()
        travelling.append(moment)
        cast = build_cast()
        Campaign.objects.update(state="archived")
        create_campaign(
            template=template, code="JC", name="检查", region_name="青禾县", start=start, end=end, region=cast.county
        )
        return cast

    yield place
    for moment in travelling:
        moment.stop()


def sent(cast, **changes):
    return {"item": cast.item.pk, "mode": "in_person", "idempotency_key": new_key(), **changes}


def flag(cast, reason: str) -> None:
    ServiceItem.objects.filter(pk=cast.item.pk).update(must_walk_in_person=True, in_person_reason=reason)


@pytest.mark.parametrize("reason", InPersonReason.values)
def test_m18_each_of_the_three_reasons_refuses_a_deputy_at_the_item_quoting_the_clause(client, under, reason):
    cast = under("mudanjiang-2018")
    flag(cast, reason)
    client.force_login(cast.deputy)
    answer = client.post(URL, sent(cast, delegation_reason="many_items"))
    assert answer.status_code == 400
    [message] = answer.context["start"].errors["item"]
    assert f"“结婚登记”（{InPersonReason(reason).label}）须由主要负责同志本人体验，不得委托" in message
    assert M18_CLAUSE in message
    assert message in answer.text.replace("&quot;", '"')
    assert not Walk.objects.exists()


@pytest.mark.parametrize("reason", ["", "important"])
def test_the_principal_walks_a_flagged_item_with_two_taps(client, under, reason):
    cast = under("mudanjiang-2018")
    flag(cast, reason)
    client.force_login(cast.principal)
    client.post(URL, sent(cast))
    assert Walk.objects.get().walker_capacity == "principal"


def test_the_list_says_which_items_are_the_principals_own_and_why(client, under):
    cast = under("lantian-2022")
    client.force_login(cast.deputy)
    assert "须主要负责同志本人" not in client.get(URL).text
    flag(cast, "")
    assert "须主要负责同志本人 ·" in client.get(URL).text
    flag(cast, "strong_public")
    assert "须主要负责同志本人（群众反映强烈）" in client.get(URL).text


def test_w23_a_deputy_chooses_one_of_two_reasons(client, under):
    cast = under("wushen-2023")
    client.force_login(cast.deputy)
    offered = client.get(URL).context["start"].fields["delegation_reason"].choices
    assert [value for value, _ in offered] == ["many_items", "long_span"]
    refused = client.post(URL, sent(cast))
    assert refused.status_code == 400
    assert "请选择委托理由：事项较多、时间跨度较大" in refused.context["start"].errors["delegation_reason"][0]
    assert client.post(URL, sent(cast, delegation_reason="boss_busy")).status_code == 400
    assert not Walk.objects.exists()
    client.post(URL, sent(cast, delegation_reason="long_span"))
    walk = Walk.objects.get()
    assert (walk.walker_capacity, walk.delegation_reason) == ("deputy", "long_span")
    assert walk.walk_date == timezone.localdate()


def test_l22_the_only_reason_needs_no_tap(client, under):
    cast = under("lantian-2022")
    client.force_login(cast.deputy)
    client.post(URL, sent(cast))
    walk = Walk.objects.get()
    assert (walk.walker_capacity, walk.delegation_reason) == ("deputy", "many_items")


def test_l22_a_reason_of_another_notice_is_refused(client, under):
    cast = under("lantian-2022")
    client.force_login(cast.deputy)
    assert client.post(URL, sent(cast, delegation_reason="long_span")).status_code == 400
    assert not Walk.objects.exists()


def test_a_principal_is_asked_for_no_reason(client, under):
    cast = under("wushen-2023")
    client.force_login(cast.principal)
    assert "委托理由" not in client.get(URL).text
    client.post(URL, sent(cast))
    walk = Walk.objects.get()
    assert (walk.walker_capacity, walk.delegation_reason) == ("principal", "")


def test_a_liaison_who_opens_for_the_deputy_states_the_reason(client, under):
    cast = under("wushen-2023")
    client.force_login(cast.liaison)
    assert client.post(URL, sent(cast, walker=cast.deputy.pk)).status_code == 400
    client.post(URL, sent(cast, walker=cast.deputy.pk, delegation_reason="many_items"))
    walk = Walk.objects.get()
    assert (walk.walker, walk.delegation_reason) == (cast.deputy, "many_items")
