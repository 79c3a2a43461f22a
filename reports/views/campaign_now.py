"""The parts of a campaign's first page: what is due, who is missing, what comes next for this reader."""

from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User
from accounts.scope import scope_of
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.models import Campaign
from campaigns.rules import may_compare_units
from core.periods import Period
from reports.domain.present import MISSING, PUBLISH, REPORT, SUMMARY, WALK, Present
from reports.domain.submissions.inbox import CHECK, RECEIVE, RESEND, SEND_ON
from reports.domain.submissions.lines import STANDINGS, SubmissionLine
from reports.rules import may_compile
from walks.rules import is_leader, may_start

# What stands with a person: the words before and after the number, and the icon.
TASKS = {
    RESEND: ("重新报送被退回的", "arrow-repeat"),
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


def dates_shown(campaign: Campaign, rules: Rulebook, found: Present, reads_figures: bool) -> list[dict]:
    """Each date with the page on which it is met, and of 汇总印发 how it stands."""
    code = found.period.code
    sent = reverse("submissions", args=[campaign.code, code])
    urls = {
        WALK: f"{reverse('board', args=[campaign.code])}?{urlencode({'period': code})}",
        REPORT: sent if reads_figures else "",
        SUMMARY: sent if reads_figures else "",
        PUBLISH: reverse("report", args=[campaign.code, code]) if reads_figures else "",
    }
    return [
        {"date": one, "url": urls[one.kind], "said": _said_of_publishing(found) if one.kind == PUBLISH else ""}
        for one in found.dates
    ]


def missing_groups(campaign: Campaign, found: Present, reads_figures: bool) -> list[dict]:
    """Groups of names in fixed order, each with the address of the list that holds exactly these lines: units without
    a reported walk, parts not sent, parts that stand with a lead."""
    board = reverse("board", args=[campaign.code])
    silent = urlencode({"period": found.period.code, "part": "silent"})
    names = [line.unit.name for line in found.silent]
    groups = [_group("尚未报送体验", names, f"{board}?{silent}", "个单位")]
    if reads_figures:
        sent = reverse("submissions", args=[campaign.code, found.period.code])
        for standing in MISSING:
            named = _named(found.missing(standing))
            groups.append(_group(f"材料{STANDINGS[standing]}", named, f"{sent}?standing={standing}", "份"))
        named = [f"{line.checker}：{name}" for line, name in zip(found.with_lead, _named(found.with_lead), strict=True)]
        groups.append(_group("牵头单位未上报", named, f"{sent}?hand=lead", "份"))
    return [group for group in groups if group["total"]]


def next_steps(user: User, campaign: Campaign, found: Present, reads_figures: bool) -> list[dict]:
    """What this person can do now in the period, the most pressing first: {"label", "url", "icon"}."""
    place, scope = [campaign.code, found.period.code], scope_of(user)
    sent = reverse("submissions", args=place)
    steps = [
        {"label": f"{label} {len(found.hands[hand])} 份", "url": f"{sent}?hand={hand}", "icon": icon}
        for hand, (label, icon) in TASKS.items()
        if found.hands[hand]
    ]
    if may_start(user) and any(line.unit.id in scope.units for line in found.silent):
        label = "开始体验" if is_leader(user) else "代为登记体验"
        steps.append({"label": label, "url": reverse("walk_start"), "icon": "person-walking"})
    for unit, name in found.unsent_of(scope.units).items():
        url = reverse("submission_send", args=[*place, unit])
        steps.append({"label": f"{name}：本期报送", "url": url, "icon": "send"})
    if may_compile(user, campaign) and found.has_ended and not found.published:
        steps.append({"label": "印发本期", "url": reverse("report_publish", args=place), "icon": "megaphone"})
    if not steps and reads_figures and may_compare_units(user, campaign):
        steps.append({"label": "看进展总览", "url": reverse("overview", args=[campaign.code]), "icon": "bar-chart"})
    return steps


def _said_of_publishing(found: Present) -> str:
    if found.published:
        return f"已印发第 {found.published} 版"
    return "通知未定期限" if found.has_ended else "本期结束以后，通知未定期限"


def _group(title: str, names: list[str], url: str, counter: str) -> dict:
    shown = names[:NAMES_SHOWN]
    more = len(names) - len(shown)
    return {"title": title, "total": len(names), "counter": counter, "names": shown, "more": more, "url": url}


def _named(lines: list[SubmissionLine]) -> list[str]:
    """县公安局; 县公安局（跟执法） where the unit has several parts."""
    return [f"{line.unit}（{line.kinds}）" if line.kinds else line.unit for line in lines]
