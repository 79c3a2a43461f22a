"""The rows behind a figure: exactly those counted, within the reader's scope, page by page."""

import io

import pytest
from openpyxl import load_workbook

from issues.models import Measure
from reports.domain.figures import FIGURES
from reports.tables import EFFECT_UNITS
from reports.tests.test_tally import JUNE
from reports.tests.world import at

pytestmark = pytest.mark.both_databases

BASE = "/reports/QH2022/2022-06/rows"


def rows(client, figure, **query):
    return client.get(f"{BASE}/{figure}/", {"as_of": "2022-06-25"} | query)


@pytest.mark.parametrize("figure", FIGURES)
def test_every_figure_lists_its_rows_with_its_definition(sign_in, figure):
    response = rows(sign_in("office"), figure)
    html = response.content.decode()
    assert response.status_code == 200
    assert FIGURES[figure].definition in html
    assert html.count("<tr>") == max(response.context["page"].total, -1) + bool(response.context["page"].rows)


@pytest.mark.parametrize("kind", ["days", "documents", "steps", "trips"])
def test_the_list_behind_an_effect_shows_the_sum_that_the_figure_is(sign_in, kind):
    effect, unit = JUNE["effects"][kind], EFFECT_UNITS[kind]
    office = sign_in("office")
    text = rows(office, f"effect_{kind}").text
    told = f"压减前合计 {effect['before']} {unit}，压减后合计 {effect['after']} {unit}"
    assert f"{told}，{FIGURES[f'effect_{kind}'].label} {effect['saved']} {unit}" in text
    file = office.get(f"{BASE}/effect_{kind}/export/", {"as_of": "2022-06-25"})
    book = load_workbook(io.BytesIO(b"".join(file.streaming_content))).active
    lines = [[cell.value for cell in row] for row in book.iter_rows()]
    summed = [line for line in lines if "合计" in line]
    assert len(summed) == bool(effect["before"])


def test_rows_that_are_counted_have_no_sum(sign_in):
    assert "合计" not in rows(sign_in("office"), "measures").text


def test_the_rows_of_overdue_are_the_overdue_issue(world, sign_in):
    html = rows(sign_in("office"), "overdue").content.decode()
    assert world.issues["overdue"].number in html
    assert html.count("/issues/QH2022-") == 1


def test_a_unit_and_a_class_narrow_the_list(world, sign_in):
    client = sign_in("office")
    response = rows(client, "issues_found", unit=world.cast.unit.pk, category="政务服务")
    assert response.context["page"].total == 4
    assert "发现问题，县民政局，政务服务" in response.content.decode()
    assert rows(client, "issues_found", category="未分类").context["page"].total == 0


@pytest.mark.parametrize("unit", ["abc", "-1", "999999", "9" * 30])
def test_a_unit_that_is_none_is_not_found(sign_in, unit):
    assert rows(sign_in("office"), "issues_found", unit=unit).status_code == 404


def test_a_unit_of_another_county_is_not_found(world, sign_in):
    assert rows(sign_in("office"), "issues_found", unit=world.cast.namesake_unit.pk).status_code == 404


def test_another_units_rows_stay_hidden_from_a_unit(world, sign_in):
    office = rows(sign_in("office"), "issues_found", unit=world.cast.second_unit.pk)
    assert office.context["page"].total == 1
    own = rows(sign_in("liaison"), "issues_found", unit=world.cast.second_unit.pk)
    assert own.context["page"].total == 0
    assert world.issues["second"].number not in own.content.decode()


@pytest.mark.parametrize(
    ("persona", "status"),
    [("lead", 200), ("principal", 200), ("responsible", 404), ("namesake", 404), ("sysadmin", 404)],
)
def test_who_may_open_it(sign_in, persona, status):
    assert rows(sign_in(persona), "issues_found").status_code == status


def test_a_figure_nobody_knows_is_not_found(sign_in):
    assert rows(sign_in("office"), "no_such_figure").status_code == 404


def test_a_long_list_comes_in_pages_that_together_hold_every_row_once(world, sign_in):
    issue = world.issues["in_time"]
    Measure.objects.bulk_create(
        Measure(issue=issue, text=f"措施{number:03}", order=number, added_at=at(12)) for number in range(3, 120)
    )
    client, seen = sign_in("office"), []
    url = f"{BASE}/measures/?as_of=2022-06-25"
    while url:
        page = client.get(url).context["page"]
        seen += [row["id"] for row in page.rows]
        url = f"{BASE}/measures/{page.next_url}" if page.next_url else ""
    assert len(seen) == len(set(seen)) == page.total == 14 + 117


@pytest.mark.parametrize(("figure", "number"), [("closed", 4), ("overdue", 1)])
def test_the_list_costs_a_fixed_number_of_queries(sign_in, figure, number, django_assert_num_queries):
    client = sign_in("office")
    assert rows(client, figure).context["page"].total == number
    with django_assert_num_queries(9):
        rows(client, figure)
