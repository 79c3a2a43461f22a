"""One reported problem of the demonstration, put on the ledger by hand and waiting to be assigned."""

from datetime import time

from campaigns.models import Campaign
from demo.domain.material import Dates
from demo.domain.scenario import Cast
from issues.domain.incoming import records
from issues.domain.incoming.reporter import Reporter
from issues.enums import IssueSource, Satisfaction

# After the inspection: numbers follow the order of time.
DAY, AT = "-1", time(17, 50)
REPORTED = "群众反映居住证补领须先到派出所开证明，再到政务中心办理，跑两次。"
TOLD = Reporter(name="王女士", phone="13800009999", reply="已告知由公安窗口直接核验，不再开具证明。",
                    satisfaction=Satisfaction.GOOD)  # fmt: skip


def seed_incoming(campaign: Campaign, cast: Cast, dates: Dates) -> None:
    """The office enters a case of the hotline that concerns 县公安局."""
    records.enter(
        campaign=campaign,
        source=IssueSource.HOTLINE,
        source_number="GD20220608013",
        description=REPORTED,
        found_on=dates.day(DAY),
        unit=cast.units["县公安局"],
        told=TOLD,
        actor=cast.by_username["tongchou"],
        now=dates.moment(DAY, AT),
    )
