"""撤销 and 恢复 of a unit: the list, both pages, what keeps a unit, and what follows."""

from datetime import date
from uuid import uuid4

import pytest

from accounts.domain.abolition import abolish, restore
from accounts.domain.memberships import grant_membership
from accounts.models import Department, Membership, User
from campaigns.domain.abolition import needed_for
from campaigns.domain.daily import drop_abolished_units
from campaigns.domain.owed import roster_of
from campaigns.models import Campaign, RosterEntry
from core.exceptions import IllegalTransition
from core.models import AuditEntry
from tests.cast import NOON, reported_walk
from walks.domain.start_options import openings_for
from walks.models import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON), pytest.mark.both_databases]
TODAY = NOON.date()
DOCUMENT = "县委编办〔2022〕12号"


def press(client, unit, step="abolish", **data):
    given = {"on": str(TODAY), "document": DOCUMENT} if step == "abolish" else {"reason": "选错了单位"}
    return client.post(f"/units/{unit.pk}/{step}/", {"idempotency_key": uuid4().hex} | given | data)


def listed(answer):
    return [row["name"] for row in answer.context["page"].rows]


def test_every_unit_is_listed_in_the_fixed_order_of_its_region(client, cast):
    client.force_login(cast.sysadmin)
    rows = Department.objects.order_by("region_id", "order", "id")
    assert listed(client.get("/units/")) == list(rows.values_list("name", flat=True))


def test_the_list_is_narrowed_by_words_and_by_state(client, cast):
    client.force_login(cast.sysadmin)
    abolish(unit=cast.second_unit, on=TODAY, document=DOCUMENT, actor=cast.sysadmin, today=TODAY)
    assert listed(client.get("/units/", {"q": "公安"})) == ["县公安局"]
    assert listed(client.get("/units/", {"state": "abolished"})) == ["县公安局"]
    assert "县公安局（已撤销）" in client.get("/people/", {"q": "县公安局"}).text
    assert "县公安局" not in listed(client.get("/units/", {"state": "active"}))
    page = client.get("/units/", {"q": "公安"}).text
    assert "2022年6月8日起，依据：县委编办〔2022〕12号" in page
    assert "值无法识别" in client.get("/units/", {"state": "x"}).text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_row_and_three(client, cast, rows, django_assert_num_queries):
    for order in range(rows):
        Department.objects.create(region=cast.county, name=f"行{order}", order=order)
    client.force_login(cast.sysadmin)
    client.get("/units/")
    with django_assert_num_queries(5):
        assert len(listed(client.get("/units/", {"q": "行"}))) >= rows


@pytest.mark.parametrize("persona", ["principal", "office", "secadmin", "auditor"])
def test_for_everybody_else_the_pages_do_not_exist(client, cast, persona):
    client.force_login(cast.people[persona])
    for url in ("/units/", f"/units/{cast.unit.pk}/abolish/", f"/units/{cast.unit.pk}/restore/"):
        assert client.get(url).status_code == 404


def test_the_administrator_finds_the_units_from_the_first_page_and_the_navigation(client, cast):
    client.force_login(cast.sysadmin)
    assert client.get("/").text.count('href="/units/"') >= 2
    client.force_login(cast.secadmin)
    assert 'href="/units/"' not in client.get("/").text


def test_a_post_in_a_unit_that_is_gone_tells_nobody_apart(cast):
    other = User.objects.create(username="zhangwei2", name=cast.liaison.name, label=cast.liaison.name)
    grant_membership(user=other, department=cast.second_unit, role="responsible")

    def called() -> str:
        return User.objects.get(pk=other.pk).label

    before = called()
    assert before == f"{other.name}（整改责任人）"
    abolish(unit=cast.second_unit, on=TODAY, document=DOCUMENT, actor=cast.sysadmin, today=TODAY)
    assert called() == f"{other.name}（zhangwei2）"
    restore(unit=cast.second_unit, reason="选错了单位", actor=cast.sysadmin)
    assert called() == before


def test_an_abolished_unit_keeps_its_records_and_nothing_new_begins(client, cast):
    walk, _ = reported_walk(cast)
    assert openings_for(cast.principal, today=TODAY)
    client.force_login(cast.sysadmin)
    assert press(client, cast.unit).url == "/units/"
    unit = Department.objects.get(pk=cast.unit.pk)
    assert (unit.is_active, unit.abolished_on, unit.abolished_by) == (False, TODAY, DOCUMENT)
    assert Walk.objects.filter(pk=walk.pk).exists()
    del cast.principal.__dict__["_scope"]
    assert openings_for(cast.principal, today=TODAY) == []
    entry = AuditEntry.objects.get(action="unit.abolished")
    assert (entry.actor_label, entry.object_key) == (str(cast.sysadmin), "青禾县/县民政局")
    assert entry.detail == {"on": "2022-06-08", "document": DOCUMENT}


def test_the_next_morning_it_leaves_the_rosters_as_of_the_day_it_ended(client, cast):
    client.force_login(cast.sysadmin)
    press(client, cast.unit, on="2022-06-01")
    assert drop_abolished_units(today=date(2022, 6, 9)) == 1
    assert RosterEntry.objects.get(department=cast.unit).left_on == date(2022, 6, 1)
    Department.objects.filter(pk=cast.second_unit.pk).update(is_active=False)
    drop_abolished_units(today=date(2022, 6, 9))
    assert RosterEntry.objects.get(department=cast.second_unit).left_on == date(2022, 6, 9)


def test_sent_twice_it_is_abolished_once(client, cast):
    client.force_login(cast.sysadmin)
    sent = {"idempotency_key": "k1"}
    assert [press(client, cast.unit, **sent).status_code for _ in range(2)] == [302, 302]
    assert AuditEntry.objects.filter(action="unit.abolished").count() == 1


def test_of_two_who_abolish_the_second_is_told(client, cast):
    abolish(unit=cast.unit, on=TODAY, document="甲", actor=cast.sysadmin, today=TODAY)
    with pytest.raises(IllegalTransition, match="县民政局已经撤销，由测试sysadmin于 2022-06-08 12:00 办理"):
        abolish(unit=cast.unit, on=TODAY, document="乙", actor=cast.sysadmin, today=TODAY)
    client.force_login(cast.sysadmin)
    assert press(client, cast.unit).status_code == 409
    assert Department.objects.get(pk=cast.unit.pk).abolished_by == "甲"


def test_a_day_ahead_and_a_missing_document_are_said_at_the_field_and_nothing_is_lost(client, cast):
    client.force_login(cast.sysadmin)
    answer = press(client, cast.unit, on="2022-06-09")
    assert answer.status_code == 400
    assert "不能晚于今天（2022-06-08）" in answer.text
    assert DOCUMENT in answer.text
    assert "请写明撤销依据" in press(client, cast.unit, document="").text
    assert Department.objects.get(pk=cast.unit.pk).is_active


def test_a_receiving_unit_stays_until_the_campaign_is_put_in_order(client, cast):
    client.force_login(cast.sysadmin)
    page = client.get(f"/units/{cast.lead_unit.pk}/abolish/")
    assert "的接收单位" not in page.text
    [said] = page.context["needed"]
    assert said.startswith("“青禾县‘一把手走流程’”（QH2022）的")
    assert said.endswith("由该单位接收。请统筹办先在“接收单位”改为其他单位。")
    answer = press(client, cast.lead_unit)
    assert answer.status_code == 400
    assert Department.objects.get(pk=cast.lead_unit.pk).is_active
    Campaign.objects.update(ends_on=date(2022, 6, 7))
    assert press(client, cast.lead_unit).status_code == 302


def test_two_campaigns_of_one_name_are_told_apart_by_their_code(cast):
    first = cast.campaign
    second = Campaign.objects.create(
        code="QH2022B", name=first.name, region=first.region, office=first.office, template=first.template,
        state=first.state, starts_on=first.starts_on, ends_on=first.ends_on,
    )  # fmt: skip
    second.receivers.create(activity_kind="window_duty", department=cast.lead_unit)
    said = needed_for(cast.lead_unit, today=TODAY)
    assert [one.split("”（")[1].split("）")[0] for one in said] == ["QH2022", "QH2022B"]
    assert "的坐窗口由该单位接收" in said[1]


@pytest.mark.parametrize(("on", "owes"), [("2022-06-07", []), ("2022-06-08", [date(2022, 6, 7)])])
def test_from_the_day_of_its_end_nothing_falls_due_whether_or_not_a_morning_has_passed(client, cast, on, owes):
    client.force_login(cast.sysadmin)
    press(client, cast.unit, on=on)

    def owed():
        unit = next(one for one in roster_of(cast.campaign) if one.id == cast.unit.pk)
        days = [date(2022, 6, 7), TODAY, date(2022, 6, 9)]
        return [day for day in days if unit.is_bound(day, date(2022, 6, 10))]

    assert owed() == owes
    drop_abolished_units(today=date(2022, 6, 9))
    assert owed() == owes
    RosterEntry.objects.filter(department=cast.unit).update(left_on=date(2022, 6, 9))
    assert owed() == owes
    page = client.get(f"/units/{cast.second_unit.pk}/abolish/").text
    assert "自撤销之日起退出" in page


def test_the_only_office_of_a_running_campaign_stays(client, cast):
    office = cast.campaign.office
    client.force_login(cast.sysadmin)
    answer = press(client, office)
    assert answer.status_code == 400
    assert "由该单位统筹" in answer.text
    Membership.objects.create(user=cast.supervisor, department=cast.second_unit, role="office")
    assert press(client, office).status_code == 302


def test_a_unit_abolished_by_mistake_comes_back(client, cast):
    client.force_login(cast.sysadmin)
    press(client, cast.unit)
    page = client.get(f"/units/{cast.unit.pk}/restore/").text
    assert "该单位自2022年6月8日起撤销，依据：县委编办〔2022〕12号" in page
    assert press(client, cast.unit, "restore", reason="").status_code == 400
    assert press(client, cast.unit, "restore").url == "/units/"
    unit = Department.objects.get(pk=cast.unit.pk)
    assert (unit.is_active, unit.abolished_on, unit.abolished_by) == (True, None, "")
    assert AuditEntry.objects.get(action="unit.restored").detail == {"reason": "选错了单位"}
    assert press(client, cast.unit, "restore").status_code == 409
