"""抽取 of struck-off issues for 回头看. The only writer of ``LookBackDraw`` and its tickets."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.scope import scope_of
from campaigns.domain.versions import rules_of
from campaigns.models import Campaign
from core import audit
from core.conflicts import taken_already
from core.exceptions import NotAllowed, Refused
from issues.domain.lookback.rule import pool_q
from issues.models import Issue, LookBackDraw, LookBackTicket


@dataclass(frozen=True)
class PlacedIssue:
    """One issue of the population with the digest that decides its ``place``, by the computation of now."""

    number: str
    digest: str
    place: int
    is_chosen: bool


def digest_of(seed: str, number: str) -> str:
    """SHA-256, as lower-case hex, of the text ``seed:number`` in UTF-8."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def size_of(count: int, share: int) -> int:
    """How many of ``count`` issues are drawn at ``share`` percent: rounded up, so that a share above 0 draws one."""
    return -(-count * share // 100)


def choose(seed: str, numbers: Iterable[str], share: int) -> list[str]:
    """Those of the numbers with the smallest ``digest_of``, the smallest first. Anybody can repeat it: join seed and
    number by a colon, take SHA-256 of each, sort the hex texts, keep the first."""
    every = set(numbers)
    return sorted(every, key=lambda number: (digest_of(seed, number), number))[: size_of(len(every), share)]


def is_reproduced(record: LookBackDraw) -> bool:
    """复核: True when seed, population and share give the recorded result again."""
    return choose(record.seed, record.population, record.share) == record.chosen


def tickets_of(record: LookBackDraw) -> list[PlacedIssue]:
    """The recorded population as the computation of now puts it, the first place first."""
    order = choose(record.seed, record.population, 100)
    last = size_of(len(order), record.share)
    placed = enumerate(order, start=1)
    return [PlacedIssue(number, digest_of(record.seed, number), place, place <= last) for place, number in placed]


def draws_in(user: User, campaign: Campaign) -> bool:
    """Whether the person draws for the campaign: the office of its own level."""
    return campaign.region_id in scope_of(user).act_regions


def require_office(user: User, campaign: Campaign) -> None:
    """Raise NotAllowed (403) for whoever does not."""
    if not draws_in(user, campaign):
        raise NotAllowed("回头看由本活动的统筹办抽取。", rule="look_back.office")


def draws_visible_to(user: User) -> QuerySet[LookBackDraw]:
    """Draws of the regions the person reads from above (office, supervisor)."""
    return LookBackDraw.objects.filter(campaign__region_id__in=scope_of(user).read_regions)


def share_of(campaign: Campaign) -> int:
    """The share of the rules in force, in percent."""
    return rules_of(campaign.pk)[1].rectification.look_back_share


def pool_of(campaign: Campaign, now: datetime) -> list[Issue]:
    """Issues of the campaign among which is drawn at that moment, by number."""
    day = timezone.localtime(now).date()
    return list(Issue.objects.filter(pool_q([campaign], day), campaign=campaign).order_by("number"))


@transaction.atomic
def draw(*, campaign: Campaign, actor: User, now: datetime | None = None) -> LookBackDraw:
    """Draw with a fresh seed among the issues that were in no draw of their round. Side effects in order: the draw; a
    ticket for each issue of its population; an audit entry.

    Raises NotAllowed (403) for anybody but the office; Conflict (409), naming who drew last, or Refused (400) where no
    issue waits for a draw."""
    now = now or timezone.now()
    require_office(actor, campaign)
    # Whoever draws at the same moment waits here, and then finds no issue left.
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    pool, share = pool_of(campaign, now), share_of(campaign)
    earlier = LookBackDraw.objects.filter(campaign=campaign).select_related("drawn_by").order_by("-number").first()
    if not pool:
        if earlier is not None and timezone.localtime(earlier.drawn_at).date() == timezone.localtime(now).date():
            raise taken_already("今天已抽取", earlier.drawn_by, earlier.drawn_at, rule="look_back.draw")
        words = "没有可以抽取的问题：到期的都已抽取过，或按规则须逐个回头看。"
        raise Refused(words, rule="look_back.pool")
    seed, numbers = secrets.token_hex(16), [issue.number or "" for issue in pool]
    facts = {"share": share, "seed": seed, "population": numbers, "chosen": choose(seed, numbers, share)}
    made = LookBackDraw.objects.create(
        campaign=campaign, number=(earlier.number if earlier else 0) + 1, drawn_by=actor, drawn_at=now, **facts
    )
    _tickets(made, pool)
    detail = {"number": made.number, "seed": seed, "population": len(pool), "chosen": made.chosen}
    audit.record(
        actor=actor, action="look_back.drawn", object_type="campaign", object_key=campaign.code, detail=detail
    )  # fmt: skip
    return made


def _tickets(made: LookBackDraw, pool: Sequence[Issue]) -> None:
    chosen = set(made.chosen)
    LookBackTicket.objects.bulk_create(
        LookBackTicket(draw=made, issue=issue, round=issue.round, is_chosen=issue.number in chosen) for issue in pool
    )
