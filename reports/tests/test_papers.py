"""The papers of a period: their rows are the rows of the figures, their figures those of the page."""

import io
from dataclasses import replace
from datetime import date, timedelta

import docx
import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from campaigns.enums import ActivityKind, Rhythm
from core import export_limit
from core.exceptions import Refused
from core.models import AuditEntry
from issues.domain import lifecycle
from issues.domain.incoming import records
from issues.domain.incoming.reporter import Reporter
from issues.domain.needs import lifecycle as need_lifecycle
from issues.models import Issue, Need
from reports.documents.drafts import TEXT_PAPERS
from reports.documents.fields import fill_fields, literal, named_fields, period_fields
from reports.documents.issue_chapters import needs
from reports.documents.lists import issue_rows, measure_rows, need_rows, rectification_list, rectification_rows
from reports.documents.material import period_material
from reports.documents.registry import PAPERS, offered, write_paper
from reports.documents.text_papers import text_paper
from reports.documents.walk_words import rectification_cells
from reports.domain.by_activity import activity_lines
from reports.domain.compile import period_in
from reports.domain.figures import FIGURES, ReportQuery
from reports.domain.queries import SYSTEM, ReportScope, report_scopes
from reports.domain.tally import table_of
from reports.domain.walk_content import NAMED, contents_of
from reports.tests.submitting import on, sent
from reports.tests.world import AS_OF, at
from tests.database import without_triggers
from walks.models import Walk


@pytest.fixture
def query(world):
    campaign = world.cast.campaign
    return ReportQuery(campaign, period_in(campaign, "2022-06"), AS_OF, SYSTEM)


def one_unit(query) -> ReportScope:
    entry = query.campaign.roster.get(department__name="县民政局")
    return ReportScope("unit", "县民政局", None, frozenset({entry.department_id}))


def words_of(content: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs)


def test_lines_by_activity_count_the_rows_that_the_figures_list(query, django_assert_num_queries):
    with django_assert_num_queries(5):
        lines = activity_lines(query)
    for line in lines:
        narrowed = ReportQuery(query.campaign, query.period, query.as_of, SYSTEM, activity=line.kind)
        assert line.values == {key: FIGURES[key].rows(narrowed).count() for key in line.values}
    assert {line.label: line.values["sessions"] for line in lines if line.values["sessions"]} == {
        "走流程": 2,
        "跟执法": 1,
    }


def test_both_lists_of_rectification_say_the_same_after_a_failed_look_back(world, query):
    of_period = {row[2]: (row[5], row[9]) for row in rectification_rows(query)}
    walk = Walk.objects.select_related(*NAMED).get(pk=world.issues["rebound"].walk_id)
    of_walk = {row[3]: (row[6], row[10]) for row in rectification_cells(contents_of([walk])[0])}
    assert of_walk == {text: said for text, said in of_period.items() if text in of_walk}
    assert of_walk["问题rebound"] == ("1.修订告知单\n2.培训窗口人员", "已办")


def test_a_report_says_the_figures_of_the_page_and_who_did_nothing(query):
    content = text_paper(TEXT_PAPERS["month-report"], period_material(query), {})
    assert text_paper(TEXT_PAPERS["month-report"], period_material(query), {}) == content
    words = words_of(content)
    for said in (
        "青禾县“一把手走流程”\n2022年6月工作总结",
        "参加单位4个，已开展2个，开展活动3次，参与3人次，其中主要负责同志2人次，体验事项3个、3项次。",
        "走流程2次、2人次、2个事项，发现问题8个、整改措施14条、已销号4个；",
        "跟执法1次、1人次、1个事项，发现问题1个、整改措施0条、已销号0个。",
        "共发现问题9个，其中：业务办理4个，政务服务4个，执法1个。",
        "整改率44.4%，按期率50.0%。",
        "通过整改，减时间27个工作日，减材料3份。",
        "未开展或未报送的单位2个：县司法局、县行政审批局。",
        "逾期1个（责任单位：县民政局1个）",
        "县营商办（盖章）",
    ):
        assert said in words


def test_a_sentence_says_in_words_why_it_has_no_rate(query):
    material = period_material(query)
    values = material.table.total.values | {"on_time_rate": None}
    none_due = replace(material, table=replace(material.table, total=replace(material.table.total, values=values)))
    words = words_of(text_paper(TEXT_PAPERS["month-report"], none_due, {"next": "按期率{按期率}。"}))
    assert "整改率44.4%，没有到期的问题，不计按期率。" in words
    assert "按期率不计。" in words
    assert "率—" not in words


def test_problems_without_any_class_are_not_counted_by_class(world, query):
    with without_triggers("issues_issue"):
        Issue.objects.filter(campaign=query.campaign).update(category="")
    for kind, then in (("bulletin", "提出整改措施"), ("month-report", "主要有：问题")):
        words = words_of(text_paper(TEXT_PAPERS[kind], period_material(query), {}))
        assert f"共发现问题9个，尚未分类。\n{then}" in words
        assert "未分类9个" not in words


def test_the_line_by_kind_of_activity_adds_up_to_what_was_found(world, query):
    """What no walk found is named beside the kinds; so is what a walk found that does not count."""
    cast = world.cast
    told = {"source": "hotline", "description": "电话无人接听", "found_on": date(2022, 6, 9), "unit": cast.unit}
    told |= {"told": Reporter(name="甲某")}
    records.enter(campaign=query.campaign, actor=cast.office, now=at(9), **told)
    with without_triggers("walks_walk"):
        Walk.objects.filter(campaign=query.campaign, activity_kind=ActivityKind.ENFORCEMENT).update(conforms=False)
    for kind in ("month-report", "bulletin"):
        words = words_of(text_paper(TEXT_PAPERS[kind], period_material(query), {}))
        assert (
            "按活动类型：走流程2次、2人次、2个事项，发现问题8个、整改措施14条、已销号4个；"
            "跟执法没有计入次数的体验，发现问题1个、整改措施0条、已销号0个；"
            "来件、督查等发现问题1个、整改措施0条、已销号0个。"
        ) in words
        assert "共发现问题10个" in words


def test_a_campaign_whose_name_ends_in_the_first_word_of_the_title_says_it_once(query):
    query.campaign.name = "“一把手走流程”专项工作"
    whole = replace(query, period=period_in(query.campaign, "all"))
    material = period_material(whole)
    material = replace(
        material, rules=replace(material.rules, reporting=replace(material.rules.reporting, rhythm=Rhythm.ONCE))
    )
    words = words_of(text_paper(TEXT_PAPERS["month-report"], material, {}))
    assert words.startswith("“一把手走流程”专项工作总结\n")


def test_a_receiving_unit_reports_the_kinds_it_receives_and_nobody_elses(world, query):
    [part] = [one for one in report_scopes(world.cast.lead, [query.campaign])[query.campaign.pk] if one.kind == "lead"]
    words = words_of(text_paper(TEXT_PAPERS["month-report"], period_material(replace(query, report_scope=part)), {}))
    assert "按活动类型：走流程2次、2人次、2个事项，发现问题8个、整改措施14条、已销号4个。" in words
    assert "县营商办：" in words


def test_a_good_practice_stands_in_the_report_from_the_day_it_was_marked(world, query):
    closed = Issue.objects.filter(state="closed", walk__campaign=query.campaign).order_by("number").first()
    text = "窗口设{发现问题}“办不成事”专岗。"
    for marked, told in ((AS_OF + timedelta(days=1), False), (AS_OF, True)):
        with without_triggers("issues_issue"):
            Issue.objects.filter(pk=closed.pk).update(good_practice=text, practice_on=marked)
        words = words_of(text_paper(TEXT_PAPERS["month-report"], period_material(query), {}))
        named = f"{closed.responsible_department}“{closed.item}”"
        assert (f"{named}：窗口设{{发现问题}}“办不成事”专岗。" in words) == told
    assert f"{named}：修订告知单；" not in words
    assert f"{named}：修订告知单（减时间10→6个工作日）。" in words


def test_what_is_said_of_needs_follows_their_state(world, query):
    """One is heard on the 12th; it is answered on the 14th, sent back on the 16th and answered on the 17th."""
    need, (office, unit) = Need.objects.get(), (world.cast.office, world.cast.liaison)
    for day, action, actor, data in (
        (14, "reply", unit, {"reply": "已增开"}),
        (16, "return_reply", office, {"note": "未写日期"}),
        (17, "reply", unit, {"reply": "7月起增开"}),
    ):
        need = need_lifecycle.perform(need=need, action=action, actor=actor, data=data, now=at(day))
    said = {}
    for day in (11, 12, 14, 16, 17):
        then = replace(query, as_of=date(2022, 6, day))
        words = words_of(text_paper(TEXT_PAPERS["month-report"], period_material(then), {}))
        said[day] = [line.partition("，")[2] for line in words.split("\n") if "企业群众和单位需求" in line]
        counts = {key: FIGURES[key].rows(then).count() for key in ("needs", "needs_replied", "needs_waiting")}
        assert counts == {key: table_of(then).total.values[key] for key in counts}
        assert counts["needs"] == counts["needs_replied"] + counts["needs_waiting"]
    waits, answered = ["有关单位正在研究，尚未回应。"], ["均已回应。"]
    assert said == {11: [], 12: waits, 14: answered, 16: waits, 17: answered}
    table = table_of(query)
    counted = table.total.values | {"needs": 3, "needs_replied": 1, "needs_waiting": 2}
    mixed = replace(period_material(query), table=replace(table, total=replace(table.total, values=counted)))
    [text] = needs(mixed)
    said = "收集企业群众和单位需求3条，已回应1条，其余2条有关单位正在研究。"
    assert fill_fields(text, named_fields(mixed)) == said


def test_a_bulletin_names_who_is_to_be_criticised_in_the_order_of_the_notice(world, query):
    sent(world.cast, now=on(23))
    later = replace(query, as_of=date(2022, 6, 24))
    content = text_paper(TEXT_PAPERS["bulletin"], period_material(later), {})
    assert text_paper(TEXT_PAPERS["bulletin"], period_material(later), {}) == content
    words = words_of(content)
    for said in (
        "关于青禾县“一把手走流程”\n2022年6月开展情况的通报",
        "各参加单位：",
        "共发现问题9个，其中：业务办理4个，政务服务4个，执法1个。",
        "1.未开展或未报送的单位2个：县司法局、县行政审批局。\n2.逾期报送材料的单位1个：县民政局。",
        "整改不彻底、回头看未通过的问题1个，责任单位：县民政局1个。",
        "抓紧补齐。",
        "县营商办（盖章）",
    ):
        assert said in words
    before = words_of(text_paper(TEXT_PAPERS["bulletin"], period_material(replace(query, as_of=date(2022, 6, 22))), {}))
    assert "逾期报送" not in before


@pytest.mark.parametrize("paper", TEXT_PAPERS.values(), ids=lambda paper: paper.key)
def test_every_number_of_a_draft_is_a_field_or_counts_named_rows(query, paper):
    material = paper.material(replace(query, report_scope=one_unit(query)) if paper.is_units else query)
    fields = named_fields(material)
    for section in paper.sections(material):
        for text in section.paragraphs:
            assert "{" not in fill_fields(text, fields)
    assert fill_fields("发现{发现问题}个、{没有}", fields) == f"发现{8 if paper.is_units else 9}个、{{没有}}"
    # What a person typed in braces stays as it is.
    assert fill_fields(literal("甲{发现问题}乙{"), fields) == "甲{发现问题}乙{"


def test_the_lists_hold_exactly_the_rows_the_figures_count(query):
    assert len(list(issue_rows(query))) == FIGURES["issues_found"].rows(query).count() == 9
    assert len(list(rectification_rows(query))) == 9
    assert len(list(measure_rows(query))) == FIGURES["measures"].rows(query).count() == 14
    assert len(list(need_rows(query))) == FIGURES["needs"].rows(query).count() == 1


def test_the_list_of_several_units_has_a_sheet_for_each_in_the_order_of_the_list(query):
    whole = openpyxl.load_workbook(io.BytesIO(rectification_list(query, unit="县营商办")))
    assert whole.sheetnames == ["汇总表", "县公安局", "县民政局"]
    texts = {sheet.title: [row[3].value for row in sheet.iter_rows(min_row=5) if row[0].value] for sheet in whole}
    assert texts["汇总表"][:9] == [row[2] for row in rectification_rows(query)]
    assert [len(texts[unit]) - len(texts["汇总表"]) for unit in ("县公安局", "县民政局")] == [1 - 9, 8 - 9]
    assert whole["县民政局"]["A3"].value == "填报单位（盖章）：县民政局"
    part = openpyxl.load_workbook(
        io.BytesIO(rectification_list(replace(query, report_scope=one_unit(query)), unit="县民政局"))
    )
    assert part.sheetnames == ["问题整改清单"]


def test_before_it_is_assigned_the_list_names_the_unit_concerned(world, query):
    [unit] = [row[6] for row in rectification_rows(query) if row[2] == "问题second"]
    assert (world.issues["second"].responsible_department, unit) == (None, "县公安局")


def test_an_issue_opened_again_keeps_its_measures_in_the_list_until_it_has_its_own(world, query):
    issue = world.issues["rebound"]
    shown = [row[5] for row in rectification_rows(query) if row[2] == "问题rebound"]
    assert shown == ["1.修订告知单\n2.培训窗口人员"]
    added = {"measures": "增设专窗"}
    lifecycle.perform(issue=issue, action="add_measures", actor=world.cast.responsible, data=added, now=at(21))
    [now] = [row[5] for row in rectification_rows(query) if row[2] == "问题rebound"]
    then = ReportQuery(query.campaign, query.period, date(2022, 6, 20), SYSTEM)
    assert (now, [row[5] for row in rectification_rows(then) if row[2] == "问题rebound"]) == ("增设专窗", shown)


@pytest.mark.parametrize(("key", "rows"), [("three-lists", 9 + 1 + 14), ("rectification-list", 9), ("month-report", 0)])
def test_a_paper_of_many_rows_needs_another_persons_hand(query, monkeypatch, key, rows):
    paper = PAPERS[key]
    assert paper.rows(query) == rows
    monkeypatch.setattr(export_limit, "DIRECT_ROWS", rows)
    write_paper(query, key, paper.native, actor=None)
    if rows:
        monkeypatch.setattr(export_limit, "DIRECT_ROWS", rows - 1)
        with pytest.raises(Refused, match="放行"):
            write_paper(query, key, paper.native, actor=None)


def test_a_class_named_like_a_figure_leaves_the_figure_its_field(world, query):
    Issue.objects.filter(pk=world.issues["second"].pk).update(category="发现")
    fields = period_fields(table_of(query))
    assert (fields["发现问题"], fields["业务办理问题"]) == ("9", "4")


def test_a_unit_writes_its_own_lists_and_no_report_of_everybody(world, query, sign_in):
    [own] = report_scopes(world.cast.liaison, [query.campaign])[query.campaign.pk]
    client = sign_in("liaison")
    address = reverse("paper", args=["QH2022", "2022-06", "three-lists"])
    response = client.get(address, {"as_of": "2022-06-22"})
    book = openpyxl.load_workbook(io.BytesIO(response.getvalue()))
    assert book.sheetnames == ["问题清单", "需求清单", "解决措施清单"]
    assert book["问题清单"]["A1"].value == "青禾县“一把手走流程”问题清单（2022年6月）"
    texts = [cell.value for row in book["问题清单"].iter_rows() for cell in row if cell.value]
    assert "填报单位（盖章）：县民政局" in texts
    assert "问题rebound" in texts
    assert "问题second" not in texts
    assert AuditEntry.objects.filter(action="paper.written", actor_id=world.cast.liaison.pk).count() == 1
    assert client.get(reverse("paper", args=["QH2022", "2022-06", "month-report"])).status_code == 404
    page = client.get(reverse("report", args=["QH2022", "2022-06"])).content.decode()
    assert address in page
    assert "month-report" not in page
    assert own.kind == "unit"


def test_a_day_no_campaign_can_have_is_told_and_not_used(sign_in):
    page = sign_in("office").get(reverse("report", args=["QH2022", "2022-06"]), {"as_of": "9999-12-31"})
    assert "无法识别" in page.content.decode()


def test_the_same_rows_are_the_same_bytes(query):
    for paper in offered(query):
        first, _ = write_paper(query, paper.key, paper.native, actor=None)
        again, _ = write_paper(query, paper.key, paper.native, actor=None)
        assert first.read() == again.read(), paper.key


def test_the_command_writes_one_unit_or_everything(world, tmp_path):
    path = tmp_path / "清单.xlsx"
    options = {"campaign": "QH2022", "period": "2022-06", "as_of": "2022-06-22", "output": str(path)}
    call_command("document", "rectification-list", **options, unit="县公安局")
    sheet = openpyxl.load_workbook(path).active
    numbers = [row[0].value for row in sheet.iter_rows() if isinstance(row[0].value, int)]
    assert numbers == [1]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"campaign": "NONE"}, "没有代码为“NONE”的活动"),
        ({"period": "2022-13"}, "2022-13"),
        ({"unit": "没有局"}, "活动名单中没有单位“没有局”"),
        ({"username": "sysadmin"}, "看不到本活动的统计"),
        ({"output": "x.doc"}, "只能生成 .docx、.pdf 文件"),
        ({"as_of": "x"}, "--as-of 的值“x”无法识别"),
        ({"output": "/proc/x.docx"}, "无法写入 /proc/x.docx"),
    ],
)
def test_what_the_command_cannot_write_is_named(world, tmp_path, options, said):
    given = {"campaign": "QH2022", "period": "2022-06", "output": "x.docx"} | options
    given["output"] = str(tmp_path / given["output"])
    with pytest.raises(CommandError, match=said):
        call_command("document", "month-report", **given)
    assert list(tmp_path.iterdir()) == []


def test_a_period_without_anything_is_said_and_not_left_out(world, query):
    empty = ReportQuery(query.campaign, period_in(query.campaign, "2022-08"), date(2022, 8, 22), SYSTEM)
    words = words_of(text_paper(TEXT_PAPERS["month-report"], period_material(empty), {}))
    for said in ("均未开展体验活动", "本期没有发现问题。", "本期没有须整改的问题。"):
        assert said in words
    assert "提出整改措施" not in words
