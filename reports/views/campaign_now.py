"""The parts of a campaign's first page: what is due, who is missing, what comes next for this reader."""

from collections.abc import Collection, Mapping
from datetime import date

from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User
from accounts.scope import scope_of
from campaigns.models import Campaign
from campaigns.rules import may_compare_units
from core.periods import Period
from reports.domain.present import PUBLISH, REPORT, SUMMARY, WALK, Present
from reports.domain.submissions.inbox import CHECK, RECEIVE, SEND_ON
from reports.domain.submissions.lines import NOT_SENT, RETURNED, STATUSES, SubmissionLine
from reports.rules import may_publish
from walks.rules import is_leader, may_start

# What stands with a person: the words before and after the number, and the icon.
TASKS = {
    CHECK: ("审核", "clipboard-check"),
    SEND_ON: ("汇总上报", "send-check"),
    RECEIVE: ("接收", "check2-circle"),
}
NAMES_SHOWN = 60


def choices_of(periods: list[Period], shown: Period) -> list[dict]:
    """The periods to choose from as tabs; none where there is only one."""
    return [
        {"label": one.label, "url": f"?{urlencode({'period': one.code})}", "active": one == shown} for one in periods
    ] if len(periods) > 1 else []  # fmt: skip


def to_publish(periods: list[Period], published: Mapping[str, int], today: date) -> list[Period]:
    """Those of the periods that have ended and are not published, the oldest first."""
    return [one for one in reversed(periods) if one.ends_on < today and one.code not in published]


def dates_shown(campaign: Campaign, found: Present, reads_figures: bool, version: int | None) -> list[dict]:
    """Each date with the page on which it is met, and of 汇总印发 how it stands; ``version``: the last
    one published."""
    code = found.period.code
    sent = reverse("submissions", args=[campaign.code, code])
    urls = {
        WALK: f"{reverse('board', args=[campaign.code])}?{urlencode({'period': code})}",
        REPORT: sent if reads_figures else "",
        SUMMARY: sent if reads_figures else "",
        PUBLISH: reverse("report", args=[campaign.code, code]) if reads_figures else "",
    }
    return [
        {"date": one, "url": urls[one.kind], "said": _said_of_publishing(found, version) if one.kind == PUBLISH else ""}
        for one in found.dates
    ]


def missing_groups(campaign: Campaign, found: Present, reads_figures: bool) -> list[dict]:
    """Groups of names in fixed order, each with the address of the list that holds exactly these lines: units without
    a reported walk, parts not sent, parts that stand with a lead."""
    board = reverse("board", args=[campaign.code])
    silent = urlencode({"period": found.period.code, "part": "silent"})
    names = [line.unit.name for line in found.silent]
    groups = [_group("尚未报送体验", names, f"{board}?{silent}", "个单位", len(names))]
    if reads_figures:
        sent = reverse("submissions", args=[campaign.code, found.period.code])
        for status in NOT_SENT:
            lines = found.missing(status)
            url = f"{sent}?status={status}"
            groups.append(_group(f"材料{STATUSES[status]}", found.named(lines), url, "份", len(lines)))
        with_lead = found.with_lead
        groups.append(_group("牵头单位未上报", _by_lead(with_lead), f"{sent}?task=lead", "份", len(with_lead)))
    return [group for group in groups if group["total"]]


def _by_lead(lines: list[SubmissionLine]) -> list[str]:
    """县行政审批局（县民政局、县公安局）: each lead with the units whose parts stand with it."""
    units: dict[str, dict[str, None]] = {}
    for line in lines:
        units.setdefault(line.checker, {})[line.unit] = None
    return [f"{lead}（{'、'.join(names)}）" for lead, names in units.items()]


def next_steps(user: User, campaign: Campaign, found: Present, unpublished: list[Period]) -> list[dict]:
    """What this person can do now, the most pressing first: {"label", "url", "icon"}."""
    scope, sent = scope_of(user), reverse("submissions", args=[campaign.code, found.period.code])
    steps = [
        {"label": f"{label} {len(found.tasks[task])} 份", "url": f"{sent}?task={task}", "icon": icon}
        for task, (label, icon) in TASKS.items()
        if found.tasks[task]
    ]
    steps += _sending(campaign, found, scope.units, again=True)
    if may_start(user) and any(line.unit.id in scope.units for line in found.silent):
        label = "开始体验" if is_leader(user) else "代为登记体验"
        steps.append({"label": label, "url": reverse("walk_start"), "icon": "person-walking"})
    steps += _sending(campaign, found, scope.units, again=False)
    for period in unpublished if may_publish(user, campaign) else []:
        url = reverse("report_publish", args=[campaign.code, period.code])
        steps.append({"label": f"印发{period.label}", "url": url, "icon": "megaphone"})
    if not steps and may_compare_units(user, campaign):
        steps.append({"label": "查看进展总览", "url": reverse("overview", args=[campaign.code]), "icon": "bar-chart"})
    return steps


def _sending(campaign: Campaign, found: Present, units: Collection[int], *, again: bool) -> list[dict]:
    """The page on which each of the units sends its pack; ``again``: those asked to send it again."""
    returned = {line.unit_id for line in found.missing(RETURNED)}
    label, icon = ("重新报送", "arrow-clockwise") if again else ("本期报送", "send")
    return [
        {
            "label": f"{name}：{label}",
            "url": reverse("submission_send", args=[campaign.code, found.period.code, unit]),
            "icon": icon,
        }
        for unit, name in found.unsent_of(units).items()
        if (unit in returned) == again
    ]


def _said_of_publishing(found: Present, version: int | None) -> str:
    if version:
        return f"已印发第 {version} 版"
    return "通知未定期限" if found.has_ended else "本期结束以后，通知未定期限"


def _group(title: str, names: list[str], url: str, counter: str, total: int) -> dict:
    """``total``: the rows of the list behind ``url``; ``more``: how many names are left out."""
    more = max(0, len(names) - NAMES_SHOWN)
    return {"title": title, "total": total, "counter": counter, "names": names[:NAMES_SHOWN], "more": more, "url": url}
