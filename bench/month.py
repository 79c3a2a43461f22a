"""One month with many issues and units: counting it beside SQL written by hand for the same numbers, and the page of
the period once it is published."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.domain.memberships import grant_membership
from accounts.enums import DepartmentKind, RegionLevel, Role
from accounts.models import Department, Region, User
from bench.world import CATEGORIES, TEXTS
from campaigns.domain.lifecycle import create_campaign
from campaigns.models import Campaign
from catalogue.models import ServiceItem
from core.periods import period_of
from issues.enums import IssueSource, IssueState, Track
from issues.models import Issue, Measure
from reports.domain.compile import period_in
from reports.domain.figures import ReportQuery
from reports.domain.publishing import open_parts, publish
from reports.domain.queries import SYSTEM
from reports.domain.tally import table_of
from walks.enums import Capacity, WalkState
from walks.models import Participant, Walk

CODE = "BENCH-M"  # and the number of issues: a month of its own for every size
ISSUES_A_UNIT = 50
ISSUES_A_WALK = 5
CHUNK = 5000
# Three of five closed, one overdue, one still in time.
STATES = (*([IssueState.CLOSED] * 3), IssueState.RECTIFYING, IssueState.RECTIFYING)


def month(rows: int, times: int) -> dict:
    """Queries of counting a month of ``rows`` issues, and how many times as long as SQL by hand it takes (the least of
    ``times``); the same of the page of the period once published."""
    campaign = seed(rows)
    query = ReportQuery(campaign, period_in(campaign, last_month()), timezone.localdate(), SYSTEM)
    counted, by_hand = table_of(query).total.values, _by_hand(query)
    assert {key: counted[key] for key in by_hand} == by_hand, (counted, by_hand)
    with CaptureQueriesContext(connection) as captured:
        table_of(query)
    found = {
        "units": counted["units_total"],
        "queries": len(captured),
        "counting": _least(lambda: table_of(query), times) / _least(lambda: _by_hand(query), times),
    }
    return found | _published(query, times)


def seed(rows: int) -> Campaign:
    """A campaign whose last month has ``rows`` issues of a fiftieth as many units, five to a walk."""
    campaign = _campaign(rows)
    units = list(campaign.roster.order_by("order").values_list("department_id", flat=True))
    items = dict(ServiceItem.objects.filter(department_id__in=units).values_list("department_id", "pk"))
    people = list(User.objects.filter(username__startswith=f"{campaign.code}-head").order_by("pk"))
    for start in range(0, rows, CHUNK):
        chunk = list(range(start, min(rows, start + CHUNK)))
        walks = Walk.objects.bulk_create(_walks(campaign, chunk, units, items, people))
        Participant.objects.bulk_create(
            Participant(walk=walk, user_id=walk.walker_id, capacity=Capacity.PRINCIPAL) for walk in walks
        )
        # What is signed takes no participant any more.
        Walk.objects.filter(pk__in=[walk.pk for walk in walks]).update(state=WalkState.REPORTED)
        made = Issue.objects.bulk_create(_issues(campaign, chunk, walks))
        Measure.objects.bulk_create(Measure(issue=issue, order=1, text="修订一次性告知单") for issue in made)
    return campaign


def last_month() -> str:
    return period_of(timezone.localdate(), cutoff_day=20).previous().code


def _campaign(rows: int) -> Campaign:
    region = Region.objects.create(name=f"千局市{rows}", level=RegionLevel.CITY)
    office = Department.objects.create(region=region, name="市营商办", kind=DepartmentKind.OFFICE)
    lead = Department.objects.create(region=region, name="市行政审批局", order=1)
    Department.objects.create(region=region, name="市司法局", order=2)
    units = Department.objects.bulk_create(
        Department(region=region, name=f"第{number}局", order=number)
        for number in range(3, max(4, rows // ISSUES_A_UNIT) + 1)
    )
    ServiceItem.objects.bulk_create(ServiceItem(department=unit, name="办理事项", order=1) for unit in [lead, *units])
    code = f"{CODE}{rows}"
    for number in range(10):
        User.objects.create(username=f"{code}-head{number}", name=f"负责人{number}")
    clerk = User.objects.create(username=f"{code}-office", name="统筹办")
    grant_membership(user=clerk, department=office, role=Role.OFFICE)
    start = timezone.localdate() - timedelta(days=100)
    campaign, _ = create_campaign(
        template="lantian-2022",
        code=code,
        name="千局市“一把手走流程”",
        region_name=region.name,
        start=start,
        end=start + timedelta(days=400),
        region=region,
    )
    return campaign


def _walks(campaign: Campaign, chunk: list[int], units: list[int], items: dict, people: list[User]) -> Iterator[Walk]:
    rules, day = campaign.rule_versions.get(), period_in(campaign, last_month()).starts_on
    for number in chunk[::ISSUES_A_WALK]:
        place = number // ISSUES_A_WALK
        unit = units[place % len(units)]
        unit = unit if unit in items else units[0]
        began = timezone.make_aware(datetime.combine(day, datetime.min.time())) + timedelta(days=place % 28, hours=9)
        person = people[place % len(people)]
        yield Walk(
            campaign=campaign,
            rules=rules,
            department_id=unit,
            receiver_id=units[0],
            item_id=items[unit],
            walker=person,
            walker_capacity=Capacity.PRINCIPAL,
            activity_kind="process_walkthrough",
            mode="in_person",
            walk_date=began.date(),
            started_at=began,
            reported_at=began,
            conforms=True,
            period=last_month(),
            item_name="办理事项",
            department_name="局",
            receiver_name="市行政审批局",
            walker_name=person.name,
            created_by=person,
        )


def _issues(campaign: Campaign, chunk: list[int], walks: list[Walk]) -> Iterator[Issue]:
    for place, number in enumerate(chunk):
        walk, state = walks[place // ISSUES_A_WALK], STATES[number % len(STATES)]
        is_late = number % len(STATES) == len(STATES) - 1
        due = timezone.localdate() + timedelta(days=-1 if is_late else 30)
        closed = {"closing_requested_on": walk.walk_date, "closed_on": walk.walk_date} if state in CLOSED else {}
        yield Issue(
            number=f"{campaign.code}-{number + 1:07d}",
            campaign=campaign,
            region_id=campaign.region_id,
            walk=walk,
            item_id=walk.item_id,
            discovering_department_id=walk.department_id,
            responsible_department_id=walk.department_id,
            lead_department_id=walk.receiver_id,
            reported_by_id=walk.walker_id,
            closed_by_id=walk.created_by_id if closed else None,
            state=state,
            description=TEXTS[number % len(TEXTS)],
            stage="consult",
            category=CATEGORIES[number % len(CATEGORIES)],
            source=IssueSource.values[0],
            track=Track.LIMITED,
            found_on=walk.walk_date,
            period=walk.period,
            due_on=due,
            first_due_on=due,
            **closed,
        )


CLOSED = (IssueState.CLOSED,)
FROM_WALKS = "FROM walks_walk w WHERE w.campaign_id = %s AND w.walk_date BETWEEN %s AND %s AND w.state = 'reported'"
BY_HAND = {
    "units": (
        "SELECT r.department_id, d.name FROM campaigns_rosterentry r JOIN accounts_department d "
        'ON d.id = r.department_id WHERE r.campaign_id = %s AND %s <= %s ORDER BY r."order"'
    ),
    "walks": f"SELECT w.department_id, w.activity_kind, w.item_id, COUNT(*) {FROM_WALKS} GROUP BY 1, 2, 3",
    "participants": (
        "SELECT w.department_id, p.user_id, p.capacity, COUNT(*) "
        + FROM_WALKS.replace("walks_walk w", "walks_walk w JOIN walks_participant p ON p.walk_id = w.id")
        + " GROUP BY 1, 2, 3"
    ),
    "issues": (
        "SELECT i.discovering_department_id, i.category, COUNT(*), "
        "SUM(CASE WHEN i.state = 'closed' THEN 1 ELSE 0 END), "
        "SUM(CASE WHEN i.state = 'rectifying' AND i.due_on < %s THEN 1 ELSE 0 END) "
        "FROM issues_issue i JOIN walks_walk w ON w.id = i.walk_id "
        "WHERE i.campaign_id = %s AND w.walk_date BETWEEN %s AND %s AND i.state <> 'draft' GROUP BY 1, 2"
    ),
    "measures": (
        "SELECT i.discovering_department_id, COUNT(*) FROM issues_measure m JOIN issues_issue i ON i.id = m.issue_id "
        "JOIN walks_walk w ON w.id = i.walk_id "
        "WHERE i.campaign_id = %s AND w.walk_date BETWEEN %s AND %s AND i.state <> 'draft' GROUP BY 1"
    ),
}


def _by_hand(query: ReportQuery) -> dict[str, int]:
    """The same figures from five statements with nothing around them."""
    asked: list[Any] = [query.campaign.pk, query.period.starts_on, query.period.ends_on]
    found = {}
    with connection.cursor() as cursor:
        for name, statement in BY_HAND.items():
            cursor.execute(statement, [query.as_of, *asked] if name == "issues" else asked)
            found[name] = cursor.fetchall()
    return {
        "units_total": len(found["units"]),
        "sessions": sum(row[3] for row in found["walks"]),
        "items": len({row[2] for row in found["walks"]}),
        "person_times": sum(row[3] for row in found["participants"]),
        "issues_found": sum(row[2] for row in found["issues"]),
        "closed": sum(row[3] for row in found["issues"]),
        "overdue": sum(row[4] for row in found["issues"]),
        "measures": sum(row[1] for row in found["measures"]),
    }


def _published(query: ReportQuery, times: int) -> dict:
    campaign, period = query.campaign, query.period
    clerk = User.objects.get(username=f"{campaign.code}-office")
    parts = open_parts(campaign, period, today=timezone.localdate())
    made = publish(campaign=campaign, period=period, actor=clerk, confirmed=parts.token)
    client = Client()
    client.force_login(clerk)
    url = reverse("published", args=[campaign.code, period.code, made.version])
    assert client.get(url).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
        statements = [query["sql"] for query in captured.captured_queries]
    page, by_hand = _least(lambda: client.get(url), times), _least(lambda: _replay(statements), times)
    return {"page_queries": len(statements), "page": page / by_hand}


def _replay(statements: list[str]) -> None:
    """The statements of a page with nothing around them."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            cursor.fetchall()


def _least(act: Callable[[], object], times: int) -> float:
    tries = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        tries.append(time.perf_counter() - began)
    return min(tries)
