"""What ``make test`` draws of the tests: a part of what is long, the same for every process of a run."""

from tests.architecture.imports import expect_none, name, sources
from tests.scale import drawn_plays, drawn_rows, drawn_tests

ROWS = [f"a/test_a.py::test_rows[{number}]" for number in range(9)]


def test_of_a_long_table_a_third_of_the_rows_run_and_every_other_test():
    others = ["a/test_a.py::test_one", *(f"a/test_a.py::test_few[{number}]" for number in range(2))]
    kept = drawn_rows([*ROWS, *others])
    assert len(kept & set(ROWS)) == 3
    assert kept >= set(others)
    assert kept == drawn_rows([*ROWS, *others])


def test_the_second_database_repeats_a_quarter_of_a_file_and_the_whole_of_races_and_faults():
    whole = [f"{name}::test_{number}" for name in ("a/test_race.py", "tests/faults/test_b.py") for number in range(3)]
    kept = drawn_tests([*ROWS, *whole, "b/test_b.py::test_alone"])
    assert (len(kept & set(ROWS)), kept >= {*whole, "b/test_b.py::test_alone"}) == (3, True)


def test_what_the_second_database_draws_runs_there_alone_except_races_and_faults():
    race = "a/test_race.py::test_one"
    there = drawn_tests([*ROWS, race])
    here = drawn_rows([*ROWS, race], repeated=[*ROWS, race])
    assert race in there & here
    assert there & here == {race}
    assert len(here) == 1 + 2


def test_of_what_a_file_plays_in_a_browser_half_runs():
    few = [f"e/test_few.py::test_{number}" for number in range(3)]
    kept = drawn_plays([*ROWS, *few])
    assert (len(kept & set(ROWS)), kept >= set(few)) == (5, True)


def test_every_file_of_tests_stands_below_a_folder_that_is_run(pytestconfig):
    run = tuple(f"{folder}/" for folder in pytestconfig.getini("testpaths"))
    tests = [name(path) for path in sources(tests=True) if path.name.startswith("test_")]
    expect_none([test for test in tests if not test.startswith(run)])
