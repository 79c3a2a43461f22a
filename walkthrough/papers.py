"""Every paper of the command ``document`` under the names of docs/contract.md: what it is called, how it is written.

It stands above all apps because the papers are of all of them. A paper of a period, of a walk, of a plan or of an issue
that an address of the site names by another key (``bulletin``) is known by that key too.
"""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import IO

from django.utils import timezone

from accounts.models import User
from campaigns.domain.contacts import units_to_call
from campaigns.domain.hotline import hotline_months_visible_to
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.exports import contacts, hotline
from campaigns.models import Campaign, HotlineMonth
from core.archive import FixedZip
from core.exceptions import Refused
from core.pdf import to_pdf
from issues.domain.ledger import campaign_ledger
from issues.exports import closure_pack, ledger
from plans.domain.queries import rows_of
from plans.domain.rows import leaders_of
from plans.exports import plan_workbook
from reports.documents import issue_letters, plan_letters
from reports.documents import unit_pack as packs
from reports.documents.registry import EXCEL, PAPERS, PDF, write_paper
from reports.documents.walk_papers import WALK_PAPERS, write_walk_paper
from reports.domain.compile import period_in
from reports.domain.figures import ReportQuery
from reports.domain.queries import scope_named
from reports.domain.unit_pack import UnitPack, narrowed, unit_pack
from reports.domain.unit_pack_job import note_written
from reports.domain.walk_content import walk_for_paper
from reports.exports.statistics import statistics
from scoring.domain.settled import sheets_shown_to
from scoring.exports import scores_workbook
from scoring.views.score_query import ScoreDesk

ZIP, HTML = "zip", "html"


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for. ``actor`` None: the system; ``named``: the other options by name."""

    campaign: Campaign
    actor: User | None
    ending: str
    period: str
    unit: str = ""
    as_of: date | None = None
    named: dict[str, str] = field(default_factory=dict)

    @property
    def query(self) -> ReportQuery:
        """The question about the period, in the widest scope of the person or of the one unit."""
        day = self.as_of or timezone.localdate()
        scope = scope_named(self.campaign, self.actor, self.unit)
        return ReportQuery(self.campaign, period_in(self.campaign, self.period), day, scope)

    def only(self, label: str, *endings: str) -> None:
        """Refused in words for another kind of file."""
        if self.ending not in endings:
            words = "、".join(f".{one}" for one in endings)
            raise Refused(f"{label}只能生成 {words} 文件。", rule="paper.ending")

    def need(self, label: str, option: str, why: str) -> str:
        """The value of an option the paper cannot do without; Refused in words when it is not given."""
        given = self.unit if option == "unit" else self.named.get(option, "")
        if not given:
            raise Refused(f"{label}{why}", rule="paper.option")
        return given

    def reader(self, label: str) -> User:
        """The person in whose name it is written; Refused in words without one."""
        if self.actor is None:
            raise Refused(f"{label}按一个人可见的内容生成，请用 --as 写明用户。", rule="paper.reader")
        return self.actor

    def sent(self, file: IO[bytes]) -> IO[bytes]:
        """The workbook, or the PDF of it."""
        return io.BytesIO(to_pdf(file.read(), f".{EXCEL}")) if self.ending == PDF else file


Write = Callable[[Wanted], IO[bytes]]


def _of_period(key: str) -> Write:
    return lambda wanted: write_paper(wanted.query, key, wanted.ending, actor=wanted.actor)[0]


def _of_walk(key: str) -> Write:
    def write(wanted: Wanted) -> IO[bytes]:
        named = wanted.need(WALK_PAPERS[key].label, "walk", "是一次体验的材料，请用 --walk 写明是哪一次。")
        walk = walk_for_paper(wanted.campaign, wanted.actor, named)
        return write_walk_paper(walk, key, wanted.ending, actor=wanted.actor)[0]

    return write


def _of_issue(key: str) -> Write:
    def write(wanted: Wanted) -> IO[bytes]:
        number = wanted.need(issue_letters.LABELS[key], "issue", "是一件问题的材料，请用 --issue 写明问题编号。")
        issue = issue_letters.issue_for_letter(wanted.campaign, wanted.actor, number)
        slip = wanted.named.get("slip", "")
        return issue_letters.write_issue_letter(issue, key, wanted.ending, actor=wanted.actor, number=slip)[0]

    return write


def _rectification_list(wanted: Wanted) -> IO[bytes]:
    """Of the period; of one walk where one is named (W23: 一事一报告一清单)."""
    return _of_walk("walk-list")(wanted) if wanted.named.get("walk") else _of_period("rectification-list")(wanted)


def _statistics(wanted: Wanted) -> IO[bytes]:
    wanted.only("统计表", EXCEL, PDF)
    return wanted.sent(statistics(wanted.query, actor=wanted.actor)[0])


def _unit_pack(wanted: Wanted) -> IO[bytes]:
    return _zipped(wanted, packs.LABEL, packs.written)


def _evidence(wanted: Wanted) -> IO[bytes]:
    return _zipped(wanted, packs.PHOTOS_LABEL, packs.photos_written)


def _zipped(wanted: Wanted, label: str, write: Callable[[UnitPack], bytes]) -> IO[bytes]:
    if not wanted.unit or wanted.ending != ZIP:
        raise Refused(f"{label}须用 --unit 写明单位，并写成 .{ZIP} 文件。", rule="paper.option")
    query = wanted.query
    [unit] = query.report_scope.departments
    found = unit_pack(narrowed(query, unit, query.report_scope.label, wanted.actor))
    content = write(found)
    note_written(found, hashlib.sha256(content).hexdigest(), actor=wanted.actor)
    return io.BytesIO(content)


def _contacts(wanted: Wanted) -> IO[bytes]:
    wanted.only(contacts.LABEL, contacts.ENDING)
    units = units_to_call(wanted.actor, wanted.campaign, wanted.unit)
    return contacts.contacts_workbook(wanted.campaign, units, actor=wanted.actor)[0]


def _plan(wanted: Wanted) -> IO[bytes]:
    wanted.only("走流程计划表", EXCEL, PDF)
    plan = _plan_of(wanted, "走流程计划表")
    rules, leaders = Rulebook.from_data(plan.rules.data), leaders_of(plan.department_id)
    rows = rows_of(plan).select_related("item__department", "walker")
    return wanted.sent(plan_workbook(plan, rules, rows, leaders, actor=wanted.actor, today=timezone.localdate())[0])


def _filing(wanted: Wanted) -> IO[bytes]:
    """备案报告 of the plan; 报备报告 of one of its rows where an item is named."""
    return _notice(wanted) if wanted.named.get("item") else _filing_letter(wanted)


def _filing_letter(wanted: Wanted) -> IO[bytes]:
    plan = _plan_of(wanted, plan_letters.LABELS[plan_letters.FILING])
    return plan_letters.write_filing(plan, wanted.ending, actor=wanted.actor)[0]


def _notice(wanted: Wanted) -> IO[bytes]:
    plan = _plan_of(wanted, plan_letters.LABELS[plan_letters.NOTICE])
    row = plan_letters.row_for_letter(plan, wanted.named.get("item", ""))
    return plan_letters.write_notice(row, wanted.ending, actor=wanted.actor)[0]


def _plan_of(wanted: Wanted, label: str):
    return plan_letters.plan_for_letter(wanted.campaign, wanted.actor, wanted.unit, wanted.period)


def _ledger(wanted: Wanted) -> IO[bytes]:
    """As ``export_ledger``: the whole ledger, or what the person sees of it."""
    wanted.only("整改台账", EXCEL, PDF)
    found = campaign_ledger(wanted.campaign.code, wanted.actor.username if wanted.actor else "")
    if found is None:
        raise Refused("该用户看不到本活动。", rule="report.scope")
    file = io.BytesIO()
    today = wanted.as_of or timezone.localdate()
    ledger.write_campaign(file, found, code=wanted.campaign.code, actor=wanted.actor, today=today)
    file.seek(0)
    return wanted.sent(file)


def _hotline(wanted: Wanted) -> IO[bytes]:
    """The list made from the tickets of the month."""
    wanted.only("处投诉跟单名单", EXCEL, PDF)
    rows = hotline_months_visible_to(wanted.actor) if wanted.actor else HotlineMonth.objects.all()
    rows = rows.filter(campaign=wanted.campaign, month=wanted.period).select_related("campaign__region")
    month = rows.first()
    if month is None:
        raise Refused(f"没有按 {wanted.period} 工单量排出的跟单名单，或不在可见范围内。", rule="hotline.month")
    return wanted.sent(hotline.duty_list(month, actor=wanted.actor)[0])


def _score_sheet(wanted: Wanted) -> IO[bytes]:
    """The version settled last, or the scores as they stand; of one unit where one is named."""
    wanted.only("考核评分表", EXCEL, PDF)
    user, period = wanted.reader("考核评分表"), period_in(wanted.campaign, wanted.period)
    sheets = sheets_shown_to(user, wanted.campaign.code, period.code)
    desk = ScoreDesk(user, wanted.campaign, period, sheets, sheets[0] if sheets else None)
    units = [one for one in desk.units if wanted.unit in ("", one.name)]
    if not units:
        words = "没有可以生成的考核评分：本活动没有启用评分、没有这个单位，或不在可见范围内。"
        raise Refused(words, rule="score.units")
    file, _ = scores_workbook(desk.scores, units, actor=user, whose=wanted.campaign.office.name)
    return wanted.sent(file)


def _closing_pack(wanted: Wanted) -> IO[bytes]:
    label = closure_pack.WHAT
    wanted.only(label, HTML, ZIP)
    user = wanted.reader(label)
    number = wanted.need(label, "issue", "是一件问题的材料，请用 --issue 写明问题编号。")
    issue = issue_letters.issue_for_letter(wanted.campaign, user, number)
    content, name = closure_pack.pack_of(issue, user)
    if wanted.ending == HTML:
        return io.BytesIO(content)
    out = io.BytesIO()
    with FixedZip(out) as archive:
        archive.write(archive.name("", name.removesuffix(f".{HTML}"), ending=HTML), content)
    out.seek(0)
    return out


@dataclass(frozen=True)
class Kind:
    """``label``: what the paper is called."""

    label: str
    write: Write


# The names of docs/contract.md, then the keys of papers that have another there.
KINDS: dict[str, Kind] = {
    "walk-form": Kind(WALK_PAPERS["walk-record"].label, _of_walk("walk-record")),
    "walk-report": Kind(WALK_PAPERS["walk-report"].label, _of_walk("walk-report")),
    "special-report": Kind(PAPERS["special-report"].label, _of_period("special-report")),
    "rectification-list": Kind(PAPERS["rectification-list"].label, _rectification_list),
    "three-lists": Kind(PAPERS["three-lists"].label, _of_period("three-lists")),
    "statistics": Kind("统计表", _statistics),
    "month-report": Kind(PAPERS["month-report"].label, _of_period("month-report")),
    "quarter-report": Kind(PAPERS["quarter-results"].label, _of_period("quarter-results")),
    "circular": Kind(PAPERS["bulletin"].label, _of_period("bulletin")),
    "criticism": Kind(PAPERS["criticism"].label, _of_period("criticism")),
    "criticism-proposal": Kind(PAPERS["criticism-proposal"].label, _of_period("criticism-proposal")),
    "slip": Kind(issue_letters.LABELS["slip"], _of_issue("slip")),
    "assignment": Kind(issue_letters.LABELS["assignment"], _of_issue("assignment")),
    "plan": Kind("走流程计划表", _plan),
    "filing": Kind("备案报告、报备报告", _filing),
    "ledger": Kind("整改台账", _ledger),
    "hotline": Kind("处投诉跟单名单", _hotline),
    "score-sheet": Kind("考核评分表", _score_sheet),
    contacts.KEY: Kind(contacts.LABEL, _contacts),
    "evidence": Kind(packs.PHOTOS_LABEL, _evidence),
    "closing-pack": Kind(closure_pack.WHAT, _closing_pack),
    packs.KEY: Kind(packs.LABEL, _unit_pack),
    "walk-record": Kind(WALK_PAPERS["walk-record"].label, _of_walk("walk-record")),
    "walk-list": Kind(WALK_PAPERS["walk-list"].label, _of_walk("walk-list")),
    "quarter-results": Kind(PAPERS["quarter-results"].label, _of_period("quarter-results")),
    "bulletin": Kind(PAPERS["bulletin"].label, _of_period("bulletin")),
    plan_letters.FILING: Kind(plan_letters.LABELS[plan_letters.FILING], _filing_letter),
    plan_letters.NOTICE: Kind(plan_letters.LABELS[plan_letters.NOTICE], _notice),
}
