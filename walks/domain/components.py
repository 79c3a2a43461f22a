"""What a walk did of the components its activity must have (业务检查、服务回访…). Writes ``Step`` rows of a component.

Which of it counts is decided purely by ``walks.domain.requirements``.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from campaigns.domain.rulebook.rulebook import RequiredComponent, Rulebook
from campaigns.enums import Component
from core.exceptions import Refused
from evidence.models import StoredFile
from walks.domain import lifecycle, personal
from walks.domain.draws import item_names, pool_of
from walks.domain.queries import done_of, steps_of
from walks.domain.requirements import ComponentStatus, component_statuses, shortfall
from walks.domain.stored import require_step_seen
from walks.enums import Rating
from walks.models import Draw, Step, StepPhoto, Walk

# What a record of a component holds besides time, words, photos and the person; see ``personal``.
DETAILS = ("item_id", "item_name", "served_on", "is_valid", "ratings")


def component_of(walk: Walk, code: str) -> RequiredComponent | None:
    """The part of that name among those the walk's rules ask of its activity."""
    return Rulebook.from_data(walk.rules.data).component_of(walk.activity_kind, code)


def component_statuses_of(walk: Walk, steps: Collection[Step]) -> list[ComponentStatus]:
    """How the components of the walk's activity stand, by its ``steps``; empty where the notice asks for none."""
    activity = Rulebook.from_data(walk.rules.data).activity_of(walk.activity_kind)
    return component_statuses(activity, walk.activity_kind, done_of(steps))


def shortfall_of(walk: Walk, steps: Iterable[Step]) -> str:
    """What a walk with these ``steps`` lacks to count as an activity of the notice, in words; "" when nothing."""
    activity = Rulebook.from_data(walk.rules.data).activity_of(walk.activity_kind)
    return shortfall(activity, walk.activity_kind, done_of(steps))


def items_to_check(walk: Walk) -> list[tuple[int, str, bool]]:
    """(id, name, drawn this month) of the unit's items a 业务检查 may look at, the drawn ones first; two queries."""
    month = f"{timezone.localdate():%Y-%m}"
    draws = Draw.objects.filter(campaign=walk.campaign_id, department=walk.department_id, month=month)
    drawn = {item for one in draws.values_list("drawn", flat=True) for item in one}
    names = item_names(pool_of(walk.department_id))
    return sorted(((pk, name, pk in drawn) for pk, name in names.items()), key=lambda one: (not one[2], one[0]))


@transaction.atomic
def add(
    *,
    walk: Walk,
    actor: User,
    code: str,
    happened_at: datetime | None = None,
    note: str = "",
    files: Iterable[StoredFile] = (),
    **details: object,
) -> Step:
    """Note one piece of a part on an open walk (``details``: ``item_id``, ``person``, ``phone``, ``served_on``,
    ``is_valid``, ``ratings``), with its photos.

    A phone number is masked before it is stored. Side effects in order: the walk's version; the row with its person;
    its photos.
    Raises Refused at the field for what the part does not take, IllegalTransition when the walk is no longer open.
    """
    happened_at = happened_at or timezone.now()
    _require(walk, code, happened_at, note, details)
    lifecycle.touch(walk=walk, actor=actor)
    step = Step.objects.create(
        walk=walk, component=code, happened_at=happened_at, note=note, created_by=actor, **_stored(details)
    )
    _note_person(step, details)
    StepPhoto.objects.bulk_create([StepPhoto(step=step, file=file) for file in files])
    return step


@transaction.atomic
def edit(
    *,
    step: Step,
    actor: User,
    seen: str,
    happened_at: datetime,
    note: str = "",
    files: Iterable[StoredFile] = (),
    **details: object,
) -> Step:
    """Change a record of a part and append photos; raises as ``add``, and as ``require_step_seen`` when it is no longer
    what was ``seen`` (``token_of_step``)."""
    require_step_seen(step=step, seen=seen)
    _require(step.walk, step.component, happened_at, note, details, but=step.pk)
    lifecycle.touch(walk=step.walk, actor=actor)
    step.happened_at, step.note = happened_at, note
    stored = _stored(details)
    for name, value in stored.items():
        setattr(step, name, value)
    step.save(update_fields=["happened_at", "note", *stored])
    _note_person(step, details)
    StepPhoto.objects.bulk_create([StepPhoto(step=step, file=file) for file in files])
    return step


def _stored(details: dict) -> dict:
    """The columns of the row among the details; the item with its name of now."""
    kept = {name: value for name, value in details.items() if name in DETAILS}
    item_id = kept.get("item_id")
    return kept | ({"item_name": item_names([item_id])[item_id]} if item_id else {})


def _note_person(step: Step, details: dict) -> None:
    if "person" in details or "phone" in details:
        personal.note(step, name=details.get("person", ""), phone=details.get("phone", ""))
        step.save(update_fields=["person_digest"])


def _require(walk: Walk, code: str, at: datetime, note: str, details: dict, but: int | None = None) -> None:
    component = component_of(walk, code)
    if component is None:
        raise Refused("本次体验的活动类型没有这个规定环节，没有保存。", rule="component")
    wrong = _wrong(walk, component, at, note, details, but)
    ratings = details.get("ratings", {})
    if not set(ratings) <= set(component.elements) or not set(ratings.values()) <= set(Rating.values):
        raise Refused("要素评价与通知规定的不符，没有保存。请刷新页面后重填。", rule="part.ratings")
    if wrong:
        raise Refused("填写的内容有误，没有保存。", rule="component", fields=wrong)


def _wrong(
    walk: Walk, component: RequiredComponent, at: datetime, note: str, details: dict, but: int | None
) -> dict[str, str]:
    """{field: message}: what each part cannot do without."""
    match component.code:
        case Component.BUSINESS_CHECK:
            item_id = details.get("item_id")
            if item_id not in pool_of(walk.department_id):
                return {"item": "请选择本单位在用的政务服务事项。"}
            same = steps_of(walk).filter(component=component.code, item_id=item_id)
            if but is not None:
                same = same.exclude(pk=but)
            return {"item": "这个事项本次已检查过，请另选一项，或修改原来的记录。"} if same.exists() else {}
        case Component.SERVICE_CALLBACK:
            served = details.get("served_on")
            if details.get("is_valid") and served is None:
                return {"served_on": "有效回访须写明对方办理或咨询的日期。"}
            late = served is not None and served > timezone.localtime(at).date()
            return {"served_on": "办理或咨询日期不能晚于回访日期。"} if late else {}
        case Component.DISCUSSION:
            return {} if details.get("person", "").strip() else {"person": "请写明参加座谈的人员。"}
        case _:
            return {} if note.strip() else {"note": "请写明参与情况。"}
