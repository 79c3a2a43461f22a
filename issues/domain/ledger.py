"""The rows of the ledger: one shape for screen, workbook and command; saved views; what a filter may choose from."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter

from django.db.models import Case, F, Q, QuerySet, Value, When

from accounts.models import User
from accounts.scope import departments_visible_to, scope_of
from campaigns.domain.queries import campaigns_visible_to
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.models import Campaign, RuleVersion
from core.listing import Order, in_chunks
from issues.columns import page_columns, row_paths
from issues.domain.carried import earlier_of
from issues.domain.cooperation import help_awaits_q
from issues.domain.deciders import LEAD_DECIDES_DISPUTE, LEAD_IS_RESPONSIBLE, LEAD_STRIKES_OFF
from issues.domain.extensions.queries import to_decide_q
from issues.domain.overdue import overdue_q
from issues.domain.queries import issues_seen_by, measures_by_issue
from issues.domain.transitions import TABLE
from issues.domain.unheld import unheld_for
from issues.enums import CLOSED_STATES, STOPPED_STATES, IssueState
from issues.models import Extension, Issue
from issues.rules import work_units

COUNT_UP_TO = 100
# What the unit that is responsible, and the one that found it, are to do next.
TO_WORK_ON = TABLE.sources_of("accept", "plan", "request_closing")
TO_TAKE_UP = TABLE.sources_of("take")


def read_rows(
    ids: Iterable[int] | QuerySet[Issue], order: Order, today: date, *, with_measures: bool = True
) -> list[dict]:
    """The rows of these issues (ids, or a sliced queryset), ordered: one query, and one more for all their measures.

    Scope is the caller's. Keys: those of ``issues.columns.LEDGER``, the paths read for them, ``measure_rows`` and
    ``is_late``.
    """
    chosen = ids.values_list("pk", flat=True) if isinstance(ids, QuerySet) else list(ids)
    late = Case(When(overdue_q(today), then=Value(True)), default=Value(False))
    rows = list(Issue.objects.filter(pk__in=chosen).order_by(*order.by()).values(*row_paths(), is_late=late))
    measures = measures_by_issue(row["id"] for row in rows) if with_measures else {}
    cells = [(column.key, column.cell or itemgetter(column.paths[0])) for column in page_columns()]
    for row in rows:
        row["measure_rows"] = measures.get(row["id"], ())
        row |= {key: cell(row) for key, cell in cells}
    return rows


def ledger_rows(ids: Sequence[int], order: Order, today: date, keys: Sequence[str]) -> Iterator[tuple]:
    """One tuple of ``keys`` for each issue, in order, read by the thousand: memory does not grow with the rows."""
    for chunk in in_chunks(ids):
        for row in read_rows(chunk, order, today):
            yield tuple(row[key] for key in keys)


# --- saved views ----------------------------------------------------------------------------


def in_view(queryset: QuerySet, view: str, user: User, today: date) -> QuerySet:
    """The queryset narrowed to a saved view: mine, unheld, open, overdue, due, closing, closed; any other name is all
    of it."""
    if view == "mine":
        return waiting_for(user, queryset)
    if view == "unheld":
        return unheld_for(user, queryset)
    if view == "open":
        return queryset.filter(open_key=1)
    if view == "overdue":
        return overdue(queryset, today)
    if view == "due":
        last = date(today.year + today.month // 12, today.month % 12 + 1, 1)
        month = queryset.filter(due_key__gte=today.replace(day=1), due_key__lt=last, open_key=1)
        return month.exclude(state__in=STOPPED_STATES)
    if view == "closing":
        return queryset.filter(state=IssueState.CLOSING)
    return queryset.filter(state__in=CLOSED_STATES) if view == "closed" else queryset


def overdue(queryset: QuerySet, today: date) -> QuerySet:
    """Overdue issues. ``open_key`` and ``due_key`` say again what ``overdue_q`` says, in the words of an index."""
    return queryset.filter(overdue_q(today), open_key=1, due_key__lt=today)


def waiting_for(user: User, queryset: QuerySet) -> QuerySet:
    """Issues of the queryset that wait for this person (等我办).

    - the responsible unit's people: to sign for, to plan, to rectify
    - the unit that found it: its own problems not yet taken up
    - lead and office: to assign, to decide a dispute, to accept or return a request for closing of another unit
    - office: to confirm what a colleague proposed not to adopt
    - people of a unit that helps: to do their part
    - lead, or office where the lead is itself responsible: to confirm a distant date, to answer a request for more time
    """
    return queryset.filter(_waiting_q(user), open_key=1)


def _waiting_q(user: User) -> Q:
    scope = scope_of(user)
    own_find = Q(proposed_department=None) | Q(proposed_department_id=F("discovering_department_id"))
    waiting = Q(pk__in=())
    if units := work_units(scope):
        waiting |= Q(responsible_department_id__in=units, state__in=TO_WORK_ON)
    if scope.units:
        waiting |= Q(discovering_department_id__in=scope.units, state__in=TO_TAKE_UP) & own_find
    strike_off = Q(state__in=TABLE.sources_of("approve_closing")) & ~Q(closing_requested_by_id=scope.user_id)
    strike_off &= ~Q(responsible_department_id__in=scope.workplaces)
    to_assign = Q(state__in=TO_TAKE_UP) & ~own_find
    disputed = Q(state=TABLE.by_action["dispute"].target)
    if scope.leads:
        by_lead = (disputed & LEAD_DECIDES_DISPUTE) | (strike_off & LEAD_STRIKES_OFF)
        waiting |= Q(lead_department_id__in=scope.leads) & (to_assign | by_lead)
    if scope.act_regions:
        own_campaigns = Campaign.objects.filter(region_id__in=scope.act_regions).values("pk")
        to_confirm = Q(state__in=TABLE.sources_of("dismiss"), dismissal_proposed_by__isnull=False)
        to_confirm &= ~Q(dismissal_proposed_by_id=scope.user_id)
        waiting |= Q(campaign_id__in=own_campaigns) & (to_assign | to_confirm | disputed | strike_off)
    return waiting | due_awaits_q(user) | extension_awaits_q(user) | help_awaits_q(user)


def due_awaits_q(user: User) -> Q:
    """Issues with a distant date that this person is to confirm or refuse (docs/rules.md section 4)."""
    scope, mine = scope_of(user), Q(pk__in=())
    if scope.leads:
        mine |= Q(lead_department_id__in=scope.leads) & ~LEAD_IS_RESPONSIBLE
    if scope.act_regions:
        campaigns = Campaign.objects.filter(region_id__in=scope.act_regions).values("pk")
        mine |= Q(campaign_id__in=campaigns) & LEAD_IS_RESPONSIBLE
    awaits = Q(due_proposed_on__isnull=False, state__in=TABLE.sources_of("confirm_due"))
    return awaits & ~Q(due_proposed_by_id=scope.user_id) & mine


def extension_awaits_q(user: User) -> Q:
    """Issues with a request for more time that this person is to answer."""
    scope = scope_of(user)
    if not scope.is_lead_or_office:
        return Q(pk__in=())
    return Q(pk__in=Extension.objects.filter(to_decide_q(user)).values("issue_id"))


def acts_on_issues(user: User) -> bool:
    """False for people who only read (督查)."""
    scope = scope_of(user)
    return bool(work_units(scope) or scope.is_lead_or_office)


@dataclass(frozen=True)
class CampaignLedger:
    """A campaign's rows and what heads its workbook."""

    queryset: QuerySet
    place: str
    unit: str


def campaign_ledger(code: str, username: str = "") -> CampaignLedger | None:
    """The whole ledger of a campaign, or what that person sees of it; None when either does not exist (to them)."""
    user = User.objects.filter(username=username, is_active=True).first() if username else None
    seen = campaigns_visible_to(user) if user else Campaign.objects.all()
    campaign = seen.filter(code=code).select_related("region", "office").first()
    if campaign is None or (username and user is None):
        return None
    rows = issues_seen_by(user)
    unit = scope_of(user).label if user else campaign.office.name
    return CampaignLedger(rows.filter(campaign=campaign), campaign.region.name, unit)


# --- what a filter may choose from ----------------------------------------------------------


@dataclass(frozen=True)
class FilterChoices:
    """(value, label) pairs in the order to show them; nothing outside the person's scope is in here. ``reader``: that
    person. ``carried``: {a campaign that goes on from others: those others}."""

    reader: User

    units: list[tuple[str, str]] = field(default_factory=list)
    campaign_ids: list[int] = field(default_factory=list)
    campaigns: list[tuple[str, str]] = field(default_factory=list)
    carried: dict[str, list[int]] = field(default_factory=dict)
    categories: list[tuple[str, str]] = field(default_factory=list)
    periods: list[tuple[str, str]] = field(default_factory=list)


def filter_choices(user: User, today: date) -> FilterChoices:
    """Units in roster order, campaigns, their classes and their periods up to today; two queries."""
    units = list(departments_visible_to(user).values_list("pk", "name", "region__name"))
    regions = {region for _, _, region in units}
    versions = RuleVersion.objects.filter(campaign__in=campaigns_visible_to(user)).order_by(
        "-campaign__starts_on", "campaign_id", "number"
    )
    facts = versions.values_list(
        "campaign_id",
        "campaign__code",
        "campaign__name",
        "campaign__starts_on",
        "campaign__ends_on",
        "campaign__follows_id",
        "data",
    )
    campaigns: dict[str, str] = {}
    categories: dict[str, str] = {}
    periods: dict[str, str] = {}
    ids: dict[int, str] = {}
    follows: dict[int, int | None] = {}
    for pk, code, name, starts_on, ends_on, before, data in facts:
        rules = Rulebook.from_data(data)
        ids[pk], follows[pk] = code, before
        campaigns[code] = name
        categories |= {category: category for category in rules.rectification.categories}
        periods |= _periods(rules, starts_on, min(ends_on, today))
    return FilterChoices(
        reader=user,
        units=[(str(pk), f"{region} · {name}" if len(regions) > 1 else name) for pk, name, region in units],
        campaign_ids=list(ids),
        campaigns=list(campaigns.items()),
        carried={code: earlier for pk, code in ids.items() if (earlier := earlier_of(pk, follows))},
        categories=list(categories.items()),
        periods=sorted(periods.items(), reverse=True),
    )


def _periods(rules: Rulebook, first: date, last: date) -> dict[str, str]:
    period, found = rules.period_of(first), {}
    while True:
        found[period.code] = period.label
        if period.ends_on >= last:
            return found
        period = period.next()
