"""通报批评 and its proposal: who is named for what, when nothing is written, who may write it, and its red head."""

import io
from dataclasses import replace
from datetime import date

import docx
import pytest
from django.urls import reverse
from docx.shared import RGBColor

from accounts.domain.memberships import grant_membership
from accounts.models import Department, User
from campaigns.domain.rulebook.rulebook import load_template
from campaigns.enums import DeadlineKind
from campaigns.models import Deadline
from core.exceptions import Refused
from issues.models import Issue
from reports.documents.criticism import CRITICISM, PROPOSAL, government_of
from reports.documents.drafts import BULLETIN, MONTH_REPORT
from reports.documents.material import Charge, period_material
from reports.documents.registry import write_paper
from reports.documents.text_papers import text_paper
from reports.domain.compile import period_in
from reports.domain.figures import ReportQuery
from reports.domain.paper_texts import save_text
from reports.domain.publishing import papers_of, still_open
from reports.domain.queries import SYSTEM, report_scopes
from reports.domain.submissions.lifecycle import send
from reports.domain.submissions.parts import unsent_units
from reports.domain.summary import ZeroReports
from reports.tests.submitting import on, sent

AS_OF = date(2022, 6, 25)
pytestmark = pytest.mark.clock(on(25))


@pytest.fixture
def query(world):
    return ReportQuery(world.cast.campaign, period_in(world.cast.campaign, "2022-06"), AS_OF, SYSTEM)


def written(query, key: str = "criticism"):
    return docx.Document(write_paper(query, key, "docx", actor=None)[0])


def words_of(document) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def red(document) -> list[str]:
    runs = [run for paragraph in document.paragraphs for run in paragraph.runs]
    return [run.text for run in runs if run.font.color.rgb == RGBColor(255, 0, 0)]


def test_units_are_named_by_what_they_did_not_do_and_nobody_by_name(world, query):
    sent(world.cast, now=on(23))
    document = written(query)
    words = words_of(document)
    for said in (
        "关于对青禾县“一把手走流程”\n2022年6月有关单位的通报批评",
        "各参加单位：",
        "发现问题9个，已销号4个，逾期1个。",
        "“对制度落实不到位、问题整改不彻底、敷衍塞责和无故不执行的进行通报”的要求，截至2022年6月25日，",
        "4个单位存在下列情形。",
        "1.无故未开展或未报送体验的单位2个：县司法局、县行政审批局。",
        "2.逾期报送材料的单位1个：县民政局。",
        "3.逾期仍未报送材料的单位3个：县公安局、县司法局、县行政审批局。",
        "4.整改逾期的问题1个，责任单位：县民政局1个。",
        "5.整改不彻底、回头看未通过的问题1个，责任单位：县民政局1个。",
    ):
        assert said in words
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows[1:] == [
        ["1", "县公安局", "—", "逾期未报", "—", "—"],
        ["2", "县民政局", "—", "逾期报送", "1", "1"],
        ["3", "县司法局", "是", "逾期未报", "—", "—"],
        ["4", "县行政审批局", "是", "逾期未报", "—", "—"],
    ]
    assert not [user.name for user in User.objects.all() if user.name in words]


def test_an_overdue_issue_is_charged_to_the_unit_that_is_to_mend_it(world, query):
    """县民政局 found it, 县公安局 is responsible."""
    handed = {"responsible_department": world.cast.second_unit, "due_on": date(2022, 6, 12)}
    Issue.objects.filter(pk=world.issues["due_later"].pk).update(**handed)
    assert period_material(query).late == (("县公安局", 1), ("县民政局", 1))
    assert still_open(query).late == period_material(query).late, "the page of publishing says what the papers say"


def test_who_explained_with_a_zero_report_is_not_criticised_for_it(query):
    read = CRITICISM.material(query)
    given = replace(read, table=replace(read.table, zero=(ZeroReports(query.period, ((1, "县司法局"),)),)), unsent=())
    words = words_of(docx.Document(io.BytesIO(text_paper(CRITICISM, given, {}))))
    assert "以零报告说明原因的1个单位，不因未开展列入批评。" in words
    assert "县司法局" not in words
    for paper, chapter in ((MONTH_REPORT, "五、未开展、未报送单位"), (BULLETIN, "三、存在问题")):
        words = words_of(docx.Document(io.BytesIO(text_paper(paper, given, {}))))
        assert "其中以零报告说明原因的1个：县司法局。" in words[words.index(chapter) :]


def test_what_was_sent_explains_and_is_late_as_of_the_day_of_judging(world, query):
    cast, silent = world.cast, "县行政审批局"
    liaison = User.objects.create(username="reports_nothing", name="测试reports_nothing")
    grant_membership(user=liaison, department=cast.lead_unit, role="liaison")
    sent(cast, now=on(20))
    given = {"campaign": query.campaign, "period": query.period, "unit_id": cast.lead_unit.pk, "now": on(23)}
    send(**given, actor=liaison, zero=True, note="窗口搬迁")
    before, after = (CRITICISM.material(replace(query, as_of=date(2022, 6, day))) for day in (22, 23))
    assert (before.zero, after.zero) == ((), (silent,))
    assert (silent in before.unexplained, silent in after.unexplained) == (True, False)
    assert (silent in before.unsent, silent in after.unsent) == (True, False)
    owed = [unsent_units(query.campaign, before.rules, query.period, until=date(2022, 6, day)) for day in (20, 21)]
    assert [len(one) for one in owed] == [0, 3]


def test_only_units_that_owe_are_criticised_for_not_walking(world, query):
    """县司法局 stands on none of L22's lists: it owes nothing (不承担)."""
    Department.objects.filter(name="县司法局").update(is_approval=False, is_enforcement=False)
    material = CRITICISM.material(query)
    assert material.unexplained == ("县行政审批局",)
    assert "县司法局" in material.silent
    words = words_of(written(query))
    assert "县司法局" not in words
    assert "以零报告说明原因" not in words


def test_nobody_is_criticised_for_not_walking_in_a_period_whose_report_is_not_asked_for(query):
    """What a window leaves of its last batch is asked of nobody, though walks of that month are owed."""
    Deadline.objects.filter(campaign=query.campaign, kind=DeadlineKind.REPORT, period="2022-06").delete()
    material = CRITICISM.material(query)
    assert (len(material.silent), material.unexplained) == (2, ())
    Deadline.objects.filter(campaign=query.campaign, kind=DeadlineKind.REPORT).delete()
    assert CRITICISM.material(query).unexplained == material.silent, "where no report has a date, a walk is owed"


def test_nothing_is_written_before_the_period_has_ended_or_where_nobody_is_to_be_named(world, query):
    with pytest.raises(Refused, match="才结束，此前不能点名批评"):
        written(replace(query, as_of=date(2022, 6, 20)))
    material = CRITICISM.material(query)
    idle = replace(material, table=replace(material.table, lines=()), charges=(), unsent=())
    assert "没有须点名批评的单位" in CRITICISM.lacking(idle, {})
    assert CRITICISM.lacking(idle, {"named": "县某局敷衍塞责。"}) == ""
    assert replace(idle, charges=(Charge("不在名单的局", 1, 0),)).criticised == ["不在名单的局"]


def test_a_publication_leaves_out_a_paper_that_names_nobody(query, monkeypatch):
    assert "criticism" in [paper.key for paper in papers_of(query)]
    monkeypatch.setattr("reports.documents.material.PeriodMaterial.criticised", [])
    assert "criticism" not in [paper.key for paper in papers_of(query)]


def test_the_office_alone_writes_it(world, query, sign_in):
    for persona, status in {"office": 200, "supervisor": 200, "lead": 404, "liaison": 404}.items():
        scope = "all" if status == 200 else ""
        address = reverse("paper", args=["QH2022", "2022-06", "criticism"])
        assert sign_in(persona).get(address, {"scope": scope}).status_code == status, persona
    [part] = [one for one in report_scopes(world.cast.lead, [query.campaign])[query.campaign.pk] if one.kind == "lead"]
    with pytest.raises(Refused, match="本范围没有这种材料"):
        written(replace(query, report_scope=part))


def test_where_the_government_criticises_the_office_proposes_it(query):
    with pytest.raises(Refused, match="没有要求2022年6月的提请通报批评的请示"):
        written(query, "criticism-proposal")
    material = PROPOSAL.material(query)

    def proposed_to(name: str):
        over = replace(material.rules.oversight, criticism_to=name)
        return replace(material, rules=replace(material.rules, oversight=over))

    assert government_of(proposed_to("青禾县人民政府")) == "青禾县人民政府"
    material = proposed_to("人民政府")
    query.campaign.letterhead = "青禾县优化营商环境工作领导小组办公室文件"
    assert red(docx.Document(io.BytesIO(text_paper(PROPOSAL, material, {})))) == []
    assert PROPOSAL.asked(material.rules, query.period)
    assert not CRITICISM.asked(material.rules, query.period)
    words = words_of(docx.Document(io.BytesIO(text_paper(PROPOSAL, material, {}))))
    for said in (
        "关于提请对青禾县“一把手走流程”\n2022年6月有关单位给予通报批评的请示",
        "青禾县人民政府：",
        "妥否，请批示。",
    ):
        assert said in words


def test_nobody_is_criticised_for_a_period_of_another_rhythm():
    f16, l22 = load_template("fushun-2016"), load_template("lantian-2022")
    assert PROPOSAL.asked(f16, f16.period("2016Q2"))
    assert not PROPOSAL.asked(f16, f16.period("2016-05"))
    assert CRITICISM.asked(l22, l22.period("2022-06"))
    assert not CRITICISM.asked(l22, l22.period("2022Q3"))
    assert not PROPOSAL.asked(f16, f16.whole)
    assert not CRITICISM.asked(l22, l22.whole)
    m18 = load_template("mudanjiang-2018")
    named = replace(m18.oversight, criticism="通报批评", criticism_to="")
    assert CRITICISM.asked(replace(m18, oversight=named), m18.whole)


@pytest.mark.parametrize("key", ["bulletin", "criticism"])
def test_a_paper_the_office_issues_has_a_red_head_once_it_is_switched_on(world, query, key):
    assert red(written(query, key)) == []
    query.campaign.letterhead = "青禾县优化营商环境工作领导小组办公室文件"
    document = written(query, key)
    assert red(document) == ["青禾县优化营商环境工作领导小组办公室文件"]
    assert document.paragraphs[3].text == "〔2022〕　　号"
    assert red(written(query, "month-report")) == []
    material = CRITICISM.material(query)
    given = {"restored": frozenset(), "seen": 0, "actor": world.cast.office}
    save_text(material=material, paper=key, texts={"number": "青营商办发〔2022〕5号"}, **given)
    assert written(query, key).paragraphs[3].text == "青营商办发〔2022〕5号"
