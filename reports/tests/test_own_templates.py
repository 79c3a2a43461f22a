"""自备模板: uploaded, looked at, used, and taken back; the papers and what is published follow."""

import io
from datetime import datetime

import docx
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from campaigns.domain.lifecycle import amend, edit_rules, issue, token_of
from campaigns.domain.setup import working_version
from core.docx_layout import WordPaper
from core.exceptions import NotAllowed, Refused
from core.idempotency import new_key
from core.models import AuditEntry
from core.office_forms import Filled
from core.tests.forms import drawn, with_part, word
from reports.documents.criticism import CRITICISM
from reports.documents.drafts import BULLETIN, MONTH_REPORT
from reports.documents.lists import rows_of, sample_workbook
from reports.documents.material import period_material
from reports.documents.registry import PAPERS, write_paper
from reports.documents.template_values import sample_paper
from reports.domain import own_templates
from reports.domain.compile import period_in
from reports.domain.figures import ReportQuery
from reports.domain.paper_texts import save_text
from reports.domain.publishing import publish
from reports.domain.queries import SYSTEM
from reports.domain.submissions.lines import open_parts
from reports.models import OwnTemplate, TemplateUse
from reports.tests.world import AS_OF
from tests.cast import TZ

NOW = datetime(2022, 6, 25, 10, 0, tzinfo=TZ)
pytestmark = pytest.mark.clock(NOW)
PAPER = ("QH2022", "2022-06", "month-report")


@pytest.fixture
def query(world):
    campaign = world.cast.campaign
    return ReportQuery(campaign, period_in(campaign, "2022-06"), AS_OF, SYSTEM)


def keep(world, content: bytes, *, paper: str = "month-report", used: bool = True) -> OwnTemplate:
    made, _ = own_templates.upload(
        campaign=world.cast.campaign, paper=paper, name="模板", content=content, filled=Filled(b"", ()),
        actor=world.cast.office,
    )  # fmt: skip
    if used:
        seen = own_templates.token_of(own_templates.template_in_use(made.campaign, paper))
        own_templates.use(template=made, seen=seen, actor=world.cast.office)
    return made


def paragraphs(content: bytes) -> list[str]:
    """Where the lines of a title end is no matter of what is said: an office's own template has a width of its own."""
    return [one.text.replace("\n", "") for one in docx.Document(io.BytesIO(content)).paragraphs]


def written(query, key: str) -> bytes:
    file, _ = write_paper(query, key, PAPERS[key].native, actor=None)
    return file.read()


@pytest.mark.parametrize("paper", [MONTH_REPORT, BULLETIN, CRITICISM], ids=lambda paper: paper.key)
def test_the_sample_of_a_report_filled_says_what_the_products_own_says(world, query, paper):
    own = written(query, paper.key)
    keep(world, sample_paper(paper), paper=paper.key)
    filled = written(query, paper.key)
    assert paragraphs(filled) == paragraphs(own)
    tables = [
        [[cell.text for cell in row.cells] for row in docx.Document(io.BytesIO(content)).tables[0].rows]
        for content in (own, filled)
    ]
    assert tables[0] == tables[1]


@pytest.mark.parametrize("key", ["three-lists", "rectification-list"])
def test_the_sample_of_a_list_filled_holds_the_rows_of_the_products_own(world, query, key):
    keep(world, sample_workbook(query, key), paper=key)
    book = openpyxl.load_workbook(io.BytesIO(written(query, key)))
    for name, columns, rows in rows_of(key, query):
        sheet = book[name]
        [head] = [row[0].row for row in sheet.iter_rows() if row[0].value == "序号"]
        expected = [[str(number), *map(str, row)] for number, row in enumerate(rows, 1)]
        for offset, row in enumerate(expected, 1):
            found = [sheet.cell(head + offset, column).value for column in range(1, len(columns) + 2)]
            assert [str(value)[:10] for value in found] == [("None" if value == "" else value)[:10] for value in row], (
                name
            )


def test_a_template_is_used_for_the_paper_and_for_publishing_and_taken_back(world, query):
    keep(world, word("{{ 标题 }}", "本期共发现问题{{ 发现问题 }}个。"))
    assert paragraphs(written(query, "month-report"))[1] == "本期共发现问题9个。"
    given = {"campaign": query.campaign, "period": query.period, "actor": world.cast.office, "as_of": AS_OF}
    given["confirmed"] = open_parts(query.campaign, query.period, today=timezone.localdate()).token
    first = publish(**given)
    assert paragraphs(bytes(first.files.get(paper="month-report").content))[1] == "本期共发现问题9个。"
    assert publish(**given) == first
    chosen = {"paper": "month-report", "seen": own_templates.token_of(OwnTemplate.objects.get())}
    assert own_templates.use_own_layout(campaign=query.campaign, actor=world.cast.office, **chosen)
    assert not own_templates.use_own_layout(campaign=query.campaign, actor=world.cast.office, **chosen)
    assert "一、活动开展情况" in paragraphs(written(query, "month-report"))
    assert OwnTemplate.objects.count() == 1
    actions = list(AuditEntry.objects.filter(action__startswith="template.").values_list("action", flat=True))
    assert sorted(actions) == ["template.dropped", "template.uploaded", "template.used"]


def test_a_name_a_template_uses_stays_when_what_it_counts_is_gone(world, query):
    keep(world, word("未分类{{ 未分类问题 }}个，处投诉{{ 处投诉次数 }}次{{ 处投诉人次 }}人次{{ 处投诉事项 }}个事项。"))
    assert paragraphs(written(query, "month-report")) == ["未分类0个，处投诉0次0人次0个事项。"]
    world.cast.campaign.issues.filter(category="执法").update(category="")
    assert paragraphs(written(query, "month-report")) == ["未分类1个，处投诉0次0人次0个事项。"]


def test_a_class_taken_out_of_the_rules_stays_a_name(world, query):
    keep(world, word("执法{{ 执法问题 }}个。"))
    world.cast.campaign.issues.filter(category="执法").update(category="")
    campaign, rules = query.campaign, working_version(query.campaign)[1]
    given = {"campaign": campaign, "actor": world.cast.office}
    amend(effective_on=NOW.date(), reason="归并问题类型", today=NOW.date(), **given)
    kept = {name: common for name, common in rules.rectification.classes.items() if name != "执法"}
    edit_rules(group="rectification", values={"classes": kept}, seen=token_of(rules, "rectification"), **given)
    issue(**given)
    assert paragraphs(written(query, "month-report")) == ["执法0个。"]


def test_a_template_of_a_bulletin_takes_its_chapters_its_names_and_what_the_office_wrote(world, query):
    template = word(
        "{{ 标题 }}", "{{ 存在问题 }}", "未开展：{{ 未开展未报送单位名单 }}", "{{ 主送机关 }}{{ 下步要求 }}"
    )
    keep(world, template, paper="bulletin")
    given = {"material": period_material(query), "paper": "bulletin", "restored": frozenset(), "seen": 0}
    save_text(texts={"next": "抓紧整改{逾期}个逾期问题。"}, actor=world.cast.office, **given)
    title, *faults, silent, last = paragraphs(written(query, "bulletin"))
    assert title == "关于青禾县“一把手走流程”2022年6月开展情况的通报"
    assert faults[0] == "1.未开展或未报送的单位2个：县司法局、县行政审批局。"
    assert (silent, last) == ("未开展：县司法局、县行政审批局", "各参加单位抓紧整改1个逾期问题。")


def test_a_template_in_use_that_cannot_be_filled_is_named_with_what_to_do(world, query):
    keep(world, word("{{ 标题 }}{{ 老章节 }}"))
    said = (
        r"^第 1 版自备模板“模板”现在不能填写，没有生成文件。模板中有不能填写的地方：正文第1段“\{\{ 老章节 \}\}”："
        r"没有“老章节”这个字段.*。请统筹办在“自备模板”页改用系统版式，或改正模板后上传新版并启用，再生成一次。$"
    )
    with pytest.raises(Refused, match=said):
        written(query, "month-report")


@pytest.mark.both_databases
def test_figures_that_change_while_a_form_is_published_ask_for_another_press(world, query):
    keep(world, word("{{ 标题 }}还没有填过"))
    with transaction.atomic(), pytest.raises(Refused, match="再按一次"):
        publish(campaign=query.campaign, period=query.period, actor=world.cast.office, as_of=AS_OF)


@pytest.mark.both_databases
def test_the_same_file_is_no_new_version_and_a_version_is_never_written_again(world):
    first = keep(world, word("{{ 标题 }}"))
    assert keep(world, word("{{ 标题 }}")) == first
    assert keep(world, word("{{ 期间 }}"), used=False).version == 2
    assert TemplateUse.objects.get().template == first
    for statement in ("UPDATE reports_owntemplate SET name = 'x'", "DELETE FROM reports_owntemplate"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_only_the_office_of_the_campaign_brings_and_chooses_templates(world):
    made = keep(world, word("{{ 标题 }}"))
    for persona in ("lead", "supervisor", "office_city", "principal"):
        actor = world.cast.people[persona]
        with pytest.raises(NotAllowed):
            own_templates.use(template=made, seen="", actor=actor)
        with pytest.raises(NotAllowed):
            own_templates.use_own_layout(campaign=made.campaign, paper=made.paper, seen="", actor=actor)
        with pytest.raises(NotAllowed):
            own_templates.upload(
                campaign=made.campaign, paper="month-report", name="x", content=b"x", filled=Filled(b"", ()),
                actor=actor,
            )  # fmt: skip


def sent(client, content: bytes, *, kind: str = "month-report", name: str = "模板.docx"):
    data = {"idempotency_key": new_key(), "file": SimpleUploadedFile(name, content)}
    return client.post(reverse("own_template", args=["QH2022", "2022-06", kind]), data)


def test_on_the_page_a_template_is_uploaded_looked_at_and_only_then_used(world, sign_in):
    client = sign_in("office")
    answer = sent(client, word("{{ 标题 }}", "共{{ 发现问题 }}个。"))
    assert answer.status_code == 302
    assert not TemplateUse.objects.exists()
    page = client.get(answer["Location"])
    preview = reverse("own_template_preview", args=[*PAPER, 1])
    assert preview in page.content.decode()
    assert paragraphs(b"".join(client.get(preview).streaming_content))[1] == "共9个。"
    chosen = client.post(answer["Location"], opened(page.context["form"]))
    page = client.get(chosen["Location"])
    assert "第 1 版自备模板" in page.content.decode()
    dropped = client.post(reverse("own_template_drop", args=PAPER), opened(page.context["drop"]), follow=True)
    assert "以后按系统版式生成" in dropped.content.decode()
    assert own_templates.template_in_use(world.cast.campaign, "month-report") is None


def opened(form) -> dict:
    """What the button of a page sends."""
    return {name: form[name].value() for name in ("idempotency_key", "seen")}


def test_a_choice_made_since_the_page_was_opened_is_not_overwritten(world, sign_in):
    client = sign_in("office")
    first, second = keep(world, word("{{ 标题 }}")), keep(world, word("{{ 期间 }}"), used=False)
    place = reverse("own_template_version", args=[*PAPER, second.version])
    use, drop = opened(client.get(place).context["form"]), opened(client.get(place).context["form"])
    third, other = keep(world, word("{{ 标题 }}{{ 期间 }}"), used=False), world.cast.people["office_second"]
    own_templates.use(template=third, seen=own_templates.token_of(first), actor=other)
    for url, sends in ((place, use), (reverse("own_template_drop", args=PAPER), drop)):
        answer = client.post(url, sends)
        assert answer.status_code == 409
        assert f"使用中的模板已由{other}于 2022-06-25 10:00 修改或办理" in answer.content.decode()
        assert client.post(url, {"idempotency_key": new_key()}).status_code == 400
        assert TemplateUse.objects.get().template == third
    answer = client.post(place, opened(answer.context["drop"]))
    assert answer.status_code == 302, "who has read who chose what chooses again"
    assert TemplateUse.objects.get().template == second


def test_what_is_so_already_is_said(world, sign_in):
    client, form = sign_in("office"), word("{{ 标题 }}")
    place = sent(client, form)["Location"]
    again = sent(client, form)
    assert again["Location"] == place
    assert "文件与第 1 版相同，没有另存新版。" in client.get(place).content.decode()
    for said in ("以后按第 1 版自备模板生成。", "第 1 版已在使用，未作改动。"):
        answer = client.post(place, opened(client.get(place).context["form"]), follow=True)
        assert said in answer.content.decode()
    for said in ("以后按系统版式生成。", "没有使用自备模板，未作改动。"):
        sends = opened(client.get(reverse("own_template", args=PAPER)).context["drop"])
        assert said in client.post(reverse("own_template_drop", args=PAPER), sends, follow=True).content.decode()
    assert AuditEntry.objects.filter(action__startswith="template.").count() == 3


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (word("{{ 标提 }}"), "模板.docx", "没有“标提”这个字段。相近的有：标题"),
        (with_part(word("{{ 标题 }}"), "word/vbaProject.bin", b"x"), "模板.docx", "宏（word/vbaProject.bin）"),
        (word("{{ 标题 }}"), "模板.docm", "含宏的 .docm、.xlsm 不能使用"),
        (b"x" * (5 * 1024**2 + 1), "模板.docx", "超过 5 MB"),
        (b"", "模板.docx", "文件是空的"),
    ],
)
def test_what_cannot_be_used_is_told_on_the_page_and_nothing_is_kept(world, sign_in, content, name, said):
    answer = sent(sign_in("office"), content, name=name)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not OwnTemplate.objects.exists()


def test_what_an_excel_form_loses_is_named_before_it_is_used(world, sign_in):
    client = sign_in("office")
    answer = sent(client, drawn(), kind="three-lists", name="清单.xlsx")
    page = client.get(answer["Location"]).content.decode()
    assert "填写后的文件中不会有" in page
    assert "文本框" in page


def test_a_template_to_begin_with_is_offered(world, sign_in):
    client = sign_in("office")
    for kind in ("month-report", "bulletin", "criticism", "three-lists", "rectification-list"):
        answer = client.get(reverse("own_template_sample", args=["QH2022", "2022-06", kind]))
        assert b"".join(answer.streaming_content).startswith(b"PK")


@pytest.mark.parametrize("versions", [1, 3])
def test_the_page_costs_the_same_for_one_version_and_three(world, sign_in, versions, django_assert_num_queries):
    for number in range(versions):
        paper = WordPaper("试验")
        paper.paragraph(f"{{{{ 标题 }}}}{number}")
        keep(world, paper.content(), used=not number)
    client = sign_in("office")
    client.get("/")
    with django_assert_num_queries(33):
        assert client.get(reverse("own_template", args=PAPER)).status_code == 200
