"""What stands in the name of a unit that ends: open issues it rectifies, leads or helps with, and needs it answers move
to its successor, each with a line of its history. What is struck off, answered or signed is never touched."""

from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from accounts.domain.unit_moves import NO_ITEM, UNIT_CHANGED, Matter, MovedKind, StandingKind, UnitMove
from accounts.domain.units import in_charge
from accounts.models import Department, UnitChange, User
from issues.domain.events import event_of
from issues.domain.queries import issues_visible_to
from issues.domain.search import index_text
from issues.enums import CLOSED_STATES, ExtensionState, IssueState, NeedState, ReplyState, SlipState
from issues.models import (
    Cooperation,
    EnquiryReply,
    Extension,
    Issue,
    IssueEvent,
    LookBackRequest,
    Need,
    NeedEvent,
    Slip,
)

NAMED = ("item", "discovering_department", "responsible_department", "lead_department")


def _open() -> QuerySet[Issue]:
    """On the ledger and not at an end: a draft, of a covert walk too, is none of them."""
    return Issue.objects.filter(open_key=1).order_by("pk")


def _matters_of(field: str) -> Callable[[Collection[int], date], list[Matter]]:
    def matters(unit_ids: Collection[int], day: date) -> list[Matter]:
        rows = _open().filter(**{f"{field}__in": unit_ids})
        return [Matter(str(number), item or NO_ITEM) for number, item in rows.values_list("number", "item_id")]

    return matters


def _issue_move(field: str, called: str) -> Callable[[UnitMove], list[str]]:
    def move(change: UnitMove) -> list[str]:
        """Side effects in order, for all these issues: the unit, what is searched, the version, so that whoever has one
        open is told; an event each. State, dates, measures and persons stay."""
        rows = _open().filter(**{f"{field}__in": change.ids}).select_for_update(of=("self",))
        issues, notes = list(rows.select_related(*NAMED)), {}
        for issue in issues:
            old, new = getattr(issue, field), _successor(issue, field, change)
            setattr(issue, field, new)
            _touch(issue, change)
            notes[issue.pk] = f"{change.words}：{called}由{old.name}改为{new.name}"
        Issue.objects.bulk_update(issues, [field, "search_text", "version", "updated_at"], batch_size=200)
        _note(issues, notes, change)
        return [str(issue.number) for issue in issues]

    return move


def _successor(issue: Issue, field: str, change: UnitMove) -> Department:
    return change.main if field == "lead_department" else change.successor_for(issue.item_id or NO_ITEM)


def _touch(issue: Issue, change: UnitMove) -> None:
    issue.version, issue.updated_at, issue.search_text = issue.version + 1, change.now, index_text(issue)


def _note(issues: Iterable[Issue], notes: dict[int, str], change: UnitMove) -> None:
    actor, at, data = change.actor, change.now, {"unit_change": str(change.public_id)}
    IssueEvent.objects.bulk_create(
        [event_of(one, kind=UNIT_CHANGED, actor=actor, at=at, note=notes[one.pk], data=data) for one in issues],
        batch_size=200,
    )


def _helping(unit_ids: Collection[int]) -> QuerySet[Cooperation]:
    """Help not yet done with issues that are open."""
    rows = Cooperation.objects.filter(department__in=unit_ids, done_on=None, issue__open_key=1)
    return rows.order_by("issue_id", "pk")


def _help_matters(unit_ids: Collection[int], day: date) -> list[Matter]:
    rows = _helping(unit_ids).values_list("issue__number", "issue__item_id")
    return [Matter(str(number), item or NO_ITEM) for number, item in rows]


def _move_help(change: UnitMove) -> list[str]:
    """As ``_issue_move``. A unit that rectifies the issue itself, or helps with it already, helps once at most: what it
    was to do is added to what it has to do."""
    rows = list(_helping(change.ids).select_for_update(of=("self",)).select_related("department"))
    issues = {issue.pk: issue for issue in _open().filter(pk__in=[row.issue_id for row in rows]).select_related(*NAMED)}
    notes: dict[int, str] = {}
    for row in rows:
        issue = issues[row.issue_id]
        old, new = row.department.name, change.successor_for(issue.item_id or NO_ITEM)
        ends = new.pk == issue.responsible_department_id
        if ends:
            row.delete()
        elif have := Cooperation.objects.filter(issue=issue, department=new).first():
            have.duty = "；".join(dict.fromkeys(filter(None, (have.duty, row.duty))))[:500]
            have.done_on = None
            have.save(update_fields=["duty", "done_on"])
            row.delete()
        else:
            row.department = new
            row.save(update_fields=["department"])
        said = f"由{old}改为{new.name}" + ("，该单位即责任单位，不再列为配合单位" if ends else "")
        notes[issue.pk] = f"{notes[issue.pk]}；{said}" if issue.pk in notes else f"{change.words}：配合单位{said}"
    touched = [issues[pk] for pk in notes]
    for issue in touched:
        _touch(issue, change)
    Issue.objects.bulk_update(touched, ["search_text", "version", "updated_at"], batch_size=200)
    _note(touched, notes, change)
    return [str(issue.number) for issue in touched]


def _needs(unit_ids: Collection[int]) -> QuerySet[Need]:
    """Needs that wait for an answer; one of a walk that is not reported has no unit yet."""
    return Need.objects.filter(department__in=unit_ids, state=NeedState.OPEN).order_by("pk")


def _need_matters(unit_ids: Collection[int], day: date) -> list[Matter]:
    return [
        Matter(str(key), item or NO_ITEM) for key, item in _needs(unit_ids).values_list("public_id", "walk__item_id")
    ]


def _move_needs(change: UnitMove) -> list[str]:
    """Side effects in order: the units that answer, with the version; an event each. The day stays."""
    rows = list(_needs(change.ids).select_for_update(of=("self",)).select_related("department", "walk"))
    events = []
    for need in rows:
        old, new = need.department, change.successor_for(need.walk.item_id)
        need.department, need.version = new, need.version + 1
        need.changed_by, need.changed_at = change.actor, change.now
        note = f"{change.words}：回应单位由{old.name if old else ''}改为{new.name}"[:1000]
        facts = {"department": new, "reply_by": need.reply_by, "reply": need.reply, "replied_on": need.replied_on}
        events.append(NeedEvent(need=need, kind=UNIT_CHANGED, actor=change.actor, at=change.now, note=note, **facts))
    Need.objects.bulk_update(rows, ["department", "version", "changed_by", "changed_at"], batch_size=200)
    NeedEvent.objects.bulk_create(events, batch_size=200)
    return [str(need.public_id) for need in rows]


def moved_issues(change: UnitChange, user: User) -> QuerySet[Issue]:
    """The issues that moved by a change, as far as the person sees them, in the order of their numbers."""
    numbers = {number for kind in OF_ISSUES for number in change.moved.get(kind.name, ())}
    return issues_visible_to(user).filter(number__in=numbers).order_by("number")


def to_successors(issue: Issue) -> dict[str, object]:
    """What changes of an issue that is opened again after its unit, or its lead, ended: the successor is in charge now.
    Nothing where neither did."""
    unit, lead = issue.responsible_department, in_charge(issue.lead_department)
    changes: dict[str, object] = {"lead_department": lead} if lead.pk != issue.lead_department_id else {}
    if unit is not None and (successor := in_charge(unit)).pk != unit.pk:
        changes |= {"responsible_department": successor, "search_text": index_text(issue, responsible=successor.name)}
    return changes


def _issue_kind(name: str, label: str, field: str, called: str, *, by_item: bool) -> MovedKind:
    matters, move = _matters_of(field), _issue_move(field, called)
    return MovedKind(name, label, "件", f"issues.Issue.{field}", matters, move, by_item=by_item)


# Who rectifies moves before who helps: a unit does not help itself.
OF_ISSUES = (
    _issue_kind("issues", "未销号的责任问题", "responsible_department", "责任单位", by_item=True),
    _issue_kind("issues_led", "未销号的牵头问题", "lead_department", "牵头单位", by_item=False),
    MovedKind(
        "helped", "未完成的配合任务", "件", "issues.Cooperation.department", _help_matters, _move_help, by_item=True
    ),
)
MOVED = (
    *OF_ISSUES,
    MovedKind("needs", "待回应的需求", "项", "issues.Need.department", _need_matters, _move_needs, by_item=True),
)


def _standing(label: str, unit: str, model: Any, q: Q, *, is_open: bool, path: str = "department") -> StandingKind:
    return StandingKind(
        label, unit, is_open, lambda unit_ids, day: model.objects.filter(q, **{f"{path}__in": unit_ids}).count()
    )


STANDING = (
    _standing("待答复的举一反三征询", "件", EnquiryReply, Q(state=ReplyState.WAITING), is_open=True),
    _standing("未办结的督办单", "件", Slip, Q(state__in=(SlipState.ISSUED, SlipState.ANSWERED)), is_open=True),
    _standing("待答复的延期申请", "件", Extension, Q(state=ExtensionState.ASKED), is_open=True),
    _standing(
        "待办理的回头看",
        "件",
        LookBackRequest,
        Q(withdrawn_at=None, issue__state=IssueState.CLOSED),
        is_open=True,
    ),
    _standing("已销号的问题", "件", Issue, Q(state__in=CLOSED_STATES), is_open=False, path="responsible_department"),
)
