"""Searching the ledger as people type."""

from datetime import date

import pytest
from django.http import QueryDict

from core.text import search_text
from issues.domain import lifecycle
from issues.domain.search import index_text
from issues.enums import SlipColour
from issues.models import Issue, Slip
from issues.tables import select
from tests.cast import NOON, issue_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def found(cast, text: str) -> int:
    params = QueryDict(mutable=True)
    params["q"] = text
    return select(cast.office, params, NOON.date()).queryset.count()


FOUND = (
    *("QH2022-00001", "qh2022", "ＱＨ２０２２－００００１", "未一次性告知", "结婚登记", "jhdj", "JHDJ"),
    *("县民政局", "xmzj", "  告知   结婚 ", "00001 jhdj"),
    *("1", "01", "2022-1", "qh2022-1", "２０２２－１", "QH2022–001"),
)


def test_number_words_item_unit_and_initials_are_found_whatever_the_width(cast, subtests):
    issue_in(cast, "rectifying")
    for text in FOUND:
        with subtests.test(text):
            assert found(cast, text) == 1


def test_every_word_must_occur_and_no_sign_is_a_wildcard(cast, subtests):
    issue_in(cast, "rectifying")
    for text in (
        "告知 离婚",
        "%",
        "_",
        "QH2022-00002",
        "\\",
        "0",
        "2",
        "202",
        "2022-11",
        "2021-1",
        "-1*",
        "督办(2022)1号",
    ):
        with subtests.test(text):
            assert found(cast, text) == 0


def test_the_person_and_the_unit_it_was_given_to_are_found_too(cast):
    issue_in(cast, "assigned")
    assert found(cast, "县公安局") == 1
    issue = issue_in(cast, "planning")
    data = {"responsible_name": "欧阳建国", "measures": "整改", "due_on": NOON.date()}
    lifecycle.perform(issue=issue, action="plan", actor=cast.liaison, data=data, now=NOON)
    assert found(cast, "欧阳建国") == 1
    assert found(cast, "oyjg") == 1


def test_a_short_number_finds_no_longer_one(cast, subtests):
    issue = issue_in(cast, "rectifying")
    Issue.objects.filter(pk=issue.pk).update(search_text=search_text("QH2022-00370", "台账〔2021〕37号", "用了137天"))
    for text, there in (
        ("370", 1),
        ("0370", 1),
        ("37", 1),
        ("137", 1),
        ("1370", 0),
        ("7", 0),
        ("3", 0),
        ("［2021］37号", 1),
    ):
        with subtests.test(text):
            assert found(cast, text) == there


def test_the_number_of_a_slip_finds_its_issue_in_any_brackets_for_who_sees_it(cast, subtests):
    issue = issue_in(cast, "rectifying")
    day = issue.due_on
    Slip.objects.create(
        issue=issue, campaign=issue.campaign, year=2022, sequence=3, number="督办〔2022〕3号", colour=SlipColour.BLUE,
        department=issue.responsible_department, demand="请抓紧", reply_by=day, signed_by=cast.office, signed_at=NOON,
    )  # fmt: skip
    for text in ("督办〔2022〕3号", "督办［2022］3号", "督办(２０２２)3号", "[2022]3号 jhdj"):
        with subtests.test(text):
            assert found(cast, text) == 1
    assert found(cast, "督办〔2022〕4号") == 0
    params = QueryDict(mutable=True)
    params["q"] = "督办〔2022〕3号"
    assert select(cast.office_other_county, params, NOON.date()).queryset.count() == 0


def test_the_number_of_the_letter_it_went_up_with_finds_an_issue(cast, subtests):
    issue = issue_in(cast, "rectifying")
    data = {"referred_to": "市民政局", "note": "青营商函［2022］7号，请予研究，电话 13812345678"}
    lifecycle.perform(issue=issue, action="refer", actor=cast.office, data=data, now=NOON)
    lifecycle.perform(issue=issue, action="resume", actor=cast.office, data={"due_on": date(2022, 7, 8)}, now=NOON)
    for text, there in (
        ("青营商函〔2022〕7号", 1),
        ("(2022)7号 结婚", 1),
        ("（２０２２）7号", 1),
        ("(2022)8号", 0),
        ("(1381)2号", 0),
    ):
        with subtests.test(text):
            assert found(cast, text) == there


def test_a_long_text_leaves_unit_and_item_to_be_found(cast):
    issue = issue_in(cast, "rectifying")
    issue.description = "长" * 2000
    Issue.objects.filter(pk=issue.pk).update(search_text=index_text(issue))
    assert found(cast, "xmzj jhdj 长长") == 1
