"""What is planned in one period of the board: the rows of filed plans, and how each unit stands with its plan."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from campaigns.domain.owed import Owed, walking_codes
from campaigns.domain.rulebook.plans_owed import asks_for_plans, plans_owed
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.enums import DeadlineKind
from campaigns.models import Campaign
from core.periods import Period
from core.workdays import WorkCalendar, late_days, late_words
from plans.domain.queries import plans_visible_to
from plans.enums import PlanState
from plans.models import Plan, PlanRow
from walks.domain.covert import not_hidden
from walks.enums import REPORTED_STATES, WalkState

PLANNED, BEGUN = "planned", "begun"
FIGURES = {PLANNED: "计划", BEGUN: "体验中"}
UNDER_WAY = (WalkState.IN_PROGRESS, WalkState.RECORDED, WalkState.SIGNED, WalkState.RETURNED)
# The better known of two current plans: the filed one holds while its adjustment is on the way.
PLAN_STATES: dict[str, str] = {
    PlanState.RETURNED: "已退回待补正",
    PlanState.SUBMITTED: "已报送待备案",
    PlanState.FILED: "已备案",
}
MISSING = "missing"
# (state, day of the first submit, due date it is judged by)
HandedIn = tuple[str, date, date | None]


@dataclass(frozen=True)
class PlanStatus:
    """How a unit stands with the plan of one period: ``state`` as in PLAN_STATES or MISSING; ``late_days`` 工作日 by
    which it is overdue or came late, None when neither (0: late, with no working day in between)."""

    period: Period
    state: str
    late_days: int | None
    words: str

    @property
    def is_late(self) -> bool:
        return self.late_days is not None


def planned_rows(
    user: User, campaign: Campaign, rules: Rulebook, period: Period, figure: str = PLANNED, unit_id: int | None = None
) -> QuerySet:
    """Rows (项) of filed plans the person sees whose day lies in the reporting period; in the whole campaign all.

    A row without a day (暗访 on no date) stands in the walking period its plan is for, and with it in ``period``.
    ``figure`` BEGUN: those whose walk is under way, a covert one never.
    """
    plans = plans_visible_to(user).filter(campaign=campaign, state=PlanState.FILED)
    rows = PlanRow.objects.filter(plan__in=plans.filter(department_id=unit_id) if unit_id else plans)
    if period.kind != "whole":
        undated = Q(planned_on=None, plan__period__in=walking_codes(rules, period))
        rows = rows.filter(Q(planned_on__range=(period.starts_on, period.ends_on)) | undated)
    return rows.filter(_under_way()) if figure == BEGUN else rows


def planned_by_unit(user: User, campaign: Campaign, rules: Rulebook, period: Period) -> dict[int, tuple[int, int]]:
    """{unit: (planned 项, of which under way)} over ``planned_rows``; one query."""
    rows = planned_rows(user, campaign, rules, period).order_by().values_list("plan__department_id")
    counted = rows.annotate(planned=Count("pk"), begun=Count("pk", filter=_under_way()))
    return {unit: (planned, begun) for unit, planned, begun in counted}


def list_rows(rows: QuerySet) -> list[dict]:
    """The rows of a page, each with ``begun``: how far its walk is, in words, "" while it has not begun."""
    fields = ("plan_id", "item__name", "activity_kind", "mode", "planned_on", "walker__label", "plan__department__name")
    found = rows.annotate(
        under_way=Count("pk", filter=_under_way()),
        reported=Count("pk", filter=not_hidden("walk__") & Q(walk__state__in=REPORTED_STATES)),
    ).values(*fields, "id", "order", "plan__period", "plan__department__order", "under_way", "reported")
    return [
        row | {"begun": "reported" if row["reported"] else "in_progress" if row["under_way"] else ""} for row in found
    ]


def plan_statuses(campaign: Campaign, owed: Owed, *, today: date, calendar: WorkCalendar) -> dict[int, PlanStatus]:
    """{unit: how it stands with its plan}, the worst when several periods are asked for; empty where the rules ask for
    no plan. What is handed in counts for everybody alike, a draft for nobody. One query.

    What is missing is what ``plans_owed`` says is owed; lateness goes by the first complete submit.
    """
    if not asks_for_plans(owed.rules):
        return {}
    handed_in, due_on = _handed_in(campaign), _owed_by(owed, today, calendar)
    places = {(duty.unit_id, duty.period.code): duty.period for duty in owed.of(DeadlineKind.WALK)}
    several = len({code for _, code in places}) > 1
    found: dict[int, PlanStatus] = {}
    for (unit, code), period in places.items():
        plan = handed_in.get((unit, code))
        if plan or (unit, code) in due_on:
            one = _plan_status(period, plan, due_on.get((unit, code)), today, calendar, several)
            found[unit] = max(found.get(unit, one), one, key=_badness)
    return found


def _owed_by(owed: Owed, today: date, calendar: WorkCalendar) -> dict[tuple[int, str], date | None]:
    """{(unit, period): the day by which its plan is owed, None without one} of the plans owed in the board's period."""
    plans = [one for one in owed.due_dates if one.kind == DeadlineKind.PLAN]
    walks = [one for one in owed.wanted if one.kind == DeadlineKind.WALK]
    found = plans_owed(
        owed.rules, owed.units, [*plans, *walks], today=today, calendar=calendar, hotline=owed.hotline
    )  # fmt: skip
    return {(duty.unit_id, duty.period.code): duty.due_on for duty in found}


def _under_way() -> Q:
    return Q(walk__is_covert=False, walk__state__in=UNDER_WAY)


def _handed_in(campaign: Campaign) -> dict[tuple[int, str], HandedIn]:
    """{(unit, period): the better known state of the current plans, with the days of the earlier one}."""
    rows = Plan.objects.filter(campaign=campaign, state__in=PLAN_STATES).order_by("round")
    plans: dict[tuple[int, str], list[HandedIn]] = defaultdict(list)
    facts = rows.values_list("department_id", "period", "state", "submitted_on", "due_on")
    for unit, period, state, submitted_on, due_on in facts:
        if submitted_on is not None:
            plans[(unit, period)].append((state, submitted_on, due_on))
    best = list(PLAN_STATES)
    return {key: (max((one[0] for one in found), key=best.index), *found[0][1:]) for key, found in plans.items()}


def _plan_status(
    period: Period, plan: HandedIn | None, due_on: date | None, today: date, calendar: WorkCalendar, several: bool
) -> PlanStatus:
    state, handed_in, judged_by = plan or (MISSING, today, due_on)
    due_on = judged_by or due_on
    words = [PLAN_STATES.get(state, "未报"), late_words(due_on, handed_in, calendar)]
    shown = "，".join(word for word in words if word)
    return PlanStatus(
        period, state, late_days(due_on, handed_in, calendar), f"{period.label}{shown}" if several else shown
    )


def _badness(one: PlanStatus) -> tuple:
    states = (PlanState.FILED, PlanState.SUBMITTED, PlanState.RETURNED, MISSING)
    return one.is_late, states.index(one.state), -one.period.starts_on.toordinal()
