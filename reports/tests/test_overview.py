"""进展总览: every number is that of the figure it names, opens its rows, and stands in the workbook as on the page."""

import io

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook

from campaigns.domain.versions import rules_of
from reports.domain.compile import period_in
from reports.domain.figures import FIGURES, ReportQuery
from reports.domain.overview import overview_of, shade
from reports.domain.queries import SYSTEM
from reports.domain.trend import SHOWN, periods_up_to
from reports.tests.world import AS_OF
from tests.database import without_triggers

pytestmark = pytest.mark.both_databases
URL = "/campaigns/QH2022/overview/"


@pytest.fixture
def on_the_day(world):
    with time_machine.travel(f"{AS_OF} 10:00", tick=False):
        yield world.cast


def asked(cast, code: str) -> ReportQuery:
    return ReportQuery(cast.campaign, period_in(cast.campaign, code), AS_OF, SYSTEM)


def test_each_number_of_a_period_is_that_of_its_figure(on_the_day):
    query = asked(on_the_day, "2022-07")
    _, rules = rules_of(on_the_day.campaign.pk)
    points = overview_of(query, rules).points
    assert [point.period.code for point in points] == ["2022-06", "2022-07"]
    for point in points:
        own = asked(on_the_day, point.period.code)
        assert point.values == {key: FIGURES[key].rows(own).count() for key in SHOWN}
    assert points[0].values == {"sessions": 3, "issues_found": 9, "closed": 4, "overdue": 1, "rebounds": 1}


def test_the_periods_follow_one_another_and_end_at_the_beginning_of_the_campaign(on_the_day):
    july = period_in(on_the_day.campaign, "2022-07")
    assert [one.code for one in periods_up_to(july, on_the_day.campaign.starts_on, 12)] == ["2022-06", "2022-07"]
    assert [one.code for one in periods_up_to(july, on_the_day.campaign.starts_on, 1)] == ["2022-07"]
    whole = period_in(on_the_day.campaign, "all")
    assert periods_up_to(whole, on_the_day.campaign.starts_on, 12) == [whole]


def test_a_shade_is_the_quarter_of_the_largest():
    assert [shade(found, 8) for found in (0, 1, 2, 3, 6, 8)] == [0, 1, 1, 2, 3, 4]


def test_the_workbook_says_what_the_page_says(on_the_day, sign_in):
    reader = sign_in("supervisor")
    page = reader.get(URL)
    file = b"".join(reader.get(reverse("overview_export", args=["QH2022"])).streaming_content)
    book = load_workbook(io.BytesIO(file))
    cells = {name: [[cell.value for cell in row] for row in book[name].iter_rows()] for name in book.sheetnames}
    assert page.context["tiles"]
    assert page.context["trend"]
    assert page.context["heat"]["lines"]
    for tile in page.context["tiles"]:
        assert any([tile["label"], tile["value"]] == row[1:3] for row in cells["主要指标"]), tile
    for line in page.context["trend"]:
        assert [line["period"].label, *(cell["value"] for cell in line["cells"])] in [
            row[1:7] for row in cells["各期情况"]
        ]
    for line in page.context["heat"]["lines"]:
        values = [cell["value"] for cell in line["cells"]]
        assert [line["name"], *values] in [row[1 : len(values) + 2] for row in cells["单位与问题分类"]]
    for cell in [cell for line in page.context["trend"] for cell in line["cells"]]:
        assert reader.get(cell["url"]).context["page"].total == cell["value"]


def test_a_unit_sees_its_own_line(on_the_day, sign_in):
    heat = sign_in("principal").get(URL).context["heat"]
    assert [line["name"] for line in heat["lines"]] == [on_the_day.unit.name]


@pytest.mark.parametrize("walks", [1, 3])
def test_the_page_costs_a_fixed_number_of_queries(on_the_day, sign_in, walks, django_assert_num_queries):
    if walks == 1:
        with without_triggers("walks_walk"):
            on_the_day.campaign.walks.exclude(walker=on_the_day.deputy).update(state="cancelled")
    client = sign_in("supervisor")
    client.get(URL)
    with django_assert_num_queries(25):
        client.get(URL)
