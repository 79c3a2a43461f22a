"""The office's text of 工作总结: fields are refilled, typed numbers are marked, nobody overwrites anybody."""

import io
from dataclasses import replace
from datetime import datetime

import docx
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from core.content_token import content_token
from core.exceptions import NotAllowed, Refused, StaleVersion
from core.idempotency import new_key
from core.models import AuditEntry
from reports.documents.fields import named_fields
from reports.documents.material import period_material
from reports.documents.numbers import typed_numbers
from reports.documents.registry import write_paper
from reports.domain.compile import period_in
from reports.domain.figures import ReportQuery
from reports.domain.paper_texts import open_text, save_text
from reports.domain.publishing import numbers_token, publish
from reports.domain.queries import SYSTEM, report_scopes
from reports.domain.submissions.lines import open_parts
from reports.models import PaperText, Publication
from reports.tests.world import AS_OF, at, walk
from tests.cast import TZ

NOW = datetime(2022, 6, 25, 10, 0, tzinfo=TZ)
pytestmark = pytest.mark.clock(NOW)
REPORT = "month-report"
ADDRESS = ("QH2022", "2022-06", REPORT)


@pytest.fixture
def query(world):
    campaign = world.cast.campaign
    return ReportQuery(campaign, period_in(campaign, "2022-06"), AS_OF, SYSTEM)


@pytest.fixture
def save(world, query):
    def keep(seen=0, restored=(), **texts):
        return save_text(
            material=period_material(query), paper=REPORT, texts=texts, restored=frozenset(restored), seen=seen,
            actor=world.cast.office,
        )  # fmt: skip

    return keep


def report_words(query) -> str:
    file, _ = write_paper(query, "month-report", "docx", actor=None)
    return "\n".join(paragraph.text for paragraph in docx.Document(file).paragraphs)


def test_what_the_office_wrote_is_in_the_paper_and_its_figures_are_refilled(world, query, save):
    save(problems="总体平稳。\n共发现问题{发现问题}个，活动{活动次数}次，{{不是字段}}。")
    words = report_words(query)
    assert "总体平稳。\n共发现问题9个，活动3次，{不是字段}。" in words
    assert "参加单位4个，已开展2个" in words, "the chapters nobody edited are drafted"
    walk(world.cast, walker=world.cast.principal, unit=world.cast.unit, item=world.cast.item, day=at(11))
    assert "活动4次" in report_words(query)


def test_a_text_is_the_campaigns_and_not_that_of_a_receiving_unit(world, query, save):
    save(practice="只在全县的总结里。")
    [part] = [one for one in report_scopes(world.cast.lead, [query.campaign])[query.campaign.pk] if one.kind == "lead"]
    assert "只在全县的总结里。" not in report_words(replace(query, report_scope=part))


def test_an_unknown_field_is_named_with_near_names_and_nothing_is_kept(save):
    with pytest.raises(Refused) as refused:
        save(problems="共{发现问题数}个。")
    assert "{发现问题数}" in refused.value.fields["text_problems"]
    assert "{发现问题}" in refused.value.fields["text_problems"]
    assert not PaperText.objects.exists()


@pytest.mark.parametrize(
    ("text", "around"),
    [
        ("共发现问题{发现问题个。", ["共发现问题{发现问题个。"]),
        ("共发现问题发现问题}个。", ["发现问题发现问题}个。"]),
        ("共{ 发现问题 }个。", ["共{ 发现问题 }个。"]),
        ("共{发现问题}个{{甲}}。\n以上{", ["以上{"]),
        ("{{{发现问题}}}个", []),
    ],
)
def test_a_brace_that_forms_no_field_is_named_and_nothing_is_kept(save, text, around):
    if not around:
        assert save(problems=text).version == 1
        return
    with pytest.raises(Refused) as refused:
        save(problems=text)
    for one in around:
        assert f"“{one}”中的大括号没有写成字段，要写出大括号本身，请连写两个" in refused.value.fields["text_problems"]
    assert not PaperText.objects.exists()


def test_a_chapter_goes_back_to_the_draft_and_the_same_text_makes_no_version(query, save):
    first = save(problems="甲。", practice="乙。")
    assert save(seen=1, problems="甲。") == first
    second = save(seen=1, restored=["problems"])
    assert (second.version, second.paragraphs) == (2, {"practice": "乙。"})
    draft = {one.key: one.text for one in open_text(period_material(query), REPORT).chapters}
    assert save(seen=2, next=draft["next"]) == second
    assert "其中：" in report_words(query)


@pytest.mark.both_databases
def test_the_second_of_two_editors_overwrites_nothing(world, save):
    save(problems="甲。")
    with pytest.raises(StaleVersion, match="材料文字在本页打开以后已有改动"):
        save(seen=0, practice="乙。")
    assert PaperText.objects.count() == 1


def test_only_the_office_of_the_campaign_saves(world, query):
    for persona in ("lead", "supervisor", "office_city", "principal"):
        with pytest.raises(NotAllowed):
            save_text(
                material=period_material(query), paper=REPORT, texts={"next": "甲。"}, restored=frozenset(), seen=0,
                actor=world.cast.people[persona],
            )  # fmt: skip


@pytest.mark.both_databases
def test_a_version_of_a_text_is_never_written_again(save):
    save(problems="甲。")
    for statement in ("UPDATE reports_papertext SET version = 9", "DELETE FROM reports_papertext"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("发现问题9个，整改率44.4%。", []),
        ("发现问题12个。", ["12"]),
        ("发现问题１２个，另有1,234件。", ["12", "1,234"]),
        ("2022年6月20日前，6月份，5月21日至6月20日，20日前，2022-06-20，9时30分。", []),
        ("县政办发〔2022〕77号、第77号、附件17、表18。", []),
        ("1.办事难；2.跑动多。\n（17）其他。第19批，A4纸，12345热线，2季度。", []),
        ("压缩至15日内。", ["15"]),
        ("{发现问题}个{{77}}", ["77"]),
        ("共3.75个", ["3.75"]),
    ],
)
def test_typed_numbers_are_those_no_figure_has(query, text, found):
    fields = {"发现问题": "9", "整改率": "44.4%", "未开展未报送单位名单": "县司法局"}
    assert [one.number for one in typed_numbers(text, (), fields)] == found


def test_the_nearest_field_is_the_one_named_before_the_number_else_by_value(query):
    fields = named_fields(period_material(query))
    [named] = typed_numbers("共发现问题12个", (), fields)
    assert named.nearest == "发现问题＝9"
    [near] = typed_numbers("合计45件", (), fields)
    assert near.nearest.endswith("44.4%")


def test_a_line_of_the_draft_was_not_typed(query):
    assert typed_numbers("减时间10→6个工作日", ("减时间10→6个工作日",), {}) == []


def test_publishing_waits_for_a_typed_number_and_freezes_the_text(world, query, save):
    save(problems="共发现问题12个。")
    given = {"campaign": query.campaign, "period": query.period, "actor": world.cast.office, "as_of": AS_OF}
    given["confirmed"] = open_parts(query.campaign, query.period, today=timezone.localdate()).token
    with pytest.raises(Refused, match="12") as refused:
        publish(**given)
    assert "numbers_confirmed" in refused.value.fields
    token = numbers_token([open_text(period_material(query), REPORT)])
    save(seen=1, problems="共发现问题13个。")
    with pytest.raises(Refused, match="13"):
        publish(**given, numbers=token)
    first = publish(**given, numbers=numbers_token([open_text(period_material(query), REPORT)]))
    assert AuditEntry.objects.get(action="summary.published").detail["numbers_confirmed"] == [
        "工作总结 发现的主要问题 13"
    ]
    save(seen=2, problems="共发现问题{发现问题}个。")
    content = io.BytesIO(bytes(first.files.get(paper="month-report").content))
    assert "共发现问题13个。" in "\n".join(one.text for one in docx.Document(content).paragraphs)
    with pytest.raises(Refused, match="更正"):
        publish(**given)


def test_a_field_that_is_gone_stops_publishing(world, query):
    PaperText.objects.create(
        campaign=query.campaign, period=query.period.code, paper="month-report", version=1,
        paragraphs={"problems": "旧分类{旧分类问题}个。"}, saved_at=NOW, saved_by=world.cast.office,
    )  # fmt: skip
    with pytest.raises(Refused, match="旧分类问题"):
        publish(campaign=query.campaign, period=query.period, actor=world.cast.office, as_of=AS_OF)


def test_the_command_publishes_typed_numbers_only_when_told(world, save):
    save(problems="共发现问题12个。")
    options = {"campaign": "QH2022", "period": "2022-06", "as_of": str(AS_OF)}
    with pytest.raises(CommandError, match="12"):
        call_command("publish", **options)
    call_command("publish", **options, confirm_numbers=True)
    assert Publication.objects.count() == 1


def posted(page, **changed) -> dict:
    """What the browser sends for the form of a page."""
    form = page.context["form"]
    data = {"idempotency_key": new_key(), "version": form["version"].value()}
    for row in form.rows():
        data[row["text"].name], data[row["shown"].name] = row["text"].value(), row["shown"].value()
    return data | changed


def test_the_page_saves_what_was_changed_and_shows_both_texts_to_the_second(world, sign_in):
    first, second = sign_in("office"), sign_in("office_second")
    address = reverse("paper_text", args=ADDRESS)
    opened, also = first.get(address), second.get(address)
    assert "{已开展单位}" in opened.content.decode()
    assert first.post(address, posted(opened, text_problems="甲的文字{发现问题}。")).status_code == 302
    assert PaperText.objects.get().paragraphs == {"problems": "甲的文字{发现问题}。"}
    answer = second.post(address, posted(also, text_practice="乙的文字。", text_problems="乙的问题。"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "甲的文字{发现问题}。" in page
    assert "乙的问题。" in page
    again = posted(answer, text_practice="乙的文字。", text_problems="乙的问题。")
    assert second.post(address, again).status_code == 302
    assert PaperText.objects.latest("version").paragraphs == {"problems": "乙的问题。", "practice": "乙的文字。"}


def test_a_text_sent_twice_is_saved_once_and_shown_again(world, sign_in):
    client, address = sign_in("office"), reverse("paper_text", args=ADDRESS)
    sent = posted(client.get(address), text_problems="甲的文字{发现问题}。")
    assert [client.post(address, sent).status_code for _ in range(2)] == [302, 302]
    assert PaperText.objects.count() == 1


def test_after_a_conflict_a_chapter_nobody_touched_stays_as_it_is_stored(world, sign_in):
    first, second = sign_in("office"), sign_in("office_second")
    address = reverse("paper_text", args=ADDRESS)
    opened, also = first.get(address), second.get(address)
    first.post(address, posted(opened, text_problems="甲的文字。"))
    answer = second.post(address, posted(also, text_practice="乙的文字。"))
    assert answer.status_code == 409
    assert second.post(address, posted(answer)).status_code == 302
    kept = PaperText.objects.latest("version").paragraphs
    assert kept == {"problems": "甲的文字。", "practice": "乙的文字。"}


def test_the_page_of_publishing_lists_typed_numbers_and_takes_the_box(world, sign_in, save):
    save(problems="共发现问题12个。")
    client = sign_in("office")
    address = reverse("report_publish", args=["QH2022", "2022-06"])
    page = client.get(address)
    assert "最接近的字段：发现问题＝9" in page.content.decode()
    data = {"idempotency_key": new_key(), "version": 0, "reason": "", "numbers": page.context["numbers"]}
    data |= {"named": page.context["parts"].token, "confirmed": "on"}
    assert client.post(address, data).status_code == 400
    data |= {"idempotency_key": new_key(), "numbers_confirmed": "on"}
    # What was ticked beside other numbers is not ticked on the page that shows the present ones.
    answer = client.post(address, data | {"numbers": "seen before"})
    assert (answer.status_code, answer.text.count(" checked")) == (400, 1)
    assert client.post(address, data | {"idempotency_key": new_key()}).status_code == 302


def test_a_page_says_the_token_of_what_it_shows(world, sign_in):
    page = sign_in("office").get(reverse("paper_text", args=ADDRESS))
    for row in page.context["form"].rows():
        assert row["shown"].value() == content_token(row["text"].value())
