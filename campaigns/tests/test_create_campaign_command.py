"""``create_campaign``."""

from datetime import date

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from accounts.domain.unit_imports import import_units
from accounts.models import Department, Region
from campaigns.models import Campaign, Receiver, RosterEntry
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
UNITS = settings.BASE_DIR / "data" / "lantian-2022-units.csv"
GOOD = {
    "template": "lantian-2022",
    "code": "QH2022",
    "name": "青禾县活动",
    "region": "青禾县",
    "start": "2022-05-25",
    "end": "2023-12-31",
}


@pytest.fixture
def run(capsys):
    def call(**changed) -> str:
        arguments = {**GOOD, **changed}
        call_command("create_campaign", *(f"--{name}={value}" for name, value in arguments.items()))
        return capsys.readouterr().out

    return call


def receivers() -> dict[str, str]:
    return dict(Receiver.objects.values_list("activity_kind", "department__name"))


def test_a_campaign_is_issued_with_roster_receivers_and_office(run):
    import_units(path=UNITS, region_name="青禾县")
    assert run() == "活动 QH2022 已印发：县营商办 统筹，名单 32 个单位。\n"
    campaign = Campaign.objects.get()
    assert (campaign.state, campaign.starts_on, campaign.ends_on) == ("running", date(2022, 5, 25), date(2023, 12, 31))
    assert not campaign.is_demo
    assert receivers() == {
        "process_walkthrough": "县行政审批局",
        "window_duty": "县行政审批局",
        "complaint_handling": "县行政审批局",
        "enforcement_ride_along": "县司法局",
    }
    assert campaign.roster.first().department.name == "县发改委"


def test_a_second_run_changes_nothing(run):
    import_units(path=UNITS, region_name="青禾县")
    run()
    before = AuditEntry.objects.count(), RosterEntry.objects.count(), Department.objects.count()
    assert run() == "活动 QH2022 已存在，未做改动。\n"
    assert (AuditEntry.objects.count(), RosterEntry.objects.count(), Department.objects.count()) == before


def test_region_and_office_are_made_when_missing_and_units_join_later(run):
    assert "该区域还没有单位" in run()
    assert Region.objects.get().name == "青禾县"
    assert Department.objects.get().name == "县营商办"
    assert set(receivers().values()) == {"县营商办"}
    import_units(path=UNITS, region_name="青禾县")
    assert run() == "活动 QH2022 已存在，补入 32 个单位。\n"
    assert receivers()["enforcement_ride_along"] == "县司法局"
    assert set(receivers().values()) == {"县行政审批局", "县司法局"}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"template": "lantian"}, "没有名为“lantian”的活动模板。可用的模板：fushun-2016、mudanjiang-2018"),
        ({"start": "2022-13-01"}, "--start 的值“2022-13-01”无法识别"),
        ({"end": "2022-05-24"}, "结束日期 2022-05-24 早于开始日期 2022-05-25"),
        ({"start": "0001-01-01"}, "--start 的值“0001-01-01”超出范围"),
        ({"end": "9999-12-31"}, "--end 的值“9999-12-31”超出范围"),
        ({"code": "QH/2022"}, "活动代码“QH/2022”不可用"),
        ({"code": "Q" * 21}, "不可用"),
        ({"name": "长" * 121}, "活动名称应为 1 至 120 个字"),
        ({"region": ""}, "请写明区域名称"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_made(run, changed, words):
    with pytest.raises(CommandError, match=words):
        run(**changed)
    assert (Campaign.objects.count(), Region.objects.count()) == (0, 0)


@pytest.mark.parametrize("changed", [{"name": "别的"}, {"end": "2024-12-31"}, {"region": "白石县"}])
def test_a_code_that_names_another_campaign_is_not_taken_over(run, changed):
    run()
    with pytest.raises(CommandError, match="代码 QH2022 已用于“青禾县活动”"):
        run(**changed)
    assert Campaign.objects.get().name == "青禾县活动"
