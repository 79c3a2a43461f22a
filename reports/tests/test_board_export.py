"""The board as a workbook: the figures of the page, cell by cell."""

import re
from io import BytesIO
from urllib.parse import unquote

import openpyxl
import pytest
import time_machine
from django.db import connection
from django.utils.html import strip_tags

from campaigns.models import RosterEntry
from core.models import AuditEntry
from plans.models import Plan, PlanRow
from plans.tests.planning import FIRST_DAY, LATE_MONDAY, build_planning, plan_in
from tests.cast import NOON, build_cast, open_walk, reported_walk
from walks.domain import opening

pytestmark = pytest.mark.django_db
URL = "/campaigns/QH2022/board/"


def sheet_of(answer):
    return openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active


def table_of(answer):
    """(heads, rows as {head: value}, the row of totals as {head: value})."""
    sheet = sheet_of(answer)
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    first = next(n for n, row in enumerate(rows) if row[0] == 1)
    heads = [below or above for above, below in zip(rows[first - 2], rows[first - 1], strict=True)]
    body = [dict(zip(heads, row, strict=True)) for row in rows[first:] if isinstance(row[0], int)]
    return heads, body, rows[first + len(body)]


def page_rows(answer):
    """[{data-label: text}] of the table, as a reader sees it."""
    found = []
    for row in re.findall(r'<tr id="unit-\d+">(.*?)</tr>', answer.text, re.S):
        cells = re.findall(r'<td[^>]*data-label="([^"]+)"[^>]*>(.*?)</td>', row, re.S)
        found.append({label: re.sub(r"\s+", " ", strip_tags(text.replace("<", " <"))).strip() for label, text in cells})
    return found


def as_on_page(row):
    """The page's cells put together again from those of the workbook."""

    def with_parts(*parts):
        return " ".join(str(part) for part in parts if part not in (None, ""))

    def also(words, number):
        return f"{words} {number}" if number else ""

    late, missed = row["逾期工作日"], row.get("逾期未报（期）") or 0
    told = f"{missed} 期未报，最久的逾期" if missed > 1 else "逾期"
    since = "" if row["逾期事项期限"] == "—" else f"（期限 {row['逾期事项期限']:%Y-%m-%d}）"
    cells = {
        "单位": row["单位"],
        "情况": with_parts(row["情况"], "" if late == "—" else f"{told} {late} 个工作日{since}"),
        "计划（项）": with_parts(row["计划（项）"], also("体验中", row["体验中（项）"]), row.get("计划报送")),
        "已体验（次）": with_parts(row["已体验（次）"], also("未达标", row["未达标（次）"])),
        "其中主要负责同志（次）": str(row["其中主要负责同志（次）"]),
        "实际体验人": row["实际体验人"],
        "已报送（次）": with_parts(
            row["已报送（次）"], also("逾期报送", row["逾期报送（次）"]), also("零报告", row["零报告（次）"])
        ),
    }
    if "应走" in row:
        cells["至少体验"] = f"{row['已走']}／{row['应走']} 次" if row["应走"] else "—"
    return cells


def without_link_words(cells):
    cells.pop("序号")
    if "至少体验" in cells:
        cells["至少体验"] = re.sub(r"( 共走 \d+ 次)?( 另须\S+)?$", "", cells["至少体验"])
    return cells


@pytest.fixture
def june():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def cast(june):
    cast = build_cast()
    reported_walk(cast, with_components=True)
    reported_walk(cast, problems=0)
    open_walk(cast)
    opening.start(
        opening.WalkDraft(
            campaign=cast.campaign,
            department_id=cast.unit.pk,
            item=cast.item,
            mode="in_person",
            delegation_reason="many_items",
        ),
        actor=cast.deputy,
        now=NOON,
    )
    plan = Plan.objects.create(
        campaign=cast.campaign, rules=cast.campaign.rule_versions.get(), department=cast.unit, receiver=cast.lead_unit,
        period="2022-06", state="filed", created_by=cast.liaison, submitted_on=NOON.date(),
    )  # fmt: skip
    PlanRow.objects.create(
        plan=plan, order=1, item=cast.item, activity_kind="process_walkthrough", mode="in_person",
        walker=cast.principal, planned_on=NOON.date(), walk=open_walk(cast),
    )  # fmt: skip
    return cast


@pytest.mark.parametrize("persona", ["office", "liaison", "lead"])
@pytest.mark.parametrize(("month", "day", "period"), [(6, 8, "2022-06"), (6, 22, "2022-06"), (8, 22, "all")])
def test_every_figure_equals_the_pages(client, cast, june, persona, month, day, period):
    june.move_to(NOON.replace(month=month, day=day))
    client.force_login(cast.people[persona])
    page = client.get(URL, {"period": period})
    _, rows, _ = table_of(client.get(page.context["export_url"]))
    assert [as_on_page(row) for row in rows] == [without_link_words(cells) for cells in page_rows(page)]


def test_the_silent_units_stand_in_it_in_their_order_and_numbers_are_numbers(client, cast):
    client.force_login(cast.office)
    heads, rows, _ = table_of(client.get(URL + "export/", {"period": "2022-06"}))
    assert [row["单位"] for row in rows] == ["县公安局", "县民政局", "县司法局", "县行政审批局"]
    counted = [head for head in heads if head and (head.endswith(("（次）", "（项）")) or head in ("已走", "应走"))]
    assert len(counted) == 10
    assert {type(row[head]) for row in rows for head in counted} == {int}


def test_the_head_tells_period_day_and_rate_and_the_foot_the_totals(client, cast):
    client.force_login(cast.office)
    answer = client.get(URL + "export/", {"period": "2022-06"})
    assert "20220608_青禾县_计划与完成情况（2022年6月）.xlsx" in unquote(answer["Content-Disposition"])
    sheet = sheet_of(answer)
    words = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)
    dates = ("2022年6月（2022-05-21 至 2022-06-20）", "2022年6月8日")
    for told in ("计划与完成情况", *dates, "开展率 25.0%（1/4 个单位）", "合计"):
        assert told in words


def test_the_parts_of_the_page_do_not_shorten_it(client, cast):
    client.force_login(cast.office)
    _, rows, _ = table_of(client.get(URL + "export/", {"period": "2022-06", "part": "zero"}))
    assert len(rows) == 4


def test_it_is_audited_with_period_and_rows(client, cast):
    client.force_login(cast.office)
    client.get(URL + "export/", {"period": "2022-06"})
    entry = AuditEntry.objects.get(action="board.exported")
    assert entry.object_key == "QH2022"
    assert entry.detail == {"period": "2022-06", "rows": 4, "as_of": "2022-06-08"}


def test_plan_states_stand_in_it_where_plans_are_asked_for(client):
    with time_machine.travel(FIRST_DAY, tick=False) as clock:
        cast = build_planning()
        plan_in(cast, "filed")
        clock.move_to(LATE_MONDAY)
        client.force_login(cast.office)
        page = client.get("/campaigns/W23/board/")
        heads, rows, _ = table_of(client.get(page.context["export_url"]))
    assert "计划报送" in heads
    assert {row["单位"]: row["计划报送"] for row in rows}["县民政局"] == "已备案"
    assert [as_on_page(row) for row in rows] == [without_link_words(cells) for cells in page_rows(page)]


@pytest.mark.parametrize("persona", ["namesake", "office_other_county", "sysadmin"])
def test_for_outsiders_it_does_not_exist(client, cast, persona):
    client.force_login(cast.people[persona])
    assert client.get(URL + "export/").status_code == 404
    assert not AuditEntry.objects.filter(action="board.exported").exists()


@pytest.mark.parametrize("units", [1, 3])
def test_it_costs_the_same_for_one_unit_and_three(client, cast, units, django_assert_num_queries):
    kept = RosterEntry.objects.filter(campaign=cast.campaign).order_by("order").values("pk")[:units]
    RosterEntry.objects.filter(campaign=cast.campaign).exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
    client.force_login(cast.office)
    client.get(URL + "export/")
    # The chain of the audit is locked by a query of its own on PostgreSQL.
    with django_assert_num_queries(20 + (connection.vendor == "postgresql")):
        answer = client.get(URL + "export/")
    assert len(table_of(answer)[1]) == units
