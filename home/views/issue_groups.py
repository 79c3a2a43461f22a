"""Groups of 等我办 about issues and what comes with them: needs, enquiries, look-backs, 督办单, exports held."""

from datetime import date

from django.urls import reverse

from accounts.models import User
from accounts.scope import scope_of
from core.templatetags.ui import cndate
from home.views.group_rows import group, row_by_day
from issues.domain.enquiries.queries import waiting_replies
from issues.domain.export_release import waiting_releases
from issues.domain.inbox import DUE_AWAITS, EXTENSION_AWAITS, HELP_AWAITS, waiting_issues
from issues.domain.lookback.queries import pools_to_draw, waiting_requests
from issues.domain.needs.queries import waiting_needs
from issues.domain.queries import issues_visible_to
from issues.domain.slips.queries import TONES, waiting_slips
from issues.domain.unheld import unheld_rows
from issues.enums import IssueState as S
from issues.enums import SlipColour
from issues.models import NeedSubject

ISSUE_GROUPS: dict[str, str] = {
    DUE_AWAITS: "整改时限待确认",
    EXTENSION_AWAITS: "延期申请待答复",
    HELP_AWAITS: "问题待配合",
    S.ASSIGNED: "问题待签收",
    S.PLANNING: "问题待定措施",
    S.RECTIFYING: "问题整改中",
    S.REGISTERED: "",
    S.DISPUTED: "退单待裁定",
    S.CLOSING: "问题待验收销号",
}
# The filter of the ledger that lists a group that is no state.
MARKED = {DUE_AWAITS: "due_awaits=1", EXTENSION_AWAITS: "extension=1", HELP_AWAITS: "help=mine"}


def issue_groups(user: User, today: date) -> list[dict]:
    """Groups of issues by state; each total is that of the ledger under 等我办 with that state."""
    found = waiting_issues(user, today=today)
    return [
        {
            "title": title or _registered_title(user),
            "total": found[state]["total"],
            "overdue": found[state]["overdue"],
            "url": f"{reverse('issues')}?tab=mine&{MARKED.get(state, f'state={state}')}",
            "rows": [_issue_row(row) for row in found[state]["rows"]],
        }
        for state, title in ISSUE_GROUPS.items()
        if state in found
    ]


def _registered_title(user: User) -> str:
    """A unit rectifies its own problems itself, lead or office assign the others; one person may do both."""
    scope = scope_of(user)
    if not scope.is_lead_or_office:
        return "新登记，待自行整改"
    return "新登记，待交办或整改" if scope.units else "问题待交办"


def _issue_row(row: dict) -> dict:
    due = row["due_on"] and row["due_look"] and f"时限 {row['due_on']}"
    asks = "延期申请待答复" if row.get("asks_more") else ""
    names = (row["number"], row["responsible_department__name"], row["item__name"], due, asks)
    url = reverse("issue", args=[row["number"]])
    meta = " · ".join(name for name in names if name)
    return {"title": row["description"], "meta": meta, "url": url, "look": row["due_look"]}


def need_group(user: User, today: date) -> list[dict]:
    """Needs that the person's own units have to answer; one query."""
    total, rows = waiting_needs(user)
    shown = [
        row_by_day(
            row["content"],
            f"{NeedSubject(row['subject']).label} · {cndate(row['reply_by'])}前回应",
            reverse("need", args=[row["public_id"]]),
            "逾期未回应" if row["reply_by"] < today else "",
        )
        for row in rows
    ]
    return group("需求待回应", total, reverse("needs") + "?tab=mine", shown)


def enquiry_group(user: User, today: date) -> list[dict]:
    """Enquiries (举一反三) that the person's own units have to answer; one query."""
    total, rows = waiting_replies(user)
    shown = [
        row_by_day(
            row["enquiry__question"],
            f"{cndate(row['reply_by'])}前答复",
            reverse("enquiry_reply", args=[row["public_id"]]),
            "逾期未答复" if row["reply_by"] < today else "",
        )
        for row in rows
    ]
    return group("举一反三待回复", total, reverse("enquiries") + "?tab=mine", shown)


def look_back_group(user: User, today: date) -> list[dict]:
    """Struck-off issues that the person's own units were asked to walk again for; one query."""
    total, rows = waiting_requests(user)
    shown = [
        row_by_day(
            row["issue__description"],
            f"{row['issue__number']} · {cndate(row['due_on'])}前回头看",
            reverse("look_back_request", args=[row["public_id"]]),
            "逾期未回头看" if row["due_on"] < today else "",
        )
        for row in rows
    ]
    return group("待回头看", total, reverse("look_back_requests") + "?tab=mine", shown)


def draw_groups(user: User, today: date) -> list[dict]:
    """Campaigns in which struck-off issues wait for a draw, for their office; two queries, none for anybody else."""
    return [
        {"title": "回头看待抽取", "total": total, "url": "", "rows": [_pool(code, name, total)]}
        for (code, name), total in pools_to_draw(user, today).items()
    ]


def _pool(code: str, name: str, total: int) -> dict:
    url = reverse("look_back_draw", args=[code])
    return row_by_day(f"{total} 件已销号问题到期，还没有参加过抽取", name, url)


def slip_groups(user: User, today: date) -> list[dict]:
    """督办单 to be answered by the person's units, answers to be checked, and those the rule proposes to sign."""
    answer, check, proposed = waiting_slips(user, today)
    groups = [
        {
            "title": title,
            "total": rows[0]["total"],
            "url": f"{reverse('slips')}?tab={tab}",
            "rows": _slips(rows, today, act),
        }
        for title, tab, rows, act in (
            ("督办单待反馈", "mine", answer, "answer"),
            ("督办单待核验", "answered", check, "accept"),
        )
        if rows
    ]
    if proposed:
        url, rows = reverse("slip_proposals"), [_proposal(row) for row in proposed]
        groups.append({"title": "督办单待签发", "total": proposed[0]["total"], "url": url, "rows": rows})
    return groups


def _proposal(row: dict) -> dict:
    colour = SlipColour(row["colour_due"])
    return {
        "title": row["description"],
        "meta": f"{row['number']} · {row['responsible_department__name']} · 时限 {row['due_on']}",
        "url": reverse("slip_sign", args=[row["number"]]),
        "look": (TONES[colour], colour.label),
    }


def _slips(rows: list[dict], today: date, act: str) -> list[dict]:
    return [
        row_by_day(
            f"{row['number']} {row['issue__description']}",
            f"{SlipColour(row['colour']).label} · {row['department__name']} · {cndate(row['reply_by'])}前反馈",
            reverse("slip_act", args=[row["public_id"], act]),
            "逾期未反馈" if act == "answer" and row["reply_by"] < today else "",
        )
        for row in rows
    ]


def unheld_group(user: User) -> list[dict]:
    """Issues whose duty nobody holds any more, for the office: the unit's liaisons work on them meanwhile."""
    total, rows = unheld_rows(user, issues_visible_to(user))
    shown = [_issue_row(row | {"due_look": ("unheld", "无人负责")}) for row in rows]
    url = f"{reverse('issues')}?tab=unheld"
    return group("问题无人负责", total, url, shown)


def release_group(user: User) -> list[dict]:
    """Exports that wait for a second person of the office."""
    total, jobs = waiting_releases(user)
    shown = [
        {
            "title": f"{job.label}，{job.params['rows']} 件",
            "meta": f"{job.owner} · {job.params['reason']}",
            "url": reverse("export_release", args=[job.pk]),
            "look": ("held", "待放行"),
        }
        for job in jobs
    ]
    return group("导出待放行", total, reverse("export_releases"), shown)
