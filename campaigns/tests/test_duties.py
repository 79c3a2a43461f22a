"""What is owed by whom, by when, to whom: each notice for its own window."""

import csv
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from django.conf import settings

from accounts.enums import DepartmentKind
from campaigns.domain.rulebook.due_dates import deadlines
from campaigns.domain.rulebook.duties import Unit, duties, kinds_for, lists_of
from campaigns.domain.rulebook.plans_owed import plans_owed
from campaigns.domain.rulebook.rulebook import load_template
from campaigns.enums import ActivityKind, DeadlineKind, UnitList
from core.calendar import official_calendar

APPROVAL = Unit(1, "县民政局", DepartmentKind.COUNTY, frozenset({UnitList.ALL, UnitList.APPROVAL}))
BOTH = Unit(2, "县住建局", DepartmentKind.COUNTY, frozenset({UnitList.ALL, UnitList.APPROVAL, UnitList.ENFORCEMENT}))
STATISTICS = Unit(3, "县统计局", DepartmentKind.COUNTY, frozenset({UnitList.ALL, UnitList.ENFORCEMENT}))
LEADS_BUNDLE = Unit(5, "县卫健局", DepartmentKind.COUNTY, frozenset({UnitList.ALL, UnitList.BUNDLE_LEAD}))
ON_NO_LIST = Unit(4, "县档案馆", DepartmentKind.OTHER, frozenset({UnitList.ALL}))
LEAD, JUSTICE = 20, 6
ROUTES = {
    (ActivityKind.PROCESS, ""): (LEAD,),
    (ActivityKind.WINDOW, ""): (LEAD,),
    (ActivityKind.COMPLAINT, ""): (LEAD,),
    (ActivityKind.ENFORCEMENT, ""): (JUSTICE,),
}
LATER = date(2030, 1, 1)


def owed(template, units, *, fitted=None, today=LATER, hotline=None, **changes):
    rules = load_template(template)
    rules = rules.fitted(*fitted) if fitted else rules
    rules = replace(rules, **changes)
    due_dates = deadlines(rules, official_calendar())
    return duties(rules, units, due_dates, today=today, routes=lambda _: ROUTES, hotline=hotline)


def plans_of(template, units, *, fitted=None, today=LATER, hotline=None, **planning):
    rules = load_template(template)
    rules = rules.fitted(*fitted) if fitted else rules
    rules = replace(rules, planning=replace(rules.planning, **planning))
    due_dates, calendar = deadlines(rules, official_calendar()), official_calendar()
    return plans_owed(rules, units, due_dates, today=today, calendar=calendar, routes=lambda _: ROUTES, hotline=hotline)


def told(found, kind):
    return [(one.period.code, one.due_on.isoformat()) for one in found if one.kind == kind]


def test_m18_one_plan_without_a_date_all_walks_by_the_15th_one_report_by_the_20th():
    found = owed("mudanjiang-2018", [APPROVAL])
    assert [one.due_on for one in plans_of("mudanjiang-2018", [APPROVAL], filed=True)] == [None]
    assert told(found, DeadlineKind.WALK) == [("all", "2018-07-15")]
    assert told(found, DeadlineKind.REPORT) == [("all", "2018-07-20")]


def test_f16_each_quarter_is_owed_and_reported_in_the_first_five_working_days_of_the_next():
    found = owed("fushun-2016", [APPROVAL], fitted=(date(2016, 1, 22), date(2016, 12, 31)))
    assert told(found, DeadlineKind.REPORT) == [
        ("2016Q1", "2016-04-08"), ("2016Q2", "2016-07-07"), ("2016Q3", "2016-10-12"), ("2016Q4", "2017-01-09"),
    ]  # fmt: skip
    assert told(found, DeadlineKind.WALK)[0] == ("2016Q1", "2016-03-31")


def test_w23_plan_before_walk_before_report_of_those_who_lead_a_bundle_alone():
    found = owed("wushen-2023", [LEADS_BUNDLE, APPROVAL])
    assert {one.unit_id for one in found} == {LEADS_BUNDLE.id}
    dates = [(one.kind, one.due_on) for one in found]
    assert dates == [(DeadlineKind.WALK, date(2023, 4, 15)), (DeadlineKind.REPORT, date(2023, 4, 21))]
    [plan] = plans_of("wushen-2023", [LEADS_BUNDLE, APPROVAL])
    assert (plan.unit_id, plan.period.code, plan.due_on) == (LEADS_BUNDLE.id, "all", date(2023, 3, 17))
    assert plan.receivers == (LEAD,)


@pytest.mark.parametrize(
    ("change", "owes"),
    [
        ({}, True),
        ({"joined_on": date(2023, 3, 17)}, True),
        ({"joined_on": date(2023, 4, 1)}, False),
        ({"left_on": date(2023, 3, 17)}, False),
        ({"left_on": date(2023, 4, 15)}, False),
        ({"left_on": date(2023, 4, 16)}, True),
        ({"away": ((date(2023, 3, 16), date(2023, 3, 18)),)}, False),
        ({"away": ((date(2023, 3, 16), date(2023, 3, 17)),)}, True),
        ({"is_active": False}, False),
        ({"lists": frozenset({UnitList.ALL})}, False),
    ],
)
def test_a_plan_is_owed_by_who_owes_the_walks_and_was_bound_when_it_fell_due(change, owes):
    unit = replace(LEADS_BUNDLE, **change)
    assert bool(plans_of("wushen-2023", [unit], today=date(2023, 4, 3))) is owes


@pytest.mark.parametrize("planning", [{"required": False}, {"filed": False}])
def test_where_no_plan_is_handed_in_nobody_owes_one(planning):
    assert plans_of("wushen-2023", [LEADS_BUNDLE], **planning) == []


def test_a_plan_is_owed_for_each_period_in_which_walks_are():
    window = (date(2022, 5, 25), date(2022, 8, 31))
    july = {"2022-07": frozenset({ON_NO_LIST.id})}
    found = plans_of(
        "lantian-2022", [APPROVAL, ON_NO_LIST], fitted=window, hotline=july, required=True, filed=True
    )  # fmt: skip
    assert [(one.unit_id, one.period.code) for one in found] == [
        (APPROVAL.id, "2022-06"), (APPROVAL.id, "2022-07"), (APPROVAL.id, "2022-08"), (ON_NO_LIST.id, "2022-07"),
    ]  # fmt: skip


def test_l22_walks_go_by_the_calendar_month_and_reports_by_the_batch_to_the_20th():
    found = owed("lantian-2022", [APPROVAL], fitted=(date(2022, 5, 25), date(2022, 8, 31)))
    assert told(found, DeadlineKind.WALK) == [
        ("2022-06", "2022-06-30"), ("2022-07", "2022-07-31"), ("2022-08", "2022-08-31"),
    ]  # fmt: skip
    reports = [one for one in found if one.kind == DeadlineKind.REPORT]
    assert (reports[0].period.starts_on, reports[0].due_on) == (date(2022, 5, 21), date(2022, 6, 20))


def test_l22_what_fulfils_the_minimum_and_who_receives_follow_the_lists():
    june = {one.unit_id: one for one in owed("lantian-2022", [APPROVAL, BOTH, STATISTICS]) if _is_walk_of(one, 6)}
    assert june[APPROVAL.id].activity_kinds == (ActivityKind.PROCESS, ActivityKind.WINDOW)
    assert june[APPROVAL.id].receivers == (LEAD,)
    assert june[BOTH.id].receivers == (LEAD, JUSTICE)
    assert june[STATISTICS.id].activity_kinds == (ActivityKind.ENFORCEMENT,)
    assert june[STATISTICS.id].receivers == (JUSTICE,)


def test_a_unit_on_none_of_the_lists_owes_nothing():
    assert owed("lantian-2022", [ON_NO_LIST]) == []


def test_a_unit_on_the_hotline_list_of_july_owes_one_complaint_in_july_only():
    found = owed("lantian-2022", [APPROVAL, ON_NO_LIST], hotline={"2022-07": frozenset({APPROVAL.id, ON_NO_LIST.id})})
    complaints = [one for one in found if one.activity_kinds == (ActivityKind.COMPLAINT,)]
    assert {(one.unit_id, one.kind, one.period.code) for one in complaints} == {
        (APPROVAL.id, DeadlineKind.WALK, "2022-07"),
        (ON_NO_LIST.id, DeadlineKind.WALK, "2022-07"),
        (ON_NO_LIST.id, DeadlineKind.REPORT, "2022-07"),
    }


@pytest.mark.parametrize("counts", [True, False])
def test_a_complaint_fulfils_the_minimum_unless_the_rules_say_otherwise(counts):
    cadence = replace(load_template("lantian-2022").cadence, complaint_counts=counts, minimum=2)
    found = owed("lantian-2022", [APPROVAL], hotline={"2022-07": frozenset({APPROVAL.id})}, cadence=cadence)
    general = next(one for one in found if _is_walk_of(one, 7) and one.minimum == 2)
    assert (ActivityKind.COMPLAINT in general.activity_kinds) is counts


def test_a_unit_that_left_owes_what_fell_due_before_and_nothing_after():
    left = replace(APPROVAL, left_on=date(2022, 7, 20))
    found = owed("lantian-2022", [left], fitted=(date(2022, 5, 25), date(2022, 12, 31)))
    assert told(found, DeadlineKind.REPORT) == [("2022-06", "2022-06-20")]


def test_a_unit_taken_in_later_owes_nothing_that_fell_due_before():
    late = replace(APPROVAL, joined_on=date(2022, 8, 1))
    found = owed("lantian-2022", [late], fitted=(date(2022, 5, 25), date(2022, 9, 30)))
    assert told(found, DeadlineKind.REPORT) == [("2022-08", "2022-08-20"), ("2022-09", "2022-09-20")]


def test_a_unit_that_was_abolished_takes_no_new_duty():
    gone = replace(APPROVAL, is_active=False)
    found = owed("lantian-2022", [gone], fitted=(date(2022, 5, 25), date(2022, 12, 31)), today=date(2022, 8, 1))
    assert told(found, DeadlineKind.REPORT) == [("2022-06", "2022-06-20"), ("2022-07", "2022-07-20")]


def test_a_date_in_a_year_not_announced_is_provisional_on_the_duty():
    year = max(official_calendar().known_years)
    found = owed("fushun-2016", [APPROVAL], fitted=(date(year, 7, 1), date(year, 12, 31)))
    assert {one.period.code: one.is_provisional for one in found if one.kind == DeadlineKind.REPORT} == {
        f"{year}Q3": False, f"{year}Q4": True,
    }  # fmt: skip


def test_the_roster_of_l22_is_31_and_25_units_but_32_distinct_ones():
    with (settings.BASE_DIR / "data" / "lantian-2022-units.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    units = [
        Unit(
            number, row["单位名称"], DepartmentKind.COUNTY,
            lists_of(
                kind=DepartmentKind.TOWN if "镇街" in row["单位类型"] else DepartmentKind.COUNTY,
                is_approval=row["审批服务单位"] == "是",
                is_enforcement=row["行政执法单位"] == "是",
                is_utility=row["公共服务企业"] == "是",
            ),
        )
        for number, row in enumerate(rows)
    ]  # fmt: skip
    units = [unit for unit in units if UnitList.TOWN not in unit.lists]
    rules = load_template("lantian-2022")
    by_kind = Counter(kind for unit in units for kind in set(kinds_for(rules, unit.lists)))
    assert (by_kind[ActivityKind.PROCESS], by_kind[ActivityKind.ENFORCEMENT]) == (31, 25)
    june = [
        one for one in duties(rules, units, deadlines(rules, official_calendar()), today=LATER) if _is_walk_of(one, 6)
    ]
    assert len({one.unit_id for one in june}) == len(june) == 32


def _is_walk_of(duty, month):
    return duty.kind == DeadlineKind.WALK and duty.period.code == f"2022-{month:02d}"


def test_a_period_that_ended_before_others_received_stays_with_those_who_did():
    new, turn = 21, date(2022, 7, 1)
    routes = {(kind, ""): (new,) for kind in ActivityKind.values}
    rules = load_template("lantian-2022").fitted(date(2022, 5, 25), date(2022, 8, 31))
    found = duties(
        rules,
        [APPROVAL],
        deadlines(rules, official_calendar()),
        today=LATER,
        routes=lambda day: routes if day >= turn else ROUTES,
    )
    reports = {one.period.code: one.receivers for one in found if one.kind == DeadlineKind.REPORT}
    assert (reports["2022-06"], reports["2022-07"]) == ((LEAD,), (new,))
