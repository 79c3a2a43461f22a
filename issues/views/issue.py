"""One issue: every fact, the four that must be clear, measures, evidence, history, and what can be done now."""

from itertools import groupby

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from accounts.domain.unmasking import shows
from accounts.views.unmask import ask
from core.personal_data import find
from core.text import mask_phone
from issues.columns import marks_in_words
from issues.domain import lifecycle
from issues.domain.closure_pack import may_be_packed
from issues.domain.detail import date_chain, issues_to_open, latest, past_rounds, read_detail
from issues.domain.due_dates import FREE_DAYS, confirmed_by, may_confirm
from issues.domain.duplicates import likely_of
from issues.domain.enquiries.lifecycle import may_enquire
from issues.domain.enquiries.queries import enquiries_of, kin_of
from issues.domain.guards import FOUR, missing_of_four
from issues.domain.inbox import calendar_for, due_look
from issues.domain.incoming.queries import reads_reporter
from issues.domain.lookback.asking import may_ask, request_about
from issues.domain.lookback.lifecycle import may_look_back
from issues.domain.lookback.queries import look_backs_on
from issues.domain.marks import marks_of
from issues.domain.overdue import is_overdue
from issues.domain.timeline import merged_timeline
from issues.domain.transitions import TABLE
from issues.domain.unheld import unheld_words
from issues.enums import RUNNING_STATES, EvidenceKind, ExtensionState, IssueState
from issues.forms.extensions import request_words
from issues.models import Extension, Issue
from issues.rules import may_sign_slip
from issues.tables import list_query
from walks.enums import Stage

ON_BAR = 2


@require_safe
def issue(request, number):
    found = seen_issue(request, number)
    detail = read_detail(found, request.user)
    unmasked = shows(session=request.session, user=request.user, object_type="issue", object_key=found.number)
    request.shows_personal_data = unmasked
    context = {
        "issue": found,
        "due_look": badge_of_due(found),
        "four": four_parts(found, detail["measures"], unmasked=unmasked),
        "unmasked": unmasked,
        "has_numbers": holds_numbers(found),
        "measures": latest(detail["measures"]),
        "evidence": evidence_groups(detail["evidence"]),
        "rounds": past_rounds(detail),
        "events": merged_timeline(detail),
        "detail": detail,
        **_acts(request.user, found),
        "date_chain": date_chain(detail["events"]),
        "signs_slip": may_sign_slip(request.user, found) and found.state in RUNNING_STATES,
        "warnings": _warnings(found, detail["extensions"]),
        **_beyond(request.user, found),
        **way_back(request, found),
        **_additions(request.user, found, detail),
    }
    return render(request, "issues/issue/issue.html", context)


def _beyond(user, issue: Issue) -> dict:
    """What the page says beside the facts: stage, 举一反三 (the enquiries made from the issue, where it came from,
    what they found) and 回头看 (the walks bound to it that the person sees, and whether the person may begin one)."""
    bound = list(look_backs_on(issue, user))
    return {
        "stage": dict(Stage.choices).get(issue.stage, ""),
        "enquiries": enquiries_of(issue, user, timezone.localdate()),
        "kin": kin_of(issue, user),
        "sends_enquiry": may_enquire(user, issue),
        "look_backs": bound,
        "starts_look_back": may_look_back(user, issue, bound),
        "look_back_request": request_about(user, issue),
        "asks_look_back": may_ask(user, issue),
    }


def seen_issue(request, number: str) -> Issue:
    """The issue with what its pages name, or 404."""
    return get_object_or_404(issues_to_open(request.user), number=number)


def way_back(request, issue: Issue) -> dict:
    """The list the person came from, at the row of this issue; carried along in the address as ``list``."""
    query = list_query(request.GET.get("list", ""))
    listed = f"?{query}" if query else ""
    suffix = f"?{urlencode({'list': query})}" if query else ""
    own = reverse("issue", args=[issue.number]) + suffix
    return {"back_url": f"{reverse('issues')}{listed}#i-{issue.number}", "list_suffix": suffix, "issue_url": own}


def _additions(user, found: Issue, detail: dict) -> dict:
    """The pack, marks, and what came with a reported problem."""
    return {
        "has_pack": may_be_packed(found, detail["rounds"]),
        "marks": marks_in_words(marks_of(found)),
        "incoming": getattr(found, "incoming", None),
        "reads_reporter": reads_reporter(user, found),
    }


def _acts(user, issue: Issue) -> dict:
    offered = lifecycle.available(user, issue)
    bar = on_bar(offered)
    # Who may merge is offered what it may be merged into: one query for the office.
    likely = likely_of(user, issue) if any(act.action == "merge" for act in offered) else []
    return {"bar": bar, "other_acts": [act for act in offered if act not in bar], "likely": likely}


def on_bar(offered: list) -> list:
    """The buttons at the foot of the page: what is meant to come next, and its alternative."""
    first = [act for act in offered if act.tone == "primary"]
    rest = [act for act in offered if act.tone != "primary"]
    return [*first, *rest][:ON_BAR] if first else []


def _warnings(issue: Issue, extensions: list[Extension]) -> list[str]:
    asked = [request_words(one) for one in extensions if one.state == ExtensionState.ASKED]
    found = (_awaiting_words(issue), *asked, unheld_words(issue), _dismissal_words(issue))
    return [words for words in found if words]


def _dismissal_words(issue: Issue) -> str:
    if issue.dismissal_proposed_by_id is None or issue.state == IssueState.DISMISSED:
        return ""
    return f"{issue.dismissal_proposed_by}已提请不予采纳：{issue.dismissal_reason}"


def _awaiting_words(issue: Issue) -> str:
    """What is said of a distant date that waits for confirmation; "" without one."""
    if issue.due_proposed_on is None or issue.state not in TABLE.sources_of("confirm_due"):
        return ""
    who = confirmed_by(lead_id=issue.lead_department_id, responsible_id=issue.responsible_department_id).label
    proposed = f"{issue.due_proposed_by}提出整改时限 {issue.due_proposed_on}"
    if not may_confirm(issue.due_on, timezone.localdate()):
        return f"{proposed}，确认前的时限 {issue.due_on} 已过，不能再确认，逾期照常计算；待{who}办理“不同意时限”。"
    return f"{proposed}，超过 {FREE_DAYS} 天，待{who}确认；确认前按 {issue.due_on} 计。"


def badge_of_due(issue: Issue) -> tuple[str, str] | None:
    today = timezone.localdate()
    late = is_overdue(
        state=issue.state, due_on=issue.due_on, requested_on=issue.closing_requested_on, today=today
    )  # fmt: skip
    row = {"state": issue.state, "due_on": issue.due_on, "is_late": late}
    return due_look(row, today, calendar_for([row]))


@require_http_methods(["GET", "POST"])
def issue_unmask(request, number):
    found = seen_issue(request, number)
    url = reverse("issue", args=[found.number])
    return ask(request, what=found.number, object_type="issue", object_key=found.number, back_url=url)


def holds_numbers(issue: Issue) -> bool:
    """Whether something on the page is masked: the phone, or a number kept in a text."""
    texts = (issue.description, issue.progress, issue.result, issue.look_back_note, issue.root_cause)
    texts += (issue.good_practice,)
    return bool(issue.contact_phone) or any(find(text) for text in texts)


def four_parts(issue: Issue, measures: list[dict], *, unmasked: bool = False) -> list[dict]:
    """四明确 as the guard ``four_clear`` counts them: each with its value, or with what is missing."""
    phone = issue.contact_phone if unmasked else mask_phone(issue.contact_phone)
    present = latest(measures)
    unit = issue.responsible_department.name if issue.responsible_department else ""
    values = {
        "lead_department": issue.lead_department.name,
        "responsible_name": issue.responsible_name and f"{unit} {issue.responsible_name} {phone}".strip(),
        "measures": present and f"{len(present)} 条",
        "due_on": issue.due_on and str(issue.due_on),
    }
    missing = missing_of_four(values)
    return [{"label": FOUR[name], "value": values[name], "missing": missing.get(name, "")} for name in FOUR]


def evidence_groups(evidence) -> list[dict]:
    """Files by round and kind, the latest round first."""
    order = list(EvidenceKind.values)
    ranked = sorted(evidence, key=lambda link: (-link.round, order.index(link.kind), link.pk))
    groups = groupby(ranked, key=lambda link: (link.round, link.get_kind_display()))
    return [{"round": n, "label": label, "tiles": [_tile(link) for link in links]} for (n, label), links in groups]


def _tile(link) -> dict:
    return {
        "url": reverse("file", args=[link.file_id]),
        "thumb": reverse("file_thumb", args=[link.file_id]),
        "caption": link.file.original_name,
        "meta": f"{link.added_by.label} · {timezone.localtime(link.added_at):%m-%d %H:%M}",
    }
