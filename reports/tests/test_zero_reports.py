"""零报告 in the figures of a period by which units do not report: H22 reports by weeks, and is asked for its month."""

from dataclasses import replace
from datetime import date, datetime

import docx
import pytest
from django.urls import reverse

from plans.tests.planning import build_planning
from reports.documents.registry import write_paper
from reports.domain.compile import period_in
from reports.domain.figures import ReportQuery
from reports.domain.publishing import publish
from reports.domain.queries import SYSTEM
from reports.domain.submissions.lifecycle import perform, send
from reports.domain.submissions.lines import open_parts
from reports.domain.summary import contract
from reports.domain.zero_reports import table_with_zero
from tests.cast import TZ

pytestmark = [pytest.mark.django_db, pytest.mark.clock(datetime(2022, 7, 4, 9, 0, tzinfo=TZ))]
# W22 ends on 5 June, W26 on 3 July: of the five weeks that June touches last, one ends in July.
GIVEN = (("2022-W22", ("liaison", "second_liaison")), ("2022-W24", ("liaison",)), ("2022-W26", ("liaison",)))


@pytest.fixture
def h22():
    """Two units give 零报告 for weeks of June, none of them walks."""
    cast = build_planning("hunan-2022", date(2022, 3, 1), date(2022, 12, 31))
    for code, personas in GIVEN:
        week = period_in(cast.planned, code)
        for persona in personas:
            unit = cast.unit if persona == "liaison" else cast.second_unit
            now = datetime.combine(week.ends_on, datetime.min.time(), TZ).replace(hour=9)
            given = {"campaign": cast.planned, "period": week, "unit_id": unit.pk, "now": now}
            send(**given, actor=cast.people[persona], zero=True, note="窗口搬迁")
    return cast


def asked(cast, code: str = "2022-06") -> ReportQuery:
    return ReportQuery(cast.planned, period_in(cast.planned, code), date(2022, 7, 4), SYSTEM)


def told(query: ReportQuery) -> list[tuple[str, list[str]]]:
    data = contract(query.campaign.code, query.period, table_with_zero(query))
    return [(one["period"], one["units"]) for one in data["zero_reports"]]


def test_a_month_of_weekly_reports_tells_who_gave_which_week(h22, client):
    both = ["县公安局", "县民政局"]
    assert told(asked(h22)) == [("2022-W22", both), ("2022-W24", ["县民政局"])]
    assert told(asked(h22, "2022-W24")) == [("2022-W24", ["县民政局"])]
    assert told(asked(h22, "2022-07")) == [("2022-W26", ["县民政局"])]
    assert [code for code, _ in told(asked(h22, "all"))] == ["2022-W22", "2022-W24", "2022-W26"]
    assert told(replace(asked(h22), as_of=date(2022, 6, 11))) == [("2022-W22", both)]
    client.force_login(h22.office)
    page = client.get(reverse("report", args=["W23", "2022-06"]))
    assert [(row["period"], row["units"]) for row in page.context["zero_rows"]] == [
        ("2022年第22周", "县公安局、县民政局"),
        ("2022年第24周", "县民政局"),
    ]
    assert "未开展；零报告（第22周、第24周）" in page.text
    listed = client.get(page.context["zero_rows"][0]["number_url"]).context["rows"]
    assert [line.unit for line, _ in listed] == both


def test_its_papers_name_them_week_by_week(h22):
    for key in ("month-report", "bulletin"):
        document = docx.Document(write_paper(asked(h22), key, "docx", actor=None)[0])
        words = "\n".join(one.text for one in document.paragraphs)
        assert "各期零报告：第22周2个单位（县公安局、县民政局）；第24周1个单位（县民政局）。" in words
        assert "其中以零报告说明原因的" not in words
    words = docx.Document(write_paper(asked(h22, "2022-W24"), "month-report", "docx", actor=None)[0])
    assert "其中以零报告说明原因的1个：县民政局。" in "\n".join(one.text for one in words.paragraphs)


def test_each_reads_those_it_receives_and_one_sent_back_is_none(h22, client):
    [first] = h22.planned.submissions.filter(period="2022-W24")
    perform(
        submission=first, action="return", actor=h22.office, note="请说明安排", now=datetime(2022, 6, 20, tzinfo=TZ)
    )
    assert [code for code, _ in told(asked(h22))] == ["2022-W22"]
    client.force_login(h22.liaison)
    rows = client.get(reverse("report", args=["W23", "2022-06"])).context["zero_rows"]
    assert [(row["period"], row["units"]) for row in rows] == [("2022年第22周", "县民政局")]


def test_a_published_month_keeps_them(h22, client):
    period = period_in(h22.planned, "2022-06")
    named = open_parts(h22.planned, period, today=date(2022, 7, 4)).token
    publish(campaign=h22.planned, period=period, actor=h22.office, confirmed=named)
    client.force_login(h22.office)
    page = client.get(reverse("published", args=["W23", "2022-06", 1]))
    assert page.context["zero"] == [("2022年第22周", ["县公安局", "县民政局"]), ("2022年第24周", ["县民政局"])]
