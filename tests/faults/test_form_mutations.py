"""Mutation tests of what an office brings and types: each guard is removed once, and its proof must fail without it."""

import io
from dataclasses import replace
from datetime import date, datetime
from unittest.mock import patch

import openpyxl
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from campaigns.tests.setup_page import fields_of
from core import docx_filler, xlsx_filler
from core.content_token import content_token
from core.docx import Environment
from core.exceptions import NotAllowed, Refused, StaleVersion
from core.form_package import UnusableForm
from core.forms import VersionedForm
from core.office_forms import Filled
from core.tests.forms import JOB, LISTED, VALUES, excel, ruled, with_part, word
from reports.documents.material import period_material
from reports.domain import own_templates
from reports.domain.compile import period_in
from reports.domain.figures import ReportQuery
from reports.domain.paper_texts import save_text
from reports.domain.publishing import publish
from reports.domain.queries import SYSTEM, ReportScope
from reports.domain.submissions.lines import open_parts
from reports.models import PaperText
from tests.cast import TZ, reported_walk
from tests.faults.fault import Fault, FaultTests, no_triggers, replaced, rewritten
from tests.faults.proofs import browser

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.clock(datetime(2022, 6, 25, 10, 0, tzinfo=TZ)),
]
DAY = date(2022, 6, 21)
PAGE = "/reports/QH2022/2022-06/papers/month-report/text/"


def the_query(cast) -> ReportQuery:
    return ReportQuery(cast.campaign, period_in(cast.campaign, "2022-06"), DAY, SYSTEM)


def saved(cast, seen: int = 0, **texts: str):
    material = period_material(the_query(cast))
    given = {"paper": "month-report", "texts": texts, "restored": frozenset(), "seen": seen}
    return save_text(material=material, actor=cast.office, **given)


def a_typed_number_is_not_published_unconfirmed(cast):
    saved(cast, problems="共发现问题7777个。")
    query = the_query(cast)
    named = open_parts(query.campaign, query.period, today=timezone.localdate()).token
    with pytest.raises(Refused):
        publish(campaign=query.campaign, period=query.period, actor=cast.office, as_of=DAY, confirmed=named)


def a_text_is_not_overwritten_unseen(cast):
    saved(cast, problems="甲。")
    with pytest.raises(StaleVersion):
        saved(cast, problems="乙。")


def the_office_writes_no_text_of_a_unit(cast):
    scope = ReportScope("unit", cast.unit.name, None, frozenset({cast.unit.pk}))
    material = period_material(replace(the_query(cast), report_scope=scope))
    given = {"paper": "quarter-results", "texts": {"next": "甲。"}, "restored": frozenset(), "seen": 0}
    with pytest.raises(NotAllowed):
        save_text(material=material, actor=cast.office, **given)


def a_template_in_use_is_not_replaced_unseen(cast):
    forms = []
    for content in (word("{{ 标题 }}"), word("{{ 期间 }}")):
        given = {"campaign": cast.campaign, "paper": "month-report", "name": "模板", "content": content}
        forms.append(own_templates.upload(filled=Filled(content, ()), actor=cast.office, **given)[0])
    seen = own_templates.token_of(None)
    own_templates.use(template=forms[0], seen=seen, actor=cast.office)
    with pytest.raises(StaleVersion):
        own_templates.use(template=forms[1], seen=seen, actor=cast.office_second)


def a_saved_text_is_never_written_again(cast):
    saved(cast, problems="甲。")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE reports_papertext SET version = 9")


def a_form_with_macros_is_not_opened(cast):
    for filled, form, values in (
        (docx_filler.filled, with_part(word("{{ 标题 }}"), "word/vbaProject.bin", b"x"), VALUES),
        (xlsx_filler.filled, with_part(excel(), "xl/vbaProject.bin", b"x"), LISTED),
    ):
        with pytest.raises(UnusableForm):
            filled(form, values, JOB)


def a_form_switches_no_escaping_off(cast):
    with pytest.raises(UnusableForm):
        docx_filler.filled(word("{{ 标题|safe }}"), VALUES, JOB)


def a_value_stands_within_its_run(cast):
    with pytest.raises(UnusableForm):
        docx_filler.filled(word("{{r 标题 }}"), VALUES, JOB)


def a_filled_cell_is_no_formula(cast):
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_filler.filled(excel(), LISTED, JOB)[0])).active
    assert sheet["B4"].data_type == "s"


def no_condition_of_a_form_reaches_out(cast):
    with pytest.raises(UnusableForm):
        xlsx_filler.filled(ruled("=cmd|'/c calc'!A1"), LISTED, JOB)


def only_the_chapter_that_was_changed_is_an_edited_one(cast):
    """The draft of the others has changed since the page was opened."""
    office = browser(cast.office)
    page = office.get(PAGE)
    reported_walk(cast, as_conforming=True)
    assert office.post(PAGE, fields_of(page.context["form"]) | {"text_problems": "甲。"}).status_code == 302
    assert PaperText.objects.get().paragraphs == {"problems": "甲。"}


def after_a_conflict_the_other_chapters_are_shown_as_stored(cast):
    first, second = browser(cast.office), browser(cast.office_second)
    opened, also = first.get(PAGE), second.get(PAGE)
    first.post(PAGE, fields_of(opened.context["form"]) | {"text_problems": "甲。", "text_practice": "甲的做法。"})
    answer = second.post(PAGE, fields_of(also.context["form"]) | {"text_practice": "乙。"})
    shown = fields_of(answer.context["form"])
    assert (answer.status_code, shown["text_practice"]) == (409, "乙。")
    assert (shown["text_problems"], shown["shown_problems"]) == ("甲。", content_token("甲。"))
    assert second.post(PAGE, shown).status_code == 302
    assert PaperText.objects.latest("version").paragraphs == {"problems": "甲。", "practice": "乙。"}


def put(cell, text):
    cell.value = text


FORM = "reports.forms.papers.PaperTextForm"
FAULTS = (
    Fault(
        a_typed_number_is_not_published_unconfirmed,
        lambda: [patch("reports.domain.publishing._checked_numbers", lambda query, confirmed: [])],
    ),
    Fault(
        a_text_is_not_overwritten_unseen,
        lambda: [patch("reports.domain.paper_texts.require_unchanged", lambda **words: None)],
    ),
    Fault(
        the_office_writes_no_text_of_a_unit,
        rewritten(
            "reports.domain.paper_texts.require_author",
            "if not query.report_scope.departments & scope_of(actor).units",
            "if False",
        ),
    ),
    Fault(
        a_template_in_use_is_not_replaced_unseen,
        lambda: [patch("reports.domain.own_templates.token_of", lambda used: "")],
    ),
    Fault(a_saved_text_is_never_written_again, no_triggers("reports_papertext")),
    Fault(
        a_form_with_macros_is_not_opened,
        lambda: [
            patch("core.docx_filler.require_harmless", lambda *form, **limits: []),
            patch("core.xlsx_filler.require_harmless", lambda *form, **limits: []),
        ],
    ),
    Fault(
        a_form_switches_no_escaping_off,
        lambda: [patch.object(Environment, "checked", lambda self, source: self.parse(source))],
    ),
    Fault(
        only_the_chapter_that_was_changed_is_an_edited_one,
        replaced(f"{FORM}._is_untouched", lambda form, key, text: False),
    ),
    Fault(
        after_a_conflict_the_other_chapters_are_shown_as_stored,
        replaced(f"{FORM}.show_conflict", VersionedForm.show_conflict),
    ),
    Fault(a_value_stands_within_its_run, lambda: [patch("core.docx_filler._outside_its_run", lambda mark: "")]),
    Fault(a_filled_cell_is_no_formula, lambda: [patch("core.xlsx_filler._put_text", put)]),
    Fault(no_condition_of_a_form_reaches_out, lambda: [patch("core.xlsx_filler._reaching_out", lambda sheet: [])]),
)


class TestFaults(FaultTests):
    pass
