"""Adding up a period: worked figures of the notices, hand-made facts, and totals against the sum of the units."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.periods import parse_period
from reports.domain.summary import (
    ISSUE_COUNTS,
    REDUCTIONS,
    UNCLASSIFIED,
    UNIT_RATES,
    Facts,
    contract,
    rate,
    tabulate,
)
from tests.scale import scaled

ADDED_UP = (
    *ISSUE_COUNTS, "sessions", "person_times", "principal_person_times", "item_walks", "measures",
    "needs", "needs_replied", "needs_waiting",
)  # fmt: skip


def counts(**numbers: int) -> dict[str, int]:
    return dict.fromkeys(ISSUE_COUNTS, 0) | numbers


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (13, 25, 52.0),
        (12, 13, 92.3),
        (4, 10, 40.0),
        (23, 58, 39.7),
        (3, 5, 60.0),
        (3, 18, 16.7),
        (1, 2000, 0.1),
        (1, 2001, 0.0),
        (7, 7, 100.0),
        (0, 7, 0.0),
        (0, 0, None),
    ],
)
def test_a_rate_has_one_decimal_half_up_and_none_without_a_denominator(part, whole, expected):
    assert rate(part, whole) == expected


def test_jishou_25_problems_of_which_13_at_once_give_52_per_cent_and_12_on_the_ledger():
    leaders = tuple((1, person, "principal", 1) for person in range(11))
    found = counts(issues_found=25, fixed_on_spot=13, on_ledger=12, closed=13)
    facts = Facts(((1, "市直"),), participations=leaders, issues=((1, "其他", found),), measures=((1, "", 31, 0, 0),))
    total = tabulate(facts).total.values
    assert total["on_spot_rate"] == 52.0
    assert (total["on_ledger"], total["people"], total["measures"]) == (12, 11, 31)


def test_zhijiang_from_10_to_6_days_saves_4_and_yongzhou_keeps_kinds_apart():
    measures = ((1, "days", 1, 10, 6), (1, "documents", 1, 5, 2), (2, "days", 1, 58, 35), (2, "", 4, 0, 0))
    effects = tabulate(Facts(((1, "甲"), (2, "乙")), measures=measures)).effects
    assert effects["days"] == {"before": 68, "after": 41, "saved": 27}
    assert effects["documents"] == {"before": 5, "after": 2, "saved": 3}
    assert rate(10 - 6, 10) == 40.0
    assert effects["trips"] == {"before": 0, "after": 0, "saved": 0}


def test_wushen_12_of_13_walked_names_the_missing_one_in_list_order():
    units = tuple((number, f"第{number}项") for number in range(13, 0, -1))
    walks = tuple((number, "process_walkthrough", number, 1) for number in range(1, 14) if number != 7)
    table = tabulate(Facts(units, walks=walks))
    data = contract("W23", parse_period("2023-04"), table)
    assert table.total.values["coverage_rate"] == 92.3
    assert data["units_not_reported"] == ["第7项"]
    assert [unit["name"] for unit in data["units"]] == [f"第{number}项" for number in range(13, 0, -1)]


def test_a_deputys_walk_counts_in_person_times_and_not_among_the_principals():
    taken_part = ((1, 1, "principal", 2), (1, 2, "deputy", 1), (1, 3, "companion", 1), (1, 4, "other", 1))
    total = tabulate(Facts(((1, "甲"),), participations=taken_part)).total.values
    assert (total["person_times"], total["principal_person_times"], total["people"]) == (3, 2, 2)


def test_classes_keep_the_order_of_the_scheme_then_others_then_unclassified():
    issues = tuple((1, name, counts(issues_found=number)) for name, number in (("", 2), ("丙", 1), ("乙", 3)))
    table = tabulate(Facts(((1, "单位"),), categories=("甲", "乙"), issues=issues))
    assert list(table.total.by_category.items()) == [("甲", 0), ("乙", 3), ("丙", 1), (UNCLASSIFIED, 2)]


def test_a_class_in_which_nothing_counts_adds_no_column():
    table = tabulate(Facts(((1, "单位"),), issues=((1, "丁", counts()), (1, "", counts()))))
    assert dict(table.total.by_category) == {}


def test_nothing_at_all_gives_zeros_and_no_rate():
    table = tabulate(Facts(((1, "甲"), (2, "乙"))))
    assert {value for key, value in table.total.values.items() if key in UNIT_RATES} == {None}
    assert table.total.values["coverage_rate"] == 0.0
    assert [line.silent for line in table.lines] == [True, True]


ids = st.integers(1, 6)
small = st.integers(0, 9)
some = st.integers(1, 9)
issue_counts = st.fixed_dictionaries(dict.fromkeys(ISSUE_COUNTS, small))
kinds = st.sampled_from(["process_walkthrough", "window_duty"])
capacities = st.sampled_from(["principal", "deputy", "companion", "other"])


@st.composite
def worlds(draw) -> Facts:
    listed = draw(st.lists(ids, unique=True, max_size=5))
    rows = {
        "walks": st.tuples(ids, kinds, ids, some),
        "participations": st.tuples(ids, ids, capacities, some),
        "issues": st.tuples(ids, st.sampled_from(["", "甲", "乙", "丙"]), issue_counts),
        "measures": st.tuples(ids, st.sampled_from(["", *REDUCTIONS]), some, small, small),
        "needs": st.tuples(ids, some, small),
    }
    drawn = {name: tuple(draw(st.lists(row, max_size=8))) for name, row in rows.items()}
    present = {row[0] for found in drawn.values() for row in found}
    others = {unit: f"单位{unit}" for unit in present - set(listed)}
    return Facts(tuple((unit, f"单位{unit}") for unit in listed), ("甲", "乙"), others=others, **drawn)


@settings(max_examples=scaled(100, 3000))
@given(worlds())
def test_totals_are_the_sum_of_the_units_whatever_the_facts(facts):
    table = tabulate(facts)
    for key in ADDED_UP:
        assert table.total.values[key] == sum(line.values[key] for line in table.lines)
    for name in table.categories:
        assert table.total.by_category[name] == sum(line.by_category[name] for line in table.lines)
    assert sum(table.total.by_category.values()) == table.total.values["issues_found"]
    for key in ("people", "items"):
        parts = [line.values[key] for line in table.lines]
        assert max(parts, default=0) <= table.total.values[key] <= sum(parts)


@settings(max_examples=scaled(100, 3000))
@given(worlds())
def test_every_unit_of_the_list_keeps_its_line_and_its_place(facts):
    table = tabulate(facts)
    names = [line.name for line in table.lines]
    assert names[: len(facts.units)] == [name for _, name in facts.units]
    assert len(set(names)) == len(names)
    walked = {unit for unit, *_ in facts.walks}
    assert [line.name for line in table.lines if line.silent] == [n for u, n in facts.units if u not in walked]
    total = table.total.values
    assert total["units_walked"] + total["units_not_reported"] == total["units_total"] == len(facts.units)


@settings(max_examples=scaled(80, 3000))
@given(worlds())
def test_adding_a_silent_unit_changes_no_sum(facts):
    more = Facts(**{**facts.__dict__, "units": (*facts.units, (99, "新单位"))})
    before, after = tabulate(facts).total.values, tabulate(more).total.values
    assert {key for key in after if after[key] != before[key]} <= {"units_total", "units_not_reported", "coverage_rate"}
