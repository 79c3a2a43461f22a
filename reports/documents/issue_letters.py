"""交办单 and 督办单 of one issue in Word (F8): ruled forms that go to the responsible unit and come back answered."""

import hashlib
import io
from functools import cache
from typing import IO

from django.utils import timezone

from accounts.models import User
from campaigns.models import Campaign
from core import audit
from core.docx import fill
from core.docx_layout import WordPaper
from core.exceptions import Refused
from core.pdf import to_pdf
from core.templatetags.ui import cndate
from core.xlsx import filename
from issues.domain.detail import issues_to_open
from issues.domain.queries import history_of
from issues.domain.slips.queries import slips_of
from issues.enums import SlipColour
from issues.models import Issue, Slip
from reports.documents.registry import PDF, WORD

ASSIGNMENT, SLIP = "assignment", "slip"
LABELS = {ASSIGNMENT: "问题交办单", SLIP: "问题督办单"}
ASSIGNMENT_LINES = (
    "问题编号", "交办日期", "交办单位", "承办单位", "协办单位", "交办事项", "问题来源", "交办要求", "办理时限",
    "承办人", "办理情况", "反馈日期",
)  # fmt: skip
SLIP_LINES = (
    "督办编号", "颜色", "签发日期", "督办事项", "事由、依据", "承办单位", "协办单位", "督办要求", "办理时限",
    "承办人", "办理情况", "未按期原因", "反馈日期", "核验意见", "办结日期",
)  # fmt: skip
FOOT = "承办单位负责人（签字）：　　　　（盖章）　　　年　月　日"
# What is written by hand where nobody has answered yet.
ROOM = "\n\n\n"


def write_assignment(issue: Issue, ending: str, *, actor: User | None) -> tuple[IO[bytes], str]:
    """(open file at its start, name) of the 交办单 of an issue that comes with ``detail.NAMED``. Side effect: an audit
    entry. Raises Refused in words for an issue that was assigned to nobody, and for another kind of file."""
    assigned = history_of(issue).filter(kind="assign").last()
    if assigned is None or issue.responsible_department is None:
        raise Refused(f"没有生成交办单：{issue.number} 没有交办给单位。", rule="letter.assignment")
    values = {
        "问题编号": issue.number,
        "交办日期": cndate(assigned.at),
        "交办单位": _assigner(issue, assigned.actor),
        "承办单位": issue.responsible_department.name,
        "协办单位": _cooperating(issue),
        "交办事项": issue.description,
        "问题来源": _origin(issue),
        "交办要求": assigned.note or "请签收后定措施、责任人和整改时限，按时办结并申请销号。",
        "办理时限": cndate(issue.due_on) if issue.due_on else "由承办单位定措施时提出",
        "承办人": issue.responsible_name or "",
        "办理情况": issue.result or issue.progress or ROOM,
        "反馈日期": cndate(issue.closing_requested_on) if issue.closing_requested_on else "",
    }
    head = {"title": f"{issue.region.name}“一把手走流程”问题交办单", "number": "", "letterhead": ""}
    return _handed_out(issue, ASSIGNMENT, head | {"line": [values[name] for name in ASSIGNMENT_LINES]}, ending, actor)


def write_slip(slip: Slip, issue: Issue, ending: str, *, actor: User | None) -> tuple[IO[bytes], str]:
    """The same of a 督办单 of the issue; under the red head the office has entered for the campaign, if it has."""
    late = f"整改时限{cndate(slip.due_on)}，已逾期{slip.late_workdays}个工作日" if slip.late_workdays else ""
    grounds = [part for part in (late, slip.jump_reason) if part]
    values = {
        "督办编号": slip.number,
        "颜色": SlipColour(slip.colour).label,
        "签发日期": cndate(slip.signed_at),
        "督办事项": f"{issue.number}　{issue.description}",
        "事由、依据": "；".join(grounds),
        "承办单位": slip.department.name,
        "协办单位": _cooperating(issue),
        "督办要求": slip.demand,
        "办理时限": f"{cndate(slip.reply_by)}前反馈",
        "承办人": issue.responsible_name or "",
        "办理情况": slip.reply or ROOM,
        "未按期原因": slip.late_reason,
        "反馈日期": cndate(slip.replied_on) if slip.replied_on else "",
        "核验意见": slip.opinion,
        "办结日期": cndate(slip.ended_on) if slip.ended_on else "",
    }
    letterhead = issue.campaign.letterhead
    head = {"title": f"{issue.region.name}“一把手走流程”问题督办单", "number": slip.number, "letterhead": letterhead}
    return _handed_out(issue, SLIP, head | {"line": [values[name] for name in SLIP_LINES]}, ending, actor)


def write_issue_letter(
    issue: Issue, kind: str, ending: str, *, actor: User | None, number: str = ""
) -> tuple[IO[bytes], str]:
    """One of both by its kind; of several 督办单 the one with ``number``, "" for the last. Refused in words without."""
    if kind == ASSIGNMENT:
        return write_assignment(issue, ending, actor=actor)
    signed = [one for one in slips_of(issue) if number in ("", one.number)]
    if not signed:
        raise Refused(f"没有生成督办单：{issue.number} 没有{number or '签发过督办单'}。", rule="letter.slip")
    return write_slip(signed[-1], issue, ending, actor=actor)


def issue_for_letter(campaign: Campaign, user: User | None, number: str) -> Issue:
    """The issue for the command line, with what its papers name; Refused in words where there is none to be seen."""
    issue = issues_to_open(user).filter(campaign=campaign, number=number).first()
    if issue is None:
        raise Refused(f"本活动没有编号为“{number}”的问题，或不在可见范围内。", rule="letter.issue")
    return issue


def _assigner(issue: Issue, actor: User | None) -> str:
    names = [issue.lead_department.name, issue.campaign.office.name]
    held = set(actor.memberships.values_list("department__name", flat=True)) if actor else set()
    return next((name for name in names if name in held), issue.lead_department.name)


def _cooperating(issue: Issue) -> str:
    return "、".join(issue.cooperating.order_by("order", "pk").values_list("name", flat=True)) or "无"


def _origin(issue: Issue) -> str:
    item = f"体验《{issue.item.name}》" if issue.item else ""
    found = f"{issue.discovering_department.name}{cndate(issue.found_on)}{item}发现"
    return f"{issue.get_source_display()}：{found}"


def _handed_out(issue: Issue, key: str, context: dict, ending: str, actor: User | None) -> tuple[IO[bytes], str]:
    label = LABELS[key]
    if ending not in (WORD, PDF):
        raise Refused(f"{label}只能生成 .docx、.pdf 文件。", rule="paper.ending")
    letterhead = context["letterhead"]
    lines = ASSIGNMENT_LINES if key == ASSIGNMENT else SLIP_LINES
    written = fill(_template(label, lines, len(letterhead)), context)
    detail = {"paper": key, "sha256": hashlib.sha256(written).hexdigest()}
    audit.record(actor=actor, action="paper.written", object_type="issue", object_key=issue.number, detail=detail)
    file = to_pdf(written, f".{WORD}") if ending == PDF else written
    return io.BytesIO(file), filename(timezone.localdate(), issue.number, label, ending)


@cache
def _template(label: str, lines: tuple[str, ...], red: int) -> bytes:
    """``red``: of how many characters the red head is, 0 for none."""
    paper = WordPaper(label)
    if red:
        paper.red_head("{{ letterhead }}", "{{ number }}", characters=red)
    paper.title("{{ title }}")
    paper.facts([(name, f"{{{{ line[{place}] }}}}") for place, name in enumerate(lines)], foot=FOOT)
    return paper.content()
