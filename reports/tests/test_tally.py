"""The figures of a county counted by hand, and each figure against its own list of rows."""

from dataclasses import replace
from datetime import date

import pytest
import time_machine

from issues.domain import intake
from reports.domain.compile import period_in
from reports.domain.figures import FIGURES, ReportQuery
from reports.domain.queries import SYSTEM, report_scopes
from reports.domain.summary import REDUCTIONS, contract
from reports.domain.tally import table_of
from reports.tables import unit_cell, unit_columns
from reports.tests.by_hand import counted_by_hand
from reports.tests.world import AS_OF, at
from tests.database import without_triggers
from walks.domain import lifecycle as walk_lifecycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

JUNE = {
    "campaign": "QH2022",
    "period": "2022-06",
    "starts_on": "2022-05-21",
    "ends_on": "2022-06-20",
    "units_total": 4,
    "units_walked": 2,
    "units_not_reported": ["县司法局", "县行政审批局"],
    "zero_reports": [],
    "sessions": 3,
    "person_times": 3,
    "principal_person_times": 2,
    "people": 3,
    "items": 3,
    "item_walks": 3,
    "issues_found": 9,
    "by_category": {"业务办理": 4, "政务服务": 4, "执法": 1, "投诉处置": 0},
    "fixed_on_spot": 1,
    "on_ledger": 8,
    "closed": 4,
    "verified": 1,
    "rebounds": 1,
    "not_due": 4,
    "overdue": 1,
    "measures": 14,
    "needs": 1,
    "needs_replied": 0,
    "needs_waiting": 1,
    "rectification_rate": 44.4,
    "on_time_rate": 50.0,
    "effects": {
        "days": {"before": 68, "after": 41, "saved": 27},
        "documents": {"before": 5, "after": 2, "saved": 3},
        "steps": {"before": 0, "after": 0, "saved": 0},
        "trips": {"before": 0, "after": 0, "saved": 0},
    },
    "units": [
        {
            "name": "县公安局",
            "sessions": 1,
            "person_times": 1,
            "items": 1,
            "issues_found": 1,
            "closed": 0,
            "overdue": 0,
            "rectification_rate": 0.0,
        },
        {
            "name": "县民政局",
            "sessions": 2,
            "person_times": 2,
            "items": 2,
            "issues_found": 8,
            "closed": 4,
            "overdue": 1,
            "rectification_rate": 50.0,
        },
        {
            "name": "县司法局",
            "sessions": 0,
            "person_times": 0,
            "items": 0,
            "issues_found": 0,
            "closed": 0,
            "overdue": 0,
            "rectification_rate": None,
        },
        {
            "name": "县行政审批局",
            "sessions": 0,
            "person_times": 0,
            "items": 0,
            "issues_found": 0,
            "closed": 0,
            "overdue": 0,
            "rectification_rate": None,
        },
    ],
}


def query_for(world, report_scope=SYSTEM, period="2022-06", as_of=AS_OF) -> ReportQuery:
    return ReportQuery(world.cast.campaign, period_in(world.cast.campaign, period), as_of, report_scope)


def data_of(query: ReportQuery) -> dict:
    return contract(query.campaign.code, query.period, table_of(query))


def outlook_of(world, persona, kind=None):
    found = report_scopes(world.cast.people[persona], [world.cast.campaign])[world.cast.campaign.pk]
    return next(report_scope for report_scope in found if kind in (None, report_scope.kind))


def test_a_month_is_what_was_counted_by_hand(world):
    assert data_of(query_for(world)) == JUNE


def test_the_office_reads_the_same_figures_as_the_system_compiles(world):
    for persona in ("office", "supervisor", "office_city"):
        assert data_of(query_for(world, outlook_of(world, persona))) == JUNE


def test_every_figure_is_judged_as_things_stood_on_the_day(world):
    later = data_of(query_for(world, as_of=AS_OF.replace(day=26)))
    assert [later["overdue"], later["not_due"], later["on_time_rate"]] == [2, 3, 40.0]
    # 18 June: the look-backs of the 20th and 21st are still to come, and nothing is overdue.
    then = data_of(query_for(world, as_of=AS_OF.replace(day=18)))
    assert [then[key] for key in ("closed", "verified", "rebounds", "overdue", "not_due")] == [5, 0, 0, 0, 4]
    assert [then["on_time_rate"], then["rectification_rate"], then["fixed_on_spot"]] == [75.0, 55.6, 1]
    assert then["effects"]["documents"] == {"before": 14, "after": 3, "saved": 11}
    # 9 June: measures are set, one issue is struck off, the one merged on the 10th still counts, two walks are to come.
    then = data_of(query_for(world, as_of=AS_OF.replace(day=9)))
    assert [then[key] for key in ("sessions", "units_walked", "needs", "measures")] == [1, 1, 0, 14]
    assert [then[key] for key in ("issues_found", "closed", "on_ledger", "not_due")] == [9, 1, 8, 8]
    # 8 June: nothing but the two mended on the spot has a measure, and neither was accepted yet.
    then = data_of(query_for(world, as_of=AS_OF.replace(day=8)))
    assert [then[key] for key in ("measures", "closed", "fixed_on_spot", "on_ledger")] == [2, 0, 0, 9]
    then = data_of(query_for(world, as_of=AS_OF.replace(day=7)))
    assert [then[key] for key in ("sessions", "issues_found", "units_walked", "units_total")] == [0, 0, 0, 4]


def test_a_past_day_after_which_nothing_happened_gives_what_stands_now(world):
    query = query_for(world, period="all")
    with time_machine.travel(AS_OF, tick=False):
        assert query.past_day is None
        assert data_of(query) == data_of(replace(query, as_of=AS_OF.replace(day=24))) | {
            key: data_of(query)[key] for key in ("overdue", "not_due", "on_time_rate", "units")
        }


def test_a_walk_that_was_sent_back_later_counts_on_the_days_before(world):
    walk = world.cast.campaign.walks.get(walker=world.cast.deputy)
    sent_back = {"reason": "请补材料"}
    walk_lifecycle.perform(walk=walk, action="send_back", actor=world.cast.lead, now=at(24), data=sent_back)
    assert [data_of(query_for(world, as_of=AS_OF.replace(day=day)))["sessions"] for day in (23, 24)] == [3, 2]


def test_a_need_noted_after_a_walk_was_sent_back_counts_from_the_day_it_was_reported_again(world):
    cast = world.cast
    walk = cast.campaign.walks.get(walker=cast.deputy)
    walk_lifecycle.perform(walk=walk, action="send_back", actor=cast.lead, now=at(24), data={"reason": "请补材料"})
    intake.add_need(walk=walk, actor=cast.deputy, subject="citizen", content="希望网上可办")
    intake.record_walk(walk=walk, actor=cast.deputy, now=at(26))
    intake.sign_walk(walk=walk, actor=cast.principal, now=at(26))
    intake.report_walk(walk=walk, actor=cast.deputy, now=at(26))
    days = [date(2022, 6, day) for day in (11, 12, 23, 24, 25, 26)]
    assert [data_of(query_for(world, as_of=day))["needs"] for day in days] == [0, 1, 1, 0, 0, 2]
    rows = FIGURES["needs"].rows(query_for(world, as_of=days[1]))
    assert [need.content for need in rows] == ["希望周六开窗"]


def test_a_period_of_another_rhythm_is_counted_by_the_day_of_the_walk(world):
    """As in a one-off or weekly campaign, whose walks are stored under another period than the one asked for."""
    with without_triggers("walks_walk", "issues_issue"):
        world.cast.campaign.walks.update(period="all")
        world.cast.campaign.issues.update(period="all")
    assert data_of(query_for(world)) == JUNE


def test_a_walk_that_is_short_counts_in_no_figure_but_its_own_and_what_it_found_does(world):
    with without_triggers("walks_walk"):
        world.cast.campaign.walks.filter(department=world.cast.second_unit).update(conforms=False, shortfall="缺座谈")
    table = table_of(query_for(world))
    total = table.total.values
    assert [total[key] for key in ("sessions", "person_times", "people", "items", "units_walked")] == [2, 2, 2, 2, 1]
    assert [total[key] for key in ("short", "issues_found", "coverage_rate")] == [1, 9, 25.0]
    line = next(line for line in table.lines if line.name == "县公安局")
    assert (line.silent, line.values["short"], line.values["issues_found"]) == (True, 1, 1)
    assert unit_cell(line, unit_columns(table, SYSTEM)[-1]) == "未达标"


def test_the_whole_campaign_the_quarter_and_the_week_collect_their_own_days(world):
    assert [data_of(query_for(world, period=code))["sessions"] for code in ("all", "2022Q2", "2022-07")] == [4, 4, 1]
    # 2022-W23 runs from Monday 06-06 to Sunday 06-12.
    week = data_of(query_for(world, period="2022-W23"))
    assert [week["sessions"], week["issues_found"], week["needs"]] == [3, 9, 1]
    assert data_of(query_for(world, period="2022-W24"))["sessions"] == 0
    assert data_of(query_for(world, period="all"))["issues_found"] == 10


@pytest.mark.parametrize("period", ["2022-06", "all", "2022-W23"])
@pytest.mark.parametrize(
    ("persona", "kind"),
    [("office", "all"), ("supervisor", "all"), ("lead", "lead"), ("liaison", "unit"), ("second_principal", "unit")],
)
def test_every_figure_equals_the_number_of_its_rows(world, persona, kind, period):
    query = query_for(world, outlook_of(world, persona, kind), period)
    table = table_of(query)
    counted = {key: figure.rows(query).count() for key, figure in FIGURES.items()}
    effects = {f"effect_{kind}" for kind in REDUCTIONS}
    assert {key: n for key, n in counted.items() if key not in effects} == {
        key: table.total.values[key] for key in counted if key not in effects
    }
    for reduction in REDUCTIONS:
        rows = FIGURES[f"effect_{reduction}"].rows(query)
        assert sum(m.before for m in rows) == table.effects[reduction]["before"]
        assert sum(m.after for m in rows) == table.effects[reduction]["after"]


def test_every_figure_is_what_a_statement_written_by_hand_counts(world):
    """Also with a walk that is 未达标 and a unit that has left."""
    with without_triggers("walks_walk"):
        world.cast.campaign.walks.filter(department=world.cast.second_unit).update(conforms=False, shortfall="缺座谈")
    world.cast.campaign.roster.filter(department__name="县司法局").update(left_on=date(2022, 6, 20))
    for period in ("2022-06", "2022-W23", "2022-07", "all"):
        query = query_for(world, period=period)
        assert counted_by_hand(query) == {key: figure.rows(query).count() for key, figure in FIGURES.items()}, period


def test_every_cell_of_the_unit_table_equals_the_number_of_its_rows(world):
    query = query_for(world)
    for line in table_of(query).lines:
        own = replace(query, unit_id=line.unit_id)
        for key, value in line.values.items():
            if key in FIGURES:
                assert (line.name, key, FIGURES[key].rows(own).count()) == (line.name, key, value)
        for name, value in line.by_category.items():
            assert FIGURES["issues_found"].rows(replace(own, category=name)).count() == value


def test_an_issue_is_either_closed_not_due_or_overdue_and_either_on_spot_or_on_ledger(world):
    query = query_for(world, period="all")
    rows = {key: set(FIGURES[key].rows(query).values_list("pk", flat=True)) for key in FIGURES if key != "people"}
    found = rows["issues_found"]
    assert rows["closed"] | rows["not_due"] | rows["overdue"] == found
    assert len(rows["closed"]) + len(rows["not_due"]) + len(rows["overdue"]) == len(found)
    assert rows["fixed_on_spot"] | rows["on_ledger"] == found
    assert not rows["fixed_on_spot"] & rows["on_ledger"]
    assert rows["fixed_on_spot"] < rows["closed"]


def test_a_unit_beyond_the_list_is_added_after_it_so_that_no_row_is_lost(world):
    world.cast.campaign.roster.filter(department=world.cast.unit).delete()
    table = table_of(query_for(world))
    assert [line.name for line in table.lines] == ["县公安局", "县司法局", "县行政审批局", "县民政局"]
    assert table.total.values["issues_found"] == 9
    assert table.total.values["units_total"] == 3
    assert table.lines[-1].silent is False


@pytest.mark.parametrize(
    ("roster", "bound"),
    [
        ({"left_on": date(2022, 6, 15)}, {"2022-06": 3, "2022-07": 3, "all": 3}),
        ({"left_on": date(2022, 6, 21)}, {"2022-06": 4, "2022-07": 3}),
        ({"joined_on": date(2022, 6, 21)}, {"2022-06": 3, "2022-07": 4}),
        ({"away": [["2022-06-18", "2022-06-22"]]}, {"2022-06": 3, "2022-07": 4}),
    ],
)
def test_a_unit_not_bound_at_the_end_of_a_period_is_in_none_of_its_figures(world, roster, bound):
    world.cast.campaign.roster.filter(department__name="县司法局").update(**roster)
    for period, number in bound.items():
        query = query_for(world, period=period)
        data = data_of(query)
        assert (period, data["units_total"]) == (period, number)
        assert ("县司法局" in data["units_not_reported"]) is (number == 4)
        assert ("县司法局" in {row["name"] for row in data["units"]}) is (number == 4)
        assert FIGURES["units_not_reported"].rows(query).count() == len(data["units_not_reported"])


def test_a_unit_abolished_is_in_no_later_period_and_keeps_what_it_did(world):
    type(world.cast.unit).objects.filter(pk=world.cast.unit.pk).update(is_active=False, abolished_on=date(2022, 6, 15))
    table = table_of(query_for(world))
    assert [line.name for line in table.lines] == ["县公安局", "县司法局", "县行政审批局", "县民政局"]
    assert [table.total.values[key] for key in ("units_total", "units_walked", "issues_found")] == [3, 1, 9]
    assert data_of(query_for(world, as_of=date(2022, 6, 14)))["units_total"] == 4


@pytest.mark.parametrize("reports", [1, 3])
def test_a_period_is_counted_in_seven_queries(world, reports, django_assert_num_queries):
    if reports == 1:
        with without_triggers("walks_walk"):
            world.cast.campaign.walks.exclude(walker=world.cast.deputy).update(state="cancelled")
    query = query_for(world)
    with django_assert_num_queries(7):
        table_of(query)
