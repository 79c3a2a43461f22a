"""The papers of one walk: what was entered stands in them, nothing is retyped, and who may have them."""

import io
from datetime import date

import docx
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from docx.oxml.ns import qn

from core.exceptions import Refused
from core.models import AuditEntry
from issues.domain import intake, lifecycle
from issues.tests.test_look_backs import bound, handed_in, judged, struck_off
from reports.documents.walk_papers import WALK_PAPERS, write_walk_paper
from reports.domain.walk_content import NAMED, contents_of
from reports.tests.walk_world import content_of, full_walk, signed_covert_walk
from tests.cast import NOON, open_walk, reported_walk
from walks.models import Walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def sign_in(client, cast):
    """Call it with a persona of the cast; returns the client, signed in."""

    def login(persona: str):
        client.force_login(cast.people[persona], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return login


def text_of(content: bytes) -> str:
    """Every paragraph and cell in the order of the paper."""
    body = docx.Document(io.BytesIO(content)).element.body
    return "\n".join("".join(node.text or "" for node in one.iter() if node.tag.endswith("}t")) for one in body)


def test_the_row_of_the_signature_stays_whole_and_with_the_row_before(cast, media):
    walk, _ = full_walk(cast)
    rows = docx.Document(io.BytesIO(WALK_PAPERS["walk-record"].write(content_of(walk)))).tables[-1].rows
    assert rows[-1].cells[0].text == "体验人签字"
    assert rows[-1]._tr.trPr.find(qn("w:cantSplit")) is not None
    assert rows[-2].cells[0].paragraphs[0].paragraph_format.keep_with_next


def test_the_last_row_of_the_list_stays_with_its_foot(cast, media):
    walk, _ = full_walk(cast)
    rows = docx.Document(io.BytesIO(WALK_PAPERS["walk-list"].write(content_of(walk)))).tables[-1].rows
    kept = [row.cells[3].paragraphs[0].paragraph_format.keep_with_next for row in rows]
    assert kept == [None, None, True, None]
    assert rows[-1].cells[0].text.startswith("主要负责同志（签字）：")


def test_the_list_of_a_walk_that_found_nothing_says_so_above_its_foot(cast, media):
    walk = signed_covert_walk(cast)
    rows = docx.Document(io.BytesIO(WALK_PAPERS["walk-list"].write(content_of(walk)))).tables[-1].rows
    assert [row.cells[0].text[:18] for row in rows] == [
        "序号", "本次体验未发现须整改的问题。全程顺畅", "主要负责同志（签字）：＿＿＿＿＿＿＿",
    ]  # fmt: skip


def test_form_and_report_say_what_a_walk_found_of_the_issue_it_looked_back_on(cast, media):
    [issue] = struck_off(cast)
    row = judged(bound(cast, issue), cast.principal, "fail", finding="叫号仍然错乱。")
    handed_in(cast, row.walk)
    content = content_of(row.walk)
    told = f"{issue.number} {issue.description}：未通过，叫号仍然错乱。新的整改时限：2022年7月29日。"
    for paper in ("walk-record", "walk-report"):
        text = text_of(WALK_PAPERS[paper].write(content))
        assert told in text
        assert "未发现新的问题。对照原问题逐项复走" in text


def test_a_problem_noted_by_itself_stands_at_the_first_step_of_its_stage(cast, media):
    walk = open_walk(cast, problems=1)
    for stage in ("consult", "queue"):
        intake.capture(walk=walk, actor=cast.principal, description="无人接听", stage=stage, now=NOON)
    text = text_of(WALK_PAPERS["walk-record"].write(content_of(walk)))
    assert "电话咨询一次说清—问题1、问题2" in text


def test_the_record_holds_every_field_of_the_form_as_it_was_entered(cast, media):
    walk, issues = full_walk(cast)
    text = text_of(WALK_PAPERS["walk-record"].write(content_of(walk)))
    for said in (
        "县民政局“一把手走流程”情况登记表",
        f"QH2022-20220608-{walk.pk.hex[:6].upper()}",
        f"{walk.walker_name}（主要负责同志）",
        "2022年6月8日",
        "县政务大厅3楼",
        "结婚登记（主管部门：县民政局）",
        "走流程",
        "亲身办",
        "办事群众",
        "是（模拟件已撤回）",
        "应交3份，实交2份，免交1份",
        "承诺1个工作日，实际2个工作日",
        "受理6月8日 13:20窗口受理一般",
        "咨询查询6月8日 12:00电话咨询一次说清—问题1、问题2",
        f"1.窗口未一次性告知1（{issues[0].number}）",
        "企业：希望网上预约",
        "照片1张",
        "坐窗口已完成（1/1 次）坐窗口受理两件；受理条件：好；跑动次数：差",
        "体验人签字",
    ):
        assert said in text, said
    assert "已完成（3/3 个）" in text
    assert "服务回访" in text
    assert "1群**138****11115月29日是" in text.replace("—", "")
    assert "群众0" not in text, "who was called back is masked"
    assert "13812345678" not in text


def test_the_report_follows_its_six_chapters_with_list_and_photos_behind(cast, media):
    walk, issues = full_walk(cast)
    lifecycle.perform(issue=issues[0], action="take", actor=cast.liaison, now=NOON)
    plan = {"responsible_person": cast.responsible, "measures": "1.修订告知单\n2.培训窗口", "due_on": date(2022, 6, 28)}
    lifecycle.perform(issue=issues[0], action="plan", actor=cast.liaison, data=plan, now=NOON)
    content = WALK_PAPERS["walk-report"].write(content_of(walk))
    text = text_of(content)
    chapters = (
        "一、基本情况",
        "二、体验过程",
        "三、体验评价",
        "四、发现的问题",
        "五、整改措施及完成时限",
        "六、意见建议",
    )
    places = [text.index(one) for one in chapters]
    assert places == sorted(places)
    for said in (
        "县民政局“一把手”走流程体验报告",
        "以办事群众身份，采取亲身办形式，在县政务大厅3楼体验“结婚登记”事项",
        "（二）政务服务\n发现问题2个（问题1、问题2）。",
        "（三）执法\n未发现问题。",
        f"1.窗口未一次性告知1。（环节：咨询查询，分类：政务服务，涉及单位：县民政局，编号：{issues[0].number}）",
        "1.问题1：修订告知单；培训窗口，整改类型：限期整改，责任单位：县民政局，责任人：测试responsible，完成时限：2022年6月28日。",
        "2.问题2：整改措施待定，责任单位：县民政局。",
        "附件：1.问题整改清单",
        "主要负责同志（签字）：＿",
        "县民政局（盖章）",
        "图1　受理：窗口受理",
    ):
        assert said in text, said
    assert len(docx.Document(io.BytesIO(content)).inline_shapes) == 1


def test_the_list_has_one_row_for_each_problem_to_rectify(cast, media):
    walk, issues = full_walk(cast)
    data = {"target": issues[0].number}
    lifecycle.perform(issue=issues[1], action="merge", actor=cast.office, data=data, now=NOON)
    [table] = docx.Document(io.BytesIO(WALK_PAPERS["walk-list"].write(content_of(walk)))).tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0][:5] == ["序号", "体验事项", "体验环节", "存在问题", "问题分类"]
    assert [row[3] for row in rows[1:-1]] == ["窗口未一次性告知1"]


def test_the_same_walk_is_the_same_bytes(cast, media):
    walk, _ = full_walk(cast)
    for paper in WALK_PAPERS.values():
        assert paper.write(content_of(walk)) == paper.write(content_of(walk)), paper.key


def test_a_photo_whose_file_is_gone_is_told_and_the_report_written(cast, media, tmp_path):
    walk, _ = full_walk(cast)
    [one] = content_of(walk).photos
    (tmp_path / one.file.served_name).unlink()
    assert "（照片文件无法读取）" in text_of(WALK_PAPERS["walk-report"].write(content_of(walk)))


def test_a_signed_walk_that_is_not_reported_can_be_printed_for_signature_and_stamp(cast, media):
    walk, _ = full_walk(cast, report=False)
    text = text_of(WALK_PAPERS["walk-list"].write(content_of(walk)))
    assert "窗口未一次性告知1" in text


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("in_progress", "没有选择分类或涉及单位；登记完成；主要负责同志核对签字"),
        ("recorded", "还缺主要负责同志核对签字"),
    ],
)
def test_an_unsigned_walk_is_refused_with_what_is_missing(cast, sign_in, state, said):
    walk = open_walk(cast, problems=1)
    if state == "recorded":
        [draft] = walk.issues.all()
        facts = {"description": draft.description, "stage": draft.stage, "category": "政务服务"}
        intake.classify(issue=draft, actor=cast.liaison, department=cast.unit, **facts)
        walk.refresh_from_db()
        intake.record_walk(walk=walk, actor=cast.liaison, now=NOON)
    response = sign_in("liaison").get(reverse("walk_paper", args=[walk.pk, "walk-report"]))
    assert response.status_code == 400
    assert said in response.content.decode()
    assert not AuditEntry.objects.filter(action="paper.written").exists()


def test_the_page_of_a_signed_walk_offers_its_papers_and_the_file_is_audited(cast, sign_in):
    walk, _ = reported_walk(cast)
    client = sign_in("lead")
    address = reverse("walk_paper", args=[walk.pk, "walk-record"])
    assert address in client.get(reverse("walk", args=[walk.pk])).content.decode()
    response = client.get(address)
    assert response["Content-Disposition"].startswith("attachment")
    assert text_of(response.getvalue()).startswith("县民政局")
    assert AuditEntry.objects.get(action="paper.written").object_key == str(walk.pk)
    assert client.get(reverse("walk_paper", args=[walk.pk, "month-report"])).status_code == 404
    draft = open_walk(cast)
    assert "/export/" not in sign_in("principal").get(reverse("walk", args=[draft.pk])).content.decode()


def test_the_paper_of_a_covert_walk_stays_among_those_named(cast, sign_in, media):
    walk = signed_covert_walk(cast)
    address = reverse("walk_paper", args=[walk.pk, "walk-record"])
    assert "是（不亮身份、不打招呼）" in text_of(sign_in("principal").get(address).getvalue())
    assert AuditEntry.objects.get(action="paper.written").chain == "covert"
    for persona in ("liaison", "deputy", "lead", "office", "supervisor"):
        assert sign_in(persona).get(address).status_code == 404
    options = {"campaign": "QH2022", "walk": str(walk.pk), "output": "/tmp/x.docx"}
    with pytest.raises(CommandError, match="不在可见范围内"):
        call_command("document", "walk-record", **options)


def test_one_walk_and_three_cost_the_same_queries(cast, django_assert_num_queries):
    walks = [reported_walk(cast)[0].pk for _ in range(3)]
    for keys in (walks[:1], walks):
        found = list(Walk.objects.filter(pk__in=keys).select_related(*NAMED))
        with django_assert_num_queries(9):
            contents_of(found)


def test_the_command_writes_the_papers_of_a_walk(cast, tmp_path):
    walk, _ = reported_walk(cast)
    path = tmp_path / "报告.docx"
    call_command("document", "walk-report", campaign="QH2022", walk=str(walk.pk), output=str(path), username="liaison")
    assert "体验报告" in text_of(path.read_bytes())
    for key, said in (("", "--walk"), ("x", "没有编号为“x”的体验")):
        with pytest.raises(CommandError, match=said):
            call_command("document", "walk-report", campaign="QH2022", walk=key, output=str(tmp_path / "b.docx"))
    _, name = write_walk_paper(Walk.objects.select_related(*NAMED).get(pk=walk.pk), "walk-list", "docx", actor=None)
    assert name == "20220608_县民政局_结婚登记问题整改清单.docx"
    with pytest.raises(Refused, match="只能生成"):
        write_walk_paper(Walk.objects.select_related(*NAMED).get(pk=walk.pk), "walk-list", "xlsx", actor=None)
