"""W23 to its close, M18's one-off inspection, H22's week and month: from the activity to the published papers."""

import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import docx
import pytest
from openpyxl import load_workbook

from campaigns.domain.versions import rules_of
from core.office_forms import fill_form
from core.tests.forms import word, words_of
from evidence.domain.store import accept_photo
from issues.domain import intake, lifecycle
from issues.models import Issue
from plans.tests.planning import build_planning
from reports.documents.registry import PAPERS, written
from reports.documents.special_report import SPECIAL_REPORT
from reports.documents.template_values import sample_paper
from reports.documents.walk_papers import write_walk_paper
from reports.domain import own_templates
from reports.domain.comparison import FROZEN, frozen_figures
from reports.domain.compile import period_in
from reports.domain.figures import FIGURES, ReportQuery
from reports.domain.publishing import is_intact, publish
from reports.domain.queries import SYSTEM
from reports.domain.submissions import lifecycle as lifecycle_of_submission
from reports.domain.submissions.content import query_of_unit
from reports.domain.submissions.lines import open_parts
from reports.domain.submissions.papers import papers_sent
from reports.tests.by_hand import counted_by_hand
from tests.access.world import photo
from tests.cast import TZ, conform
from walks.domain import lifecycle as walk_lifecycle
from walks.domain import opening
from walks.domain.guards import wants_stamp

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]
AFTER = timedelta(days=3)


@dataclass(frozen=True)
class Notice:
    """``periods``: what is published of the campaign; each holds the day of the walk."""

    template: str
    start: date
    end: date
    walked: date
    periods: tuple[str, ...]


NOTICES = (
    Notice("wushen-2023", date(2023, 3, 14), date(2023, 4, 15), date(2023, 3, 20), ("all",)),
    Notice("mudanjiang-2018", date(2018, 7, 3), date(2018, 7, 20), date(2018, 7, 5), ("all",)),
    Notice("hunan-2022", date(2022, 3, 1), date(2022, 12, 31), date(2022, 6, 8), ("2022-W23", "2022-06")),
)


def play(cast, notice: Notice) -> Issue:
    """One walk of the head with a problem that is struck off two days later."""
    day = datetime.combine(notice.walked, datetime.min.time(), TZ).replace(hour=10)
    _, rules = rules_of(cast.planned.pk)
    draft = opening.WalkDraft(
        campaign=cast.planned, department_id=cast.unit.pk, item=cast.bundles[0], mode="in_person", place="县政务大厅"
    )
    walk = opening.start(draft, actor=cast.principal, now=day)
    picture = accept_photo(upload=photo(), actor=cast.principal)
    step = {"stage": "consult", "note": "现场咨询", "happened_at": day, "files": [picture]}
    walk_lifecycle.add_step(walk=walk, actor=cast.principal, **step)
    told = {"description": "材料重复提交", "stage": "consult"}
    found = intake.capture(walk=walk, actor=cast.principal, now=day, **told)
    category = rules.rectification.categories[0]
    intake.classify(issue=found, actor=cast.liaison, category=category, department=cast.unit, **told)
    walk.refresh_from_db()
    intake.record_walk(walk=walk, actor=cast.liaison, now=day)
    conform(walk)
    intake.sign_walk(walk=walk, actor=cast.principal, now=day)
    stamped = [accept_photo(upload=photo(), actor=cast.liaison)] if wants_stamp(walk) else []
    [issue] = intake.report_walk(walk=walk, actor=cast.liaison, now=day, stamped=stamped)
    plan = {"responsible_person": cast.responsible, "measures": "共享数据免提交", "due_on": notice.walked + AFTER}
    steps = (
        ("take", cast.liaison, {}),
        ("plan", cast.liaison, plan),
        ("request_closing", cast.responsible, {"result": "已免提交"}),
        ("approve_closing", cast.office, {}),
    )
    for action, actor, data in steps:
        lifecycle.perform(issue=issue, action=action, actor=actor, data=data, now=day + timedelta(days=1))
    return issue


def the_unit_reports_on_everything_it_walked(cast, issue) -> None:
    """专项报告 of a one-off campaign as it was sent: totals, the problem and what became of it, list and picture."""
    now = datetime.combine(cast.planned.ends_on, datetime.min.time(), TZ).replace(hour=9)
    whole = period_in(cast.planned, "all")
    sent = lifecycle_of_submission.send(
        campaign=cast.planned, period=whole, unit_id=cast.unit.pk, actor=cast.liaison, now=now
    )
    [report] = papers_sent(sent[0]).defer(None)
    words = words_of(bytes(report.content))
    for said in (
        f"{cast.unit.name}“一把手”走流程专项报告",
        "本单位开展体验活动1次，参与1人次，其中主要负责同志1人次",
        f"1.“{cast.bundles[0].name}”（",
        "共发现问题1个",
        f"1.{issue.number}（{cast.bundles[0].name}）：共享数据免提交，",
        "已销号",
        "附件：1.问题整改清单",
        "2.体验照片",
        f"图1　{cast.bundles[0].name}，咨询查询：现场咨询",
    ):
        assert said in words, said
    assert len(docx.Document(io.BytesIO(bytes(report.content))).inline_shapes) == 1


def the_pictures_come_into_a_template_of_the_office(cast) -> None:
    """专项报告 in a template says what the product's own says, with its picture; one without the field says so."""
    whole, paper = period_in(cast.planned, "all"), PAPERS["special-report"]
    query = query_of_unit(cast.planned, whole, cast.unit.pk, cast.unit.name, cast.planned.ends_on)
    own, filling = written(query, paper), paper.values(query)
    content = sample_paper(SPECIAL_REPORT)
    filled = fill_form("docx", content, filling.values, filling.pictures)
    assert filled.left_out == ()
    given = {"campaign": cast.planned, "paper": paper.key, "actor": cast.office}
    made, _ = own_templates.upload(name="模板.docx", content=content, filled=filled, **given)
    own_templates.use(template=made, seen=own_templates.token_of(None), actor=cast.office)
    assert words_of(written(query, paper)) == words_of(own)
    assert len(docx.Document(io.BytesIO(written(query, paper))).inline_shapes) == 1
    plain = fill_form("docx", word("{{ 标题 }}"), filling.values, filling.pictures)
    assert [words[:13] for words in plain.left_out] == ["照片（模板中没有照片字段，"]
    assert len(docx.Document(io.BytesIO(plain.content)).inline_shapes) == 0


@pytest.mark.parametrize("notice", NOTICES, ids=lambda one: one.template)
def test_an_activity_ends_in_the_papers_of_its_notice(notice):
    cast = build_planning(notice.template, notice.start, notice.end)
    issue = play(cast, notice)
    for kind in ("walk-record", "walk-report", "walk-list"):
        file, _ = write_walk_paper(issue.walk, kind, "docx", actor=cast.liaison)
        words = words_of(file.read())
        assert cast.bundles[0].name in words
        assert kind == "walk-record" or "材料重复提交" in words
    if notice.periods == ("all",):
        the_unit_reports_on_everything_it_walked(cast, issue)
    if notice.template == "mudanjiang-2018":
        the_pictures_come_into_a_template_of_the_office(cast)
    for code in notice.periods:
        period = period_in(cast.planned, code)
        now = datetime.combine(period.ends_on + AFTER, datetime.min.time(), TZ).replace(hour=9)
        named = open_parts(cast.planned, period, today=now.date()).token
        made = publish(campaign=cast.planned, period=period, actor=cast.office, now=now, confirmed=named)
        counted = {key: made.summary.data[key] for key in ("sessions", "issues_found", "closed", "overdue")}
        assert counted == {"sessions": 1, "issues_found": 1, "closed": 1, "overdue": 0}
        asked = ReportQuery(cast.planned, period, made.summary.as_of, SYSTEM)
        by_hand = counted_by_hand(asked)
        assert by_hand == {key: figure.rows(asked).count() for key, figure in FIGURES.items()}
        frozen = {key: by_hand[key] for key in FROZEN}
        assert frozen == {figure.key: number for figure, number in frozen_figures(made.summary.data)}
        files = {file.paper: bytes(file.content) for file in made.files.all()}
        words = words_of(files["month-report"])
        assert "共发现问题1个" in words
        # Of what is reported on once there is one paper: its title names no days.
        title = f"{cast.planned.name}{'' if code == 'all' else period.label}工作总结"
        assert "".join(words.split("\n")).startswith(title)
        assert f"向{cast.planned.office.name}说明原因" in words_of(files["bulletin"])
        lists = load_workbook(io.BytesIO(files["three-lists"]))
        rows = [cell.value for row in lists["问题清单"].iter_rows() for cell in row]
        assert "材料重复提交" in rows
        assert is_intact(made)
