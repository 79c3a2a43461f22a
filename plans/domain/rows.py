"""Rows of a plan: who and what may stand in them, how they are stored, 报备, and the walk that follows from one."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Case, IntegerField, QuerySet, Value, When

from accounts.domain.labels import with_post
from accounts.enums import LEADER_ROLES, Role
from accounts.models import Department, Membership
from accounts.scope import in_force
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.enums import ActivityKind, CoverageBasis
from campaigns.models import PoolItem
from catalogue.models import ItemKind, ServiceItem
from core.exceptions import Refused
from core.near_names import nearest
from core.text import normalize_text
from plans.domain.queries import LIVE_WALKS, rows_of
from plans.models import Plan, PlanRow
from walks.domain import delegation

MAX_ROWS = 300
OWN_SHOWN = 5
FACTS = (
    "item_id",
    "activity_kind",
    "mode",
    "walker_id",
    "delegation_reason",
    "planned_on",
    "place",
    "companions",
    "questions",
    "remark",
)
# A 报备 names who walks what on which day; when one of these changes it has to be given again.
NOTICED = ("item_id", "walker_id", "planned_on")


@dataclass
class RowDraft:
    """One row as it is to be stored; ``pk`` of the row it replaces, None for a new one."""

    item_id: int
    mode: str
    walker_id: int
    activity_kind: str = ActivityKind.PROCESS
    delegation_reason: str = ""
    planned_on: date | None = None
    place: str = ""
    companions: dict[str, int] = field(default_factory=dict)
    questions: str = ""
    remark: str = ""
    pk: int | None = None


@dataclass(frozen=True)
class PlanLeader:
    """Somebody of the unit who may walk; ``called``: ``User.label``."""

    user_id: int
    name: str
    title: str
    role: str
    called: str = ""

    @property
    def label(self) -> str:
        return with_post(self.called, self.name, self.title or Role(self.role).label)


def leaders_of(department_id: int) -> list[PlanLeader]:
    """Principal first, then deputies of the unit, each once; one query."""
    leaders = {"department_id": department_id, "role__in": LEADER_ROLES, "user__is_active": True}
    rows = Membership.objects.filter(in_force(), **leaders)
    principal_first = Case(When(role=Role.PRINCIPAL, then=Value(0)), default=Value(1), output_field=IntegerField())
    found: dict[int, PlanLeader] = {}
    for user_id, name, title, role, called in rows.order_by(principal_first, "id").values_list(
        "user_id", "user__name", "title", "role", "user__label"
    ):
        found.setdefault(user_id, PlanLeader(user_id, name, title, role, called))
    return list(found.values())


def capacities_in(department_id: int) -> dict[int, str]:
    """{user id: principal or deputy} of the unit's leaders; one query."""
    return {leader.user_id: leader.role for leader in leaders_of(department_id)}


def items_to_cover(rules: Rulebook, campaign_id: int, department_id: int) -> list[ServiceItem]:
    """Items of the unit that must stand in its plan, in their order; none where the rules do not ask for all."""
    if not rules.planning.covers_all:
        return []
    own = ServiceItem.objects.filter(department_id=department_id, is_active=True)
    match rules.coverage.basis:
        case CoverageBasis.EACH_BUNDLE:
            own = own.filter(kind=ItemKind.BUNDLE)
        case CoverageBasis.POOL:
            own = own.filter(pk__in=PoolItem.objects.filter(campaign_id=campaign_id).values("item_id"))
        case CoverageBasis.NONE:
            return []
    return list(own.order_by("order", "id"))


class ItemFinder:
    """Items by the name people write: the unit's own first, else the one of the region; a query per kind of name.

    An item of another unit is written “事项（单位）” where the name alone does not tell.
    """

    def __init__(self, department: Department):
        self.department = department
        self.own = list(ServiceItem.objects.filter(department=department, is_active=True).order_by("order", "id"))
        self._known = {normalize_text(item.name): item for item in self.own}
        self._others: list[ServiceItem] | None = None

    def find(self, name: str) -> ServiceItem:
        """The item of that name. Raises Refused in words, with the nearest names, else the unit's own."""
        wanted = normalize_text(name)
        if wanted in self._known:
            return self._known[wanted]
        found = [
            item
            for item in self._region()
            if wanted in (normalize_text(item.name), normalize_text(item_name(item, None)))
        ]
        if len(found) == 1:
            return found[0]
        if found:
            shown = "、".join(item_name(item, None) for item in found[:5])
            raise Refused(f"有多个单位有同名事项，请写明单位：{shown}")
        names = [item.name for item in self.own] + [item.name for item in self._region()]
        raise Refused(f"没有这个事项{nearest(name, names) or self._own_words()}")

    def by_id(self, pk: int) -> ServiceItem:
        """The item of that id, one no longer in use too."""
        known = next((item for item in (*self.own, *(self._others or ())) if item.pk == pk), None)
        return known or ServiceItem.objects.select_related("department").get(pk=pk)

    def _own_words(self) -> str:
        shown = "、".join(item.name for item in self.own[:OWN_SHOWN])
        return f"。本单位的事项有：{shown}{'等' if len(self.own) > OWN_SHOWN else ''}" if shown else ""

    def _region(self) -> list[ServiceItem]:
        if self._others is None:
            rows = ServiceItem.objects.filter(
                department__region_id=self.department.region_id, is_active=True, department__is_active=True
            )
            rows = rows.exclude(department=self.department).select_related("department")
            self._others = list(rows.order_by("department__order", "order", "id"))
        return self._others


def item_name(item: ServiceItem, department_id: int | None) -> str:
    """The name a row shows: with its unit when the item belongs to another one."""
    return item.name if item.department_id == department_id else f"{item.name}（{item.department.name}）"


def write_rows(*, plan: Plan, rows: list[RowDraft]) -> int:
    """Make the plan hold exactly these rows, in this order; returns how many (行). Called by ``lifecycle.save_rows``.

    A row whose walk has begun keeps its facts. A delegation reason beside the principal's name falls away. Raises
    Refused when a begun row is left out, or above 300 rows.
    """
    if len(rows) > MAX_ROWS:
        raise Refused(f"一份计划最多 {MAX_ROWS} 行，现有 {len(rows)} 行。", rule="plan.rows")
    have = {row.pk: row for row in rows_of(plan)}
    kept = have.keys() & {draft.pk for draft in rows}
    if any(row.is_begun and pk not in kept for pk, row in have.items()):
        raise Refused("有一行已经按计划开始体验，不能删去。请把它放回计划再保存。", rule="plan.begun")
    PlanRow.objects.filter(plan=plan).exclude(pk__in=kept).delete()
    capacities = capacities_in(plan.department_id)
    fresh: list[PlanRow] = []
    changed: list[PlanRow] = []
    for order, draft in enumerate(rows, start=1):
        known = have.get(draft.pk) if draft.pk else None
        row = PlanRow(plan=plan) if known is None else known
        row.order = order
        if known is None or not known.is_begun:
            draft.delegation_reason = delegation.kept_reason(
                capacities.get(draft.walker_id, ""), draft.delegation_reason
            )
            _fill(row, draft)
        (fresh if known is None else changed).append(row)
    PlanRow.objects.bulk_create(fresh)
    PlanRow.objects.bulk_update(changed, ["order", "noticed_at", *(name.removesuffix("_id") for name in FACTS)])
    return len(rows)


def begun_rows(plan: Plan) -> QuerySet[PlanRow]:
    """Rows of the plan from which a walk has begun."""
    return PlanRow.objects.filter(plan=plan, walk__state__in=LIVE_WALKS)


def carry_over(*, old: Plan, new: Plan) -> list[str]:
    """Move the walks begun from the rows of ``old`` to those of ``new`` that go on from them; returns the items' names.

    What has begun stands as it began, whatever the adjustment made of its row; a row it left out comes in at the end.
    Called by the step ``carry``.
    """
    begun = list(begun_rows(old).select_related("item"))
    copies = {row.source_id: row for row in PlanRow.objects.filter(plan=new)}
    # A walk belongs to one row: that of the plan in force.
    PlanRow.objects.filter(pk__in=[row.pk for row in begun]).update(walk=None)
    last = len(rows_of(new))
    for row in sorted(begun, key=lambda one: (one.order, one.pk)):
        target = copies.get(row.pk)
        if target is None:
            last += 1
            target = PlanRow(plan=new, order=last, source=row)
        for name in (*FACTS, "noticed_at", "walk_id"):
            setattr(target, name, getattr(row, name))
        target.save()
    return [row.item.name for row in begun]


def _fill(row: PlanRow, draft: RowDraft) -> None:
    before = [getattr(row, name) for name in NOTICED]
    for name in FACTS:
        setattr(row, name, getattr(draft, name))
    if before != [getattr(row, name) for name in NOTICED]:
        row.noticed_at = None
