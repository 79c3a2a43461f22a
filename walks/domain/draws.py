"""随机抽取 of service items for a unit's 业务检查 (L22 二（一）2: 随机选取2-3项). The only writer of ``Draw``.

A draw stands for ever: no function here changes or removes one, and a database trigger refuses both.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Department, User
from accounts.scope import scope_of
from campaigns.domain.queries import campaigns_visible_to
from campaigns.domain.rulebook.rulebook import RequiredComponent, Rulebook
from campaigns.domain.versions import rules_of
from campaigns.enums import OPEN_CAMPAIGNS, SERVICE_KINDS, Component
from campaigns.models import Campaign, Receiver, RosterEntry
from catalogue.models import ItemKind, ServiceItem
from core import audit
from core.exceptions import IllegalTransition, NotAllowed, Refused, StaleVersion
from walks.models import Draw

REASON_LIMIT = 200


@dataclass(frozen=True)
class Ticket:
    """One item of the pool with the digest that decides its ``place``; ``is_drawn`` by the computation of now."""

    item_id: int
    name: str
    digest: str
    place: int
    is_drawn: bool


# --- the computation: pure -------------------------------------------------------------------


def digest_of(seed: str, item_id: int) -> str:
    """SHA-256, as lower-case hex, of the ASCII text ``seed:item_id``."""
    return hashlib.sha256(f"{seed}:{item_id}".encode("ascii")).hexdigest()


def draw(seed: str, pool: Iterable[int], n: int) -> list[int]:
    """``n`` ids of ``pool``: those with the smallest ``digest_of``, the smallest first.

    Anybody can repeat it in any language: join seed and id by a colon, take SHA-256 of each, sort the hex texts, keep
    the first n. The order in which the pool is stored makes no difference, and no id comes twice. ValueError when the
    pool is smaller than ``n``.
    """
    ids = set(pool)
    if not 0 <= n <= len(ids):
        raise ValueError(f"cannot draw {n} of {len(ids)}")
    return sorted(ids, key=lambda item_id: (digest_of(seed, item_id), item_id))[:n]


def is_reproduced(record: Draw) -> bool:
    """复核: True when seed and pool give the recorded result again."""
    return len(record.drawn) <= len(set(record.pool)) and draw(record.seed, record.pool, len(record.drawn)) == list(
        record.drawn
    )


# --- who sees and makes draws ----------------------------------------------------------------


def draws_visible_to(user: User) -> QuerySet[Draw]:
    """Draws of the person's own units; all for the lead that receives 走流程、坐窗口, for office and supervisors."""
    scope = scope_of(user)
    received = Receiver.objects.filter(department_id__in=scope.leads, activity_kind__in=SERVICE_KINDS)
    seen = Q(department_id__in=scope.units) | Q(campaign__region_id__in=scope.read_regions)
    seen |= Q(campaign_id__in=received.values("campaign_id"))
    return Draw.objects.filter(seen, campaign__in=campaigns_visible_to(user))


def may_draw_for(user: User, campaign: Campaign) -> list[Department]:
    """Units for which the person may draw, in roster order: the own one, any for the office; empty when none."""
    scope = scope_of(user)
    rows = RosterEntry.objects.filter(campaign=campaign, left_on=None, department__is_active=True)
    if campaign.region_id not in scope.act_regions:
        rows = rows.filter(department_id__in=scope.units)
    return [entry.department for entry in rows.select_related("department").order_by("order", "id")]


def check_component(rules: Rulebook) -> RequiredComponent | None:
    """The rule of 业务检查 (how many items, from ``least`` to ``most``); None when the campaign has none."""
    components = (component for activity in rules.activities for component in activity.components)
    return next((component for component in components if component.code == Component.BUSINESS_CHECK), None)


def pool_of(department_id: int) -> list[int]:
    """Ids of the unit's items in use that are 政务服务事项 (not 行政执法), ascending."""
    items = ServiceItem.objects.filter(department_id=department_id, is_active=True)
    return sorted(items.exclude(kind=ItemKind.ENFORCEMENT).values_list("pk", flat=True))


def drawn_units(campaign: Campaign, month: str) -> set[int]:
    """Ids of the units for which a draw stands in that month."""
    return set(Draw.objects.filter(campaign=campaign, month=month).values_list("department_id", flat=True))


def item_names(ids: Iterable[int]) -> dict[int, str]:
    """{id: name} of items, those no longer in use among them."""
    return dict(ServiceItem.objects.filter(pk__in=list(ids)).values_list("pk", "name"))


def draw_rows(draws: QuerySet[Draw]) -> list[dict]:
    """The rows of a page in two queries, each with the ``names`` of its result."""
    fields = ("id", "month", "number", "drawn", "drawn_at", "reason", "department__name", "drawn_by__name")
    rows = list(draws.values(*fields))
    names = item_names({item_id for row in rows for item_id in row["drawn"]})
    return [row | {"names": [names[item_id] for item_id in row["drawn"]]} for row in rows]


def same_month(draws: QuerySet[Draw], record: Draw) -> list[Draw]:
    """Every draw of that unit in that month among ``draws``, in order, ``record`` included."""
    return list(draws.filter(department_id=record.department_id, month=record.month).order_by("number"))


def tickets_of(record: Draw) -> list[Ticket]:
    """The recorded pool as the computation of now puts it, the first place first; one query."""
    names = item_names(record.pool)
    order = draw(record.seed, record.pool, len(set(record.pool)))
    return [
        Ticket(item_id, names[item_id], digest_of(record.seed, item_id), place, place <= len(record.drawn))
        for place, item_id in enumerate(order, start=1)
    ]


# --- writing ---------------------------------------------------------------------------------


@transaction.atomic
def make_draw(
    *, campaign: Campaign, department: Department, n: int, actor: User, reason: str = "", now: datetime | None = None
) -> Draw:
    """Draw ``n`` items (项) for the unit in the present month with a fresh seed, and record seed, pool and result.

    A further draw in the same month needs a ``reason`` and stands beside the earlier ones. Side effects in order: the
    row; an audit entry. Raises Refused when the campaign has no 业务检查, does not run today, n is not what the rules
    allow, the unit has too few items, or the reason is missing; StaleVersion when another draw came first.
    """
    now, reason = now or timezone.now(), reason.strip()
    today = timezone.localtime(now).date()
    if department.pk not in {unit.pk for unit in may_draw_for(actor, campaign)}:
        raise NotAllowed("随机抽取由本单位负责同志、联络员或统筹办进行，您没有此项权限。", rule="permission")
    _require_open(campaign, today)
    pool = _pool_for(campaign, department, n, today)
    month = f"{today:%Y-%m}"
    earlier = Draw.objects.filter(campaign=campaign, department=department, month=month).count()
    if earlier and not reason:
        words = f"{department}本月已抽取 {earlier} 次。再次抽取须写明原因，前次结果保留。"
        raise Refused(words, rule="draw.reason", fields={"reason": words})
    if len(reason) > REASON_LIMIT:
        raise Refused("原因太长。", fields={"reason": f"最多 {REASON_LIMIT} 个字，现有 {len(reason)} 个"})
    seed = secrets.token_hex(16)
    record = _record(
        campaign=campaign,
        department=department,
        month=month,
        number=earlier + 1,
        seed=seed,
        pool=pool,
        drawn=draw(seed, pool, n),
        reason=reason if earlier else "",
        drawn_by=actor,
        drawn_at=now,
    )
    names = item_names(record.drawn)
    detail = {"unit": department.name, "month": month, "number": record.number, "seed": seed}
    detail |= {"drawn": [names[item] for item in record.drawn]}
    audit.record(actor=actor, action="draw.made", object_type="campaign", object_key=campaign.code, detail=detail)
    return record


def _record(**values: object) -> Draw:
    try:
        # Of two people at once the unique number lets one through.
        with transaction.atomic():
            return Draw.objects.create(**values)
    except IntegrityError as error:
        raise StaleVersion("刚才已为该单位抽取，本次没有抽取。请先查看结果。", rule="stale") from error


def _require_open(campaign: Campaign, today: date) -> None:
    if campaign.state not in OPEN_CAMPAIGNS or not campaign.starts_on <= today <= campaign.ends_on:
        shown = f"{campaign.starts_on} 至 {campaign.ends_on}"
        raise IllegalTransition(f"今天不在活动时间内（{shown}），没有抽取。", rule="window")


def _pool_for(campaign: Campaign, department: Department, n: int, today: date) -> list[int]:
    component = check_component(rules_of(campaign.pk, today)[1])
    if component is None:
        raise Refused("本活动的规则没有“业务检查”，不需要随机抽取。", rule="draw.component")
    pool = pool_of(department.pk)
    if len(pool) < component.least:
        words = f"{department}只有 {len(pool)} 项在用的政务服务事项，少于规定的 {component.least} 项，没有抽取。"
        raise Refused(words, rule="draw.pool", fields={"department": words})
    most = min(component.most or len(pool), len(pool))
    if not component.least <= n <= most:
        words = f"应抽取 {component.least} 至 {most} 项（该单位共 {len(pool)} 项）。"
        raise Refused(words, rule="draw.number", fields={"n": words})
    return pool
