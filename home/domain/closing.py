"""总结 and 归档 of a campaign: what stands open under it, asked of every app, then the step. It stands here because
every app that keeps something open is read."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.domain.memberships import rights_with_role
from accounts.enums import Role
from accounts.models import User
from accounts.scope import scope_of
from campaigns.domain import states
from campaigns.domain.guards import Unfinished
from campaigns.domain.queries import campaigns_visible_to
from campaigns.domain.versions import rules_of
from campaigns.enums import CampaignState
from campaigns.models import Campaign
from core.periods import label_of, whole_period
from core.text import quoted
from issues.domain.queries import issues_visible_to
from issues.enums import OPEN_STATES
from notifications.domain.notices import Draft, ensure
from plans.domain.queries import plans_visible_to
from plans.enums import PlanState
from reports.domain.board.counts import handed_in_open
from reports.domain.period_list import periods_so_far
from reports.domain.present import published_versions
from scoring.enums import ScoreState
from scoring.models import ScoreNote, ScoreObjection

# The rows of the state machine that are taken here.
STEPS = ("summarise", "archive")
NAMED = 20
WAITING_PLANS = (PlanState.SUBMITTED, PlanState.RETURNED)


@dataclass(frozen=True)
class Closing:
    """What the page of a step shows. ``issues_open``: 件 that go on afterwards."""

    unfinished: Unfinished
    issues_open: int


def look_at(campaign: Campaign, reader: User, now: datetime | None = None) -> Closing:
    """What stands open, as far as the reader may know: no plan in writing, no walk under way, because these belong to
    the units until they hand them in."""
    today = timezone.localtime(now or timezone.now()).date()
    published = published_versions(campaign)
    words = [
        *_periods(campaign, published, today),
        *_plans(plans_visible_to(reader).filter(campaign=campaign, state__in=WAITING_PLANS)),
        *_walks(handed_in_open(reader, campaign)),
        *_scores(campaign),
    ]
    whole = published.get(whole_period(campaign.starts_on, campaign.ends_on).code)
    open_issues = issues_visible_to(reader).filter(campaign=campaign, state__in=OPEN_STATES)
    return Closing(Unfinished(tuple(words), whole), open_issues.count())


def waiting_campaigns(user: User, today: date) -> list[Campaign]:
    """Campaigns of the person's office that have ended, to be summed up, and those summed up, to be archived, the
    oldest first; one query, none for anybody else."""
    regions = scope_of(user).act_regions
    if not regions:
        return []
    ended = Q(state=CampaignState.RUNNING, ends_on__lt=today) | Q(state=CampaignState.SUMMARISED)
    return list(campaigns_visible_to(user).filter(ended, region_id__in=regions).order_by("ends_on", "pk"))


@transaction.atomic
def finish(*, campaign: Campaign, action: str, actor: User, confirmed: str, now: datetime | None = None) -> Campaign:
    """Take the step by ``states.finish``; what stands open is read once more under the lock. Side effects in order:
    those of the step; of 总结 a notice to principals and liaisons of the units bound, because what they have begun must
    be handed in before 归档. Raises as ``states.finish``."""
    campaign, now = states.hold(campaign), now or timezone.now()
    unfinished = look_at(campaign, actor, now).unfinished
    states.finish(campaign=campaign, action=action, actor=actor, unfinished=unfinished, confirmed=confirmed, now=now)
    if action == "summarise":
        _tell(campaign, actor, now)
    return campaign


def _tell(campaign: Campaign, actor: User, now: datetime) -> None:
    units = campaign.roster.filter(left_on=None).values_list("department_id", flat=True)
    people = rights_with_role(department_ids=list(units), roles=(Role.PRINCIPAL, Role.LIAISON))
    told = {user: right for rights in people.values() for user, right in rights.items() if user != actor.pk}
    ensure(
        [
            Draft(
                recipient_id=user_id,
                kind="campaign.summarised",
                key=f"campaign:{campaign.pk}:summarised",
                text=f"{quoted(campaign.name)}已总结，不再开始新的体验。已开始的体验请在归档前报送。",
                right=right,
                link=reverse("campaign", args=[campaign.code]),
            )
            for user_id, right in told.items()
        ],
        now=now,
    )


def _periods(campaign: Campaign, published: dict[str, int], today: date) -> list[str]:
    """The periods of the campaign's own rhythm that are not published, the oldest first."""
    periods = reversed(periods_so_far(campaign, rules_of(campaign.pk, campaign.ends_on)[1], today))
    missing = [one.label for one in periods if one.code not in published and one.kind != "whole"]
    return [f"未印发的期间 {len(missing)} 个：{_named(missing)}"] if missing else []


def _plans(plans: QuerySet) -> list[str]:
    rows = plans.order_by("period", "department__order", "id").values_list("department__name", "period")
    named = [f"{unit}（{label_of(period)}）" for unit, period in rows]
    return [f"待备案、退回修改的计划 {len(named)} 份：{_named(named)}"] if named else []


def _walks(rows: list[tuple[str, int]]) -> list[str]:
    total = sum(count for _, count in rows)
    named = [f"{unit} {count} 次" for unit, count in rows]
    return [f"已报送而未接收、退回补正的体验 {total} 次：{_named(named)}"] if rows else []


def _scores(campaign: Campaign) -> list[str]:
    open_ones = {"campaign": campaign, "state": ScoreState.OPEN}
    counts = (
        ("待答复的申诉", ScoreObjection.objects.filter(**open_ones).count()),
        ("待复核的人工评定", ScoreNote.objects.filter(**open_ones).count()),
    )
    return [f"{label} {count} 条" for label, count in counts if count]


def _named(names: list[str]) -> str:
    more = f" 等 {len(names)} 个" if len(names) > NAMED else ""
    return "、".join(names[:NAMED]) + more
