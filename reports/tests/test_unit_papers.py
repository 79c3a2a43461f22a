"""季度工作成果 of a unit: drafted from its rows, edited by the unit, kept as it was handed in."""

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime
from types import SimpleNamespace

import docx
import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.domain.memberships import grant_membership
from accounts.enums import Role
from campaigns.models import RosterEntry
from campaigns.tests.setup_page import fields_of
from core.audit import digest
from core.child import require_no_transaction
from core.exceptions import NotAllowed, Refused
from core.models import Job
from core.office_forms import Filled
from core.tests.forms import word
from reports.documents import unit_pack as unit_pack_document
from reports.documents.quarter_results import QUARTER_RESULTS
from reports.documents.registry import PAPERS, basis, write_paper
from reports.documents.special_report import chosen_photos
from reports.documents.template_values import sample_paper
from reports.documents.text_papers import basis_of, text_paper
from reports.domain import own_templates
from reports.domain.compile import period_in
from reports.domain.paper_pdf_job import run_job
from reports.domain.paper_texts import require_author, save_text
from reports.domain.publishing import shown_with
from reports.domain.submissions import lifecycle
from reports.domain.submissions.content import query_of_unit
from reports.domain.submissions.papers import papers_sent
from reports.domain.unit_pack import unit_pack
from reports.domain.walk_content import Photo
from reports.models import PaperText, SubmittedPaper
from reports.tests.quarter import planned, quarterly, struck_off, walked_in_may
from tests.cast import TZ, cast_after
from tests.faults.proofs import browser

SENT_AT = datetime(2016, 7, 7, 17, 0, tzinfo=TZ)
pytestmark = pytest.mark.clock(SENT_AT)
KEY = QUARTER_RESULTS.key


@pytest.fixture
def cast(db, clock):
    """One walk of the unit: one issue closed with a reduction, one about a guide under way, one overdue."""
    return cast_after("quarter", a_quarter)


def a_quarter(cast) -> None:
    cast.campaign = quarterly(cast)
    closed, guide, late = walked_in_may(cast, cast.campaign, "材料重复", "指南缺少示范文本", "窗口少")
    planned(cast, closed, "共享数据", due=date(2016, 6, 30), reductions=[("documents", 5, 2)])
    struck_off(cast, closed)
    planned(cast, guide, "补充办事指南示范文本", due=date(2016, 7, 20))
    planned(cast, late, "增设窗口", due=date(2016, 6, 10))


@pytest.fixture
def query(cast):
    quarter = period_in(cast.campaign, "2016Q2")
    return query_of_unit(cast.campaign, quarter, cast.unit.pk, cast.unit.name, timezone.localdate())


def words_of(content: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs)


def written(query) -> bytes:
    return write_paper(query, KEY, "docx", actor=None)[0].read()


def send(cast, query, **options):
    [one] = lifecycle.send(
        campaign=query.campaign, period=query.period, unit_id=cast.unit.pk, actor=cast.liaison, **options
    )
    return one


def save(cast, query, seen=0, actor=None, **texts):
    material = QUARTER_RESULTS.material(query)
    given = {"paper": KEY, "texts": texts, "restored": frozenset(), "seen": seen}
    return save_text(material=material, actor=actor or cast.liaison, **given)


def test_it_says_what_the_unit_walked_found_mended_and_changed_in_its_guides(cast, query):
    assert written(query) == written(query)
    words = words_of(written(query))
    for said in (
        "县民政局2016年第2季度工作成果",
        "县公共行政服务中心、县政府督查办：",
        "本单位开展体验活动1次，参与1人次，其中主要负责同志1人次，体验事项1个、1项次。",
        "共发现问题3个，其中：办事指南与公开3个。",
        "已销号1个，未到期1个，逾期1个；整改率33.3%",
        f"1.“{cast.item.name}”：减材料5→2份（共享数据），办事指南的相应内容随之调整。",
        f"2.“{cast.item.name}”：补充办事指南示范文本（正在落实）。",
        "通过＿＿＿＿＿＿＿（渠道）向社会公布。",
        "主要负责同志（签字）：＿＿＿＿＿＿＿\n县民政局（盖章）\n2016年7月7日",
    ):
        assert said in words


def test_only_a_quarter_of_a_campaign_that_reports_by_quarters_has_it(cast, query):
    month = query_of_unit(query.campaign, period_in(query.campaign, "2016-05"), cast.unit.pk, "", query.as_of)
    whole = replace(query, period=period_in(query.campaign, "all"))
    for other in (month, whole):
        with pytest.raises(Refused, match=f"没有要求{other.period.label}的工作成果"):
            written(other)


def test_the_unit_writes_its_text_and_nobody_else_does(cast, query):
    save(cast, query, problems="我局查找问题{发现问题}个。")
    assert "我局查找问题3个。" in words_of(written(query))
    other = query_of_unit(query.campaign, query.period, cast.second_unit.pk, cast.second_unit.name, query.as_of)
    assert "我局查找" not in words_of(written(other))
    for persona in ("office", "second_liaison", "center", "responsible", "supervisor"):
        with pytest.raises(NotAllowed):
            require_author(query, KEY, cast.people[persona])
    assert PaperText.objects.get().department == cast.unit


@pytest.mark.both_databases
def test_what_was_handed_in_stays_byte_by_byte(cast, query):
    one = send(cast, query)
    first = papers_sent(one).get()
    assert one.data["papers"] == {KEY: first.sha256}
    assert bytes(first.content) == written(query)
    save(cast, query, next="改后的打算。")
    assert bytes(papers_sent(one).get().content) != written(query)
    for statement in ("UPDATE reports_submittedpaper SET version = 9", "DELETE FROM reports_submittedpaper"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    lifecycle.perform(submission=one, action="return", actor=cast.office, note="缺公布情况")
    again = send(cast, query)
    assert "改后的打算。" in words_of(bytes(papers_sent(again).get().content))
    assert SubmittedPaper.objects.filter(submission=one).count() == 2


def packed(query) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(unit_pack_document.written(unit_pack(query))))


def test_the_pack_of_the_unit_holds_the_paper_as_it_was_handed_in(cast, query):
    assert "工作成果：尚未报送，没有列入。" in packed(query).read("目录.txt").decode("utf-8-sig")
    one = send(cast, query)
    save(cast, query, next="改后的打算。")
    name = "报送材料/20160707_县民政局_2016年第2季度工作成果.docx"
    assert packed(query).read(name) == bytes(papers_sent(one).get().content)
    assert f"1. {name}（2016年7月7日报送）" in packed(query).read("目录.txt").decode("utf-8-sig")
    lifecycle.perform(submission=one, action="return", actor=cast.office, note="缺公布情况")
    assert "（2016年7月7日报送，已退回）" in packed(query).read("目录.txt").decode("utf-8-sig")
    send(cast, query)
    assert "改后的打算。" in words_of(packed(query).read(name))
    earlier = replace(query, as_of=date(2016, 7, 6))
    assert name not in packed(earlier).namelist()


def test_a_returned_paper_is_addressed_to_whom_it_goes_again(cast, query):
    """By then the unit has left the roster: nothing is owed of it, and the part goes to its old receivers."""
    one = send(cast, query)
    lifecycle.perform(submission=one, action="return", actor=cast.office, note="缺公布情况")
    RosterEntry.objects.filter(campaign=query.campaign, department=cast.unit).update(left_on=date(2016, 6, 1))
    kept = papers_sent(send(cast, query)).get()
    assert "县公共行政服务中心、县政府督查办：" in words_of(bytes(kept.content))


def test_papers_are_written_before_the_transaction_of_sending(cast, query, monkeypatch):
    """SQLite has one writer: nobody waits while photos are read and a file is zipped."""
    made = []

    def watched(*given):
        require_no_transaction()
        made.append(text_paper(*given))
        return made[-1]

    monkeypatch.setattr("reports.documents.registry.text_paper", watched)
    client = browser(cast.liaison)
    place = reverse("submission_send", args=[query.campaign.code, query.period.code, cast.unit.pk])
    assert client.post(place, fields_of(client.get(place).context["form"])).status_code == 302
    [kept] = SubmittedPaper.objects.all()
    assert [bytes(kept.content)] == made


def test_a_paper_whose_data_changed_since_it_was_written_is_written_again(cast, query):
    prepared = lifecycle.prepare_papers(query.campaign, query.period, cast.unit.pk, query.as_of)
    assert list(prepared.values()) == [written(query)]
    save(cast, query, next="改后的打算。")
    assert "改后的打算。" in words_of(bytes(papers_sent(send(cast, query, prepared=prepared)).get().content))


def test_a_paper_is_known_by_everything_its_file_is_made_of(query):
    material = QUARTER_RESULTS.material(query)

    def with_photo(name: str, left: int = 0):
        photo = Photo(SimpleNamespace(served_name=name), "窗口")
        return replace(QUARTER_RESULTS, photos=lambda _: ([photo], left))

    known = [
        basis_of(QUARTER_RESULTS, material, {}),
        basis_of(QUARTER_RESULTS, material, {"next": "甲。"}),
        # A field that a template alone names.
        basis_of(QUARTER_RESULTS, replace(material, sent_late=("县公安局",)), {}),
        *(basis_of(with_photo(*photo), material, {}) for photo in (("甲.jpg",), ("乙.jpg",), ("甲.jpg", 1))),
    ]
    assert len({digest(one) for one in known}) == len(known)


def test_a_text_with_an_unknown_field_is_not_handed_in(cast, query):
    text = save(cast, query, next="甲。")
    place = {"campaign": query.campaign, "period": query.period.code, "paper": KEY, "department": cast.unit}
    PaperText.objects.create(
        **place, version=2, paragraphs={"next": "{没有}"}, saved_at=SENT_AT, saved_by=text.saved_by
    )
    with pytest.raises(Refused, match="没有报送：工作成果“存在的不足和下步打算”"):
        send(cast, query)


def test_the_offices_own_template_is_filled_for_each_unit(cast, query):
    def use(content):
        made, _ = own_templates.upload(
            campaign=query.campaign, paper=KEY, name="模板.docx", content=content, filled=Filled(b"", ()),
            actor=cast.office,
        )  # fmt: skip
        seen = own_templates.token_of(own_templates.template_in_use(query.campaign, KEY))
        own_templates.use(template=made, seen=seen, actor=cast.office)

    own = words_of(written(query))
    known = basis(query, PAPERS[KEY])
    use(sample_paper(QUARTER_RESULTS))
    assert words_of(written(query)) == own
    assert basis(query, PAPERS[KEY]) != known, "what was written before the template was chosen is written again"
    use(word("{{ 署名 }}查找问题{{ 发现问题 }}个"))
    assert "县民政局查找问题3个" in words_of(bytes(papers_sent(send(cast, query)).get().content))


def test_the_pages_of_unit_and_receivers(cast, query):
    """The unit finds paper and text where it reports and sends; both receivers and the office read what was sent."""
    client, args = browser(cast.liaison), [query.campaign.code, query.period.code]
    paper = reverse("paper", args=[*args, KEY])
    place = reverse("submission_send", args=[*args, cast.unit.pk])
    for page in (reverse("report", args=args), place):
        html = client.get(page).content.decode()
        assert paper in html
        assert reverse("paper_text", args=[*args, KEY]) in html
    assert client.get(paper, {"unit": cast.unit.pk}).status_code == 200
    assert client.get(paper, {"unit": cast.second_unit.pk}).status_code == 404
    text = client.get(reverse("paper_text", args=[*args, KEY]))
    answer = client.post(text.request["PATH_INFO"], fields_of(text.context["form"]) | {"text_next": "补7777次。"})
    assert answer.status_code == 302
    assert "<strong>7777</strong>" in client.get(place).content.decode()
    assert browser(cast.office).get(paper).status_code == 404
    one = send(cast, query)
    kept = reverse("submission_paper", args=[one.public_id, KEY])
    for persona, status in {"center": 200, "inspection": 200, "office": 200, "liaison": 200, "lead": 404}.items():
        assert browser(cast.people[persona]).get(kept).status_code == status, persona
    assert kept in browser(cast.inspection).get(reverse("submission", args=[one.public_id])).content.decode()


def test_who_works_for_two_units_has_a_paper_of_each(cast, query, monkeypatch):
    made = []
    monkeypatch.setattr(
        "reports.domain.paper_pdf_job.write_paper",
        lambda asked, *rest, **more: (io.BytesIO(b"%PDF"), made.append(asked.report_scope.label) or "甲.pdf"),
    )
    grant_membership(user=cast.liaison, department=cast.second_unit, role=Role.LIAISON)
    client, args = browser(cast.liaison), [query.campaign.code, query.period.code]
    page = client.get(reverse("report", args=args)).content.decode()
    for unit, said in ((cast.unit, "开展体验活动1次"), (cast.second_unit, "本单位未开展体验活动。")):
        assert f"{unit.name}工作成果（Word）" in page
        paper = client.get(reverse("paper", args=[*args, KEY]), {"unit": unit.pk})
        assert said in words_of(paper.getvalue())
        answer = client.post(f"{reverse('paper_pdf', args=[*args, KEY])}?unit={unit.pk}")
        run_job(answer["Location"].split("/")[2])
        assert made[-1] == unit.name
    assert client.get(reverse("paper", args=[*args, KEY])).status_code == 404
    answer = client.post(f"{reverse('paper_pdf', args=[*args, KEY])}?unit={cast.second_unit.pk}")
    RosterEntry.objects.filter(department=cast.second_unit).delete()
    run_job(answer["Location"].split("/")[2])
    assert Job.objects.get(pk=answer["Location"].split("/")[2]).message == "您已看不到该单位的材料，没有生成。"


def test_the_office_brings_a_template_for_what_units_write(cast, query):
    args = [query.campaign.code, query.period.code]
    client = browser(cast.office)
    address = reverse("own_template", args=[*args, KEY])
    assert address in client.get(reverse("report", args=args)).content.decode()
    assert client.get(address).status_code == 200


def test_a_template_is_looked_at_with_a_unit_that_walked(cast, query):
    """县公安局 stands first in the list and walked nothing."""
    shown = shown_with(query.campaign, query.period, PAPERS[KEY])
    assert shown.report_scope.label == "县民政局"
    earlier = shown_with(query.campaign, period_in(query.campaign, "2016Q1"), PAPERS[KEY])
    assert earlier.report_scope.label == "县公安局"


def test_of_every_walk_a_picture_is_shown_before_a_second_of_any():
    """Three walks with 15, 1 and 9 pictures, of which a file holds 20."""
    walks = [
        SimpleNamespace(
            walk=SimpleNamespace(item_name=name), photos=[Photo(None, str(place)) for place in range(count)]
        )
        for name, count in (("甲", 15), ("乙", 1), ("丙", 9))
    ]
    chosen = [photo.place for photo in chosen_photos(tuple(walks))]
    assert chosen == [f"甲，{place}" for place in range(10)] + ["乙，0"] + [f"丙，{place}" for place in range(9)]
