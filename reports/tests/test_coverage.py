"""Coverage: what must be walked, how often it was, and what nobody walked."""

from datetime import date, datetime
from functools import partial
from io import BytesIO

import openpyxl
import pytest

from accounts.models import Department
from campaigns.domain.lifecycle import create_campaign
from campaigns.domain.rulebook.duties import Unit
from campaigns.models import Campaign, RosterEntry, RuleVersion
from catalogue.models import ServiceItem
from core.models import AuditEntry
from core.periods import whole_period
from reports.domain.board.board import Board, BoardLine
from reports.domain.board.coverage import Coverage, CoveredItem
from reports.domain.summary import rate
from tests.cast import NOON, TZ, open_walk
from tests.cast import reported_walk as any_reported_walk
from tests.database import without_triggers
from walks.domain import opening
from walks.models import Walk

reported_walk = partial(any_reported_walk, as_conforming=True)
pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON), pytest.mark.both_databases]
URL = "/campaigns/QH2022/coverage/"
APRIL = datetime(2023, 4, 10, 9, 0, tzinfo=TZ)


def query_for(cast, basis, minimum=1):
    """The campaign's rules with another coverage, as a test's shortcut: an issued version is frozen by a trigger."""
    version = cast.campaign.rule_versions.get()
    data = version.data | {"coverage": {"basis": basis, "minimum": minimum}}
    campaign = Campaign.objects.create(
        code="FG2022", name="覆盖", region=cast.county, office=cast.office_unit, template="lantian-2022",
        state="running", starts_on=cast.campaign.starts_on, ends_on=cast.campaign.ends_on, issued_at=NOON,
    )  # fmt: skip
    RuleVersion.objects.create(campaign=campaign, number=1, data=data, effective_on=campaign.starts_on, issued_at=NOON)
    for entry in cast.campaign.roster.all():
        RosterEntry.objects.create(campaign=campaign, department=entry.department, order=entry.order)
    for one in cast.campaign.receivers.all():
        one.pk, one.campaign = None, campaign
        one.save(force_insert=True)
    cast.campaign = campaign
    return "/campaigns/FG2022/coverage/"


def items(cast, *names, kind="approval", unit=None):
    return [
        ServiceItem.objects.create(department=unit or cast.second_unit, name=name, kind=kind, order=n)
        for n, name in enumerate(names)
    ]


def names(answer):
    return [(row["item"].name, row["item"].walks) for row in answer.context["rows"]]


def test_w23_twelve_of_thirteen_bundles_are_92_3_percent_and_the_missing_one_is_named(client, cast, clock):
    clock.move_to(APRIL)
    campaign, _ = create_campaign(
        template="wushen-2023", code="YSS2023", name="一件事", region_name="青禾县", region=cast.county,
        start=date(2023, 3, 14), end=date(2023, 4, 15),
    )  # fmt: skip
    bundles = items(cast, *(f"第{n}件事" for n in range(1, 14)), kind="bundle", unit=cast.unit)
    items(cast, "不是一件事")
    for bundle in bundles[:12]:
        walk = opening.start(
            opening.WalkDraft(campaign=campaign, department_id=cast.unit.pk, item=bundle, mode="in_person"),
            actor=cast.principal,
            now=APRIL,
        )
        Walk.objects.filter(pk=walk.pk).update(state="reported", reported_at=APRIL)
    client.force_login(cast.office)
    answer = client.get("/campaigns/YSS2023/coverage/")
    assert "92.3%" in answer.text
    assert "已覆盖 12 个事项／应体验 13 个事项" in answer.text
    assert [one.name for one in answer.context["named"]] == ["第13件事"]
    assert names(answer)[0] == ("第13件事", 0)


def test_each_item_means_approval_and_public_service_items_of_the_rosters_units(client, cast):
    url = query_for(cast, "each_item")
    items(cast, "户口迁移", "停用的")
    ServiceItem.objects.filter(name="停用的").update(is_active=False)
    items(cast, "执法检查", kind="enforcement")
    items(cast, "外县事项", unit=cast.namesake_unit)
    left = items(cast, "退出单位事项", unit=Department.objects.get(name="县司法局"))
    RosterEntry.objects.filter(department=left[0].department).update(left_on=NOON.date())
    client.force_login(cast.office)
    assert sorted(names(client.get(url))) == [("户口迁移", 0), ("结婚登记", 0)]


def test_the_pool_is_the_measure_where_the_rules_say_so_and_a_minimum_counts(client, cast):
    url = query_for(cast, "pool", minimum=2)
    client.force_login(cast.office)
    empty = client.get(url)
    assert empty.context["coverage"].rate is None
    assert "没有应体验的事项" in empty.text
    cast.campaign.pool.create(item=cast.item, provenance="hotline")
    reported_walk(cast)
    answer = client.get(url)
    assert (answer.context["coverage"].rate, names(answer)) == (0.0, [("结婚登记", 1)])
    assert "次数不足" in answer.text
    assert "12345热线" in answer.text
    reported_walk(cast)
    assert client.get(url).context["coverage"].rate == 100.0


def test_board_and_coverage_round_as_the_summary_does():
    items = [CoveredItem(n, "", "", 0, "", walks=int(n == 0)) for n in range(16)]
    lines = [BoardLine(Unit(n, "", "", frozenset()), owes=True, reported=int(n == 0)) for n in range(16)]
    year = whole_period(date(2022, 1, 1), date(2022, 12, 31))
    board = Board(year, year, None, None, None, lines, sees_all=True)
    assert Coverage("items", 1, items, sees_all=True).rate == board.rate == rate(1, 16) == 6.3


def test_without_a_demand_the_items_are_listed_and_no_rate_is_claimed(client, cast):
    client.force_login(cast.office)
    answer = client.get(URL)
    assert "本活动不要求逐项体验" in answer.text
    assert names(answer) == [("结婚登记", 0)]


def test_only_reported_walks_count_and_each_number_opens_them(client, cast):
    open_walk(cast)
    reported_walk(cast)
    for persona in (cast.office, cast.liaison):
        client.force_login(persona)
        [row] = client.get(URL).context["rows"]
        assert row["item"].walks == 1
        assert client.get(row["url"]).context["page"].total == 1


def test_a_delegated_walk_counts_for_coverage(client, cast):
    walk, _ = reported_walk(cast)
    with without_triggers("walks_walk"):
        Walk.objects.filter(pk=walk.pk).update(walker_capacity="deputy")
    client.force_login(cast.office)
    assert names(client.get(URL)) == [("结婚登记", 1)]


def test_a_unit_sees_the_items_of_its_own_and_no_neighbours(client, cast):
    items(cast, "户口迁移")
    client.force_login(cast.liaison)
    assert names(client.get(URL)) == [("结婚登记", 0)]
    client.force_login(cast.second_liaison)
    assert names(client.get(URL)) == [("户口迁移", 0)]


def test_parts_and_pages_lead_to_every_item(client, cast):
    items(cast, *(f"事项{n:03d}" for n in range(120)))
    client.force_login(cast.office)
    first = client.get(URL, {"part": "missing"})
    assert (len(first.context["rows"]), first.context["page"].total) == (100, 121)
    second = client.get(URL + first.context["page"].next_url)
    assert len(second.context["rows"]) == 21
    assert {name for name, _ in names(first)}.isdisjoint(name for name, _ in names(second))
    assert client.get(URL, {"part": "covered"}).context["rows"] == []
    assert client.get(URL, {"page": "x²"}).context["page"].number == 1


def test_the_workbook_holds_the_pages_rows_and_leaves_an_audit_entry(client, cast):
    items(cast, "=户口迁移")
    reported_walk(cast)
    client.force_login(cast.office)
    answer = client.get(URL + "export/")
    assert "20220608" in answer["Content-Disposition"]
    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    found = [(row[1], row[5], row[6]) for row in rows if isinstance(row[0], int)]
    assert found == [("=户口迁移", 0, "未体验"), ("结婚登记", 1, "已覆盖")]
    entry = AuditEntry.objects.get(action="coverage.exported")
    assert entry.detail == {"rows": 2, "as_of": "2022-06-08"}


@pytest.mark.parametrize("persona", ["namesake", "office_other_county", "sysadmin"])
def test_for_outsiders_it_does_not_exist(client, cast, persona):
    client.force_login(cast.people[persona])
    assert client.get(URL).status_code == client.get(URL + "export/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_whatever_its_length(client, cast, rows, django_assert_num_queries):
    items(cast, *(f"事项{n}" for n in range(rows)))
    client.force_login(cast.office)
    client.get(URL)
    with django_assert_num_queries(11):
        assert len(client.get(URL).context["rows"]) == rows + 1
