"""What is said to somebody whose step comes too late: one wording for every state machine."""

from datetime import datetime

from core.exceptions import OWN, IllegalTransition, StaleVersion
from core.templatetags.ui import moment
from core.transitions import Transition


def wrong_state(what: str, state: str, row: Transition, *, rule: str) -> IllegalTransition:
    """``what`` (该问题, 计划) is in a state, by its label, from which the row does not lead."""
    return IllegalTransition(f"{what}处于“{state}”，不能{row.label}。", rule=rule)


def overtaken(what: str, who: object, at: datetime, *, rule: str) -> StaleVersion:
    """``who`` has changed ``what`` since it was shown; None is the system."""

    def said(name: object) -> str:
        return (
            f"{what}已由{name}于 {moment(at)} 修改或办理，您看到的内容不是最新的，本次操作未执行。请刷新后核对再办理。"
        )

    return StaleVersion(said(who or "系统"), rule=rule, by=who, own=said(OWN))
