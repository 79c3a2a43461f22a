"""What is said to somebody whose step comes too late: one wording for every state machine."""

from datetime import datetime

from django.db import DatabaseError

from core.exceptions import OWN, IllegalTransition, StaleVersion
from core.storage_state import chain
from core.templatetags.ui import moment
from core.transitions import Transition


def wrong_state(
    what: str, state: str, row: Transition, *, rule: str, who: object = None, at: datetime | None = None, also: str = ""
) -> IllegalTransition:
    """``what`` (该问题, 本计划) is in a state, by its label, from which the row does not lead: ``who`` brought it there
    (None is the system) and when; ``at`` None where nobody has changed it yet. ``also`` ends the sentence."""

    def said(name: object) -> str:
        happened = f"{_changed(what, name, at)}，现" if at else what
        return f"{happened}处于“{state}”，不能{row.label}{also}。"

    return IllegalTransition(said(who), rule=rule, by=who, own=said(OWN) if at else "")


def overtaken(what: str, who: object, at: datetime, *, rule: str) -> StaleVersion:
    """``who`` has changed ``what`` since it was shown; None is the system."""

    def said(name: object) -> str:
        return f"{_changed(what, name, at)}，您看到的内容不是最新的，本次操作未执行。请刷新后核对再办理。"

    return StaleVersion(said(who), rule=rule, by=who, own=said(OWN), named=True)


# What the triggers of a campaign that was archived say (``core.triggers.RefuseArchived``).
ARCHIVED = "an archived campaign never changes"


def archived() -> IllegalTransition:
    """The campaign is archived, and what is recorded under it stands."""
    words = "本活动已归档，只能查看，没有保存。未销号的问题照常整改、验收、回头看。"
    return IllegalTransition(words, rule="campaign.archived")


def told_by_trigger(error: BaseException | None) -> IllegalTransition | None:
    """What to say where the database refused a write because the campaign is archived; None for any other error."""
    refused = any(isinstance(one, DatabaseError) and ARCHIVED in str(one) for one in chain(error))
    return archived() if refused else None


def taken_already(what: str, who: object, at: datetime | None, *, rule: str) -> IllegalTransition:
    """``what`` (这条内容已经撤回) was done by ``who`` (None is the system) at that moment; the same is not done twice.
    ``at`` None where nobody is on record."""

    def said(name: object) -> str:
        return f"{what}，由{name or '系统'}于 {moment(at)} 办理，没有重复办理。"

    if at is None:
        return IllegalTransition(f"{what}，没有重复办理。", rule=rule)
    return IllegalTransition(said(who), rule=rule, by=who, own=said(OWN))


def _changed(what: str, who: object, at: datetime) -> str:
    return f"{what}已由{who or '系统'}于 {moment(at)} 修改或办理"
