"""What the papers of a walk say in the same words: its facts, its photos and the rows of 问题整改清单. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils import timezone

from campaigns.enums import CompanionKind
from core.templatetags.ui import cndate
from issues.enums import CLOSED_STATES, LookBackState, Track
from issues.models import Issue
from plans.domain.validation import mode_label
from reports.domain.walk_content import Photo, WalkContent
from walks.enums import Capacity, Stage
from walks.models import Step, Walk

NONE = "无"
DASH = "—"
# A line to sign on by hand; a stamp is never drawn (docs/domain.md 9.1).
LINE = "＿＿＿＿＿＿＿"
_DIGITS = "零一二三四五六七八九"


def number_of(walk: Walk) -> str:
    """编号 of a walk on paper: campaign, day and the beginning of its random id. Walks carry no running number: a gap
    in it would tell of a covert one."""
    return f"{walk.campaign.code}-{walk.walk_date:%Y%m%d}-{walk.pk.hex[:6].upper()}"


def chinese(number: int) -> str:
    """1 to 99 as 一 … 九十九."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else ("十" if tens == 1 else f"{_DIGITS[tens]}十")
    return head + (_DIGITS[ones] if ones else "")


def days_of(walk: Walk) -> str:
    """2022年6月8日, or both days of a walk that took several."""
    first, last = cndate(walk.walk_date), walk.ended_on
    return first if last is None or last == walk.walk_date else f"{first}至{cndate(last)}"


def day_of_signing(walk: Walk) -> date:
    """成文日期 of a paper of the walk: the day on which its content was signed."""
    return timezone.localtime(walk.signed_at or walk.started_at).date()


def mode_of(content: WalkContent) -> str:
    """The form of the walk in the notice's own word."""
    return mode_label(content.rules, content.walk.mode)


def walker_of(walk: Walk) -> str:
    """测试局长（主要负责同志）; with the reason where a deputy walked."""
    reason = f"，委托理由：{walk.get_delegation_reason_display()}" if walk.delegation_reason else ""
    return f"{walk.walker_name}（{Capacity(walk.walker_capacity).label}{reason}）"


def companions_of(walk: Walk) -> str:
    """政务服务业务人员1人、…, or 无."""
    counted = [(kind.label, walk.companions.get(kind)) for kind in CompanionKind]
    return "、".join(f"{label}{number}人" for label, number in counted if number) or NONE


def simulated(walk: Walk) -> str:
    """否, or 是 with what became of the simulated case."""
    if not walk.is_simulated:
        return "否"
    return "是（模拟件已撤回）" if walk.simulation_withdrawn else "是（模拟件尚未撤回）"


def nothing_found(content: WalkContent) -> str:
    """What a walk without a problem says; one that looks back on issues found no new one."""
    return f"未发现{'新的' if content.look_backs else ''}问题。{content.walk.zero_explained}"


def look_backs_of(content: WalkContent) -> list[str]:
    """What the walk says of each issue it looked back on: 编号, problem, verdict and finding."""
    told = []
    for one in content.look_backs:
        due = f"新的整改时限：{cndate(one.due_on)}。" if one.due_on else ""
        ended = f"（{one.get_state_display()}：{one.ended}）" if one.state == LookBackState.VOID else ""
        verdict = f"{one.get_verdict_display()}，{one_line(one.finding)}" if one.verdict else "未填写结论"
        told.append(
            f"{one.issue.number} {one_line(one.issue.description)}：{verdict}{ended}。{due}".replace("。。", "。")
        )
    return told


def days_met(walk: Walk) -> str:
    """承诺1个工作日，实际1个工作日; "" when neither is known."""
    return _met(("承诺", walk.promised_days), ("实际", walk.actual_days), "个工作日")


def documents_met(walk: Walk) -> str:
    """应交3份，实交2份，免交1份; what is not known is left out."""
    said = _met(("应交", walk.promised_documents), ("实交", walk.actual_documents), "份")
    if walk.promised_documents is None or walk.actual_documents is None:
        return said
    spared = walk.promised_documents - walk.actual_documents
    return said + (f"，免交{spared}份" if spared >= 0 else f"，多交{-spared}份")


def trips_met(walk: Walk) -> str:
    """承诺1次，实际1次."""
    return _met(("承诺", walk.promised_trips), ("实际", walk.actual_trips), "次")


def moment_of(step: Step) -> str:
    """6月8日 12:00."""
    at = timezone.localtime(step.happened_at)
    return f"{at.month}月{at.day}日 {at:%H:%M}"


def masked_person(step: Step) -> str:
    """张** for who was called back (F3: masked), whatever the length of the name."""
    if step.is_person_erased:
        return "（已清除）"
    return f"{step.person[0]}**" if step.person else DASH


def one_line(text: str) -> str:
    """A person's words inside a sentence of ours: one line, without a stop at its end."""
    return " ".join(text.split()).rstrip("。；;. ")


def unit_of(issue: Issue) -> str:
    """责任单位, before it is assigned 涉及单位 as it was signed."""
    return issue.responsible_department.name if issue.responsible_department else issue.proposed_name


def measures_of(found: Mapping[int, Sequence[dict]], issue: Issue) -> list[str]:
    """The measures of a problem in order, as page, ledger and every paper show them: those of the latest round that
    has any. ``found``: as ``issues.domain.queries.measures_by_issue`` gives them."""
    return [one["text"] for one in found.get(issue.pk, ())]


def numbered(texts: Sequence[str]) -> str:
    """One text as it is, several as numbered lines."""
    return "\n".join(f"{place}.{text}" for place, text in enumerate(texts, 1)) if len(texts) > 1 else "".join(texts)


def is_closed(issue: Issue) -> bool:
    return issue.state in CLOSED_STATES


def rectification_cells(content: WalkContent) -> list[list[str | int]]:
    """The rows of 问题整改清单 (F5) of one walk, 序号 first."""
    return [
        [
            number,
            content.walk.item_name,
            Stage(one.stage).label if one.stage else "",
            one.description,
            one.category,
            one.root_cause,
            numbered(measures_of(content.measures, one)),
            unit_of(one),
            one.responsible_name,
            one.due_on.isoformat() if one.due_on else "",
            content.progress.get(one.pk, ""),
            "是" if is_closed(one) else "否",
            one.remark,
        ]
        for number, one in enumerate(content.to_rectify, 1)
    ]


def track_of(issue: Issue) -> str:
    """立行立改, 限期整改…; "" before it was chosen."""
    return Track(issue.track).label if issue.track else ""


def caption(number: int, photo: Photo) -> str:
    """图1　受理：…, what the photo shows as far as it was written down."""
    words = one_line(photo.words)
    shown = words if len(words) <= 30 else f"{words[:29]}…"
    return f"图{number}　{photo.place}{f'：{shown}' if shown else ''}"


def _met(promised: tuple[str, int | None], actual: tuple[str, int | None], unit: str) -> str:
    return "，".join(f"{word}{value}{unit}" for word, value in (promised, actual) if value is not None)
