"""考核评分细则: what a campaign scores its units by, as data. Pure.

A rule of the campaign like the others, so it is a part of the rulebook: drafted, frozen and dated with its version, and
a period is scored by the version that holds on its last day. The three heads are those of L22 四（三）; the points
below them are a proposal of ours, edited by each office.

What may be measured is a closed list (``ScoreRule``): what a unit was bound to do, and how it did it. No rate, no count
of issues, no log-in and no upload is in it (docs/rules.md rule 11), so that finding more problems never scores less.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from campaigns.enums import ScorePer, ScoreRule

FULL_SCORE = 100
# Points and deductions are whole tenths of a 分, so that sums are exact.
TENTHS = 10
UNIT_OF: dict[str, str] = {
    ScoreRule.PLAN_LATE: "期",
    ScoreRule.WALK_OWED: "次",
    ScoreRule.HEAD_OWED: "次",
    ScoreRule.WALK_SHORT: "次",
    ScoreRule.WALK_RETURNED: "次",
    ScoreRule.REPORT_LATE: "件",
    ScoreRule.OVERDUE: "件",
    ScoreRule.CLOSED_LATE: "件",
    ScoreRule.REPLY_LATE: "件",
    ScoreRule.CLOSING_RETURNED: "次",
    ScoreRule.REBOUND: "次",
    ScoreRule.MANUAL: "项",
}
# What counts one thing, so that a sheet can be read without this page.
MEANING: dict[str, str] = {
    ScoreRule.PLAN_LATE: "本期应报、到期未报或逾期报送的体验计划",
    ScoreRule.WALK_OWED: "本期应体验而到期没有体验并报送的次数，未达标的不抵",
    ScoreRule.HEAD_OWED: "本期应由主要负责同志体验、实际由他人体验的次数",
    ScoreRule.WALK_SHORT: "本期报送的、规定环节不齐的体验",
    ScoreRule.WALK_RETURNED: "本期被退回补正的体验，每退一次计一次；本期材料被退回的不计",
    ScoreRule.REPORT_LATE: "本期逾期报送、到期未报的材料（零报告同）；活动还没有单位报过材料的，按逾期报送的体验计",
    ScoreRule.OVERDUE: "整改时限落在本期、截至统计日仍逾期的问题",
    ScoreRule.CLOSED_LATE: "整改时限落在本期、时限之后才申请销号并已销号的问题",
    ScoreRule.REPLY_LATE: "签收期限落在本期、到期没有签收也没有退单的交办",
    ScoreRule.CLOSING_RETURNED: "本期被验收单位退回的销号申请",
    ScoreRule.REBOUND: "本期回头看未通过、问题再次出现的",
    ScoreRule.MANUAL: "由统筹办一人评定、另一人复核，写明情况",
}
# Only what has a date can be late by 工作日.
DATED = (
    ScoreRule.PLAN_LATE,
    ScoreRule.REPORT_LATE,
    ScoreRule.OVERDUE,
    ScoreRule.CLOSED_LATE,
    ScoreRule.REPLY_LATE,
)
_FORBIDDEN = (
    (r"(整改|销号|办结|按期|立行立改|开展)率|_rate$", "整改率等比率"),
    (r"问题(的)?(总)?(数|数量|个数|条数|件数)|发现问题(多|少)", "问题数量"),
    (r"^(issues?|issues_found|on_ledger|closed|judged)$", "问题数量"),
    (r"登录|登陆|签到|打卡|在线时长|log_?in", "登录次数"),
    (r"上传(数|次|量|照片)|照片(数|张)|upload", "上传次数"),
)  # fmt: skip


@dataclass(frozen=True)
class ScorePoint:
    """评分项: under ``head``, ``deduction`` for each ``per`` of what ``rule`` counts, from ``maximum`` down to 0.

    ``maximum`` and ``deduction`` in tenths of a 分. ``name`` is unique within a rubric: notes and objections name it.
    """

    head: str
    name: str
    rule: str
    maximum: int
    deduction: int = 0
    per: str = ScorePer.ROW

    @property
    def is_manual(self) -> bool:
        return self.rule == ScoreRule.MANUAL

    @property
    def words(self) -> str:
        """The rule of the point in one sentence."""
        meaning = MEANING[self.rule]
        if self.is_manual:
            return f"{meaning}；最多扣 {points(self.maximum)} 分"
        per = "每逾期 1 个工作日（不足 1 个的计 1 个）" if self.per == ScorePer.WORKDAY else f"每{UNIT_OF[self.rule]}"
        return f"{meaning}；{per}扣 {points(self.deduction)} 分，扣完 {points(self.maximum)} 分为止"


@dataclass(frozen=True)
class Scoring:
    """``counts_in``: the assessment outside this system that the notice names. Scoring by the system is off until
    switched on; ``weights``: heading → 分, 100 together; ``points``: what is scored under each heading."""

    counts_in: str = ""
    on: bool = False
    weights: dict[str, int] = field(default_factory=dict)
    points: tuple[ScorePoint, ...] = ()


def points(tenths: int) -> str:
    """Tenths as 分: 25 → 2.5, 20 → 2."""
    return f"{tenths / TENTHS:g}"


def forbidden(text: str) -> str:
    """Why a rule or the name of a point is not scored, in words; "" when it may be.

    Rates, counts of issues, log-ins and uploads are refused (docs/rules.md rule 11)."""
    for pattern, what in _FORBIDDEN:
        if re.search(pattern, text, re.IGNORECASE):
            why = f"{what}不计分，发现问题多不会因此少得分"
            return f"“{text[:30]}”按{what}评分，不能采用：{why}。请改按应办未办、逾期、退回等情况评分。"
    return ""


def faults_of(point: ScorePoint) -> Iterator[tuple[str, str]]:
    """(field, words) of what is wrong with one point by itself."""
    for name in ("rule", "name"):
        if words := forbidden(getattr(point, name)):
            yield name, words
    if point.rule not in ScoreRule.values:
        if not forbidden(point.rule):
            yield "rule", "没有这种评分规则，请从所列规则中选择。"
        return
    if not 0 < point.maximum <= FULL_SCORE * TENTHS:
        yield "maximum", f"分值应大于 0、不超过 {FULL_SCORE}。"
    elif not point.is_manual and not 0 < point.deduction <= point.maximum:
        yield "deduction", "每次扣分应大于 0、不超过本项分值。"
    if point.per not in ScorePer.values:
        yield "per", "请选择按件次还是按工作日扣分。"
    elif point.per == ScorePer.WORKDAY and point.rule not in DATED:
        yield "per", f"“{ScoreRule(point.rule).label}”没有期限，不能按工作日扣分。"


def faults(scoring: Scoring) -> Iterator[str]:
    """What in the rubric stops it from being switched on, in words; nothing while scoring is off."""
    if not scoring.on:
        return
    total = sum(scoring.weights.values())
    if total != FULL_SCORE:
        yield f"考核分值合计 {total}，应为 {FULL_SCORE}"
    for point in scoring.points:
        for _, words in faults_of(point):
            yield f"评分项“{point.name}”：{words.rstrip('。')}"
    for name, times in Counter(point.name for point in scoring.points).items():
        if times > 1:
            yield f"评分项“{name}”重复"
    yield from _heads(scoring.weights, scoring.points)


def _heads(weights: Mapping[str, int], given: tuple[ScorePoint, ...]) -> Iterator[str]:
    sums = Counter[str]()
    for point in given:
        sums[point.head] += point.maximum
    for head in (one for one in sums if one not in weights):
        yield f"评分项所属的“{head}”不在考核内容中"
    for head, weight in weights.items():
        if sums[head] != weight * TENTHS:
            yield f"“{head}”{weight} 分，所列评分项合计 {points(sums[head])} 分"
