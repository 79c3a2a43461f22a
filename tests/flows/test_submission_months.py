"""A period from the activity to the published papers: L22's month in two hops, a return and a second sending, and F16's
quarter without a lead between."""

from datetime import date, datetime

import pytest

from accounts.models import Department
from core.exceptions import NotAllowed, Refused
from core.tests.forms import words_of
from reports.documents.drafts import TEXT_PAPERS
from reports.domain.compile import period_in
from reports.domain.figures import FIGURES, ReportQuery
from reports.domain.publishing import publish
from reports.domain.queries import SYSTEM
from reports.domain.submissions import lifecycle
from reports.domain.submissions.lines import lines_of, open_parts
from reports.domain.submissions.papers import papers_sent
from reports.tests.by_hand import counted_by_hand
from reports.tests.quarter import quarterly, walked_in_may
from reports.tests.submitting import on
from tests.cast import TZ, reported_walk

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def papers_of(publication) -> dict[str, str]:
    """{paper in Word: its words}."""
    files = {file.paper: file for file in publication.files.all() if file.name.endswith(".docx")}
    return {paper: words_of(bytes(files[paper].content)) for paper in TEXT_PAPERS if paper in files}


def send(cast, period, unit, actor, now, **options):
    return lifecycle.send(campaign=cast.campaign, period=period, unit_id=unit.pk, actor=actor, now=now, **options)


def test_a_month_of_l22_goes_from_the_activity_over_the_lead_to_the_office(cast):
    """Activity 06-08 → sent by 06-20 24:00 → returned and sent again on 06-21 → sent on by 06-22 → published."""
    june, law = period_in(cast.campaign, "2022-06"), Department.objects.get(name="县司法局", region=cast.county)
    reported_walk(cast, as_conforming=True)
    [pack] = send(cast, june, cast.unit, cast.liaison, on(20, 23, 59))
    [zero] = send(cast, june, cast.second_unit, cast.second_liaison, on(21, 0, 1), zero=True, note="窗口搬迁")
    lifecycle.perform(submission=pack, action="return", actor=cast.lead, note="问题分类不准", now=on(21))
    [pack] = send(cast, june, cast.unit, cast.liaison, on(21, 15))
    standings = {
        line.unit: (line.status, line.late) for line in lines_of(cast.office, cast.campaign, june, today=on(22).date())
    }
    assert standings == {
        "县公安局": ("zero", "逾期 1 个工作日"),
        "县民政局": ("on_time", ""),
        "县司法局": ("overdue", "逾期 2 个工作日"),
        "县行政审批局": ("overdue", "逾期 2 个工作日"),
    }
    named = open_parts(cast.campaign, june, today=on(22).date())
    assert named.words == [
        "材料未报齐 2 个单位：县司法局、县行政审批局",
        "县行政审批局未锁定或未上报：县公安局、县民政局",
    ]
    for one in (pack, zero):
        lifecycle.perform(submission=one, action="lock", actor=cast.lead, now=on(22, 9))
        lifecycle.perform(submission=one, action="send_on", actor=cast.lead, now=on(22, 10))
        lifecycle.perform(submission=one, action="receive", actor=cast.office, now=on(22, 11))
    with pytest.raises(Refused, match=f"材料未报齐 2 个单位：{law.name}、县行政审批局"):
        publish(campaign=cast.campaign, period=june, actor=cast.office, now=on(22, 12))
    named = open_parts(cast.campaign, june, today=on(22).date())
    made = publish(campaign=cast.campaign, period=june, actor=cast.office, now=on(22, 12), confirmed=named.token)
    assert made.open_units == ["材料未报齐 2 个单位：县司法局、县行政审批局"]
    assert made.summary.data["sessions"] == pack.data["figures"]["sessions"] == 1
    asked = ReportQuery(cast.campaign, june, made.summary.as_of, SYSTEM)
    assert counted_by_hand(asked) == {key: figure.rows(asked).count() for key, figure in FIGURES.items()}
    papers = papers_of(made)
    assert list(papers) == ["month-report", "bulletin", "criticism"]
    for said in (
        "按活动类型：走流程1次、1人次、1个事项，发现问题1个、整改措施0条、已销号0个。",
        "未开展或未报送的单位3个：县公安局、县司法局、县行政审批局。其中以零报告说明原因的1个：县公安局。",
    ):
        assert said in papers["month-report"]
    for said in (
        "1.无故未开展或未报送体验的单位2个：县司法局、县行政审批局。",
        "2.逾期报送材料的单位1个：县公安局。",
        "3.逾期仍未报送材料的单位2个：县司法局、县行政审批局。",
    ):
        assert said in papers["criticism"]


def test_a_quarter_of_f16_is_locked_by_the_office_and_received_by_both(cast):
    """Two receivers, no date for a summary: nobody checks before the office (F16 三（一）)."""
    campaign = quarterly(cast)
    quarter = period_in(campaign, "2016Q2")
    walked_in_may(cast, campaign)
    sent_at = datetime(2016, 7, 7, 17, 0, tzinfo=TZ)
    [pack] = lifecycle.send(campaign=campaign, period=quarter, unit_id=cast.unit.pk, actor=cast.liaison, now=sent_at)
    assert (pack.due_on, pack.receiver.name, pack.checker) == (date(2016, 7, 7), "县公共行政服务中心", campaign.office)
    assert [unit.name for unit in pack.also_received_by.all()] == ["县政府督查办"]
    [result] = papers_sent(pack)
    assert (result.paper, result.name) == ("quarter-results", "20160707_县民政局_2016年第2季度工作成果.docx")
    for persona in ("center", "inspection"):
        assert lines_of(cast.people[persona], campaign, quarter, today=sent_at.date())
    with pytest.raises(NotAllowed):
        lifecycle.perform(submission=pack, action="lock", actor=cast.people["center"], now=sent_at)
    lifecycle.perform(submission=pack, action="lock", actor=cast.office, now=sent_at)
    assert [row.action for row in lifecycle.available(cast.office, pack)] == ["return"]
    named = open_parts(campaign, quarter, today=date(2016, 7, 8))
    assert not named.leads
    now = datetime(2016, 7, 8, 9, 0, tzinfo=TZ)
    made = publish(campaign=campaign, period=quarter, actor=cast.office, now=now, confirmed=named.token)
    assert made.summary.data["sessions"] == pack.data["figures"]["sessions"] == 1
    asked = ReportQuery(campaign, quarter, made.summary.as_of, SYSTEM)
    assert counted_by_hand(asked) == {key: figure.rows(asked).count() for key, figure in FIGURES.items()}
    assert "县公共行政服务中心、县政府督查办：\n一、体验活动开展情况" in words_of(bytes(result.content))
    # Where the government criticises, the office proposes it.
    papers = papers_of(made)
    assert list(papers) == ["month-report", "bulletin", "criticism-proposal"]
    assert "青禾县人民政府：" in papers["criticism-proposal"]
    assert papers["criticism-proposal"].count("县民政局") == 0
