"""Who receives, from which day: past periods keep those who received then, on every page."""

from datetime import date, timedelta

import pytest
import time_machine

from accounts.models import Department
from campaigns.domain.owed import owed_in
from campaigns.domain.preview import published, shares
from campaigns.domain.receivers import (
    Path,
    ReceiverChange,
    as_stored,
    receivers_of_unit,
    set_receivers,
    token_of_receivers,
)
from campaigns.domain.versions import rules_of
from campaigns.enums import ActivityKind
from campaigns.models import Receiver
from campaigns.tests.setup_page import TODAY, press
from core.exceptions import Refused
from core.models import AuditEntry
from plans.domain.lifecycle import open_plan
from tests.cast import open_walk

pytestmark = [pytest.mark.django_db, pytest.mark.clock(TODAY)]
URL = "/campaigns/QH2022/receivers/"
JULY = date(2022, 7, 1)
PROCESS = ActivityKind.PROCESS


def change(cast, *, since=JULY, reason="机构改革", then=None, kinds=(PROCESS,), unit=None) -> int:
    paths = {(kind, ""): Path((unit or cast.second_unit,), then) for kind in kinds}
    return set_receivers(
        campaign=cast.campaign,
        paths=paths,
        actor=cast.office,
        seen=token_of_receivers(cast.campaign),
        change=ReceiverChange(since, reason),
        today=date(2022, 6, 8),
    )


def receives(cast, day: date) -> list[int]:
    return receivers_of_unit(cast.campaign.pk, PROCESS, cast.unit.pk, day)


def test_the_new_unit_receives_from_that_day_and_the_old_one_until_then(cast):
    assert change(cast) == 1
    assert receives(cast, JULY - timedelta(days=1)) == [cast.lead_unit.pk]
    assert receives(cast, JULY) == [cast.second_unit.pk]
    entry = AuditEntry.objects.get(action="campaign.receivers_changed")
    assert (entry.detail["since"], entry.detail["reason"]) == ("2022-07-01", "机构改革")
    assert change(cast) == 0


def test_another_change_for_an_earlier_day_takes_the_place_of_the_one_to_come(cast):
    change(cast)
    change(cast, since=date(2022, 6, 20), unit=cast.office_unit)
    assert receives(cast, date(2022, 6, 19)) == [cast.lead_unit.pk]
    assert receives(cast, date(2022, 6, 20)) == receives(cast, JULY) == [cast.office_unit.pk]
    assert Receiver.objects.filter(campaign=cast.campaign, activity_kind=PROCESS).count() == 2


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"since": None}, "since"),
        ({"since": date(2022, 6, 7)}, "since"),
        ({"since": date(2033, 5, 1)}, "since"),
        ({"reason": " "}, "reason"),
    ],
)
def test_a_day_that_has_passed_or_comes_after_the_end_or_no_reason_changes_nothing(cast, given, field):
    with pytest.raises(Refused) as refused:
        change(cast, **given)
    assert field in refused.value.fields
    assert receives(cast, JULY) == [cast.lead_unit.pk]


@pytest.mark.parametrize("day", [date(2022, 6, 20), date(2022, 9, 10)])
def test_a_change_to_come_takes_another_day_and_its_reason(cast, day):
    change(cast)
    assert change(cast, since=day, reason="批复推迟") == 1
    assert receives(cast, day - timedelta(days=1)) == [cast.lead_unit.pk]
    assert receives(cast, day) == [cast.second_unit.pk]
    rows = Receiver.objects.filter(campaign=cast.campaign, activity_kind=PROCESS).order_by("id")
    assert [(row.since, row.until, row.reason) for row in rows] == [(None, day, ""), (day, None, "批复推迟")]
    assert AuditEntry.objects.filter(action="campaign.receivers_changed").count() == 2


def test_the_reason_of_a_change_to_come_is_corrected_and_one_that_holds_stays(cast):
    change(cast)
    assert change(cast, reason="三定规定") == 1
    assert as_stored(cast.campaign)[(PROCESS, "")][0].reason == "三定规定"
    paths = {(PROCESS, ""): Path((cast.second_unit,))}
    later = {
        "seen": token_of_receivers(cast.campaign),
        "change": ReceiverChange(date(2022, 8, 1), "再调"),
        "today": date(2022, 7, 2),
    }
    assert set_receivers(campaign=cast.campaign, paths=paths, actor=cast.office, **later) == 0
    assert receives(cast, JULY) == [cast.second_unit.pk]


def test_an_abolished_unit_or_the_receiver_itself_as_next_is_refused_naming_the_kind(cast):
    Department.objects.filter(pk=cast.second_unit.pk).update(is_active=False)
    cast.second_unit.refresh_from_db()
    with pytest.raises(Refused, match="“走流程”的接收单位县公安局已撤销"):
        change(cast)
    with pytest.raises(Refused, match="“走流程”由县行政审批局接收，汇总后不能再报给它自己"):
        change(cast, unit=cast.lead_unit, then=cast.lead_unit)
    assert receives(cast, JULY) == [cast.lead_unit.pk]


def test_a_walk_begun_before_keeps_its_receiver_and_a_new_one_has_the_new(cast):
    begun = open_walk(cast)
    change(cast, since=date(2022, 6, 8))
    begun.refresh_from_db()
    assert begun.receiver == cast.lead_unit
    assert open_walk(cast).receiver == cast.second_unit


def test_a_plan_goes_to_whoever_receives_in_its_period(cast):
    change(cast)
    june, july = (
        open_plan(actor=cast.liaison, campaign=cast.campaign, department_id=cast.unit.pk, period=period)
        for period in ("2022-06", "2022-07")
    )
    assert (june.receiver, july.receiver) == (cast.lead_unit, cast.second_unit)


def test_duties_and_the_board_keep_the_old_receiver_for_the_old_period(cast):
    change(cast, kinds=("process_walkthrough", "window_duty", "complaint_handling"))
    _, rules = rules_of(cast.campaign.pk)
    seen = {}
    for day in (date(2022, 6, 1), date(2022, 7, 25)):
        owed = owed_in(cast.campaign, rules, rules.period_of(day), today=date(2022, 8, 1))
        [duty, *_] = owed.by_unit("report")[cast.unit.pk]
        seen[day.month] = duty.receivers
    assert seen == {6: (cast.lead_unit.pk,), 7: (cast.second_unit.pk,)}


def test_the_board_of_a_past_period_opens_to_who_received_then(client, cast):
    change(cast, since=date(2022, 6, 21), kinds=("process_walkthrough", "window_duty", "complaint_handling"))
    with time_machine.travel(date(2022, 8, 1), tick=False):
        client.force_login(cast.lead)
        june = client.get("/campaigns/QH2022/board/?period=2022-06").text
        july = client.get("/campaigns/QH2022/board/?period=2022-07").text
    assert ("县民政局" in june, "县民政局" in july) == (True, False)


def test_the_page_of_due_dates_names_the_old_receiver_for_past_periods(cast):
    change(cast, kinds=tuple(ActivityKind.values))
    _, rules = rules_of(cast.campaign.pk)
    lines = published(cast.campaign, shares(cast.campaign, rules), today=date(2022, 6, 8), whole=True)
    to = {line.code: line.to for line in lines if line.kind == "report"}
    assert "县行政审批局" in to["2022-06"]
    assert to["2022-07"] == "县公安局"


def test_an_issued_campaign_asks_from_which_day_and_why(client, cast):
    client.force_login(cast.office)
    answer = press(client, URL, r0_0=str(cast.second_unit.pk), since="2022-07-01")
    assert (answer.status_code, "请写明原因" in answer.text) == (400, True)
    answer = press(client, URL, r0_0=str(cast.second_unit.pk), since="2022-07-01", reason="机构改革")
    assert "接收单位已保存，自 2022年7月1日起由新的单位接收。" in answer.text
    page = client.get(URL).text
    assert "以下单位自 2022年7月1日起接收" in page
    assert "自活动开始，2022-07-01 前" in page
    assert as_stored(cast.campaign)[(PROCESS, "")][0].department == cast.second_unit


def test_on_the_page_another_day_alone_moves_the_change_to_come(client, cast):
    change(cast)
    client.force_login(cast.office)
    answer = press(client, URL, since="2022-09-10")
    assert (answer.status_code, "请写明原因" in answer.text) == (400, True)
    answer = press(client, URL, since="2022-09-10", reason="批复推迟")
    assert "接收单位已保存，自 2022年9月10日起由新的单位接收" in answer.text
    assert receives(cast, date(2022, 9, 9)) == [cast.lead_unit.pk]
    assert receives(cast, date(2022, 9, 10)) == [cast.second_unit.pk]
    assert "接收单位没有变化。" in press(client, URL).text


def test_a_day_after_the_end_is_refused_at_its_field(client, cast):
    client.force_login(cast.office)
    answer = press(client, URL, r0_0=str(cast.second_unit.pk), since="2033-05-01", reason="机构改革")
    assert answer.status_code == 400
    assert "晚于活动结束日期" in answer.context["form"].errors["since"][0]
    assert not Receiver.objects.exclude(since=None).exists()


def test_another_unit_on_one_path_leaves_the_change_to_come_on_another_alone(client, cast):
    change(cast)
    client.force_login(cast.office)
    press(client, URL, r1_0=str(cast.unit.pk), since="2022-06-20", reason="机构改革")
    laid = as_stored(cast.campaign)
    assert [laid[(kind, "")][0].since for kind in (PROCESS, "window_duty")] == [JULY, date(2022, 6, 20)]


def test_of_several_changes_to_come_the_page_asks_which_one_another_day_is_for(client, cast):
    change(cast)
    change(cast, since=date(2022, 8, 1), kinds=("window_duty",))
    client.force_login(cast.office)
    assert "走流程（自 2022年7月1日起）" in client.get(URL).text
    answer = press(client, URL, since="2022-09-10", reason="批复推迟")
    assert (answer.status_code, "请选择给哪一项改期" in answer.text) == (400, True)
    press(client, URL, since="2022-09-10", reason="批复推迟", which="1")
    laid = as_stored(cast.campaign)
    assert [laid[(kind, "")][0].since for kind in (PROCESS, "window_duty")] == [JULY, date(2022, 9, 10)]
    both = {"r3_0": str(cast.unit.pk), "which": "0"}
    press(client, URL, since="2022-10-10", reason="机构改革", **both)
    laid = as_stored(cast.campaign)
    assert [laid[(kind, "")][0].since for kind in (PROCESS, "complaint_handling")] == [date(2022, 10, 10)] * 2


def test_saving_without_a_change_asks_for_nothing_and_says_so(client, cast):
    client.force_login(cast.office)
    answer = press(client, URL)
    assert answer.redirect_chain == [("/campaigns/QH2022/setup/", 302)]
    assert "接收单位没有变化。" in answer.text
    assert not Receiver.objects.exclude(since=None).exists()


def test_the_receiver_itself_as_next_is_refused_at_the_field(client, cast):
    client.force_login(cast.office)
    answer = press(client, URL, t0=str(cast.lead_unit.pk), reason="机构改革")
    assert answer.status_code == 400
    assert "“走流程”由县行政审批局接收，汇总后不能再报给它自己" in answer.context["form"].errors["t0"][0]


def test_the_next_hop_stands_on_the_setup_page(client, cast):
    client.force_login(cast.office)
    answer = press(client, URL, t0=str(cast.second_unit.pk), reason="机构改革")
    assert "县行政审批局 → 汇总后报 县公安局" in answer.text
    assert f"→ 汇总后报 {cast.office_unit.name}" in answer.text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_cost_the_same_however_often_the_receiver_changed(client, cast, rows, django_assert_num_queries):
    for number in range(rows):
        unit = (cast.second_unit, cast.lead_unit)[number % 2]
        change(cast, since=date(2022, 7 + number, 1), unit=unit)
    client.force_login(cast.office)
    for url, queries in ((URL, 11), ("/campaigns/QH2022/preview/", 10)):
        client.get(url)
        with django_assert_num_queries(queries):
            client.get(url)
