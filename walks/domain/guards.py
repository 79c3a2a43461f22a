"""What must hold before an action on a walk. Each guard takes a WalkContext and raises when it does not agree; the
words say what is missing and the fields where. ``require_*`` ask the same before there is a walk."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from accounts.models import User
from campaigns.domain.queries import on_roster as is_on_roster
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.domain.states import require_not_archived
from campaigns.enums import WalkMode
from campaigns.models import Campaign
from core.exceptions import NotAllowed, Refused
from core.guards import at_step, before_offer
from core.transitions import Transition
from walks.domain.queries import steps_of
from walks.enums import WalkActor, WalkState
from walks.models import StepPhoto, Walk


@dataclass(frozen=True)
class WalkContext:
    """Everything an action on a walk may look at. ``data`` is cleaned input, ``actors`` those the actor holds."""

    walk: Walk
    row: Transition
    actor: User | None
    actors: frozenset[str]
    data: dict
    now: datetime

    @property
    def rules(self) -> Rulebook:
        """The version of rules the walk was opened under."""
        return Rulebook.from_data(self.walk.rules.data)

    @property
    def today(self) -> date:
        return timezone.localtime(self.now).date()


@before_offer
def not_archived(ctx: WalkContext) -> None:
    """The campaign is not archived."""
    require_not_archived(ctx.walk.campaign)


@at_step
def window(ctx: WalkContext) -> None:
    """The day lies within the campaign."""
    require_window(ctx.walk.campaign, ctx.today)


@at_step
def on_roster(ctx: WalkContext) -> None:
    """The campaign still binds the unit."""
    require_on_roster(ctx.walk.campaign_id, ctx.walk.department_id)


@at_step
def plan_day(ctx: WalkContext) -> None:
    """The new day lies within the campaign and has not passed."""
    require_plan_day(ctx.walk.campaign, ctx.data["planned_on"], ctx.now)


@at_step
def complete(ctx: WalkContext) -> None:
    """A step, photos where asked, class and unit of each problem or an explained zero, 委托授权, 模拟件已撤回."""
    missing = missing_for_record(
        ctx.walk,
        issues_total=ctx.data["issues_total"],
        issues_unclassified=ctx.data["issues_unclassified"],
        look_backs_open=ctx.data.get("look_backs_open", 0),
        look_backs_failed=ctx.data.get("look_backs_failed", 0),
    )
    if missing:
        raise Refused(f"还不能登记完成：{'；'.join(missing.values())}。", rule="incomplete", fields=missing)


@at_step
def stamped(ctx: WalkContext) -> None:
    """A picture of the signed and stamped paper where the campaign demands it (W23 六（三）)."""
    if wants_stamp(ctx.walk) and not ctx.data.get("stamped"):
        words = "本活动要求主要负责同志签字并加盖单位公章，请附上签字盖章件的照片，再报送。"
        raise Refused(words, rule="stamp", fields={"photos": words})


@at_step
def reason(ctx: WalkContext) -> None:
    """A reason in words."""
    if not ctx.data.get("reason", "").strip():
        words = f"请写明{ctx.row.reason_label}。"
        raise Refused(words, fields={"reason": words})


@before_offer
def own_plan(ctx: WalkContext) -> None:
    """A walk that is still planned is given up by its walker alone."""
    if ctx.walk.state == WalkState.PLANNED and WalkActor.WALKER not in ctx.actors:
        raise NotAllowed("暗访计划由体验人本人取消。", rule="walk.own_plan")


@before_offer
def not_reported_before(ctx: WalkContext) -> None:
    """A walk reported once can only be corrected: its numbers are given."""
    if ctx.walk.reported_at is not None:
        raise NotAllowed("本次体验已经报送过，不能取消，只能补正后再报送。", rule="walk.cancel")


# --- the same, asked of what is no walk yet, or by a page ----------------------------------


def require_window(campaign: Campaign, day: date) -> None:
    """Raise Refused unless the day lies within the campaign."""
    if not campaign.starts_on <= day <= campaign.ends_on:
        raise Refused(f"今天不在活动时间内（{campaign.starts_on} 至 {campaign.ends_on}），体验未开始。", rule="window")


def require_on_roster(campaign_id: int, department_id: int) -> None:
    """Raise Refused when the campaign does not bind the unit (any more): it takes no new walk."""
    if not is_on_roster(campaign_id, department_id):
        raise Refused("本单位已不在活动名单内，体验未开始。如有疑问，请与统筹单位联系。", rule="roster")


def require_plan_day(campaign: Campaign, day: date, now: datetime) -> None:
    """Raise Refused unless a walk may be planned for that day: of the campaign's days, today or later."""
    if not campaign.starts_on <= day <= campaign.ends_on:
        shown = f"{campaign.starts_on} 至 {campaign.ends_on}"
        raise Refused(f"计划日期不在活动时间内（{shown}）。", fields={"planned_on": f"请选择 {shown} 之间的日期"})
    if day < timezone.localtime(now).date():
        raise Refused("计划日期已经过去，请选择今天或以后的日期。", fields={"planned_on": "请选择今天或以后的日期"})


def wants_stamp(walk: Walk) -> bool:
    """True when the walk is handed in with the signed and stamped paper; after a return the paper is handed in anew."""
    return Rulebook.from_data(walk.rules.data).reporting.stamp


# Words that say there was nothing, and not what was tried.
EMPTY_WORDS = (
    "未发现", "没发现", "没有", "问题", "一切", "正常", "良好", "不涉及", "暂无", "暂", "无", "均", "好", "是", "的",
)  # fmt: skip


def _zero_unexplained(text: str) -> dict[str, str]:
    """What is asked for where a walk found nothing: what was tried, and not only that there was nothing."""
    left = "".join(one for one in text if one.isalnum())
    if not left:
        return {"zero_explained": "未发现问题的，请说明体验情况"}
    for word in EMPTY_WORDS:
        left = left.replace(word, "")
    if not left:
        return {"zero_explained": f"“{text.strip()[:20]}”没有说明体验情况，请写明体验了哪些步骤、怎样核实的"}
    return {}


def missing_for_record(
    walk: Walk,
    *,
    issues_total: int,
    issues_unclassified: int,
    look_backs_open: int = 0,
    look_backs_failed: int = 0,
) -> dict[str, str]:
    """{field: what is missing} before a walk may be recorded; empty when complete.

    ``issues_total``, ``issues_unclassified``, ``look_backs_open``, issues it is to look back on that it says nothing
    of yet, and ``look_backs_failed``, those it says are not put right (件), come from the higher app that owns issues.
    An explained zero is asked for when nothing was found; 代理办 needs an authorisation; a simulated case must be
    withdrawn; a photo where the campaign makes evidence a condition (W23 六（三）, M18 三5).
    """
    missing = {}
    if not steps_of(walk).exists():
        missing["steps"] = "至少登记一个步骤"
    if _lacks_evidence(walk):
        missing["photos"] = "本活动要求附照片，请在办理步骤里至少附一张"
    if issues_unclassified:
        missing["issues"] = f"还有 {issues_unclassified} 个问题没有选择分类或涉及单位"
    if look_backs_open:
        missing["look_backs"] = f"还有 {look_backs_open} 件回头看的问题没有填写结论"
    if not issues_total and not look_backs_failed:
        missing |= _zero_unexplained(walk.zero_explained)
    if walk.mode == WalkMode.ON_BEHALF and not walk.has_authorisation:
        missing["has_authorisation"] = "代理办须取得办事人的委托授权"
    if walk.is_simulated and not walk.simulation_withdrawn:
        missing["simulation_withdrawn"] = "模拟件须确认已撤回"
    return missing


def _lacks_evidence(walk: Walk) -> bool:
    reporting = Rulebook.from_data(walk.rules.data).reporting
    if not (reporting.evidence_required and reporting.evidence):
        return False
    photos = StepPhoto.objects.filter(step__in=steps_of(walk), withdrawn_at=None)
    return not photos.exists()
