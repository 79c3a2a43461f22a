"""One inspection of the demonstration, with a finding that waits to be assigned."""

from datetime import time

from campaigns.models import Campaign
from demo.domain.material import Dates
from demo.domain.scenario import Cast
from issues.domain.inspections import records

# After everything else that was put on the ledger: numbers follow the order of time.
DAY, AT = "-1", time(17, 40)
INSPECTORS = "督查组 3 人"
SUMMARY = "实地查看窗口服务和台账，整改总体按期，个别单位台账更新不及时。"
FOUND = "整改台账两周没有更新，窗口公示的办理时限与办事指南不一致。"
UNITS = ("县民政局", "县公安局")


def seed_inspection(campaign: Campaign, cast: Cast, dates: Dates) -> None:
    """The office inspects two units and puts one finding on the ledger."""
    office, now = cast.by_username["tongchou"], dates.moment(DAY, AT)
    units = [cast.units[name] for name in UNITS]
    made = records.record(
        campaign=campaign,
        day=dates.day(DAY),
        inspectors=INSPECTORS,
        units=units,
        summary=SUMMARY,
        actor=office,
        now=now,
    )
    records.add_finding(inspection=made, unit=units[0], description=FOUND, actor=office, now=now)
