"""One covert walk to come, known to its walker, the liaison and one person of the office."""

from datetime import timedelta

from campaigns.enums import WalkMode
from campaigns.models import Campaign
from demo.domain.material import Dates
from demo.domain.scenario import Cast
from walks.domain.opening import WalkDraft, plan_covert
from walks.domain.queries import walks_visible_to
from walks.enums import WalkState

WALKER, READERS, ITEM = "juzhang", ("lianluo", "tongchou"), "结婚登记"
AHEAD = timedelta(days=5)


def seed_covert(campaign: Campaign, cast: Cast, dates: Dates) -> None:
    """Plan it, once."""
    walker, item = cast.by_username[WALKER], cast.items[ITEM]
    if walks_visible_to(walker).filter(state=WalkState.PLANNED).exists():
        return
    draft = WalkDraft(
        campaign=campaign,
        department_id=item.department_id,
        item=item,
        mode=WalkMode.IN_PERSON,
        place="县政务服务大厅婚姻登记窗口",
    )
    named = [cast.by_username[name].pk for name in READERS]
    plan_covert(draft, actor=walker, planned_on=dates.today + AHEAD, named=named)
