"""Random periods: the page, its lists, the workbook, the Word paper, the API and the command say the same."""

import io
import json
import random
from datetime import date

import docx
import openpyxl
import pytest
from django.core.management import call_command
from django.db import transaction

from reports.domain.compile import compile_period, period_in
from reports.domain.figures import FIGURES, ReportQuery
from reports.domain.queries import SYSTEM
from reports.tests.world import AS_OF, at, rectify, walk
from tests.scale import SEED, scaled

# So many worlds in so many tests: what is taken back within one transaction stays in the tables of PostgreSQL and
# makes every further query slower until the transaction ends.
WORLDS, PARTS = scaled(1, 20), scaled(1, 25)
PERIOD = "/reports/QH2022/2022-06/"
CLASSES = ("业务办理", "政务服务", "执法", "投诉处置", "")
REDUCTIONS = ("days", "documents", "steps", "trips")
# Columns of the Word table after 序号, and of F9, by the head of the page's table.
IN_WORD = ("单位", "活动次数", "参与人次", "体验事项数", "合计", "已销号数（含立行立改）", "未到期", "逾期", "措施数")


def play(cast, draw: random.Random) -> None:
    """Up to three more walks of the county in June, their problems at different points of their way."""
    second = cast.people["second_principal"]
    units = {cast.unit: cast.principal, cast.second_unit: second}
    for number in range(draw.randint(0, 3)):
        unit = draw.choice(list(units))
        problems = [(f"随机{number}-{place}", draw.choice(CLASSES[:-1])) for place in range(draw.randint(0, 3))]
        need = draw.choice(("", "希望延时服务"))
        item = draw.choice(list(unit.items.all()))
        found = walk(
            cast, walker=units[unit], unit=unit, item=item, day=at(draw.randint(1, 7)), problems=problems, need=need
        )
        for issue in found.values() if unit == cast.unit else ():
            to = draw.choice(("", "rectifying", "closing", "closed"))
            claims = [(draw.choice(REDUCTIONS), draw.randint(5, 30), draw.randint(0, 4))]
            if to:
                rectify(cast, issue, due=date(2022, 6, draw.randint(10, 30)), reductions=claims, to=to)


def page_of(client) -> dict:
    return client.get(PERIOD, {"as_of": AS_OF.isoformat()}).context


def cells_of_page(context) -> list[list]:
    return [[cell["value"] for cell in row["cells"]] for row in context["unit_rows"]]


def tiles_open_their_rows(client, context, draw: random.Random, query: ReportQuery) -> None:
    shown = [tile for group in context["groups"] for tile in group["tiles"] if tile["key"] in FIGURES]
    for tile in shown:
        if not tile["key"].startswith("effect_"):
            assert tile["value"] == FIGURES[tile["key"]].rows(query).count(), tile
    for tile in draw.sample(shown, 3):
        assert client.get(tile["url"]).context["page"].total == FIGURES[tile["key"]].rows(query).count(), tile


def workbook_is_the_page(client, rows: list[list]) -> None:
    answer = client.get(f"{PERIOD}f9.xlsx", {"as_of": AS_OF.isoformat()})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    written = {
        str(line[1] or line[0]): [None if value == "—" else value for value in line[2 : len(rows[0]) + 1]]
        for line in sheet.iter_rows(values_only=True)
        if line[0]
    }
    for name, *values in rows[:-1]:
        assert written[name] == values, name


def paper_is_the_page(client, context, rows: list[list]) -> None:
    answer = client.get(f"{PERIOD}papers/month-report/", {"as_of": AS_OF.isoformat()})
    table = docx.Document(io.BytesIO(answer.getvalue())).tables[0]
    heads = [column.label for column in context["columns"]]
    places = [heads.index(name) for name in IN_WORD]
    for written, row in zip(table.rows[1:-1], rows, strict=True):
        said = ["—" if row[place] is None else str(row[place]) for place in places]
        assert [cell.text for cell in written.cells][1:] == said


def command_and_api_are_the_page(client, capsys, cast, query: ReportQuery) -> None:
    kept = compile_period(campaign=cast.campaign, period=query.period, actor=cast.office, as_of=AS_OF)
    capsys.readouterr()
    call_command("summary", campaign="QH2022", period="2022-06", as_of=AS_OF.isoformat(), json=True)
    assert json.loads(capsys.readouterr().out) == kept.data
    told = [one for one in client.get("/api/v1/summaries/").json()["results"] if one["period"] == "2022-06"]
    assert [one["data"] for one in told] == [kept.data, kept.data]
    for key, value in kept.data.items():
        if key in FIGURES and isinstance(value, int):
            assert value == FIGURES[key].rows(query).count(), key


@pytest.mark.parametrize("part", range(PARTS))
def test_all_say_the_same_in_random_worlds(world, sign_in, capsys, part):
    cast, client = world.cast, sign_in("office")
    for number in range(part * WORLDS, (part + 1) * WORLDS):
        draw = random.Random(f"{SEED} world {number}")
        with transaction.atomic():
            play(cast, draw)
            query = ReportQuery(cast.campaign, period_in(cast.campaign, "2022-06"), AS_OF, SYSTEM)
            context = page_of(client)
            rows = cells_of_page(context)
            tiles_open_their_rows(client, context, draw, query)
            workbook_is_the_page(client, rows)
            paper_is_the_page(client, context, rows)
            command_and_api_are_the_page(client, capsys, cast, query)
            transaction.set_rollback(True)
