"""Who has sent a period's pack, who is late, who gave a zero report or nothing; and steps for several at once."""

from collections.abc import Collection
from functools import partial

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.scope import scope_of
from campaigns.domain.versions import rules_for
from campaigns.enums import DueWay
from core.exceptions import Refused
from core.forms import is_repeat
from core.listing import link
from core.xlsx import CONTENT_TYPE
from reports.domain.compile import is_own
from reports.domain.submissions.inbox import TASKS, waiting_in
from reports.domain.submissions.lifecycle import available, perform_many
from reports.domain.submissions.lines import NOT_SENT, STATUSES, SubmissionLine, counts_of, lines_of
from reports.domain.submissions.transitions import TABLE
from reports.exports.submissions import submissions_workbook
from reports.forms.submissions import BulkForm
from reports.models import Submission
from reports.views.report_query import ParsedQuery, parse_report_query

# Steps that need no word of their own for each unit.
AT_ONCE = ("lock", "send_on", "receive")
# For whom a submission waits: beside the person's own tasks what stands with a lead, whoever looks.
WITH_LEAD = "lead"
TASK_TABS = {WITH_LEAD: "牵头未上报"} | {name: f"等我办：{label}" for name, label in TASKS.items()}


@require_safe
def submissions(request, code, period):
    parsed = own_period(request, code, period)
    lines = lines_of(request.user, parsed.query.campaign, parsed.query.period, today=timezone.localdate())
    waiting = waiting_in(request.user, parsed.query.campaign, parsed.query.period)
    waiting[WITH_LEAD] = {line.submission.pk for line in lines if line.is_with_lead}
    shown, tabs = _narrowed(request, lines, waiting)
    mine = scope_of(request.user).units
    context = parsed.place | {
        "rows": [(line, _steps(request.user, line.submission)) for line in shown],
        "own": _to_send(lines, mine),
        "tabs": tabs,
        "actions": _offered(request.user, shown),
        "form": BulkForm(actions={}, rows={}),
        "is_ahead": parsed.query.period.starts_on > timezone.localdate(),
        "why_empty": "" if shown else _why_empty(parsed, lines),
        "due": max(((line.due_on, line.is_provisional) for line in lines), default=None),
    }
    return render(request, "reports/submissions/list.html", context)


@require_safe
def submissions_export(request, code, period):
    query = own_period(request, code, period).query
    today = timezone.localdate()
    lines = lines_of(request.user, query.campaign, query.period, today=today)
    file, name = submissions_workbook(query.campaign, query.period, lines, actor=request.user, today=today)
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


@require_POST
def submissions_bulk(request, code, period):
    query = own_period(request, code, period).query
    if is_repeat(request):
        return redirect("submissions", code, period)
    lines = lines_of(request.user, query.campaign, query.period, today=timezone.localdate())
    found = {str(line.submission.public_id): line.submission for line in lines if line.submission}
    boxes = {box: box for box in request.POST.getlist("chosen") if box.split(":")[0] in found}
    form = BulkForm(request.POST, actions={name: name for name in AT_ONCE}, rows=boxes)
    if not form.is_valid():
        messages.error(request, "没有办理：请先勾选单位，再选择要办的事。")
        return redirect("submissions", code, period)
    action = form.cleaned_data["action"]
    form.once(request.user, f"submission.{action}:{code}:{period}", partial(_perform, request, form, found, action))
    return redirect("submissions", code, period)


def own_period(request, code: str, period: str) -> ParsedQuery:
    """As ``parse_report_query``; Refused in words for a period by which units do not report."""
    parsed = parse_report_query(request, code, period)
    if not is_own(parsed.query.campaign, parsed.query.period):
        words = f"{parsed.query.period.label}不是本活动的报送周期，各单位不按它报送。请从“汇总”选择本活动的一期。"
        raise Refused(words, rule="submission.period")
    return parsed


def _perform(request, form: BulkForm, found: dict[str, Submission], action: str) -> int:
    """How many were done; says so, and names who was refused."""
    chosen = []
    for box in form.cleaned_data["chosen"]:
        name, _, version = box.partition(":")
        # A box without a readable version is one nobody was shown.
        chosen.append(
            (found[name], int(version) if version.isascii() and version.isdigit() and len(version) < 9 else -1)
        )
    result = perform_many(chosen=chosen, action=action, actor=request.user)
    if result.done:
        messages.success(request, f"已{TABLE.by_action[action].label} {result.done} 件。")
    for words in result.refused:
        messages.error(request, f"没有办理：{words}")
    return result.done


def _steps(user, submission: Submission | None) -> list[str]:
    """The steps at once that this person could take on a line."""
    return [row.action for row in available(user, submission) if row.action in AT_ONCE] if submission else []


def _offered(user, lines: list[SubmissionLine]) -> list[tuple[str, str]]:
    """(action, label) of the steps at once that some line is open to."""
    found = {action for line in lines for action in _steps(user, line.submission)}
    return [(action, TABLE.by_action[action].label) for action in AT_ONCE if action in found]


def _narrowed(request, lines: list[SubmissionLine], waiting: dict[str, set[int]]) -> tuple[list, list[dict]]:
    """(the lines of the status or of the task the address names, the tabs to choose from)."""
    counts, status, task = counts_of(lines), request.GET.get("status"), request.GET.get("task")
    if task in waiting:
        shown = [line for line in lines if line.submission and line.submission.pk in waiting[task]]
    else:
        shown = [line for line in lines if line.status == status] if status in STATUSES else lines
    of_all = task not in waiting and status not in STATUSES
    tabs = [_tab(request, "全部", len(lines), of_all)]
    for name, label in TASK_TABS.items():
        if waiting[name] or name == task:
            tabs.append(_tab(request, label, len(waiting[name]), name == task, task=name))
    for name, label in STATUSES.items():
        tone = "danger" if name == "overdue" and counts[name] else ""
        active = name == status and task not in waiting
        tabs.append(_tab(request, label, counts[name], active, status=name) | {"tone": tone})
    return shown, tabs


def _to_send(lines: list[SubmissionLine], units: Collection[int]) -> list[tuple[int, str]]:
    """(id, name) of those of the units that have something to send."""
    waiting = (line for line in lines if line.unit_id in units and line.status in NOT_SENT)
    return list(dict.fromkeys((line.unit_id, line.unit) for line in waiting))


def _why_empty(parsed: ParsedQuery, lines: list[SubmissionLine]) -> str:
    """Why the page lists nothing, in words."""
    if lines:
        return "换一个标签再看。"
    if rules_for(parsed.query.campaign.pk, parsed.query.period)[1].reporting.due.way == DueWay.NONE:
        return "通知未定报送期限，各单位不在这里列出。"
    return "本期没有应报送的单位，或者没有您可以查看的单位。"


def _tab(request, label: str, count: int, active: bool, **asked: str) -> dict:
    url = link(request.GET, **{"status": None, "task": None} | asked)
    return {"label": label, "url": url, "active": active, "count": count}
