"""What a campaign's rules say of one walk: who may walk, who may come along, covert or not. Pure.

Each function returns the words of the refusal, or "" when the rules agree.
"""

from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.enums import CompanionKind, CovertRule, DelegationReason
from catalogue.models import InPersonReason, ServiceItem
from walks.enums import Capacity


def delegation_fault(rules: Rulebook, *, capacity: str, item: ServiceItem, reason: str) -> dict[str, str]:
    """{field: message} when somebody else than the principal may not walk ``item`` under these rules.

    An item flagged 重要, 核心职能 or 群众反映强烈 is walked by the principal in person (M18 一1); others may be
    delegated to a deputy for a reason the notice knows (M18 一1, W23 三, L22 一（二）).
    """
    if capacity == Capacity.PRINCIPAL:
        return {}
    if item.must_walk_in_person and (not item.in_person_reason or item.in_person_reason in rules.walking.in_person):
        flag = f"（{InPersonReason(item.in_person_reason).label}）" if item.in_person_reason else ""
        return {"item": f"“{item.name}”{flag}须由主要负责同志本人体验，不得委托。{in_person_clause(rules)}"}
    if not rules.walking.delegation_reasons:
        return {"walker": "本活动须主要负责同志本人体验，不得委托。"}
    if reason not in rules.walking.delegation_reasons:
        offered = "、".join(DelegationReason(one).label for one in rules.walking.delegation_reasons)
        return {"delegation_reason": f"由分管负责同志体验的，请选择委托理由：{offered}。"}
    return {}


def in_person_clause(rules: Rulebook) -> str:
    """The clause a refusal quotes: the one on walking in person; where the notice has none, what it says of delegation
    or of who walks, and that the flag is the office's own."""
    own = rules.cites.get("walking.in_person")
    if own:
        return f"通知规定：{own}。"
    cite = rules.cites.get("walking.delegation_reasons") or rules.cites.get("walking.principal")
    quoted = f"通知规定：{cite}。" if cite else "委托规则由统筹办设定。"
    return f"{quoted}须本人体验的事项由统筹办列定。"


def kept_reason(capacity: str, reason: str) -> str:
    """The delegation reason a walk keeps: only a deputy walks by delegation, so beside the principal it falls away."""
    return reason if capacity == Capacity.DEPUTY else ""


def companions_fault(rules: Rulebook, *, companions: dict[str, int], is_covert: bool) -> str:
    """Why these companions (人 by kind) may not come along.

    None on a covert walk (M18 三2); one of each of two kinds under W23 六（二）.
    """
    total = sum(companions.values())
    if is_covert and total:
        return f"暗访不安排陪同人员（现填 {total} 人）。"
    most = rules.walking.companions
    if most is None:
        return ""
    if total > most:
        return (
            f"本活动陪同人员最多 {most} 人（现填 {total} 人）。"
            if most
            else f"本活动不安排陪同人员（现填 {total} 人）。"
        )
    for kind in CompanionKind.values:
        number = companions.get(kind, 0)
        allowed = rules.walking.companion_kinds.get(kind, 0) if rules.walking.companion_kinds else most
        if number > allowed:
            return f"{CompanionKind(kind).label}最多 {allowed} 人（现填 {number} 人）。"
    return ""


def companion_kinds(rules: Rulebook, *, is_covert: bool) -> list[str]:
    """CompanionKinds that may come along at all; none on a covert walk or where the rules allow nobody."""
    if is_covert or rules.walking.companions == 0:
        return []
    return [kind for kind in CompanionKind.values if kind in (rules.walking.companion_kinds or CompanionKind.values)]


def covert_fault(rules: Rulebook) -> str:
    """Why no walk may be covert: W23 四 wants the date told beforehand."""
    return "本活动要求体验前报备，不采用暗访。" if rules.planning.covert == CovertRule.FORBIDDEN else ""
